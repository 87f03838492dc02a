"""The walls around ffmpeg, tried from inside by a program that would like to get out."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from media_pipeline import api, ffmpeg, sandbox
from media_pipeline.errors import SandboxFailed
from tests import recordings
from tests.media_pipeline.conftest import owner, uploaded

SECRET = "what somebody told only us"
# A Python of its own, in which a library's fault is a matter of course.
PYTHON = Path(os.path.realpath(sys.executable))
TRIES = """
import json, os, resource, socket, sys
def may(what):
    try:
        what()
        return True
    except OSError:
        return False
folder, source, beside, secret, elsewhere, port = sys.argv[1:]
print(json.dumps({
    "reads its source": may(lambda: open(source).read()),
    "writes into its folder": may(lambda: open(folder + "/made", "w").write("x")),
    "writes into its source": may(lambda: open(source, "a").write("x")),
    "reads what lies beside its source": may(lambda: open(beside).read()),
    "reads a secret": may(lambda: open(secret).read()),
    "reads /etc/passwd": may(lambda: open("/etc/passwd").read()),
    "writes elsewhere": may(lambda: open(elsewhere + "/made", "w").write("x")),
    "writes to the root": may(lambda: open("/made", "w").write("x")),
    "sees processes": may(lambda: os.listdir("/proc")),
    "reaches the network": may(lambda: socket.create_connection(("127.0.0.1", int(port)), 2)),
    "ends its parent's parent": may(lambda: os.kill(int(os.environ.get("PARENT", "99999")), 0)),
    "environment": sorted(os.environ),
    "processes": os.getpid(),
    "limits": {name: resource.getrlimit(getattr(resource, "RLIMIT_" + name))
               for name in ("AS", "CPU", "FSIZE", "NOFILE", "NPROC", "CORE")},
}))
"""
MAY = {"reads its source", "writes into its folder"}


@pytest.fixture
def listener():
    """A port that somebody listens on, and who has come to it."""
    came: list[object] = []
    server = socket.create_server(("127.0.0.1", 0))

    def wait() -> None:
        while True:
            try:
                came.append(server.accept())
            except OSError:
                return

    threading.Thread(target=wait, daemon=True).start()
    yield server.getsockname()[1], came
    server.close()


def _inside(limits: sandbox.Limits, folder: Path, source: Path, port: int) -> dict:
    secret, elsewhere = source.parent / "secret", folder.parent / "elsewhere"
    secret.write_text(SECRET)
    elsewhere.mkdir(exist_ok=True)
    words = [folder, source, source.parent / "beside", secret, elsewhere, port]
    (source.parent / "beside").write_text(SECRET)
    argv = [str(PYTHON), "-c", TRIES, *map(str, words)]
    reads = [source, Path(sys.base_prefix)]
    done = subprocess.run(
        sandbox.enclosed(argv, limits, reads=reads, folder=folder),
        env=sandbox.ENVIRONMENT,
        capture_output=True,
        cwd=folder,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_inside_there_is_nothing_but_the_source_and_the_folder(tmp_path, listener, monkeypatch):
    monkeypatch.setenv("DATABASE_PASSWORD", SECRET)
    folder, kept = tmp_path / "folder", tmp_path / "kept"
    folder.mkdir()
    kept.mkdir()
    source = kept / "source"
    source.write_text("a recording")
    limits = sandbox.Limits(70, memory_bytes=3 * 2**30, file_bytes=2**20, files=32)
    port, came = listener
    found = _inside(limits, folder, source, port)
    assert {what for what, may in found.items() if may is True} == MAY
    assert found["environment"] in (["LC_ALL", "PATH"], ["LC_ALL", "PATH", "PWD"])
    assert found["processes"] < 10, "the first of a few processes in a space of its own"
    assert not came
    assert found["limits"] == {
        "AS": [3 * 2**30] * 2,
        "CPU": [70] * 2,
        "FSIZE": [2**20] * 2,
        "NOFILE": [32] * 2,
        "NPROC": [sandbox.TASKS_INSIDE] * 2,
        "CORE": [0, 0],
    }


def test_without_walls_the_limits_hold(tmp_path, settings, listener):
    settings.MEDIA_SANDBOX = "off"
    source = tmp_path / "source"
    source.write_text("a recording")
    folder = tmp_path / "folder"
    folder.mkdir()
    found = _inside(sandbox.Limits(70, files=32), folder, source, listener[0])
    assert found["reads a secret"], "there are walls, so the other test proves nothing"
    assert found["reaches the network"]
    assert found["environment"] in (["LC_ALL", "PATH"], ["LC_ALL", "PATH", "PWD"])
    limits = {name: limit[0] for name, limit in found["limits"].items()}
    assert limits == {
        "AS": 6 * 2**30,
        "CPU": 70,
        "FSIZE": 200 * 2**30,
        "NOFILE": 32,
        "NPROC": min(sandbox.TASKS, resource.getrlimit(resource.RLIMIT_NPROC)[1]),
        "CORE": 0,
    }


AT_MOST = """
import json, os, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
wrote = opened = 0
try:
    with open(sys.argv[1] + "/made", "wb", buffering=0) as made:
        while wrote < 2**22:
            wrote += made.write(bytes(2**17))
except OSError:
    pass
try:
    while opened < 100:
        os.open("/dev/null", os.O_RDONLY)
        opened += 1
except OSError:
    pass
print(json.dumps([wrote, opened]))
"""


@pytest.mark.parametrize("walls", ["auto", "off"])
def test_no_file_grows_and_none_is_opened_beyond_the_limit(walls, settings, tmp_path):
    settings.MEDIA_SANDBOX = walls
    limits = sandbox.Limits(70, file_bytes=2**20, files=32)
    argv = [str(PYTHON), "-c", AT_MOST, str(tmp_path)]
    command = sandbox.enclosed(argv, limits, reads=[Path(sys.base_prefix)], folder=tmp_path)
    done = subprocess.run(command, env=sandbox.ENVIRONMENT, capture_output=True, timeout=60)
    wrote, opened = json.loads(done.stdout)
    assert wrote == 2**20
    assert 10 < opened < 32


FORKS = """
my @made;
while (@made < 700) {
    my $task = fork();
    last unless defined $task;
    if (!$task) { sleep 60; exit }
    push @made, $task;
}
print scalar @made;
kill 9, @made;
"""


def test_inside_there_are_no_more_tasks_than_the_limit():
    """As an ordinary account: the kernel counts none of the machine's owner's."""
    somebody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    command = sandbox.enclosed(["perl", "-e", FORKS], sandbox.Limits(70))
    done = subprocess.run(
        [*(somebody if os.getuid() == 0 else []), *command],
        env=sandbox.ENVIRONMENT,
        capture_output=True,
        cwd="/",
        timeout=60,
    )
    assert sandbox.TASKS_INSIDE - 20 < int(done.stdout) < sandbox.TASKS_INSIDE


@pytest.mark.parametrize("walls", ["auto", "off"])
def test_a_stopped_ffmpeg_leaves_nobody_behind(walls, settings, tmp_path):
    settings.MEDIA_SANDBOX = walls
    stop = threading.Event()

    def at_work(seconds: float) -> None:
        if not stop.is_set():  # it may say a last word as it ends
            assert recordings.processes_in(tmp_path)
            stop.set()

    source = recordings.sound("mp3", 5)
    argv = ["ffmpeg", *ffmpeg.input_flags(), "-readrate", "0.5", "-i", str(source), "out.wav"]
    with pytest.raises(ffmpeg.Stopped):
        ffmpeg.run(argv, folder=tmp_path, deadline=60, stop=stop, on_progress=at_work)
    assert recordings.processes_in(tmp_path) == []


def test_ffmpeg_ends_with_its_worker(tmp_path):
    """The worker is killed outright, and can tell nobody."""
    code = (
        "import sys, django; django.setup(); from pathlib import Path; "
        "from media_pipeline import ffmpeg; folder, source = sys.argv[1:]; "
        "ffmpeg.run(['ffmpeg', '-readrate', '0.1', '-i', source, 'out.wav'], "
        "folder=Path(folder), deadline=60)"
    )
    source = recordings.sound("mp3", 5)
    worker = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path), str(source)],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "archive.settings.test"},
        cwd=Path(__file__).parents[2],
    )
    try:
        _until(lambda: len(recordings.processes_in(tmp_path)) >= 2 or worker.poll() is not None)
        assert worker.poll() is None
    finally:
        worker.kill()
        worker.wait()
    _until(lambda: not recordings.processes_in(tmp_path))


KILLED_AS_THEY_BEGIN = """
import os, subprocess, sys, time, django
django.setup()
from pathlib import Path
from media_pipeline import ffmpeg, sandbox
folder, source = map(Path, sys.argv[1:])
argv = ["ffmpeg", "-nostdin", "-readrate", "0.1", "-i", str(source), "-f", "null", "-"]
command = sandbox.enclosed(argv, sandbox.Limits(70), reads=[source], folder=folder)
for milliseconds in range(60):
    if not (worker := os.fork()):
        ffmpeg.Begun(command, subprocess.DEVNULL, subprocess.DEVNULL, folder)
        time.sleep(60)
    time.sleep(milliseconds / 1000)
    os.kill(worker, 9)
    os.waitpid(worker, 0)
"""


def test_ffmpeg_ends_with_a_worker_that_is_killed_as_it_begins(tmp_path):
    """Each step of the command's own beginning has a moment in which a signal would be missed."""
    source = recordings.sound("mp3", 5)
    subprocess.run(
        [sys.executable, "-c", KILLED_AS_THEY_BEGIN, str(tmp_path), str(source)],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "archive.settings.test"},
        cwd=Path(__file__).parents[2],
        check=True,
        timeout=60,
    )
    _until(lambda: not recordings.processes_in(tmp_path), patience=10)


def test_what_a_decoder_complains_of_without_end_is_not_kept(tmp_path):
    """Millions of warnings once went into a file on the disk that the recordings are on."""
    argv = ["ffmpeg", "-f", "lavfi", "-i", "anullsrc", "-af", "ashowinfo", "-t", "60"]
    tail, _ = ffmpeg.run([*argv, "-f", "null", "-"], folder=tmp_path, deadline=60, verbosity="info")
    assert len(tail) <= ffmpeg.LOG_BYTES
    assert tail
    assert list(tmp_path.iterdir()) == []


def test_walls_that_have_to_be_there_and_are_not(monkeypatch, settings, db):
    """Nothing is read, the file is not called bad, and check_parts says what to do."""
    monkeypatch.setattr(sandbox, "_works", [])
    monkeypatch.setenv("PATH", _without_bwrap())
    said = StringIO()
    call_command("check_parts", "sandbox", stderr=said)  # may be better, and works
    assert "bwrap is not installed" in said.getvalue()
    assert ffmpeg.probe(recordings.sound("mp3", 1))["streams"]
    settings.MEDIA_SANDBOX = "required"
    with pytest.raises(SandboxFailed):
        ffmpeg.probe(recordings.sound("mp3", 1))
    upload = uploaded(recordings.sound("mp3", 1))
    with pytest.raises(api.NotKept):
        api.receive(upload, owner=owner())
    upload.close()
    with pytest.raises(SystemExit):
        call_command("check_parts", "sandbox", stderr=StringIO())
    settings.MEDIA_SANDBOX = "off"
    said = StringIO()
    call_command("check_parts", "sandbox", stderr=said)
    assert "MEDIA_SANDBOX is off" in said.getvalue()


def _without_bwrap() -> str:
    """A folder with all that we call but bubblewrap."""
    room = recordings.ROOM / "without-bwrap"
    room.mkdir(exist_ok=True)
    for name in ("ffmpeg", "ffprobe", "prlimit", "sh"):
        found = next(
            path
            for folder in os.environ["PATH"].split(os.pathsep)
            if (path := Path(folder) / name).is_file()
        )
        link = room / name
        if not link.exists():
            link.symlink_to(found)
    return str(room)


def _until(truth, patience: float = 30) -> None:
    ends = time.monotonic() + patience
    while not truth():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.02)

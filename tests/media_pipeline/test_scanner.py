"""A real clamd that knows one virus, and recordings that pass, do not pass, or wait."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from media_pipeline import api, scanner, tasks
from media_pipeline.errors import ScannerAway
from media_pipeline.models import MediaAsset, MediaJob
from tests import recordings
from tests.media_pipeline import kept
from tests.media_pipeline.conftest import receive
from tests.processes import until

# The test virus of EICAR, in pieces: whole it would make scanners delete this file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS" + b"-TEST-FILE!$H+H*"
LIMIT = 2**20
pytestmark = pytest.mark.django_db(transaction=True)


class Clamd:
    """The daemon, in the foreground, on a socket of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.socket = folder, folder / "clamd.sock"
        (folder / "known").mkdir()
        (folder / "known" / "ours.ndb").write_text(f"Eicar-Test:0:*:{EICAR.hex()}\n")
        (folder / "clamd.conf").write_text(
            f"LocalSocket {self.socket}\nDatabaseDirectory {folder / 'known'}\nForeground yes\n"
            f"StreamMaxLength {LIMIT}\nMaxFileSize {LIMIT // 2}\nAlertExceedsMax yes\n"
            f"MaxThreads 2\nConcurrentDatabaseReload no\nTemporaryDirectory {folder}\n"
        )
        self.start()

    def start(self) -> None:
        program = shutil.which("clamd", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program, "clamd is not installed: scripts/setup test"
        with (self.folder / "log").open("ab") as log:
            command = [program, "--config-file", str(self.folder / "clamd.conf")]
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        until(lambda: self.process.poll() is not None or not scanner.problem())
        assert self.process.poll() is None, (self.folder / "log").read_text()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        self.socket.unlink(missing_ok=True)


@pytest.fixture
def clamd(tmp_path_factory, settings):
    folder = tmp_path_factory.mktemp("c")  # a socket's path has to be short
    settings.CLAMAV = f"unix:{folder / 'clamd.sock'}"
    one = Clamd(folder)
    yield one
    one.stop()


def _infected(folder: Path) -> Path:
    """A sound recording that plays, with the virus among its notes."""
    song = recordings.make("wav", 1, options=("-t", "1")).read_bytes()
    note = b"LIST" + struct.pack("<I", 12 + len(EICAR)) + b"INFOICMT"
    note += struct.pack("<I", len(EICAR)) + EICAR
    grown = struct.unpack_from("<I", song, 4)[0] + len(note)
    path = folder / "infected"
    path.write_bytes(song[:4] + struct.pack("<I", grown) + song[8:12] + note + song[12:])
    return path


def _begun(path: Path) -> api.AssetInfo:
    found = receive(path)
    api.start(found.id, transcribe=False)
    tasks.run_asset.call(str(found.id))
    return found


def _job(found: api.AssetInfo, stage: str) -> MediaJob:
    return MediaJob.objects.get(asset_id=found.id, stage=stage)


def test_what_is_well_passes_and_what_is_not_is_destroyed(clamd, tmp_path, caplog):
    well = _begun(recordings.make("wav", 1, options=("-t", "1")))
    assert api.progress(well.id).state == "done"
    assert _job(well, "scan").state == "done"
    api.erase(well.id)
    found = _begun(_infected(tmp_path))
    progress = api.progress(found.id)
    assert (progress.state, progress.stage) == ("failed", "scan")
    assert "found something harmful" in progress.problem
    assert _job(found, "scan").log_tail == "The virus scanner found Eicar-Test.UNOFFICIAL."
    assert _job(found, "probe").attempt == 0, "somebody read it"
    assert kept.everywhere() == []
    assert MediaAsset.objects.get(pk=found.id).original == ""
    assert api.in_trouble() == [found.id]
    assert api.retry(found.id)
    tasks.run_asset.call(str(found.id))
    assert api.progress(found.id).problem == progress.problem
    api.erase(found.id)


def test_when_the_scanner_is_away_recordings_wait_and_then_go_on(clamd, clock, settings):
    settings.MEDIA_MAX_ATTEMPTS = 2
    clamd.stop()
    said = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_parts", "scanner", stderr=said)
    assert "clamd does not answer" in said.getvalue()
    found = _begun(recordings.make("wav", 1, options=("-t", "1")))
    for minute in range(1, 4):
        job = _job(found, "scan")
        assert (job.state, job.attempt) == ("ready", 0)
        assert "We have your recording" in api.progress(found.id).problem
        assert _job(found, "probe").attempt == 0
        clock.set(minutes=2 * minute)
        tasks.run_asset.call(str(found.id))
    clamd.start()
    clock.set(minutes=20)
    assert api.ring_all() == 1
    tasks.run_asset.call(str(found.id))
    assert api.progress(found.id).state == "done"
    api.erase(found.id)


@pytest.mark.parametrize("seconds", [20, 40], ids=["it looks at so much", "it takes so much"])
def test_what_it_does_not_look_at_whole_does_not_pass(clamd, seconds):
    """Above MaxFileSize it says so, above StreamMaxLength it hangs up: neither is a virus."""
    rate = ("-f", "wav", "-af", "apad", "-t", str(seconds))
    found = _begun(recordings.make("wav", 1, options=rate))
    assert found.bytes > (LIMIT if seconds == 40 else LIMIT // 2)
    job = _job(found, "scan")
    assert job.state == "failed"
    assert "StreamMaxLength" in job.log_tail
    assert "is kept" in api.progress(found.id).problem
    assert len(kept.names("originals")) == 1
    api.erase(found.id)


def test_without_a_scanner_nobody_waits_for_one(clamd, settings, clock):
    """It was turned off while a recording waited."""
    clamd.stop()
    found = _begun(recordings.make("wav", 1, options=("-t", "1")))
    settings.CLAMAV = ""
    clock.set(minutes=2)
    tasks.run_asset.call(str(found.id))
    assert api.progress(found.id).state == "done"
    MediaJob.objects.filter(stage="scan").delete()
    settings.CLAMAV = "unix:/nowhere"
    api.start(found.id, transcribe=False)
    assert api.progress(found.id).state == "done", "it is prepared, and nothing reads it any more"
    api.erase(found.id)


def test_who_is_no_scanner_is_not_believed(settings, tmp_path):
    """Something else listens there, and says what no clamd says."""
    import socket
    import threading

    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.CLAMAV = f"tcp:127.0.0.1:{server.getsockname()[1]}"

        def answer() -> None:
            link, _ = server.accept()
            with link:
                link.recv(2**20)
                link.sendall(b"220 mail.example.org\r\n\0")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(ScannerAway):
            scanner.scan([b"a voice"])
        thread.join()

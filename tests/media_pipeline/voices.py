"""Measures of a voice, for tests: none of them is the code that disguises one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 16_000


def samples(path: Path | str) -> NDArray:
    """The sound of any file, as 16 kHz mono from -1 to 1."""
    argv = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-ar", str(RATE), "-ac", "1"]
    raw = subprocess.run([*argv, "-f", "s16le", "-"], capture_output=True, check=True).stdout
    return np.frombuffer(raw, "<i2") / 32768


def raw(path: Path, target: Path) -> Path:
    """The same as raw 16-bit samples in a file."""
    target.write_bytes((samples(path) * 32768).astype("<i2").tobytes())
    return target


def pitch(sound: NDArray) -> float:
    """The middle pitch in Hz, by the cepstrum of loud frames."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, 1024)[::400]
    loud = (frames**2).mean(axis=1)
    spectrum = np.abs(np.fft.rfft(frames[loud > np.median(loud)] * np.hanning(1024))) + 1e-4
    cepstrum = np.fft.irfft(np.log(spectrum))[:, RATE // 350 : RATE // 60]
    best = cepstrum.argmax(axis=1)
    sure = cepstrum[np.arange(len(best)), best] > 0.1
    return float(np.median(RATE / (best[sure] + RATE // 350)))


def bands(sound: NDArray) -> NDArray:
    """How loud each of 40 bands (60 Hz to 5 kHz, mel) is in each 10 ms, in nepers."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, 512)[::160] * np.hanning(512)
    power = np.abs(np.fft.rfft(frames)) ** 2
    mel = np.linspace(*(2595 * np.log10(1 + np.array([60, 5000]) / 700)), 42)
    edges = 700 * (10 ** (mel / 2595) - 1)
    places = np.arange(power.shape[1]) * RATE / 512
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (places - low) / (middle - low), (high - places) / (high - middle)
    filters = np.clip(np.minimum(rising, falling), 0, None)
    return np.log(power @ filters.T + 1e-6)


def likeness(one: NDArray, other: NDArray) -> float:
    """How alike two voices saying the same are, moment by moment: 1 for the same (correlation of
    what is left of the bands once each moment's loudness is taken out)."""
    a, b = bands(one), bands(other)
    count = min(len(a), len(b))
    spoken = a[:count].mean(axis=1) > np.percentile(a.mean(axis=1), 40)
    spoken &= b[:count].std(axis=1) > 0  # in nothing at all there is no voice
    pairs = zip(a[:count][spoken], b[:count][spoken], strict=True)
    return float(np.mean([np.corrcoef(x, y)[0, 1] for x, y in pairs]))

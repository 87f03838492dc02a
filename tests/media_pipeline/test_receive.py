"""What is taken in and what is refused, judged by content alone."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from media_pipeline import api, ffmpeg
from media_pipeline.models import MediaAsset
from tests import recordings
from tests.media_pipeline import kept
from tests.media_pipeline.conftest import owner, receive, uploaded

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", recordings.VIDEO_KINDS + recordings.SOUND_KINDS)
def test_every_accepted_kind_is_known_by_its_content(kind):
    is_video = kind in recordings.VIDEO_KINDS
    path = recordings.video(kind, 2) if is_video else recordings.sound(kind, 2)
    found = receive(path, "a letter.txt")
    assert (found.kind, found.has_picture, found.has_sound) == (
        "video" if is_video else "audio",
        is_video,
        True,
    )
    assert found.seconds == pytest.approx(recordings.reading(2).seconds, abs=0.3)
    assert found.bytes == path.stat().st_size
    asset = MediaAsset.objects.get(pk=found.id)
    with api.open_original(found.id) as original:
        assert original.read() == path.read_bytes()
    assert kept.everywhere() == [f"originals/{asset.original}"]
    assert "letter" not in str(asset.__dict__)
    api.erase(found.id)
    assert kept.everywhere() == []


def test_a_browsers_own_recording_declares_no_length(tmp_path):
    path = tmp_path / "live.webm"
    source = recordings.video("webm", 2)
    recordings.run("-i", source, "-c", "copy", "-f", "webm", "-live", "1", path)
    found = receive(path)
    assert found.seconds == pytest.approx(recordings.reading(2).seconds, abs=0.3)
    api.erase(found.id)


@pytest.mark.parametrize("kind", ["mp3", "m4a"])
def test_a_cover_is_not_a_picture_story(kind, tmp_path):
    cover = tmp_path / "cover.png"
    Image.new("RGB", (64, 64), "red").save(cover)
    path = tmp_path / f"song.{kind}"
    inputs = ["-i", recordings.sound(kind, 1), "-i", cover, "-map", "0:a", "-map", "1:v"]
    recordings.run(*inputs, "-c", "copy", "-disposition:v:0", "attached_pic", path)
    found = receive(path)
    assert (found.kind, found.has_picture) == ("audio", False)
    api.erase(found.id)


def _cut(source: Path, share: float, target: Path) -> Path:
    whole = source.read_bytes()
    target.write_bytes(whole[: int(len(whole) * share)])
    return target


def _png(folder: Path) -> Path:
    Image.new("RGB", (40, 40)).save(folder / "x.png")
    return folder / "x.png"


def _written(folder: Path, content: bytes) -> Path:
    (folder / "x.mp4").write_bytes(content)
    return folder / "x.mp4"


def _noise(count: int) -> bytes:
    """The same nonsense in each run."""
    return b"".join(hashlib.sha256(bytes([n % 256, n // 256])).digest() for n in range(count // 32))


def _bomb(folder: Path) -> Path:
    """A small file that unfolds to a picture of 256 million pixels."""
    Image.new("L", (16_000, 16_000)).save(folder / "bomb.jpg")
    recordings.run("-i", folder / "bomb.jpg", "-c", "copy", folder / "bomb.mp4")
    return folder / "bomb.mp4"


BAD = {
    "empty": lambda folder: _written(folder, b""),
    "wrong_type: text": lambda folder: _written(folder, b"Dear archive, this is my story.\n" * 40),
    "wrong_type: picture": _png,
    "wrong_type: pdf": lambda folder: _written(folder, b"%PDF-1.7\n\0\xe2\xe3\xcf" + bytes(400)),
    "not_media: noise": lambda folder: _written(folder, _noise(300_000)),
    "truncated: fast start mp4": lambda f: _cut(recordings.video("mp4", 2), 0.7, f / "x.mp4"),
    "truncated: mp4 with its index last": lambda f: _cut(
        recordings.make("mp4", 2, picture="testsrc2=s=160x90:r=10"), 0.7, f / "x.mp4"
    ),
    "truncated: mkv": lambda folder: _cut(recordings.video("mkv", 2), 0.7, folder / "x.mkv"),
    "truncated: mp3": lambda folder: _cut(recordings.sound("mp3", 2), 0.7, folder / "x.mp3"),
    "truncated: wav": lambda folder: _cut(recordings.sound("wav", 2), 0.7, folder / "x.wav"),
    "truncated: flac": lambda folder: _cut(recordings.sound("flac", 2), 0.7, folder / "x.flac"),
    "too_many_pixels: bomb": _bomb,
}


@pytest.mark.parametrize("which", BAD)
def test_bad_files_are_refused_in_plain_words_and_nothing_is_kept(which, tmp_path):
    upload = uploaded(BAD[which](tmp_path))
    with pytest.raises(api.UnreadableMedia) as refused:
        api.receive(upload, owner=owner())
    upload.close()
    assert refused.value.code == which.partition(":")[0]
    assert refused.value.sentence.endswith(".")
    assert "My name" not in refused.value.sentence
    assert kept.everywhere() == []
    assert not MediaAsset.objects.exists()


def test_limits_are_the_settings(settings):
    path = recordings.sound("mp3", 1)
    settings.MEDIA_MAX_SECONDS = 3
    with pytest.raises(api.UnreadableMedia) as refused:
        receive(path)
    assert refused.value.code == "too_long"
    settings.MAX_UPLOAD_BYTES = 1000
    with pytest.raises(api.UnreadableMedia, match="1 kB") as refused:
        receive(path)
    assert refused.value.code == "too_large"


@pytest.mark.parametrize(
    "script",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{target}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile {target}\n",
    ],
)
def test_a_playlist_cannot_read_another_local_file(script, tmp_path):
    target = tmp_path / "someone-elses.mp4"
    target.write_bytes(recordings.video("mp4", 1).read_bytes())
    path = tmp_path / "x.mp4"
    path.write_text(script.format(target=target.name))
    with pytest.raises(api.UnreadableMedia) as refused:
        receive(path)
    assert refused.value.code == "wrong_type"
    # The second line of defence holds alone, where the protocol whitelist would not.
    with pytest.raises(ffmpeg.FfmpegFailed):
        ffmpeg.probe(path)
    loose = ["ffprobe", "-v", "error", "-protocol_whitelist", "file", "-show_streams", str(path)]
    reads = subprocess.run(loose, capture_output=True, text=True, cwd=tmp_path).stdout
    assert "h264" in reads, "this playlist is no danger, so the test proves nothing"

"""The only code that talks to an S3 server. A `store` is django-storages' own, one bucket each.

However large a recording, a few megabytes of it are in memory; and nobody waits long for a server
that is away. Errors are OSErrors in our own words: theirs name addresses and keys.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import io
import itertools
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple
from urllib.parse import urlsplit

import boto3.session
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

from media_pipeline.errors import StoreFailed

MB = 2**20
QUICK = Config(
    s3={"addressing_style": "path"},
    signature_version="s3v4",
    connect_timeout=3,
    read_timeout=20,
    max_pool_connections=50,  # the threads of a web server share one client
    retries={"mode": "standard", "max_attempts": 2},
    # The newer checksums are unknown to many servers; the signature covers what is sent.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
# A server answers only once it has put a film's parts together.
PATIENT = QUICK.merge(Config(read_timeout=120))
PIECES = TransferConfig(
    multipart_threshold=8 * MB, multipart_chunksize=8 * MB, max_concurrency=2, max_io_queue=16
)
LARGEST_IN_MEMORY = 16 * MB
READ_AHEAD = MB
AT_ONCE = 1_000  # keys that one request may delete (S3 API, DeleteObjects)
SIGNED_SECONDS = 60  # nginx asks at once; a film may take longer to send than this
NOT_THERE = {"404", "NoSuchKey", "NoSuchUpload", "NotFound"}


class Unfinished(NamedTuple):
    """An upload in parts that has not ended. Its parts are kept, and in no listing."""

    name: str
    upload: str
    begun: datetime.datetime


class Bucket(S3Storage):
    """The store for settings.STORAGES: as patient as we are, and never a whole file in memory."""

    def get_default_settings(self) -> dict[str, Any]:
        ours = {"client_config": QUICK, "transfer_config": PIECES}
        return super().get_default_settings() | ours

    def _open(self, name: str, mode: str = "rb") -> File:
        return File(open_(self, name), name) if mode == "rb" else super()._open(name, mode)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with in_our_words():
            return super().listdir(name)

    def unfinished_names(self) -> list[str]:
        """Of uploads in parts that never ended: their parts are kept, and in no listing."""
        return [each.name for each in unfinished(self)]


def client(store: S3Storage, config: Config = QUICK) -> Any:
    """A client for the store's server: one a process, since its threads may share it."""
    return _client(
        os.getpid(),
        store.endpoint_url,
        store.region_name,
        store.access_key,
        store.secret_key,
        config,
    )


@functools.lru_cache(maxsize=16)
def _client(_: int, address: str, region: str, key: str, secret: str, config: Config) -> Any:
    session = boto3.session.Session(aws_access_key_id=key, aws_secret_access_key=secret)
    return session.client("s3", endpoint_url=address, region_name=region, config=config)


@contextlib.contextmanager
def in_our_words() -> Iterator[None]:
    """FileNotFoundError or StoreFailed in place of what boto3 raises."""
    try:
        yield
    except ClientError as error:
        if code(error) in NOT_THERE:
            raise FileNotFoundError("There is no such file in the store.") from None
        raise StoreFailed(f"The S3 server answered {code(error)}.") from None
    except Boto3Error as error:
        raise StoreFailed("The S3 server did not take the file.") from error
    except BotoCoreError as error:
        raise StoreFailed(f"The S3 server did not answer: {type(error).__name__}.") from None


def code(error: ClientError) -> str:
    """What the server calls its refusal, such as NoSuchBucket or 503."""
    return str(error.response.get("Error", {}).get("Code", "without a reason"))


def put(store: S3Storage, name: str, path: Path, type_: str) -> None:
    """Store the file at `path`; what is large goes in parts."""
    with in_our_words():
        client(store, PATIENT).upload_file(
            str(path), store.bucket_name, name, ExtraArgs={"ContentType": type_}, Config=PIECES
        )


def put_stream(store: S3Storage, name: str, file: IO[bytes]) -> None:
    """Store what stands in an open file, from where it is to its end, in one request."""
    with in_our_words():
        client(store).put_object(Bucket=store.bucket_name, Key=name, Body=file)


def begin_parts(store: S3Storage, name: str) -> str:
    """Begin an upload in parts; what the server calls it."""
    about = {"Bucket": store.bucket_name, "Key": name, "ContentType": "application/octet-stream"}
    with in_our_words():
        return client(store).create_multipart_upload(**about)["UploadId"]


def put_part(store: S3Storage, name: str, upload: str, number: int, file: IO[bytes]) -> str:
    """Send one part of an upload, from an open file; the server's mark for what it took."""
    about = {"Bucket": store.bucket_name, "Key": name, "UploadId": upload, "PartNumber": number}
    with in_our_words():
        return client(store).upload_part(**about, Body=file)["ETag"]


def join_parts(store: S3Storage, name: str, upload: str, parts: list[tuple[int, str]]) -> None:
    """Make a file of these parts (number, mark); others are dropped. Safe to call again."""
    about = {"Bucket": store.bucket_name, "Key": name}
    said = [{"PartNumber": number, "ETag": mark} for number, mark in parts]
    with in_our_words():
        try:
            client(store, PATIENT).complete_multipart_upload(
                **about, UploadId=upload, MultipartUpload={"Parts": said}
            )
        except ClientError as error:
            if code(error) not in NOT_THERE:
                raise
            client(store).head_object(**about)  # joined before: the file is there


def put_pieces(store: S3Storage, name: str, pieces: Iterable[bytes]) -> None:
    """Store what `pieces` give, however much: in one request, or in parts that grow with it."""
    parts: list[tuple[int, str]] = []
    upload = ""
    with tempfile.SpooledTemporaryFile(max_size=LARGEST_IN_MEMORY) as waiting:
        try:
            for piece in pieces:
                waiting.write(piece)
                if waiting.tell() < _part_bytes(len(parts)):
                    continue
                upload = upload or begin_parts(store, name)
                waiting.seek(0)
                number = len(parts) + 1
                parts.append((number, put_part(store, name, upload, number, waiting)))
                waiting.seek(0)
                waiting.truncate()
            waiting.seek(0)
            if not upload:
                put_stream(store, name, waiting)
                return
            number = len(parts) + 1
            parts.append((number, put_part(store, name, upload, number, waiting)))
            join_parts(store, name, upload, parts)
        except BaseException:
            with contextlib.suppress(OSError):
                give_up(store, name)
            raise


def _part_bytes(number: int) -> int:
    """8 MB at first, and more later: there may be 10,000 parts, however long it becomes."""
    return 8 * MB * 2 ** (number // 2_000)


def fetch(store: S3Storage, name: str, path: Path) -> None:
    """Write a stored file to `path`, piece by piece."""
    with in_our_words():
        client(store).download_file(store.bucket_name, name, str(path), Config=PIECES)


def open_(store: S3Storage, name: str) -> IO[bytes]:
    """A stored file for reading and seeking: only what is read is fetched, a megabyte at a time."""
    with in_our_words():
        head = client(store).head_object(Bucket=store.bucket_name, Key=name)
    return io.BufferedReader(_Remote(store, name, head["ContentLength"]), READ_AHEAD)


class _Remote(io.RawIOBase):
    """Each read is one ranged request, so that nothing stays open while a slow reader thinks."""

    TRIES = 3  # boto3 tries a request again, but not an answer that breaks off

    def __init__(self, store: S3Storage, name: str, size: int) -> None:
        self.store, self.key, self.size, self.at = store, name, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence]
        self.at = max(0, start + offset)
        return self.at

    def readinto(self, buffer: Any) -> int:
        count = min(len(buffer), self.size - self.at)
        if count <= 0:
            return 0
        data = self._part(self.at, self.at + count - 1)
        buffer[: len(data)] = data
        self.at += len(data)
        return len(data)

    def readall(self) -> bytes:
        return b"".join(iter(lambda: self.read(READ_AHEAD), b""))

    def _part(self, first: int, last: int) -> bytes:
        wanted = {"Bucket": self.store.bucket_name, "Key": self.key}
        with in_our_words():
            for left in reversed(range(self.TRIES)):
                answer = client(self.store).get_object(**wanted, Range=f"bytes={first}-{last}")
                try:
                    with contextlib.closing(answer["Body"]) as body:
                        return body.read()
                except BotoCoreError:
                    if not left:
                        raise
        raise AssertionError("unreachable")


def names(store: S3Storage, start: str = "") -> Iterator[str]:
    """Every file whose name begins so."""
    with in_our_words():
        pages = client(store).get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=store.bucket_name, Prefix=start):
            for each in page.get("Contents", ()):
                yield each["Key"]


def older(store: S3Storage, before: datetime.datetime) -> set[str]:
    """Names of what was stored, or begun to be, before then."""
    found = {each.name for each in unfinished(store) if each.begun < before}
    with in_our_words():
        pages = client(store).get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=store.bucket_name):
            stored = page.get("Contents", ())
            found |= {each["Key"] for each in stored if each["LastModified"] < before}
    return found


def unfinished(store: S3Storage, start: str = "") -> list[Unfinished]:
    """Uploads in parts whose name begins so and that were neither finished nor given up."""
    with in_our_words():
        pages = client(store).get_paginator("list_multipart_uploads")
        return [
            Unfinished(each["Key"], each["UploadId"], each["Initiated"])
            for page in pages.paginate(Bucket=store.bucket_name, Prefix=start)
            for each in page.get("Uploads", ())
            if each["Key"].startswith(start)
        ]


def give_up(store: S3Storage, start: str) -> None:
    """End unfinished uploads and let their parts go."""
    for each in unfinished(store, start):
        with contextlib.suppress(FileNotFoundError), in_our_words():
            client(store).abort_multipart_upload(
                Bucket=store.bucket_name, Key=each.name, UploadId=each.upload
            )


def delete(store: S3Storage, gone: Iterable[str]) -> None:
    """Delete files, as many as one request may. What is not there already is no fault."""
    left = iter(gone)
    while batch := list(itertools.islice(left, AT_ONCE)):
        keys = [{"Key": name} for name in batch]
        with in_our_words():
            answer = client(store).delete_objects(
                Bucket=store.bucket_name, Delete={"Objects": keys, "Quiet": True}
            )
        if answer.get("Errors"):
            raise StoreFailed(f"The S3 server kept {len(answer['Errors'])} files.")


def signed(store: S3Storage, name: str) -> str:
    """`/BUCKET/NAME?SIGNATURE`, good for a minute: for nginx alone, never for a browser."""
    address = client(store).generate_presigned_url(
        "get_object", {"Bucket": store.bucket_name, "Key": name}, ExpiresIn=SIGNED_SECONDS
    )
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"

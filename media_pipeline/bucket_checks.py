"""Whether a bucket is there and what is asked of it: ours, private, and keeping no old versions."""

from __future__ import annotations

from urllib.parse import urlsplit

from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

from media_pipeline.buckets import NOT_THERE, QUICK, client, code, in_our_words

MISSING = {"NoSuchBucket", *NOT_THERE}
# The last is versitygw's; the others are AWS's (S3 API, "List of error codes").
WRONG_KEY = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "XAdminUserNotFound"}
NO_RIGHT = {"AccessDenied", "403"}
STRANGER = QUICK.merge(Config(signature_version=UNSIGNED))
CLOSED = {401, 403, 404}


def make(store: S3Storage) -> bool:
    """Make the bucket. False when it was there. Raises OSError."""
    bucket = store.bucket_name
    with in_our_words():
        try:
            client(store).head_bucket(Bucket=bucket)
            return False
        except ClientError as error:
            if code(error) not in MISSING:
                raise
        place = {"CreateBucketConfiguration": {"LocationConstraint": store.region_name}}
        # The first region may not be named (S3 API, CreateBucket).
        client(store).create_bucket(
            Bucket=bucket, **({} if store.region_name == "us-east-1" else place)
        )
    return True


def problem(store: S3Storage) -> str:
    """ "" when it is well; else which bucket or what it is, and what to do."""
    name, place = store.bucket_name, urlsplit(store.endpoint_url).netloc
    try:
        found = client(store).list_objects_v2(Bucket=name, MaxKeys=1).get("Contents", ())
    except BotoCoreError:
        return f"The S3 server can't be reached at {place}. Start it, or correct S3_ENDPOINT."
    except ClientError as error:
        return _refusal(code(error), name, place)
    if _keeps_versions(store):
        return (
            f"The bucket {name} keeps old versions, so that nothing could be erased from it. "
            "Suspend its versioning and delete the versions that are there."
        )
    return _as_a_stranger(store, [each["Key"] for each in found])


def _keeps_versions(store: S3Storage) -> bool:
    try:
        found = client(store).get_bucket_versioning(Bucket=store.bucket_name)
    except (ClientError, BotoCoreError):  # a server without versions, or one that does not tell
        return False
    return found.get("Status") == "Enabled"


def _refusal(why: str, name: str, place: str) -> str:
    if why in WRONG_KEY:
        return (
            f"The S3 server at {place} does not know our key. "
            "Correct S3_ACCESS_KEY and S3_SECRET_KEY."
        )
    if why in MISSING:
        return f"The bucket {name} is missing at {place}. Type: manage.py prepare"
    if why in NO_RIGHT:
        return f"Our key may not use the bucket {name} at {place}. Give it the right to."
    return f"The S3 server at {place} answered {why} for the bucket {name}. Look into its log."


def _as_a_stranger(store: S3Storage, names: list[str]) -> str:
    """Ask for the list and for a file as anybody on the network could."""
    stranger, bucket = client(store, STRANGER), store.bucket_name
    for ask in (
        lambda: stranger.list_objects_v2(Bucket=bucket, MaxKeys=1),
        *(lambda name=name: stranger.head_object(Bucket=bucket, Key=name) for name in names),
    ):
        try:
            ask()
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] in CLOSED:
                continue
            return _refusal(code(error), bucket, urlsplit(store.endpoint_url).netloc)
        except BotoCoreError:
            return "The S3 server went away while it was asked. Try again."
        return (
            f"The bucket {bucket} is not private: it answers whoever asks. "
            "Take away its public policy and access lists."
        )
    return ""

"""The broker of background work: what waits there is a bell with a row's number, and nothing else.

Every key below our prefix is read, of whatever kind it is (https://redis.io/docs/latest/develop).
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from stories.publishing.scan.layers import layers
from stories.publishing.scan.report import Report
from stories.publishing.scan.wanted import Reader, Wanted

PLACE = "broker"
AT_ONCE = 500


class BrokerAway(RuntimeError):
    """The broker can't be looked into now: nobody may say that nothing is left there."""


def scan_broker(wanted: Wanted, report: Report) -> None:
    """Raises BrokerAway."""
    if not settings.TASKS["default"]["BACKEND"].endswith("CeleryBackend"):
        return  # the queue is a table, read with the others
    report.count(PLACE, keys=0, values=0)
    if not settings.BROKER_URL.startswith("redis"):
        report.note("The broker is not Redis, so its queues could not be looked into.")
        return
    import redis

    try:
        with redis.Redis.from_url(settings.BROKER_URL, socket_timeout=20) as broker:
            _scan_keys(broker, wanted, report)
    except redis.RedisError as error:
        raise BrokerAway(f"The broker can't be read: {type(error).__name__}.") from None


def _scan_keys(broker, wanted: Wanted, report: Report) -> None:
    for key in broker.scan_iter(match=f"{_literal(settings.BROKER_PREFIX)}*", count=AT_ONCE):
        report.count(PLACE, keys=1)
        reader = Reader(wanted)
        for value in (key, *_values(broker, key)):
            report.count(PLACE, values=1)
            for text in layers(value):
                # A key of ours is a queue's name; another one may say anything.
                report.add(PLACE, reader.read(text), "a key below our prefix")


def _literal(prefix: str) -> str:
    """A prefix as a pattern that means itself."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in prefix)


def _values(broker, key: bytes) -> Iterator[bytes]:
    """Everything in a key; nothing when it went meanwhile."""
    match broker.type(key):
        case b"string":
            yield broker.get(key) or b""
        case b"list":
            at = 0
            while some := broker.lrange(key, at, at + AT_ONCE - 1):
                yield from some
                at += len(some)
        case b"hash":
            for name, value in broker.hscan_iter(key, count=AT_ONCE):
                yield from (name, value)
        case b"set":
            yield from broker.sscan_iter(key, count=AT_ONCE)
        case b"zset":
            for value, _ in broker.zscan_iter(key, count=AT_ONCE):
                yield value
        case b"stream":
            for _, fields in broker.xrange(key):
                for name, value in fields.items():
                    yield from (name, value)

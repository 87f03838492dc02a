"""The broker between the site and its workers, where there is one."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

WAIT_SECONDS = 3


def problem() -> str:
    if not settings.TASKS["default"]["BACKEND"].endswith("CeleryBackend"):
        return ""
    from amqp.exceptions import AccessRefused
    from kombu import Connection
    from redis.exceptions import AuthenticationError, ResponseError

    parts = urlsplit(settings.BROKER_URL)
    place = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    options = {
        "socket_connect_timeout": WAIT_SECONDS,
        "socket_timeout": WAIT_SECONDS,
        "max_retries": 0,
    }
    try:
        with Connection(
            settings.BROKER_URL, connect_timeout=WAIT_SECONDS, transport_options=options
        ) as connection:
            connection.connect()
    except (AuthenticationError, ResponseError, AccessRefused):
        return (
            f"The broker at {place} does not take our password. "
            "Mend BROKER_PASSWORD, or the name in BROKER_URL."
        )
    except Exception:  # each broker has its own family of them
        return f"The broker does not answer at {place}. Start it, or mend BROKER_URL."
    return ""

"""Logs that hold nothing of a contributor or a visitor.

Django logs the address of a request that failed, and Python logs an exception's message. Here an
address can be a private link or a search about someone's health, and a message can quote what
somebody wrote. So both are replaced by what an engineer needs: the route's pattern and the
exception's type with its place in the code.
"""

from __future__ import annotations

import logging
import traceback
from typing import Any

from gunicorn.glogging import Logger


class NoPaths(logging.Filter):
    """Replaces the message of every record that carries a request by method, route and status."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None:
            match = getattr(request, "resolver_match", None)
            route = f"/{match.route}" if match and match.route else "an unknown address"
            status = getattr(record, "status_code", "?")
            record.msg = f"{getattr(request, 'method', '?')} {route} answered {status}"
            record.args = ()
        return True


class PrivateFormatter(logging.Formatter):
    """Prints where an exception happened and its type, never its message or its values."""

    def formatException(self, ei) -> str:
        kind, _, trace = ei
        lines = ["Traceback (messages left out):"]
        for frame in traceback.extract_tb(trace):
            lines.append(f"  {frame.filename}:{frame.lineno} in {frame.name}")
        lines.append(kind.__name__ if kind else "no exception")
        return "\n".join(lines)


class ServerLogger(Logger):
    """gunicorn's log, without what it says of a request: its address can be a private link."""

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        self.error_log.exception(str(msg).partition(":")[0].partition(" %s")[0])

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(
                PrivateFormatter("%(asctime)s %(levelname)s gunicorn: %(message)s")
            )

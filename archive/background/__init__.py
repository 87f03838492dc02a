"""Background work behind the Django Tasks interface: Celery, and what every engine needs.

A message is a bell and nothing more (docs/decisions/0013). Celery is loaded only where
TASK_ENGINE asks for it, or by `celery -A archive.background`.
"""

from typing import Any


def __getattr__(name: str) -> Any:
    if name == "celery":
        from archive.background.app import app

        return app
    raise AttributeError(name)

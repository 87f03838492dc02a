"""Tasks that exist for tests only: they note that they ran."""

from __future__ import annotations

from django_tasks import task

ran: list[str] = []


@task(queue_name="light")
def count_down(number: int) -> None:
    """Ask for the next one while running, until none is left."""
    ran.append(f"light {number}")
    if number:
        count_down.enqueue(number - 1)


@task(queue_name="media")
def heavy(name: str) -> None:
    ran.append(f"media {name}")


@task
def faulty(words: str) -> None:
    ran.append("faulty")
    raise ValueError(words)

"""Looking at the addresses outside: a few a minute, in the background, never for a page."""

from __future__ import annotations

import http.client
import socket
import ssl
import time

from django.conf import settings
from django_tasks import task

from archive.directory.links import OutsideLink, due, gather
from archive.directory.reaching import GONE, NOT_FOUND, NotAllowed, is_public, look

# The worker has letters and withdrawals to see to: the rest is left to the next minute.
MOST_SECONDS = 20
PAUSE_SECONDS = 1.0
State = OutsideLink.State


def ring_links() -> int:
    """Ring for addresses whose time has come; how many wait: 0 where LINK_CHECKS is off."""
    if not settings.LINK_CHECKS:
        return 0
    gather()
    waiting = due().count()
    if waiting:
        look_at_links.enqueue()
    return waiting


@task(queue_name="light")
def look_at_links() -> int:
    """Look at what is due, one after another; how many were looked at."""
    looked, until = 0, time.monotonic() + MOST_SECONDS
    for link in list(due()):
        if time.monotonic() > until:
            break
        if link.claim():
            check(link)
            looked += 1
            time.sleep(PAUSE_SECONDS)
    return looked


def check(link: OutsideLink, allowed=is_public) -> None:
    """Look at one, and write down what was found."""
    link.note(*found_at(link.address, allowed))


def found_at(address: str, allowed=is_public) -> tuple[str, str]:
    """(state, a sentence for staff)."""
    name = f"Link check of {settings.SITE_ADDRESS} (a few looks a week)"
    try:
        answer = look(address, name, allowed)
    except NotAllowed:
        return State.BROKEN, "It leads to an address that is not on the public web."
    except socket.gaierror:
        return State.FAILS, "There is no server of that name."
    except ssl.SSLError:
        return State.FAILS, "Its certificate is not in order, so browsers warn people off."
    except TimeoutError:
        return State.FAILS, "It did not answer in time."
    except (OSError, http.client.HTTPException, ValueError):
        return State.FAILS, "It could not be reached."
    return judged(answer.status, answer.address if answer.moved_for_good else "")


def judged(status: int, moved_to: str) -> tuple[str, str]:
    if status in {NOT_FOUND, GONE}:
        return State.FAILS, "There is no such page any more."
    if status in {401, 403, 406, 429, 451, 503}:
        return State.SHUT, f"It answers machines with {status}. Open it yourself to see."
    if status >= 400:
        return State.FAILS, f"It answers with an error of its own ({status})."
    if moved_to:
        return State.MOVED, f"It has moved to {moved_to}"
    return State.WORKS, ""

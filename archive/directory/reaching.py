"""One polite look at an address outside, which can reach nothing but the public web.

Whoever may edit a service types these addresses, and a server may send us on to another. So each
one, redirects included, is looked up first, refused unless everything it stands for is a public
address, and then called at just the number that was looked up: a name that changes its mind in
between leads nowhere else. https://cheatsheetseries.owasp.org/cheatsheets/
Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from threading import Event, Timer
from urllib.parse import urljoin, urlsplit

SECONDS = 10.0
MOST_HOPS = 5
PORTS = {"http": 80, "https": 443}
NOT_FOUND, GONE = 404, 410
# Whoever answers one of these to HEAD may answer otherwise to GET.
ASK_AGAIN = {400, 403, 404, 405, 501, 503}

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Allowed = Callable[[Address, int], bool]


class NotAllowed(Exception):
    """The address leads somewhere that we never call."""


@dataclass(frozen=True)
class Answer:
    """The last status, where it came from, and whether the way there is said to be for good."""

    status: int
    address: str
    moved_for_good: bool


def is_public(address: Address, port: int) -> bool:
    """Only the web's own two ports, at addresses that anybody may reach."""
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if inner is not None:
        address = inner
    return port in PORTS.values() and address.is_global and not address.is_multicast


def look(address: str, name: str, allowed: Allowed = is_public) -> Answer:
    """Ask for an address, and for those it sends us on to. `name` says who we are.

    Raises NotAllowed; OSError where nobody answers in SECONDS; http.client.HTTPException and
    ValueError where what comes is no answer.
    """
    moved_for_good = True
    for hop in range(MOST_HOPS + 1):
        status, onward = ask(address, "HEAD", name, allowed)
        if status in ASK_AGAIN:
            status, onward = ask(address, "GET", name, allowed)
        if not onward:
            return Answer(status, address, hop > 0 and moved_for_good)
        moved_for_good = moved_for_good and status in {301, 308}
        address = urljoin(address, onward)
    raise OSError("It sends us on and on.")


def ask(address: str, method: str, name: str, allowed: Allowed) -> tuple[int, str]:
    """(status, where it sends us on to or ""). Nothing of the page itself is read."""
    parts = urlsplit(address)
    if parts.scheme not in PORTS or not parts.hostname or parts.username or parts.password:
        raise NotAllowed
    host, port = parts.hostname.encode("idna").decode(), parts.port or PORTS[parts.scheme]
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    connection.default_port = PORTS[parts.scheme]  # it is not named to the server
    opened = open_socket(resolve(host, port, allowed), port)
    # A server that sends a byte now and then would hold us for ever.
    late = Event()
    end = Timer(SECONDS, shut, [opened, late])
    end.start()
    try:
        connection.sock = secured(opened, host) if parts.scheme == "https" else opened
        with closing(connection):
            headers = {"User-Agent": name, "Accept": "*/*", "Connection": "close"}
            connection.request(method, target(parts), headers=headers)
            answer = connection.getresponse()
            if late.is_set():
                raise TimeoutError  # cut off, it looks like an answer without its end
            onward = answer.getheader("Location", "") if 300 <= answer.status < 400 else ""
            return answer.status, onward
    finally:
        end.cancel()
        opened.close()


def target(parts) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def resolve(host: str, port: int, allowed: Allowed) -> Address:
    """Where a name leads. One private address among them makes us refuse them all."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    if not addresses or not all(allowed(each, port) for each in addresses):
        raise NotAllowed
    return addresses[0]


def open_socket(address: Address, port: int) -> socket.socket:
    return socket.create_connection((str(address), port), timeout=SECONDS)


def secured(opened: socket.socket, host: str) -> ssl.SSLSocket:
    """Certificate and name are checked against what the address says, not where it led."""
    return ssl.create_default_context().wrap_socket(opened, server_hostname=host)


def shut(opened: socket.socket, late: Event) -> None:
    late.set()
    with suppress(OSError):
        opened.shutdown(socket.SHUT_RDWR)

"""A real server that goes away: a door in front of it that can be shut, or answer 503 by itself.

Nothing is imitated: while the door is open, every byte goes to the real server and back.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\n"
    b"Connection: close\r\n\r\n"
)


class Door:
    """Listens on a port of its own at 127.0.0.1 and hands connections to the server behind it.

    `shut()`: connections are cut and new ones refused to speak. `busy()`: every request gets 503.
    `open()`: all is well again.
    """

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._behind = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._state = "open"
        self._live: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.address = f"{parts.scheme}://127.0.0.1:{self.port}"
        self.met = 0  # connections that came while it was not open
        threading.Thread(target=self._receive, daemon=True).start()

    def open(self) -> None:
        self._state = "open"

    def shut(self) -> None:
        self._state = "shut"
        self._cut()

    def busy(self) -> None:
        self._state = "busy"
        self._cut()

    def close(self) -> None:
        self._state = "shut"
        self._listener.close()
        self._cut()

    def _cut(self) -> None:
        for each in list(self._live):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _receive(self) -> None:
        while True:
            try:
                visitor, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=[visitor], daemon=True).start()

    def _serve(self, visitor: socket.socket) -> None:
        with visitor:
            if self._state == "open":
                with contextlib.suppress(OSError), socket.create_connection(self._behind) as server:
                    self._live |= {visitor, server}
                    back = threading.Thread(target=_pour, args=[server, visitor], daemon=True)
                    back.start()
                    _pour(visitor, server)
                    back.join()
                self._live -= {visitor}
                return
            self.met += 1
            if self._state == "busy":
                with contextlib.suppress(OSError):
                    visitor.settimeout(2)
                    visitor.recv(2**16)
                    visitor.sendall(BUSY)
                    visitor.shutdown(socket.SHUT_WR)
                    while visitor.recv(2**16):
                        pass


def _pour(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(2**16):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def door_to(address: str) -> Iterator[Door]:
    """A door to the server at an http address, closed at the end."""
    door = Door(address)
    try:
        yield door
    finally:
        door.close()

"""Links outside are looked at politely, and nothing but the public web is ever called."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from archive.directory import looking, reaching
from archive.directory.links import BROKEN_AFTER, OutsideLink, gather
from archive.directory.looking import check, found_at
from archive.directory.models import Area, Service
from archive.directory.reaching import NotAllowed, look
from archive.timed import tick
from tests.people import work

STATUS = {
    "moved": 301, "elsewhere": 302, "round": 302, "inward": 302, "shut": 403, "gone": 410,
}  # fmt: skip


class Web(BaseHTTPRequestHandler):
    """Pages that are well, moved, gone, shut to machines, slow or endless."""

    seen: Counter[str]

    def do_HEAD(self) -> None:
        self.seen[f"{self.command} {self.path}"] += 1
        kind = self.path.strip("/").split("/")[0]
        if kind == "slow":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _ in range(50):  # a header that never ends
                time.sleep(0.1)
                try:
                    self.wfile.write(b"x")
                except OSError:
                    return
        status = STATUS.get(kind, 200)
        if kind == "get" and self.command == "HEAD":
            status = 405
        self.send_response(status)
        onward = {"moved": "/well", "elsewhere": "/well", "round": "/round"}.get(kind)
        if kind == "inward":
            onward = f"http://127.0.0.1:{self.server.server_address[1] + 1}/well"
        if onward:
            self.send_header("Location", onward)
        self.end_headers()

    do_GET = do_HEAD

    def log_message(self, *args) -> None:
        pass


@pytest.fixture
def web() -> Iterator[tuple[str, int, Counter[str]]]:
    """(address, port, how often each page was asked for)."""
    seen: Counter[str] = Counter()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Seen", (Web,), {"seen": seen}))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    port = server.server_address[1]
    yield f"http://127.0.0.1:{port}", port, seen
    server.shutdown()
    server.server_close()


def test_what_a_look_finds(web, monkeypatch):
    monkeypatch.setattr(reaching, "SECONDS", 0.5)
    address, port, seen = web

    def only_here(ip, asked):
        return asked == port

    for page, state in (
        ("well", "works"),
        ("get", "works"),
        ("moved", "moved"),
        ("elsewhere", "works"),
        ("gone", "fails"),
        ("shut", "shut"),
        ("round", "fails"),
        ("slow", "fails"),
        ("inward", "broken"),  # sent on to where we never call
    ):
        begun = time.monotonic()
        assert found_at(f"{address}/{page}", only_here)[0] == state, page
        assert time.monotonic() - begun < 3, page
    assert (seen["HEAD /get"], seen["GET /get"], seen["GET /well"]) == (1, 1, 0)
    assert seen["HEAD /round"] == reaching.MOST_HOPS + 1
    assert found_at("http://127.0.0.1:1/", lambda ip, port: True)[0] == "fails"


def test_a_certificate_is_held_to_the_name(web, tmp_path, monkeypatch):
    _, port, _ = web
    certificate = tmp_path / "certificate.pem"
    certificate.write_bytes(made_out_to("localhost"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        secure = listening.getsockname()[1]
        asked: list[bytes] = []
        threading.Thread(target=answer, args=(listening, context, asked), daemon=True).start()
        monkeypatch.setattr(reaching, "PORTS", {"http": port, "https": secure})
        state, said = found_at("https://localhost/", lambda ip, port: True)
        assert (state, "certificate" in said) == ("fails", True)  # nobody vouches for it
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert found_at("https://127.0.0.1/", lambda ip, port: True)[0] == "fails"  # another's
        assert asked == []
        assert found_at("https://localhost/", lambda ip, port: True)[0] == "works"
        assert b"Host: localhost\r\n" in asked[0]


def answer(listening: socket.socket, context: ssl.SSLContext, asked: list[bytes]) -> None:
    """Three times, if they shake hands."""
    for _ in range(3):
        caller, _ = listening.accept()
        with suppress(OSError), context.wrap_socket(caller, server_side=True) as line:
            line.settimeout(5)
            said = line.recv(2000)
            if said:
                asked.append(said)
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def made_out_to(name: str) -> bytes:
    """A key and a certificate that it signed itself, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(pem, *plain) + made.public_bytes(pem)


@pytest.mark.parametrize(
    "inside",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://2130706433:{port}/",
        "http://0:{port}/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://[fd00::1]/",
        "http://[2002:7f00:1::]/",
        "http://224.0.0.1/",
        "http://8.8.8.8:22/",
        "http://ann:secret@8.8.8.8/",
        "file:///etc/passwd",
        "gopher://8.8.8.8/",
    ],
)
def test_nothing_inside_is_called(web, inside, monkeypatch):
    _, port, seen = web
    monkeypatch.setattr(reaching, "PORTS", {"http": port, "https": 443})  # where it would answer
    with pytest.raises(NotAllowed):
        look(inside.format(port=port), "a test")
    assert not seen


def test_a_link_is_broken_when_it_goes_on_and_well_again_when_it_is(web, site, settings, clock):
    address, port, _ = web
    Service.objects.all().delete()
    area = Area.objects.get(slug="uk")
    service = Service.objects.create(name="A", slug="a", area=area, web=f"{address}/gone")
    gather()
    for day in range(BROKEN_AFTER):
        clock.set(days=day * 1.01)
        link = OutsideLink.objects.get()
        assert link.claim()
        assert not link.claim()  # another worker's
        check(link, lambda ip, asked: asked == port)
        assert OutsideLink.objects.get().state == ("broken" if day == 2 else "fails")
    service.web = f"{address}/well"
    service.save()
    gather()
    link = OutsideLink.objects.get()  # the old address is forgotten
    check(link, lambda ip, asked: asked == port)
    assert (link.state, link.failures) == ("works", 0)


def test_only_the_worker_looks_and_only_where_it_is_wished(web, site, settings, monkeypatch):
    monkeypatch.setattr(looking, "PAUSE_SECONDS", 0)
    address, _, seen = web
    Service.objects.all().delete()
    area = Area.objects.get(slug="uk")
    Service.objects.create(name="A", slug="a", area=area, web=f"{address}/well")
    assert tick()["outside links to look at"] == 0
    settings.LINK_CHECKS = True
    assert tick()["outside links to look at"] == 1
    work()
    link = OutsideLink.objects.get()
    assert (link.state, "not on the public web" in link.said) == ("broken", True)
    assert not seen
    assert tick()["outside links to look at"] == 0

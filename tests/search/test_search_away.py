"""The search server away, busy, silent, or refusing us: what is said, and how soon."""

from __future__ import annotations

import contextlib
import getpass
import grp
import logging
import os
import shutil
import socket
import subprocess
import time

import pytest
from django.conf import settings as configured
from django.db import transaction

from search import api
from search.api import Document, SearchAway
from search.engines import elastic_index
from search.engines.elastic_client import WRITING, client
from search.engines.elastic_scrub import AWAY
from search.models import IndexedDocument
from tests import faults

pytestmark = [pytest.mark.stack, pytest.mark.django_db]

SECRET = "quixotropic"


@pytest.fixture
def door(settings):
    with faults.door_to(configured.ELASTICSEARCH_URL) as door:
        settings.ELASTICSEARCH_URL = door.address
        yield door


def fault(door, name: str) -> None:
    getattr(door, name)()


@pytest.mark.parametrize("state", ["shut", "busy"])
def test_search_rests_while_the_server_is_away(shelf, door, state, caplog):
    shelf.add("a", "Lighthouse")
    fault(door, state)
    began = time.monotonic()
    results = shelf.find(f"lighthouse {SECRET}")
    assert results.resting
    assert "resting" in results.problem
    assert (results.total, results.hits, results.relaxed) == (0, [], False)
    assert api.suggest("ligh", visible=shelf.visible) == []
    assert time.monotonic() - began < 2
    assert SECRET not in caplog.text
    door.open()
    assert shelf.find("lighthouse").total == 1


@pytest.mark.parametrize("state", ["shut", "busy"])
@pytest.mark.parametrize(
    "call",
    [
        lambda: api.put(Document("b", SECRET), 1),
        lambda: api.remove("a", 2),
        lambda: api.rebuild([(Document("a", SECRET), 1)]),
        lambda: list(api.stored_texts()),
        lambda: api.prepare(),
    ],
)
def test_what_has_to_reach_it_raises_without_a_word_of_a_document(shelf, door, state, call, caplog):
    shelf.add("a", f"Lighthouse {SECRET}")
    fault(door, state)
    with pytest.raises(SearchAway) as caught, caplog.at_level(logging.DEBUG):
        call()
    door.open()
    assert f"127.0.0.1:{door.port}" in str(caught.value)
    assert caught.value.__suppress_context__
    assert caught.value.__cause__ is None
    assert SECRET not in str(caught.value) + caplog.text
    assert IndexedDocument.objects.get(key="a").state == "live"
    assert not IndexedDocument.objects.filter(key="b").exists()
    assert shelf.find("lighthouse").total == 1


@pytest.mark.django_db(transaction=True)
def test_deciding_works_without_it_and_removing_is_caught_up(shelf, door):
    shelf.add("a", "Lighthouse")
    shelf.add("b", "Lighthouse")
    door.shut()
    with transaction.atomic():
        assert api.remnants("a") == ["search: the text of the document"]
        api.hide("a", 2)
    assert api.remnants("a") == [AWAY]
    with pytest.raises(SearchAway):
        api.remove("a", 2)
    door.open()
    assert shelf.ids("lighthouse") == ["b"]
    api.remove("a", 2)
    door.busy()
    with pytest.raises(SearchAway):
        api.scrub()
    door.open()
    assert api.scrub()
    assert api.remnants("a") == []


def test_a_silent_server_is_not_waited_for(shelf, settings):
    shelf.add("a", "Lighthouse")
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as silent:
        settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        assert shelf.find("lighthouse").resting
        assert time.monotonic() - began < 5


def test_a_problem_says_which_part_and_what_to_do(door, settings):
    assert api.problem() == ""
    door.busy()
    assert f"127.0.0.1:{door.port}" in api.problem()
    assert "busy" in api.problem()
    door.shut()
    assert f"can't be reached at 127.0.0.1:{door.port}" in api.problem()
    door.open()
    name = settings.ELASTICSEARCH_INDEX
    settings.ELASTICSEARCH_INDEX = f"{name}-nowhere"
    assert "missing" in api.problem()
    assert "manage.py prepare" in api.problem()
    with pytest.raises(SearchAway, match=r"manage\.py prepare"):
        api.put(Document("a", "Lighthouse"), 1)
    client(WRITING).indices.create(index=f"{name}-nowhere")
    try:
        assert "ELASTICSEARCH_INDEX" in api.problem()
    finally:
        client(WRITING).indices.delete(index=f"{name}-nowhere")
    settings.ELASTICSEARCH_INDEX = name


def test_preparing_makes_what_is_missing_once(settings):
    name = settings.ELASTICSEARCH_INDEX
    settings.ELASTICSEARCH_INDEX = f"{name}-other"
    try:
        assert api.prepare() is True
        assert api.prepare() is False
        assert api.problem() == ""
    finally:
        for index in elastic_index.indexes():
            client(WRITING).indices.delete(index=index.name)
        settings.ELASTICSEARCH_INDEX = name


@pytest.fixture
def locked_door(tmp_path):
    """nginx in front of the server, asking for a name and password, as many run it."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    password = subprocess.run(
        ["openssl", "passwd", "-apr1", "right"], capture_output=True, text=True, check=True
    ).stdout.strip()
    users = tmp_path / "users"
    users.write_text(f"archive:{password}\n")
    temporary = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = tmp_path / "nginx.conf"
    config.write_text(
        # As ourselves, to look into our folder; for anybody but root it is a remark in its log.
        f"user {getpass.getuser()} {grp.getgrgid(os.getgid()).gr_name}; "
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/errors; events {{}} "
        f"http {{ access_log off; {temporary} server {{ listen 127.0.0.1:{port}; "
        f'auth_basic "search"; auth_basic_user_file {users}; '
        f"location / {{ proxy_pass {configured.ELASTICSEARCH_URL}; }} }} }}"
    )
    nginx = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(config)])
    ends = time.monotonic() + 10
    while socket.socket().connect_ex(("127.0.0.1", port)) and time.monotonic() < ends:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    nginx.terminate()
    nginx.wait()


def test_a_wrong_password_is_said_and_not_repeated(shelf, settings, locked_door):
    shelf.add("a", "Lighthouse")
    settings.ELASTICSEARCH_URL = locked_door
    settings.ELASTICSEARCH_USER = "archive"
    settings.ELASTICSEARCH_PASSWORD = "wrong-one"
    assert "ELASTICSEARCH_PASSWORD" in api.problem()
    assert "wrong-one" not in api.problem()
    assert shelf.find("lighthouse").resting
    settings.ELASTICSEARCH_PASSWORD = "right"
    assert api.problem() == ""
    assert shelf.find("lighthouse").total == 1

"""docker-compose.yml: valid, hardened, and speaking of the same settings as the code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive.settings.environment import ROOT
from archive.stack import elastic, gateway
from tests.archive.compose_file import SITE, load
from tests.archive.settings_table import read_by_any

COMPOSE = load(**SITE)
SERVICES = COMPOSE["services"]
ONE_SHOTS = {"small-ready", "own", "migrate", "prepare"}
OURS = {name for name, each in SERVICES.items() if each["image"].startswith("stories-archive")}
every_service = pytest.mark.parametrize("name", SERVICES)
# DEBUG has no place in a container: production ignores it.
OF_NO_USE = {"DEBUG"}


def variables(service: str) -> set[str]:
    return {name.removesuffix("_FILE") for name in SERVICES[service]["environment"]}


def test_the_site_is_told_of_every_setting_and_of_nothing_else():
    assert variables("web") == read_by_any() - OF_NO_USE
    small = variables("small-web")
    assert small <= variables("web")
    left_out = variables("web") - small
    assert all(
        name.startswith(("DATABASE_", "BROKER_", "S3_", "ELASTICSEARCH_")) for name in left_out
    )


def test_all_of_ours_are_told_the_same():
    for profile, first in (("many", "web"), ("small", "small-web")):
        for name in OURS - {"own"}:
            if SERVICES[name]["profiles"] == [profile]:
                assert SERVICES[name]["environment"] == SERVICES[first]["environment"], name


@pytest.mark.parametrize("name", ["web", "small-web"])
def test_production_starts_with_what_the_site_is_told(name, tmp_path):
    """The settings take every value: in a process of its own, with the secrets that are made."""
    subprocess.run([ROOT / "deploy" / "make-secrets", tmp_path], check=True, capture_output=True)
    given = SERVICES[name]["environment"]
    told = {key: str(value) for key, value in given.items() if value is not None}
    told = {key: value.replace("/run/secrets", str(tmp_path)) for key, value in told.items()}
    code = (
        "import json; from archive.settings import production as p; print(json.dumps("
        "[p.DATABASES['default']['ENGINE'], p.TASKS['default']['BACKEND'], p.SEARCH_ENGINE, "
        "p.DELIVERY, p.STORAGES['originals']['BACKEND'], p.SECRET_KEY, p.BROKER_URL]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"]} | told | {"DATA_DIR": str(tmp_path / "data")},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    engine, tasks, search, delivery, store, secret, broker = json.loads(done.stdout)
    ways = (engine.rpartition(".")[2], search, delivery)
    if name == "web":
        assert ways == ("postgresql", "elasticsearch", "nginx")
        assert (tasks.rpartition(".")[2], store.rpartition(".")[2]) == (
            "CeleryBackend",
            "Bucket",
        )
        assert (tmp_path / "broker_password").read_text() in broker
    else:
        assert ways == ("sqlite3", "sqlite", "threads")
    assert secret == (tmp_path / "secret_key").read_text()


def test_the_address_of_the_site_has_to_be_said():
    with pytest.raises(KeyError, match="SITE_ADDRESS"):
        load(ALLOWED_HOSTS="stories.example.org")


@every_service
def test_nobody_has_more_rights_than_they_need(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    if name == "own":  # gives a folder away, and ends
        assert (service["cap_add"], service["network_mode"]) == (["CHOWN"], "none")
        return
    assert "cap_add" not in service
    assert int(service["user"].split(":")[0]) > 0
    assert "privileged" not in service


@every_service
def test_nobody_takes_more_than_their_share(name):
    assert SERVICES[name]["mem_limit"]
    assert SERVICES[name]["cpus"] > 0


@every_service
def test_everyone_is_asked_how_they_are(name):
    if name in ONE_SHOTS:
        assert SERVICES[name]["restart"] == "no"
        assert "healthcheck" not in SERVICES[name]
    else:
        assert SERVICES[name]["restart"] == "unless-stopped"
        assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


@every_service
def test_nobody_starts_before_what_they_need(name):
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        ended = "service_completed_successfully"
        assert how["condition"] == (ended if needed in ONE_SHOTS else "service_healthy")
        assert SERVICES[needed]["profiles"] == SERVICES[name]["profiles"]


def test_one_way_in_and_only_from_this_machine():
    published = {name: each["ports"] for name, each in SERVICES.items() if "ports" in each}
    assert published.keys() == {"nginx", "small-web"}
    for ports in published.values():
        assert all(port.startswith("127.0.0.1:") for port in ports)
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    many = {name for name, each in SERVICES.items() if each["profiles"] == ["many"]} - {"own"}
    reach_out = {name for name in many if SERVICES[name]["networks"] != ["inside"]}
    assert reach_out == {"nginx", "worker-light"}


@every_service
def test_secrets_are_files_and_every_one_is_known(name):
    service = SERVICES[name]
    for key, value in (service.get("environment") or {}).items():
        if key.endswith("_FILE"):
            assert Path(value).name in service["secrets"]
        assert not key.endswith(("PASSWORD", "SECRET_KEY")), key
    assert set(service.get("secrets", [])) <= COMPOSE["secrets"].keys()
    named = {volume.split(":")[0] for volume in service.get("volumes", [])}
    assert {each for each in named if not each.startswith(".")} <= COMPOSE["volumes"].keys()


def test_a_made_secret_is_kept_and_out_of_reach(tmp_path):
    make = [ROOT / "deploy" / "make-secrets", tmp_path / "secrets"]
    subprocess.run(make, check=True, capture_output=True)
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert made.keys() == COMPOSE["secrets"].keys()
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    filled = [text for name, text in made.items() if name != "email_host_password"]
    assert all(len(text) >= 48 for text in filled)
    assert len(set(filled)) == len(filled)
    subprocess.run(make, check=True, capture_output=True)
    assert made == {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}


def test_the_same_versions_as_in_make_stack():
    assert SERVICES["elasticsearch"]["image"] == f"elasticsearch:{elastic.VERSION}"
    assert SERVICES["s3"]["image"] == f"versity/versitygw:{gateway.VERSION}"


def test_the_image_has_every_file_that_the_dockerfile_copies():
    dockerfile = (ROOT / "Dockerfile").read_text()
    allowed = (ROOT / ".dockerignore").read_text().splitlines()
    copied = [
        source
        for line in dockerfile.splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    ]
    assert len(copied) >= 8
    for source in copied:
        source = source.replace("${LOCK}", "scale")
        assert (ROOT / source).exists(), source
        assert f"!{source.split('/')[0]}" in {each.rstrip("/") for each in allowed}, source
    # The lock that leaves the speech model out.
    assert (ROOT / "requirements" / "servers.txt").exists()

"""PostgreSQL, Redis, Elasticsearch and the S3 server: how each is set up, started and asked."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from archive.stack import elastic, gateway
from archive.stack.places import HOST, NOBODY, Home, is_root
from archive.stack.server import CannotStart, Server, answers, as_nobody, own_folder

S3_ACCESS_KEY = "archive"
DATABASE = "archive"


def servers(home: Home, *, durable: bool = True) -> list[Server]:
    """All four, with their data folders. Not `durable`, for tests: nothing waits for a disk."""
    return [postgresql(home, durable), redis(home, durable), elasticsearch(home), s3(home)]


def postgresql(home: Home, durable: bool) -> Server:
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    found = sorted(versions, key=lambda path: int(path.parent.name))
    if not found:
        raise CannotStart("PostgreSQL is not installed. Type: sudo apt-get install postgresql")
    programs, data, port = found[-1], home.folder("postgresql"), home.port("postgresql")
    password = home.secret("database_password")
    if not (data / "PG_VERSION").exists():
        shutil.rmtree(data, ignore_errors=True)
        _make_cluster(programs, own_folder(data), password)
    settings = {
        "port": port,
        "listen_addresses": HOST,
        "unix_socket_directories": "",
        # Old log segments are unlinked, not kept for reuse with an erased story's words in them.
        "wal_recycle": "off",
        # A statement that fails would be logged with what somebody wrote in it.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        # Its snapshots would make a test's scrub wait for another minute.
        "autovacuum": "on" if durable else "off",
        "fsync": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
        "max_connections": 100,
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return Server(
        "postgresql",
        home,
        [str(programs / "postgres"), "-D", str(data), *options],
        lambda: _postgresql_is_ready(programs, port),
        refuses_root=True,
        end=signal.SIGINT,
        folder=data,
    )


def _make_cluster(programs: Path, data: Path, password: Path) -> None:
    """A new set of databases whose first user is ours, with our password."""
    with tempfile.TemporaryDirectory() as room:
        # initdb runs as nobody, who may not read our secrets.
        lent = own_folder(Path(room) / "lent") / "password"
        shutil.copyfile(password, lent)
        if is_root():
            Path(room).chmod(0o755)
            shutil.chown(lent, NOBODY, "nogroup")
        make = ["-D", str(data), "-U", DATABASE, f"--pwfile={lent}"]
        make += ["-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        command: list[str | Path] = [*as_nobody(), programs / "initdb", *make]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)


def _postgresql_is_ready(programs: Path, port: int) -> bool:
    asked: list[str | Path] = [programs / "pg_isready", "-q", "-h", HOST, "-p", str(port)]
    return subprocess.run(asked).returncode == 0


def redis(home: Home, durable: bool) -> Server:
    if not shutil.which("redis-server"):
        raise CannotStart("Redis is not installed. Type: sudo apt-get install redis-server")
    data, port = home.folder("redis"), home.port("redis")
    data.mkdir(exist_ok=True, mode=0o700)
    # In a file, because a command line can be read by everyone on the machine.
    kept = data / "redis.conf"
    kept.touch(mode=0o600)
    snapshot = "300 1" if durable else '""'
    kept.write_text(
        f"bind {HOST}\nport {port}\ndir {data}\nrequirepass {_read(home, 'broker_password')}\n"
        # A lost queue is rung again from the rows: a snapshot now and then is plenty.
        f"appendonly no\nsave {snapshot}\nmaxmemory-policy noeviction\n"
    )
    return Server("redis", home, ["redis-server", str(kept)], lambda: answers(port), folder=data)


def elasticsearch(home: Home) -> Server:
    port = home.port("elasticsearch")
    program, java = elastic.installed(), elastic.find_java()
    data = own_folder(home.folder("elasticsearch"))
    config = elastic.configure(data, port)
    return Server(
        "elasticsearch",
        home,
        [str(program / "bin" / "elasticsearch")],
        lambda: elastic.is_ready(port),
        environment={"ES_JAVA_HOME": str(java), "ES_PATH_CONF": str(config), "HOME": str(data)},
        refuses_root=True,
        patience=180,
        folder=data,
    )


def s3(home: Home) -> Server:
    program = gateway.installed()
    data, port = home.folder("s3"), home.port("s3")
    data.mkdir(exist_ok=True, mode=0o700)
    return Server(
        "s3",
        home,
        [
            str(program),
            "--port",
            f"{HOST}:{port}",
            "--quiet",
            "--health",
            "/health",
            "posix",
            str(data),
        ],
        lambda: _says_ok(f"http://{HOST}:{port}/health"),
        environment={
            "ROOT_ACCESS_KEY": S3_ACCESS_KEY,
            "ROOT_SECRET_KEY": _read(home, "s3_secret_key"),
        },
        folder=data,
    )


def environment(home: Home) -> dict[str, str]:
    """What makes the site use these servers; secrets are named by their files."""
    return {
        "DATABASE": "postgresql",
        "DATABASE_HOST": HOST,
        "DATABASE_PORT": str(home.port("postgresql")),
        "DATABASE_NAME": DATABASE,
        "DATABASE_USER": DATABASE,
        "DATABASE_PASSWORD_FILE": str(home.secret("database_password")),
        "TASK_ENGINE": "celery",
        "BROKER_URL": f"redis://{HOST}:{home.port('redis')}/0",
        "BROKER_PASSWORD_FILE": str(home.secret("broker_password")),
        "STORAGE": "s3",
        "S3_ENDPOINT": f"http://{HOST}:{home.port('s3')}",
        "S3_ACCESS_KEY": S3_ACCESS_KEY,
        "S3_SECRET_KEY_FILE": str(home.secret("s3_secret_key")),
        "SEARCH_ENGINE": "elasticsearch",
        "ELASTICSEARCH_URL": f"http://{HOST}:{home.port('elasticsearch')}",
        "DELIVERY": "nginx",
    }


def create_database(home: Home) -> None:
    """The site's own database in the server, once."""
    import psycopg

    try:
        with psycopg.connect(
            host=HOST, port=home.port("postgresql"), user=DATABASE, dbname="postgres",
            password=_read(home, "database_password"), autocommit=True,
        ) as connection:  # fmt: skip
            there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not there.fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")
    except psycopg.OperationalError as error:
        raise CannotStart(
            f"PostgreSQL does not take the password in {home.secret('database_password')}: it was "
            "made with another. Put that one back, or throw all of this stack's data away with "
            f"rm -rf {home.path}"
        ) from error


def _read(home: Home, secret: str) -> str:
    return home.secret(secret).read_text()


def _says_ok(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - our own address
            return answer.status == 200
    except (urllib.error.URLError, OSError, json.JSONDecodeError):
        return False

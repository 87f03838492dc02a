"""The core Elasticsearch server: fetched from Maven Central, given the English analysis it lacks.

The full distribution is not a package; this is the very server without its modules. It runs as
the official image does for all that our index asks for.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from archive.stack.places import HOST, NOBODY, cache, is_root, making
from archive.stack.server import CannotStart

VERSION = "9.2.0"
ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
OLDEST_JAVA = 21
HEAP = "1g"
PLUGIN = Path(__file__).parent / "analysis"


def is_installed() -> bool:
    return (_folder() / "plugins" / "english-analysis" / "english-analysis.jar").exists()


def installed() -> Path:
    """Where the server lies. Raises CannotStart when it was not set up."""
    if not is_installed():
        raise CannotStart("Elasticsearch is not set up yet. Type: scripts/setup stack")
    return _folder()


def _folder() -> Path:
    return cache() / f"elasticsearch-{VERSION}"


def has_java() -> bool:
    try:
        return bool(find_java())
    except CannotStart:
        return False


def find_java() -> Path:
    """The home of the newest JDK of OLDEST_JAVA or later. Raises CannotStart."""
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    homes += Path("/usr/lib/jvm").glob("*") if Path("/usr/lib/jvm").is_dir() else []
    newest = max(((_version(home), home) for home in homes), default=(0, Path()))
    if newest[0] < OLDEST_JAVA:
        raise CannotStart(
            f"Elasticsearch needs a JDK of version {OLDEST_JAVA} or later, and this machine has "
            "none. Type: sudo apt-get install openjdk-21-jdk-headless, or install Temurin "
            "where your system has no such package."
        )
    return newest[1]


def _version(home: Path) -> int:
    if not (home / "bin" / "javac").exists() or not (home / "release").exists():
        return 0
    found = re.search(r'JAVA_VERSION="(\d+)', (home / "release").read_text())
    return int(found[1]) if found else 0


def install() -> None:
    """Fetch and unpack the server, and build the plugin against its own libraries."""
    target = _folder()
    with making() as work:
        subprocess.run(
            ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={ARTIFACT}",
             f"-DoutputDirectory={work}"], check=True, cwd=work,
        )  # fmt: skip
        with zipfile.ZipFile(work / f"elasticsearch-{VERSION}.zip") as packed:
            packed.extractall(work)
        made = work / f"elasticsearch-{VERSION}"
        for program in (made / "bin").iterdir():
            program.chmod(0o755)
        _build_plugin(made)
        shutil.rmtree(target, ignore_errors=True)
        made.rename(target)


def _build_plugin(server: Path) -> None:
    """The files that a stable plugin is made of:
    https://www.elastic.co/docs/extend/elasticsearch/creating-stable-plugins"""
    java = find_java()
    classes, folder = server.parent / "classes", server / "plugins" / "english-analysis"
    folder.mkdir(parents=True)
    libraries = f"{server / 'lib'}/*"
    source = PLUGIN / "EnglishAnalysis.java"
    level = ["--release", str(OLDEST_JAVA)]
    subprocess.run(
        [java / "bin" / "javac", "-cp", libraries, *level, "-d", classes, source], check=True
    )
    jar = folder / "english-analysis.jar"
    subprocess.run([java / "bin" / "jar", "cf", jar, "-C", classes, "."], check=True)
    shutil.copy(PLUGIN / "named_components.json", folder)
    described = (PLUGIN / "stable-plugin-descriptor.properties").read_text()
    described = described.replace("@VERSION@", VERSION)
    (folder / "stable-plugin-descriptor.properties").write_text(described)


def configure(data: Path, port: int) -> Path:
    """Write the server's settings into its data folder; gives the folder they are in."""
    config = data / "config"
    if not config.exists():
        shutil.copytree(installed() / "config", config)
    (config / "elasticsearch.yml").write_text(
        f"network.host: {HOST}\nhttp.port: {port}\ntransport.port: 0\n"
        "discovery.type: single-node\nxpack.security.enabled: false\n"
        # A full disk is told by the site's own check; the default of 85 % would stop a laptop.
        "cluster.routing.allocation.disk.threshold_enabled: false\n"
        "action.auto_create_index: false\n"
        f"path.data: {data / 'data'}\npath.logs: {data / 'logs'}\n"
    )
    (config / "jvm.options.d").mkdir(exist_ok=True)
    (config / "jvm.options.d" / "heap.options").write_text(
        f"-Xms{HEAP}\n-Xmx{HEAP}\n-Xlog:disable\n-Xlog:all=warning:stderr\n"
    )
    if is_root():
        for path in (config, *config.rglob("*")):
            shutil.chown(path, NOBODY, "nogroup")
    return config


def is_ready(port: int) -> bool:
    """The core server has no root page: its health is asked for."""
    address = f"http://{HOST}:{port}/_cluster/health"
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return json.load(answer)["status"] in {"green", "yellow"}
    except (urllib.error.URLError, OSError, ValueError):
        return False

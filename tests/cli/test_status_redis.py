from __future__ import annotations

import importlib.util
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.bots import migrated
from tests.cli.exposition import samples
from tests.cli.running import run
from tests.manager import children
from tests.manager.test_redis import Server
from tests.monitor.bots import killed


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return migrated(tmp_path / "bot")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A Redis of its own; NONCE_MIGRATE_REQUIRE_SERVERS=1 makes its absence a failure."""
    if not shutil.which("redis-server") or not importlib.util.find_spec("redis"):
        if os.environ.get("NONCE_MIGRATE_REQUIRE_SERVERS") == "1":
            pytest.fail("redis-server or the package redis is missing")
        pytest.skip("redis-server or the package redis is missing")
    running = Server(tmp_path)
    yield running
    running.stop()


def test_a_sequence_in_redis(project: Path, server: Server) -> None:
    url = {"NONCE_REDIS_URL": server.url}
    empty = run(project, "status", **url)
    code = "m.get_nonce()\nsay(int(m.recover_from_error()))"
    nonce = children.run(project, code, **url)

    text = run(project, "status", **url)
    document = json.loads(run(project, "status", "--format", "json", **url).stdout)
    prometheus = run(project, "status", "--format", "prometheus", **url)

    assert (empty.returncode, empty.stdout) == (1, "")
    assert (text.returncode, text.stderr) == (0, "")
    assert f"{str(nonce)[:4]}...{str(nonce)[-4:]} (us)" in text.stdout
    assert document["backend"] == "redis" and document["address"] == server.url
    assert 40 < document["lead_seconds"] <= 60
    assert document["moved_since_recovery_seconds"] == 0
    assert "draws_per_second" not in document and "persistence_ok" not in document
    assert samples(prometheus.stdout, server.url, "redis")["kraken_nonce_state_found"] == 1
    # Looking draws no nonce.
    assert children.run(project, "say(int(m.get_nonce()))", **url) == nonce + 1


def test_a_redis_that_is_gone(project: Path) -> None:
    done = run(project, "status", NONCE_REDIS_URL="redis://me:secret@127.0.0.1:1/0")

    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert "Redis at redis://127.0.0.1:1/0 did not tell" in line
    assert "secret" not in line


def test_files_can_be_looked_at_in_spite_of_redis(project: Path) -> None:
    killed(project)

    done = run(project, "status", "--state-dir", ".", NONCE_REDIS_URL="redis://127.0.0.1:1/0")

    assert done.returncode == 0, done
    assert "backend        file" in done.stdout

"""`shims list` and `shims remove`: who still uses a shim, and that only unused ones go."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import run, run_python, snapshot

_SHIM = "src/utils/unified_kraken_nonce_manager.py"
_NAME = "src.utils.unified_kraken_nonce_manager"
_COORDINATOR = "src/exchange/websocket_nonce_coordinator.py"
_OTHER = """\
from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager


class WebSocketNonceCoordinator:
    def __init__(self, nonce_manager=None):
        self.nonce_manager = nonce_manager or get_unified_nonce_manager()


def helper():
    return get_unified_nonce_manager()
"""


@pytest.fixture
def migrated(bot: Path, migrate: Callable[..., Path]) -> Path:
    """The small bot after apply; nothing uses its shim."""
    return migrate(bot, "--remove-in", "2.0")


@pytest.fixture
def with_two(bot: Path) -> Path:
    """A bot with two shims, of which one uses the other."""
    (bot / _COORDINATOR).parent.mkdir()
    (bot / _COORDINATOR).write_text(_OTHER)
    assert run(bot, "apply").returncode == 0
    assert "get_unified_nonce_manager" in (bot / _COORDINATOR).read_text()
    return bot


def _list(bot: Path, *options: str) -> list[dict[str, object]]:
    done = run(bot, "shims", "list", "--format", "json", *options)
    assert done.returncode == 0, done.stderr
    shims: list[dict[str, object]] = json.loads(done.stdout)["shims"]
    return shims


def test_an_unused_shim_is_listed_as_such(migrated: Path) -> None:
    done = run(migrated, "shims", "list")

    assert done.returncode == 0
    assert done.stdout == (
        f"{_SHIM} (unified_kraken_nonce_manager, to be removed in 2.0): nobody uses it\n"
    )


def test_an_unused_shim_goes_and_comes_back(migrated: Path) -> None:
    before = snapshot(migrated)

    done = run(migrated, "shims", "remove")

    assert (done.returncode, done.stdout) == (0, f"Removed {_SHIM}\n")
    assert set(before) - set(snapshot(migrated)) == {_SHIM}
    assert run(migrated, "check").returncode == 0
    assert run_python(migrated, "import src.rest").returncode == 0
    assert run(migrated, "undo").returncode == 0
    assert snapshot(migrated) == before


@pytest.mark.parametrize(
    ("path", "text", "line", "how"),
    [
        ("src/late.py", f"from {_NAME} import anything\n", 1, "import"),
        ("tests/late.py", f"from unittest.mock import patch\n\npatch('{_NAME}.x')\n", 3, "string"),
        (
            "run.py",
            f"import runpy\n\nrunpy.run_path('{_SHIM}')\n",
            3,
            "string",
        ),
        ("deploy.yaml", f"manager: {_NAME}.get_nonce\n", 1, "configuration"),
        ("notes.md", f"Import `{_NAME}`.\n", 1, "configuration"),
        ("torn.py", f"import {_NAME}\nprint 'old'\n", 2, "could not be looked into"),
    ],
)
def test_one_that_is_used_stays_and_the_user_is_told(
    migrated: Path, path: str, text: str, line: int, how: str
) -> None:
    (migrated / path).parent.mkdir(exist_ok=True)
    (migrated / path).write_text(text)
    before = snapshot(migrated)

    done = run(migrated, "shims", "remove")

    assert done.returncode == 1
    assert done.stdout.startswith(f"{_SHIM} stays; it is used in 1 place:\n  {path}:{line}: {how}")
    assert snapshot(migrated) == before


@pytest.mark.parametrize("setting", ['exclude = ["attic/"]', 'ignore = ["NM1", "NM2"]'])
def test_what_settings_leave_out_counts_all_the_same(migrated: Path, setting: str) -> None:
    """It breaks like all else when the shim is gone."""
    (migrated / "nonce-migrate.toml").write_text(setting)
    (migrated / "attic").mkdir()
    (migrated / "attic/old.py").write_text(f"import {_NAME}\n")

    done = run(migrated, "shims", "remove")

    assert done.returncode == 1 and "attic/old.py:1: import" in done.stdout
    assert (migrated / _SHIM).exists()


def test_a_shim_that_another_one_uses_goes_with_it_only(with_two: Path) -> None:
    refused = run(with_two, "shims", "remove", "unified_kraken_nonce_manager")
    assert refused.returncode == 1
    assert f"  {_COORDINATOR}:" in refused.stdout and (with_two / _SHIM).exists()

    done = run(with_two, "shims", "remove")

    assert done.returncode == 0
    assert not (with_two / _SHIM).exists() and not (with_two / _COORDINATOR).exists()


def test_one_that_is_used_keeps_the_one_that_it_uses(with_two: Path) -> None:
    (with_two / "late.py").write_text("from src.exchange import websocket_nonce_coordinator\n")

    done = run(with_two, "shims", "remove")

    assert done.returncode == 1 and "Removed" not in done.stdout
    assert (with_two / _SHIM).exists() and (with_two / _COORDINATOR).exists()


def test_the_unused_ones_go_and_the_others_stay(with_two: Path) -> None:
    (with_two / "late.py").write_text(f"import {_NAME}\n")

    done = run(with_two, "shims", "remove")

    assert done.returncode == 1
    assert f"Removed {_COORDINATOR}\n" in done.stdout
    assert (with_two / _SHIM).exists() and not (with_two / _COORDINATOR).exists()


def test_a_caller_that_no_scan_can_see_is_seen_in_a_log(migrated: Path, tmp_path: Path) -> None:
    (migrated / "late.py").write_text(
        "import importlib\n"
        "name = '_'.join(['unified', 'kraken', 'nonce', 'manager'])\n"
        "importlib.import_module('src.utils.' + name).get_unified_nonce_manager()\n"
    )
    assert _list(migrated)[0]["users"] == []
    use = "import runpy, warnings; warnings.simplefilter('always'); runpy.run_path('late.py')"
    log = tmp_path / "run.log"
    log.write_text(run_python(migrated, use).stderr)

    (shim,) = _list(migrated, "--seen", str(log))
    done = run(migrated, "shims", "remove", "--seen", str(log))

    assert shim["users"] == [
        {
            "path": "late.py",
            "line": 3,
            "how": "seen in a run",
            "symbol": "get_unified_nonce_manager",
        }
    ]
    assert done.returncode == 1 and (migrated / _SHIM).exists()


def test_the_stub_goes_with_its_shim(bot: Path) -> None:
    (bot / f"{_SHIM}i").write_text("def get_unified_nonce_manager(): ...\n")
    run(bot, "apply")

    done = run(bot, "shims", "remove")

    assert (done.returncode, done.stdout) == (0, f"Removed {_SHIM}\nRemoved {_SHIM}i\n")
    assert not (bot / f"{_SHIM}i").exists()


def test_a_dry_run_removes_nothing(migrated: Path) -> None:
    before = snapshot(migrated)
    done = run(migrated, "shims", "remove", "--dry-run")

    assert (done.returncode, done.stdout) == (0, f"Would remove {_SHIM}\n")
    assert snapshot(migrated) == before


@pytest.mark.parametrize("name", [_NAME, "unified_kraken_nonce_manager", _SHIM, f"./{_SHIM}"])
def test_a_shim_is_known_by_its_module_and_its_file(migrated: Path, name: str) -> None:
    assert run(migrated, "shims", "remove", name).returncode == 0
    assert not (migrated / _SHIM).exists()


def test_an_unknown_name_is_one_line(migrated: Path) -> None:
    done = run(migrated, "shims", "remove", "nonce_manger", _NAME)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"nonce-migrate: nonce_manger: no shim of that name; possible: {_NAME}\n"
    assert (migrated / _SHIM).exists()


def test_a_log_that_is_not_there_is_one_line(migrated: Path) -> None:
    done = run(migrated, "shims", "list", "--seen", "nowhere.log")

    assert done.returncode == 2
    assert done.stderr == "nonce-migrate: --seen: nowhere.log: No such file or directory\n"


def test_a_shim_with_uncommitted_changes_stays_unless_that_is_allowed(migrated: Path) -> None:
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "bot"]):
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *words]
        subprocess.run(git, cwd=migrated, check=True)
    path = migrated / _SHIM
    path.write_text(path.read_text() + "# mine\n")

    refused = run(migrated, "shims", "remove")
    assert refused.returncode == 2 and "uncommitted changes" in refused.stderr
    assert path.exists()
    assert run(migrated, "shims", "remove", "--allow-dirty").returncode == 0
    assert not path.exists()


def test_a_project_without_shims_says_so(clean: Path) -> None:
    for command in ("list", "remove"):
        done = run(clean, "shims", command)
        assert (done.returncode, done.stdout) == (0, "There is no shim here.\n")


def test_a_removal_that_breaks_a_test_is_put_back(migrated: Path) -> None:
    (migrated / "late.py").write_text(
        "import importlib\n"
        "name = '_'.join(['unified', 'kraken', 'nonce', 'manager'])\n"
        "importlib.import_module('src.utils.' + name)\n"
    )
    before = snapshot(migrated)

    worse = run(migrated, "shims", "remove", "--verify", "python -B late.py")
    assert worse.returncode == 2 and "Removed" not in worse.stdout
    assert "late.py" in worse.stderr
    assert snapshot(migrated) == before

    (migrated / "late.py").unlink()
    assert run(migrated, "shims", "remove", "--verify", "imports").returncode == 0
    assert not (migrated / _SHIM).exists()

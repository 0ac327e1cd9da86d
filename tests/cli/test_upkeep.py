"""A migrated bot some time later: its copy of the manager was edited, or a new one is out.

"Later" is a copy of this package that ships the next release, run like the one that it replaces.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

import nonce_migrate
from tests.cli.running import environment, run, snapshot

_TARGET = "src/utils/consolidated_nonce_manager.py"


@pytest.fixture
def migrated(bot: Path, migrate: Callable[..., Path]) -> Path:
    """The small bot after apply."""
    return migrate(bot)


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the next release of the tool, whose manager is 4.1.0."""
    package = tmp_path_factory.mktemp("later") / "nonce_migrate"
    source = Path(nonce_migrate.__file__).parent
    shutil.copytree(source, package, ignore=shutil.ignore_patterns("__pycache__"))
    manager = package / "vendored" / "consolidated_nonce_manager.py"
    data = manager.read_bytes().replace(b'"4.0.0"', b'"4.1.0"', 1)
    manager.write_bytes(data)
    with (package / "vendored" / "releases.toml").open("a") as file:
        file.write(f'\n[[release]]\nversion = "4.1.0"\nsha256 = "{sha256(data).hexdigest()}"\n')
    return package.parent


def _run_later(later: Path, bot: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nonce_migrate", *arguments],
        cwd=bot,
        env=environment(PYTHONPATH=str(later)),
        capture_output=True,
        text=True,
        check=False,
    )


def _append(path: Path, data: bytes) -> None:
    path.write_bytes(path.read_bytes() + data)


def test_an_untouched_copy_passes(migrated: Path) -> None:
    done = run(migrated, "check", ".")

    assert (done.returncode, done.stdout) == (0, "")
    assert "NM60" not in done.stderr


def test_an_edited_copy_fails_check_at_the_line_of_the_edit(migrated: Path) -> None:
    _append(migrated / _TARGET, b"\n# faster\n")
    lines = (migrated / _TARGET).read_bytes().count(b"\n") - 1

    done = run(migrated, "check", ".")

    assert done.returncode == 1
    assert done.stdout.startswith(f"{_TARGET}:{lines}:1: NM601 manual manager version 4.0.0")
    assert "No legacy imports" in done.stderr
    assert "1 finding on what goes along with a migration" in done.stderr


def test_an_edit_can_be_accepted(migrated: Path) -> None:
    _append(migrated / _TARGET, b"\n")

    assert run(migrated, "check", "--ignore", "NM601").returncode == 0
    assert run(migrated, "check", "src/rest.py").returncode == 0


def test_scan_and_check_as_json_tell_of_an_edited_copy(migrated: Path) -> None:
    _append(migrated / _TARGET, b"\n")

    for command in ("scan", "check"):
        told = json.loads(run(migrated, command, "--format", "json").stdout)
        assert "NM601" in [finding["code"] for finding in told["findings"]], command


def test_a_checkout_with_crlf_is_no_edit(migrated: Path) -> None:
    path = migrated / _TARGET
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    before = snapshot(migrated)

    assert run(migrated, "check", ".").returncode == 0
    assert run(migrated, "apply", "--upgrade-manager").returncode == 0
    assert snapshot(migrated) == before


def test_an_outdated_copy_is_warned_of_and_does_not_fail(migrated: Path, later: Path) -> None:
    done = _run_later(later, migrated, "check", ".")

    assert (done.returncode, done.stdout) == (0, "")
    warning = f"nonce-migrate: warning: {_TARGET}:1:1: NM602 manual manager version 4.0.0"
    assert done.stderr.startswith(warning)
    assert "`nonce-migrate apply --upgrade-manager`" in done.stderr


def test_an_outdated_copy_fails_where_it_is_selected(migrated: Path, later: Path) -> None:
    assert _run_later(later, migrated, "check", "--select", "NM602").returncode == 1
    quiet = _run_later(later, migrated, "check", "--ignore", "NM602")
    assert quiet.returncode == 0 and "NM602" not in quiet.stderr


def test_a_warning_is_no_finding_of_the_json_that_passed(migrated: Path, later: Path) -> None:
    done = _run_later(later, migrated, "check", "--format", "json")

    told = json.loads(done.stdout)
    assert (done.returncode, told["passed"], told["findings"]) == (0, True, [])
    assert "NM602" in done.stderr


def test_an_upgrade_renews_the_copy_and_can_be_undone(migrated: Path, later: Path) -> None:
    before = snapshot(migrated)
    assert _run_later(later, migrated, "apply", ".").returncode == 0
    assert snapshot(migrated) == before, "apply alone renews nothing"

    shown = _run_later(later, migrated, "apply", "--upgrade-manager", "--dry-run")
    assert shown.returncode == 1 and '+__version__ = "4.1.0"' in shown.stdout
    done = _run_later(later, migrated, "apply", "--upgrade-manager")

    assert done.returncode == 0, done.stderr
    assert "restart every process of the bot" in done.stdout
    changed = {path for path, data in snapshot(migrated).items() if before[path] != data}
    assert changed == {_TARGET}
    assert b'__version__ = "4.1.0"' in (migrated / _TARGET).read_bytes()
    assert "NM60" not in _run_later(later, migrated, "check").stderr
    assert _run_later(later, migrated, "undo").returncode == 0
    assert snapshot(migrated) == before


def test_an_upgrade_keeps_the_line_ends_of_the_checkout(migrated: Path, later: Path) -> None:
    path = migrated / _TARGET
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert _run_later(later, migrated, "apply", "--upgrade-manager").returncode == 0

    data = path.read_bytes()
    assert b'"4.1.0"\r\n' in data and data.count(b"\n") == data.count(b"\r\n")


def test_an_upgrade_throws_no_edit_away_unless_forced(migrated: Path, later: Path) -> None:
    _append(migrated / _TARGET, b"# ours\n")
    before = snapshot(migrated)

    refused = _run_later(later, migrated, "apply", "--upgrade-manager")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"{_TARGET}: the manager there (version 4.0.0) was edited" in refused.stderr
    assert "--force" in refused.stderr and refused.stderr.count("\n") == 1
    assert snapshot(migrated) == before

    assert _run_later(later, migrated, "apply", "--upgrade-manager", "--force").returncode == 0
    assert b"# ours" not in (migrated / _TARGET).read_bytes()


def test_a_later_copy_than_the_tool_is_never_put_back(migrated: Path, later: Path) -> None:
    assert _run_later(later, migrated, "apply", "--upgrade-manager").returncode == 0
    before = snapshot(migrated)

    checked = run(migrated, "check", ".")
    assert checked.returncode == 0
    assert "NM602 manual manager version 4.1.0" in checked.stderr
    assert "upgrade nonce-migrate here" in checked.stderr
    assert run(migrated, "apply", "--upgrade-manager").returncode == 2
    assert snapshot(migrated) == before


def test_nothing_is_installed_where_nothing_needs_it(clean: Path) -> None:
    before = snapshot(clean)

    assert run(clean, "apply", "--upgrade-manager").returncode == 0
    assert snapshot(clean) == before


def test_an_upgrade_without_the_manager_is_wrong_use(bot: Path) -> None:
    done = run(bot, "apply", "--upgrade-manager", "--no-vendor")

    assert done.returncode == 2 and "exclude each other" in done.stderr


def test_code_is_not_moved_onto_a_copy_that_lacks_what_it_needs(bot: Path) -> None:
    """Rewritten to names that are not there, the bot would not even start."""
    own = '# nonce-migrate: consolidated nonce manager\n__version__ = "4.0.0"\n'
    (bot / _TARGET).write_text(own)
    before = snapshot(bot)

    done = run(bot, "apply", ".")

    assert (done.returncode, done.stdout) == (2, "")
    assert f"{_TARGET}: the manager there (version 4.0.0) was edited and lacks" in done.stderr
    assert "--force replaces it" in done.stderr and done.stderr.count("\n") == 1
    assert snapshot(bot) == before


def test_code_is_moved_onto_a_copy_with_more_in_it(bot: Path, migrate: Callable[..., Path]) -> None:
    migrate(bot)
    _append(bot / _TARGET, b"\n\ndef ours():\n    return 1\n")
    (bot / "src/late.py").write_text(
        "import src.utils.unified_kraken_nonce_manager as m\n\nm.get_unified_nonce_manager()\n"
    )

    done = run(bot, "apply", ".")

    assert done.returncode == 0, done
    assert "was edited and was left alone" in done.stdout
    assert b"def ours" in (bot / _TARGET).read_bytes()

"""Shims that are to go: what apply writes into them, and what check says as time goes by."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nonce_migrate.codes import page
from nonce_migrate.model import Code
from tests.cli.running import run, run_python, snapshot

_SHIM = "src/utils/unified_kraken_nonce_manager.py"
_LINE = "# nonce-migrate: remove in "


def _epoch(day: str) -> str:
    return str(int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()))


def _check(bot: Path, day: str, *options: str) -> subprocess.CompletedProcess[str]:
    return run(bot, "check", *options, SOURCE_DATE_EPOCH=_epoch(day))


@pytest.fixture
def migrated(bot: Path, migrate: Callable[..., Path]) -> Path:
    """The small bot after apply, with shims that are to go on a day."""
    return migrate(bot, "--remove-in", "2027-03-01")


def test_the_day_stands_in_the_shim_and_in_its_warning(migrated: Path) -> None:
    assert (migrated / _SHIM).read_text().splitlines()[1] == _LINE + "2027-03-01"
    use = "from src.utils import unified_kraken_nonce_manager as m\nm.get_unified_nonce_manager()\n"

    done = run_python(migrated, f"import warnings\nwarnings.simplefilter('always')\n{use}")

    assert done.returncode == 0
    assert "DeprecationWarning: get_unified_nonce_manager of src.utils" in done.stderr
    assert "; this module goes on 2027-03-01" in done.stderr


@pytest.mark.parametrize(
    ("day", "status", "said"),
    [
        ("2027-01-29", 0, ""),
        ("2027-01-30", 0, "NM604"),
        ("2027-02-28", 0, "on 2027-03-01, in 1 day;"),
        ("2027-03-01", 1, "NM603"),
        ("2030-01-01", 1, "the shim was to go on 2027-03-01;"),
    ],
)
def test_check_warns_before_the_day_and_fails_from_then_on(
    migrated: Path, day: str, status: int, said: str
) -> None:
    done = _check(migrated, day)

    assert done.returncode == status
    assert said in (done.stdout if status else done.stderr)
    assert ("NM60" in done.stdout) is bool(status)
    assert ("warning: " in done.stderr) is (bool(said) and not status)


def test_a_warning_fails_where_it_is_selected(migrated: Path) -> None:
    assert _check(migrated, "2027-02-20", "--select", "NM6").returncode == 1
    assert _check(migrated, "2027-03-20", "--ignore", "NM603").returncode == 0


def test_a_shim_that_stands_alone_is_told_of(migrated: Path) -> None:
    """Without the manager that it leads to, which is the other thing that upkeep is about."""
    (migrated / "src/utils/consolidated_nonce_manager.py").unlink()

    done = _check(migrated, "2027-03-20")

    assert done.returncode == 1
    assert f"{_SHIM}:2:1: NM603" in done.stdout


def test_json_has_the_place_of_the_line(migrated: Path) -> None:
    told = json.loads(_check(migrated, "2027-03-20", "--format", "json").stdout)

    (finding,) = told["findings"]
    assert (finding["path"], finding["line"], finding["code"]) == (_SHIM, 2, "NM603")
    assert finding["system"] == "unified_kraken_nonce_manager"


@pytest.mark.parametrize(
    ("version", "status"), [("1.9", 0), ("2.0rc1", 0), ("2.0", 1), ("2.0.0", 1), ("10.0", 1)]
)
def test_a_version_is_compared_as_pip_compares_them(bot: Path, version: str, status: int) -> None:
    assert run(bot, "apply", "--remove-in", "2.0").returncode == 0
    (bot / "pyproject.toml").write_text(f'[project]\nname = "bot"\nversion = "{version}"\n')

    done = run(bot, "check")

    assert done.returncode == status
    assert "NM604" not in done.stderr
    if status:
        assert f"the shim was to go in 2.0; this project is {version}" in done.stdout


def test_a_project_without_a_version_is_warned(bot: Path) -> None:
    assert run(bot, "apply", "--remove-in", "2.0").returncode == 0
    (bot / "pyproject.toml").write_text("")

    done = run(bot, "check")

    assert done.returncode == 0
    assert "NM604" in done.stderr and "nothing tells the version of this project" in done.stderr


def test_a_line_that_cannot_be_read_fails(migrated: Path) -> None:
    path = migrated / _SHIM
    path.write_text(path.read_text().replace(_LINE + "2027-03-01", _LINE + "next spring"))

    done = run(migrated, "check")

    assert done.returncode == 1
    assert f"{_SHIM}:2:1: NM603" in done.stdout and "'next spring': give a day" in done.stdout


def test_the_setting_counts_and_the_option_wins(bot: Path) -> None:
    (bot / "nonce-migrate.toml").write_text('shims-remove-in = "2.0"\n')
    assert run(bot, "apply").returncode == 0
    assert _LINE + "2.0\n" in (bot / _SHIM).read_text()
    made = snapshot(bot)
    assert run(bot, "apply").returncode == 0
    assert snapshot(bot) == made, "a second run changes nothing"

    assert run(bot, "apply", "--remove-in", "2028-01-01").returncode == 0
    assert _LINE + "2028-01-01\n" in (bot / _SHIM).read_text()


def test_a_shim_that_is_there_can_be_put_off_and_that_can_be_undone(migrated: Path) -> None:
    before = snapshot(migrated)
    assert run(migrated, "apply").returncode == 0
    assert snapshot(migrated) == before, "without a word about it a shim keeps its day"

    done = run(migrated, "apply", "--remove-in", "never")

    assert done.returncode == 0
    changed = {path for path, data in snapshot(migrated).items() if before[path] != data}
    assert changed == {_SHIM}
    assert "remove in" not in (migrated / _SHIM).read_text()
    assert _check(migrated, "2030-01-01").returncode == 0
    assert run(migrated, "undo").returncode == 0
    assert snapshot(migrated) == before


def test_line_ends_of_a_checkout_stay(migrated: Path) -> None:
    path = migrated / _SHIM
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert _check(migrated, "2027-03-20").returncode == 1

    assert run(migrated, "apply", "--remove-in", "2028-01-01").returncode == 0

    data = path.read_bytes()
    assert b"remove in 2028-01-01\r\n" in data and data.count(b"\n") == data.count(b"\r\n")


@pytest.mark.parametrize("value", ["soon", "2027-3-1", ""])
def test_a_value_that_cannot_be_is_wrong_use(bot: Path, value: str) -> None:
    before = snapshot(bot)
    done = run(bot, "apply", "--remove-in", value)

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "--remove-in: " in done.stderr and "give a day" in done.stderr
    assert snapshot(bot) == before


def test_a_clock_that_cannot_be_is_one_line(migrated: Path) -> None:
    done = run(migrated, "check", SOURCE_DATE_EPOCH="yesterday")

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "SOURCE_DATE_EPOCH: 'yesterday'" in done.stderr


def test_a_wrong_setting_is_told_with_its_line(bot: Path) -> None:
    (bot / "nonce-migrate.toml").write_text('shims-remove-in = "soon"\n')
    done = run(bot, "check")

    assert done.returncode == 2
    assert "nonce-migrate.toml:1: shims-remove-in: 'soon': give a day" in done.stderr


@pytest.mark.parametrize(
    ("code", "day"), [(Code.SHIM_EXPIRED, "2027-03-01"), (Code.SHIM_DUE, "2027-02-17")]
)
def test_the_page_of_the_code_shows_what_check_says(
    bot: Path, migrate: Callable[..., Path], code: Code, day: str
) -> None:
    migrate(bot, "--remove-in", "2027-03-01")
    done = _check(bot, day)
    (shown,) = (line for line in page(code).splitlines() if f": {code} manual" in line)
    other = shown.replace("src/auth/nonce_manager", _SHIM.removesuffix(".py"))
    other = other.replace("src.auth.nonce_manager", _SHIM.removesuffix(".py").replace("/", "."))
    other = other.replace("(nonce_manager)", "(unified_kraken_nonce_manager)")

    assert other.endswith("; ...")
    assert any(
        line.startswith(other.removesuffix("..."))
        for line in (done.stdout + done.stderr).splitlines()
    ), (other, done)

"""The fixture bot, migrated by the command line and run before and after."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bots.running import BOT, PROJECT, Run, found, own_tests, planted, run, session, tool

pytestmark = pytest.mark.xdist_group("legacy_bot")


def contents(root: Path) -> dict[str, bytes]:
    """Every file with its bytes, but for what undo needs."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".nonce-migrate" not in path.parts
    }


@dataclass(frozen=True)
class Migrated:
    """The bot before (untouched copy) and after, and what the tool said."""

    before: Path
    after: Path
    applied: Run
    report: dict[str, object]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Migrated:
    before = tmp_path_factory.mktemp("before") / "bot"
    after = tmp_path_factory.mktemp("after") / "bot"
    for copy in (before, after):
        shutil.copytree(BOT, copy, symlinks=True)
    report = tmp_path_factory.mktemp("report")
    applied = tool(after, "apply", ".", "--report", str(report))
    return Migrated(before, after, applied, json.loads((report / "report.json").read_text("utf-8")))


def test_scan_finds_what_was_planted_and_nothing_else() -> None:
    wanted, told = planted(BOT), found(BOT)
    assert sorted((wanted - told).elements()) == [], "planted, not found"
    assert sorted((told - wanted).elements()) == [], "found, not planted"


def test_the_bot_is_large_enough() -> None:
    own = [p for p in BOT.rglob("*.py") if "emergency_backups" not in p.parts]
    referring = {line.partition(":")[0] for line in planted(BOT) if " NM001 " not in line}
    assert len(own) >= 75
    assert len(referring) >= 50


def test_check_fails_before_and_passes_after(migrated: Migrated) -> None:
    before = tool(migrated.before, "check", ".")
    assert before.status == 1
    assert "src.utils.consolidated_nonce_manager" in before.out
    after = tool(migrated.after, "check", ".")
    assert (after.status, after.out) == (0, "")


def test_apply_migrates_at_least_fifty_files(migrated: Migrated) -> None:
    assert migrated.applied.status in (0, 1), migrated.applied.err
    before, after = contents(migrated.before), contents(migrated.after)
    rewritten = [path for path in before if before[path] != after[path]]
    assert len(rewritten) >= 50
    assert set(before) <= set(after)
    assert set(after) - set(before) == {"src/utils/consolidated_nonce_manager.py"}


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    shutil.copytree(BOT, tmp_path / "bot", symlinks=True)
    before = contents(tmp_path)
    done = tool(tmp_path / "bot", "apply", "--dry-run", ".")
    assert done.status == 1
    assert "+from src.utils.consolidated_nonce_manager import" in done.out
    assert contents(tmp_path) == before


def test_a_second_apply_changes_no_byte(migrated: Migrated, tmp_path: Path) -> None:
    shutil.copytree(migrated.after, tmp_path / "bot", symlinks=True)
    before = contents(tmp_path)
    done = tool(tmp_path / "bot", "apply", ".")
    assert done.status in (0, 1), done.err
    assert contents(tmp_path) == before


def test_every_file_compiles_that_compiled(migrated: Migrated) -> None:
    before, after = contents(migrated.before), contents(migrated.after)
    broken = {path for path in before if path.endswith(".py") and not compiles(before[path])}
    assert {path for path in after if path.endswith(".py") and not compiles(after[path])} == broken
    assert broken == {"scripts/old_report.py"}


def compiles(data: bytes) -> bool:
    """Whether Python compiles a file."""
    try:
        compile(data, "file", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def test_every_module_imports_that_imported(migrated: Migrated) -> None:
    script = str(PROJECT / "tests" / "bots" / "importing.py")
    before, after = run(migrated.before, script), run(migrated.after, script)
    assert len(before.out.split()) > 40, before.err
    assert sorted(set(before.out.split()) - set(after.out.split())) == []


def test_line_ends_and_encodings_are_kept(migrated: Migrated) -> None:
    before, after = contents(migrated.before), contents(migrated.after)
    rewritten = [p for p in before if p.endswith(".py") and before[p] != after[p]]
    for path in rewritten:
        old, new = before[path], after[path]
        assert old.startswith(b"\xef\xbb\xbf") == new.startswith(b"\xef\xbb\xbf"), path
        if b"# nonce-migrate: deprecation shim" not in new[:200]:
            assert old.endswith(b"\n") == new.endswith(b"\n"), path
            assert (b"\r\n" in old) == (b"\r\n" in new), path


def test_the_bots_own_tests_pass_before_and_after(migrated: Migrated) -> None:
    for bot in (migrated.before, migrated.after):
        done = own_tests(bot)
        assert done.status == 0, done.out[-3000:]


def test_rogue_nonces_come_from_the_manager_after_an_unsafe_run(tmp_path: Path) -> None:
    bot = tmp_path / "bot"
    shutil.copytree(BOT, bot, symlinks=True)
    assert tool(bot, "check", "--select", "NM5", ".").status == 1
    assert tool(bot, "apply", "--unsafe", ".").status == 1
    left = tool(bot, "check", "--select", "NM5", ".")
    assert [line.split(":")[0] for line in left.out.splitlines()] == [
        "src/exchange/counting_nonce.py",
        "src/exchange/quick_nonce.py",
    ]
    before = contents(bot)
    assert tool(bot, "apply", "--unsafe", ".").status == 1
    assert contents(bot) == before
    code = (
        "from examples.raw_request import body_of\n"
        "from src.rest.fast_client import FastClient\n"
        "from src.rest.futures import futures_headers\n"
        "client = FastClient('k', 'c2VjcmV0')\n"
        "print(body_of('x').partition('&')[0].split('=')[1],"
        " client.build('Balance', {})['body'].split('=')[1],"
        " futures_headers('k', 'c2VjcmV0', '/x')['Nonce'])\n"
    )
    state = tmp_path / "state"
    state.mkdir()
    drawn = run(bot, "-c", code, state=state)
    assert drawn.status == 0, drawn.err
    numbers = drawn.out.split()
    assert numbers == sorted(set(numbers)) and [len(number) for number in numbers] == [16] * 3


def test_the_exchange_rejects_nonces_before_and_none_after(
    migrated: Migrated, tmp_path: Path
) -> None:
    before = session(migrated.before, tmp_path / "before")
    after = session(migrated.after, tmp_path / "after")
    assert before["rejected_invalid_nonce"] > 0
    assert after["rejected_invalid_nonce"] == 0
    assert after["accepted"] == after["calls"] >= before["calls"] // 2 > 0


def test_the_report_says_what_was_done(migrated: Migrated) -> None:
    text = json.dumps(migrated.report)
    assert "4.0.0" in text
    assert all(module in text for module in ("kraken_nonce_manager", "emergency_nonce_fix"))

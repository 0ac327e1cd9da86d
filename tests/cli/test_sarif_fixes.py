"""The fixes of a SARIF log, applied by another program, give what apply writes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.running import run, snapshot
from tests.reports.formats.sarif_applier import apply_fixes

_IMPORT = "from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager\n"
_FILES = {
    "src/crlf.py": f"{_IMPORT}\nx = get_unified_nonce_manager()\n".replace("\n", "\r\n").encode(),
    "src/bom.py": b"\xef\xbb\xbf" + _IMPORT.encode() + "ü = get_unified_nonce_manager()".encode(),
    "src/latin.py": b"# coding: latin-1\n" + _IMPORT.encode() + b"# \xe9\n",
    "src/a b%,é.py": f"if True:\n    {_IMPORT}".encode(),
    # Whose name stays for the sake of the other, which a check does not look at.
    "src/hub.py": _IMPORT.encode(),
    "config.yaml": b"hub: src.hub:get_unified_nonce_manager\n",
    "docs/how.md": f"# How\n\n```python\n{_IMPORT}```\n".encode(),
    "docs/bytes.md": f"# \xff\n\n```python\n{_IMPORT}```\n".encode("latin-1"),
}


@pytest.fixture
def varied_bot(stubborn_bot: Path) -> Path:
    for name, data in _FILES.items():
        path = stubborn_bot / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return stubborn_bot


_LEGACY = "src/utils/unified_kraken_nonce_manager.py"


@pytest.mark.parametrize(
    ("command", "untold"),
    [
        ("scan", set()),
        ("apply --dry-run", {_LEGACY}),  # a shim is no finding of it
        ("check", {_LEGACY, "docs/how.md", "docs/bytes.md"}),  # it looks at imports in code
    ],
)
def test_the_fixes_of_a_log_give_the_bytes_that_apply_writes(
    varied_bot: Path, tmp_path: Path, command: str, untold: set[str]
) -> None:
    log = tmp_path / "log.sarif"
    other = tmp_path / "other"
    shutil.copytree(varied_bot, other)
    before = snapshot(varied_bot)
    run(varied_bot, *command.split(), "--output", str(log))
    assert snapshot(varied_bot) == before
    run(varied_bot, "apply")
    fixed = apply_fixes(json.loads(log.read_text()), other)

    written = snapshot(varied_bot)
    changed = {name for name in before if written[name] != before[name]}
    assert changed - untold and fixed
    for name, data in snapshot(other).items():
        assert data == (written if name in changed - untold else before)[name], name


def test_where_no_plan_can_be_made_there_are_no_fixes_and_that_is_said(bot: Path) -> None:
    (bot / "src/utils/consolidated_nonce_manager.py").write_text("mine = True\n")
    done = run(bot, "scan", "--format", "sarif")

    assert done.returncode == 0
    assert "without fixes" in done.stderr and len(done.stderr.splitlines()) == 1
    (log,) = json.loads(done.stdout)["runs"]
    assert log["results"] and not any("fixes" in result for result in log["results"])


def test_the_kept_result_has_the_fixes_too(bot: Path, tmp_path: Path) -> None:
    kept = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "NONCE_MIGRATE_KEEP_RESULT": "yes"}
    told = run(bot, "scan", "--format", "sarif", **kept)

    assert run(bot, "report", "--format", "sarif", **kept).stdout == told.stdout

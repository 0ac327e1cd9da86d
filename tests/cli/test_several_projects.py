from __future__ import annotations

import json
from pathlib import Path

from tests.cli.running import run


def test_a_check_looks_at_each_project_by_its_own_settings(bot: Path, clean: Path) -> None:
    (clean / "pyproject.toml").write_text('[tool.nonce-migrate]\nexclude = ["old/"]\n')
    (clean / "old").mkdir()
    (clean / "old/a.py").write_text((bot / "src/rest.py").read_text())
    done = run(bot.parent, "check", "bot", "clean")

    assert done.returncode == 1
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == ["bot/src/rest.py"]
    assert "in 1 of 6 Python files" in done.stderr


def test_a_scan_tells_paths_from_the_folder_around_all_projects(bot: Path, clean: Path) -> None:
    scanned = json.loads(run(bot.parent, "scan", "--format", "json", "bot", "clean").stdout)

    assert scanned["root"] == str(bot.parent)
    assert {f["path"] for f in scanned["findings"]} == {
        "bot/src/rest.py",
        "bot/src/utils/unified_kraken_nonce_manager.py",
    }


def test_apply_changes_one_project_at_a_time(bot: Path, clean: Path) -> None:
    done = run(bot.parent, "apply", "--dry-run", "bot", "clean")

    assert (done.returncode, done.stdout) == (2, "")
    assert "run once for each" in done.stderr

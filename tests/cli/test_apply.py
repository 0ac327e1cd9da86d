from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import run, run_python, snapshot


def test_a_bot_that_is_wholly_migrated_gives_0_and_passes_check(bot: Path) -> None:
    done = run(bot, "apply")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Wrote ")
    assert "nothing for a person" in done.stdout
    assert "consolidated_nonce_manager" in (bot / "src/rest.py").read_text()
    assert (bot / "src/utils/consolidated_nonce_manager.py").is_file()
    assert run(bot, "check").returncode == 0


def test_what_is_left_gives_1_with_the_step(stubborn_bot: Path) -> None:
    done = run(stubborn_bot, "apply")

    assert done.returncode == 1
    assert "src/jump.py" in done.stdout and "NM302" in done.stdout
    assert "why: " in done.stdout and "do:  " in done.stdout


def test_a_second_apply_changes_nothing(bot: Path) -> None:
    run(bot, "apply")
    before = snapshot(bot)
    done = run(bot, "apply")

    assert done.returncode == 0
    assert done.stdout.startswith("Nothing to change.")
    assert snapshot(bot) == before


def test_a_dry_run_writes_nothing_and_prints_the_diff(bot: Path) -> None:
    before = snapshot(bot)
    done = run(bot, "apply", "--dry-run")

    assert done.returncode == 1
    assert done.stdout.startswith("diff --git a/")
    assert "Would write" in done.stderr
    assert snapshot(bot) == before


@pytest.mark.skipif(shutil.which("patch") is None, reason="needs patch")
def test_the_diff_of_a_dry_run_does_what_apply_does(bot: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(bot, copy)
    diff = run(copy, "apply", "--dry-run").stdout
    subprocess.run(["patch", "-p1", "-s"], input=diff.encode(), cwd=copy, check=True, timeout=60)
    run(bot, "apply")

    assert snapshot(copy) == snapshot(bot)


def test_a_dry_run_with_nothing_pending_gives_0(bot: Path) -> None:
    run(bot, "apply")
    done = run(bot, "apply", "--dry-run")

    assert (done.returncode, done.stdout) == (0, "")


def test_a_dry_run_leaves_the_report_out(bot: Path) -> None:
    before = snapshot(bot)
    done = run(bot, "apply", "--dry-run", "--report", "out")

    assert done.returncode == 1
    assert "--report is left out" in done.stderr
    assert snapshot(bot) == before and not (bot / "out").exists()


def test_a_dry_run_as_json_carries_the_diffs(bot: Path) -> None:
    document = json.loads(run(bot, "apply", "--dry-run", "--format", "json").stdout)

    assert document["dry_run"] is True
    diffs = {change["path"]: change["diff"] for change in document["changes"]}
    assert "+from src.utils.consolidated_nonce_manager import" in diffs["src/rest.py"]


def test_the_report_is_written_in_each_of_its_formats(stubborn_bot: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "report"
    done = run(stubborn_bot, "apply", "--report", str(folder))

    assert done.returncode == 1
    assert {path.suffix for path in folder.iterdir()} == {".html", ".json", ".md"}
    document = json.loads((folder / "report.json").read_text())
    assert document["dry_run"] is False
    assert {finding["path"] for finding in document["remaining"]} == {"src/jump.py"}
    assert "### `src/jump.py`" in (folder / "report.md").read_text()
    assert "<code>src/jump.py</code>" in (folder / "report.html").read_text()


def test_json_on_standard_output_is_the_report(bot: Path, tmp_path: Path) -> None:
    done = run(bot, "apply", "--format", "json", "--report", str(tmp_path / "out"))

    assert json.loads(done.stdout) == json.loads((tmp_path / "out/report.json").read_text())


def test_no_shims_leaves_legacy_modules_alone(bot: Path) -> None:
    legacy = bot / "src/utils/unified_kraken_nonce_manager.py"
    before = legacy.read_bytes()
    run(bot, "apply", "--no-shims")

    assert legacy.read_bytes() == before
    assert "consolidated_nonce_manager" in (bot / "src/rest.py").read_text()


def test_a_foreign_file_at_the_target_stops_it_unless_forced(bot: Path) -> None:
    target = bot / "src/utils/consolidated_nonce_manager.py"
    target.write_text("mine = True\n")
    before = snapshot(bot)
    done = run(bot, "apply", "--report", "out")

    assert done.returncode == 2
    assert "consolidated_nonce_manager.py" in done.stderr
    assert snapshot(bot) == before and not (bot / "out").exists()
    assert run(bot, "apply", "--force").returncode == 0
    assert "mine = True" not in target.read_text()


def test_no_vendor_installs_no_manager(bot: Path) -> None:
    target = bot / "src/utils/consolidated_nonce_manager.py"
    target.write_text("mine = True\n")
    run(bot, "apply", "--no-vendor")

    assert target.read_text() == "mine = True\n"


def test_a_failed_write_leaves_no_report(bot: Path) -> None:
    code = (
        "from nonce_migrate.transaction.disk import Disk\n"
        "def fail(self, path, new): raise OSError(30, 'Read-only file system', 'src')\n"
        "Disk.replace = fail\n"
        "from nonce_migrate.cli import main\n"
        "main()\n"
    )
    before = snapshot(bot)
    done = run_python(bot, code, "apply", "--report", "a/b")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("nonce-migrate: src: Read-only file system: ")
    assert done.stderr.count("\n") == 1
    assert snapshot(bot) == before and not (bot / "a").exists()


def test_the_migrated_bot_runs(bot: Path) -> None:
    run(bot, "apply")
    code = "from src.rest import sign; a, b = sign(), sign(); print(int(a) < int(b))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=bot,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.stdout == "True\n", done.stderr

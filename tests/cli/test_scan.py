from __future__ import annotations

import json
import shutil
from pathlib import Path

import nonce_migrate
from tests.cli.running import run


def test_references_are_listed_and_the_status_is_0(bot: Path) -> None:
    done = run(bot, "scan")

    assert (done.returncode, done.stderr) == (0, "")
    assert "src/rest.py:1:" in done.stdout and "NM101" in done.stdout
    assert "src/clean.py" not in done.stdout
    assert "findings in" in done.stdout


def test_json_is_for_machines(bot: Path) -> None:
    document = json.loads(run(bot, "scan", "--format", "json").stdout)

    assert document["command"] == "scan"
    assert document["root"] == str(bot.resolve())
    assert any(finding["path"] == "src/rest.py" for finding in document["findings"])


def test_paths_limit_what_is_reported(stubborn_bot: Path) -> None:
    done = run(stubborn_bot, "scan", "src/jump.py", "--format", "json")

    paths = {finding["path"] for finding in json.loads(done.stdout)["findings"]}
    assert paths == {"src/jump.py"}


def test_a_path_from_elsewhere_gives_the_same(bot: Path, tmp_path: Path) -> None:
    assert run(tmp_path, "scan", "bot").stdout == run(bot, "scan").stdout


def test_exclude_leaves_out_by_pattern(stubborn_bot: Path) -> None:
    done = run(stubborn_bot, "scan", "--exclude", "jump.py", "--exclude", "/src/utils/")

    assert "src/rest.py" in done.stdout
    assert "src/jump.py" not in done.stdout and "src/utils/" not in done.stdout


def test_settings_of_the_project_are_honoured(stubborn_bot: Path) -> None:
    settings = '[tool.nonce-migrate]\nexclude = ["jump.py"]\n'
    (stubborn_bot / "pyproject.toml").write_text(settings)
    done = run(stubborn_bot, "scan", "src")

    assert "src/rest.py" in done.stdout
    assert "src/jump.py" not in done.stdout


def test_a_profile_in_the_settings_is_honoured(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.nonce-migrate]\nname = "mine"\ntarget = "pkg.new"\n'
        '[[tool.nonce-migrate.system]]\nmodule = "pkg.old"\n'
        '[tool.nonce-migrate.system.names]\nThing = "NewThing"\n'
    )
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/old.py").write_text("class Thing:\n    pass\n")
    (tmp_path / "use.py").write_text("from pkg.old import Thing\n")
    document = json.loads(run(tmp_path, "scan", "--format", "json").stdout)

    assert (document["profile"], document["target"]) == ("mine", "pkg.new")
    assert any(finding["symbol"] == "Thing" for finding in document["findings"])


def test_output_goes_to_the_file_alone(bot: Path) -> None:
    listed = run(bot, "scan").stdout
    done = run(bot, "scan", "--output", "found.txt")

    assert (done.returncode, done.stdout) == (0, "")
    assert (bot / "found.txt").read_text() == listed
    assert run(bot, "scan", "--output", "-").stdout == listed


def test_unreadable_files_are_listed_and_stop_nothing(bot: Path) -> None:
    (bot / "src/torn.py").write_text("from src.utils.unified_kraken_nonce_manager import (\n")
    (bot / "src/latin.py").write_bytes(b"# unified_kraken_nonce_manager \xff\n")
    done = run(bot, "scan")

    assert done.returncode == 0
    assert "src/torn.py:1: " in done.stdout and "src/latin.py:1: " in done.stdout
    assert "src/rest.py:1:" in done.stdout


def test_the_version(tmp_path: Path) -> None:
    done = run(tmp_path, "--version")

    assert (done.returncode, done.stdout) == (0, f"nonce-migrate {nonce_migrate.__version__}\n")


def test_help_of_each_command_tells_the_exit_status(tmp_path: Path) -> None:
    for command in ("scan", "check", "apply"):
        for option in ("-h", "--help"):
            done = run(tmp_path, command, option)
            assert done.returncode == 0
            assert "Exit status:" in done.stdout


def test_a_scan_tells_the_same_whatever_the_hash_seed(tmp_path: Path) -> None:
    # Its receivers can be of several classes, whose reasons must come in one order.
    case = Path(nonce_migrate.__file__).parents[1] / "fixtures/cases/191-owner-replaced-by-a-fake"
    shutil.copytree(case / "before", tmp_path, dirs_exist_ok=True)
    shutil.copytree(case.parent / "_legacy", tmp_path, dirs_exist_ok=True)
    (tmp_path / "pyproject.toml").touch()
    told = {
        run(tmp_path, "scan", "--format", "json", PYTHONHASHSEED=seed).stdout for seed in "0123"
    }

    assert len(told) == 1

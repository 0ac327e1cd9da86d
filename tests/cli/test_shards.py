from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import run

_LINE = "from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager\n"


@pytest.fixture
def wide_bot(bot: Path) -> Path:
    for number in range(12):
        (bot / f"src/part{number}.py").write_text(_LINE)
    return bot


@pytest.mark.parametrize("command", ["scan", "check"])
def test_shards_put_together_are_the_whole(wide_bot: Path, command: str) -> None:
    whole = json.loads(run(wide_bot, command, "--format", "json").stdout)
    parts = []
    for part in (1, 2, 3):
        name = f"../part{part}.json"  # in the project it would be a file more to look at
        run(wide_bot, command, "--format", "json", "--shard", f"{part}/3", "--output", name)
        parts.append(json.loads((wide_bot / name).read_text()))
    done = run(wide_bot, "report", "merge", "../part1.json", "../part2.json", "../part3.json")

    assert json.loads(done.stdout) == whole
    assert sum(bool(part["findings"]) for part in parts) > 1


def test_a_file_keeps_its_shard_when_others_come(wide_bot: Path) -> None:
    before = run(wide_bot, "check", "--shard", "1/2").stdout.splitlines()
    (wide_bot / "src/aaa.py").write_text(_LINE)
    after = run(wide_bot, "check", "--shard", "1/2").stdout.splitlines()

    assert before and set(before) <= set(after)


def test_results_of_two_projects_are_told_from_the_folder_around_both(
    bot: Path, clean: Path
) -> None:
    for root in (bot, clean):
        run(root, "check", "--format", "json", "--output", "../" + root.name + ".json")
    done = run(bot.parent, "report", "merge", "bot.json", "clean.json", "--output", "all.json")
    merged = json.loads((bot.parent / "all.json").read_text())

    assert done.returncode == 0
    assert merged["root"] == str(bot.parent)
    assert [finding["path"] for finding in merged["findings"]] == ["bot/src/rest.py"]
    assert merged["passed"] is False
    at_once = json.loads(run(bot.parent, "check", "bot", "clean", "--format", "json").stdout)
    assert merged["findings"] == at_once["findings"]  # with the same fingerprints
    assert merged["summary"]["files_seen"] == 6


@pytest.mark.parametrize("shard", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2", "1/2/3"])
def test_a_shard_that_is_none_is_told(bot: Path, shard: str) -> None:
    done = run(bot, "check", f"--shard={shard}")

    assert done.returncode == 2
    assert "--shard" in done.stderr and "I/N" in done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not JSON"),
        ("[]", "not a result of scan or check"),
        ('{"command": "apply", "version": 1}', "not a result of scan or check"),
        ('{"command": "scan", "version": 0}', "another version"),
    ],
)
def test_a_file_that_is_no_result_is_told(bot: Path, content: str, said: str) -> None:
    (bot / "r.json").write_text(content)
    done = run(bot, "report", "merge", "r.json")

    assert done.returncode == 2
    assert done.stderr.startswith("nonce-migrate: r.json: ") and said in done.stderr


def test_results_of_different_commands_are_not_mixed(bot: Path) -> None:
    for command in ("scan", "check"):
        run(bot, command, "--format", "json", "--output", f"{command}.json")
    done = run(bot, "report", "merge", "scan.json", "check.json")

    assert (done.returncode, done.stdout) == (2, "")
    assert "another command than scan.json has" in done.stderr

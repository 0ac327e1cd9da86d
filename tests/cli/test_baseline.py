"""The baseline as a team uses it: a real repository, real commands."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import run

FILE = "nonce-migrate-baseline.toml"
IMPORT = "from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager\n"
SETTINGS = f'baseline = "{FILE}"\n'


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def commit(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-qm", "work")


@pytest.fixture
def team(bot: Path) -> Path:
    """A repository on branch main with 30 legacy imports, all in its baseline."""
    for number in range(29):
        (bot / f"src/user{number}.py").write_text(f"import os\n{IMPORT}")
    (bot / "nonce-migrate.toml").write_text(SETTINGS)
    done = run(bot, "baseline", "update", "--allow-new", "--reason", "found on the first day")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, f"{FILE}: 30 entries")
    git(bot, "init", "-q", "-b", "main")
    commit(bot)
    git(bot, "checkout", "-qb", "change")
    return bot


def test_a_change_that_adds_one_and_fixes_two_goes_red_then_green(team: Path) -> None:
    done = run(team, "check")
    assert (done.returncode, done.stdout) == (0, "")
    assert "30 findings accepted: baseline 30." in done.stderr

    (team / "src/user3.py").write_text("import os\n")
    (team / "src/user4.py").unlink()
    (team / "src/fresh.py").write_text(IMPORT)
    for number in range(5, 9):  # neither lines, comments nor layout are part of what is accepted
        text = f"# moved\n\n\n{IMPORT.replace(' import ', '  import   ').strip()}  # noqa\n"
        (team / f"src/user{number}.py").write_text(text)
    red = run(team, "check", "--base-ref", "main")
    assert red.returncode == 1
    assert red.stdout.startswith("src/fresh.py:1:52: NM101 ")
    stale = [line for line in red.stdout.splitlines() if " NM703 " in line]
    assert [line.split("NM703 manual baseline ")[1].split(" (")[0] for line in stale] == [
        "NM101 in src/user3.py",
        "NM101 in src/user4.py",
    ]
    assert len(red.stdout.splitlines()) == 3

    done = run(team, "baseline", "update")
    assert done.returncode == 1, "what is new was left out"
    assert "left out, new src/fresh.py: NM101 from src.utils" in done.stdout
    assert run(team, "check").stdout.count("\n") == 1, "the new one alone is left"
    (team / "src/fresh.py").unlink()
    commit(team)
    assert run(team, "check", "--base-ref", "main").returncode == 0
    assert (team / FILE).read_text().count("  { path = ") == 28


def test_raising_ones_own_ceiling_stays_red(team: Path) -> None:
    (team / "src/fresh.py").write_text(IMPORT)
    done = run(team, "baseline", "update", "--allow-new", "--reason", "just this once")
    assert done.returncode == 0
    assert 'reason = "just this once"' in (team / FILE).read_text()
    commit(team)

    assert run(team, "check").returncode == 0, "without the base, the file's word counts"
    done = run(team, "check", "--base-ref", "main")
    assert done.returncode == 1
    assert done.stdout.startswith("src/fresh.py:1:52: NM101 ")
    assert f"1 entry of {FILE} not counted: not in that of main." in done.stderr


def test_a_base_without_the_file_is_one_line(team: Path) -> None:
    git(team, "rm", "-q", "--cached", FILE)
    git(team, "commit", "-qm", "without")
    for ref, reason in (("HEAD", "exists on disk, but not in"), ("nowhere", "no such revision")):
        done = run(team, "check", "--base-ref", ref)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert "--base-ref: " in done.stderr and reason in done.stderr


def test_only_files_that_were_looked_at_can_go_stale(team: Path) -> None:
    for number in (3, 4):
        (team / f"src/user{number}.py").write_text("import os\n")
    assert run(team, "check", "src/user5.py", "src/rest.py").returncode == 0
    assert run(team, "check", "src/user3.py").stdout.count("NM703") == 1
    assert run(team, "check", "--exclude", "user[34].py").returncode == 0
    counts = [run(team, "check", "--shard", f"{i}/2").stdout.count("NM703") for i in (1, 2)]
    assert sum(counts) == 2
    commit(team)
    (team / "src/user6.py").write_text("import os\n")
    assert run(team, "check", "--diff", "HEAD").stdout.count("NM703") == 1
    (team / "src/user6.py").write_text("import (\n")
    assert run(team, "check", "--diff", "HEAD").returncode == 0, "it could not be read"


def test_codes_that_were_not_asked_for_stay_in_the_file(team: Path) -> None:
    select = ("--select", "NM1,NM2")
    allow = ("--allow-new", "--reason", "uses")
    assert run(team, "baseline", "update", *select, *allow).returncode == 0
    before = (team / FILE).read_bytes()
    assert before.count(b'"NM201"') == 1
    assert run(team, "check").returncode == 0
    assert run(team, "baseline", "update").returncode == 0
    assert (team / FILE).read_bytes() == before
    (team / "src/rest.py").write_text(IMPORT)
    assert "NM703" not in run(team, "check").stdout
    assert run(team, "check", *select).stdout.count("NM703") == 1


def test_a_baseline_of_any_name_is_no_finding_itself(team: Path) -> None:
    (team / FILE).rename(team / "accepted.toml")
    done = run(team, "scan", "--select", "NM4", "--ignore", "NM7")

    assert "accepted.toml" not in done.stdout
    assert run(team, "check", "--baseline", "accepted.toml").returncode == 0


def test_a_renamed_file_is_told_as_such(team: Path) -> None:
    (team / "src/user3.py").rename(team / "src/renamed.py")
    text = run(team, "check").stdout

    assert "the same stands in src/renamed.py:2 now; run" in text
    assert text.startswith("src/renamed.py:2:52: NM101 ")


def test_the_machine_formats_tell_both(team: Path) -> None:
    (team / "src/user3.py").write_text("import os\n")
    document = json.loads(run(team, "check", "--format", "json").stdout)

    assert document["passed"] is False
    assert [f["code"] for f in document["findings"]] == ["NM703"]
    (line,) = {f["line"] for f in document["findings"]}
    assert "src/user3.py" in (team / FILE).read_text().splitlines()[line - 1]
    assert {a["accepted_because"] for a in document["accepted"]} == {"found on the first day"}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("check", "--baseline", "none.toml"), "none.toml: there is no such baseline; "),
        (("check", "--baseline", ""), "--baseline: the name of the file is empty"),
        (("check", "--base-ref", "main"), "--base-ref: there is no baseline; "),
        (("baseline", "update"), f"{FILE}: there is no such baseline; to write the first"),
        (("baseline", "update", "--allow-new"), "--allow-new: say why, by --reason"),
        (("baseline", "update", "--allow-new", "--reason", " "), "--allow-new: say why"),
        (("baseline", "update", "--reason", "x"), "--reason: it is kept with new findings"),
    ],
)
def test_wrong_use_is_one_line(bot: Path, arguments: tuple[str, ...], problem: str) -> None:
    done = run(bot, *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"nonce-migrate: {problem}")
    assert done.stderr.count("\n") == 1
    assert not (bot / FILE).exists()


def test_a_file_with_a_merge_conflict_stops_both_commands(team: Path) -> None:
    text = (team / FILE).read_text()
    (team / FILE).write_text(text.replace("entries", "<<<<<<< HEAD\nentries", 1))
    for command in (("check",), ("baseline", "update")):
        done = run(team, *command)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"nonce-migrate: {FILE}:3: a merge conflict is not settled")
    assert "<<<<<<<" in (team / FILE).read_text()


def test_several_projects_need_their_own(bot: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "src").mkdir(parents=True)
    (other / "pyproject.toml").write_text("")
    done = run(tmp_path, "check", "bot", "other", "--baseline", "b.toml")

    assert done.returncode == 2
    assert "--baseline: the paths lie in several projects; run once for each" in done.stderr

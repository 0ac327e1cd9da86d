"""The steps of action.yml, run as a runner of GitHub Actions runs them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.ci.composite import CompositeAction
from tests.ci.repositories import Repository, environment

pytestmark = pytest.mark.xdist_group("pre_commit")

_HOSTILE = ("$(touch owned)", '"; touch owned; "', "\ntouch owned\n")


def test_the_action_is_one_by_the_schema_of_github() -> None:
    done = subprocess.run(
        ["check-jsonschema", "--builtin-schema", "vendor.github-actions", ROOT / "action.yml"],
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_no_input_is_put_into_a_script(action: CompositeAction) -> None:
    for step in action.definition["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_it_fails_while_a_legacy_import_is_left(action: CompositeAction, bot: Repository) -> None:
    (check,) = action.run(bot.root, {}, "Check")

    assert check.done.returncode == 1
    assert check.outputs == {"status": "1"}
    assert check.done.stdout.startswith(f"::error file={bot.root}/src/rest.py,line=1,")
    assert "src/rest.py" in check.summary

    assert bot.run("nonce-migrate", "apply").returncode == 0
    bot.commit()
    (check,) = action.run(bot.root, {}, "Check")

    assert check.done.returncode == 0, check.done.stderr
    assert check.outputs == {"status": "0"}


def test_an_error_is_no_finding(action: CompositeAction, bot: Repository) -> None:
    (check,) = action.run(bot.root, {"path": "gone"}, "Check")

    assert check.done.returncode == 2
    assert check.outputs == {"status": "2"}
    assert "gone" in check.done.stderr


def test_paths_and_options_arrive_as_they_were_given(
    action: CompositeAction, bot: Repository
) -> None:
    (bot.root / "src/rest.py").rename(bot.root / "src/the rest.py")
    inputs = {
        "working-directory": "src",
        "path": "the rest.py\nclean.py\n",
        "args": "  --select NM1,NM5\n --jobs 1",
        "output": "found.sarif",
    }

    (check,) = action.run(bot.root, inputs, "Check")

    assert check.done.returncode == 1, check.done.stderr
    assert "/src/the rest.py,line=1," in check.done.stdout
    assert "src/the%20rest.py" in (bot.root / "src/found.sarif").read_text()


@pytest.mark.parametrize(
    ("name", "step"),
    [
        *((name, "Check") for name in ("path", "format", "output", "baseline", "args")),
        ("base-ref", "Fetch the base"),
    ],
)
def test_a_hostile_input_runs_nothing(
    action: CompositeAction, bot: Repository, name: str, step: str, tmp_path: Path
) -> None:
    """A pull request names its branch and files: the toy version would run this in the shell."""
    for value in _HOSTILE:
        action.run(bot.root, {name: value}, step)

    assert not list(tmp_path.rglob("owned"))


@pytest.mark.parametrize("by", ["branch", "revision"])
def test_the_base_is_fetched_into_a_shallow_checkout(
    action: CompositeAction, bot: Repository, tmp_path: Path, by: str
) -> None:
    base = bot.git("rev-parse", "HEAD")
    bot.git("switch", "--quiet", "--create", "work")
    (bot.root / "more.py").write_text("x = 1\n")
    bot.commit()
    checkout = tmp_path / "checkout"
    bot.git("clone", "--quiet", "--depth=1", "--branch=work", f"file://{bot.root}", str(checkout))

    inputs = {"base-ref": "main" if by == "branch" else base}
    (fetched,) = action.run(checkout, inputs, "Fetch the base")

    assert fetched.done.returncode == 0, fetched.done.stderr
    assert fetched.outputs == {"revision": base}


def test_a_base_that_is_nowhere_stops_the_job(action: CompositeAction, bot: Repository) -> None:
    (fetched,) = action.run(bot.root, {"base-ref": "gone"}, "Fetch the base")

    assert fetched.done.returncode != 0
    assert fetched.outputs == {}

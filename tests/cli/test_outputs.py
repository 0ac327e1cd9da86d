"""--format and --output: what goes to standard output and what to files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from nonce_migrate.cli.outputs import Outputs, read_outputs
from nonce_migrate.errors import ProjectError
from nonce_migrate.reports.formats.registry import Format
from tests.cli.running import command as command_line
from tests.cli.running import run, snapshot
from tests.cli.terminal import on_terminal

_SUFFIXES = [
    ("text", ".txt"),
    ("json", ".json"),
    ("github", ".log"),
    ("gitlab", ".json"),
    ("sarif", ".json"),
    ("junit", ".xml"),
    ("markdown", ".md"),
]


@pytest.mark.parametrize(
    ("asked", "texts", "printed", "files"),
    [
        (Format.TEXT, [], Format.TEXT, {}),
        (Format.JSON, ["-"], Format.JSON, {}),
        # Another format stands beside what is printed, ...
        (Format.TEXT, ["a.json"], Format.TEXT, {"a.json": Format.JSON}),
        (Format.TEXT, ["a.JSON", "b.md"], Format.TEXT, {"a.JSON": "json", "b.md": "markdown"}),
        # ... the same takes its place, as does a file whose name says nothing.
        (Format.JSON, ["a.json"], None, {"a.json": Format.JSON}),
        (Format.JSON, ["a"], None, {"a": Format.JSON}),
        (Format.TEXT, ["a.txt", "-"], Format.TEXT, {"a.txt": Format.TEXT}),
        # `.json` is the suffix of several formats; --format says which.
        (Format.GITLAB, ["a.json"], None, {"a.json": Format.GITLAB}),
        (Format.TEXT, ["a.sarif.json"], Format.TEXT, {"a.sarif.json": Format.SARIF}),
        # A format before a colon is the last word; other colons are part of the name.
        (Format.TEXT, ["json:a.txt"], Format.TEXT, {"a.txt": Format.JSON}),
        (Format.TEXT, ["./json:a"], None, {"json:a": Format.TEXT}),
        (Format.TEXT, ["c:a.md"], Format.TEXT, {"c:a.md": Format.MARKDOWN}),
    ],
)
def test_a_file_has_the_format_that_its_name_says(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    asked: Format,
    texts: list[str],
    printed: Format | None,
    files: dict[str, Format],
) -> None:
    monkeypatch.chdir(tmp_path)
    found = read_outputs(asked, texts)

    assert found == Outputs(printed, tuple((Path(name), Format(f)) for name, f in files.items()))


def test_every_output_that_is_no_use_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(ProjectError) as caught:
        read_outputs(Format.TEXT, ["folder", "a.md", "json:./a.md", "json:", "json:-"])

    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == [
        "folder",
        "--output json:./a.md",
        "--output json:",
        "--output json:-",
    ]


@pytest.mark.parametrize("command", [["scan"], ["apply", "--dry-run"], ["apply"]])
def test_files_are_written_beside_standard_output(
    stubborn_bot: Path, tmp_path: Path, command: list[str]
) -> None:
    outputs = [f"--output={tmp_path}/out/{name}" for name in ("a.json", "b.md", "c.txt")]
    done = run(stubborn_bot, *command, *outputs, "--output", "-")

    assert done.returncode == (0 if command == ["scan"] else 1)
    assert json.loads((tmp_path / "out/a.json").read_text())["command"] == command[0]
    assert (tmp_path / "out/b.md").read_text().startswith("# ")
    assert (tmp_path / "out/c.txt").read_text() == (
        done.stderr if "--dry-run" in command else done.stdout
    )


def test_either_all_outputs_are_written_or_none(bot: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    before = snapshot(tmp_path)
    for command in (["scan"], ["apply"]):
        done = run(bot, *command, "--output", "../a.json", "--output", "../file/b.md")

        assert (done.returncode, done.stdout) == (2, "")
        assert snapshot(tmp_path) == before


def test_an_output_that_fails_after_an_apply_is_told_and_undoes_nothing(bot: Path) -> None:
    done = run(bot, "apply", "--output", "json:/dev/full")

    assert done.returncode == 0
    assert "/dev/full: cannot be written: " in done.stderr
    assert "the migration itself is complete" in done.stderr
    assert "consolidated_nonce_manager" in (bot / "src/rest.py").read_text()


def test_why_is_told_in_text_or_json_alone(bot: Path) -> None:
    done = run(bot, "scan", "--why", "src/rest.py:1", "--format", "markdown")

    assert (done.returncode, done.stdout) == (2, "")
    assert "text or json" in done.stderr
    asked = ("--why", "src/rest.py:1", "--format", "json", "--output", "../why.json")
    assert run(bot, "scan", *asked).stdout == ""
    assert json.loads((bot.parent / "why.json").read_text())["command"] == "scan --why"


@pytest.mark.parametrize("command", [["scan"], ["apply", "--dry-run"]])
def test_no_result_in_the_project_is_taken_for_a_part_of_it(
    stubborn_bot: Path, command: list[str]
) -> None:
    # They name legacy modules in text, code and data.
    listed = run(stubborn_bot, "scan").stdout.splitlines()[:-4]
    outputs = [f"--output={format_}:results/{format_}{suffix}" for format_, suffix in _SUFFIXES]
    run(stubborn_bot, *command, *outputs)

    assert len(list((stubborn_bot / "results").iterdir())) == len(_SUFFIXES)
    assert run(stubborn_bot, "scan").stdout.splitlines()[:-4] == listed


def test_annotations_are_printed_and_the_summary_is_appended(bot: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    done = run(bot, "check", "--format", "github", GITHUB_STEP_SUMMARY=str(summary))

    assert done.returncode == 1
    assert done.stdout.startswith(f"::error file={bot}/src/rest.py,line=1,col=")
    assert summary.read_text().startswith("before\n# Check for legacy references\n")


def test_a_summary_that_is_too_long_for_github_is_cut_at_a_line(bot: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("x" * ((1 << 20) - 300))
    run(bot, "check", "--format", "github", GITHUB_STEP_SUMMARY=str(summary))
    text = summary.read_text()

    assert (1 << 20) - 200 < len(text.encode()) <= 1 << 20
    assert text.endswith("|\n\n\n(Cut short, since GitHub shows no more than 1 MiB.)\n")


def test_a_summary_that_cannot_be_written_is_told_and_fails_nothing(clean: Path) -> None:
    done = run(clean, "check", "--format", "github", GITHUB_STEP_SUMMARY=str(clean))

    assert (done.returncode, done.stdout) == (0, "")
    assert "GITHUB_STEP_SUMMARY: " in done.stderr


def test_gitlab_is_told_paths_from_the_root_of_its_repository(bot: Path) -> None:
    told = run(bot, "check", "--format", "gitlab", CI_PROJECT_DIR=str(bot.parent.resolve()))

    assert [issue["location"]["path"] for issue in json.loads(told.stdout)] == ["bot/src/rest.py"]


# Of the foreground; a progress bar moves the cursor whatever NO_COLOR says.
_COLOUR = re.compile(r"\x1b\[(?:[\d;]*;)?3\dm")
_TERMINAL_RUNS = [
    ["scan"],
    ["check"],
    ["apply", "--dry-run"],
    ["report", "../result.json"],
]


@pytest.mark.parametrize("arguments", _TERMINAL_RUNS, ids=" ".join)
def test_text_is_plain_but_on_a_terminal_with_colour(
    stubborn_bot: Path, arguments: list[str]
) -> None:
    if arguments[0] == "report":
        run(stubborn_bot, "scan", "--format", "json", "--output", "../result.json")
    piped = run(stubborn_bot, *arguments)
    _, plain = on_terminal(stubborn_bot, command_line(*arguments), TERM="xterm", NO_COLOR="1")

    assert piped.stdout and "\x1b" not in piped.stdout + piped.stderr
    assert not _COLOUR.search(plain)
    if arguments[0] != "check":  # whose lines are the same everywhere
        _, shown = on_terminal(stubborn_bot, command_line(*arguments), TERM="xterm")
        assert _COLOUR.search(shown)

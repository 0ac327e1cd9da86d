"""The examples in the help of each command are command lines that work."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from nonce_migrate.cli import run
from nonce_migrate.cli.app import app
from nonce_migrate.cli.examples import EXAMPLES
from tests.cli.running import run as run_process

_LINES = [line for rows in EXAMPLES.values() for line, _ in rows]
_PAGE = Path(__file__).parents[2] / "docs/shims.md"
# These ask a person, go on for ever, need a running bot, or run the bot's own tests.
_NOT_RUN = (
    *("--interactive", "--watch", "--verify", "status", "state", "undo", "origin/main"),
    *("--seen", "src.emergency_nonce_fix"),
)
_RUN = sorted({line for line in _LINES if not any(word in line for word in _NOT_RUN)})


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command below a group."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))


def _parse(line: str) -> None:
    """Parses a command line as far down as it names commands. Raises click.UsageError."""
    command: click.Command | None = app
    rest = shlex.split(line)
    context: click.Context | None = None
    while command is not None:
        context = command.make_context(command.name, rest, parent=context)
        if not isinstance(command, click.Group):
            return
        rest = [*context._protected_args, *context.args]
        _, command, rest = command.resolve_command(context, rest)


def _shown(page: Path) -> list[str]:
    """The command lines of this program in the blocks of a page."""
    lines = page.read_text("utf-8").splitlines()
    start = "$ nonce-migrate "
    return [line.removeprefix(start).partition("#")[0] for line in lines if line.startswith(start)]


def test_every_command_has_examples_in_its_help() -> None:
    for words in _commands(app):
        command: click.Command = app
        context = click.Context(app, info_name="nonce-migrate")
        for word in words:
            assert isinstance(command, click.Group)
            found = command.get_command(context, word)
            assert found is not None
            command, context = found, click.Context(found, info_name=word, parent=context)
        text = command.get_help(context)
        for line, what in EXAMPLES[" ".join(words)]:
            assert f"nonce-migrate {line}\n" in text, words
            assert what in text, words


@pytest.mark.parametrize("line", [*_LINES, *_shown(_PAGE)])
def test_an_example_parses(line: str) -> None:
    _parse(line)


def test_a_line_with_a_wrong_option_would_not() -> None:
    with pytest.raises(click.UsageError):
        _parse("check --since main")


# What has to be there before an example: the start of its command line, and the commands.
_BEFORE = {
    "report merge": [
        "scan --shard 1/2 --format json --output one.json",
        "scan --shard 2/2 --format json --output two.json",
    ],
    "report": ["scan --output scan.json"],
    "baseline update": ['baseline update --allow-new --reason "first"'],
    "check --baseline": ['baseline update --allow-new --reason "first"'],
}


@pytest.mark.parametrize("line", _RUN)
def test_an_example_runs(
    bot: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: object, line: str
) -> None:
    monkeypatch.chdir(bot)
    monkeypatch.setenv("NONCE_MIGRATE_KEEP_RESULT", "yes")
    monkeypatch.setenv("XDG_CACHE_HOME", str(bot.parent / "cache"))
    for start, commands in _BEFORE.items():
        if line.startswith(start):
            for command in commands:
                assert run(shlex.split(command)) in (0, 1)

    assert run(shlex.split(line)) in (0, 1)


def test_undo_and_diff_run_as_in_the_examples(bot: Path) -> None:
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "bot"]):
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], cwd=bot, check=True
        )
    subprocess.run(["git", "update-ref", "refs/remotes/origin/main", "main"], cwd=bot, check=True)
    assert run_process(bot, "check", "--diff", "origin/main").returncode == 0
    for line in ("undo", "undo --skip-edited"):
        assert line in _LINES
        assert run_process(bot, "apply", ".").returncode == 0
        assert run_process(bot, *line.split()).returncode == 0

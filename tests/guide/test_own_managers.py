"""The guide for a bot with managers of its own, followed to the letter on the bot that it shows.

The bot's modules, classes and methods have other names than those of the built-in profile, lie
under another root and move to another target. The profile is the guide's: there is no other copy.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.guide.worked import Block, blocks, commands, matches, run

PROJECT = Path(__file__).parents[2]
GUIDE = PROJECT / "docs" / "guide" / "own-managers.md"
MODULES = ("core/ticks", "core/stamps", "stream/lanes", "net/async_stamps", "legacy/epoch_nonce")
# Files that must be rewritten by the tool itself, shims and manager not counted.
FEWEST = 46

pytestmark = pytest.mark.xdist_group("guide")


def contents(root: Path) -> dict[str, bytes]:
    """Every file of the bot with its bytes, without what git and the tool keep."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not {".git", ".nonce-migrate"} & set(path.relative_to(root).parts)
    }


@dataclass
class Reader:
    """Someone who follows the guide.

    mismatches: what was printed otherwise than the guide shows. seen: each command, numbered, and
    the bot's files after it. by_tool: the files that `apply` changed.
    """

    home: Path
    mismatches: list[str]
    seen: dict[str, dict[str, bytes]]
    by_tool: set[str]

    @property
    def bot(self) -> Path:
        return self.home / "tidewater"

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("NONCE_", "PYTEST_"))}
        commands_of_ours = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
        names = {f"GIT_{who}_{what}": "reader@example.org" for who in ("AUTHOR", "COMMITTER")
                 for what in ("NAME", "EMAIL")}  # fmt: skip
        return {
            **kept, **names, "PATH": commands_of_ours, "HOME": str(self.home), "LC_ALL": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_ADDOPTS": "-p no:cacheprovider -p no:xdist",
            "GIT_CONFIG_NOSYSTEM": "1",
        }  # fmt: skip

    def follow(self, block: Block) -> None:
        """Does what a block says."""
        if block.language == "sh":
            run(f"set -e; {block.text}", PROJECT, self.environment())
        elif block.language == "toml" and block.title:
            with (self.bot / block.title).open("a", encoding="utf-8") as file:
                file.write(block.text + "\n")
        elif block.language == "diff":
            patch = self.home / "by-hand.diff"
            patch.write_text(block.text, encoding="utf-8")
            printed = run(f"git apply --unidiff-zero {patch}", self.bot, self.environment())
            if printed:
                self.mismatches.append(f"line {block.line}: {printed}")
        elif block.language == "console":
            for command in commands(block):
                self.type(command.text, command.shown, command.line)

    def type(self, text: str, shown: tuple[str, ...], line: int) -> None:
        """Types a command and compares what it prints."""
        before = contents(self.bot)
        printed = run(text, self.bot, self.environment())
        if not matches(shown, printed):
            self.mismatches.append(f"line {line}: $ {text}\n{printed}")
        after = contents(self.bot)
        if text.startswith("nonce-migrate apply"):
            self.by_tool |= {p for p in before if after.get(p) != before[p]}
        elif text.startswith("nonce-migrate undo"):
            self.by_tool -= {p for p in before if after.get(p) != before[p]}
        self.seen[f"{len(self.seen)} {text}"] = after


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """The reader at the end of the guide."""
    reader = Reader(tmp_path_factory.mktemp("home"), [], {}, set())
    for block in blocks(GUIDE.read_text("utf-8")):
        reader.follow(block)
    return reader


def test_every_command_prints_what_the_guide_shows(reader: Reader) -> None:
    assert "\n".join(reader.mismatches) == ""


def test_the_tool_rewrites_enough_files(reader: Reader) -> None:
    shims = {f"lib/trader/{module}.py" for module in MODULES}
    rewritten = {path for path in reader.by_tool if path.endswith(".py")} - shims
    assert shims < reader.by_tool
    assert len(rewritten) >= FEWEST, sorted(rewritten)


def test_undo_gives_back_every_byte(reader: Reader) -> None:
    states = list(reader.seen.items())
    [place] = [n for n, (text, _) in enumerate(states) if text.endswith("nonce-migrate undo")]
    applied = max(n for n in range(place) if " nonce-migrate apply" in states[n][0])
    before, after = states[applied - 1][1], states[place][1]
    assert {path: after.get(path) for path in before} == before
    assert set(after) - set(before) <= {path for path in after if path.startswith("kraken_")}


def test_the_guide_shows_the_gate_and_the_tests_before_and_after(reader: Reader) -> None:
    typed = [text.partition(" ")[2] for text in reader.seen]
    assert typed.count("nonce-migrate check .") == 2
    assert [text for text in typed if "--verify" in text and "pytest" in text]
    assert [
        text for text in typed if text.startswith("python -W error::DeprecationWarning -m pytest")
    ]
    assert typed[-1] == "nonce-migrate check --select NM1,NM5 . ; echo $?"

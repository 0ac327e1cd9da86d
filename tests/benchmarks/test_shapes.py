"""The shapes benchmark: ours survives them, and its judge can tell what does not."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
import shapes as benchmark
from import_shapes.corpus import MOVES, Move, Shape, read_shapes
from import_shapes.judge import judge
from import_shapes.processes import ToolFailedError
from import_shapes.table import markdown, reasons
from import_shapes.tools.ours import Ours

from nonce_migrate import cli
from tests.benchmarks.wrong_tools import (
    FailingTool,
    WrongTool,
    growing,
    nothing,
    other_line_ends,
    search_and_replace,
    tidied,
    without_comments,
)

SHAPES = {shape.name.partition("-")[2]: shape for shape in read_shapes()}
MOVE, RENAME = MOVES


def in_process(arguments: list[str], root: Path) -> None:
    """As `import_shapes.tools.ours.console`, without the cost of a process."""
    with contextlib.chdir(root):
        status = cli.run(arguments)
    if status not in (0, 1):
        raise ToolFailedError(f"status {status}")


OURS = Ours(in_process)


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.title)
@pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
def test_ours_survives(shape: Shape, move: Move, tmp_path: Path) -> None:
    assert judge(shape, OURS, move, tmp_path).reason is None


def test_there_are_enough_shapes() -> None:
    assert len(SHAPES) >= 40
    assert sum(shape.unchanged for shape in SHAPES.values()) >= 3
    assert len({shape.title for shape in SHAPES.values()}) == len(SHAPES)


@pytest.mark.parametrize(
    ("tool", "move", "name", "reason"),
    [
        (WrongTool(nothing), MOVE, "from-import", "No module named 'pkg.old'"),
        (WrongTool(nothing), MOVE, "fallback-to-none", "prints 'nothing"),
        (WrongTool(search_and_replace), MOVE, "module-from-package", "cannot import name 'old'"),
        (WrongTool(search_and_replace), MOVE, "relative-1", "No module named 'pkg.old'"),
        (WrongTool(search_and_replace), MOVE, "look-alike-modules", "nothing to do with pkg.old"),
        (WrongTool(search_and_replace), MOVE, "text-and-comments", "lost the comment"),
        (WrongTool(search_and_replace), RENAME, "collision", "prints 'was here first was"),
        (WrongTool(search_and_replace), RENAME, "unrelated-names", "nothing to do with pkg.old"),
        (WrongTool(other_line_ends), MOVE, "crlf", "changed line 7"),
        (WrongTool(other_line_ends), MOVE, "mixed-line-ends", "changed line 1"),
        (WrongTool(without_comments), MOVE, "parenthesised", "lost the comment '# all from one"),
        (WrongTool(tidied), MOVE, "tabs-and-form-feeds", "changed line 9"),
        (WrongTool(growing), MOVE, "from-import", "a second run changes it again"),
        (FailingTool(nothing), MOVE, "from-import", "failed: status 3: no idea"),
    ],
)
def test_the_judge_tells_what_does_not_survive(
    tool: WrongTool, move: Move, name: str, reason: str, tmp_path: Path
) -> None:
    found = judge(SHAPES[name], tool, move, tmp_path).reason
    assert found is not None
    assert reason in found


def test_the_judge_lets_a_good_result_pass(tmp_path: Path) -> None:
    """Where search and replace is enough, it survives: the judge does not fail everything."""
    tool = WrongTool(search_and_replace)
    for name in ("from-import", "parenthesised", "crlf", "class-body"):
        (tmp_path / name).mkdir()
        assert judge(SHAPES[name], tool, RENAME, tmp_path / name).reason is None


def test_the_table_counts_what_survived(tmp_path: Path) -> None:
    shape, tool = SHAPES["from-import"], WrongTool(nothing)
    verdict = judge(shape, tool, MOVE, tmp_path)
    assert markdown([shape], [tool], [MOVE], [verdict]).splitlines() == [
        "| shape | wrong, move |",
        "|---|:---:|",
        "| `from pkg.old import Thing` | - |",
        "| survived, of 1 | 0 |",
    ]
    assert reasons([verdict]).startswith("01-from-import: wrong, move: the program ends with")


def test_a_peer_that_is_not_installed_is_told_of(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = benchmark.installed
    monkeypatch.setattr(
        benchmark, "installed", lambda tool: None if tool.name == "rope" else here(tool)
    )
    assert benchmark.main(["--only", "01-", "--tools", "ours,rope"]) == 0
    shown = capsys.readouterr().out
    assert "| survived, of 1 | 1 | 1 |" in shown
    assert "Left out: rope Move: rope is not installed" in shown


@pytest.mark.parametrize("arguments", [["--only", "nosuch"], ["--tools", "sed"]])
def test_a_wrong_choice_ends_with_status_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        benchmark.main(arguments)
    assert ended.value.code == 2

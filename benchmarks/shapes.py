"""Which import shapes survive which tool: ours, and others side by side.

    pip install -e '.[bench]'
    python benchmarks/shapes.py [--only TEXT] [--tools NAMES] [--verbose]

Each shape of fixtures/shapes is a small program that refers to `pkg.old` in one way and prints what
it gets. Each tool moves the names of `pkg.old` to `pkg.new`, which exists: once under the names
they have, once with `Thing` renamed to `NewThing` on the way. A program survives if, with `pkg.old`
deleted, it prints what it printed; if a second run of the tool changes nothing more; and if
comments, and the bytes of statements that have nothing to do with it, are as they were. A tool
that crashes or takes longer than two minutes does not survive; `--verbose` says why each did not.

How each tool is used stands in benchmarks/import_shapes/tools, a file each. Others would survive
more with options and rules made for one shape, and what they refuse to do counts as not survived.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from import_shapes.corpus import MOVES, Move, Shape, read_shapes
from import_shapes.judge import Verdict, judge
from import_shapes.table import markdown, reasons
from import_shapes.tools import Tool
from import_shapes.tools.ast_grep import AstGrep
from import_shapes.tools.libcst_rename import LibcstRename
from import_shapes.tools.ours import Ours
from import_shapes.tools.rope_refactoring import RopeModule, RopeMove

TOOLS: tuple[Tool, ...] = (Ours(), LibcstRename(), RopeMove(), RopeModule(), AstGrep())


def installed(tool: Tool) -> str | None:
    """The version of a tool, or None where it is not installed."""
    try:
        return version(tool.needs)
    except PackageNotFoundError:
        return None


def run_all(shapes: Sequence[Shape], tools: Sequence[Tool]) -> list[Verdict]:
    """Judges every tool on every shape with every move, each in a folder of its own."""
    tasks = [(shape, tool, move) for shape in shapes for tool in tools for move in MOVES]
    with tempfile.TemporaryDirectory() as name:

        def one(numbered: tuple[int, tuple[Shape, Tool, Move]]) -> Verdict:
            number, (shape, tool, move) = numbered
            folder = Path(name).resolve() / str(number)
            folder.mkdir()
            return judge(shape, tool, move, folder)

        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            verdicts = []
            for verdict in pool.map(one, enumerate(tasks)):
                verdicts.append(verdict)
                _tell(f"{len(verdicts)} of {len(tasks)}")
            return verdicts


def _tell(progress: str) -> None:
    """Shows how far it is, where somebody watches."""
    if sys.stderr.isatty():
        print(f"\r{progress} ", end="", file=sys.stderr, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Prints the table; 1 where a program did not survive ours."""
    parser = argparse.ArgumentParser(description="Which import shapes survive which tool.")
    names = ", ".join(tool.name for tool in TOOLS)
    parser.add_argument("--only", metavar="TEXT", default="", help="shapes whose name has TEXT")
    parser.add_argument("--tools", metavar="NAMES", help=f"comma-separated, of: {names}")
    parser.add_argument("--verbose", action="store_true", help="say why each did not survive")
    asked = parser.parse_args(arguments)
    wanted = asked.tools.split(",") if asked.tools else [tool.name for tool in TOOLS]
    if unknown := sorted(set(wanted) - {tool.name for tool in TOOLS}):
        parser.error(f"--tools: there is no {', '.join(unknown)}; there are {names}")
    shapes = [shape for shape in read_shapes() if asked.only in shape.name]
    if not shapes:
        parser.error(f"--only: no shape has {asked.only!r} in its name")
    chosen = [tool for tool in TOOLS if tool.name in wanted]
    tools = [tool for tool in chosen if installed(tool)]
    verdicts = run_all(shapes, tools)
    print(markdown(shapes, tools, MOVES, verdicts))
    print("\n" + ", ".join(f"{tool.title}: {tool.needs} {installed(tool)}" for tool in tools))
    for tool in chosen:
        if tool not in tools:
            print(f"Left out: {tool.title}: {tool.needs} is not installed")
    if asked.verbose and (why := reasons(verdicts)):
        print("\n" + why)
    return int(any(v.tool.name == "ours" and not v.survived for v in verdicts))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

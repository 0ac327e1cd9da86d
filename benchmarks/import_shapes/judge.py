"""Whether a program survives a tool: it is run, not read."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from import_shapes.corpus import MAIN, Move, Shape
from import_shapes.processes import SECONDS, ToolFailedError, run_program
from import_shapes.tools import Tool
from import_shapes.untouched import damage


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one shape under one tool and one move; no reason: it survived."""

    shape: Shape
    tool: Tool
    move: Move
    reason: str | None

    @property
    def survived(self) -> bool:
        """Whether the program is as good as before."""
        return self.reason is None


class BrokenShapeError(Exception):
    """A shape does not even run before any tool has touched it."""


def judge(shape: Shape, tool: Tool, move: Move, folder: Path) -> Verdict:
    """Lays a shape out in an empty folder, lets a tool at it, and looks what is left.

    Raises BrokenShapeError.
    """
    root = folder / "project"
    shape.lay_out(root)
    if not tool.moves_definitions:
        (root / move.new_file).write_bytes(move.target)
    status, printed, error = run_program(root, MAIN)
    if status:
        raise BrokenShapeError(f"{shape.name}: {error}")
    return Verdict(shape, tool, move, _reason(shape, tool, move, root, printed))


def _reason(shape: Shape, tool: Tool, move: Move, root: Path, printed: bytes) -> str | None:
    """The first of all that is wrong, in one line."""
    before = _clients(root, move)
    try:
        tool.migrate(root, move)
    except ToolFailedError as error:
        return f"failed: {error}"
    after = _clients(root, move)
    return (
        _damage(shape, before, after, move)
        or _other_program(root, move, printed)
        or _second_run(tool, move, root, after)
    )


def _damage(
    shape: Shape, before: dict[str, bytes], after: dict[str, bytes], move: Move
) -> str | None:
    packages = frozenset(path.partition("/")[0].removesuffix(".py") for path in before)
    for path in sorted({*before, *after}):
        if path not in before or path not in after:
            return f"{path}: {'came out of nothing' if path in after else 'is gone'}"
        if before[path] != after[path]:
            if shape.unchanged:
                return f"{path}: changed, although it has nothing to do with {move.old_module}"
            if found := damage(before[path], after[path], move, packages):
                return f"{path}: {found}"
    return None


def _other_program(root: Path, move: Move, printed: bytes) -> str | None:
    """Runs the program without the old module, and with all that the new one should hold."""
    kept = {path: (root / path).read_bytes() for path in (move.old_file, move.new_file)}
    (root / move.old_file).unlink()
    (root / move.new_file).write_bytes(move.target)
    try:
        status, now, error = run_program(root, MAIN)
    except subprocess.TimeoutExpired:
        return f"the program took more than {SECONDS} s"
    finally:
        for path, content in kept.items():
            (root / path).write_bytes(content)
    if status:
        return f"the program ends with {error}"
    return None if now == printed else f"the program prints {_difference(printed, now)}"


def _difference(before: bytes, after: bytes) -> str:
    old, new = before.splitlines(), after.splitlines()
    for was, now in zip(old, new, strict=False):
        if was != now:
            return f"{now.decode('utf-8', 'replace')!r} for {was.decode('utf-8', 'replace')!r}"
    return f"{len(new)} lines for {len(old)}"


def _second_run(tool: Tool, move: Move, root: Path, after: dict[str, bytes]) -> str | None:
    try:
        tool.migrate(root, move)
    except ToolFailedError as error:
        return f"a second run failed: {error}"
    again = _clients(root, move)
    changed = sorted(path for path in after if again.get(path) != after[path])
    return f"{changed[0]}: a second run changes it again" if changed else None


def _clients(root: Path, move: Move) -> dict[str, bytes]:
    """Content of every Python file but the two modules that things move between."""
    files = {path.relative_to(root).as_posix(): path for path in root.rglob("*.py")}
    return {
        name: path.read_bytes()
        for name, path in files.items()
        if name not in (move.old_file, move.new_file)
    }

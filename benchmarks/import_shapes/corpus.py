"""The shapes of fixtures/shapes, and the two moves that every tool has to make of each."""

from __future__ import annotations

import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "fixtures" / "shapes"
MAIN = "main.py"


@dataclass(frozen=True, slots=True)
class Move:
    """Every name of one module goes to another module that exists; some change on the way."""

    title: str
    names: dict[str, str]
    old_module: str = "pkg.old"
    new_module: str = "pkg.new"

    @property
    def old_file(self) -> str:
        """Path of the module that goes away, relative to the project."""
        return self.old_module.replace(".", "/") + ".py"

    @property
    def new_file(self) -> str:
        """Path of the module that everything moves to, relative to the project."""
        return self.new_module.replace(".", "/") + ".py"

    @property
    def target(self) -> bytes:
        """Text of the new module once everything has moved."""
        return (FOLDER / "_targets" / self.title / self.new_file).read_bytes()


MOVES = (
    Move("move", {"Thing": "Thing", "make_thing": "make_thing", "LIMIT": "LIMIT"}),
    Move("rename", {"Thing": "NewThing", "make_thing": "make_thing", "LIMIT": "LIMIT"}),
)


@dataclass(frozen=True, slots=True)
class Shape:
    """A small program that refers to `pkg.old` in one way and prints what it gets.

    unchanged: it only looks as if it did, so that no byte of it may change.
    """

    name: str
    title: str
    unchanged: bool

    def lay_out(self, root: Path) -> None:
        """Copies the program, with the modules that all shapes share, to a new folder."""
        shutil.copytree(FOLDER / "_base", root)
        shutil.copytree(
            FOLDER / self.name, root, dirs_exist_ok=True, ignore=lambda *_: ["shape.toml"]
        )


def read_shapes() -> list[Shape]:
    """All shapes in the order of their numbers."""
    return [_read(path.parent) for path in sorted(FOLDER.glob("*/shape.toml"))]


def _read(folder: Path) -> Shape:
    table = tomllib.loads((folder / "shape.toml").read_text("utf-8"))
    if unknown := set(table) - {"title", "unchanged"}:
        raise ValueError(f"{folder}/shape.toml: unknown keys {sorted(unknown)}")
    return Shape(folder.name, table["title"], table.get("unchanged", False))

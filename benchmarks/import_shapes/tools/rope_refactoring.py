"""rope, by its API, in the two ways in which its users could go about it.

Both start from a new module without the definitions, as rope moves those itself; a second run
finds nothing to move and does nothing. `docs` stays off: on, rope renames words in any text. The
program's sources are this file, run in the project's folder in a process of its own:

    python rope_refactoring.py '{"way": "move", "old_file": ..., "new_file": ..., "names": {...}}'
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from import_shapes.corpus import Move


class _Rope:
    """What the two ways share."""

    needs = "rope"
    moves_definitions = True
    way = ""

    def migrate(self, root: Path, move: Move) -> None:
        """Raises ToolFailedError."""
        from import_shapes.processes import run_tool

        task = {"way": self.way, "old_file": move.old_file, "new_file": move.new_file}
        run_tool([sys.executable, __file__, json.dumps({**task, "names": move.names})], root)


class RopeMove(_Rope):
    """Each name is moved to the module that exists (Move), and then renamed (Rename)."""

    name = "rope"
    title = "rope Move"
    way = "move"


class RopeModule(_Rope):
    """The old module is renamed to the new one (Rename), then each name (Rename).

    That takes a new module that does not exist, so what it holds is put aside meanwhile: a help
    that somebody who merges several modules into one does not have more than once.
    """

    name = "rope-module"
    title = "rope Rename of the module"
    way = "module"


def main(task: dict[str, Any]) -> None:
    """Moves and renames in the project of the current folder."""
    from rope.base.project import Project

    old, new = Path(task["old_file"]), Path(task["new_file"])
    project = Project(".", ropefolder=None)
    try:
        if task["way"] == "module" and not _is_done(old):
            aside = new.read_bytes()
            new.unlink()
            _rename(project, task["old_file"], None, new.stem)
            old.write_bytes(aside)
        elif task["way"] == "move":
            for name in task["names"]:
                _move(project, task["old_file"], task["new_file"], name)
        for name, new_name in task["names"].items():
            if new_name != name:
                _rename(project, task["new_file"], name, new_name)
    finally:
        project.close()


def _is_done(old: Path) -> bool:
    """Whether the old module defines nothing any more."""
    return not re.search(r"^(?:class|def) ", old.read_text("utf-8"), re.MULTILINE)


def _move(project: Any, source: str, destination: str, name: str) -> None:
    from rope.refactor.move import create_move

    resource = project.get_file(source)
    offset = _definition(resource.read(), name)
    if offset is not None:
        moving = create_move(project, resource, offset)
        project.do(moving.get_changes(project.get_file(destination)))


def _rename(project: Any, source: str, name: str | None, new_name: str) -> None:
    """Renames a name that a file defines; name None: the file itself."""
    from rope.refactor.rename import Rename

    resource = project.get_file(source)
    offset = None if name is None else _definition(resource.read(), name)
    if name is None or offset is not None:
        project.do(Rename(project, resource, offset).get_changes(new_name))


def _definition(text: str, name: str) -> int | None:
    """Offset of a name where its module defines it at the top level."""
    found = re.search(rf"^(?:class |def |){name}\b(?=[ (:=])", text, re.MULTILINE)
    return found.end() - 1 if found else None


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))

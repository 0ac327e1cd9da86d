"""LibCST's own command, one call a name, over the whole project:

python -m libcst.tool codemod rename.RenameCommand --no-format --old_name A --new_name B .
"""

from __future__ import annotations

import sys
from pathlib import Path

from import_shapes.corpus import Move
from import_shapes.processes import ToolFailedError, run_tool

_COMMAND = ("-m", "libcst.tool", "codemod", "rename.RenameCommand", "--no-format", "-j", "1")


class LibcstRename:
    """`--no-format` leaves a formatter out, which would change what has nothing to do with it."""

    name = "libcst"
    title = "LibCST RenameCommand"
    needs = "libcst"
    moves_definitions = False

    def migrate(self, root: Path, move: Move) -> None:
        """A file that the command fails on is a failure: it says so and goes on without it."""
        for old, new in move.names.items():
            names = (f"{move.old_module}.{old}", f"{move.new_module}.{new}")
            arguments = ["--old_name", names[0], "--new_name", names[1], "."]
            said = run_tool([sys.executable, *_COMMAND, *arguments], root)
            for line in said.splitlines():
                if "Failed to codemod" in line and " 0 files" not in line:
                    raise ToolFailedError(line.strip(" -"))

"""ast-grep with the rules of ast_grep_rules: move.yml, and for a rename rename.yml before it.

They are what somebody who knows the tool and this code base would write: single nodes are
replaced, relative imports are told apart by folder (`files`), and a name is renamed only in files
that import it. Re-exports and scopes are beyond rules that see one file. An alias in every import
(`import NewThing as Thing`) would survive more, and rename nothing.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from import_shapes.corpus import Move
from import_shapes.processes import run_tool

_RULES = Path(__file__).with_name("ast_grep_rules")


class AstGrep:
    """`ast-grep scan --rule FILE --update-all .` for each file of rules."""

    name = "ast-grep"
    title = "ast-grep"
    needs = "ast-grep-cli"
    moves_definitions = False

    def migrate(self, root: Path, move: Move) -> None:
        """Raises ToolFailedError."""
        is_rename = any(old != new for old, new in move.names.items())
        beside = Path(sys.executable).parent
        program = shutil.which("ast-grep", path=beside) or "ast-grep"
        for file in ("rename.yml", "move.yml") if is_rename else ("move.yml",):
            rules = str(_RULES / file)
            run_tool([program, "scan", "--rule", rules, "--update-all", "."], root)

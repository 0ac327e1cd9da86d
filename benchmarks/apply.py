"""How long a migration takes beside other tools, where every file needs it, in one run.

    python benchmarks/apply.py [--files 3000] [--rounds 5] [--rope-rounds N] [--libcst-rounds N]

The tree is made of packages from PyPI (see corpora.py); each file imports a legacy function and
calls it. Ours does the whole migration, with its proof (`apply --no-vendor --no-shims`, with one
process and with two). The others rename that one function and its import: LibCST's
RenameCommand by its own runner, rope's Rename, ast-grep by two rewrites. The tree is put back
before each run. Every round runs each tool that has rounds left, so that what else the machine
does falls on all; rope takes minutes and LibCST half an hour, so that they may have fewer.
CPU seconds are those of a tool's processes together, which hardly depend on what else runs.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import sys
import tempfile
from pathlib import Path

from corpora import OLD_MODULE, OLD_NAME, build
from running import Contender, interleaved_up_to, table

_NEW = "src.utils.consolidated_nonce_manager.get_nonce_manager"
_BIN = Path(sys.executable).parent
_OURS = "nonce-migrate apply"
_ROPE = """
import sys
from rope.base.project import Project
from rope.refactor.rename import Rename
project = Project(".", ropefolder=None)
module = project.get_resource(sys.argv[1])
offset = module.read().index(sys.argv[2])
project.do(Rename(project, module, offset).get_changes("get_nonce_manager"))
"""


def ours() -> list[Contender]:
    """With one process, and with two."""
    command = [str(_BIN / "nonce-migrate"), "apply", "--no-vendor", "--no-shims", "."]
    return [
        Contender(_OURS, [*command, "-j", "2"]),
        Contender(f"{_OURS} -j 1", [*command, "-j", "1"]),
    ]


def ast_grep() -> list[Contender]:
    """None where it is not installed."""
    program = shutil.which("ast-grep") or shutil.which(str(_BIN / "ast-grep"))
    if program is None:
        print("ast-grep is not installed", file=sys.stderr)
        return []
    rewrites = [
        f"{program} run -l py -p 'from {OLD_MODULE} import {OLD_NAME}' "
        f"-r 'from {_NEW.rpartition('.')[0]} import get_nonce_manager' -U .",
        f"{program} run -l py -p '{OLD_NAME}' -r 'get_nonce_manager' -U .",
    ]
    return [Contender("ast-grep", ["sh", "-c", "; ".join(rewrites)])]


def rope() -> Contender:
    """Its Rename, of the function in its own module."""
    path = f"{OLD_MODULE.replace('.', '/')}.py"
    return Contender("rope Rename", [sys.executable, "-c", _ROPE, path, OLD_NAME])


def libcst() -> Contender:
    """Its RenameCommand, by its own runner."""
    runner = [sys.executable, "-m", "libcst.tool", "codemod", "rename.RenameCommand", "--no-format"]
    names = ["--old_name", f"{OLD_MODULE}.{OLD_NAME}", "--new_name", _NEW]
    return Contender("LibCST rename.RenameCommand", [*runner, *names, "."])


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rope-rounds", type=int, default=1)
    parser.add_argument("--libcst-rounds", type=int, default=1)
    arguments = parser.parse_args()
    limits = dict.fromkeys((*ours(), *ast_grep()), arguments.rounds)
    limits |= {rope(): arguments.rope_rounds, libcst(): arguments.libcst_rounds}
    with tempfile.TemporaryDirectory() as name:
        kept, tree = Path(name) / "kept", Path(name) / "tree"
        size = build("dense", kept, arguments.files)
        tree.mkdir()

        def put_back() -> None:
            for entry in tree.iterdir():
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
            shutil.copytree(kept, tree, dirs_exist_ok=True)

        print(
            f"{arguments.files:,} files, {size / 1e6:.0f} MB, Python {platform.python_version()}\n"
        )
        results = interleaved_up_to(limits, tree, put_back)
        print(table(results, _OURS))


if __name__ == "__main__":
    main()

"""How long a migration takes beside other tools, where every file needs it, in one run.

    python benchmarks/apply.py [--files 3000] [--rounds 5] [--slow-rounds 1]

The tree is made of packages from PyPI (see corpora.py); each file imports a legacy function and
calls it. Ours does the whole migration, with its proof (`apply --no-vendor --no-shims`, with one
process and with two). The others rename that one function and its import: LibCST's
RenameCommand by its own runner, rope's Rename, ast-grep by two rewrites. The tree is put back
before each run. LibCST and rope take minutes: they have rounds of their own.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import sys
import tempfile
from pathlib import Path

from corpora import OLD_MODULE, OLD_NAME, build
from running import Contender, interleaved, table

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


def quick() -> list[Contender]:
    """Ours, and ast-grep where it is installed."""
    ours = [str(_BIN / "nonce-migrate"), "apply", "--no-vendor", "--no-shims", "."]
    found = [
        Contender(_OURS, ours),
        Contender(f"{_OURS} -j 1", [*ours, "-j", "1"]),
    ]
    program = shutil.which("ast-grep") or shutil.which(str(_BIN / "ast-grep"))
    if program is None:
        print("ast-grep is not installed", file=sys.stderr)
        return found
    rewrites = [
        f"{program} run -l py -p 'from {OLD_MODULE} import {OLD_NAME}' "
        f"-r 'from {_NEW.rpartition('.')[0]} import get_nonce_manager' -U .",
        f"{program} run -l py -p '{OLD_NAME}' -r 'get_nonce_manager' -U .",
    ]
    return [*found, Contender("ast-grep", ["sh", "-c", "; ".join(rewrites)])]


def slow() -> list[Contender]:
    """LibCST's runner and rope."""
    libcst = [sys.executable, "-m", "libcst.tool", "codemod", "rename.RenameCommand", "--no-format"]
    names = ["--old_name", f"{OLD_MODULE}.{OLD_NAME}", "--new_name", _NEW]
    path = f"{OLD_MODULE.replace('.', '/')}.py"
    return [
        Contender("LibCST rename.RenameCommand", [*libcst, *names, "."]),
        Contender("rope Rename", [sys.executable, "-c", _ROPE, path, OLD_NAME]),
    ]


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--slow-rounds", type=int, default=1)
    arguments = parser.parse_args()
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
        results = interleaved(quick(), tree, arguments.rounds, put_back)
        if arguments.slow_rounds:
            results |= interleaved(slow(), tree, arguments.slow_rounds, put_back, warm_up=0)
        print(table(results, _OURS))


if __name__ == "__main__":
    main()

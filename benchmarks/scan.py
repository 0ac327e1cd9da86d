"""How long a check takes beside other tools, on one large tree, in one run.

    python benchmarks/scan.py [--files 20000] [--rounds 5] [--growth]

The tree is made of packages from PyPI (see corpora.py), every hundredth file with a legacy import.
ripgrep looks for the five modules' names, ruff for imports of them (TID251, with and without its
cache), ast-grep for `from` and `import` statements of them. What is not installed is left out and
named. --growth measures ours alone on trees of 1,000 to 50,000 files.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import sys
import tempfile
from pathlib import Path

from corpora import build
from running import Contender, interleaved, table

_MODULES = (
    "src.utils.kraken_nonce_manager",
    "src.utils.unified_kraken_nonce_manager",
    "src.auth.nonce_manager",
    "src.exchange.websocket_nonce_coordinator",
    "src.emergency_nonce_fix",
)
_GROWTH = (1_000, 5_000, 20_000, 50_000)
_OURS = "nonce-migrate check"
_BIN = Path(sys.executable).parent


def contenders(ruff_config: Path) -> list[Contender]:
    """Ours, and those of the others that are installed."""
    names = "|".join(module.rpartition(".")[2] for module in _MODULES)
    ruff = ["ruff", "check", "--quiet", "--exit-zero", "--config", str(ruff_config)]
    patterns = [f"from {module} import $$$N" for module in _MODULES]
    rule = (
        "{id: legacy, language: python, rule: {any: ["
        + ", ".join(f"{{pattern: {pattern!r}}}" for pattern in patterns)
        + "]}}"
    )
    listed = [
        Contender(_OURS, [str(_BIN / "nonce-migrate"), "check", "."]),
        Contender(f"{_OURS} -j 1", [str(_BIN / "nonce-migrate"), "check", "-j", "1", "."]),
        Contender("ripgrep", ["rg", "--files-with-matches", f"({names})", "."]),
        Contender("ruff TID251, no cache", [*ruff, "--no-cache", "."]),
        Contender("ruff TID251, cached", [*ruff, "."]),
        Contender("ast-grep", ["ast-grep", "scan", "--inline-rules", rule, "."]),
    ]
    found = []
    for contender in listed:
        program = _program(contender.command[0])
        if program is None:
            print(f"{contender.name}: {contender.command[0]} is not installed", file=sys.stderr)
        else:
            found.append(
                Contender(contender.name, [program, *contender.command[1:]], contender.statuses)
            )
    return found


def _program(name: str) -> str | None:
    return shutil.which(name) or shutil.which(str(_BIN / name))


def _ruff_config(folder: Path) -> Path:
    file = folder / "banned.toml"
    banned = "\n".join(f'"{module}".msg = "legacy"' for module in _MODULES)
    text = f'[lint]\nselect = ["TID251"]\n[lint.flake8-tidy-imports.banned-api]\n{banned}\n'
    file.write_text(text)
    return file


def side_by_side(files: int, rounds: int) -> None:
    """Prints the table of all contenders."""
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name) / "tree"
        size = build("large", tree, files)
        print(f"{files:,} files, {size / 1e6:.0f} MB, Python {platform.python_version()}, ")
        print(f"{rounds} interleaved rounds after one that does not count\n")
        results = interleaved(contenders(_ruff_config(Path(name))), tree, rounds)
        print(table(results, _OURS))


def growth(rounds: int) -> None:
    """Prints what ours takes on trees of growing size."""
    print("| files | MB | median s | us a file | peak MB |\n|---:|---:|---:|---:|---:|")
    for files in _GROWTH:
        with tempfile.TemporaryDirectory() as name:
            size = build("large", Path(name), files)
            ours = Contender(_OURS, [str(_BIN / "nonce-migrate"), "check", "."])
            measured = interleaved([ours], Path(name), rounds)[_OURS]
        each = measured.median / files * 1e6
        row = f"{files:,} | {size / 1e6:.0f} | {measured.median:.2f} | {each:.0f}"
        print(f"| {row} | {measured.peak:.0f} |")


def main() -> None:
    """Runs what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--growth", action="store_true", help="ours alone, on growing trees")
    arguments = parser.parse_args()
    if arguments.growth:
        growth(arguments.rounds)
    else:
        side_by_side(arguments.files, arguments.rounds)


if __name__ == "__main__":
    main()

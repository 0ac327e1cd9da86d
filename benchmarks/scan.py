"""How long a check takes beside other tools, on one large tree, in one run.

    python benchmarks/scan.py [--files 20000] [--rounds 5] [--growth | --start]

The tree is made of packages from PyPI (see corpora.py), every hundredth file with a legacy import.
ripgrep looks for the five modules' names, ruff for imports of them (TID251, with and without its
cache), ast-grep for `from` and `import` statements of them. What is not installed is left out and
named. --growth measures ours alone on trees of 1,000 to 50,000 files, --start how long it takes to
start: its version, and a check of a small clean project.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import statistics
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
_SMALL = 20
_OURS = "nonce-migrate check"
_BIN = Path(sys.executable).parent
_CHECK = [str(_BIN / "nonce-migrate"), "check"]


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
        Contender(_OURS, [*_CHECK, "."]),
        Contender(f"{_OURS} -j 1", [*_CHECK, "-j", "1", "."]),
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
    """Prints what ours takes on trees of growing size, and the line that fits it best."""
    with tempfile.TemporaryDirectory() as name:
        contenders, sizes = [], {}
        for files in _GROWTH:
            tree = Path(name) / str(files)
            sizes[files] = build("large", tree, files) / 1e6
            contenders.append(Contender(str(files), [*_CHECK, "."], folder=tree))
        measured = interleaved(contenders, Path(name), rounds)
    print("| files | MB | median s | us a file | peak MB |\n|---:|---:|---:|---:|---:|")
    for files in _GROWTH:
        result = measured[str(files)]
        each = result.median / files * 1e6
        row = f"{files:,} | {sizes[files]:.0f} | {result.median:.2f} | {each:.0f}"
        print(f"| {row} | {result.peak:.0f} |")
    medians = [measured[str(files)].median for files in _GROWTH]
    slope, start = statistics.linear_regression(_GROWTH, medians)
    fit = statistics.correlation(_GROWTH, medians) ** 2
    print(f"\n{start * 1e3:.0f} ms and {slope * 1e6:.1f} us a file (R squared {fit:.4f})")


def start(rounds: int) -> None:
    """Prints how long ours takes to start, beside Python and the library of its command line."""
    python = [sys.executable, "-c"]
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name)
        (tree / "pyproject.toml").touch()
        for number in range(_SMALL):
            (tree / f"module_{number}.py").write_text("import os\n")
        contenders = [
            Contender("python -c pass", [*python, "pass"]),
            Contender("python -c 'import click'", [*python, "import click"]),
            Contender("nonce-migrate --version", [_CHECK[0], "--version"]),
            Contender(f"{_OURS}, {_SMALL} clean files", [*_CHECK, "."]),
        ]
        measured = interleaved(contenders, tree, rounds)
    print("| command | median ms | peak MB |\n|---|---:|---:|")
    for contender, result in measured.items():
        print(f"| {contender} | {result.median * 1e3:.0f} | {result.peak:.0f} |")


def main() -> None:
    """Runs what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--growth", action="store_true", help="ours alone, on growing trees")
    kind.add_argument("--start", action="store_true", help="ours alone, on next to nothing")
    arguments = parser.parse_args()
    if arguments.growth:
        growth(arguments.rounds)
    elif arguments.start:
        start(arguments.rounds)
    else:
        side_by_side(arguments.files, arguments.rounds)


if __name__ == "__main__":
    main()

"""Writes the page of every finding code: `python scripts/code_pages [--check]`.

A page is made of the table of the codes, of what a scan of the corpus says now, and of the rows of
the profile `kraken`, so that it cannot say anything else than they do. With --check nothing is
written, and the exit status is 1 where a page is not what would be written.
"""

from __future__ import annotations

import sys
from pathlib import Path

from example import Example, make_example
from prose import literal
from rows import profile_section

from nonce_migrate.codes import Level, Meaning, meanings, page_path
from nonce_migrate.model import Code, Safety

PROJECT = Path(__file__).resolve().parents[2]
INDEX = Path("docs/codes.md")
LEVELS = {
    Safety.SAFE: "Safe: made by default",
    Safety.UNSAFE: "Unsafe: made with `--unsafe`",
    Safety.MANUAL: "Manual: left for a person",
}


def main(arguments: list[str]) -> int:
    """Writes or compares; gives the exit status."""
    wanted = {Path(page_path(code)): page_text(told) for code, told in meanings().items()}
    wanted[INDEX] = index_text()
    there = {PROJECT / path for path in wanted}
    stale = [path for path, text in wanted.items() if _read(PROJECT / path) != text.encode()]
    left_over = set((PROJECT / page_path(Code.USE)).parent.glob("*")) - there
    if "--check" in arguments:
        for path in [*stale, *sorted(left_over)]:
            print(f"{path}: not what `python scripts/code_pages` writes; run it and commit")
        return 1 if stale or left_over else 0
    for path in stale:
        (PROJECT / path).write_bytes(wanted[path].encode())
    for path in left_over:
        path.unlink()
    print(f"{len(stale)} of {len(wanted)} files written, {len(left_over)} removed")
    return 0


def page_text(told: Meaning) -> str:
    """The page of one code, as Markdown."""
    parts = [f"# {told.code}: {told.title}", told.summary, "## Why it is told", told.why]
    if told.example:
        parts.append(told.example.strip())
    else:
        parts.append("## Levels and examples")
        for safety, level in told.levels.items():
            parts += _level(told.code, safety, level)
    parts += ["## What to do", told.step, *profile_section(told.code)]
    return "\n\n".join(parts) + "\n"


def index_text() -> str:
    """The list of all pages."""
    rows = [
        f"- [{code}](../{page_path(code)}) {told.title} ({', '.join(told.levels)}). {told.summary}"
        for code, told in meanings().items()
    ]
    return "\n".join(
        [
            "# The finding codes",
            "",
            "`nonce-migrate explain CODE` shows these pages in a terminal. They are written by",
            "`python scripts/code_pages` from the table of the codes, the corpus and the profile.",
            "",
            *rows,
            "",
        ]
    )


def _level(code: Code, safety: Safety, level: Level) -> list[str]:
    parts = [f"### {LEVELS[safety]}", level.text]
    if level.case:
        parts += _shown(make_example(level.case, code, safety), safety)
    return parts


def _shown(example: Example, safety: Safety) -> list[str]:
    language = "diff" if example.is_diff else example.language
    parts = [
        f"{literal(example.description)} (`fixtures/cases/{example.case}`, `{example.path}`)",
        f"{example.fence}{language}\n{example.text}{example.fence}",
        f"`scan` says of line {example.line}:",
        f"- what: `{example.symbol}`",
    ]
    said = [
        ("becomes", example.becomes),
        ("the guess" if safety is Safety.UNSAFE else "why not", example.reason),
        ("before the migration it", example.broken),
        ("do", example.step),
    ]
    parts[-1] += "".join(f"\n- {word}: {literal(text)}" for word, text in said if text)
    return parts


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

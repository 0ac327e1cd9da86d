"""The cases show every finding code at each level of safety that it can have, and at no other."""

from __future__ import annotations

import tomllib
from pathlib import Path

from nonce_migrate.model import Code, Safety

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
SAFE, UNSAFE, MANUAL = Safety.SAFE, Safety.UNSAFE, Safety.MANUAL

POSSIBLE = {
    Code.IMPORT_NAME: {SAFE, UNSAFE, MANUAL},
    Code.IMPORT_MODULE: {SAFE, UNSAFE, MANUAL},
    Code.IMPORT_STAR: {SAFE, UNSAFE, MANUAL},
    Code.IMPORT_REEXPORT: {SAFE, UNSAFE, MANUAL},
    Code.USE: {SAFE, UNSAFE, MANUAL},
    Code.QUOTED_ANNOTATION: {SAFE, UNSAFE, MANUAL},
    Code.ALL_ENTRY: {SAFE, UNSAFE, MANUAL},
    Code.CALL: {SAFE, UNSAFE, MANUAL},
    # There is no rewrite of private state.
    Code.PRIVATE_STATE: {MANUAL},
    # What is proven has another code.
    Code.MEMBER_UNPROVEN: {UNSAFE, MANUAL},
    Code.STRING: {SAFE, UNSAFE, MANUAL},
    # Never rewritten blindly.
    Code.CODE_IN_STRING: {MANUAL},
    Code.CONFIGURATION: {MANUAL},
    Code.UNDOING: {MANUAL},
    Code.ROGUE_NONCE: {UNSAFE, MANUAL},
    # Safe: it works after the migration without an edit of its own.
    Code.BROKEN_BEFORE: {SAFE, MANUAL},
}
# Every case has this one, since the legacy modules are laid into each.
IN_EVERY_CASE = {Code.LEGACY_MODULE}


def shown() -> set[tuple[Code, Safety]]:
    """The (code, level) pairs that some case expects."""
    pairs = set()
    for file in CASES.glob("*/case.toml"):
        for finding in tomllib.loads(file.read_text("utf-8"))["findings"]:
            _, code, *_, level = finding.split()
            pairs.add((Code(code), Safety(level)))
    return pairs


def test_every_code_has_its_levels() -> None:
    assert set(POSSIBLE) == set(Code) - IN_EVERY_CASE


def test_each_level_of_each_code_has_a_case() -> None:
    wanted = {(code, level) for code, levels in POSSIBLE.items() for level in levels}
    assert wanted - shown() == set(), "no case shows these"


def test_no_case_shows_a_level_that_a_code_cannot_have() -> None:
    odd = {(c, level) for c, level in shown() if level not in POSSIBLE.get(c, {level})}
    assert odd == set()

"""The cases show every finding code at each level of safety that it can have, and at no other."""

from __future__ import annotations

import tomllib
from pathlib import Path

from nonce_migrate.codes import meanings
from nonce_migrate.model import Code, Safety

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
# Every case has this one, since the legacy modules are laid into each.
IN_EVERY_CASE = {Code.LEGACY_MODULE}
# Of codes that bring an example of their own, a case of the corpus cannot show anything.
POSSIBLE = {
    code: set(told.levels)
    for code, told in meanings().items()
    if code not in IN_EVERY_CASE and not told.example
}


def shown() -> set[tuple[Code, Safety]]:
    """The (code, level) pairs that some case expects."""
    pairs = set()
    for file in CASES.glob("*/case.toml"):
        for finding in tomllib.loads(file.read_text("utf-8"))["findings"]:
            _, code, *_, level = finding.split()
            pairs.add((Code(code), Safety(level)))
    return pairs


def test_each_level_of_each_code_has_a_case() -> None:
    wanted = {(code, level) for code, levels in POSSIBLE.items() for level in levels}
    assert wanted - shown() == set(), "no case shows these"


def test_no_case_shows_a_level_that_a_code_cannot_have() -> None:
    odd = {(c, level) for c, level in shown() if level not in POSSIBLE.get(c, {level})}
    assert odd == set()

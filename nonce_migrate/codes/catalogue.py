"""What each finding code means, read from codes.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from nonce_migrate.model import Code, Safety


@dataclass(frozen=True, slots=True)
class Level:
    """A level that findings of a code can have.

    text: when it is that level, and what is done then. case: the folder of fixtures/cases that
    shows it, "" where none does.
    """

    text: str
    case: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A finding code in words.

    title: a noun phrase without a full stop. summary: one sentence on what is found. why: what is
    wrong with it. step: what a person does about it where no edit is made. example: Markdown that
    shows it, for codes that no case shows. levels: those that its findings can have, surest first.
    """

    code: Code
    title: str
    summary: str
    why: str
    step: str
    levels: Mapping[Safety, Level]
    example: str = ""


def meaning(code: Code) -> Meaning:
    """What a code means."""
    return meanings()[code]


@cache
def meanings() -> Mapping[Code, Meaning]:
    """Every code with its meaning, in the order of the codes."""
    text = files("nonce_migrate.codes").joinpath("codes.toml").read_text("utf-8")
    tables = tomllib.loads(text)
    return {code: _meaning(code, tables[code.value]) for code in sorted(Code)}


def page(code: Code) -> str:
    """The page of a code, as Markdown: its meaning, with examples from the corpus."""
    return files("nonce_migrate.codes").joinpath("pages", f"{code}.md").read_text("utf-8")


def page_path(code: Code) -> str:
    """Where the page of a code lies, from the root of the project's repository."""
    return f"nonce_migrate/codes/pages/{code}.md"


def _meaning(code: Code, table: Mapping[str, object]) -> Meaning:
    texts = {key: value for key, value in table.items() if isinstance(value, str)}
    levels = table["levels"]
    assert isinstance(levels, dict)
    ordered = {safety: Level(**levels[safety]) for safety in Safety if safety in levels}
    return Meaning(code, levels=ordered, **texts)

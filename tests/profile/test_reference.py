"""docs/profile.md lists what a profile may hold: each key, its type, and which must be there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nonce_migrate.errors import ProfileError
from nonce_migrate.profile import load_profile

PAGE = Path(__file__).parents[2] / "docs" / "profile.md"
# Each table that the page describes: how a profile begins it, and what complaints call its place.
TABLES = {
    "The file": ("", ""),
    "`[[system]]`": ("[[system]]", "system[1]."),
    "`[[system.name]]`": ("[[system]]\n[[system.name]]", "system[1].name[1]."),
    "`[[system.member]]`": ("[[system]]\n[[system.member]]", "system[1].member[1]."),
    "`[[system.private]]`": ("[[system]]\n[[system.private]]", "system[1].private[1]."),
    "`[rogue]`": ("[rogue]", "rogue."),
}
# What no key can be: the complaint names the type that it should have.
WRONG = "2024-01-01"
TYPES = {
    "a string": "string",
    "true or false": "boolean",
    "an array of strings": "array of strings",
    "an array of tables": "array of tables",
    "a table": "table",
}


def documented(title: str) -> dict[str, tuple[str, str]]:
    """key -> type and default, of the table below a heading of the page."""
    section = PAGE.read_text("utf-8").partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|", section, re.M)
    return {key: (kind, default) for key, kind, default in rows}


def problems(folder: Path, title: str, row: str) -> dict[str, str]:
    """key -> what is complained of, for a row in one of the tables and nothing else."""
    header, place = TABLES[title]
    file = folder / "p.toml"
    file.write_text(f"{header}\n{row}\n", encoding="utf-8")
    with pytest.raises(ProfileError) as caught:
        load_profile(str(file))
    pairs = (problem.split(": ", 1) for problem in caught.value.problems)
    own = {where.removeprefix(place): told for where, told in pairs if where.startswith(place)}
    return {key: told for key, told in own.items() if "." not in key}


@pytest.mark.parametrize("title", TABLES)
def test_every_key_is_on_the_page_and_no_other(tmp_path: Path, title: str) -> None:
    told = problems(tmp_path, title, "_ = 1")["_"]
    accepted = told.removeprefix("unknown key; possible: ").split(", ")
    assert set(documented(title)) == set(accepted)


@pytest.mark.parametrize("title", TABLES)
def test_every_key_has_its_type(tmp_path: Path, title: str) -> None:
    for key, (kind, _) in documented(title).items():
        told = problems(tmp_path, title, f"{key} = {WRONG}")[key]
        wanted = told.removeprefix("must be ").partition(", not ")[0].partition(": write")[0]
        assert (key, TYPES[wanted]) == (key, kind)


@pytest.mark.parametrize("title", TABLES)
def test_keys_that_must_be_there_are_called_required(tmp_path: Path, title: str) -> None:
    told = problems(tmp_path, title, "_ = 1")
    missing = {key for key, text in told.items() if text.startswith("missing")}
    required = {key for key, (_, default) in documented(title).items() if default == "required"}
    assert required == missing

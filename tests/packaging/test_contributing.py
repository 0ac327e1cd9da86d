"""CONTRIBUTING.md names what there is."""

from __future__ import annotations

import re

from tests.checkout import ROOT, tracked

_TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
# `cli/app.py` is told of as it stands in the package, `tests/corpus/` from the root.
_NAMED = re.compile(r"`((?:[a-z_0-9.-]+/)+(?:[a-z_0-9.-]+\.[a-z]+)?|[a-z_]+\.py)`")


def test_the_tour_names_every_folder_of_the_package() -> None:
    folders = {path.parts[1] for path in tracked("nonce_migrate") if len(path.parts) > 2}

    assert {name for name in folders if f"`nonce_migrate/{name}/`" not in _TEXT} == set()


def test_every_file_and_folder_that_is_named_is_there() -> None:
    rows = [line for line in _TEXT.splitlines() if line.startswith("| `")]
    unsafe = (ROOT / "fixtures/cases").glob("*/unsafe")
    case = next(folder.parent for folder in unsafe if (folder.parent / "after").is_dir())
    places = [ROOT, ROOT / "nonce_migrate", case, *(ROOT / row.split("`")[1] for row in rows)]
    named = _NAMED.findall(_TEXT)

    assert len(named) > 40
    assert [name for name in named if not any((place / name).exists() for place in places)] == []

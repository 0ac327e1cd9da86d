"""docs/formats.md names every format, and where --output takes it from."""

from __future__ import annotations

import re
from pathlib import Path

from nonce_migrate.reports.formats.registry import Format, formats_of

_PAGE = Path(__file__).parents[3] / "docs/formats.md"
_ROW = re.compile(r"^\| `(\w+)` \|.*\| (.*) \|$", re.MULTILINE)


def test_every_format_and_its_suffixes_are_told() -> None:
    told = dict(_ROW.findall(_PAGE.read_text("utf-8")))

    assert set(told) == set(Format)
    for name, where in told.items():
        for suffix in re.findall(r"`(\.[\w.]+)`", where):
            assert formats_of(Path("x" + suffix))[0] == name

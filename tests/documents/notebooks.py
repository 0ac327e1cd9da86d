"""Notebooks for the tests."""

from __future__ import annotations

import json
from collections.abc import Sequence

Source = str | list[str]


def notebook(*sources: Source, indent: int | None = 1, is_ascii: bool = False) -> bytes:
    """A notebook of code cells, written as Jupyter does (indent 1) or otherwise."""
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": source} for source in sources
    ]
    data: dict[str, object] = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(data, indent=indent, ensure_ascii=is_ascii) + "\n").encode()


def sources(data: bytes) -> list[str]:
    """The source of each cell."""
    cells: Sequence[dict[str, Source]] = json.loads(data)["cells"]
    return ["".join(cell["source"]) for cell in cells]

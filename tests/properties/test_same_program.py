"""A migrated program prints what it printed, whatever it imports and however it uses it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.properties.checking import assert_same_in_other_bytes, check
from tests.properties.programs import projects

EXAMPLES = int(os.environ.get("NONCE_MIGRATE_EXAMPLES", "150"))
many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that every example empties and fills anew."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name).resolve() / "bot"


@many
@given(files=projects(), other=st.booleans())
def test_a_program_prints_the_same(folder: Path, files: dict[str, str], *, other: bool) -> None:
    checked = check(folder, files)
    if other:
        assert_same_in_other_bytes(folder, files, checked.made)

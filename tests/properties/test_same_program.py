"""A migrated program prints what it printed, whatever it imports and however it uses it.

200 examples in all; NONCE_MIGRATE_EXAMPLES=2000 (as in CI) runs as many instead. Each part takes
examples of its own, so that the parts run beside each other.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.properties.checking import assert_same_in_other_bytes, check
from tests.properties.programs import projects

EXAMPLES = int(os.environ.get("NONCE_MIGRATE_EXAMPLES", "200"))
PARTS = 8
# (byte order mark, line end) that a program is planned in once more; most of them in none.
OTHER_BYTES = (None, None, (b"", b"\r\n"), (b"\xef\xbb\xbf", b"\n"))


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that every example empties and fills anew."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name).resolve() / "bot"


@pytest.mark.parametrize("part", range(PARTS))
def test_a_program_prints_the_same(folder: Path, part: int) -> None:
    @seed(part)
    @settings(
        max_examples=EXAMPLES // PARTS,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(files=projects(), other=st.sampled_from(OTHER_BYTES))
    def prints_the_same(files: dict[str, str], other: tuple[bytes, bytes] | None) -> None:
        checked = check(folder, files)
        if other is not None:
            assert_same_in_other_bytes(folder, files, checked.made, *other)

    prints_the_same()

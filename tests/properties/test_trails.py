"""What inference finds to hold something legacy, or a module, a trail has reached before.

Random programs find the ways that no list has: a function in a function, whose name is a hint.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, seed, settings

from nonce_migrate.engine import Options
from nonce_migrate.engine.gather import gather
from nonce_migrate.engine.tree import Tree
from nonce_migrate.profile import load_profile
from tests.properties.programs import projects
from tests.properties.running import lay_out
from tests.properties.stand_ins import LEGACY
from tests.properties.target import OTHERS
from tests.resolve.trailing import missed

EXAMPLES = int(os.environ.get("NONCE_MIGRATE_EXAMPLES", "200")) // 8


def test_nothing_that_is_found_is_missed() -> None:
    profile = load_profile("kraken")
    with tempfile.TemporaryDirectory() as name:
        root = Path(name).resolve() / "bot"

        @seed(5)
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(files=projects())
        def misses_nothing(files: dict[str, str]) -> None:
            lay_out(root, {**OTHERS, **LEGACY, **files})
            program = gather(Options(root, (root,), profile), Tree(root)).program
            assert program is not None
            assert list(missed(program)) == []

        misses_nothing()

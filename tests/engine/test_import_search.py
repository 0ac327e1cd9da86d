"""The gate resolves only imports that can matter, and still finds those that others lead to."""

from __future__ import annotations

from pathlib import Path

import pytest

from nonce_migrate.engine import Options, check
from nonce_migrate.profile import load_profile

LEGACY = "src/utils/kraken_nonce_manager.py"
FROM = "from src.utils.kraken_nonce_manager import KrakenNonceManager"


def found(root: Path, files: dict[str, str], jobs: int = 1) -> list[tuple[str, int]]:
    """Path and line of each import that fails the gate."""
    for path, text in {LEGACY: "class KrakenNonceManager: ...\n", **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    options = Options(root, (root,), load_profile("kraken"), jobs=jobs)
    return [(found.path, found.line) for found in check(options).imports]


def test_a_name_is_followed_over_modules_that_were_all_found_at_once(tmp_path: Path) -> None:
    # When `b` is first looked at, nobody knows yet that `a` hands on `Gn`.
    files = {
        "a.py": f"{FROM} as Gn\n",
        "b.py": "# in place of kraken_nonce_manager\nfrom a import Gn as H\n",
        "c.py": "# in place of kraken_nonce_manager\nfrom b import H as I\n",
        "d.py": "from c import I\n",
        "e.py": "from other import I\nimport c\n",
    }
    assert found(tmp_path, files) == [("a.py", 1), ("b.py", 2), ("c.py", 2), ("d.py", 1)]


def test_what_a_star_brings_is_followed(tmp_path: Path) -> None:
    files = {
        "a.py": f"{FROM} as Gn\n",
        "b.py": "from a import *\n",
        "c.py": "from b import Gn\n",
        "d.py": "from b import other\n",
    }
    assert found(tmp_path, files) == [("a.py", 1), ("b.py", 1), ("c.py", 1)]


@pytest.mark.parametrize(
    "line",
    [
        "import src.utils.kraken_nonce_manager as m",
        "from src.utils import kraken_nonce_manager",
        "from ..utils import kraken_nonce_manager as m",
        "from src.utils.kraken_nonce_manager import anything",
        "from src.utils.kraken_nonce_manager import *",
    ],
)
def test_every_form_that_names_the_module_can_matter(tmp_path: Path, line: str) -> None:
    assert found(tmp_path, {"src/rest/client.py": f"{line}\n"}) == [("src/rest/client.py", 1)]


def test_an_import_inside_a_function_hands_nothing_on(tmp_path: Path) -> None:
    files = {
        "a.py": f"def f():\n    {FROM}\n",
        "b.py": "from a import KrakenNonceManager\n",
    }
    assert found(tmp_path, files) == [("a.py", 2)]


def test_columns_count_characters(tmp_path: Path) -> None:
    text = f"x = 'é'; {FROM}\n"
    (tmp_path / "a.py").write_text(text)
    options = Options(tmp_path, (tmp_path,), load_profile("kraken"))
    (only,) = check(options).imports
    assert text[only.column - 1 :].startswith("KrakenNonceManager\n")

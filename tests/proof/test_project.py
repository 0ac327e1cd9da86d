"""The proof sees what the engine would have to have got wrong."""

from __future__ import annotations

from collections.abc import Mapping

from nonce_migrate.model import Code, Finding, Safety
from nonce_migrate.plans import ChangeKind, FileChange
from nonce_migrate.profile import load_profile
from nonce_migrate.proof.file import check_file
from nonce_migrate.proof.project import Planned, prove

TARGET = "src/utils/consolidated_nonce_manager.py"
LEGACY = "src/utils/unified_kraken_nonce_manager.py"
_FILES = {
    TARGET: "class ConsolidatedNonceManager: ...\ndef get_nonce_manager(): ...\n",
    LEGACY: "def get_unified_nonce_manager(): ...\n",
}
_OLD = "from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager\n"
_NEW = "from src.utils.consolidated_nonce_manager import get_nonce_manager\n"


def refusals(
    files: Mapping[str, str], changed: Mapping[str, tuple[str, str]], *told: tuple[str, int]
) -> dict[str, str]:
    """What is refused, with the reason. changed: path -> text before and after."""
    after = {**_FILES, **files, **{path: texts[1] for path, texts in changed.items()}}
    changes = [
        FileChange(path, ChangeKind.REWRITE, old.encode(), new.encode())
        for path, (old, new) in changed.items()
    ]
    planned = Planned(
        profile=load_profile("kraken"),
        files=sorted(after),
        changes=changes,
        checked=[checked for change in changes if (checked := check_file(change, ()))],
        read=lambda path: after[path].encode(),
        findings=[
            Finding(path, line, 1, Code.IMPORT_NAME, "s", "x", Safety.MANUAL) for path, line in told
        ],
        targets=[TARGET],
        covers=lambda path: True,
    )
    return {refusal.path: refusal.reason for refusal in prove(planned)}


def test_a_right_plan_is_let_through() -> None:
    assert refusals({}, {"src/a.py": (_OLD, _NEW)}) == {}


def test_a_name_that_the_target_has_not_is_seen() -> None:
    new = _NEW.replace("get_nonce_manager", "get_nonce_mangler")
    said = refusals({}, {"src/a.py": (_OLD, new)})
    assert "would import get_nonce_mangler" in said["src/a.py"]
    relative = "from .utils.consolidated_nonce_manager import no_such\n"
    assert "no_such" in refusals({}, {"src/a.py": (_OLD, relative)})["src/a.py"]


def test_a_client_that_keeps_the_old_name_is_seen() -> None:
    client = {"src/b.py": "from .a import get_unified_nonce_manager\n"}
    said = refusals(client, {"src/a.py": (_OLD, _NEW)})
    assert "src/b.py imports (line 1)" in said["src/a.py"]


def test_a_legacy_import_that_no_finding_tells_of_is_seen() -> None:
    for text in (
        _OLD,
        f"if True:\n    {_OLD}",
        "import src.utils.unified_kraken_nonce_manager as m\n",
        "def f():\n    from ..src.utils import unified_kraken_nonce_manager\n",
        "from utils.unified_kraken_nonce_manager import *\n",
    ):
        said = refusals({"tests/a.py": text}, {})
        assert "and no finding tells of it" in said["tests/a.py"], text


def test_a_legacy_import_that_is_told_of_is_let_through() -> None:
    assert refusals({"src/a.py": f"x = 1\n{_OLD}"}, {}, ("src/a.py", 2)) == {}


def test_another_module_of_that_name_is_none_of_ours() -> None:
    other = {
        "other/unified_kraken_nonce_manager.py": "x = 1\n",
        "other/a.py": "from .unified_kraken_nonce_manager import x\n",
        "b.py": "from exchange.unified_kraken_nonce_manager import y\n",
    }
    assert refusals(other, {}) == {}

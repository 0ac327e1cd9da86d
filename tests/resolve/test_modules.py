from __future__ import annotations

from nonce_migrate.profile.load import load_profile
from nonce_migrate.resolve.modules import ModuleIndex

FILES = ("scripts/run.py", "scripts/other.py", "lib/shared.py", "tools/shared.py", "tools/run.py")


def test_a_folder_that_one_script_adds_does_not_count_for_the_one_beside_it() -> None:
    index = ModuleIndex(FILES, load_profile("kraken"))
    with_folder = index.absolute("scripts/run.py", ("shared",), ("lib",))
    assert with_folder is not None
    assert with_folder.module == "lib/shared.py"
    assert index.absolute("scripts/other.py", ("shared",), ()) is None


def test_the_folder_of_the_importer_counts_whichever_was_asked_for_first() -> None:
    index = ModuleIndex(FILES, load_profile("kraken"))
    assert index.absolute("scripts/run.py", ("shared",), ()) is None
    beside = index.absolute("tools/run.py", ("shared",), ())
    assert beside is not None
    assert beside.module == "tools/shared.py"

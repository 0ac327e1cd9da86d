from __future__ import annotations

from nonce_migrate.model import CheckResult, Code, LegacyImport
from nonce_migrate.reports.check_lines import render_check

TARGET = "src.utils.consolidated_nonce_manager"
SYSTEM = "unified_kraken_nonce_manager"
IMPORT = LegacyImport(
    "src/app.py", 3, 5, Code.IMPORT_NAME, SYSTEM, "get_unified_nonce_manager", "get_nonce_manager"
)


def told(*imports: LegacyImport) -> str:
    return render_check(CheckResult(TARGET, imports, (), 1))


def test_the_replacement_and_where_it_is_are_named() -> None:
    assert told(IMPORT) == (
        "src/app.py:3:5: NM101 legacy import of get_unified_nonce_manager "
        f"(unified_kraken_nonce_manager): use `get_nonce_manager` of {TARGET}\n"
    )


def test_the_target_is_not_named_twice_where_it_is_the_replacement() -> None:
    module = IMPORT._replace(code=Code.IMPORT_MODULE, symbol=f"src.utils.{SYSTEM}")

    assert told(module._replace(replacement=TARGET)).count(TARGET) == 1


def test_the_step_is_named_where_there_is_no_replacement() -> None:
    bare = IMPORT._replace(replacement="", step="take the use out")

    assert told(bare).endswith(f": by hand, to {TARGET}; take the use out\n")


def test_a_hostile_name_stays_on_its_line() -> None:
    assert told(IMPORT._replace(path="src/a\n\x1b[31m.py")).count("\n") == 1


def test_nothing_is_told_of_a_clean_project() -> None:
    assert told() == ""

from __future__ import annotations

from nonce_migrate.accept.per_file import NOTHING, per_file
from nonce_migrate.model import Code

RULES = per_file({"tests/": ["NM2", "NM301"], "/bot.py": ["NM1"], "**/old_*.py": ["NM"]})


def test_a_pattern_names_files_as_in_gitignore() -> None:
    assert RULES.pattern_for("tests/a/test_x.py", Code.USE) == "tests/"
    assert RULES.pattern_for("src/tests/test_x.py", Code.CALL) == "tests/"
    assert RULES.pattern_for("bot.py", Code.IMPORT_STAR) == "/bot.py"
    assert RULES.pattern_for("a/b/old_bot.py", Code.ROGUE_NONCE) == "**/old_*.py"


def test_nothing_else_is_accepted() -> None:
    assert RULES.pattern_for("tests/a/test_x.py", Code.IMPORT_NAME) == ""
    assert RULES.pattern_for("src/bot.py", Code.IMPORT_STAR) == ""
    assert RULES.pattern_for("tests.py", Code.USE) == ""
    assert NOTHING.pattern_for("bot.py", Code.USE) == ""

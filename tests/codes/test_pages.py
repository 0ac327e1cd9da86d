from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from example import make_example
from prose import literal

from nonce_migrate.codes import meaning, meanings, page
from nonce_migrate.model import Code

PROJECT = Path(__file__).parents[2]


def test_the_pages_are_what_the_table_the_corpus_and_the_profile_give() -> None:
    """A code without a page, a page without a code and a page that is out of date fail."""
    done = subprocess.run(
        [sys.executable, "scripts/code_pages", "--check"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


@pytest.mark.parametrize("code", sorted(Code))
def test_a_page_says_what_the_table_says(code: Code) -> None:
    text, told = page(code), meaning(code)

    assert text.startswith(f"# {code}: {told.title}\n")
    for said in (told.summary, told.why, told.step):
        assert said in text
    assert told.example.strip() in text
    assert text.count("```") % 2 == 0


def test_every_level_of_a_code_is_shown_by_a_case() -> None:
    bare = {
        (code, safety)
        for code, told in meanings().items()
        for safety, level in told.levels.items()
        if not level.case and not told.example
    }

    # A shim is no edit of the corpus, whose cases run without shims.
    assert bare == {(Code.LEGACY_MODULE, "safe")}


def test_an_example_that_its_case_does_not_have_is_an_error() -> None:
    level = next(iter(meaning(Code.IMPORT_STAR).levels))

    with pytest.raises(LookupError, match="01-from-import: no safe finding of NM103"):
        make_example("01-from-import", Code.IMPORT_STAR, level)


def test_what_markdown_would_take_for_markup_is_set_as_code() -> None:
    text = "start with NONCE_FLOOR=<integer>, or delete `state_*`, nonce_*.json and a|b"

    assert literal(text) == (
        "start with `NONCE_FLOOR=<integer>`, or delete `state_*`, `nonce_*.json` and `a|b`"
    )

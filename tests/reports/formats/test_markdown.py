from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from nonce_migrate.model import ScanResult
from nonce_migrate.reports.formats.markdown import code, prose, render_markdown
from nonce_migrate.reports.record import Record, record_of_check, record_of_scan
from nonce_migrate.reports.wording import visible
from tests.reports.results import (
    BROKEN,
    HOSTILE,
    HOSTILE_PATH,
    IMPORT,
    PRIVATE,
    UNREADABLE,
    applied,
    dry_run,
    empty_plan,
    full_plan,
    scan_of,
)

_PARSER = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")


def _tokens(text: str) -> list[Token]:
    return [inner for token in _PARSER.parse(text) for inner in [token, *(token.children or [])]]


def _headings(text: str) -> list[str]:
    tokens = _PARSER.parse(text)
    return [
        tokens[index + 1].content
        for index, token in enumerate(tokens)
        if token.type == "heading_open"
    ]


def test_the_report_has_a_section_for_everything() -> None:
    text = render_markdown(applied(full_plan()))

    assert _headings(text) == [
        "Nonce migration",
        "Left for a person",
        "`src/app.py`",
        "Changed files",
        "Shims",
        "`src/auth/nonce_manager.py`",
        "Broken before the migration",
        "Refused, left as they were",
        "Could not be looked into",
        "Notes",
    ]


def test_what_is_left_has_line_reason_and_step() -> None:
    assert (
        "- [ ] line 14, NM302: `UnifiedKrakenNonceManager._last_nonce`\n"
        "  - Why: private state has no counterpart\n"
        "  - Do: read get_status() instead\n"
    ) in render_markdown(applied(full_plan()))


def test_changes_are_named_by_file_and_system() -> None:
    text = render_markdown(applied(full_plan()))

    assert "By system: `unified_kraken_nonce_manager` 2, `nonce_manager` 1." in text
    assert "| `src/app.py` | rewritten | 2 | `unified_kraken_nonce_manager` 2 |" in text
    assert "| `src/auth/nonce_manager.py` | made a shim |" in text
    assert "| `src/utils/manager.py` | the manager, new |" in text


def test_shims_say_what_was_kept_and_what_was_not() -> None:
    text = render_markdown(applied(full_plan()))

    assert "- Other names that stay importable: `LIMIT`" in text
    assert "- Not carried over: line 40: atexit.register" in text


def test_the_rest_is_there() -> None:
    text = render_markdown(applied(full_plan()))

    assert "| Version of the manager | 1.2.3 |" in text
    assert "  - line 7: `initialize_enhanced_nonce_manager` always raised TypeError" in text
    assert "- `src/odd.py`: a second pass would change it again" in text
    assert "- `src/old.py`: line 4: syntax error: invalid syntax" in text
    assert "- git status is not clean" in text


def test_a_plan_with_nothing_in_it_says_so() -> None:
    text = render_markdown(applied(empty_plan()))

    assert _headings(text) == ["Nonce migration", "Left for a person", "Changed files"]
    assert "| Version of the manager | not installed |" in text


def test_hostile_names_add_no_structure() -> None:
    plan = full_plan()
    changed = replace(plan.changes[0], path=HOSTILE_PATH, findings=(HOSTILE,))
    text = render_markdown(applied(replace(plan, remaining=(HOSTILE,), changes=(changed,))))
    tokens = _tokens(text)

    kinds = {token.type for token in tokens}
    assert not kinds & {"em_open", "strong_open", "link_open", "image", "fence", "html_block"}
    assert {t.content for t in tokens if t.type == "html_inline"} <= {"<code>", "</code>"}
    rows = [token for token in tokens if token.type == "tr_open"]
    cells = [token for token in tokens if token.type in ("td_open", "th_open")]
    assert len(rows) == 9 + 2 and len(cells) == 9 * 2 + 2 * 4
    shown = "".join(token.content for token in tokens if token.type in ("text", "code_inline"))
    assert visible(HOSTILE_PATH) in shown


def _shown(markdown: str) -> str:
    """The text that a reader of one cell of a table sees."""
    text = f"| x |\n|---|\n| {markdown} |\n"
    tokens = _PARSER.parse(text)
    cells = [tokens[i + 1] for i, token in enumerate(tokens) if token.type == "td_open"]
    assert len(cells) == 1
    kinds = ("text", "text_special", "code_inline", "softbreak")
    return "".join(t.content for t in cells[0].children or [] if t.type in kinds)


@given(st.text(min_size=1).filter(lambda text: "`" not in visible(text)))
def test_code_is_shown_as_it_is(text: str) -> None:
    assert _shown(code(text)) == visible(text)


@given(st.text(alphabet=st.sampled_from("`|\\ *_<a>&"), min_size=1))
def test_code_with_backticks_and_pipes_is_shown_as_it_is(text: str) -> None:
    assert _shown(code(text)) == text


@given(st.text(alphabet=st.sampled_from("|\\*_<a1>&[]()!#$~-+. "), min_size=1))
def test_prose_is_shown_as_it_is(text: str) -> None:
    assert _shown(prose(text)).strip() == text.strip()


@pytest.mark.parametrize("text", ["# x", "1. x", "- x", "+ x", "* x", "> x", "=== x", "__x__"])
def test_prose_at_the_start_of_an_item_is_no_structure(text: str) -> None:
    kinds = [token.type for token in _tokens(f"- {prose(text)}")]

    assert kinds.count("bullet_list_open") == 1
    assert not {"heading_open", "ordered_list_open", "blockquote_open", "strong_open"} & set(kinds)


def test_pairs_of_backticks_in_prose_mark_code() -> None:
    assert prose("import `a_b` by *its* name") == r"import `a_b` by \*its\* name"
    assert prose("a lone ` stays") == r"a lone \` stays"


@pytest.mark.parametrize("record_of", [record_of_scan, record_of_check])
def test_scan_and_check_list_their_findings_by_file(
    record_of: Callable[[ScanResult], Record],
) -> None:
    text = render_markdown(record_of(scan_of(IMPORT, PRIVATE, BROKEN, unreadable=(UNREADABLE,))))

    assert _headings(text)[1:] == [
        "Findings",
        "`src/app.py`",
        "`src/auth/client.py`",
        "Broken before the migration",
        "Could not be looked into",
    ]
    assert "| Findings | 3 |" in text and "| Of these manual | 1 |" in text
    assert (
        "| 3 | NM101 | import `get_unified_nonce_manager` | safe | get_nonce_manager |\n"
        "| 14 | NM302 | member `UnifiedKrakenNonceManager._last_nonce` | manual | "
        "private state has no counterpart; read get_status() instead |\n"
    ) in text


def test_a_check_says_whether_it_passed() -> None:
    assert "\nPassed.\n" in render_markdown(record_of_check(scan_of()))
    assert "\n**Failed.**\n" in render_markdown(record_of_check(scan_of(IMPORT)))


def test_a_dry_run_says_that_it_was_one() -> None:
    assert "nothing was written" in render_markdown(dry_run(full_plan()))
    assert "nothing was written" not in render_markdown(applied(full_plan()))


def test_hostile_names_add_no_structure_to_a_listing() -> None:
    text = render_markdown(record_of_scan(scan_of(HOSTILE)))
    tokens = _tokens(text)

    kinds = {token.type for token in tokens}
    assert not kinds & {"em_open", "strong_open", "link_open", "image", "fence", "html_block"}
    assert {t.content for t in tokens if t.type == "html_inline"} <= {"<code>", "</code>"}
    cells = [token for token in tokens if token.type in ("td_open", "th_open")]
    assert len(cells) == 2 * 8 + 5 * 2

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from nonce_migrate.model import Code
from nonce_migrate.reports.formats.html import render_html
from nonce_migrate.reports.record import record_of_check, record_of_plan
from tests.reports.formats.html.records import full_record, hostile_record, large_record
from tests.reports.results import IMPORT, PRIVATE, empty_plan, full_plan, scan_of, scanned


def test_the_same_record_gives_the_same_text() -> None:
    assert render_html(full_record()) == render_html(full_record())


def test_it_is_one_file_that_asks_for_no_other() -> None:
    html = render_html(full_record())

    assert re.findall(r'\b(?:src|href|action)="[^#]', html) == []
    assert "url(" not in html
    assert "@import" not in html
    assert "http://" not in html
    assert "https://" not in html
    assert " style=" not in html
    assert not re.search(r"<[^>]* on\w+=", html)


def test_the_policy_allows_its_own_style_and_script_alone() -> None:
    html = render_html(full_record())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)

    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in policy[1].replace("&#39;", "'").split("; "))
    assert rules["default-src"] == "'none'"
    for name, tag in (("style-src", "style"), ("script-src", "script")):
        texts = re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert [rules[name]] == [f"'sha256-{_hash(text)}'" for text in texts]


def test_hostile_text_is_text_and_can_be_encoded() -> None:
    html = render_html(hostile_record())

    assert html.encode()
    assert html.count("<script") == 1
    assert "<img" not in html
    assert "\u202e" not in html
    assert "\x1b" not in html


def test_backticks_mark_code_only_in_pairs() -> None:
    paired, odd = PRIVATE._replace(step="call `a<b`"), PRIVATE._replace(line=15, step="a ` alone")

    html = render_html(scanned(paired, odd))

    assert "call <code>a&lt;b</code>" in html
    assert "a ` alone" in html


@pytest.mark.parametrize(
    ("html", "headline"),
    [
        (render_html(scanned()), "No reference to a legacy system was found."),
        (render_html(scanned(IMPORT, PRIVATE)), "2 findings in 1 of 10 files."),
        (render_html(record_of_check(scan_of())), "The check passed."),
        (
            render_html(record_of_check(scan_of(IMPORT, PRIVATE), [PRIVATE])),
            "The check failed: 1 finding in 1 of 10 files; 1 warning.",
        ),
        (render_html(full_record()), "3 of 5 references migrated; 2 left for a person."),
        (
            render_html(record_of_plan(full_plan(), dry_run=True)),
            "3 of 4 references would be migrated; 1 left for a person.",
        ),
        (render_html(record_of_plan(empty_plan(), dry_run=False)), "There is nothing to migrate."),
    ],
)
def test_the_headline_says_what_the_run_did(html: str, headline: str) -> None:
    assert f'<p class="headline">{headline}</p>' in html


def test_everything_that_was_told_is_in_it() -> None:
    html = render_html(full_record())

    for text in (
        "private state has no counterpart",
        "read get_status() instead",
        "always raised TypeError",
        "a second pass would change it again",
        "syntax error: invalid syntax",
        "line 40: atexit.register",
        "git status is not clean",
        "1.2.3",
        "previous one",
    ):
        assert text in html


def test_a_thousand_files_make_a_file_that_can_be_mailed() -> None:
    assert len(render_html(large_record()).encode()) < 10_000_000, "it had 5.9 MB"


def test_a_finding_of_any_code_has_a_row() -> None:
    found = [PRIVATE._replace(code=code, line=n + 1) for n, code in enumerate(Code)]

    html = render_html(scanned(*found))

    assert html.count("<tbody data-c=") == len(Code)


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

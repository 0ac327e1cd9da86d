from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nonce_migrate.baseline.entries import Entry, Key, key_of, read_baseline, render_baseline
from nonce_migrate.engine.identity import Identity
from nonce_migrate.errors import ProjectError

A = Entry(Key("a.py", "NM101", "from x import y"), "first day")
B = Entry(Key("a.py", "NM101", "from x import y", 2))
_texts = st.text(max_size=8) | st.sampled_from(['"', "\\", "\x7f", "\n", "\x00", "}, {", "#", "'"])
_keys = st.builds(Key, _texts, st.sampled_from(["NM101", "NM501"]), _texts, st.integers(1, 9))


def _read(text: str) -> tuple[Entry, ...]:
    return read_baseline("b.toml", text.encode())


def _problem(text: str | bytes) -> str:
    with pytest.raises(ProjectError) as caught:
        read_baseline("b.toml", text.encode() if isinstance(text, str) else text)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_one_entry_a_line_sorted_whatever_the_order() -> None:
    text = render_baseline([B, A]).decode()

    assert render_baseline([A, B]).decode() == text
    assert text.splitlines()[3:-1] == [
        '  { path = "a.py", code = "NM101", statement = "from x import y", reason = "first day" },',
        '  { path = "a.py", code = "NM101", statement = "from x import y", ordinal = 2 },',
    ]
    assert [entry.line for entry in _read(text)] == [4, 5]


@given(st.dictionaries(_keys, _texts, max_size=3))
@settings(max_examples=60, deadline=None)
def test_it_reads_what_it_writes(reasons: dict[Key, str]) -> None:
    entries = [Entry(key, reason) for key, reason in reasons.items()]
    data = render_baseline(entries)

    assert {entry.key: entry.reason for entry in read_baseline("b", data)} == reasons
    tomllib.loads(data.decode())


def test_the_page_shows_a_file_as_it_is_written() -> None:
    page = (Path(__file__).parents[2] / "docs/baseline.md").read_text("utf-8")
    (text,) = re.findall(r"^```toml title=\S+\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)

    assert render_baseline(_read(text)).decode() == text


def test_a_name_that_is_no_utf8_can_be_written() -> None:
    key = key_of(Identity("a\udcff.py", "NM101", "x", 1))

    assert key.path == "a\\xff.py"
    assert read_baseline("b", render_baseline([Entry(key)]))[0].key == key


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD\n", "=======\n", "=======\r\n", ">>>>>>> x\n"])
def test_a_merge_conflict_is_told_at_its_line(mark: str) -> None:
    problem = _problem(render_baseline([A, B]).decode().replace("  {", f"{mark}  {{", 1))

    assert "b.toml:4: a merge conflict is not settled: keep the entries of both" in problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"\xff", "not UTF-8"),
        ("version = 1\nentries = [", "not a baseline: "),
        ("", "it needs `version = 1`"),
        ("version = 2\nentries = []\n", "it needs `version = 1`"),
        ("version = 1\nentries = [\n3,\n]\n", "an entry must be a table"),
        ('version = 1\nentries = [\n{ path = "a" },\n]\n', "b.toml:3: the entry has no code"),
        ('version = 1\nentries = [\n{ pfad = "a" },\n]\n', "unknown key 'pfad'; possible: path"),
        ("version = 1\nentries = [\n{ path = 3 },\n]\n", "path must be a string"),
        ('version = 1\nentries = [\n{ code = "E5" },\n]\n', "there is no finding code 'E5'"),
        ("version = 1\nentries = [\n{ ordinal = 0 },\n]\n", "ordinal must be a number from 1"),
        ("version = 1\nentries = [\n{ ordinal = true },\n]\n", "ordinal must be a number from 1"),
    ],
)
def test_a_file_that_cannot_be_used(text: str | bytes, problem: str) -> None:
    assert problem in _problem(text)


def test_an_entry_that_is_there_twice() -> None:
    line = '{ path = "a", code = "NM101", statement = "x" },\n'

    assert "b.toml:4: the entry is there twice" in _problem(
        f"version = 1\nentries = [\n{line}{line}]\n"
    )

from __future__ import annotations

import codecs
import io
import keyword
import tokenize
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nonce_migrate.discover import Prefilter

WORDS = ("nonce_manager", "KrakenNonceManager", "get_nonce", "main", "µ_nonce")
PREFILTER = Prefilter(WORDS)
PIECES = (*WORDS, "async", "x", "_", "2", " ", "\n", "#", ".", "'", "é", "\\n", "\\x41", "\\u00e9")
FULL_WIDTH = {ord("a") + i: 0xFF41 + i for i in range(26)}


def names_of(text: str) -> set[str]:
    """The identifiers of a text, as Python's own tokenizer and parser give them."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    names = [token.string for token in tokens if token.type == tokenize.NAME]
    return {unicodedata.normalize("NFKC", name) for name in names if not keyword.iskeyword(name)}


@given(
    word=st.sampled_from(WORDS),
    before=st.sampled_from(["", "x = ", "é; ", "# coding: utf-8\n", "import a."]),
    after=st.sampled_from(["", "()", " # é", "\n", ".y", "é"]),
    text=st.lists(st.sampled_from(PIECES)).map("".join),
)
@settings(derandomize=True, deadline=None)
def test_a_file_with_one_of_the_words_always_passes(
    word: str, before: str, after: str, text: str
) -> None:
    source = f"{before}{word}{after}\n{text}"
    try:
        names = names_of(source)
    except (tokenize.TokenError, SyntaxError):
        return
    if names & {unicodedata.normalize("NFKC", word) for word in WORDS}:
        assert PREFILTER.may_refer(source.encode())


@given(data=st.binary(max_size=200), at=st.integers(0, 200), word=st.sampled_from(WORDS))
@settings(derandomize=True, deadline=None)
def test_a_word_between_any_bytes_that_end_it_passes(data: bytes, at: int, word: str) -> None:
    assert PREFILTER.may_refer(data[:at] + b" " + word.encode() + b"." + data[at:])


@given(st.lists(st.text("abcdefghij_", min_size=1, max_size=12), min_size=1, max_size=30))
@settings(derandomize=True, deadline=None)
def test_every_word_of_any_list_is_found(words: list[str]) -> None:
    prefilter = Prefilter(words)
    assert all(prefilter.may_refer(f"({word})".encode()) for word in words)


@pytest.mark.parametrize(
    "text",
    [
        "import src.auth.nonce_manager as nm",
        "patch('src.auth.nonce_manager.X')",
        '"\\nget_nonce()"',
        '"\\x0aget_nonce"',
        '"\\u000aget_nonce"',
        '"\\U0000000aget_nonce"',
        '"\\12get_nonce"',
        "f'{get_nonce!r}'",
        "self.nonce_manager",
    ],
)
def test_words_pass_where_code_has_them(text: str) -> None:
    assert PREFILTER.may_refer(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import os",
        "ethereum_nonce_manager",
        "nonce_managers",
        "get_nonce_async",
        "if __name__ == '__main__': domain()",
        "xmain = 1",
        "print('café')",
        "# coding: latin-1\nprint('x')",
    ],
)
def test_other_words_do_not_pass(text: str) -> None:
    assert not PREFILTER.may_refer(text.encode())


def test_a_look_alike_beside_the_word_does_not_hide_it() -> None:
    assert PREFILTER.may_refer(b"ethereum_nonce_manager or nonce_manager")


def test_identifiers_count_in_the_form_that_python_gives_them() -> None:
    source = "get_nonce".translate(FULL_WIDTH)
    assert source != "get_nonce"
    assert PREFILTER.may_refer(source.encode())
    assert PREFILTER.may_refer("𝐦𝐚𝐢𝐧()".encode())
    assert PREFILTER.may_refer("print(mªin)".encode("latin-1").join([b"# coding: latin-1\n", b""]))


@given(
    word=st.sampled_from(WORDS[:-1]),
    at=st.integers(0, 20),
    around=st.text("é…™½ªµ \u0301\u0323xn_", max_size=6),
)
@settings(derandomize=True, deadline=None)
def test_one_letter_in_another_form_is_enough(word: str, at: int, around: str) -> None:
    at %= len(word)
    wide = word[at].translate(FULL_WIDTH)
    source = f"{around} {word[:at]}{wide}{word[at + 1 :]} {around}"
    assert Prefilter(WORDS[:-1]).may_refer(source.encode())


def test_a_cookie_that_python_does_not_follow_hides_nothing() -> None:
    source = "import os\n# coding: latin-1\n" + "main".translate(FULL_WIDTH)
    assert PREFILTER.may_refer(source.encode())


def test_files_in_encodings_that_hide_ascii_pass() -> None:
    assert PREFILTER.may_refer(codecs.BOM_UTF16_LE + "x".encode("utf-16-le"))
    assert PREFILTER.may_refer(codecs.BOM_UTF32_BE + "x".encode("utf-32-be"))
    assert PREFILTER.may_refer(b"# coding: utf-7\nx")
    assert PREFILTER.may_refer(b"# coding: utf-7")
    assert PREFILTER.may_refer(b"#!/usr/bin/python\n# vim: set fileencoding=cp037 :\nx")
    assert PREFILTER.may_refer(b"# coding: no-such-encoding\nx")
    assert PREFILTER.may_refer(b"# coding: rot13\nx")
    assert PREFILTER.may_refer("# coding: shift_jis\nｍａｉｎ".encode("shift_jis"))


def test_bytes_that_are_no_utf8_do_no_harm() -> None:
    assert PREFILTER.may_refer(b"\xff\xfa main \xff")
    assert not PREFILTER.may_refer(b"\xff\xfa nothing \x00")


def test_without_words_nothing_passes() -> None:
    assert not Prefilter([]).may_refer(b"get_nonce " + "é".encode())

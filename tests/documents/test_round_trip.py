"""What no change, and what one change, does to documents of any shape."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from nonce_migrate.documents.document import Change, Document
from nonce_migrate.documents.kinds import DocumentKind
from nonce_migrate.documents.reading import read_document
from tests.documents.notebooks import notebook, sources

_LINES = st.lists(
    st.sampled_from(
        [
            "x = 1",
            "# é\\ud83d 😀 \\/",
            "",
            "if x:\n    y",
            "s = '\"\\\\\t'",
            "%time z",
            "ls?",
            "f(a,\n  b)",
        ]
    ),
    max_size=5,
)
_CELLS = st.lists(st.tuples(_LINES, st.sampled_from("lsw"), st.booleans()), max_size=4)
_PREFIXES = st.sampled_from(["", "  ", "> ", "\t", "- "])
_ENDS = st.sampled_from(["\n", "\r\n", "\r"])


def _source(lines: list[str], shape: str, has_end: bool) -> str | list[str]:
    """A cell's source as one string, as a list of lines, or as a list that cuts anywhere."""
    text = "\n".join(lines) + ("\n" if has_end and lines else "")
    if shape == "s":
        return text
    if shape == "l":
        return text.splitlines(keepends=True)
    return [text[i : i + 7] for i in range(0, len(text), 7)]


@given(_CELLS, st.sampled_from([None, 1, 4]), st.booleans(), st.data())
def test_a_notebook_changes_where_it_is_changed(
    cells: list[tuple[list[str], str, bool]],
    indent: int | None,
    is_ascii: bool,
    data: st.DataObject,
) -> None:
    raw = notebook(*(_source(*cell) for cell in cells), indent=indent, is_ascii=is_ascii)
    document = read_document("a.ipynb", DocumentKind.NOTEBOOK, raw)
    assert document.changed({0: []} if document.pieces else {}) == raw
    places = [i for i, c in enumerate(_text(document)) if c == "x"]
    if not places:
        return
    at = data.draw(st.sampled_from(places))
    new = data.draw(st.sampled_from(["xx", "é", "", '"\\', "x\ny = 2\n#", "😀"]))
    after = document.changed({0: [Change(at, at + 1, new)]})
    changed = [(o, n) for o, n in zip(sources(raw), sources(after), strict=True) if o != n]
    [(old_text, new_text)] = changed
    assert new_text in {
        old_text[:i] + new + old_text[i + 1 :] for i, c in enumerate(old_text) if c == "x"
    }
    assert _without_sources(raw) == _without_sources(after)


def _text(document: Document) -> str:
    return document.pieces[0].source.text if document.pieces else ""


def _without_sources(data: bytes) -> object:
    table = json.loads(data)
    for cell in table["cells"]:
        del cell["source"]
    return table


@given(st.lists(st.tuples(_LINES, _PREFIXES, st.booleans()), max_size=4), _ENDS, st.data())
def test_a_page_changes_where_it_is_changed(
    blocks: list[tuple[list[str], str, bool]], end: str, data: st.DataObject
) -> None:
    rows: list[str] = []
    for lines, prefix, is_python in blocks:
        rest = prefix.replace("-", " ")
        rows.append(f"{prefix}```{'python' if is_python else 'text'}")
        rows += [rest + row for line in lines for row in line.split("\n")]
        rows += [f"{rest}```", "x = text"]
    raw = end.join(rows).encode(errors="surrogatepass")
    document = read_document("a.md", DocumentKind.PAGE, raw)
    assert document.changed({i: [] for i in range(len(document.pieces))}) == raw
    places = [
        (number, i)
        for number, piece in enumerate(document.pieces)
        for i, c in enumerate(piece.source.text)
        if c == "x"
    ]
    if not places:
        return
    number, at = data.draw(st.sampled_from(places))
    where = document.offset(number, at)
    text = document.text
    assert text[where] == "x"
    after = document.changed({number: [Change(at, at + 1, "neü")]})
    assert after == (text[:where] + "neü" + text[where + 1 :]).encode(errors="surrogateescape")

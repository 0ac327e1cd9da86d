"""Any import statement, in any layout, through any change."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from nonce_migrate.edit.errors import EditError
from nonce_migrate.edit.import_statement import Imported, rewrite_import

steady = settings(deadline=None, derandomize=True)

Binding = tuple[str | None, str, str | None]


@dataclass(frozen=True)
class Case:
    """A statement of n0, n1, ... (some as k0, k1, ...) from `module`; None for a plain import."""

    text: str
    module: str | None
    names: tuple[tuple[str, str | None], ...]
    newline: str


@st.composite
def statements(draw: st.DrawFn) -> Case:
    newline = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    module = draw(st.sampled_from([None, "old", ".old", "..", "p.old"]))
    bracketed = module is not None and draw(st.booleans())
    count = draw(st.integers(1, 5))
    names = tuple((f"n{i}", draw(st.sampled_from([None, f"k{i}"]))) for i in range(count))
    numbers = iter(range(100))

    def space(*, needed: bool = False) -> str:
        forms = [" ", "\t", "  ", f" \\{newline} ", "\x0c"]
        if not needed:
            forms.append("")
        if not bracketed:
            return draw(st.sampled_from(forms))
        forms.extend((newline, f"{newline}    ", f"{newline}{newline}  ", "#"))
        form = draw(st.sampled_from(forms))
        if form != "#":
            return form
        own = f"  # é{next(numbers)}.{newline}" if draw(st.booleans()) else ""
        return f"  # c{next(numbers)}.{newline}{own}   "

    parts = ["import "] if module is None else [f"from {module} import ", "(" * bracketed]
    parts.append(space() if bracketed else "")
    for index, (name, as_name) in enumerate(names):
        parts.append(name)
        if as_name:
            parts.extend((space(needed=True), "as", space(needed=True), as_name))
        if index < count - 1 or (bracketed and draw(st.booleans())):
            parts.extend((space(), ",", space()))
    parts.extend((space(), ")") if bracketed else ())
    return Case("".join(parts), module, names, newline)


def comment_tokens(text: str) -> list[str]:
    lines = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")).readline
    tokens = tokenize.generate_tokens(lines)
    return [part for t in tokens if t.type == tokenize.COMMENT for part in split(t.string)]


def split(comment: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?=#)", comment) if part]


def bindings(text: str) -> list[Binding]:
    found: list[Binding] = []
    for node in ast.parse(text).body:
        assert isinstance(node, ast.Import | ast.ImportFrom)
        module = None
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
        found.extend((module, alias.name, alias.asname) for alias in node.names)
    return found


@steady
@given(statements())
def test_the_same_names_give_the_same_text(case: Case) -> None:
    changes = {i: [Imported(case.module, *name)] for i, name in enumerate(case.names)}
    assert rewrite_import(case.text, changes) == case.text
    assert rewrite_import(case.text, {}) == case.text


@steady
@given(statements(), st.sets(st.integers(0, 4)))
def test_one_module_changes_only_the_tokens(case: Case, renamed: set[int]) -> None:
    if case.module is None or not case.module.endswith("old"):
        return
    module = case.module.replace("old", "new")
    changes = {}
    expected = case.text.replace("old", "new", 1)
    for index, (name, as_name) in enumerate(case.names):
        new_name = f"x{index}" if index in renamed else name
        changes[index] = [Imported(module, new_name, as_name)]
        expected = re.sub(rf"\b{name}\b", new_name, expected)
    assert rewrite_import(case.text, changes) == expected


@steady
@given(statements(), st.data())
def test_any_change_keeps_comments_and_gives_the_names(case: Case, data: st.DataObject) -> None:
    what = st.sampled_from(["stay", "rename", "move", "far", "drop", "two", "same", "star"])
    changes: dict[int, list[Imported]] = {}
    expected: list[Binding] = []
    for index, (name, as_name) in enumerate(case.names):
        new = {
            "stay": [Imported(case.module, name, as_name)],
            "rename": [Imported(case.module, "r" + name, as_name)],
            "move": [Imported("p.new", name, as_name or "a" + name)],
            "far": [Imported("..new", name, None)],
            "drop": [],
            "two": [Imported("p.new", "t" + name), Imported("..new", "u" + name)],
            "same": [Imported("p.new", "one")],
            "star": [Imported("p.new", "s" + name), Imported("p.new", "v" + name, "w" + name)],
        }[data.draw(what)]
        if new != [Imported(case.module, name, as_name)]:
            changes[index] = new
        expected.extend((i.module, i.name, i.as_name) for i in new)
    separator = data.draw(st.sampled_from(["; ", case.newline]))
    comments = comment_tokens(case.text)
    try:
        result = rewrite_import(case.text, changes, separator=separator)
    except EditError:
        assert comments
        return
    assert Counter(bindings(result)) == Counter(dict.fromkeys(expected, 1))
    assert Counter(comment_tokens(result)) == Counter(comments)
    assert set(re.findall(r"\r\n|\r|\n", result)) <= {case.newline}


@steady
@given(statements(), st.integers(1, 3))
def test_extra_names_stand_at_the_end(case: Case, count: int) -> None:
    if case.module is None:
        return
    extra = [Imported(case.module, f"e{i}", f"f{i}") for i in range(count)]
    try:
        result = rewrite_import(case.text, {}, extra=extra)
    except EditError:
        assert comment_tokens(case.text)
        return
    added = [(case.module, e.name, e.as_name) for e in extra]
    assert bindings(result) == bindings(case.text) + added
    assert Counter(comment_tokens(result)) == Counter(comment_tokens(case.text))
    assert set(re.findall(r"\r\n|\r|\n", result)) <= {case.newline}

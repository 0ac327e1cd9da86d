from __future__ import annotations

from nonce_migrate.reports.formats.html.colours import Colours


def test_keywords_names_numbers_strings_and_comments() -> None:
    assert _coloured("async def go(x): return (\nf'{x}' + 0x1F)  # 'no'") == [
        [("async", "k"), ("def", "k"), ("go", "d"), ("return", "k")],
        [("f'{x}'", "s"), ("0x1F", "n"), ("# 'no'", "c")],
    ]


def test_a_line_inside_a_string_that_began_earlier_is_a_string() -> None:
    """The easy version looks at each line alone, and takes `import` for a keyword here."""
    lines = _coloured('x = r"""\nimport this # no\n""" + y  # yes\n')

    assert lines[1] == [("import this # no", "s")]
    assert lines[2] == [('"""', "s"), ("# yes", "c")]


def test_quotes_in_comments_and_comments_in_strings_begin_nothing() -> None:
    assert _coloured("a = '#'  # don't\nclass B: pass") == [
        [("'#'", "s"), ("# don't", "c")],
        [("class", "k"), ("B", "d"), ("pass", "k")],
    ]


def test_escaped_quotes_end_nothing() -> None:
    assert _coloured(r"'it\'s' + '''a''b\''' c'''") == [
        [(r"'it\'s'", "s"), (r"'''a''b\''' c'''", "s")]
    ]


def test_attributes_and_parts_of_names_are_no_keywords() -> None:
    assert _coloured("x.import_ = y.class2 + importer + a1") == [[]]


def test_text_that_is_no_python_has_some_colours_and_no_end() -> None:
    assert _coloured("def (:\n'open\n'''never closed\nif") == [
        [("def", "k")],
        [("'open", "s")],
        [("'''never closed", "s")],
        [("if", "s")],
    ]


def _coloured(text: str) -> list[list[tuple[str, str]]]:
    colours, lines, at = Colours(text), [], 0
    for line in text.removesuffix("\n").split("\n"):
        parts = colours.line(at, at + len(line))
        lines.append([(line[start:end], style) for start, end, style in parts])
        at += len(line) + 1
    return lines

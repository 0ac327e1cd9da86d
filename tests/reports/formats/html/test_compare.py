from __future__ import annotations

import time

from nonce_migrate.plans import ChangeKind, FileChange
from nonce_migrate.reports.formats.html.compare import Change, Diff, Line, Side, diff_of
from nonce_migrate.reports.formats.html.marks import differing, opcodes, paired

_TWENTY = [f"x{i} = {i}" for i in range(20)]


def test_far_lines_are_folded_and_keep_their_numbers() -> None:
    new = ["y = 1", *_TWENTY[1:10], "z = 1", *_TWENTY[11:]]

    stretches = _diff(_TWENTY, new).stretches

    assert [(s.is_folded, s.count) for s in stretches] == [
        (False, 14),
        (True, 6),
    ]
    last = stretches[-1].lines[-1]
    assert (last.old and last.old.number, last.new and last.new.number) == (20, 20)


def test_a_report_that_is_too_large_keeps_the_counts_of_folds_alone() -> None:
    change = _change("\n".join(["a", *_TWENTY]), "\n".join(["b", *_TWENTY]))

    fold = diff_of(change, "", with_folds=False).stretches[-1]

    assert (fold.is_folded, fold.count, fold.lines) == (True, 17, ())


def test_like_lines_stand_beside_each_other_though_one_was_added_between() -> None:
    """The easy version puts them side by side in turn, and marks everything."""
    old = ["from old import a, b", "value = a()"]
    new = ["from new import a", "from other import b  # and nothing else of it", "value = a(1)"]

    lines = [line for s in _diff(old, new).stretches for line in s.lines]

    assert [line.change for line in lines] == [Change.CHANGED, Change.ADDED, Change.CHANGED]
    assert _marked(lines[2].new) == ["1"]


def test_marks_are_words() -> None:
    assert differing("get_old(x)", "get_new(x)") == (((0, 7),), ((0, 7),))


def test_a_style_and_a_mark_may_overlap() -> None:
    line = _diff(["x = 'a b'"], ["x = 'a c'"]).stretches[0].lines[0]

    assert line.new is not None
    assert [(p.text, p.style, p.is_marked) for p in line.new.pieces] == [
        ("x = ", "", False),
        ("'a ", "s", False),
        ("c", "s", True),
        ("'", "s", False),
    ]


def test_crlf_is_told_once_and_a_lone_cr_is_shown() -> None:
    crlf = diff_of(_change("a\r\nb\r\n", "a\r\nc\r\n"), "", with_folds=True)
    mixed = diff_of(_change("a\r\nb\n", "a\r\nc\n"), "", with_folds=True)

    assert crlf.notes == ("All lines end in CR LF.",)
    assert _texts(crlf.stretches[0].lines) == [("a", "a"), ("b", "c")]
    assert _texts(mixed.stretches[0].lines)[0] == ("a\\r", "a\\r")


def test_a_bom_and_latin_1_are_read_as_python_does() -> None:
    before = "# coding: latin-1\nx = 'é'\n".encode("latin-1")
    after = "# coding: latin-1\ny = 'é'\n".encode("latin-1")
    change = FileChange("a.py", ChangeKind.REWRITE, before, after)
    with_bom = _change("\ufeffimport old\n", "\ufeffimport new\n")

    assert _texts(diff_of(change, "", with_folds=True).stretches[0].lines)[1] == (
        "x = 'é'",
        "y = 'é'",
    )
    assert _texts(diff_of(with_bom, "", with_folds=True).stretches[0].lines) == [
        ("import old", "import new")
    ]


def test_what_does_not_print_is_shown_and_tabs_stay() -> None:
    change = FileChange("a.txt", ChangeKind.REWRITE, b"\ta\x0c\xe2\x80\xae\xff\n", b"")

    assert _texts(diff_of(change, "", with_folds=True).stretches[0].lines) == [
        ("\ta\\x0c\\u202e\\xff", "")
    ]


def test_a_missing_line_end_is_told_where_only_one_file_has_it() -> None:
    assert diff_of(_change("a\n", "b"), "", with_folds=True).notes == (
        "Only the old file ends in a line end.",
    )
    assert diff_of(_change("a", "b"), "", with_folds=True).notes == ()


def test_the_packaged_manager_is_counted_and_not_shown() -> None:
    change = FileChange("m.py", ChangeKind.MANAGER, None, b"a = 1\nb = 2\n")

    diff = diff_of(change, "", with_folds=True)

    assert (diff.added, diff.stretches) == (2, ())
    assert "2 lines" in diff.notes[0]


def test_a_result_without_contents_says_so_and_shows_no_blank_lines() -> None:
    """One read back from JSON has no files, or only the lines of a diff and blank ones around."""
    blank = [""] * 20
    none = diff_of(FileChange("a.py", ChangeKind.MANAGER, None, b""), "", with_folds=True)
    around = _diff([*blank, "a = 1"], [*blank, "a = 2"]).stretches

    assert none.stretches == ()
    assert "no part of the result" in none.notes[0]
    assert [(s.is_folded, s.count, len(s.lines)) for s in around] == [(True, 17, 0), (False, 4, 4)]


def test_a_new_file_has_added_lines_alone() -> None:
    diff = diff_of(FileChange("s.py", ChangeKind.SHIM, None, b"a = 1\n"), "", with_folds=True)

    assert diff.is_new
    assert (diff.removed, diff.added) == (0, 1)


def test_opcodes_turn_the_old_lines_into_the_new() -> None:
    for old, new in (("abcd", "abxcd"), ("", "ab"), ("ab", ""), ("aab", "aaab"), ("aba", "ababa")):
        made = []
        for tag, i, i_end, j, j_end in opcodes(old, new):
            assert tag != "equal" or old[i:i_end] == new[j:j_end]
            made += list(new[j:j_end])
        assert "".join(made) == new


def test_every_line_stands_somewhere_once_in_order() -> None:
    old, new = ["a b c", "d e f", "x"], ["d e g", "q", "x"]

    pairs = paired(old, new)

    assert [i for i, _ in pairs if i is not None] == [0, 1, 2]
    assert [j for _, j in pairs if j is not None] == [0, 1, 2]
    assert (1, 0) in pairs


def test_a_large_rewrite_is_compared_in_little_time() -> None:
    old = [f"name_{i} = compute({i % 7}, {i})" for i in range(1500)]
    new = [f"other_{i} = reckon({i % 5}, {i})" for i in range(1500)]

    began = time.process_time()
    _diff(old, new)

    assert time.process_time() - began < 2, "took 0.1 s"


def _change(before: str, after: str) -> FileChange:
    return FileChange("a.py", ChangeKind.REWRITE, before.encode(), after.encode())


def _diff(old: list[str], new: list[str]) -> Diff:
    return diff_of(_change("\n".join(old) + "\n", "\n".join(new) + "\n"), "", with_folds=True)


def _marked(side: Side | None) -> list[str]:
    return [piece.text for piece in side.pieces if piece.is_marked] if side else []


def _texts(lines: tuple[Line, ...]) -> list[tuple[str, str]]:
    return [(_text(line.old), _text(line.new)) for line in lines]


def _text(side: Side | None) -> str:
    return "".join(piece.text for piece in side.pieces) if side else ""

"""Whatever two files hold, their lines are all shown, each once, in order."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from nonce_migrate.plans import ChangeKind, FileChange
from nonce_migrate.reports.formats.html.compare import Diff, Line, Side, diff_of
from nonce_migrate.reports.formats.html.texts import Text
from nonce_migrate.visible import visible

_PIECES = [
    "import a",
    "x = 1",
    "x = 1",
    "'",
    '"""',
    "# c",
    "\\",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\f",
    "é",
]
_FILES = st.one_of(
    st.lists(st.sampled_from(_PIECES), max_size=30).map(lambda parts: "".join(parts).encode()),
    st.binary(max_size=60),
)


@given(before=_FILES, after=_FILES, name=st.sampled_from(["a.py", "a.md"]))
@settings(max_examples=150, deadline=None)
def test_every_line_is_shown(before: bytes, after: bytes, name: str) -> None:
    diff = diff_of(FileChange(name, ChangeKind.REWRITE, before, after), "", with_folds=True)

    assert _shown(diff, lambda line: line.old) == _expected(name, before)
    assert _shown(diff, lambda line: line.new) == _expected(name, after)


def _shown(diff: Diff, side_of: Callable[[Line], Side | None]) -> list[str]:
    """One side; where blank lines are only counted, those. The numbers have to fit."""
    shown: list[str] = []
    for stretch in diff.stretches:
        if not stretch.lines:
            shown += [""] * stretch.count
        for side in filter(None, map(side_of, stretch.lines)):
            shown.append(_text(side))
            assert side.number == len(shown)
    return shown


def _text(side: Side) -> str:
    return "".join(piece.text for piece in side.pieces)


def _expected(name: str, data: bytes) -> list[str]:
    return ["\t".join(map(visible, line.split("\t"))) for line in Text(name, data).lines]

"""Records of every shape, for tests that hold for all of them."""

from __future__ import annotations

import os
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st

from nonce_migrate.model import Accepted, AcceptedBy, Code, Finding, Safety, Unreadable
from nonce_migrate.plans import ChangeKind, FileChange, Refusal, ShimNote
from nonce_migrate.reports.record import Command, Entry, Fate, Record

T = TypeVar("T")

# More in CI, which asks for 2000 elsewhere.
few = settings(
    max_examples=max(15, int(os.environ.get("NONCE_MIGRATE_EXAMPLES", "0")) // 10), deadline=None
)

# What breaks formats: their own marks, control characters, bytes that are no UTF-8 (surrogates),
# characters that XML forbids, and those outside the BMP.
_NASTY = [
    "\n", "\r", "\t", "\x00", "\x1b[31m", "\x85", "\u2028", "\ufffe", "\udcff", "\ud800", "😀",
    "::error::", "%0A", ",", ":", "##[x]", "<script>", "]]>", "&amp;", '"', "'", "|", "`", "# ",
    "- ", "\\", "{{", "a", "b_c", " ",
]  # fmt: skip
texts = st.lists(st.sampled_from(_NASTY), max_size=4).map("".join)
# A name on the disk has no NUL, and no surrogates but those of bytes that are no UTF-8.
names = texts.map(lambda text: text.replace("\x00", "").replace("\ud800", "") + "x")
findings = st.builds(
    Finding,
    path=names,
    line=st.integers(1, 9),
    column=st.integers(1, 9),
    code=st.sampled_from(Code),
    system=texts,
    symbol=texts,
    safety=st.sampled_from(Safety),
    becomes=texts,
    reason=texts,
    step=texts,
    broken=texts,
    why=st.lists(texts, max_size=2).map(tuple),
)
entries = st.builds(
    Entry, findings, st.sampled_from(Fate), statement=texts, ordinal=st.integers(0, 3)
)
changes = st.builds(
    FileChange,
    path=names,
    kind=st.sampled_from(ChangeKind),
    before=st.none() | st.binary(max_size=8),
    after=st.binary(max_size=8),
    findings=st.lists(findings, max_size=2).map(tuple),
)
_FATES = {
    Command.SCAN: {Fate.LISTED},
    Command.CHECK: {Fate.FAILS, Fate.WARNS},
    Command.APPLY: {Fate.MADE, Fate.PENDING, Fate.LEFT},
}


def _several(items: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(items, max_size=3).map(tuple)


_OF_APPLY: dict[str, Any] = {
    "changes": _several(changes),
    "shims": _several(st.builds(ShimNote, names, texts, _several(texts), _several(texts))),
    "refusals": _several(st.builds(Refusal, names, texts)),
    "notes": _several(texts),
    "manager_version": texts,
    "dry_run": st.booleans(),
}


@st.composite
def records(draw: st.DrawFn) -> Record:
    """A record of any command, whose findings have fates that the command gives."""
    command = draw(st.sampled_from(Command))
    found = draw(st.lists(entries.filter(lambda e: e.fate in _FATES[command]), max_size=4))
    return draw(
        st.builds(
            Record,
            command=st.just(command),
            root=names.map(lambda name: f"/{name}"),
            profile=texts,
            target=texts,
            systems=_several(st.tuples(texts, texts, texts)),
            entries=st.just(tuple(sorted(found))),
            unreadable=_several(st.builds(Unreadable, names, st.integers(0, 9), texts)),
            files_seen=st.integers(0, 99),
            broken_before=_several(findings),
            planned=_several(changes) if command is not Command.APPLY else st.just(()),
            accepted=_several(st.builds(Accepted, findings, st.sampled_from(AcceptedBy), texts)),
            **(_OF_APPLY if command is Command.APPLY else {}),
        )
    )

"""Sorts the findings of a run into those that count and those that are accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, NamedTuple

from nonce_migrate.accept.comments import FORM, Comment, Listed, Place
from nonce_migrate.accept.per_file import PerFile
from nonce_migrate.model import (
    Accepted,
    AcceptedBy,
    Code,
    Finding,
    Found,
    LegacyImport,
    Safety,
)

SYSTEM = "suppression"


class Text(NamedTuple):
    """A module, or another text of the project, with its comments.

    path: as its findings have it. file: the file that it stands in, relative to the root.
    is_whole: whether a comment counts for all of it, on whatever line it stands.
    """

    path: str
    file: str
    comments: tuple[Comment, ...] = ()
    is_whole: bool = False


class Judgement(NamedTuple, Generic[Found]):
    """kept: the findings that count. accepted: those that do not. problems: what is wrong with
    the comments themselves.
    """

    kept: tuple[Found, ...]
    accepted: tuple[Accepted[Found], ...]
    problems: tuple[Finding, ...]

    def moved(
        self, place: Callable[[Found], Found], place_problem: Callable[[Finding], Finding]
    ) -> Judgement[Found]:
        """The same with every finding at another place."""
        return Judgement(
            tuple(map(place, self.kept)),
            tuple(a._replace(finding=place(a.finding)) for a in self.accepted),
            tuple(map(place_problem, self.problems)),
        )


def judge(
    text: Text,
    findings: Iterable[Found],
    per_file: PerFile,
    known: frozenset[Code],
    held: frozenset[Place] = frozenset(),
    following: frozenset[Place] = frozenset(),
) -> Judgement[Found]:
    """Sorts the findings of one text.

    known: the codes that were looked for, so that one which is not among the findings is not
    there. held: where something was accepted, and became manual for that. following: where it is
    accepted with the import that it hangs on.
    """
    is_by_pattern = bool(per_file.rules) and not text.comments
    by_import = AcceptedBy.PER_FILE if is_by_pattern else AcceptedBy.COMMENT
    kept: list[Found] = []
    accepted: list[Accepted[Found]] = []
    used: set[tuple[Comment, Listed]] = set()
    for finding in findings:
        entries = _entries(text, finding, is_held=(finding.line, finding.column) in held)
        used.update(entries)
        if entries:
            comment, _ = entries[0]
            accepted.append(Accepted(finding, AcceptedBy.COMMENT, comment.reason))
        elif pattern := per_file.pattern_for(text.file, finding.code):
            accepted.append(Accepted(finding, AcceptedBy.PER_FILE, pattern))
        elif (finding.line, finding.column) in following:
            accepted.append(Accepted(finding, by_import, "its import is accepted"))
        else:
            kept.append(finding)
    return Judgement(tuple(kept), tuple(accepted), tuple(_problems(text, used, known)))


def judge_files(per_file: PerFile, findings: Iterable[Finding]) -> Judgement[Finding]:
    """Sorts findings that are about a file as a whole, which no comment in it accepts."""
    judged = [judge(Text(f.path, f.path), [f], per_file, frozenset()) for f in findings]
    kept = tuple(finding for each in judged for finding in each.kept)
    return Judgement(kept, tuple(a for each in judged for a in each.accepted), ())


def accepts(text: Text, finding: Finding | LegacyImport, per_file: PerFile) -> bool:
    """Whether a finding of the text is accepted."""
    is_in_comment = bool(_entries(text, finding, is_held=False))
    return is_in_comment or bool(per_file.pattern_for(text.file, finding.code))


def _entries(
    text: Text, finding: Finding | LegacyImport, *, is_held: bool
) -> list[tuple[Comment, Listed]]:
    """What accepts a finding. One that is held may have another code than it had before."""
    beside = [
        (comment, entry)
        for comment in text.comments
        if text.is_whole or comment.first <= (finding.line, finding.column) <= comment.last
        for entry in comment.listed
    ]
    named = [(comment, entry) for comment, entry in beside if finding.code in entry.codes]
    return named or (beside if is_held else [])


def _problems(
    text: Text, used: set[tuple[Comment, Listed]], known: frozenset[Code]
) -> Iterator[Finding]:
    for comment in text.comments:
        if comment.problem:
            yield _unclear(text, comment, f"{comment.problem}, so it accepts nothing")
            continue
        is_alone = comment.is_alone and not text.is_whole
        unused = [
            entry
            for entry in comment.listed
            if (comment, entry) not in used and (entry.codes <= known or is_alone)
        ]
        if is_alone:
            reason = "it stands on a line of its own, and a comment counts for the statement beside"
            step = "write it at the end of a line of the statement that it is for"
            yield _finding(text, comment, Code.SUPPRESSION_UNUSED, reason, step)
        elif unused:
            yield _unused(text, comment, unused)
        elif not comment.reason:
            reason = "it gives no reason, so nobody can tell whether it still holds"
            yield _unclear(text, comment, reason)


def _unclear(text: Text, comment: Comment, reason: str) -> Finding:
    step = f"write it as `{FORM}`, with a code of `nonce-migrate explain` and your own reason"
    return _finding(text, comment, Code.SUPPRESSION_UNCLEAR, reason, step)


def _unused(text: Text, comment: Comment, unused: Sequence[Listed]) -> Finding:
    names = ", ".join(entry.written for entry in unused)
    reason = f"nothing with the code {names} is found there"
    step = "delete the comment"
    if len(unused) < len(comment.listed):
        step = f"take {names} out of the comment"
    return _finding(text, comment, Code.SUPPRESSION_UNUSED, reason, step)


def _finding(text: Text, comment: Comment, code: Code, reason: str, step: str) -> Finding:
    codes = ", ".join(entry.written for entry in comment.listed)
    symbol = f"ignore[{codes}]" if codes else "ignore"
    return Finding(
        path=text.path,
        line=comment.line,
        column=comment.column,
        code=code,
        system=SYSTEM,
        symbol=symbol,
        safety=Safety.MANUAL,
        reason=reason,
        step=step,
    )

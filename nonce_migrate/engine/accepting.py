"""The comments of the gathered files, and what they and the settings accept of the findings."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from nonce_migrate.accept.comments import MARK, Comment, comments_in_text, comments_of
from nonce_migrate.accept.judge import Judgement, Text, accepts, judge
from nonce_migrate.documents.document import Document, Prose
from nonce_migrate.documents.kinds import EVERY_KIND, DocumentKind
from nonce_migrate.engine.gathered import Gathered
from nonce_migrate.engine.options import Options
from nonce_migrate.model import Accepted, Code, Finding
from nonce_migrate.rules.findings import Decided
from nonce_migrate.rules.held_places import Places, place_of_edit
from nonce_migrate.source import UnparsableError, decode

Decide = Callable[[Options, Gathered, Places], Sequence[Decided]]

_OF_DOCUMENTS = frozenset({Code.CONFIGURATION, Code.UNDOING})


@dataclass(frozen=True)
class Sorted:
    """What counts and what is accepted; what is wrong with comments is among what counts."""

    findings: tuple[Finding, ...]
    accepted: tuple[Accepted[Finding], ...]

    @classmethod
    def of(cls, judgements: Iterable[Judgement[Finding]]) -> Sorted:
        """All of several texts."""
        made = tuple(judgements)
        findings = (f for j in made for f in (*j.kept, *j.problems))
        return cls(tuple(findings), tuple(a for j in made for a in j.accepted))


def known_codes(options: Options) -> frozenset[Code]:
    """The codes that a scan with these options finds wherever they are."""
    known = frozenset(Code)
    if options.kinds != EVERY_KIND:
        known -= _OF_DOCUMENTS
    return known if Code.ROGUE_NONCE in options.codes else known - {Code.ROGUE_NONCE}


def module_text(gathered: Gathered, path: str) -> Text:
    """A module, or blocks of a page, with its comments."""
    return Text(path, gathered.file_of(path), comments_of(gathered.module(path).source))


def settle(
    options: Options, gathered: Gathered, decide: Decide
) -> tuple[Sequence[Decided], Places]:
    """Decides, with every accepted finding left as it is and the rest true to that.

    Gives the decisions, and the places that are held. What is held can hold more, so it is
    decided until nothing new is accepted; a file in which an edit would still touch such a place
    is left alone as a whole.
    """
    held: dict[str, frozenset[tuple[int, int]]] = {}
    while True:
        decided = decide(options, gathered, held)
        places = _accepted_places(options, gathered, decided)
        new = {path: p | held.get(path, frozenset()) for path, p in places.items()}
        if any(new[path] != held.get(path) for path in new):
            held.update(new)
            continue
        touched = {gathered.file_of(f.path) for f in decided if _touches(gathered, f, held)}
        if not touched - options.kept:
            return decided, held
        options = options.keeping(touched)


def _accepted_places(
    options: Options, gathered: Gathered, decided: Iterable[Decided]
) -> dict[str, frozenset[tuple[int, int]]]:
    """Where the accepted findings stand, by the path of their module."""
    places = {}
    for file in decided:
        text = module_text(gathered, file.path)
        found = (f for f in file.findings if accepts(text, f, options.accepted))
        places[file.path] = frozenset((finding.line, finding.column) for finding in found)
    return {path: found for path, found in places.items() if found}


def _touches(gathered: Gathered, file: Decided, held: Places) -> bool:
    source = gathered.module(file.path).source
    places = held.get(file.path)
    return places is not None and any(
        place_of_edit(source, intent) in places for intent in file.intents
    )


def judge_module(options: Options, text: Text, file: Decided, places: Places) -> Judgement[Finding]:
    """What was found in a module."""
    held = frozenset(places.get(file.path, ()))
    known = known_codes(options)
    return judge(text, file.findings, options.accepted, known, held, file.following)


def judge_document(
    options: Options, document: Document, findings: Iterable[Finding]
) -> Judgement[Finding]:
    """What was found in a document outside of its Python."""
    found = tuple(findings)
    lines = {finding.line for finding in found}
    comments = [c for prose in document.prose for c in _in_prose(document, prose)]
    if document.kind is DocumentKind.PAGE:
        # A page that shows how such a comment is written accepts nothing by that.
        comments = [c for c in comments if c.line in lines or _is_hidden(document, c)]
    text = Text(document.path, document.path, tuple(comments))
    return judge(text, found, options.accepted, known_codes(options))


def judge_legacy(options: Options, finding: Finding, data: bytes) -> Judgement[Finding]:
    """That a file is a legacy module: a comment anywhere in the file accepts it."""
    comments: tuple[Comment, ...] = ()
    if MARK.encode() in data:
        try:
            comments = comments_of(decode(finding.path, data))
        except UnparsableError:
            comments = ()
    text = Text(finding.path, finding.path, comments, is_whole=True)
    return judge(text, [finding], options.accepted, frozenset({Code.LEGACY_MODULE}))


def _in_prose(document: Document, prose: Prose) -> Iterator[Comment]:
    """The comments of a part of a document, at their places in the document."""
    for comment in comments_in_text(prose.text):
        line, column = document.position(prose.at(comment.offset))
        yield comment._replace(line=line, column=column, first=(line, 1), last=(line, sys.maxsize))


def _is_hidden(document: Document, comment: Comment) -> bool:
    """Whether readers of a page do not see the comment."""
    start = document.line_starts[comment.line - 1] + comment.column - 1
    is_code = document.text[start - 1 : start] == "`"
    return document.text.startswith("<!--", start) and not is_code

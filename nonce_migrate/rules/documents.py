"""The findings about a document outside the Python that is handled as modules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nonce_migrate.documents.document import Document, Prose
from nonce_migrate.documents.kinds import DocumentKind
from nonce_migrate.model import Code, Finding, Safety
from nonce_migrate.resolve.project import ParsedModule, Project, SymbolTarget
from nonce_migrate.rules.import_lines import find_import_lines
from nonce_migrate.rules.imports import find_carriers
from nonce_migrate.rules.mentions import Mention, find_mentions, renamed, without_counterpart
from nonce_migrate.rules.state_commands import find_state_commands
from nonce_migrate.source import UnparsableError, decode

_SCRIPT = re.compile(r"\.(?:sh|bash|zsh|ps1|bat|cmd|mk|ya?ml|service|dockerfile|toml)\Z|/[^./]+\Z")
_LIKE_PYTHON = (DocumentKind.PAGE, DocumentKind.COPY, DocumentKind.NOTEBOOK)


def document_findings(project: Project, document: Document) -> list[Finding]:
    """Everything that a person has to settle in the document, in its order."""
    found: dict[tuple[int, int], Finding] = {}
    for prose in document.prose:
        for finding in _of_prose(project, document, prose):
            found.setdefault((finding.line, finding.column), finding)
    return sorted(found.values())


def _of_prose(project: Project, document: Document, prose: Prose) -> Iterator[Finding]:
    path, text = document.path, prose.text
    mentions = [*find_mentions(project, path, text)]
    if document.kind is DocumentKind.COPY:
        mentions += _imports_of_copy(project, path, text)
    if document.kind in _LIKE_PYTHON:
        mentions += find_import_lines(project, path, text)
    for mention in mentions:
        yield _finding(document, prose, mention)
    if document.kind is DocumentKind.TEXT and _SCRIPT.search(f"/{path}"):
        for command in find_state_commands(project.profile, text):
            line, column = document.position(prose.at(command.start))
            yield Finding(
                path,
                line,
                column,
                Code.UNDOING,
                command.system.name,
                command.name,
                Safety.MANUAL,
                reason="it overwrites or deletes nonce state, so the next nonce can be lower than "
                "the last one that was used",
                step="take the command out; `nonce-migrate state floor VALUE` moves the sequence "
                "forward safely",
            )


def _finding(document: Document, prose: Prose, mention: Mention) -> Finding:
    line, column = document.position(prose.at(mention.start))
    step = f"write `{mention.new}` instead of `{mention.old}`" if mention.new else mention.step
    symbol = mention.system.symbol(mention.symbol.partition(".")[0])
    if mention.new and symbol and symbol.becomes and symbol.becomes.arguments is not None:
        step += f", whose arguments are others: {symbol.becomes.text}"
    return Finding(
        document.path,
        line,
        column,
        Code.CONFIGURATION,
        mention.system.name,
        mention.symbol,
        Safety.MANUAL,
        reason=prose.what,
        step=_step_of_copy(document, mention) or step,
    )


def _step_of_copy(document: Document, mention: Mention) -> str:
    if document.kind is not DocumentKind.COPY:
        return ""
    new = f"write `{mention.new}` in it" if mention.new else mention.step
    return f"delete the copy, or {new}: put back in place, it would undo the migration"


def _imports_of_copy(project: Project, path: str, text: str) -> Iterator[Mention]:
    """The legacy imports of a copy that still parses, over re-exports too."""
    try:
        module = ParsedModule(decode(path, text.encode(errors="surrogateescape")))
        carriers = find_carriers(project, module)
    except (UnparsableError, RecursionError):
        return
    for carrier in carriers:
        target = carrier.target
        if not isinstance(target, SymbolTarget) or carrier.found.others:
            continue
        system = project.systems[target.system]
        start = module.source.offset(carrier.alias.lineno, carrier.alias.col_offset)
        new = renamed(project, system, system.module.split("."), [target.name])
        step = without_counterpart(system, [target.name])
        old = carrier.alias.name
        if not carrier.is_direct:
            yield Mention(start, start + len(old), system, target.name, old, new, step)

"""What fails the gate, as lines for CI logs and editors: one import a line, never wrapped."""

from __future__ import annotations

from nonce_migrate.model import CheckResult, LegacyImport
from nonce_migrate.reports.wording import place, sentence, visible


def render_check(result: CheckResult) -> str:
    """Each import as `path:line:column: CODE message`, with what stands for it at the target."""
    lines = (f"{place(i)}: {i.code} {_message(i, result.target)}\n" for i in result.imports)
    return "".join(lines)


def _message(found: LegacyImport, target: str) -> str:
    head = f"legacy {found.kind} of {found.symbol} ({found.system})"
    if not found.replacement:
        return visible(sentence([f"{head}: by hand, to {target}", found.step]))
    if found.replacement == target:
        return visible(f"{head}: use {target}")
    return visible(f"{head}: use `{found.replacement}` of {target}")

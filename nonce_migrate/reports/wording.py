"""The words that all text formats share."""

from __future__ import annotations

from collections.abc import Iterable

from nonce_migrate.model import Finding, LegacyImport, Safety, Unreadable
from nonce_migrate.visible import visible

__all__ = ["counted", "fate", "place", "sentence", "unreadable_place", "visible"]


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 file`, `2 files`; with plural, that word for all but one."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def place(finding: Finding | LegacyImport) -> str:
    """`path:line:column`."""
    return f"{visible(finding.path)}:{finding.line}:{finding.column}"


def unreadable_place(item: Unreadable) -> str:
    """`path:line`, or the path alone where there is no line."""
    path = visible(item.path)
    return f"{path}:{item.line}" if item.line else path


def fate(finding: Finding) -> str:
    """What becomes of a finding, or why nothing does and what a person has to do."""
    if finding.safety is Safety.SAFE:
        parts = [finding.becomes]
    else:
        parts = [finding.reason, finding.step]
    if finding.broken:
        parts.append(f"before the migration it {finding.broken}")
    return visible(sentence(parts))


def sentence(parts: Iterable[str]) -> str:
    """The parts that are not empty, one after the other."""
    return "; ".join(part.rstrip(".") for part in parts if part)

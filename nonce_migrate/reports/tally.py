"""Counts over findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from nonce_migrate.model import Accepted, AcceptedBy, Finding, Found, Kind, Safety


class Tally(NamedTuple):
    """How many findings there are by system, kind and level, each in a fixed order, zeros too."""

    findings: int
    files: int
    by_system: dict[str, int]
    by_kind: dict[str, int]
    by_safety: dict[str, int]


def tally(findings: Iterable[Finding], systems: Iterable[tuple[str, str, str]]) -> Tally:
    """Counts findings. systems: (name, module, description), as a record has them."""
    found = tuple(findings)
    by_system = Counter(finding.system for finding in found)
    kinds = Counter(finding.kind for finding in found)
    levels = Counter(finding.safety for finding in found)
    names = dict.fromkeys([*(name for name, _, _ in systems), *sorted(by_system)])
    return Tally(
        findings=len(found),
        files=len({finding.path for finding in found}),
        by_system={name: by_system[name] for name in names},
        by_kind={kind.value: kinds[kind] for kind in Kind},
        by_safety={level.value: levels[level] for level in Safety},
    )


def accepted_by(accepted: Iterable[Accepted[Found]]) -> dict[str, int]:
    """How many findings do not count, by what accepts them."""
    counts = Counter(item.by for item in accepted)
    return {by.value: counts[by] for by in AcceptedBy}


def by_file(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """The findings of each file, in the order of path, line and column."""
    ordered = sorted(findings)
    return [(path, list(group)) for path, group in groupby(ordered, key=lambda f: f.path)]


def spell(counts: dict[str, int]) -> str:
    """`safe 3, manual 1`: the counts that are not zero."""
    return ", ".join(f"{name} {number}" for name, number in counts.items() if number) or "none"

"""Holds the findings of a run against a baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Generic

from nonce_migrate.baseline.entries import Entry, Key
from nonce_migrate.model import Accepted, AcceptedBy, Code, Finding, Found, Safety

SYSTEM = "baseline"


@dataclass(frozen=True, slots=True)
class Baseline:
    """name: the file, relative to the project. base: the entries that the base revision has, None
    where all count.
    """

    name: str
    entries: tuple[Entry, ...]
    base: AbstractSet[Key] | None = None

    def counts(self, entry: Entry) -> bool:
        """Whether an entry accepts anything."""
        return self.base is None or entry.key in self.base

    @property
    def raised(self) -> int:
        """How many entries the base revision does not have."""
        return sum(1 for entry in self.entries if not self.counts(entry))


@dataclass(frozen=True, slots=True)
class Compared(Generic[Found]):
    """kept: findings that no entry accepts. accepted: those that one does. stale: findings on
    entries whose finding is gone.
    """

    kept: tuple[Found, ...]
    accepted: tuple[Accepted[Found], ...]
    stale: tuple[Finding, ...]


def compare(
    baseline: Baseline, findings: Mapping[Key, Found], is_judged: Callable[[Entry], bool]
) -> Compared[Found]:
    """Sorts the findings of a run, by their keys, and names what is stale.

    is_judged: whether the run has looked for the finding of an entry wherever it could be.
    """
    counting = {entry.key: entry for entry in baseline.entries if baseline.counts(entry)}
    kept = {key: found for key, found in findings.items() if key not in counting}
    accepted = tuple(
        Accepted(found, AcceptedBy.BASELINE, counting[key].reason)
        for key, found in findings.items()
        if key in counting
    )
    gone = [e for e in baseline.entries if e.key not in findings and is_judged(e)]
    return Compared(tuple(kept.values()), accepted, tuple(_stale(baseline, gone, kept)))


def _stale(
    baseline: Baseline, gone: Sequence[Entry], kept: Mapping[Key, Found]
) -> Iterator[Finding]:
    moved: dict[tuple[str, str], list[Found]] = {}
    for key, found in kept.items():
        moved.setdefault(key.elsewhere, []).append(found)
    for entry in gone:
        key = entry.key
        reason = f"{key.path} has it no more: `{key.statement}`" if key.statement else ""
        reason = reason or f"{key.path} is no more what it was"
        step = "run `nonce-migrate baseline update`, which drops the entry"
        others = [found for found in moved.get(key.elsewhere, ()) if found.path != key.path]
        if others:
            reason += f"; the same stands in {others[0].path}:{others[0].line} now"
            step += (
                "; if the file was renamed, `nonce-migrate baseline update --allow-new --reason "
                "TEXT` takes it up under its new name"
            )
        yield Finding(
            path=baseline.name,
            line=entry.line or 1,
            column=1,
            code=Code.BASELINE_STALE,
            system=SYSTEM,
            symbol=f"{key.code} in {key.path}",
            safety=Safety.MANUAL,
            reason=reason,
            step=step,
        )

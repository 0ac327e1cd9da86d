"""What time does to a migrated bot: copies of the manager that were edited or are out of date, and
shims that are to go.
"""

from __future__ import annotations

from collections.abc import Iterator, Set

from nonce_migrate.engine.copies import (
    Standing,
    manager_version,
    packaged_manager,
    releases,
    standing,
)
from nonce_migrate.engine.options import Options
from nonce_migrate.engine.shim_dates import due_shims
from nonce_migrate.engine.tree import Tree
from nonce_migrate.model import Code, Finding, Safety
from nonce_migrate.resolve.modules import ModuleIndex

_SYSTEM = "manager"


def upkeep_findings(options: Options, index: ModuleIndex, tree: Tree) -> list[Finding]:
    """Those of the codes and paths asked for. Reads the manager and the shims alone."""
    if not any(code.is_upkeep for code in options.codes):
        return []
    found = list(due_shims(options, index, tree)) if options.profile.shims else []
    if options.profile.vendor:
        found += _manager_findings(options, index.targets & index.files, tree)
    return sorted(finding for finding in found if finding.code in options.codes)


def _manager_findings(options: Options, managers: Set[str], tree: Tree) -> Iterator[Finding]:
    for path in sorted(managers):
        if not options.covers(path):
            continue
        try:
            data = tree.read(path)
        except OSError:
            continue  # the walk has told of it
        yield from _manager_finding(path, data)


def _manager_finding(path: str, data: bytes) -> Iterator[Finding]:
    now = releases()[-1].version
    version = manager_version(data) or "unknown"
    match standing(data, releases()):
        case Standing.EDITED:
            line = _first_difference(data) if version == now else 1
            where = f" (from line {line} on)" if version == now else ""
            reason = f"it is none of the released managers: it was edited{where}"
            step = (
                "put back what was released: `nonce-migrate apply --upgrade-manager --force`; keep "
                "changes in a module of your own, and formatters away from this file"
            )
            yield _finding(path, line, Code.MANAGER_EDITED, version, reason, step)
        case Standing.OUTDATED:
            reason = f"version {now} is out"
            step = "run `nonce-migrate apply --upgrade-manager`, then restart the bot's processes"
            yield _finding(path, 1, Code.MANAGER_OUTDATED, version, reason, step)
        case Standing.NEWER:
            reason = f"this nonce-migrate knows no version after {now}"
            step = "upgrade nonce-migrate here to the one that installed the manager"
            yield _finding(path, 1, Code.MANAGER_OUTDATED, version, reason, step)


def _finding(path: str, line: int, code: Code, version: str, reason: str, step: str) -> Finding:
    symbol = f"version {version}"
    return Finding(path, line, 1, code, _SYSTEM, symbol, Safety.MANUAL, "", reason, step)


def _first_difference(data: bytes) -> int:
    """The first line in which a copy differs from the packaged manager."""
    ours, theirs = packaged_manager().splitlines(), data.splitlines()
    pairs = enumerate(zip(ours, theirs, strict=False), start=1)
    return next((n for n, (a, b) in pairs if a != b), min(len(ours), len(theirs)) + 1)

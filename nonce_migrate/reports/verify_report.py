"""What a check of `apply --verify` found worse, for a person."""

from __future__ import annotations

from collections.abc import Sequence

from nonce_migrate.reports.wording import counted, visible
from nonce_migrate.verify.outcome import Regression

_MOST = 10
_LAST_LINES = 25


def render_regressions(found: Sequence[Regression]) -> str:
    """Each with the end of what it said; the first few in full, the rest by name."""
    lines = []
    for regression in found[:_MOST]:
        lines.append(f"{visible(regression.name) or 'the command'}: {regression.what}")
        said = regression.text.strip().splitlines()
        if len(said) > _LAST_LINES:
            lines.append(f"    ... {len(said) - _LAST_LINES} lines before")
        lines += [f"    {visible(line)}" for line in said[-_LAST_LINES:]]
    if len(found) > _MOST:
        lines.append(f"and {counted(len(found) - _MOST, 'more', 'more')}")
        lines += [f"    {visible(r.name)}: {r.what}" for r in found[_MOST:]]
    return "\n".join(lines)

"""The shims of a project and who still uses them, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from nonce_migrate import __version__
from nonce_migrate.plans import ShimUse, ShimUser
from nonce_migrate.reports.screen import Ink, Screen
from nonce_migrate.reports.wording import counted, visible

_VERSION = 1


def shims_text(uses: Sequence[ShimUse], screen: Screen) -> str:
    """A line for each shim, and below it one for each place that uses it."""
    if not uses:
        return "There is no shim here.\n"
    return "".join(f"{line}\n" for use in uses for line in _shim(use, screen))


def refused_text(uses: Iterable[ShimUse]) -> str:
    """The shims that stay, with the step to take for each of their users."""
    lines = []
    for use in uses:
        places = counted(len(use.users), "place")
        lines.append(f"{visible(use.path)} stays; it is used in {places}:")
        lines += _users(use.users)
    if lines:
        lines.append(
            "Move these to the manager (`nonce-migrate scan` tells how), then run this again."
        )
    return "".join(f"{line}\n" for line in lines)


def shims_json(root: str, uses: Sequence[ShimUse]) -> str:
    """`version`, `tool`, `command`, `root`, and `shims` with their `users`, for machines."""
    document = {
        "version": _VERSION,
        "tool": {"name": "nonce-migrate", "version": __version__},
        "command": "shims list",
        "root": visible(root),
        "shims": [_as_json(use) for use in uses],
    }
    return json.dumps(document, indent=2) + "\n"


def _as_json(use: ShimUse) -> dict[str, object]:
    users = [{**asdict(user), "path": visible(user.path)} for user in use.users]
    return {**asdict(use), "path": visible(use.path), "stub": visible(use.stub), "users": users}


def _shim(use: ShimUse, screen: Screen) -> Iterator[str]:
    until = f", to be removed in {use.remove_in}" if use.remove_in else ""
    count = counted(len(use.users), "user") if use.users else "nobody uses it"
    yield screen.paint(visible(use.path), Ink.BOLD) + f" ({use.system}{until}): {count}"
    yield from _users(use.users)


def _users(users: Sequence[ShimUser]) -> Iterator[str]:
    for user in users:
        place = f"{visible(user.path)}:{user.line}" if user.line else visible(user.path)
        yield f"  {place}: {user.how} {visible(user.symbol)}"

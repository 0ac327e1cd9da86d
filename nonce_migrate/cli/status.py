"""The exit statuses of all commands."""

from __future__ import annotations

OK = 0
# check: legacy imports. apply: something is left for a person, or with --dry-run pending.
FOUND = 1
# Wrong use or a failure; apply has written nothing.
ERROR = 2
# 128 + SIGINT, as shells report it.
INTERRUPTED = 130

"""Which entries of a baseline a run can tell to be gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nonce_migrate.baseline.entries import Entry
from nonce_migrate.discover.levels import is_named, level_of_patterns
from nonce_migrate.documents.kinds import kind_of
from nonce_migrate.engine.options import Options
from nonce_migrate.model import Unreadable


def judging(options: Options, unreadable: Iterable[Unreadable]) -> Callable[[Entry], bool]:
    """Tells of an entry whether the run looked for its finding wherever that could be.

    It did not where the code was not asked for, or the file was left out, or could not be read.
    A file that is not there any more counts as looked at.
    """
    excluded = level_of_patterns((*options.profile.exclude, *options.exclude))
    unread = {item.path for item in unreadable}

    def is_judged(entry: Entry) -> bool:
        path = entry.key.path
        return (
            entry.key.code in options.codes
            and options.covers(path)
            and kind_of(path) in options.kinds
            and not any(path == item or path.startswith(f"{item}/") for item in unread)
            and not is_named(excluded, path)
        )

    return is_judged

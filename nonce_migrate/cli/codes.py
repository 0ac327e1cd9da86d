"""--select and --ignore: which finding codes a run is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from nonce_migrate.errors import ProjectError
from nonce_migrate.model import Code

if TYPE_CHECKING:
    from nonce_migrate.settings import Settings

SUPPRESSIONS = frozenset(code for code in Code if code.is_suppression)


def chosen_codes(
    select: Iterable[str], ignore: Iterable[str], default: frozenset[Code]
) -> frozenset[Code]:
    """The codes that start with one of `select` (none: the default), without those of `ignore`.

    What is wrong with comments that accept findings comes along, unless it is ignored. Each text
    may hold several prefixes between commas. Raises ProjectError naming every one that no code
    starts with.
    """
    problems: list[str] = []
    selected = _matching("--select", select, problems)
    ignored = _matching("--ignore", ignore, problems)
    if problems:
        raise ProjectError("\n".join(problems))
    codes = (default if selected is None else selected) - (ignored or frozenset())
    if not codes:
        raise ProjectError("--select and --ignore leave no code")
    return (codes | SUPPRESSIONS) - (ignored or frozenset())


def layered(
    select: Sequence[str], ignore: Sequence[str], settings: Settings
) -> tuple[Sequence[str], Sequence[str]]:
    """What to select and to ignore: the command line's word, else the project's.

    --select starts anew, so that what the project ignores can be asked for; --ignore alone
    replaces `ignore`.
    """
    if select:
        return select, ignore
    return settings.select, ignore or settings.ignore


def split_codes(texts: Iterable[str]) -> tuple[str, ...]:
    """What stands between the commas of some texts, as codes are written."""
    return tuple(part.strip().upper() for text in texts for part in text.split(","))


def _matching(option: str, texts: Iterable[str], problems: list[str]) -> frozenset[Code] | None:
    """The codes of an option, None where it was not given."""
    found: set[Code] = set()
    given = False
    for prefix in split_codes(texts):
        given = True
        codes = {code for code in Code if prefix and code.startswith(prefix)}
        if not codes:
            problems.append(f"{option}: no finding code starts with {prefix!r}{nearest(prefix)}")
        found |= codes
    return frozenset(found) if given else None


def nearest(prefix: str) -> str:
    """The code that may have been meant, else all of them, to go behind an error."""
    from difflib import get_close_matches

    close = get_close_matches(prefix, [code.value for code in Code], n=1)
    if close:
        return f"; did you mean {close[0]}?"
    return f"; possible: {', '.join(sorted(code.value for code in Code))}"

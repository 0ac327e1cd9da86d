"""--format and --output: what of a result goes where, and in which format."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from nonce_migrate.cli.files import require_writable
from nonce_migrate.errors import ProjectError
from nonce_migrate.reports.formats.registry import Format, formats_of
from nonce_migrate.reports.wording import visible

_STDOUT = "-"
_NAMES = frozenset(item.value for item in Format)


class Outputs(NamedTuple):
    """printed: the format on standard output, None where nothing goes there. files: the others."""

    printed: Format | None
    files: tuple[tuple[Path, Format], ...] = ()

    @property
    def formats(self) -> frozenset[Format]:
        """Every format that is asked for."""
        printed = frozenset(() if self.printed is None else (self.printed,))
        return printed | {format_ for _, format_ in self.files}


def read_outputs(format_: Format, texts: Iterable[str]) -> Outputs:
    """What the two options ask for. Raises ProjectError naming every file that is no use.

    format_: of standard output, and of a file whose name says nothing else. A file in that format
    takes the result from standard output.
    """
    files: dict[Path, Format] = {}
    places: set[Path] = set()
    problems = []
    is_printed = False
    for text in texts:
        if text == _STDOUT:
            is_printed = True
            continue
        try:
            path, named = _read(format_, text)
            require_writable(path)
            if path.resolve() in places:
                raise ProjectError(f"--output {visible(text)}: the same file twice")
        except ProjectError as error:
            problems.append(str(error))
            continue
        files[path] = named
        places.add(path.resolve())
    if problems:
        raise ProjectError("\n".join(problems))
    is_taken = not is_printed and format_ in files.values()
    return Outputs(None if is_taken else format_, tuple(files.items()))


def _read(format_: Format, text: str) -> tuple[Path, Format]:
    """`FORMAT:FILE`, or a file whose name says its format. Raises ProjectError."""
    prefix, colon, rest = text.partition(":")
    if colon and prefix in _NAMES:
        if not rest or rest == _STDOUT:
            raise ProjectError(f"--output {visible(text)}: name a file after the colon")
        return Path(rest), Format(prefix)
    path = Path(text)
    possible = formats_of(path)
    if not possible or format_ in possible:
        return path, format_
    return path, possible[0]

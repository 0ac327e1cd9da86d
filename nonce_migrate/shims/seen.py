"""Warnings of shims in the log of a run: who called one in fact.

Read are: Python's own lines (`-W always::DeprecationWarning`), pytest's summary of warnings, and
the tracebacks of Python and pytest where `-W error` made an error of a warning. The words are those
of `templates.WARN` and `templates.INERT_WARN`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_SAID = re.compile(
    r"DeprecationWarning: (?P<name>\S+) of (?P<module>[\w.]+) "
    r"(?:is deprecated: use |does nothing any more\.)"
)
_PLACED = re.compile(r"\s*(?P<path>\S.*?):(?P<line>\d+): DeprecationWarning: ")
_PYTHON_FRAME = re.compile(r'\s*File "(?P<path>.+)", line (?P<line>\d+)')
_PYTEST_FRAME = re.compile(r"(?P<path>\S.*?\.py):(?P<line>\d+): (?!\w+(Warning|Error)\b)")

# pytest says the same once more at the end of a run, without the place.
_SUMMARY = ("FAILED ", "ERROR ")


@dataclass(frozen=True, slots=True, order=True)
class Seen:
    """A call of a shim. path: of the caller, as the log has it, "" where it does not tell.

    line: 0 where it does not tell. module: the shim, by the name that it was imported under. name:
    what was called.
    """

    path: str
    line: int
    module: str
    name: str


def seen_calls(log: str) -> tuple[Seen, ...]:
    """The calls that a log tells of, each once, in the order of their places."""
    return tuple(sorted(set(_calls(log))))


def _calls(log: str) -> Iterator[Seen]:
    frames: list[tuple[str, int]] = []
    told: set[tuple[str, str]] = set()
    for raw in log.splitlines():
        line = _COLOUR.sub("", raw)
        said = _SAID.search(line)
        if said is None:
            frame = _PYTHON_FRAME.match(line) or _PYTEST_FRAME.match(f"{line} ")
            if frame is not None:
                frames.append((frame["path"], int(frame["line"])))
            continue
        module, name = said["module"], said["name"]
        placed = _PLACED.match(line)
        if placed is not None:
            frames.append((placed["path"], int(placed["line"])))
        if not line.startswith(_SUMMARY) or (module, name) not in told:
            told.add((module, name))
            yield Seen(*_caller(frames, module), module, name)
        frames = []


def _caller(frames: list[tuple[str, int]], module: str) -> tuple[str, int]:
    """The last frame of a traceback that is not in the shim itself."""
    own = f"{module.rpartition('.')[2]}.py"
    outside = (f for f in reversed(frames) if re.split(r"[\\/]", f[0])[-1] != own)
    return next(outside, ("", 0))

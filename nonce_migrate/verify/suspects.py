"""Which of the written files a failure names in its traceback."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from nonce_migrate.verify.outcome import Regression

# A frame in Python's own form, and in pytest's: `File "src/a.py", line 3` and `src/a.py:3: Error`.
_FRAME = re.compile(r'File "([^"\n]+)", line \d+|^([^\s:][^:\n]*\.py):\d+: ', re.M)


def suspects(root: Path, found: Iterable[Regression], written: Iterable[str]) -> tuple[str, ...]:
    """The written files (relative to the root) that a traceback leads through.

    The one nearest to the failure comes first. None need be the culprit: a wrong value may come
    from a file that has been left again.
    """
    candidates = set(written)
    seen: dict[str, None] = {}
    for regression in found:
        frames = [a or b for a, b in _FRAME.findall(regression.text)]
        for frame in reversed(frames):
            path = _relative(root, frame, candidates)
            if path is not None:
                seen[path] = None
    return tuple(seen)


def _relative(root: Path, frame: str, candidates: set[str]) -> str | None:
    """The candidate that a frame's file is; a copy of the project counts as the project."""
    if frame in candidates:
        return frame
    path = Path(frame)
    if path.is_relative_to(root):
        inside = path.relative_to(root).as_posix()
        return inside if inside in candidates else None
    return next((name for name in candidates if frame.endswith(f"/project/{name}")), None)

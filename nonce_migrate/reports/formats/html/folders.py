"""Folders that stand for many files, few enough to be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

TOP = "(top folder)"
REST = "(other folders)"
_VERY_FEW = 6  # of what could be shown, one part in so many


def group(paths: Iterable[str], most: int) -> dict[str, str]:
    """The folder that stands for each path; of these there are `most` at most.

    They are as deep as that allows. Where that would leave very few, they are one level deeper, and
    those with the fewest paths become one. A folder's name ends in `/`. paths: one may occur
    several times.
    """
    listed = list(paths)
    folders = {path: tuple(path.split("/")[:-1]) for path in listed}
    names = {path: _name(parts) for path, parts in folders.items()}
    for depth in range(max(map(len, folders.values()), default=0) - 1, -1, -1):
        if len(set(names.values())) <= most:
            return names
        higher = {path: _name(parts[:depth]) for path, parts in folders.items()}
        if len(set(higher.values())) <= max(most // _VERY_FEW, 1):
            return _largest(names, Counter(names[path] for path in listed), most)
        names = higher
    return names


def _largest(names: dict[str, str], counts: Counter[str], most: int) -> dict[str, str]:
    """The same, with one name for all but the most frequent."""
    kept = set(sorted(counts, key=lambda name: (-counts[name], name))[: most - 1])
    return {path: name if name in kept else REST for path, name in names.items()}


def order(name: str) -> tuple[int, str]:
    """The key by which folders are listed: by name, what stands for the rest last."""
    return (name == REST, name)


def _name(parts: tuple[str, ...]) -> str:
    return "/".join(parts) + "/" if parts else TOP

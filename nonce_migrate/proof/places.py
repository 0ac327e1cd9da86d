"""Which files an import could mean, by nothing but names of files and folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Protocol


class From(Protocol):
    """A `from` statement: its dots, and the module behind them."""

    @property
    def level(self) -> int:
        """How many dots."""

    @property
    def module(self) -> str | None:
        """The dotted name, None for none."""


class Places:
    """The Python files of a project. roots: folders below any folder that imports start from."""

    def __init__(self, files: Iterable[str], roots: Iterable[str]) -> None:
        self.files = frozenset(files)
        plain = (_plain(str(PurePosixPath(root))) for root in roots)
        self.roots = tuple(dict.fromkeys(("", *plain)))
        self._absolute: dict[tuple[str, str], frozenset[str]] = {}

    def relative(self, importer: str, level: int, dotted: str) -> frozenset[str]:
        """What `from ..dotted import` means in a file."""
        folder = PurePosixPath(importer).parent
        if level - 1 > len(folder.parts):
            return frozenset()
        for _ in range(level - 1):
            folder = folder.parent
        return frozenset(self._module(_plain(str(folder)), dotted))

    def absolute(self, importer: str, dotted: str) -> frozenset[str]:
        """Every file that the name could mean: the search path is not known here."""
        question = importer.rpartition("/")[0], dotted
        if question not in self._absolute:
            self._absolute[question] = frozenset(self._above(*question))
        return self._absolute[question]

    def _above(self, folder: str, dotted: str) -> Iterator[str]:
        """The files of that name in a folder, those around it, and the roots of each."""
        while True:
            for root in self.roots:
                yield from self._module("/".join(filter(None, (folder, root))), dotted)
            if not folder:
                return
            folder = folder.rpartition("/")[0]

    def imported(self, importer: str, node: From, name: str = "") -> frozenset[str]:
        """What a `from` statement, or one name of it taken as a module, could mean."""
        dotted = ".".join(filter(None, (node.module or "", name)))
        if node.level:
            return self.relative(importer, node.level, dotted)
        return self.absolute(importer, dotted)

    def _module(self, folder: str, dotted: str) -> Iterator[str]:
        path = "/".join(filter(None, (folder, dotted.replace(".", "/"))))
        for file in (f"{path}.py", f"{path}/__init__.py".lstrip("/"), f"{path}.pyi"):
            if file in self.files:
                yield file
                return


def _plain(folder: str) -> str:
    return "" if folder == "." else folder

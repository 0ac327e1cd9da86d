"""Every import of a legacy module that is left has been told of."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from nonce_migrate.proof.module import Module
from nonce_migrate.proof.places import Places


@dataclass(frozen=True, slots=True)
class Left:
    """An import of a legacy module. first, last: its lines."""

    module: str
    first: int
    last: int


class LegacyEye:
    """Sees the imports of legacy modules.

    modules: their dotted names. bases: the folders from which those names count.
    """

    def __init__(self, modules: frozenset[str], bases: Iterable[str], places: Places) -> None:
        self._modules = modules
        self._places = places
        self._files: dict[str, str] = {}
        for base in bases:
            for module in modules:
                path = f"{base}/{module.replace('.', '/')}".lstrip("/")
                self._files |= {f"{path}.py": module, f"{path}/__init__.py": module}

    @property
    def files(self) -> frozenset[str]:
        """The legacy modules' own files."""
        return frozenset(self._files)

    def imports(self, module: Module) -> Iterator[Left]:
        """The imports in a module that can mean nothing but a legacy module."""
        for node in module.imports:
            for legacy in self._of(module.path, node):
                yield Left(legacy, node.lineno, node.end_lineno or node.lineno)

    def _of(self, path: str, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from self._named(alias.name, self._places.absolute(path, alias.name))
            return
        dotted = "" if node.level else node.module or ""
        files = self._places.imported(path, node)
        yield from self._named(dotted, files)
        if any(not file.endswith("/__init__.py") for file in files):
            return  # A plain module has no modules in it.
        for alias in node.names:
            name = f"{dotted}.{alias.name}" if dotted else ""
            yield from self._named(name, self._places.imported(path, node, alias.name))

    def _named(self, dotted: str, files: frozenset[str]) -> Iterator[str]:
        """The legacy module, if all files that the name could mean are one, or none is there."""
        if files and files <= self._files.keys():
            yield self._files[min(files)]
        elif not files and dotted in self._modules:
            yield dotted


def stems(modules: frozenset[str]) -> Callable[[bytes], bool]:
    """Tells of a file's bytes whether it could import one of the modules."""
    last = sorted({module.rpartition(".")[2].encode() for module in modules})
    either = b"|".join(map(re.escape, last)) or b"(?!)"
    whole = re.compile(rb"(?<![A-Za-z0-9_])(?:%b)(?![A-Za-z0-9_])" % either)

    def may_import(data: bytes) -> bool:
        # Most files hold none of them, which a plain search tells sooner.
        return any(stem in data for stem in last) and whole.search(data) is not None

    return may_import

"""How the target is imported by a file that has no legacy import to go by."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from pathlib import PurePosixPath

from nonce_migrate.resolve.project import ParsedModule, Project
from nonce_migrate.rules.addresses import Address, absolute_address, roots_used


class Reach:
    """Addresses of the target, from what the file, else the files beside it, import already.

    modules: files of the project whose imports show from which folders it runs.
    """

    def __init__(self, project: Project, modules: Iterable[ParsedModule]) -> None:
        self.project = project
        self.index = project.index
        self._modules = tuple(modules)

    @cached_property
    def used(self) -> Counter[str]:
        """How many modules show that they run from a folder."""
        return Counter(root for m in self._modules for root in roots_used(self.project, m))

    def address(self, module: ParsedModule) -> Address | None:
        """The target as a file at its place can import it; None where nothing shows how."""
        base = self.index.base_of(module.path)
        target = PurePosixPath(self.index.target_path(base)).with_suffix("").parts
        own = absolute_address(roots_used(self.project, module), target)
        if own is not None:
            return own
        here = PurePosixPath(module.path).parent.parts
        common = 0
        while common < min(len(here), len(target) - 1) and here[common] == target[common]:
            common += 1
        level = len(here) - common + 1
        if level <= self._proven_level(module):
            return Address(level, target[common:])
        if common > len(PurePosixPath(base).parts):
            # It lies in the package of the target, whose other modules show how that is found.
            roots = [root for root, _ in self.used.most_common()]
            return absolute_address([*roots, base], target)
        folder = "" if not here else "/".join(here)
        return absolute_address([base], target) if folder == base else None

    def _proven_level(self, module: ParsedModule) -> int:
        """How many packages up a file imports from relatively, 0 where it does not."""
        found = 0
        for node, _ in module.names.imports:
            if isinstance(node, ast.ImportFrom) and node.level > found:
                located = self.project.locate(module, node)
                found = node.level if located is not None else found
        return found

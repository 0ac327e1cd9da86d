"""How the target module is written in an import statement, from where the statement stands."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from nonce_migrate.resolve.project import ModuleTarget, ParsedModule, Project, SymbolTarget
from nonce_migrate.rules.facts import Carrier, FileFacts


@dataclass(frozen=True, slots=True)
class Address:
    """A module as an import names it: dots of a relative import, then dotted parts."""

    level: int
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """For `from TEXT import name`."""
        return "." * self.level + ".".join(self.parts)

    @property
    def package(self) -> str:
        """For `from PACKAGE import module`; "" where there is none."""
        return "." * self.level + ".".join(self.parts[:-1])


class Addresses:
    """Finds the address of the target for each import, in the style that the file already uses."""

    def __init__(self, project: Project, files: Sequence[FileFacts]) -> None:
        self.project = project
        self.index = project.index
        self.by_file = {facts.module.path: roots_used(project, facts.module) for facts in files}
        self.used: Counter[str] = Counter()
        for roots in self.by_file.values():
            self.used.update(roots)
        self._known: dict[Carrier, Address | None] = {}

    def of_target(self, carrier: Carrier) -> Address | None:
        """Address of the target in place of a legacy module; None where it is out of reach."""
        if carrier not in self._known:
            self._known[carrier] = self._of_target(carrier)
        return self._known[carrier]

    def _of_target(self, carrier: Carrier) -> Address | None:
        home = _home(carrier.target)
        base = self.index.base_of(home)
        target = PurePosixPath(self.index.target_path(base)).with_suffix("").parts
        if carrier.found.level:
            return self._relative(carrier, target, base)
        places = [carrier.found.directory, *self.by_file.get(carrier.module.path, ())]
        return absolute_address(places, target)

    def _relative(self, carrier: Carrier, target: tuple[str, ...], base: str) -> Address | None:
        here = PurePosixPath(carrier.module.path).parent.parts
        common = 0
        while common < min(len(here), len(target) - 1) and here[common] == target[common]:
            common += 1
        level = len(here) - common + 1
        top = "/".join(here[:common])
        outside = top == base or not top
        if outside or (level > carrier.found.level and self._is_root_alone(top, base)):
            return absolute_address([top, *self.by_file.get(carrier.module.path, ()), base], target)
        return Address(level, target[common:])

    def _is_root_alone(self, folder: str, base: str) -> bool:
        """Whether modules below `folder` are imported from there and never through its name."""
        return self.used[folder] > 0 and not self.used[base]


def roots_used(project: Project, module: ParsedModule) -> tuple[str, ...]:
    """The folders from which absolute imports of a file find modules of the project."""
    roots: dict[str, None] = dict.fromkeys(module.hints)
    for node, _ in module.names.imports:
        if isinstance(node, ast.ImportFrom) and not node.level:
            founds = [project.locate(module, node)]
        elif isinstance(node, ast.Import):
            founds = [project.locate_dotted(module, alias.name) for alias in node.names]
        else:
            continue
        for found in founds:
            if found is not None and len(found.parts) > 1:
                roots[found.directory] = None
    return tuple(roots)


def absolute_address(places: Sequence[str], target: tuple[str, ...]) -> Address | None:
    """The target's dotted name from the first of those folders that it lies below."""
    for place in places:
        folders = PurePosixPath(place).parts if place else ()
        if target[: len(folders)] == folders and len(target) > len(folders):
            return Address(0, target[len(folders) :])
    return None


def _home(target: SymbolTarget | ModuleTarget) -> str:
    return target.module if isinstance(target, ModuleTarget) else target.home

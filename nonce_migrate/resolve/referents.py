"""Which functions and classes of the project a name can be, by bindings and imports alone."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nonce_migrate.resolve.definitions import Function
from nonce_migrate.resolve.project import ModuleTarget, ParsedModule, Project
from nonce_migrate.resolve.scopes import Binding, BindingKind, Scope

_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Definition:
    """A `def` or `class` statement and the file that it stands in."""

    module: ParsedModule
    node: Function | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Referents:
    """What a name can be. exact: nothing but those, each as it was defined."""

    definitions: tuple[Definition, ...] = ()
    exact: bool = False


NOBODY = Referents()


class Names:
    """Looks names of the project up. modules: the files that are read, by path."""

    def __init__(self, project: Project, modules: Mapping[str, ParsedModule]) -> None:
        self.project = project
        self.modules = modules
        self._known: dict[Binding, Referents] = {}

    def of_name(self, module: ParsedModule, name: str, scope: Scope) -> Referents:
        """What a name that is loaded in a scope can be."""
        return self._of_name(module, name, scope, 0)

    def of_module(self, module: str, name: str) -> Referents:
        """What a top-level name of a module (a path) can be."""
        return self._of_module(module, name, 0)

    def of_expression(self, module: ParsedModule, node: ast.expr) -> Referents:
        """What a name, or a name of a module such as `pkg.module.Name`, can be."""
        if isinstance(node, ast.Name):
            return self.of_name(module, node.id, module.names.scope_of[node])
        if isinstance(node, ast.Attribute):
            home = self.module_of(module, node.value)
            if home is not None:
                return self.of_module(home, node.attr)
        return NOBODY

    def module_of(self, module: ParsedModule, node: ast.expr) -> str | None:
        """The module that an expression is, None where it is none (or none of the project)."""
        if isinstance(node, ast.Attribute):
            home = self.module_of(module, node.value)
            member = self.project.member(home, node.attr) if home else None
            return member.module if isinstance(member, ModuleTarget) else None
        if not isinstance(node, ast.Name):
            return None
        scope = module.names.scope_of[node].lookup(node.id)
        bindings = scope.bindings[node.id] if scope else []
        for binding in bindings:
            if binding.kind is BindingKind.IMPORT:
                target = self.project.imported(module, binding)
                if isinstance(target, ModuleTarget):
                    return target.module
        return None

    def of_binding(self, module: ParsedModule, binding: Binding) -> Referents:
        """What one binding gives its name."""
        return self._of_binding(module, binding, 0)

    def _of_name(self, module: ParsedModule, name: str, scope: Scope, depth: int) -> Referents:
        home = scope.lookup(name)
        if home is None:
            return self._of_star(module, name, depth)
        return _together(self._of_binding(module, b, depth) for b in home.bindings[name])

    def _of_star(self, module: ParsedModule, name: str, depth: int) -> Referents:
        if not module.names.star_bindings:
            return NOBODY
        found = [
            self._of_module(star.module, name, depth + 1) for star in self.project.stars(module)
        ]
        return _together(f for f in found if f.definitions)

    def _of_module(self, module: str, name: str, depth: int) -> Referents:
        file = self.project.index.source_file(module)
        parsed = self.modules.get(file) if file else None
        if parsed is None or depth > _DEEPEST:
            return NOBODY
        return self._of_name(parsed, name, parsed.names.module, depth)

    def _of_binding(self, module: ParsedModule, binding: Binding, depth: int) -> Referents:
        if binding not in self._known:
            self._known[binding] = NOBODY
            self._known[binding] = self._bound(module, binding, depth)
        return self._known[binding]

    def _bound(self, module: ParsedModule, binding: Binding, depth: int) -> Referents:
        node = binding.node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return Referents((Definition(module, node),), True)
        if isinstance(node, ast.ImportFrom) and binding.alias is not None:
            found = self.project.locate(module, node)
            if found is not None:
                return self._of_module(found.module, binding.alias.name, depth + 1)
        return NOBODY


def _together(found: Iterable[Referents]) -> Referents:
    parts = list(found)
    definitions = dict.fromkeys(d for part in parts for d in part.definitions)
    return Referents(tuple(definitions), bool(parts) and all(part.exact for part in parts))

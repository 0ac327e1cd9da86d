"""A project's modules, parsed when they are asked for, and what their names refer to."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple, Protocol

from nonce_migrate.profile.schema import Profile, System
from nonce_migrate.resolve.class_tests import ClassTests, read_class_tests
from nonce_migrate.resolve.modules import Found, ModuleIndex
from nonce_migrate.resolve.reading import read_names
from nonce_migrate.resolve.scopes import Binding, BindingKind, NameTable
from nonce_migrate.resolve.search_path import search_path
from nonce_migrate.resolve.statements import Import, Imports, imports_among
from nonce_migrate.resolve.sys_path import may_add_folders
from nonce_migrate.source import Source, UnparsableError


class ModuleTarget(NamedTuple):
    """A module of the project (or a legacy module that is not there)."""

    module: str


class SymbolTarget(NamedTuple):
    """A top-level name of a legacy module. home: that module."""

    system: str
    name: str
    home: str


Target = ModuleTarget | SymbolTarget


class Importer(Protocol):
    """A module as far as its imports go; see ParsedModule."""

    path: str

    @property
    def imports(self) -> list[Import]: ...

    @property
    def global_imports(self) -> list[Import]: ...

    @property
    def hints(self) -> tuple[str, ...]: ...


class ParsedModule:
    """One parsed file: its text, tree and names.

    lookups: what stands for the imports that calls such as `import_module("a.b")` make.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.path = source.path
        self.tree = source.tree
        self.lookups: dict[ast.expr, Binding] = {}

    @cached_property
    def names(self) -> NameTable:
        """Scopes and bindings."""
        return read_names(self.tree)

    @cached_property
    def class_tests(self) -> ClassTests:
        """(scope, name) -> the classes that the name is tested for."""
        return read_class_tests(self.names)

    @cached_property
    def spelt(self) -> frozenset[str]:
        """The identifiers in it that are loaded, taken as an attribute or imported."""
        names = self.names
        aliases = [b.alias.name for b in names.imported if b.alias is not None]
        return frozenset(
            {node.id for node, _ in names.loads}
            | {node.attr for node, _ in names.attributes}
            | {part for name in aliases for part in name.split(".")}
        )

    @property
    def imports(self) -> list[Import]:
        """Its import statements, at any depth, in the order of the text."""
        return self._imports.every

    @property
    def global_imports(self) -> list[Import]:
        """Those of them that may bind a name of the module itself."""
        return self._imports.may_bind

    @cached_property
    def _imports(self) -> Imports:
        return imports_among(self.names)

    @cached_property
    def hints(self) -> tuple[str, ...]:
        """Folders that the file puts on `sys.path`."""
        if not may_add_folders(self.source.text):
            return ()
        return search_path(self.path, self.names)


class Project:
    """Answers what an import, and a name of a module, refers to.

    load: gives a file's source, None where it cannot matter. Unparsable files count as unknown.
    """

    def __init__(
        self, profile: Profile, index: ModuleIndex, load: Callable[[str], Source | None]
    ) -> None:
        self.profile = profile
        self.index = index
        self._load = load
        self._parsed: dict[str, ParsedModule | None] = {}
        self._imports: dict[tuple[int, int], Target | None] = {}
        self._located: dict[ast.ImportFrom, Found | None] = {}
        self.systems: dict[str, System] = {system.name: system for system in profile.systems}
        self.replacements = frozenset(
            symbol.becomes.target
            for system in profile.systems
            for symbol in system.symbols.values()
            if symbol.becomes is not None and symbol.produces
        )

    def parsed(self, path: str) -> ParsedModule | None:
        """The parsed file at a path, None where it cannot be read or cannot matter."""
        if path not in self._parsed:
            self._parsed[path] = self._parse(path)
        return self._parsed[path]

    def adopt(self, module: ParsedModule) -> None:
        """Takes a module that is parsed already."""
        self._parsed[module.path] = module

    def forget_misses(self) -> None:
        """Asks again for files that could not matter, since what matters has grown."""
        self._parsed = {path: module for path, module in self._parsed.items() if module}
        self._imports.clear()

    def _parse(self, path: str) -> ParsedModule | None:
        try:
            source = self._load(path)
            if source is None:
                return None
            module = ParsedModule(source)
            _ = module.names
        except (UnparsableError, RecursionError):
            return None
        return module

    def locate(self, importer: Importer, node: ast.ImportFrom) -> Found | None:
        """The module that a `from` statement imports from."""
        if node not in self._located:
            self._located[node] = self._locate(importer, node)
        return self._located[node]

    def _locate(self, importer: Importer, node: ast.ImportFrom) -> Found | None:
        parts = tuple(node.module.split(".")) if node.module else ()
        if node.level:
            return self.index.relative(importer.path, node.level, parts)
        return self.index.absolute(importer.path, parts, importer.hints)

    def locate_dotted(self, importer: Importer, dotted: str) -> Found | None:
        """The module that an absolute dotted name means in a file."""
        return self.index.absolute(importer.path, tuple(dotted.split(".")), importer.hints)

    def imported(self, importer: ParsedModule, binding: Binding) -> Target | None:
        """What the name that an import binds refers to, None where it is not of the project."""
        key = id(binding.node), binding.index
        if key not in self._imports:
            self._imports[key] = None
            self._imports[key] = self._imported(importer, binding)
        return self._imports[key]

    def _imported(self, importer: ParsedModule, binding: Binding) -> Target | None:
        alias, node = binding.alias, binding.node
        assert alias is not None
        if isinstance(node, ast.Import):
            dotted = alias.name if alias.asname else alias.name.split(".")[0]
            found = self.locate_dotted(importer, dotted)
            if found is None:
                found = self._first_part(importer, alias)
            return None if found is None else ModuleTarget(found.module)
        assert isinstance(node, ast.ImportFrom)
        found = self.locate(importer, node)
        return None if found is None else self.member(found.module, alias.name)

    def _first_part(self, importer: ParsedModule, alias: ast.alias) -> Found | None:
        """`import a.b.c` binds `a`: the folder that the whole name was found from tells which."""
        whole = self.locate_dotted(importer, alias.name)
        if whole is None or alias.asname:
            return None
        module = self.index.at(whole.directory, whole.parts[:1])
        return None if module is None else Found(module, whole.directory, whole.parts[:1])

    def member(
        self, module: str, name: str, seen: frozenset[tuple[str, str]] = frozenset()
    ) -> Target | None:
        """What `name` of a module refers to, through any number of re-exports."""
        if (module, name) in seen:
            return None
        seen |= {(module, name)}
        system = self.index.legacy.get(module)
        if system is not None:
            return SymbolTarget(system.name, name, module)
        target = self._own_member(module, name, seen)
        if target is None and not module.endswith((".py", ".pyi")):
            submodule = self.index.at(module, (name,))
            target = ModuleTarget(submodule) if submodule else None
        return target

    def _own_member(
        self, module: str, name: str, seen: frozenset[tuple[str, str]]
    ) -> Target | None:
        file = self.index.source_file(module)
        parsed = self.parsed(file) if file else None
        if parsed is None:
            return None
        bindings = parsed.names.module.bindings.get(name, [])
        targets = [self._binding_target(parsed, binding, seen) for binding in bindings]
        found = [target for target in targets if target is not None]
        if found:
            defined = any(b.kind is BindingKind.DEFINITION for b in bindings)
            return None if defined else found[0]
        if bindings:
            return None
        # The last star import wins, as it does when it runs.
        for star in reversed(list(self.stars(parsed))):
            target = self.member(star.module, name, seen)
            if target is not None and self.is_handed_on(star.module, name):
                return target
        return None

    def _binding_target(
        self, parsed: ParsedModule, binding: Binding, seen: frozenset[tuple[str, str]]
    ) -> Target | None:
        if binding.kind is BindingKind.IMPORT and isinstance(binding.node, ast.ImportFrom):
            found = self.locate(parsed, binding.node)
            assert binding.alias is not None
            return self.member(found.module, binding.alias.name, seen) if found else None
        if binding.kind is BindingKind.IMPORT:
            return self.imported(parsed, binding)
        return None

    def sources(self, module: str, name: str) -> frozenset[Binding]:
        """The imports of a module, stars among them, through which it hands a name on."""
        file = self.index.source_file(module)
        parsed = self.parsed(file) if file else None
        if parsed is None or module in self.index.legacy:
            return frozenset()
        own = parsed.names.module.bindings.get(name, [])
        if own:
            return frozenset(b for b in own if b.kind is BindingKind.IMPORT)
        for node, star in parsed.names.star_bindings.items():
            assert isinstance(node, ast.ImportFrom)
            found = self.locate(parsed, node)
            if found is not None and self.brings(found.module, name):
                return frozenset({star})
        return frozenset()

    def stars(self, parsed: Importer) -> Iterator[Found]:
        """The modules that a file imports everything from, at module level."""
        # An import of everything may stand at module level only.
        for node in parsed.imports:
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                found = self.locate(parsed, node)
                if found is not None:
                    yield found

    def brings(self, module: str, name: str) -> bool:
        """Whether a star import of a module brings a legacy name."""
        target = self.member(module, name)
        return isinstance(target, SymbolTarget) and self.is_handed_on(module, name)

    def is_handed_on(self, module: str, name: str) -> bool:
        """Whether `from module import *` brings `name`."""
        listed = self.all_entries(module)
        if listed is not None:
            return name in listed
        if name.startswith("_"):
            return False
        system = self.index.legacy.get(module)
        if system is None:
            return True
        return name in system.symbols or name in self.defined_names(module)

    def defined_names(self, module: str) -> frozenset[str]:
        """The top-level names that a module's own code binds."""
        file = self.index.source_file(module)
        parsed = self.parsed(file) if file else None
        return frozenset(parsed.names.module.bindings) if parsed else frozenset()

    def target_names(self, legacy: str) -> frozenset[str]:
        """The names of the target that goes with a legacy module; none where that is not known."""
        path = self.index.target_path(self.index.base_of(legacy))
        return self.profile.exports or self.defined_names(path)

    def all_entries(self, module: str) -> frozenset[str] | None:
        """The strings of a module's `__all__`, None where it has none."""
        file = self.index.source_file(module)
        parsed = self.parsed(file) if file else None
        if parsed is None or "__all__" not in parsed.names.module.bindings:
            return None
        return frozenset(str(node.value) for node in all_strings(parsed))


def all_strings(module: ParsedModule) -> Iterator[ast.Constant]:
    """The string constants that go into a module's `__all__`."""
    for node in module.tree.body:
        for statement in ast.walk(node) if isinstance(node, ast.If | ast.Try) else (node,):
            if isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Expr):
                yield from _all_strings_of(statement)


def _all_strings_of(
    node: ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Expr,
) -> Iterator[ast.Constant]:
    if isinstance(node, ast.Assign):
        targets: list[ast.expr] = node.targets
    elif isinstance(node, ast.Expr):
        call = node.value
        method = call.func if isinstance(call, ast.Call) else None
        targets = [method.value] if isinstance(method, ast.Attribute) else []
    else:
        targets = [node.target]
    if any(isinstance(t, ast.Name) and t.id == "__all__" for t in targets):
        for child in ast.walk(node.value) if node.value is not None else ():
            if isinstance(child, ast.Constant) and isinstance(child.value, str):
                yield child

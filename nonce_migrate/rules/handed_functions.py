"""Functions and methods that are loaded without being called: callbacks, entries of tables."""

from __future__ import annotations

import ast

from nonce_migrate.resolve.by_word import ByWord
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.resolve.scopes import BindingKind
from nonce_migrate.rules.contexts import is_called

_KINDS = frozenset((BindingKind.DEFINITION, BindingKind.IMPORT))


class HandedFunctions:
    """Tells by its name whether a function is handed on. by_word: of all files."""

    def __init__(self, by_word: ByWord) -> None:
        self._by_word = by_word
        self._known: dict[str, bool] = {}

    def __contains__(self, name: str) -> bool:
        """Whether any file hands a function or method of that name on."""
        if name not in self._known:
            self._known[name] = self._is_handed(name)
        return self._known[name]

    def _is_handed(self, name: str) -> bool:
        for module, node in self._by_word.attributes.of(name):
            if isinstance(node.ctx, ast.Load) and is_called(node, module.names) is None:
                return True
        for module, load in self._by_word.loads.of(name):
            if is_called(load, module.names) is None and _may_be_function(module, load):
                return True
        return False


def _may_be_function(module: ParsedModule, load: ast.Name) -> bool:
    """Whether a definition or an import binds a name, or nothing that is seen."""
    home = module.names.scope_of[load].lookup(load.id)
    return home is None or any(b.kind in _KINDS for b in home.bindings[load.id])

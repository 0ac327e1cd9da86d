"""The shim of a legacy script: nothing of it runs any more."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from nonce_migrate import __version__
from nonce_migrate.profile.schema import NameKind, System
from nonce_migrate.shims import templates
from nonce_migrate.shims.code import literal, long_literal, module, paragraph
from nonce_migrate.shims.fates import future_features
from nonce_migrate.shims.keep import describe
from nonce_migrate.shims.names import bound_names, dotted
from nonce_migrate.shims.pieces import Piece, join
from nonce_migrate.shims.shim import MARKER, Shim

_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def build_inert(system: System, pieces: tuple[Piece, ...]) -> Shim:
    """A module whose functions and methods warn and give True, and that keeps only literals."""
    constants = [constant for piece in pieces if (constant := _constant(piece))]
    definitions = [p.node for p in pieces if isinstance(p.node, (*_FUNCTION, ast.ClassDef))]
    described = {node.name for node in definitions}
    kept = [name for piece in constants for name in bound_names(piece.node)]
    others = [name for name in dict.fromkeys(described) if name not in system.symbols]
    text = module(
        [MARKER, *_about(system), "", "import warnings as _shim_warnings"],
        long_literal("_SHIM_WHY", system.why or "It was replaced."),
        [templates.GOES],
        [templates.INERT_WARN],
        [templates.INERT_CLASS],
        *(block for node in definitions for block in _definition(node)),
        *(block for block in _undefined(system, described)),
        [join(tuple(constants))],
        [
            'if __name__ == "__main__":',
            '    print(f"{__file__} does nothing any more. {_SHIM_WHY}")',
        ],
    )
    lost = [p for p in pieces if _constant(p) is None and not _is_accounted(p.node)]
    names = [p.node.name for p in pieces if isinstance(p.node, (*_FUNCTION, ast.ClassDef))]
    shown = [name for name in dict.fromkeys([*names, *kept]) if name in {*others, *kept}]
    names_kept = tuple(name for name in shown if name != "__all__")
    return Shim(text, names_kept, tuple(describe(piece) for piece in lost))


def _about(system: System) -> list[str]:
    first = f"Disabled since nonce-migrate {__version__}: nothing of this module runs any more."
    text = (
        f"It was {system.description or system.name}. {system.why} Each of its functions and "
        "methods warns DeprecationWarning and gives True; it reads and writes nothing."
    )
    return [f'"""{first}', "", *paragraph(text), '"""']


def _constant(piece: Piece) -> Piece | None:
    """A statement that binds names to a literal, without its annotation; None for any other."""
    node = ast.parse(piece.text).body[0]
    if not isinstance(node, (ast.Assign, ast.AnnAssign)) or node.value is None:
        return None
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    try:
        ast.literal_eval(node.value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    if not all(isinstance(target, ast.Name) for target in targets):
        return None
    if isinstance(node, ast.Assign):
        return piece
    value = ast.get_source_segment(piece.text, node.value) or ""
    shown = f"({value})" if "\n" in value and value[0] not in "[{(" else value
    return replace(piece, text=f"{ast.unparse(node.target)} = {shown}")


def _is_accounted(node: ast.stmt) -> bool:
    """Whether a statement needs no line in the report: imports, docstrings, definitions."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    definitions = (*_FUNCTION, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Pass)
    return bool(future_features(node)) or isinstance(node, definitions)


def _definition(node: ast.stmt) -> Iterator[list[str]]:
    if isinstance(node, _FUNCTION):
        yield _function(node, node.name, indent="")
    elif isinstance(node, ast.ClassDef):
        yield _exception(node.name) if _is_exception(node) else _class(node)


def _undefined(system: System, described: set[str]) -> Iterator[list[str]]:
    for symbol in system.symbols.values():
        if symbol.name in described:
            continue
        if symbol.kind is NameKind.CLASS:
            yield [f"class {symbol.name}(_ShimInert):", '    """Does nothing."""']
        elif symbol.kind is NameKind.EXCEPTION:
            yield _exception(symbol.name)
        else:
            yield [f"def {symbol.name}(*args, **kwargs):", _nothing(symbol.name, "    ")]


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, shown: str, indent: str) -> list[str]:
    start = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    return [
        f"{indent}{start} {node.name}(*args, **kwargs):",
        _nothing(shown, f"{indent}    "),
    ]


def _nothing(shown: str, indent: str) -> str:
    return f"{indent}return _shim_warn({literal(shown)})"


def _exception(name: str) -> list[str]:
    return [f"class {name}(Exception):", '    """Never raised any more."""']


def _class(node: ast.ClassDef) -> list[str]:
    lines = [f"class {node.name}(_ShimInert):", '    """Does nothing."""']
    for child in node.body:
        if not isinstance(child, _FUNCTION) or child.name.startswith("__"):
            continue
        decorators = {dotted(decorator) for decorator in child.decorator_list}
        if any("property" in decorator for decorator in decorators):
            lines += ["", f"    {child.name} = True"]
        elif not any(decorator.endswith((".setter", ".deleter")) for decorator in decorators):
            lines += ["", *_function(child, f"{node.name}.{child.name}", "    ")]
    return lines


def _is_exception(node: ast.ClassDef) -> bool:
    names = [dotted(base).rpartition(".")[2] for base in node.bases]
    return any(name.endswith(("Error", "Exception", "Warning")) for name in names)

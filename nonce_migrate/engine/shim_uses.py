"""Who still uses the shims: by import, by a string, in a document, and in a run.

Nothing is passed over that a run leaves out by its options: what is excluded or ignored there
breaks all the same when a shim is gone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from nonce_migrate.documents.kinds import EVERY_KIND
from nonce_migrate.engine.gathered import Gathered
from nonce_migrate.engine.options import Options, Progress
from nonce_migrate.engine.placing import place_of
from nonce_migrate.engine.scanning import scan_tree
from nonce_migrate.engine.shim_dates import shim_files
from nonce_migrate.engine.tree import Tree
from nonce_migrate.model import Code, Kind, ScanResult
from nonce_migrate.plans import ShimUse, ShimUser
from nonce_migrate.profile.schema import System
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.rules.brought import find_brought, reference_of
from nonce_migrate.shims.expiry import remove_in
from nonce_migrate.shims.seen import Seen
from nonce_migrate.source import UnparsableError, decode

# What names a shim. The rest tells of objects (which no shim made any more, once none is
# imported), of state files, or of the manager.
_NAMING = frozenset(
    {
        Kind.IMPORT,
        Kind.REEXPORT,
        Kind.USE,
        Kind.ANNOTATION,
        Kind.EXPORT_LIST,
        Kind.CALL,
        Kind.STRING,
        Kind.CONFIGURATION,
    }
)
_SEEN = "seen in a run"
_UNTOLD = "(a place that the log does not tell)"
_UNREADABLE = "could not be looked into"


def shim_uses(
    options: Options, seen: Sequence[Seen] = (), progress: Progress | None = None
) -> tuple[ShimUse, ...]:
    """Every shim of the project with its users. seen: the calls that a run's log tells of."""
    options = replace(
        options,
        paths=(options.root,),
        exclude=(),
        only=None,
        shard=(1, 1),
        codes=frozenset(Code),
        kinds=EVERY_KIND,
    )
    tree = Tree(options.root)
    scanned = scan_tree(options, tree, progress)
    gathered, index = scanned.gathered, scanned.gathered.project.index
    inner = list(_users_among_legacy(gathered, tree))
    inner += [found for module in gathered.modules for found in _paths(gathered, module)]
    uses = []
    for path, system, data in shim_files(index, tree):
        named = remove_in(data)
        users = {
            *_users_found(scanned.result, system),
            *_users_unread(scanned.result, tree, path),
            *(user for used, user in inner if used == system.name and user.path != path),
            *_users_seen(options, seen, path),
        }
        stub = path.removesuffix(".py") + ".pyi"
        uses.append(
            ShimUse(
                path=path,
                module=".".join(PurePosixPath(path).with_suffix("").parts),
                system=system.name,
                remove_in=named[1] if named else "",
                users=_each_once(users),
                stub=stub if stub in index.files else "",
            )
        )
    return tuple(uses)


def _each_once(users: Iterable[ShimUser]) -> tuple[ShimUser, ...]:
    """One of the users of a line that are of a kind."""
    return tuple(sorted({(user.path, user.line, user.how): user for user in users}.values()))


def removable(uses: Iterable[ShimUse]) -> tuple[ShimUse, ...]:
    """Those that can all be taken away together: nobody uses them but others of them."""
    free = tuple(uses)
    while True:
        gone = {use.path for use in free} | {use.stub for use in free}
        kept = tuple(use for use in free if all(user.path in gone for user in use.users))
        if kept == free:
            return free
        free = kept


def _users_found(result: ScanResult, system: System) -> Iterator[ShimUser]:
    for finding in result.findings:
        if finding.system == system.name and finding.kind in _NAMING:
            yield ShimUser(finding.path, finding.line, finding.kind.value, finding.symbol)


def _users_unread(result: ScanResult, tree: Tree, shim: str) -> Iterator[ShimUser]:
    """Files that could not be looked into, and that have the word."""
    word = PurePosixPath(shim).stem
    for item in result.unreadable:
        try:
            is_named = word.encode() in tree.read(item.path)
        except OSError:
            is_named = True
        if is_named:
            yield ShimUser(item.path, item.line, _UNREADABLE, word)


def _users_among_legacy(gathered: Gathered, tree: Tree) -> Iterator[tuple[str, ShimUser]]:
    """The legacy modules and their stubs use each other: (name of the system used, user)."""
    index = gathered.project.index
    files = {file for module in index.legacy if (file := index.source_file(module))}
    for path in sorted(files | index.stubs.keys()):
        try:
            module = ParsedModule(decode(path, tree.read(path)))
        except (OSError, UnparsableError):
            continue
        yield from _imports(gathered, module)
        yield from _paths(gathered, module)


def _imports(gathered: Gathered, module: ParsedModule) -> Iterator[tuple[str, ShimUser]]:
    for node in module.imports:
        for alias in node.names:
            brought = find_brought(gathered.project, module, node, alias)
            if brought is not None:
                told = reference_of(gathered.project, brought)
                kind = told.code.kind.value
                yield told.system, ShimUser(module.path, alias.lineno, kind, told.symbol)


def _paths(gathered: Gathered, module: ParsedModule) -> Iterator[tuple[str, ShimUser]]:
    """Texts in the code that hold the path of a legacy module, whatever they are for.

    No edit could be made of most of them, so that a scan passes over them: the path of a file that
    is run or opened, a name that the module does not have. Docstrings are no such texts.
    """
    systems = gathered.project.profile.systems
    forms = [(system, _path_form(system)) for system in systems]
    nodes = list(ast.walk(module.source.tree))
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if id(node) in docstrings:
            continue
        for system, form in forms:
            if form.search(node.value):
                line, _ = place_of(gathered, module.path, node.lineno, 1)
                yield system.name, ShimUser(module.path, line, Kind.STRING.value, system.module)


def _path_form(system: System) -> re.Pattern[str]:
    """The last two parts of a module's path, with whatever between them, or its file's name."""
    *_, folder, stem = ["", *map(re.escape, system.module.split("."))]
    inside = rf"(?<!\w){folder}[./\\]+{stem}(?!\w)|" if folder else ""
    return re.compile(rf"{inside}(?<!\w){stem}\.pyi?(?!\w)")


def _users_seen(options: Options, seen: Iterable[Seen], shim: str) -> Iterator[ShimUser]:
    dotted = ".".join(PurePosixPath(shim).with_suffix("").parts)
    for call in seen:
        if dotted == call.module or dotted.endswith(f".{call.module}"):
            path = _inside(options, call.path) if call.path else _UNTOLD
            yield ShimUser(path, call.line, _SEEN, call.name)


def _inside(options: Options, path: str) -> str:
    """A path of a log as the project has it, where it lies in the project."""
    place = Path(path.replace("\\", "/"))
    if place.is_absolute() and place.resolve().is_relative_to(options.root):
        place = place.resolve().relative_to(options.root)
    return place.as_posix()

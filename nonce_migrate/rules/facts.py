"""What was found in the files, before it is decided what becomes of it."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from nonce_migrate.model import Code, Safety
from nonce_migrate.resolve.held import Instance
from nonce_migrate.resolve.modules import Found
from nonce_migrate.resolve.project import ModuleTarget, ParsedModule, SymbolTarget
from nonce_migrate.resolve.scopes import Binding, Scope
from nonce_migrate.rules.brought import CarrierKind
from nonce_migrate.rules.intents import ChangeCall

if TYPE_CHECKING:
    from nonce_migrate.resolve.inference import Inference


@dataclass(frozen=True, slots=True)
class Block:
    """Why a carrier cannot move: where (0: the import itself), the reason, and the step.

    level: UNSAFE where all that speaks against the edit is that it rests on a guess, so that a run
    which accepts guesses lifts the block.
    """

    line: int
    reason: str
    step: str
    level: Safety = Safety.MANUAL

    def holds(self, accept: Safety) -> bool:
        """Whether it still blocks in a run that accepts edits down to a level."""
        return not self.level.is_made(accept)


@dataclass(eq=False, slots=True)
class Carrier:
    """One alias of an import statement that brings a legacy name or module into a file.

    is_direct: the statement names the legacy module itself, not one that re-exports from it.
    uses: where what it brings is used in this file. demanded: what other files take through it,
    where it is a star. blocks: what speaks against moving it. needs_another: it only gives the
    module where another import has loaded it (`sys.modules["a.b"]`).
    """

    module: ParsedModule
    kind: CarrierKind
    node: ast.Import | ast.ImportFrom | ast.Call | ast.Subscript
    index: int
    alias: ast.alias
    scope: Scope
    target: SymbolTarget | ModuleTarget
    found: Found
    is_direct: bool
    binding: Binding | None = None
    uses: list[Use] = field(default_factory=list)
    demanded: set[str] = field(default_factory=set)
    blocks: list[Block] = field(default_factory=list)
    needs_another: bool = False

    @property
    def local(self) -> str:
        """The name bound in the file ("*" for a star import)."""
        return self.binding.name if self.binding else "*"


@dataclass(eq=False, slots=True)
class Use:
    """One place where a legacy top-level name is used.

    node: the Name, or the dotted expression up to the legacy name. base: the part of it that is
    a module, None for a Name. exporter: that module, where it is not the legacy one itself.
    call: how the call (or classmethod call) of it changes. block: why it must not be touched.
    text: the string that looks the name up. member: the classmethod that is called on it.
    """

    node: ast.expr
    symbol: SymbolTarget
    carriers: tuple[Carrier, ...]
    base: ast.expr | None = None
    exporter: str = ""
    code: Code = Code.USE
    call: ChangeCall | None = None
    becomes: str = ""
    block: Block | None = None
    broken: str = ""
    text: ast.Constant | None = None
    member: str = ""
    why: tuple[str, ...] = ()


@dataclass(eq=False, slots=True)
class MemberUse:
    """A member of a legacy object that is called, read or looked up by name."""

    node: ast.expr
    code: Code
    system: str
    symbol: str
    carriers: tuple[Carrier, ...] = ()
    call: ChangeCall | None = None
    becomes: str = ""
    block: Block | None = None
    blocks_carriers: bool = False
    broken: str = ""
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuotedName:
    """A legacy name inside a quoted annotation: (start, end) in the string's content.

    local: the name as it is written. base: the module in front of it ("" for a plain name).
    exporter: that module, where it is not the legacy one itself.
    """

    node: ast.Constant
    start: int
    end: int
    local: str
    symbol: SymbolTarget
    scope: Scope
    carriers: tuple[Carrier, ...]
    base: str = ""
    exporter: str = ""


@dataclass(frozen=True, slots=True)
class AllEntry:
    """A string of `__all__` that names a legacy name bound in the module."""

    node: ast.Constant
    symbol: SymbolTarget
    carriers: tuple[Carrier, ...]


class TextRole(Enum):
    """What a string does where it stands."""

    CODE = auto()  # it holds an import statement
    PATCH = auto()  # what it names is replaced there
    CONSUMER = auto()  # it names what another module has imported
    LOOKUP = auto()  # the module that it names is taken there
    LOADED = auto()  # sys.modules is asked for the module that it names, or rid of it
    PAIR = auto()  # a module or a name of a table, which are looked up together
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class TextReference:
    """A string that names a legacy module or name, or holds code that imports one.

    target: what it names. prefix: the dotted module part, "" where the string is a name alone.
    consumer: the module whose own legacy-bound name it is. block: what speaks against changing
    it, whatever becomes of the imports. carrier: of a LOOKUP, what stands for the import that it
    makes. member: of a PATCH, the member that is replaced, "" where it is the name itself.
    seen_by: the legacy names in use whose code sees a PATCH, apart from the name itself.
    """

    node: ast.Constant
    role: TextRole
    target: SymbolTarget | ModuleTarget
    prefix: str = ""
    consumer: str = ""
    block: Block | None = None
    carrier: Carrier | None = None
    member: str = ""
    seen_by: tuple[SymbolTarget, ...] = ()

    @property
    def code(self) -> Code:
        """The finding code."""
        return Code.CODE_IN_STRING if self.role is TextRole.CODE else Code.STRING


@dataclass(frozen=True, slots=True)
class BrokenName:
    """A name that nothing binds and that is, or garbles, a legacy one.

    is_elsewhere: what binds it can be out of sight, since the code is a part of a document.
    """

    node: ast.Name
    system: str
    meant: str
    is_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class UndoingScript:
    """A call through which the file undoes the migration, or changes nonce state.

    symbol: the legacy module, or the name of the state files.
    """

    node: ast.Call
    system: str
    symbol: str
    block: Block


@dataclass(eq=False, slots=True)
class FileFacts:
    """Everything found in one file.

    by_binding: the carriers of all files. by_lookup: those that are lookups. pins: (module, name)
    that strings look up which are not rewritten; ("", name) where the module is not known, (module,
    "") for any of its names. followed: those that are looked up by strings which follow a rename.
    stand_ins: those of them that a given object replaces, or that are called out of sight. unclear:
    words in type comments and in strings within quoted annotations, where names are not followed.
    held: legacy names and modules that the file replaces for all who import them, in a way that
    cannot move. escaped: the legacy objects that leave the sight of the file, each with the first
    place.
    """

    module: ParsedModule
    inference: Inference
    by_binding: dict[Binding, Carrier]
    by_lookup: dict[Binding, Carrier] = field(default_factory=dict)
    carriers: list[Carrier] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    members: list[MemberUse] = field(default_factory=list)
    quoted: list[QuotedName] = field(default_factory=list)
    entries: list[AllEntry] = field(default_factory=list)
    texts: list[TextReference] = field(default_factory=list)
    broken: list[BrokenName] = field(default_factory=list)
    undoing: list[UndoingScript] = field(default_factory=list)
    pins: set[tuple[str, str]] = field(default_factory=set)
    followed: set[tuple[str, str]] = field(default_factory=set)
    stand_ins: set[tuple[str, str]] = field(default_factory=set)
    unclear: set[str] = field(default_factory=set)
    held: dict[SymbolTarget | ModuleTarget, Block] = field(default_factory=dict)
    escaped: dict[Instance, str] = field(default_factory=dict)

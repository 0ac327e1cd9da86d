"""Programs that call legacy names, drawn from the rows of the kraken profile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from hypothesis import strategies as st

from nonce_migrate.profile import load_profile
from nonce_migrate.profile.schema import Member, MemberKind, NameKind, Parameter, Symbol, System

T = TypeVar("T")

KRAKEN = load_profile("kraken")

# What stands for each parameter of the profile. `said(x)` gives x and tells of it, so that an
# argument that is lost, evaluated twice or out of order shows.
VALUES = {
    "cleanup_after_seconds": ("3600", "60", "said(7200)"),
    "connection_id": ("'a'", "'b'", "said('c')"),
    "count": ("1", "said(3)"),
    "nonces": ("[1, 2]", "said([2, 1])"),
    "api_key": ("'key'", "said('key')"),
    "api_secret": ("'c2VjcmV0'",),
    "storage_dir": ("None", "'old'", "said('old')"),
    "failed_nonce": ("None", "'5'", "said('6')"),
    "nonce": ("'1700000000000000'", "said('5')"),
    "buffer_seconds": ("5", "said(7)"),
    "nonce_manager": ("None", "UnifiedKrakenNonceManager()"),
    "error_handler": ("None", "said"),
    "error_message": (
        "'EAPI:Invalid nonce'",
        "'EOrder:Invalid nonce'",
        "'already seen nonce'",
        "said('else')",
    ),
    "websocket": ("Socket()",),
    "coordinator": ("get_nonce_coordinator()",),
    "message": ("{'event': 'subscribe'}", "{'event': 'ping', 'reqid': 3}"),
}
# What a result is used for, by the type that the profile gives it.
USES = {
    "int": ("{}", "{}", "str({})", "{} + 1", "f'n={{{}}}'", "json.dumps([{}])", "'%d' % {}"),
    "str": ("{}", "{}", "{} + '&pair=X'", "int({})", "f'n={{{}}}'"),
}
# Not called: the network, or a coroutine that never ends.
LEFT_OUT = {"make_authenticated_api_call", "monitor_nonce_health", "test_nonce_fix"}
# Whose objects `with` takes.
MANAGERS_OF_CONTEXT = {"NonceManager"}
# What a program may import besides, for its arguments.
EXTRA = {
    "UnifiedKrakenNonceManager": "src.utils.unified_kraken_nonce_manager",
    "get_nonce_coordinator": "src.exchange.websocket_nonce_coordinator",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A top-level name with a counterpart, and a member of what it gives (None: the name alone)."""

    system: System
    symbol: Symbol
    member: Member | None = None

    @property
    def name(self) -> str:
        owner = f"{self.symbol.name}."
        return f"{self.system.name}:{owner}{self.member.name if self.member else ''}"


def rows() -> Iterator[Row]:
    """Every row of the profile that becomes something, members through each name giving one."""
    for system in KRAKEN.systems:
        for symbol in system.symbols.values():
            if symbol.becomes is None:
                continue
            yield Row(system, symbol)
            members = system.members_by_owner.get(symbol.produces, {}).values()
            for member in members:
                is_on_class = member.kind is MemberKind.CLASSMETHOD
                if member.becomes is None or member.name in LEFT_OUT:
                    continue
                if not is_on_class or symbol.kind is NameKind.CLASS:
                    yield Row(system, symbol, member)


ROWS = tuple(rows())


def one_row_each() -> Iterator[Row]:
    """Each name, and each member through the first name that gives its object."""
    seen: set[tuple[str, str]] = set()
    for row in ROWS:
        what = (row.symbol.produces, row.member.name) if row.member else ("", row.name)
        if what not in seen:
            seen.add(what)
            yield row


@dataclass(slots=True)
class Program:
    """A program that is being written. lines: its statements; imports: module -> names."""

    imports: dict[str, set[str]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def take(self, module: str, name: str) -> None:
        self.imports.setdefault(module, set()).add(name)

    @property
    def text(self) -> str:
        imports = [
            f"from {module} import {', '.join(sorted(names))}"
            for module, names in sorted(self.imports.items())
        ]
        start = ["import asyncio", "import json", "from helper import Socket, said, tell"]
        return "\n".join([*start, *imports, "", *self.lines]) + "\n"


@st.composite
def programs(draw: st.DrawFn, given: Sequence[Row] = ROWS) -> str:
    """The text of a program that calls a few rows of the profile."""
    program = Program()
    for number, row in enumerate(draw(st.lists(st.sampled_from(given), min_size=1, max_size=5))):
        _call(draw, program, row, number)
    for name, module in EXTRA.items():
        if any(f"{name}()" in line for line in program.lines):
            program.take(module, name)
    return program.text


def _call(draw: st.DrawFn, program: Program, row: Row, number: int) -> None:
    """Adds the lines that call one row."""
    symbol, member = row.symbol, row.member
    program.take(row.system.module, symbol.name)
    made = symbol.name
    if symbol.kind in (NameKind.CLASS, NameKind.FUNCTION):
        made = f"{symbol.name}{arguments(draw, symbol.parameters or ())}"
    box = f"box_{number}"
    if member is None:
        # An object is kept where it is: handed to `tell`, it would be out of sight.
        program.lines.append(f"{box} = {made}" if symbol.produces else f"tell(lambda: {made})")
        return
    indent = ""
    if member.kind is MemberKind.CLASSMETHOD:
        box = symbol.name
    elif symbol.produces in MANAGERS_OF_CONTEXT and draw(st.booleans()):
        program.lines.append(f"with {made} as {box}:")
        indent = "    "
    else:
        program.lines.append(f"{box} = {made}")
    for _ in range(draw(st.integers(1, 2))):
        program.lines.append(f"{indent}{_statement(draw, box, member)}")


def _statement(draw: st.DrawFn, box: str, member: Member) -> str:
    """A statement that uses a member, and tells of its result where that is no object."""
    if member.kind is MemberKind.ATTRIBUTE:
        return f"tell(lambda: {box}.{member.name}.get_nonce('a'))"
    if member.produces:
        return f"{box}.{member.name}{arguments(draw, member.parameters)}"
    return f"tell(lambda: {_use(draw, box, member)})"


def _use(draw: st.DrawFn, box: str, member: Member) -> str:
    """A use of the result of a member."""
    call = f"{box}.{member.name}{arguments(draw, member.parameters)}"
    if member.is_coroutine:
        call = f"asyncio.run({call})"
    use = draw(st.sampled_from(USES.get(member.returns, ("{}",))))
    if "'" in call and use.startswith("f'"):
        use = use.replace("'", '"')
    return use.format(call)


def arguments(draw: st.DrawFn, parameters: tuple[Parameter, ...]) -> str:
    """The arguments of a call: by position, by keyword, left to their defaults, or unpacked."""
    given = [(p, draw(st.sampled_from(VALUES[p.name]))) for p in parameters]
    first = draw(st.integers(0, len(given)))
    places = [value for _, value in given[:first]]
    rest = [(p, v) for p, v in given[first:] if p.default is None or draw(st.booleans())]
    named = [f"{p.name}={value}" for p, value in draw(st.permutations(rest))]
    style = draw(st.integers(0, 11))
    if style == 0 and places:
        places = [f"*[{', '.join(places)}]"]
    if style == 1 and named:
        named = [f"**dict({', '.join(named)})"]
    return f"({', '.join([*places, *named])})"

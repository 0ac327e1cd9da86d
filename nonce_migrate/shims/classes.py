"""The legacy classes of a shim: stand-ins for a class of the target, and adapters over one."""

from __future__ import annotations

from collections.abc import Mapping

from nonce_migrate.profile.schema import Member, MemberKind, Symbol
from nonce_migrate.shims.calls import body, callee, passed_on, shared, signature, warning
from nonce_migrate.shims.code import call, docstring, literal, long_literal
from nonce_migrate.shims.plan import Form, ShimPlan, form_of, old_class_name


def stand_in(plan: ShimPlan, symbol: Symbol) -> list[str]:
    """A legacy class whose objects are the target's: making one warns and gives that object."""
    assert symbol.becomes is not None
    new = f"_shim_target.{symbol.becomes.target}"
    members = plan.system.members_by_owner.get(symbol.name, {}).values()
    lines = _class_start(symbol, [new, f"metaclass=_shim_stand_in({new})"])
    for member in members:
        if member.kind is MemberKind.CLASSMETHOD:
            lines += ["", *_inherited_classmethod(symbol, member)]
    return lines


def adapter(plan: ShimPlan, symbol: Symbol) -> list[str]:
    """A legacy class with its old members on an object of the target."""
    members = plan.system.members_by_owner.get(symbol.name, {})
    lines = [*_class_start(symbol, ["_ShimAdapter"]), *_gone(symbol, members)]
    lines += ["", *_constructor(plan, symbol, members)]
    for member in members.values():
        if member.becomes is None:
            continue
        if member.kind is MemberKind.METHOD:
            lines += ["", *_method(plan, symbol, member)]
        elif member.kind is MemberKind.CLASSMETHOD:
            lines += ["", *_classmethod(plan, symbol, member)]
        elif member.kind is MemberKind.ATTRIBUTE:
            lines += ["", *_attribute(symbol, member)]
    return lines


def _class_start(symbol: Symbol, bases: list[str]) -> list[str]:
    assert symbol.becomes is not None
    text = symbol.becomes.text
    return [
        *call(f"class {symbol.name}", bases, ":"),
        *docstring(f"Deprecated: use {text}.", indent=4),
        "",
        *call("_shim_names = ", [literal(symbol.name), literal(text)], indent=4),
    ]


def _gone(symbol: Symbol, members: Mapping[str, Member]) -> list[str]:
    """The private names, which raise. What the constructor is given stays readable."""
    given = {parameter.name for parameter in symbol.parameters or ()}
    ways: dict[str, list[str]] = {}
    for member in members.values():
        if member.becomes is None and member.name not in given:
            ways.setdefault(member.step, []).append(member.name)
    lines: list[str] = []
    for number, (way, names) in enumerate(ways.items(), start=1):
        constant = "_shim_way" if number == 1 else f"_shim_way_{number}"
        lines += ["", *(f"    {line}" for line in long_literal(constant, way))]
        lines += [f"    {name} = _ShimGone({constant})" for name in names]
    return lines


def _constructor(plan: ShimPlan, symbol: Symbol, members: Mapping[str, Member]) -> list[str]:
    assert symbol.becomes is not None
    lines = [f"    {signature('__init__', symbol.parameters, receiver='self')}"]
    dropped = [p.name for p in symbol.parameters or () if p.name in symbol.drops]
    if dropped:
        lines += _choice(plan, symbol, dropped)
    else:
        lines += _new_object(symbol, indent=8)
    for parameter in symbol.parameters or ():
        if parameter.name not in members or members[parameter.name].becomes is None:
            lines.append(f"        self.{parameter.name} = {parameter.name}")
    return lines


def _new_object(symbol: Symbol, *, indent: int) -> list[str]:
    assert symbol.becomes is not None
    head = f"self._shim_object = {callee(symbol.becomes, '')}"
    return call(head, passed_on(symbol.becomes, symbol.parameters), indent=indent)


def _choice(plan: ShimPlan, symbol: Symbol, dropped: list[str]) -> list[str]:
    """What the adapter stands on, by the arguments that the profile lets drop.

    Nothing given: what the constructor becomes. An object of a class that may be dropped: that
    object where it has the interface of the new one. Anything else, a test's double for example:
    the old class over it, whose source is kept for this.
    """
    new = _new_object(symbol, indent=12)
    tests = {name: _droppable(plan, symbol, name) for name in dropped}
    if len(dropped) == 1 and _becomes_the_same(plan, symbol, dropped[0]):
        lines = [f"        if {dropped[0]} is None:", *new]
        lines += [f"        elif {tests[dropped[0]]}:"]
        lines += [f"            self._shim_object = {dropped[0]}"]
    else:
        every = " and ".join(f"({name} is None or {test})" for name, test in tests.items())
        lines = [f"        if {every}:", *new]
    return [*lines, "        else:", *_over_foreign(plan, symbol, dropped)]


def _over_foreign(plan: ShimPlan, symbol: Symbol, dropped: list[str]) -> list[str]:
    if symbol.name in plan.kept_classes:
        arguments = [p.name for p in symbol.parameters or ()]
        head = f"self._shim_object = {old_class_name(symbol.name)}"
        return call(head, arguments, indent=12)
    may = " or ".join(dict.fromkeys(old for name in dropped for old in symbol.drops[name]))
    text = f"{', '.join(dropped)}: leave it out, or give an object of {may}"
    return call("raise TypeError", [literal(text)], indent=12)


def _droppable(plan: ShimPlan, symbol: Symbol, name: str) -> str:
    """An expression: whether the argument is an object of a class that may be dropped."""
    targets, adapted = _classes(plan, symbol.drops[name])
    tests = []
    if targets:
        classes = targets[0] if len(targets) == 1 else f"({', '.join(targets)})"
        tests.append(f"issubclass(type({name}), {classes})")
    if adapted:
        known = ", ".join(literal(old) for old in adapted)
        names = f'getattr(type({name}), "_shim_names", ("",))'
        tests.append(f"{names}[0] in ({known},)")
    return " or ".join(tests) or "False"


def _classes(plan: ShimPlan, names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Of legacy classes of any system: the target's for stand-ins, the names of the adapters."""
    targets, adapted = [], []
    for system in plan.profile.systems:
        for name in names:
            symbol = system.symbol(name)
            if symbol is None or symbol.becomes is None:
                continue
            if form_of(system, symbol) is Form.STAND_IN:
                targets.append(f"_shim_target.{symbol.becomes.target}")
            else:
                adapted.append(name)
    return list(dict.fromkeys(targets)), list(dict.fromkeys(adapted))


def _becomes_the_same(plan: ShimPlan, symbol: Symbol, name: str) -> bool:
    assert symbol.becomes is not None
    targets, adapted = _classes(plan, symbol.drops[name])
    return targets == [f"_shim_target.{symbol.becomes.target}"] and not adapted


def _method(plan: ShimPlan, symbol: Symbol, member: Member) -> list[str]:
    assert member.becomes is not None
    start = signature(
        member.name,
        member.parameters,
        receiver="self",
        returns="" if symbol.drops else member.returns,  # it depends on the object given
        is_coroutine=member.is_coroutine,
    )
    lines = [f"    {start}"]
    if symbol.name in plan.kept_classes and not member.is_unchanged:
        lines.append(f"        if isinstance(self._shim_object, {old_class_name(symbol.name)}):")
        old = "await " if member.is_coroutine else ""
        names = [parameter.name for parameter in member.parameters]
        head = f"return {old}self._shim_object.{member.name}"
        lines += call(head, names, indent=12)
    return lines + body(
        member.becomes,
        member.parameters,
        this="self._shim_object",
        indent=8,
        returns=member.returns,
        is_coroutine=member.is_coroutine,
    )


def _classmethod(plan: ShimPlan, symbol: Symbol, member: Member) -> list[str]:
    assert member.becomes is not None and symbol.becomes is not None
    this = f"_shim_target.{symbol.becomes.target}"
    lines = _classmethod_start(symbol, member)
    if member.produces in plan.adapters:
        made = member.produces
        return lines + shared(
            plan,
            member.becomes,
            member.parameters,
            cls="cls" if made == symbol.name else made,
            produced=made,
            this=this,
            indent=8,
        )
    return lines + body(
        member.becomes, member.parameters, this=this, indent=8, returns=member.returns
    )


def _inherited_classmethod(symbol: Symbol, member: Member) -> list[str]:
    """A classmethod of a stand-in: of the target's class, or of the class derived from it."""
    assert member.becomes is not None and symbol.becomes is not None
    names = ", ".join(parameter.name for parameter in member.parameters)
    return [
        *_classmethod_start(symbol, member),
        f"        if cls is {symbol.name}:",
        f"            return _shim_target.{symbol.becomes.target}.{member.name}({names})",
        f"        return super().{member.name}({names})",
    ]


def _classmethod_start(symbol: Symbol, member: Member) -> list[str]:
    assert member.becomes is not None and symbol.becomes is not None
    text = symbol.becomes.target + member.becomes.text.partition("self")[2]
    start = signature(member.name, member.parameters, receiver="cls", returns=member.returns)
    warn = warning(f"{symbol.name}.{member.name}", text, indent=8)
    return ["    @classmethod", f"    {start}", *warn]


def _attribute(symbol: Symbol, member: Member) -> list[str]:
    assert member.becomes is not None
    lines = [
        "    @property",
        f"    def {member.name}(self):",
        f"        return self._shim_object.{member.becomes.target}",
    ]
    if [p.name for p in symbol.parameters or ()] == [member.name]:
        lines += [
            "",
            f"    @{member.name}.setter",
            f"    def {member.name}(self, value):",
            f"        {symbol.name}.__init__(self, value)",
        ]
    return lines

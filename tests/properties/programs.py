"""Random small projects that use legacy nonce managers in every way that a bot might."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from hypothesis import strategies as st

from tests.properties import holders, injected, shadows
from tests.properties import vocabulary as words
from tests.properties.filling import fill
from tests.properties.imports import import_forms
from tests.properties.stand_ins import LEGACY
from tests.properties.vocabulary import Legacy

T = TypeVar("T")

HEADER = (
    "import asyncio\nimport functools\nimport json\nimport typing\n"
    "from urllib.parse import urlencode\nfrom helper import *\n"
)
CLIENTS = (
    "app.py",
    "src/trading/engine.py",
    "src/utils/client.py",
    "src/auth/login.py",
    "bot/run.py",
    "src/exchange/deep/feed.py",
)
SCOPES = {
    "top": "$I\ntry:\n    $U\nexcept Exception as error:\n    print(type(error).__name__)",
    "try": "try:\n    $I\n    $U\nexcept Exception as error:\n    print(type(error).__name__)",
    "function": "def use_$i():\n    $I\n    $U\nguard(use_$i)",
    "apart": "$I\n\n\ndef use_$i():\n    $U\nguard(use_$i)",
    "nested": "def use_$i():\n    $I\n    def inner():\n        $U\n    inner()\nguard(use_$i)",
    "class": "class Use_$i:\n    $I\n    try:\n        $U\n    except Exception as error:\n"
    "        print(type(error).__name__)",
    "method": "class Use_$i:\n    def run(self):\n        $I\n        $U\nguard(Use_$i().run)",
    "late": "def use_$i():\n    $U\ndef load_$i():\n    global $G\n    $I\n"
    "guard(load_$i)\nguard(use_$i)",
    "again": "def use_$i():\n    $I\n    $U\ndef more_$i():\n    $I\n    $U\n"
    "guard(use_$i)\nguard(more_$i)",
}
HOLDERS = holders.HOLDERS + injected.HOLDERS
RECEIVERS = holders.RECEIVERS + injected.RECEIVERS
HUBS = ("src/hub.py", "src/auth/__init__.py", "bot/__init__.py", "facade.py")


# A class that is given a manager, and what another file may do with it.
TAKER = (
    "class $T:\n    def __init__(self, given=None):\n        self.kept = self.box = given\n"
    "    def run(self):\n        $U"
)
GIVEN = (
    *("guard(lambda: $T($C).run())",) * 4,
    "guard(lambda: $T(given=$C).run())",
    "guard(lambda: $T(Own()).run())",
    "def use_$i(make=$T):\n    make(Own()).run()\nguard(use_$i)",
    "def use_$i():\n    bot = $T($C)\n    bot.box = Own()\n    bot.run()\nguard(use_$i)",
    "class More_$i($T):\n    pass\nguard(lambda: More_$i($C).run())",
    "class More_$i($T):\n    pass\nguard(lambda: More_$i(Own()).run())",
    "guard(lambda: show($T($C).box and 1))",
)


@dataclass(frozen=True, slots=True)
class Bound:
    """A name that some module binds at its top, and a function there that uses it."""

    dotted: str
    local: str
    function: str


@dataclass(slots=True)
class Maker:
    """Draws one project. exports: what the hubs hand on, as (module, exported name, legacy)."""

    draw: st.DrawFn
    count: int = 0
    exports: list[tuple[str, str, Legacy]] = field(default_factory=list)
    bound: list[Bound] = field(default_factory=list)
    shared: list[tuple[str, str, Legacy]] = field(default_factory=list)
    takers: list[tuple[str, str, Legacy]] = field(default_factory=list)

    def pick(self, choices: Sequence[T]) -> T:
        return self.draw(st.sampled_from(choices))

    def flag(self) -> bool:
        return self.draw(st.booleans())

    def number(self) -> int:
        self.count += 1
        return self.count


def dotted(path: str) -> str:
    """The dotted name of a file."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def some_name(make: Maker, path: str, *, top: bool) -> tuple[str, str, Legacy]:
    """An import of some legacy name, straight or through a hub: lines, name in use, what it is."""
    handed = [export for export in make.exports if export[0] != dotted(path)]
    if handed and make.flag():
        module, name, legacy = make.pick(handed)
    else:
        legacy = make.pick(words.NAMES)
        module, name = legacy.module, legacy.name
    i = make.number()
    forms = import_forms(path, module, top=top)
    lines, used = make.pick(forms)
    given = {"D": module, "N": name, "S": module.rpartition(".")[2], "i": i}
    return fill(lines, **given), fill(used, **given), legacy


def nonce_use(make: Maker, legacy: Legacy, manager: str) -> str:
    """Lines that use a manager once."""
    i = make.number()
    if legacy.members and make.draw(st.integers(0, 3)) == 0:
        return fill(make.pick(legacy.members), M=manager, i=i)
    if not legacy.nonces:
        return fill(make.pick(words.VALUES), V=manager, i=i)
    return fill(make.pick(words.VALUES), V=fill(make.pick(legacy.nonces), M=manager), i=i)


def use(make: Maker, used: str, legacy: Legacy) -> str:
    """Lines that use a legacy name once."""
    i, kind = make.number(), make.draw(st.integers(0, 9))
    call = make.pick(legacy.calls)
    if kind >= 8:
        looks = words.LOOKS + (words.CLASS_LOOKS * 3 if legacy.is_class else ())
        return fill(make.pick(looks), N=used, A=call, i=i)
    made = f"{used}{call}"
    if kind >= 5 and legacy.nonces:
        text, manager = make.pick(RECEIVERS)
        text = fill(text, i=i, N=used, C=made)
        return fill(text, U=nonce_use(make, legacy, fill(manager, i=i, C=made)))
    before, manager = make.pick(HOLDERS)
    before = fill(before, i=i, N=used, C=made)
    lines = nonce_use(make, legacy, fill(manager, i=i, C=made))
    return f"{before}\n{lines}" if before else lines


def block(make: Maker, path: str) -> str:
    """A piece of a module that imports something legacy and uses it."""
    i = make.number()
    scope = make.pick(tuple(SCOPES))
    top = scope in ("top", "apart", "try")
    lines, used, legacy = some_name(make, path, top=top)
    uses = "\n".join(use(make, used, legacy) for _ in range(make.draw(st.integers(1, 2))))
    if scope == "apart" and used.isidentifier():
        make.bound.append(Bound(dotted(path), used, f"use_{i}"))
    return fill(SCOPES[scope], i=i, I=lines, U=uses, G=used.partition(".")[0])


def shadow(make: Maker, path: str) -> str:
    """Lines that bind or read a name of interest for something else."""
    names = [*words.NEW_NAMES, *(bound.local for bound in make.bound)]
    names += [make.pick(words.NAMES).name]
    texts = shadows.SHADOWS if make.draw(st.integers(0, 2)) else shadows.TOP_SHADOWS
    return fill(make.pick(texts), X=make.pick(names), i=make.number())


def outside(make: Maker, path: str) -> str:
    """Lines that reach into another module by name."""
    others = [bound for bound in make.bound if bound.dotted != dotted(path)]
    if not others:
        return block(make, path)
    there = make.pick(others)
    text = "import unittest.mock as mock\nimport $D as far_$i\n" + make.pick(shadows.REACHES)
    return fill(text, D=there.dotted, N=there.local, F=there.function, i=make.number())


def handed(make: Maker, path: str) -> str:
    """A global manager of one module, and its use in another."""
    own = dotted(path)
    others = [one for one in make.shared if one[0] != own]
    if others and make.flag():
        module, name, legacy = make.pick(others)
        i = make.number()
        line, used = make.pick(
            (
                (f"from {module} import {name}", name),
                (f"from {module} import {name} as own_{i}", f"own_{i}"),
                (f"import {module} as far_{i}", f"far_{i}.{name}"),
                (f"import {module}", f"{module}.{name}"),
            )
        )
        text = "$I\ndef use_$i():\n    $U\nguard(use_$i)"
        return fill(text, i=i, I=line, U=nonce_use(make, legacy, used))
    lines, used, legacy = some_name(make, path, top=True)
    if not legacy.nonces:
        return lines
    name = f"shared_{make.number()}"
    make.shared.append((own, name, legacy))
    return f"{lines}\n{name} = {used}{make.pick(legacy.calls)}"


def injected_over_files(make: Maker, path: str) -> str:
    """A class of one module whose objects are given a manager, or something else, in another."""
    own = dotted(path)
    others = [one for one in make.takers if one[0] != own]
    i = make.number()
    if not others:
        legacy = make.pick([one for one in words.NAMES if one.nonces])
        name = f"Taker_{i}"
        make.takers.append((own, name, legacy))
        return fill(TAKER, T=name, U=nonce_use(make, legacy, "self.box"))
    module, name, legacy = make.pick(others)
    forms = import_forms(path, legacy.module, top=True)
    lines, used = make.pick(forms)
    given = {"D": legacy.module, "N": legacy.name, "S": legacy.module.rpartition(".")[2], "i": i}
    made = f"{fill(used, **given)}{make.pick(legacy.calls)}"
    text = f"from {module} import {name}\n{fill(lines, **given)}\n{make.pick(GIVEN)}"
    return fill(text, T=name, C=made, i=i)


def hub(make: Maker, path: str) -> str:
    """A module that hands legacy names on."""
    lines: list[str] = []
    names: list[str] = []
    for _ in range(make.draw(st.integers(1, 2))):
        text, used, legacy = some_name(make, path, top=True)
        lines.append(text)
        if used.isidentifier():
            names.append(used)
            make.exports.append((dotted(path), used, legacy))
    listed = ", ".join(f"'{name}'" for name in names)
    forms = ("", "__all__ = [$L]", "__all__ = ($L,)", "__all__ = []\n__all__ += [$L]")
    return "\n".join([*lines, fill(make.pick(forms), L=listed)]) if names else "\n".join(lines)


def piece(make: Maker, path: str) -> str:
    """One piece of a module; an empty one where the parts do not fit together."""
    text = make.pick(PIECES)(make, path)
    return text if _compiles(text) else "# nothing here"


PIECES = (block, block, block, shadow, outside, handed, injected_over_files)


def _compiles(text: str) -> bool:
    try:
        compile(text, "module", "exec")
    except SyntaxError:
        return False
    return True


@st.composite
def projects(draw: st.DrawFn) -> dict[str, str]:
    """path -> text, `main.py` among them, which runs the rest; without the legacy modules."""
    make = Maker(draw)
    files: dict[str, str] = {}
    for path in draw(st.lists(st.sampled_from(HUBS), max_size=2, unique=True)):
        files[path] = HEADER + hub(make, path) + "\n"
    clients = draw(st.lists(st.sampled_from(CLIENTS), min_size=1, max_size=3, unique=True))
    for path in clients:
        pieces = [piece(make, path) for _ in range(draw(st.integers(1, 3)))]
        files[path] = HEADER + "\n\n\n".join(pieces) + "\n"
    loads = "".join(f"guard(__import__, {dotted(path)!r})\n" for path in clients)
    files = {path: text for path, text in files.items() if _compiles(text)}
    clients = [path for path in clients if path in files]
    files["main.py"] = f"from helper import guard\n{loads}"
    if draw(st.booleans()):
        for path in (*files, *LEGACY):
            for folder in _folders(path):
                files.setdefault(f"{folder}/__init__.py", "")
    return files


def _folders(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: size + 1]) for size in range(len(parts))]

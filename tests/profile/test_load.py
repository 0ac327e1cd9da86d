from __future__ import annotations

from pathlib import Path

import pytest

from nonce_migrate.profile import (
    Argument,
    Becomes,
    MemberKind,
    NameKind,
    Parameter,
    Profile,
    ShimKind,
    load_profile,
)

SHORT = """
name = "pkg-old-to-new"
target = "pkg.new"

[[system]]
module = "pkg.old"
description = "the old one"
[system.names]
Thing = "NewThing"
OldError = "NewError"
make_thing = "make_new_thing"
"""

LONG = """
name = "long"
target = "pkg.new"

[[system]]
module = "pkg.old"
label = "old things"
description = '''
the old
one'''
why = "it is old"
shim = "inert"
[[system.name]]
signature = "Thing(size, color='red')"
becomes = "NewThing(dimension=size)"
drops = { color = ["Thing"] }
why = "sizes are dimensions now"
[[system.name]]
signature = "make_thing(size)"
produces = "Thing"
broken = "it never worked"
[[system.name]]
signature = "LIMIT"
kind = "data"
step = "write the number"
[[system.member]]
of = "Thing"
signature = "grow(by=1)"
[[system.member]]
of = "Thing"
signature = "measure(unit)"
becomes = "int(self.size_in(unit=unit))"
returns = "int"
coroutine = true
[[system.member]]
of = "Thing"
signature = "shared()"
kind = "classmethod"
becomes = "self.one().shared()"
produces = "Thing"
[[system.member]]
of = "Thing"
signature = "size"
kind = "attribute"
[[system.member]]
of = "Thing"
signature = "explode()"
step = "do not"
[[system.private]]
of = "Thing"
names = ["_size", "_lock"]
step = "use size"
"""


def load(folder: Path, text: str, name: str = "profile.toml") -> Profile:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return load_profile(str(file))


def test_defaults_of_a_short_profile(tmp_path: Path) -> None:
    profile = load(tmp_path, SHORT)
    assert (profile.name, profile.target) == ("pkg-old-to-new", "pkg.new")
    assert (profile.vendor, profile.shims) == (False, False)
    assert (profile.roots, profile.exclude, profile.exports) == ((".",), (), frozenset())
    [system] = profile.systems
    assert (system.name, system.module, system.description) == ("old", "pkg.old", "the old one")
    assert (system.shim, system.why, system.members) == (ShimKind.ADAPTER, "", ())


def test_short_names_are_told_apart_by_their_looks(tmp_path: Path) -> None:
    symbols = load(tmp_path, SHORT).systems[0].symbols
    assert {name: symbol.kind for name, symbol in symbols.items()} == {
        "Thing": NameKind.CLASS,
        "OldError": NameKind.EXCEPTION,
        "make_thing": NameKind.DATA,
    }
    assert symbols["Thing"].becomes == Becomes("NewThing", "NewThing")
    assert symbols["Thing"].produces == "Thing"
    assert symbols["OldError"].produces == ""
    assert symbols["Thing"].parameters is None


def test_a_long_name(tmp_path: Path) -> None:
    [system] = load(tmp_path, LONG).systems
    thing = system.symbols["Thing"]
    assert thing.parameters == (Parameter("size"), Parameter("color", "'red'"))
    assert thing.becomes == Becomes(
        "NewThing(dimension=size)", "NewThing", arguments=(Argument("size", "dimension"),)
    )
    assert thing.drops == {"color": ("Thing",)}
    assert (thing.kind, thing.produces) == (NameKind.CLASS, "Thing")
    assert thing.why == "sizes are dimensions now"


def test_a_name_without_a_new_one_keeps_its_own_unless_it_has_a_step(tmp_path: Path) -> None:
    symbols = load(tmp_path, LONG).systems[0].symbols
    make = symbols["make_thing"]
    assert make.becomes == Becomes("make_thing(size)", "make_thing")
    assert (make.kind, make.produces, make.broken) == (
        NameKind.FUNCTION,
        "Thing",
        "it never worked",
    )
    limit = symbols["LIMIT"]
    assert (limit.kind, limit.becomes, limit.step) == (NameKind.DATA, None, "write the number")


def test_members(tmp_path: Path) -> None:
    members = load(tmp_path, LONG).systems[0].members_by_owner["Thing"]
    assert members["grow"].is_unchanged
    assert members["grow"].kind is MemberKind.METHOD
    measure = members["measure"]
    assert measure.becomes == Becomes(
        "int(self.size_in(unit=unit))", "size_in", "self", "", "int", (Argument("unit", "unit"),)
    )
    assert (measure.returns, measure.is_coroutine) == ("int", True)
    shared = members["shared"]
    assert shared.becomes == Becomes("self.one().shared()", "shared", "self", "one")
    assert (shared.kind, shared.produces) == (MemberKind.CLASSMETHOD, "Thing")
    assert members["size"].kind is MemberKind.ATTRIBUTE
    assert members["size"].becomes == Becomes("self.size", "size", "self")
    assert (members["explode"].becomes, members["explode"].step) == (None, "do not")


def test_private_members_share_a_step(tmp_path: Path) -> None:
    members = load(tmp_path, LONG).systems[0].members_by_owner["Thing"]
    for name in ("_size", "_lock"):
        assert members[name].kind is MemberKind.PRIVATE
        assert (members[name].becomes, members[name].step) == (None, "use size")


def test_texts_become_one_line(tmp_path: Path) -> None:
    [system] = load(tmp_path, LONG).systems
    assert system.description == "the old one"
    assert (system.name, system.why, system.shim) == ("old things", "it is old", ShimKind.INERT)


def test_systems_with_one_last_part_are_named_in_full(tmp_path: Path) -> None:
    text = 'name = "n"\ntarget = "t"\n' + "".join(
        f'[[system]]\nmodule = "{module}"\n' for module in ("a.old", "b.old", "c.other")
    )
    assert [s.name for s in load(tmp_path, text).systems] == ["a.old", "b.old", "other"]


def test_roots_are_normalised(tmp_path: Path) -> None:
    profile = load(tmp_path, 'roots = ["./src/", "."]\nexclude = ["old/"]\n' + SHORT)
    assert profile.roots == ("src", ".")
    assert profile.exclude == ("old/",)


def test_the_table_of_a_pyproject_is_a_profile(tmp_path: Path) -> None:
    text = """
        [project]
        name = "bot"
        [tool.nonce-migrate]
        name = "ours"
        target = "bot.new"
        [[tool.nonce-migrate.system]]
        module = "bot.old"
    """
    assert load(tmp_path, text, "pyproject.toml").target == "bot.new"


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    text = "\ufeff" + SHORT.replace("\n", "\r\n")
    (tmp_path / "p.toml").write_bytes(text.encode())
    assert load_profile(str(tmp_path / "p.toml")).target == "pkg.new"


def test_a_file_is_found_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(tmp_path, SHORT)
    monkeypatch.chdir(tmp_path)
    assert load_profile("profile.toml").name == "pkg-old-to-new"

from __future__ import annotations

from pathlib import Path

import pytest

from nonce_migrate.errors import ProfileError
from nonce_migrate.profile import load_profile

HEAD = 'name = "n"\ntarget = "pkg.new"\n'
SYSTEM = '[[system]]\nmodule = "pkg.old"\n'
THING = SYSTEM + '[[system.name]]\nsignature = "Thing(a)"\n'
MEMBER = THING + '[[system.member]]\nof = "Thing"\n'
PACKAGED = (
    "vendor = true\n" + HEAD + SYSTEM + '[[system.name]]\nsignature = "Thing(a)"\n'
    'becomes = "ConsolidatedNonceManager(api_key=a)"\n'
)
PACKAGED_MEMBER = PACKAGED + '[[system.member]]\nof = "Thing"\n'


def problems(folder: Path, text: str, name: str = "p.toml") -> list[str]:
    file = folder / name
    file.write_bytes(text.encode())
    with pytest.raises(ProfileError) as caught:
        load_profile(str(file))
    lines = str(caught.value).split("\n")
    assert lines == [f"{file}: {problem}" for problem in caught.value.problems]
    return list(caught.value.problems)


ONE_PROBLEM = {
    "no name": ('target = "t"\n' + SYSTEM, "name: missing; give the name of the profile"),
    "no target": ('name = "n"\n' + SYSTEM, "target: missing; give the dotted name"),
    "an empty name": ('name = " "\ntarget = "t"\n' + SYSTEM, "name: empty; give"),
    "no system": (HEAD, "system: missing; give at least one [[system]]"),
    "systems that are no tables": ("system = 1\n" + HEAD, "system: must be an array of tables"),
    "no module": (HEAD + "[[system]]\n", "system[1].module: missing"),
    "a wrong key": (
        "vendored = true\n" + HEAD + SYSTEM,
        "vendored: unknown key; did you mean 'vendor'?",
    ),
    "a wrong key in a system": (
        HEAD + SYSTEM + 'descripton = ""\n',
        "system[1].descripton: unknown key; did you mean 'description'?",
    ),
    "a key like no other": (
        HEAD + SYSTEM + '"x y" = 1\n',
        'system[1]."x y": unknown key; possible',
    ),
    "a wrong key in a name": (
        HEAD + THING + 'become = ""\n',
        "system[1].name[1].become: unknown key; did you mean 'becomes'?",
    ),
    "a wrong key in a member": (
        HEAD + MEMBER + 'signature = "f()"\nreturn = ""\n',
        "system[1].member[1].return: unknown key; did you mean 'returns'?",
    ),
    "a state file in a folder": (
        HEAD + SYSTEM + 'state_files = ["state/nonce.json"]\n',
        "system[1].state_files: 'state/nonce.json' is not a file name such as",
    ),
    "a state file of any name": (
        HEAD + SYSTEM + 'state_files = ["*.*"]\n',
        "system[1].state_files: '*.*' is not a file name such as",
    ),
    "a wrong type": ("vendor = 1\n" + HEAD + SYSTEM, "vendor: must be true or false, not an int"),
    "a date": (
        "vendor = 2024-01-01\n" + HEAD + SYSTEM,
        "vendor: must be true or false, not a date",
    ),
    "a list of numbers": (
        "exclude = [1]\n" + HEAD + SYSTEM,
        "exclude: entry 1 must be a string, not an integer",
    ),
    "a module that is a number": (
        HEAD + "[[system]]\nmodule = 1\n",
        "system[1].module: must be a string, not an integer",
    ),
    "a target with a hyphen": (
        'name = "n"\ntarget = "my-bot.new"\n' + SYSTEM,
        "target: 'my-bot.new' is not a dotted module name",
    ),
    "a module with a file's ending": (
        HEAD + '[[system]]\nmodule = "src/old.py"\n',
        "system[1].module: 'src/old.py' is not a dotted module name",
    ),
    "a module with a keyword": (
        HEAD + '[[system]]\nmodule = "a.class"\n',
        "system[1].module: 'a.class' is not a dotted module name",
    ),
    "two systems with one module": (
        HEAD + SYSTEM + SYSTEM,
        "system[2].module: 'pkg.old' is the module of system[1] already",
    ),
    "two systems with one label": (
        HEAD + SYSTEM + 'label = "x"\n[[system]]\nmodule = "b"\nlabel = "x"\n',
        "system[2].label: 'x' is the label of system[1] already",
    ),
    "a target that is a legacy module": (
        'name = "n"\ntarget = "pkg.old"\n' + SYSTEM,
        "target: 'pkg.old' is the legacy module of system[1]",
    ),
    "a root outside": (
        'roots = ["../src"]\n' + HEAD + SYSTEM,
        "roots: '../src' is not a folder inside the project",
    ),
    "an absolute root": ('roots = ["/"]\n' + HEAD + SYSTEM, "roots: '/' is not a folder inside"),
    "no roots": ("roots = []\n" + HEAD + SYSTEM, "roots: empty; give at least one folder"),
    "an export that is no name": (
        'exports = ["a b"]\n' + HEAD + SYSTEM,
        "exports: 'a b' is not a Python name",
    ),
    "a shim of no kind": (
        HEAD + SYSTEM + 'shim = "adaptor"\n',
        "system[1].shim: 'adaptor' is none of adapter, inert; did you mean 'adapter'?",
    ),
    "a short name that is none": (
        HEAD + SYSTEM + '[system.names]\n"a.b" = "c"\n',
        "system[1].names.a.b: is not a Python name",
    ),
    "a short name for a number": (
        HEAD + SYSTEM + "[system.names]\na = 1\n",
        "system[1].names.a: must be a string, not an integer",
    ),
    "a short name for a member": (
        HEAD + SYSTEM + '[system.names]\na = "self.b"\n',
        "system[1].names.a: 'self.b' is a member",
    ),
    "a name described twice": (
        HEAD + SYSTEM + '[[system.name]]\nsignature = "a"\n[system.names]\na = "b"\n',
        "system[1].name[1].signature: 'a' is described already",
    ),
    "no signature": (HEAD + SYSTEM + "[[system.name]]\n", "system[1].name[1].signature: missing"),
    "a signature that is none": (
        HEAD + SYSTEM + '[[system.name]]\nsignature = "f(a"\n',
        "system[1].name[1].signature: not a signature: 'f(a'",
    ),
    "a replacement that is none": (
        HEAD + THING + 'becomes = "New(a"\n',
        "system[1].name[1].becomes: not an expression: 'New(a'",
    ),
    "a replacement with a strange argument": (
        HEAD + THING + 'becomes = "New(b)"\n',
        "system[1].name[1].becomes: 'b' is not a parameter, in 'New(b)'",
    ),
    "a kind that is none": (
        HEAD + THING + 'kind = "klass"\n',
        "system[1].name[1].kind: 'klass' is none of class, function",
    ),
    "drops of an unknown parameter": (
        HEAD + THING + 'drops = { aa = ["Thing"] }\n',
        "system[1].name[1].drops.aa: is not a parameter of the signature; did you mean 'a'?",
    ),
    "an unknown parameter that raised": (
        HEAD + THING + 'raised_with = ["aa"]\n',
        "system[1].name[1].raised_with: 'aa' is not a parameter of the signature; did you mean",
    ),
    "drops of an unknown class": (
        HEAD + THING + 'drops = { a = ["Thin"] }\n',
        "system[1].name[1].drops.a: 'Thin' is no class that is described here; did you mean",
    ),
    "a product of an unknown class": (
        HEAD + THING + 'produces = "Other"\n',
        "system[1].name[1].produces: 'Other' is no class",
    ),
    "a member of an unknown class": (
        HEAD + THING + '[[system.member]]\nof = "Thin"\nsignature = "f()"\n',
        "system[1].member[1].of: 'Thin' is no class",
    ),
    "a member of another system's class": (
        HEAD
        + THING
        + '[[system]]\nmodule = "b"\n[[system.member]]\nof = "Thing"\nsignature = "f()"\n',
        "system[2].member[1].of: 'Thing' is no class",
    ),
    "a member of nothing": (
        HEAD + SYSTEM + '[[system.member]]\nsignature = "f()"\n',
        "system[1].member[1].of: missing; give the legacy class",
    ),
    "a member with a broken replacement": (
        HEAD + MEMBER + 'signature = "f(a)"\nbecomes = "self.g(x)"\n',
        "system[1].member[1].becomes: 'x' is not a parameter, in 'self.g(x)'",
    ),
    "a member that becomes a function": (
        HEAD + MEMBER + 'signature = "f(a)"\nbecomes = "g(a)"\n',
        "system[1].member[1].becomes: 'g(a)' has no object; write self.g",
    ),
    "a private kind by hand": (
        HEAD + MEMBER + 'signature = "f"\nkind = "private"\n',
        "system[1].member[1].kind: 'private' is none of method, classmethod, attribute",
    ),
    "a member described twice": (
        HEAD
        + MEMBER
        + 'signature = "f()"\n[[system.private]]\nof = "Thing"\nnames = ["f"]\nstep = "s"\n',
        "system[1].private[1].names: 'Thing.f' is described already",
    ),
    "private members without a step": (
        HEAD + THING + '[[system.private]]\nof = "Thing"\nnames = ["_a"]\n',
        "system[1].private[1].step: missing; give what a person has to do instead",
    ),
    "private members without names": (
        HEAD + THING + '[[system.private]]\nof = "Thing"\nstep = "s"\n',
        "system[1].private[1].names: missing",
    ),
    "a replacement that the target lacks": (
        'exports = ["Thin", "make"]\n' + HEAD + THING,
        "system[1].name[1].becomes: 'Thing' of 'Thing(a)' is no name that the target has; did you",
    ),
    "a member of something else than self": (
        HEAD + MEMBER + 'signature = "f()"\nbecomes = "make().f()"\n',
        "system[1].member[1].becomes: neither a name nor a member of self: 'make().f()'",
    ),
    "a replacement that the packaged manager lacks": (
        "vendor = true\n" + HEAD + SYSTEM + '[system.names]\nA = "ConsolidatedNonceManger"\n',
        "system[1].names.A: 'ConsolidatedNonceManger' of 'ConsolidatedNonceManger' is no name that"
        " the target has; did you mean 'ConsolidatedNonceManager'?",
    ),
    "an unknown parameter that is ignored": (
        HEAD + THING + 'ignored = ["aa"]\n',
        "system[1].name[1].ignored: 'aa' is not a parameter of the signature; did you mean 'a'?",
    ),
    "an unknown parameter of a member that is ignored": (
        HEAD + MEMBER + 'signature = "f(a)"\nignored = ["b"]\n',
        "system[1].member[1].ignored: 'b' is not a parameter of the signature; possible: a",
    ),
    "a unit that is none": (
        HEAD + MEMBER + 'signature = "f()"\nunit = "min"\n',
        "system[1].member[1].unit: 'min' is none of s, ms, us, ns",
    ),
    "a unit that the packaged manager does not count": (
        'unit = "ms"\n' + PACKAGED,
        "unit: ms is not what the packaged manager counts: us",
    ),
    "a class of the packaged manager in a short row": (
        "vendor = true\n" + HEAD + SYSTEM + '[system.names]\nA = "ConsolidatedNonceManager"\n',
        "system[1].names.A: a plain rename would keep arguments and results as they are, and the"
        ' packaged manager has its own: write [[system.name]] with signature = "A(...)"',
    ),
    "a function of the packaged manager in a short row": (
        "vendor = true\n" + HEAD + SYSTEM + '[system.names]\ndraw = "get_nonce"\n',
        "system[1].names.draw: a plain rename would keep arguments",
    ),
    "a function whose result has members that nobody names": (
        PACKAGED + '[[system.name]]\nsignature = "make()"\nbecomes = "get_nonce_manager()"\n',
        "system[1].name[2].becomes: 'get_nonce_manager()' gives the manager: name the class whose"
        " members its result had before, as produces",
    ),
    "a member that the packaged manager lacks": (
        PACKAGED_MEMBER + 'signature = "draw()"\nbecomes = "self.get_nonse()"\n',
        "system[1].member[1].becomes: 'get_nonse' of 'self.get_nonse()' is no member of"
        " ConsolidatedNonceManager; did you mean 'get_nonce'?",
    ),
    "a member without a row's becomes that the packaged manager lacks": (
        PACKAGED_MEMBER + 'signature = "draw()"\n',
        "system[1].member[1].becomes: 'draw' of 'self.draw()' is no member",
    ),
    "a keyword that the packaged manager lacks": (
        PACKAGED_MEMBER + 'signature = "draw(x)"\nbecomes = "self.get_nonce(connection=x)"\n',
        "system[1].member[1].becomes: 'connection' is no parameter of get_nonce; did you mean"
        " 'connection_id'?",
    ),
    "a parameter that the packaged manager calls otherwise": (
        PACKAGED_MEMBER + 'signature = "draw(lane)"\nbecomes = "self.get_nonce(lane)"\n',
        "system[1].member[1].becomes: 'lane' by position is 'connection_id' of get_nonce, and a"
        " caller may give it by name: write connection_id=lane in becomes, if that is what",
    ),
    "an argument too many for the packaged manager": (
        PACKAGED_MEMBER + 'signature = "draw(connection_id, x)"\n'
        'becomes = "self.get_nonce(connection_id, x)"\n',
        "system[1].member[1].becomes: 'x' is one argument more than get_nonce takes",
    ),
    "an argument that the packaged manager needs": (
        PACKAGED_MEMBER + 'signature = "draw(count)"\n'
        'becomes = "self.get_batch_nonces(count=count)"\n',
        "system[1].member[1].becomes: get_batch_nonces needs 'connection_id', which",
    ),
    "a method that becomes a coroutine": (
        PACKAGED_MEMBER + 'signature = "draw()"\nbecomes = "self.get_nonce_async()"\n',
        "system[1].member[1].becomes: 'self.get_nonce_async()' is a coroutine, and draw a plain"
        " method here; if that is right, give coroutine = true",
    ),
    "a coroutine that becomes a method": (
        PACKAGED_MEMBER + 'signature = "draw()"\nbecomes = "self.get_nonce()"\ncoroutine = true\n',
        "system[1].member[1].becomes: 'self.get_nonce()' is a plain method, and draw a coroutine",
    ),
    "no TOML": ("name = \n", "not valid TOML: "),
    "a key twice": (HEAD + HEAD, "not valid TOML: "),
    "brackets without end": ("a = " + "[" * 5000, "not valid TOML: "),
}


@pytest.mark.parametrize("case", ONE_PROBLEM)
def test_one_problem_is_one_line_that_says_where(tmp_path: Path, case: str) -> None:
    text, expected = ONE_PROBLEM[case]
    [problem] = problems(tmp_path, text)
    assert problem.startswith(expected)
    assert "\n" not in problem


def test_everything_wrong_is_listed_at_once(tmp_path: Path) -> None:
    text = """
        target = "not-a-module"
        shim = true
        [[system]]
        description = 3
        [[system]]
        module = "b"
        [[system.name]]
        signature = "Thing(a, b"
        [[system.member]]
        of = "Thing"
        signature = "f(a)"
        becomes = "self.g(b)"
        coroutine = "yes"
    """
    assert [problem.partition(":")[0] for problem in problems(tmp_path, text)] == [
        "name",
        "target",
        "system[1].module",
        "system[1].description",
        "system[2].name[1].signature",
        "system[2].member[1].coroutine",
        "system[2].member[1].becomes",
        "shim",
    ]


def test_places_in_a_pyproject_name_its_table(tmp_path: Path) -> None:
    text = '[tool.nonce-migrate]\nname = "n"\n[[tool.nonce-migrate.system]]\nmodule = "a"\n'
    [problem] = problems(tmp_path, text, "pyproject.toml")
    assert problem.startswith("tool.nonce-migrate.target: missing")


@pytest.mark.parametrize("text", ["", "tool = 1", "[tool]\nnonce-migrate = 2"])
def test_a_pyproject_without_the_table(tmp_path: Path, text: str) -> None:
    [problem] = problems(tmp_path, text, "pyproject.toml")
    assert problem == "has no table [tool.nonce-migrate]; put the profile there"


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_bytes(b'name = "n"\n# caf\xe9\n')
    with pytest.raises(ProfileError, match=r"p\.toml: not UTF-8: see line 2$"):
        load_profile(str(tmp_path / "p.toml"))


def test_no_such_file_or_profile() -> None:
    with pytest.raises(ProfileError) as caught:
        load_profile("krakn")
    assert str(caught.value) == (
        "krakn: no such file, and no packaged profile of that name (there is: kraken)"
    )


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_names_that_no_file_can_have(name: str) -> None:
    with pytest.raises(ProfileError, match="cannot be read: "):
        load_profile(name)


def test_a_folder_is_no_profile(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="cannot be read: Is a directory"):
        load_profile(str(tmp_path))

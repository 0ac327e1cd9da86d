"""Whatever a legacy module is made of, its shim compiles, loads and has its names."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nonce_migrate.profile.schema import Profile
from nonce_migrate.shims.build import build_shim

from .bots import make_profile

STATEMENTS = {
    "import os.path\n": "os",
    "from typing import (\n    Any,  # first\n    List as L,\n)\n": "Any L",
    "A = 1; B = [A]\n": "A B",
    "C: dict = {}\nC['x'] = 1\n": "C",
    "# about f\ndef f(old=None):\n    return Old(), manager_made_late\n": "f",
    "manager_made_late = Old(3)\n": "manager_made_late",
    "other = make()  # made\n": "other",
    "class Mine(Old):\n    '''Docs.'''\n": "Mine",
    "async def g():\n\tawait g()\n": "g",
    "@(lambda f: f)\ndef h(): ...\n": "h",
    "try:\n    import nowhere\nexcept ImportError:\n    nowhere = None\n": "nowhere",
    "if True:\n    D = 'a\\\n'\nelse:\n    E = 1\n": "D",
    "T = '''\n# no comment\nclass Old: pass\n'''\n": "T",
    "x = y = lambda: Old\n": "x y",
    "\x0cZ = 'é'\n": "Z",
    "print('side effect')\n": "",
    "class Old:\n    pass\n": "",
    "def make():\n    return Old()\n": "",
    "Old = make\n": "",
    "if __name__ == '__main__':\n    raise SystemExit\n": "",
    "'a string'\npass\n": "",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Profile]]:
    """A folder with a target, and a profile that moves `any_old` there."""
    folder = tmp_path_factory.mktemp("any")
    text = "class New:\n    def __init__(self, size=None): self.size = size\n"
    (folder / "any_new.py").write_text(text)
    profile = make_profile(
        folder,
        """
        name = "any"
        target = "any_new"
        [[system]]
        module = "any_old"
        [[system.name]]
        signature = "Old(size=1)"
        becomes = "New(size=size)"
        [[system.name]]
        signature = "make()"
        becomes = "New()"
        produces = "Old"
        """,
    )
    before = set(sys.modules)
    yield folder, profile
    for name in set(sys.modules) - before:
        del sys.modules[name]


@given(st.lists(st.sampled_from(sorted(STATEMENTS)), unique=True))
@settings(deadline=None)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_shim_of_any_module_loads_and_has_its_names(
    project: tuple[Path, Profile], statements: list[str]
) -> None:
    folder, profile = project
    paths = PurePosixPath("any_old.py"), PurePosixPath("any_new.py")
    shim = build_shim(profile, profile.systems[0], *paths, "".join(statements))
    space = {"__name__": "any_old", "__file__": str(folder / "any_old.py")}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(compile(shim.text, "any_old.py", "exec"), space)
    names = {name for statement in statements for name in STATEMENTS[statement].split()}
    assert names <= set(shim.kept_names)
    for name in names:
        assert name in space or space["__getattr__"](name) is not None  # type: ignore[operator]
    assert space["Old"](size=4).size == 4  # type: ignore[operator]
    assert isinstance(space["make"](), space["Old"])  # type: ignore[operator, arg-type]
    assert len(shim.dropped) == sum(
        statement.startswith(("print", "if __name__")) for statement in statements
    )

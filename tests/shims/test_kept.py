"""What a legacy module had besides its nonce names stays importable, as exact text."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from nonce_migrate.shims.build import build_shim
from nonce_migrate.shims.shim import Shim

from .bots import Bot, make_profile

Build = Callable[[str], Shim]

PROFILE = """
    name = "small"
    target = "pkg.new"
    [[system]]
    module = "pkg.old"
    [[system.name]]
    signature = "Old(size=1)"
    becomes = "New(length=size)"
    [[system.name]]
    signature = "make()"
    becomes = "create()"
    produces = "Old"
    [[system.name]]
    signature = "OldError"
    becomes = "NewError"
    [[system.member]]
    of = "Old"
    signature = "draw()"
    becomes = "int(self.draw())"
"""

TARGET = """
class NewError(Exception): pass
class New:
    made = 0
    def __init__(self, length=None):
        New.made += 1
        self.length = length
    def draw(self):
        return "7"
def create():
    return New()
"""


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Builds and writes the shim of `pkg/old.py` beside its target."""
    profile = make_profile(tmp_path, PROFILE)
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/new.py").write_text(TARGET, encoding="utf-8")

    def build_it(source: str) -> Shim:
        paths = PurePosixPath("pkg/old.py"), PurePosixPath("pkg/new.py")
        shim = build_shim(profile, profile.systems[0], *paths, textwrap.dedent(source))
        (tmp_path / "pkg/old.py").write_text(shim.text, encoding="utf-8")
        return shim

    return build_it


@pytest.fixture
def run(tmp_path: Path) -> Callable[[str], str]:
    """Runs code beside that package."""
    return lambda code: Bot(tmp_path).run(code)


def test_everything_else_stays_importable(build: Build, run: Callable[[str], str]) -> None:
    shim = build('''
        # coding: utf-8
        """Docs."""
        from __future__ import annotations
        import os, sys
        from typing import TYPE_CHECKING, Optional
        from math import *
        if TYPE_CHECKING:
            from decimal import Decimal
        try:
            import surely_missing as fast
        except ImportError:
            fast = None
        __all__ = ["Old", "LIMIT"]
        LIMIT = 5; OTHER: int = 6  # both
        TABLE = {}
        TABLE["a"] = 1
        TABLE.update(b=2)
        class Old:
            pass
        # Above the helper.
        def helper(n: Undefined = 2) -> Optional[Old]:
            """Text with
            two lines."""
            return n * LIMIT
        @staticmethod
        def decorated(): return Old()
        class Sub(Old):
            pass
        alias = Old
        a = b = (c := 3)
        [d, *rest] = 1, 2, 3
        for step in (1, 2):
            last = step
        def make(): ...
    ''')
    expected = (
        "os sys TYPE_CHECKING Optional Decimal fast LIMIT OTHER TABLE helper decorated Sub alias "
        "a b c d rest step last"
    )
    assert set(shim.kept_names) == set(expected.split())
    assert shim.dropped == ()
    assert "# Above the helper.\ndef helper(n: Undefined = 2) -> Optional[Old]:" in shim.text
    run("""
        import pkg.old as old
        assert (old.LIMIT, old.OTHER, old.TABLE) == (5, 6, {"a": 1, "b": 2})
        assert old.helper() == 10 and old.sqrt(4) == 2 and old.fast is None
        assert old.alias is old.Old and issubclass(old.Sub, old.Old)
        assert old.Sub(3).draw() == 7 and old.Old().size == 1
        assert (old.a, old.b, old.c, old.d, old.rest, old.last) == (3, 3, 3, 1, [2, 3], 2)
        names = {}
        exec("from pkg.old import *", names)
        assert {"Old", "LIMIT"} <= set(names) and "helper" not in names
    """)


def test_side_effects_are_dropped_and_listed(build: Build, run: Callable[[str], str]) -> None:
    shim = build("""
        import atexit, logging, os, sys
        sys.path.insert(0, "here")
        if "there" not in sys.path:
            sys.path.append("there")
        logging.basicConfig(level=10)
        logger = logging.getLogger(__name__)
        # why
        logger.addHandler(logging.FileHandler("old.log"))
        atexit.register(print, "bye")
        os.environ["NONCE"] = "1"
        if not logger.handlers:
            print("loaded")
        for _ in range(2):
            print("loaded")
        print("a" * 100000, "b" * 100000, "c" * 100000, "d" * 1000000, "e" * 1000000, "f")
        assert logger
        if __name__ == "__main__":
            print("main")
    """)
    shown = [line.partition(": ") for line in shim.dropped]
    assert [number for number, _, _ in shown] == [
        f"line {n}" for n in (6, 9, 10, 11, 12, 14, 16, 17, 18)
    ]
    assert shown[1][2] == 'logger.addHandler(logging.FileHandler("old.log"))'
    assert shown[-1][2] == 'if __name__ == "__main__":'
    assert all(len(text) <= 80 for _, _, text in shown)
    printed = run("""
        import sys, pkg.old as old
        assert "here" in sys.path and "there" in sys.path and old.logger.name == "pkg.old"
    """)
    assert printed == ""


def test_the_modules_own_objects_are_made_when_asked_for(
    build: Build, run: Callable[[str], str]
) -> None:
    shim = build("""
        import logging
        def Old(): ...
        manager = Old(
            4,  # size
        )
        second: Old = make()
        handler = logging.FileHandler("old.log")
        missing = None
    """)
    assert set(shim.kept_names) == {"logging", "manager", "second", "handler", "missing"}
    run("""
        import os, warnings
        warnings.simplefilter("error")
        import pkg.old as old
        from pkg.new import New
        assert New.made == 0 and not os.path.exists("old.log")
        warnings.simplefilter("always")
        with warnings.catch_warnings(record=True) as records:
            from pkg.old import manager
        assert [r.filename for r in records] == [__file__]
        assert manager is old.manager and manager.draw() == 7 and manager.size == 4
        assert isinstance(old.second, old.Old) and New.made == 2
        names = {}
        exec("from pkg.old import *", names)
        assert {"manager", "second", "handler", "logging", "Old"} <= set(names)
        try:
            old.nothing
        except AttributeError as error:
            assert str(error) == "module 'pkg.old' has no attribute 'nothing'"
        else:
            raise AssertionError
    """)


def test_an_object_that_kept_code_needs_is_made_without_a_warning(
    build: Build, run: Callable[[str], str]
) -> None:
    build("""
        manager = Old()
        def draw():
            return manager.draw() + helper().draw()
        def helper():
            return make()
        def __getattr__(name):
            return name
        extra = Old()
    """)
    run("""
        import warnings
        warnings.simplefilter("error")
        import pkg.old as old
        warnings.simplefilter("ignore")
        assert old.draw() == 14
        assert old.anything == "anything" and old.extra.draw() == 7
    """)


def test_the_shims_names_win_over_kept_statements(build: Build, run: Callable[[str], str]) -> None:
    shim = build("""
        try:
            from nowhere import OldError, helper
        except ImportError:
            class OldError(Exception): pass
            helper = 1
        Old, other = None, 2
    """)
    assert shim.kept_names == ("helper", "other")
    run("""
        import pkg.old as old, pkg.new as new
        assert old.OldError is new.NewError and old.Old(2).draw() == 7
        assert (old.helper, old.other) == (1, 2)
    """)


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_of_the_source_do_not_matter(build: Build, newline: str) -> None:
    source = '"""Docs."""\nTEXT = """a\nb"""\n\n\ndef helper():\n    return 1\n'
    assert build(f"\ufeff{source.replace(chr(10), newline)}") == build(source)
    assert "\r" not in build(source.replace("\n", newline)).text


def test_a_source_that_does_not_parse_is_said(build: Build, run: Callable[[str], str]) -> None:
    shim = build("x = 1\nprint 'python 2'\n")
    assert shim.kept_names == () and len(shim.dropped) == 1
    assert shim.dropped[0].startswith("line 2: nothing of the old module is kept: syntax error")
    run("import pkg.old; assert pkg.old.make().draw() == 7")


def test_a_statement_that_kept_code_builds_on_is_kept(
    build: Build, run: Callable[[str], str]
) -> None:
    shim = build("""
        for name in ("a", "b"):
            print(end="")
        LAST = name
    """)
    assert shim.dropped == ()
    run("import pkg.old; assert pkg.old.LAST == 'b'")


def test_deleted_names_are_gone_but_the_shims_own_stay(
    build: Build, run: Callable[[str], str]
) -> None:
    shim = build("""
        def make(): ...
        step = LIMIT = 1
        del step
        del make
    """)
    assert shim.kept_names == ("LIMIT",) and shim.dropped == ("line 5: del make",)
    run("import pkg.old; assert not hasattr(pkg.old, 'step') and pkg.old.make().draw() == 7")

from __future__ import annotations

import ast

import pytest

from nonce_migrate.profile.load import load_profile
from nonce_migrate.resolve.lookups import lookup_at
from nonce_migrate.resolve.modules import ModuleIndex
from nonce_migrate.resolve.project import ParsedModule, Project
from nonce_migrate.source import decode

HOME = "src/utils/kraken_nonce_manager.py"


def found(text: str) -> str | None:
    """The module that the last expression of a text looks up."""
    module = ParsedModule(decode("bot.py", text.encode()))
    profile = load_profile("kraken")
    project = Project(profile, ModuleIndex(("bot.py", HOME), profile), lambda _: None)
    last = module.tree.body[-1]
    assert isinstance(last, ast.Expr)
    lookup = lookup_at(project, module, last.value)
    return lookup.found.module if lookup else None


@pytest.mark.parametrize(
    "text",
    [
        "from importlib import import_module as load\nload({})",
        "import importlib as i\ni.import_module(name={})",
        "from sys import modules as known\nknown.get({})",
        "import sys\nregistry = sys.modules\nregistry[{}]",
        "__import__({})",
        "from builtins import __import__ as load\nload({})",
        "import importlib.util\nimportlib.util.find_spec({})",
        "from runpy import run_module as go\ngo(mod_name={})",
        "import importlib\nimportlib.ｉｍｐｏｒｔ_module({})",
    ],
)
def test_a_lookup_is_one_under_whatever_name(text: str) -> None:
    assert found(text.format('"src.utils.kraken_nonce_manager"')) == HOME


@pytest.mark.parametrize("call", ["load({})", "import_module", "x.get({})", "known[{}]"])
def test_what_only_looks_like_one_is_none(call: str) -> None:
    text = call.format('"src.utils.kraken_nonce_manager"')
    assert found(f"from loaders import load\nknown = x = {{}}\n{text}") is None

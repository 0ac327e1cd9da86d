"""Looks for rogue nonces in a piece of code, as a file of a bot."""

from __future__ import annotations

from textwrap import dedent

from nonce_migrate.engine.rewriting import rewrite
from nonce_migrate.model import Finding
from nonce_migrate.profile import load_profile
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.rules.rogue.find import Rogues, find_rogues
from nonce_migrate.source import decode

TARGET = "src.utils.consolidated_nonce_manager"


def parsed(code: str, path: str = "src/kraken/client.py") -> ParsedModule:
    """The code as a module."""
    return ParsedModule(decode(path, dedent(code).encode()))


def looked(code: str, path: str = "src/kraken/client.py") -> Rogues:
    """Everything that is found in the code."""
    rogue = load_profile("kraken").rogue
    assert rogue is not None
    return find_rogues(parsed(code, path), rogue, lambda: TARGET)


def findings(code: str, path: str = "src/kraken/client.py") -> tuple[Finding, ...]:
    """The findings alone."""
    return looked(code, path).findings


def told(code: str, path: str = "src/kraken/client.py") -> list[str]:
    """`line level symbol` for each finding."""
    return [f"{f.line} {f.safety} {f.symbol}" for f in findings(code, path)]


def only(code: str) -> Finding:
    """The one finding."""
    (finding,) = findings(code)
    return finding


def unit(expression: str, imports: str = "import time, datetime, calendar, math") -> str:
    """What an expression counts when it stands under `nonce`."""
    return only(f"{imports}\ndata = {{'nonce': {expression}}}\n").symbol


def rewritten(code: str, path: str = "src/kraken/client.py") -> str:
    """The code after an unsafe run."""
    module = parsed(code, path)
    rogue = load_profile("kraken").rogue
    assert rogue is not None
    return rewrite(module, find_rogues(module, rogue, lambda: TARGET).intents).decode()

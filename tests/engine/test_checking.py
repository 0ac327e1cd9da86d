"""The gate and the scan answer alike, and looking at bytes first keeps nothing back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nonce_migrate.discover import Prefilter
from nonce_migrate.documents import CODE
from nonce_migrate.engine import Options, check, scan
from nonce_migrate.profile import load_profile
from tests.corpus.test_cases import NAMES, lay_out, read_case

BOT = Path(__file__).parents[2] / "fixtures" / "legacy_bot"


Place = tuple[str, int, int, str, str, str]


def imports_of(options: Options) -> tuple[list[Place], list[Place]]:
    """What the gate tells, and the imports among what the scan tells of code."""
    told: list[Place] = [
        (i.path, i.line, i.column, i.code, i.system, i.symbol) for i in check(options).imports
    ]
    scanned: list[Place] = [
        (f.path, f.line, f.column, f.code, f.system, f.symbol)
        for f in scan(replace(options, kinds=CODE)).findings
        if f.code.is_import
    ]
    return told, scanned


@pytest.mark.parametrize("name", NAMES)
def test_the_gate_finds_the_imports_that_a_scan_of_the_case_finds(
    name: str, tmp_path: Path
) -> None:
    told, scanned = imports_of(lay_out(read_case(name), tmp_path))

    assert told == scanned


def test_the_gate_finds_the_imports_that_a_scan_of_the_bot_finds() -> None:
    told, scanned = imports_of(Options(BOT, (BOT,), load_profile("kraken")))

    assert len(told) > 50
    assert told == scanned


def test_the_search_of_bytes_keeps_no_finding_back(monkeypatch: pytest.MonkeyPatch) -> None:
    options = Options(BOT, (BOT,), load_profile("kraken"))
    quick, gate = scan(options), check(options)
    monkeypatch.setattr(Prefilter, "may_refer", lambda self, data: True)

    assert scan(options) == quick
    assert check(options) == gate

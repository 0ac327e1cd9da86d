"""The gate and the scan answer alike, and looking at bytes first keeps nothing back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings

from nonce_migrate.discover import Prefilter
from nonce_migrate.documents.kinds import CODE, kind_of
from nonce_migrate.engine import Options, check, scan
from nonce_migrate.model import Code, Finding, LegacyImport, Safety, ScanResult
from nonce_migrate.profile import load_profile
from tests.corpus.test_cases import NAMES, lay_out, read_case
from tests.properties.programs import projects
from tests.properties.running import lay_out as lay_out_program
from tests.properties.stand_ins import LEGACY
from tests.properties.target import OTHERS

BOT = Path(__file__).parents[2] / "fixtures" / "legacy_bot"


Place = tuple[str, int, int, str, str, str]


def imports_of(options: Options) -> tuple[list[Place], list[Place]]:
    """What the gate tells, and the imports among what the scan tells of code."""
    scanned = scan(replace(options, kinds=CODE))
    return places(check(options).imports), places(f for f in scanned.findings if f.code.is_import)


def places(found: Iterable[LegacyImport | Finding]) -> list[Place]:
    return [(f.path, f.line, f.column, f.code, f.system, f.symbol) for f in found]


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


def test_the_search_of_bytes_keeps_no_finding_of_the_bot_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert_nothing_is_kept_back(Options(BOT, (BOT,), load_profile("kraken")), monkeypatch)


@pytest.mark.parametrize("name", NAMES)
def test_the_search_of_bytes_keeps_no_finding_of_a_case_back(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_nothing_is_kept_back(lay_out(read_case(name), tmp_path), monkeypatch)


def assert_nothing_is_kept_back(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the search every file is read, parsed and asked.

    More files can tell of more places that something unproven reaches; no edit may depend on them.
    """
    quick, gate = scan(options), check(options)
    in_code = (f for f in quick.findings if f.code.is_import and kind_of(f.path) in CODE)
    assert places(gate.imports) == places(in_code)
    with monkeypatch.context() as patched:
        patched.setattr(Prefilter, "may_refer", lambda self, data: True)
        assert _decisions(scan(options)) == _decisions(quick)
        unfiltered = check(options)
    assert unfiltered.imports == gate.imports
    # What cannot be parsed is told of where it could matter; without the search, that is anywhere.
    assert set(gate.unreadable) <= set(unfiltered.unreadable)


def _decision(finding: Finding) -> Finding:
    """A finding without its reasons, which name what was read of the rest."""
    return finding._replace(reason="", step="", why=())


@seed(0)
@settings(
    max_examples=60,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(files=projects())
def test_the_search_of_bytes_keeps_no_finding_of_a_random_program_back(
    files: dict[str, str],
) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as monkeypatch:
        root = Path(name).resolve() / "bot"
        lay_out_program(root, {**OTHERS, **LEGACY, **files})
        assert_nothing_is_kept_back(Options(root, (root,), load_profile("kraken")), monkeypatch)


def _decisions(result: ScanResult) -> list[object]:
    """What is decided of each finding, but for places that are only told of as unproven."""
    told = (Code.MEMBER_UNPROVEN, Safety.MANUAL)
    return [_decision(f) for f in result.findings if (f.code, f.safety) != told]

"""Every case of fixtures/cases: what is found, what becomes of it, and that it stays so."""

from __future__ import annotations

import shutil
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from nonce_migrate.engine import Options, plan, scan, write
from nonce_migrate.model import Finding, Safety
from nonce_migrate.plans import Plan
from nonce_migrate.profile import load_profile

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
NAMES = sorted(path.parent.name for path in CASES.glob("*/case.toml"))
WITH_UNSAFE = [name for name in NAMES if (CASES / name / "unsafe").is_dir()]


@dataclass(frozen=True)
class Case:
    """One case as its files say."""

    folder: Path
    findings: list[str]
    check: int
    profile: str
    legacy: bool
    unreadable: list[str]
    broken: list[str] | None


def read_case(name: str) -> Case:
    """Reads case.toml; an unknown key is an error, so that no expectation is lost by a typo."""
    folder = CASES / name
    table = tomllib.loads((folder / "case.toml").read_text("utf-8"))
    known = {"description", "findings", "check", "profile", "legacy", "unreadable", "broken"}
    assert table["description"] and not set(table) - known
    profile = str(folder / table["profile"]) if "profile" in table else "kraken"
    return Case(
        folder,
        table["findings"],
        table["check"],
        profile,
        table.get("legacy", True),
        table.get("unreadable", []),
        table.get("broken"),
    )


def lay_out(case: Case, root: Path) -> Options:
    """Copies the legacy modules and the case's project to `root`."""
    if case.legacy:
        shutil.copytree(CASES / "_legacy", root, dirs_exist_ok=True)
    shutil.copytree(case.folder / "before", root, dirs_exist_ok=True, symlinks=True)
    (root / "pyproject.toml").touch()
    profile = load_profile(case.profile)
    return Options(root, (root,), profile, vendor=False, shims=False)


def told(finding: Finding) -> str:
    """A finding as case.toml writes it."""
    where = f"{finding.path}:{finding.line}"
    return f"{where} {finding.code} {finding.system} {finding.symbol} {finding.safety}"


def contents(root: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    files = [p for p in root.rglob("*") if p.is_file() and ".nonce-migrate" not in p.parts]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("name", NAMES)
def test_case(name: str, tmp_path: Path) -> None:
    case = read_case(name)
    options = lay_out(case, tmp_path)
    before = contents(tmp_path)

    result = scan(options)
    own = [f for f in result.findings if (f.code, f.safety) != ("NM001", "safe")]
    assert [told(f) for f in own] == case.findings
    assert [u.path for u in result.unreadable] == case.unreadable
    if case.broken is not None:
        assert [f"{f.path}:{f.line}" for f in own if f.broken] == case.broken
    for finding in own:
        if finding.safety is Safety.MANUAL:
            assert finding.reason and finding.step, told(finding)
        else:
            assert finding.becomes, told(finding)
        if finding.safety is Safety.UNSAFE:
            assert finding.reason, told(finding)

    again = migrate(options, case.folder / "after", before)
    left = [f for f in again.scan.findings if f.code.is_import]
    assert (1 if left else 0) == case.check


@pytest.mark.parametrize("name", WITH_UNSAFE)
def test_case_with_unsafe_edits(name: str, tmp_path: Path) -> None:
    case = read_case(name)
    options = replace(lay_out(case, tmp_path), accept=Safety.UNSAFE)
    own = [f for f in scan(options).findings if f.code != "NM001"]
    assert [told(f) for f in own] == case.findings, "the levels do not depend on what is accepted"
    migrate(options, case.folder / "unsafe", contents(tmp_path))


def migrate(options: Options, expected: Path, before: dict[str, bytes]) -> Plan:
    """Applies and compares with the files of a folder; gives the plan of a second run."""
    made = plan(options)
    assert contents(options.root) == before, "planning must write nothing"
    assert made.refusals == ()
    write(made)
    after = contents(expected) if expected.is_dir() else {}
    assert contents(options.root) == {**before, **after}
    assert all(before[path] != after[path] for path in after), "it holds an unchanged file"
    again = plan(options)
    assert again.changes == ()
    return again


def test_there_are_enough_cases_that_must_change_nothing() -> None:
    untouched = [name for name in NAMES if not (CASES / name / "after").is_dir()]
    assert len(NAMES) >= 200
    assert len(untouched) * 2 >= len(NAMES)
    assert WITH_UNSAFE

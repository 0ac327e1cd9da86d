"""A legacy call gives the same through the shim and as the migration rewrites it.

The same means: the same results of the same types, the same arguments evaluated in the same order,
as many nonces drawn and the same one next, and a warning at the caller's line from the shim alone.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings

from nonce_migrate.engine import Options, plan, write
from nonce_migrate.model import Safety
from nonce_migrate.plans import ChangeKind, Plan
from nonce_migrate.profile.schema import NameKind
from tests.properties import forking
from tests.properties.legacy_calls import KRAKEN, Row, one_row_each, programs

EXAMPLES = max(60, int(os.environ.get("NONCE_MIGRATE_EXAMPLES", "0")) // 10)
# One worker, so that its programs do not meet.
pytestmark = pytest.mark.xdist_group("shims_agree")
BOT = Path(__file__).parents[2] / "fixtures" / "legacy_bot"
HELPER = """
TOLD = []


def said(value):
    TOLD.append(["said", value])
    return value


def tell(call):
    try:
        TOLD.append(call())
    except Exception as error:
        TOLD.append(error)


class Socket:
    async def send(self, text):
        TOLD.append(text)

    async def close(self):
        TOLD.append("closed")
"""


@dataclass
class Twins:
    """A legacy bot to plan in, and the same with its shims and the manager to run programs in."""

    legacy: Path
    migrated: Path
    worker: subprocess.Popen[str]

    def plan(self, text: str) -> Plan:
        """What the migration makes of a program."""
        (self.legacy / "client.py").write_text(text, "utf-8")
        return plan(Options(self.legacy, (self.legacy,), KRAKEN, vendor=False, shims=False))

    def run(self, text: str) -> dict[str, object]:
        """What a program does over the shims and the manager."""
        program = self.migrated / "client.py"
        program.write_text(text, "utf-8")
        assert self.worker.stdin and self.worker.stdout
        self.worker.stdin.write(f"{program}\n")
        self.worker.stdin.flush()
        answer: dict[str, object] = json.loads(self.worker.stdout.readline())
        assert "failed" not in answer, f"{text}\n{answer['failed']}"
        return answer


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    root = tmp_path_factory.mktemp("twins").resolve()
    legacy, migrated = root / "legacy", root / "migrated"
    for folder in (legacy, migrated):
        for system in KRAKEN.systems:
            path = Path(*system.module.split(".")).with_suffix(".py")
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(BOT / path, folder / path)
        (folder / "helper.py").write_text(HELPER, "utf-8")
    made = plan(Options(migrated, (migrated,), KRAKEN))
    assert {change.kind for change in made.changes} >= {ChangeKind.SHIM, ChangeKind.MANAGER}
    write(made)
    with subprocess.Popen(
        [sys.executable, forking.__file__, str(migrated)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as worker:
        yield Twins(legacy, migrated, worker)
        assert worker.stdin
        worker.stdin.close()


def assert_agree(twins: Twins, text: str) -> Plan:
    """Runs a program as it is and as it is rewritten; gives the plan of the rewriting."""
    made = twins.plan(text)
    assert made.refusals == ()
    after = next((c.after.decode() for c in made.changes if c.path == "client.py"), text)
    shim, new = twins.run(text), twins.run(after)
    message = f"{text}\n--- becomes\n{after}"
    for what in ("told", "drawn", "next"):
        assert shim[what] == new[what], f"{what} differs\n{message}"
    client = str(twins.migrated / "client.py")
    warned = {tuple(warning) for warning in shim["warned"]}  # type: ignore[attr-defined]
    reached = [n for n in warning_lines(text) if shim["ended"] is None or n <= shim["ended"]]  # type: ignore[operator]
    assert warned == {("DeprecationWarning", client, line) for line in reached}, message
    findings = [f for f in made.scan.findings if f.path == "client.py"]
    if all(finding.safety is Safety.SAFE for finding in findings):
        assert new["warned"] == [], message
    return made


def warning_lines(text: str) -> set[int]:
    """The lines of a program that call a legacy name which the shim warns of."""
    lines = set()
    symbols = {name: s for system in KRAKEN.systems for name, s in system.symbols.items()}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            function = node.func.value if isinstance(node.func, ast.Attribute) else node.func
            symbol = symbols.get(getattr(function, "id", ""))
            if symbol and symbol.kind in (NameKind.CLASS, NameKind.FUNCTION):
                lines.add(node.lineno)
    return lines


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(text=programs())
def test_programs_agree(twins: Twins, text: str) -> None:
    assert_agree(twins, text)


@pytest.mark.parametrize("row", list(one_row_each()), ids=lambda row: row.name)
def test_every_row_agrees(twins: Twins, row: Row) -> None:
    """At least one call of each row is rewritten in full, and agrees then."""
    is_made: list[bool] = []

    @seed(1)
    @settings(max_examples=3, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(text=programs([row]))
    def some(text: str) -> None:
        made = assert_agree(twins, text)
        findings = [f for f in made.scan.findings if f.path == "client.py"]
        is_made.append(all(finding.safety is Safety.SAFE for finding in findings))

    some()
    assert any(is_made)

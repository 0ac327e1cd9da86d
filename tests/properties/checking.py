"""What must hold of every project that is planned and written."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hypothesis import assume

from nonce_migrate.engine import Options, plan, write
from nonce_migrate.model import Safety
from nonce_migrate.plans import Plan
from nonce_migrate.profile import load_profile
from tests.properties.running import lay_out, output
from tests.properties.stand_ins import LEGACY
from tests.properties.target import OTHERS

KRAKEN = load_profile("kraken")


@dataclass(frozen=True, slots=True)
class Checked:
    """A project before and after, with what it printed."""

    made: Plan
    before: str
    after: str

    @property
    def is_all_safe(self) -> bool:
        """Whether nothing is left to a person."""
        return all(finding.safety is Safety.SAFE for finding in self.made.scan.findings)


def options(root: Path) -> Options:
    """Rewrites only: the legacy modules and the target are the project's own."""
    return Options(root, (root,), KRAKEN, vendor=False, shims=False)


def check(root: Path, files: Mapping[str, str]) -> Checked:
    """Migrates a project in `root`, and asserts all that must hold whatever it is.

    files: path -> text of all but the legacy modules, the target and the helpers.
    """
    lay_out(root, {**OTHERS, **LEGACY, **files})
    before = output(root)
    # A circular import can go, or a failing one succeed, by whatever a moved import loads.
    assume("ImportError" not in before and "ModuleNotFoundError" not in before)
    made = plan(options(root))
    assert made.refusals == (), made.refusals
    for change in made.changes:
        assert change.before is not None
        assert_only_statements_changed(made, change.path, change.before, change.after)
    write(made)
    after = output(root)
    assert after == before, "it prints something else"
    assert plan(options(root)).changes == (), "a second run changes something"
    checked = Checked(made, before, after)
    if checked.is_all_safe:
        for path in LEGACY:
            (root / path).unlink()
        assert output(root) == before, "it needs a legacy module still"
    return checked


def assert_same_in_other_bytes(
    root: Path, files: Mapping[str, str], made: Plan, mark: bytes, newline: bytes
) -> None:
    """Other line ends, or a byte order mark, change nothing but themselves in the result."""
    wanted = {change.path: change.after for change in made.changes}
    own = {p: mark + t.encode().replace(b"\n", newline) for p, t in files.items()}
    lay_out(root, {**OTHERS, **LEGACY, **own})
    other = plan(options(root))
    assert other.refusals == ()
    assert {change.path for change in other.changes} == set(wanted)
    for change in other.changes:
        expected = mark + wanted[change.path].replace(b"\n", newline)
        assert change.after == expected, f"{change.path} differs with {mark!r} {newline!r}"


def assert_only_statements_changed(made: Plan, path: str, before: bytes, after: bytes) -> None:
    """Every line that changed belongs to a statement with a safe finding."""
    lines = {f.line for f in made.scan.findings if f.path == path and f.safety is Safety.SAFE}
    allowed: set[int] = set()
    for first, last in _statements(before):
        if any(first <= line <= last for line in lines):
            allowed |= set(range(first, last + 1))
    old, new = before.splitlines(), after.splitlines()
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for kind, start, end, _, _ in matcher.get_opcodes():
        if kind == "insert":
            assert {start, start + 1} & allowed, f"{path}:{start}: lines came out of nothing"
        elif kind != "equal":
            changed = set(range(start + 1, end + 1))
            assert changed <= allowed, f"{path}: lines {sorted(changed - allowed)} changed"


def _statements(text: bytes) -> Iterator[tuple[int, int]]:
    """First and last line of each simple statement, and of the head of each compound one."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = node.end_lineno or node.lineno
            first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
            if isinstance(body, list) and body:
                last = max(first, body[0].lineno - 1)
            yield first, last
        elif isinstance(node, ast.match_case):
            yield node.pattern.lineno, node.body[0].lineno - 1
        elif isinstance(node, ast.ExceptHandler):
            yield node.lineno, node.body[0].lineno - 1

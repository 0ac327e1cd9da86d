"""A place in a case of the corpus, as the tool sees it and as it leaves it."""

from __future__ import annotations

import difflib
import shutil
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from nonce_migrate.engine import Options, scan
from nonce_migrate.model import Code, Finding, Safety
from nonce_migrate.profile import load_profile

CASES = Path(__file__).resolve().parents[2] / "fixtures" / "cases"
_LANGUAGES = {".py": "python", ".pyi": "python", ".sh": "sh", ".json": "json", ".toml": "toml"}


@dataclass(frozen=True, slots=True)
class Example:
    """The first finding of a code and level in a case, and its file before and after.

    text: a diff of the whole file where it is edited, else the file as it is and stays.
    """

    case: str
    description: str
    path: str
    line: int
    symbol: str
    becomes: str
    reason: str
    broken: str
    step: str
    text: str
    is_diff: bool

    @property
    def language(self) -> str:
        """What a Markdown fence calls the file's language, "" where it has no name."""
        return _LANGUAGES.get(Path(self.path).suffix, "")

    @property
    def fence(self) -> str:
        """A fence that nothing in the text ends."""
        return "````" if "```" in self.text else "```"


def make_example(case: str, code: Code, safety: Safety) -> Example:
    """The example that a case gives. Raises LookupError where it has no such finding."""
    folder = CASES / case
    table = tomllib.loads((folder / "case.toml").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as name:
        root = Path(name).resolve()
        finding = _first(_findings(folder, table, root), code, safety, case)
        before = (root / finding.path).read_text("utf-8")
    after = _after(folder, finding.path, safety)
    text = before if after is None else _diff(before, after)
    return Example(
        case=case,
        description=table["description"],
        path=finding.path,
        line=finding.line,
        symbol=finding.symbol,
        becomes=finding.becomes,
        reason=finding.reason,
        broken=finding.broken,
        step=finding.step,
        text=text if text.endswith("\n") else text + "\n",
        is_diff=after is not None,
    )


def _findings(folder: Path, table: dict[str, str], root: Path) -> tuple[Finding, ...]:
    if table.get("legacy", True):
        shutil.copytree(CASES / "_legacy", root, dirs_exist_ok=True)
    shutil.copytree(folder / "before", root, dirs_exist_ok=True)
    (root / "pyproject.toml").touch()
    profile = load_profile(str(folder / table["profile"]) if "profile" in table else "kraken")
    return scan(Options(root, (root,), profile, vendor=False, shims=False, jobs=1)).findings


def _first(findings: tuple[Finding, ...], code: Code, safety: Safety, case: str) -> Finding:
    for finding in findings:
        if (finding.code, finding.safety) == (code, safety):
            return finding
    raise LookupError(f"{case}: no {safety} finding of {code}")


def _after(folder: Path, path: str, safety: Safety) -> str | None:
    """The file as a run leaves it that makes edits of that level, None where it is not edited."""
    if safety is Safety.MANUAL:
        return None
    places = [folder / "after"] if safety is Safety.SAFE else [folder / "unsafe", folder / "after"]
    for place in places:
        if (place / path).is_file():
            return (place / path).read_text("utf-8")
    return None


def _diff(before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(True), after.splitlines(True), n=100)
    return "".join(line for line in lines if not line.startswith(("---", "+++", "@@")))

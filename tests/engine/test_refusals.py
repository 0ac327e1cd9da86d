"""A file that fails its proof stays, and so does what hangs on it: the rest still works."""

from __future__ import annotations

from pathlib import Path

import pytest

from nonce_migrate.engine import Options, plan, rewrites, write
from nonce_migrate.engine.rewriting import rewrite
from nonce_migrate.errors import ProjectError
from nonce_migrate.profile import load_profile
from nonce_migrate.resolve.project import ParsedModule

_LEGACY = "src/utils/unified_kraken_nonce_manager.py"
_IMPORT = "from src.utils.unified_kraken_nonce_manager import UnifiedKrakenNonceManager\n"
_FILES = {
    "pyproject.toml": "",
    _LEGACY: "class UnifiedKrakenNonceManager:\n    pass\n",
    "src/hub.py": f"{_IMPORT}__all__ = ['UnifiedKrakenNonceManager']\n",
    "src/client.py": "from src.hub import UnifiedKrakenNonceManager\nUnifiedKrakenNonceManager()\n",
    "src/alone.py": f"{_IMPORT}UnifiedKrakenNonceManager()\n",
}


@pytest.fixture
def options(tmp_path: Path) -> Options:
    for name, text in _FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Options(tmp_path, (tmp_path,), load_profile("kraken"))


def test_without_a_fault_all_are_written(options: Options) -> None:
    made = plan(options)
    assert {c.path for c in made.changes} >= {"src/hub.py", "src/client.py", "src/alone.py"}
    assert made.refusals == ()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (lambda text: text.replace(b"import Con", b"import sin as Con"), "import sin from"),
        (lambda text: text.replace(b" import Con", b" import X, Con"), "import X from"),
        (lambda text: text.partition(b"\n")[2], "list ConsolidatedNonceManager in __all__"),
        (lambda text: text + b"import src.utils.unified_kraken_nonce_manager\n", "second run"),
    ],
)
def test_a_fault_of_ours_keeps_the_file_and_its_clients(
    options: Options, monkeypatch: pytest.MonkeyPatch, fault: object, said: str
) -> None:
    """Only dropping src/hub.py would leave src/client.py with an import that fails."""

    def faulty(module: ParsedModule, intents: object) -> bytes:
        after = rewrite(module, intents)  # type: ignore[arg-type]
        if module.path != "src/hub.py":
            return after
        broken: bytes = fault(after)  # type: ignore[operator]
        return broken

    monkeypatch.setattr(rewrites, "rewrite", faulty)
    made = plan(options)
    changed = {change.path for change in made.changes}
    assert not {"src/hub.py", "src/client.py"} & changed
    assert {"src/alone.py", _LEGACY} <= changed
    assert [refusal.path for refusal in made.refusals] == ["src/hub.py"]
    assert said in made.refusals[0].reason
    assert "please report it with this file" in made.refusals[0].reason
    assert {finding.path for finding in made.remaining} >= {"src/hub.py", "src/client.py"}


def test_an_edit_made_while_it_was_planned_is_not_written_over(
    options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = options.root / "src/alone.py"

    def slow(module: ParsedModule, intents: object) -> bytes:
        if module.path == "src/alone.py":
            place.write_text(f"{_IMPORT}print('edited meanwhile')\n")
        return rewrite(module, intents)  # type: ignore[arg-type]

    monkeypatch.setattr(rewrites, "rewrite", slow)
    made = plan(options)
    with pytest.raises(ProjectError, match="changed while it was looked at"):
        write(made)
    assert "edited meanwhile" in place.read_text()

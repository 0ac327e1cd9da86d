"""Documents on the command line: what counts, what is written, and what is left."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.running import run
from tests.documents.notebooks import notebook, sources

_IMPORT = "from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager\n"
_NEW = "from src.utils.consolidated_nonce_manager import get_nonce_manager\n"
_PAGE = f"# Bot\n\n```python\n{_IMPORT}```\n"


def test_check_counts_notebooks_and_stubs(clean: Path) -> None:
    (clean / "explore.ipynb").write_bytes(notebook(_IMPORT))
    (clean / "bot.pyi").write_text(_IMPORT)
    done = run(clean, "check")

    assert done.returncode == 1
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == ["bot.pyi", "explore.ipynb"]


def test_check_does_not_count_pages_and_configuration(clean: Path) -> None:
    (clean / "README.md").write_text(_PAGE)
    (clean / "bot.yaml").write_text("a: src.utils.unified_kraken_nonce_manager\n")

    assert run(clean, "check").returncode == 0
    assert run(clean, "check", "README.md").returncode == 0


def test_scan_of_one_document(bot: Path) -> None:
    (bot / "README.md").write_text(_PAGE)
    (bot / "OTHER.md").write_text(_PAGE)
    lines = run(bot, "scan", "README.md").stdout.splitlines()

    assert lines[0].startswith("README.md:4:52: NM101 safe import get_unified_nonce_manager")
    assert "1 finding in 1 of 1 file" in lines


def test_apply_writes_documents_and_a_second_run_finds_nothing_to_do(bot: Path) -> None:
    (bot / "README.md").write_text(_PAGE)
    (bot / "explore.ipynb").write_bytes(notebook([_IMPORT, "get_unified_nonce_manager()"]))

    assert run(bot, "apply").returncode == 0
    assert (bot / "README.md").read_text() == _PAGE.replace(_IMPORT, _NEW)
    [source] = sources((bot / "explore.ipynb").read_bytes())
    assert source == _NEW + "get_nonce_manager()"
    assert run(bot, "apply").stdout.startswith("Nothing to change")
    assert run(bot, "check").returncode == 0


def test_apply_of_one_path_leaves_documents_elsewhere(bot: Path) -> None:
    (bot / "README.md").write_text(_PAGE)

    assert run(bot, "apply", "src").returncode == 0
    assert (bot / "README.md").read_text() == _PAGE


def test_a_finding_in_a_notebook_says_which_cell(bot: Path) -> None:
    (bot / "explore.ipynb").write_bytes(notebook("x = 1", _IMPORT))
    found = json.loads(run(bot, "scan", "explore.ipynb", "--format", "json").stdout)["findings"]

    assert [(f["line"], f["why"][0]) for f in found] == [(13, "explore.ipynb:13: in cell 2")]


def test_a_broken_notebook_is_listed(bot: Path) -> None:
    (bot / "explore.ipynb").write_bytes(notebook(_IMPORT)[:-20])
    done = run(bot, "check")

    assert "explore.ipynb:" in done.stderr
    assert "not a notebook" in done.stderr

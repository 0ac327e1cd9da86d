from __future__ import annotations

import json
import re
from pathlib import Path

from tests.cli.running import run, run_python

_LINE = re.compile(r"^[^:]+:\d+:\d+: NM1\d\d .+")


def test_a_legacy_import_fails_with_its_line_and_the_replacement(bot: Path) -> None:
    done = run(bot, "check")

    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines and all(_LINE.match(line) for line in lines)
    assert lines[0].startswith("src/rest.py:1:")
    assert "src.utils.consolidated_nonce_manager" in lines[0]
    assert "1 legacy import in 1 of " in done.stderr
    assert "`nonce-migrate scan` tells what becomes of each" in done.stderr


def test_lines_are_sorted(stubborn_bot: Path) -> None:
    lines = run(stubborn_bot, "check").stdout.splitlines()

    assert [line.partition(":")[0] for line in lines] == ["src/jump.py", "src/rest.py"]


def test_a_clean_project_passes(clean: Path) -> None:
    done = run(clean, "check")

    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.endswith("\nNo legacy imports in 1 Python file.\n")


def test_a_check_that_passes_for_want_of_any_module_says_so(clean: Path, bot: Path) -> None:
    warning = "warning: no module of the profile kraken is in this project, nor is its target"
    assert warning in run(clean, "check").stderr
    assert warning in run(clean, "check", "--format", "json").stderr
    assert "warning" not in run(bot, "check").stderr
    own = 'name = "own"\ntarget = "src.new"\n[[system]]\nmodule = "src.rset"\n'
    (bot / "own.toml").write_text(own + '[[system]]\nmodule = "src.clean"\n')
    scan = run(bot, "scan", "--profile", "own.toml")
    assert scan.stdout.endswith("\nnote: the profile's module src.rset is not in this project\n")


def test_a_legacy_module_alone_does_not_fail_it(bot: Path) -> None:
    (bot / "src/rest.py").unlink()

    assert run(bot, "check").returncode == 0


def test_paths_limit_the_gate(bot: Path) -> None:
    assert run(bot, "check", "src/clean.py").returncode == 0
    assert run(bot, "check", "src/clean.py", "src/rest.py").returncode == 1


def test_an_import_that_apply_leaves_is_no_promise(bot: Path) -> None:
    line = "from src.utils.unified_kraken_nonce_manager import nothing\n"
    (bot / "src/rest.py").write_text(line)
    done = run(bot, "check")

    assert done.returncode == 1
    assert "by hand, to src.utils.consolidated_nonce_manager" in done.stdout
    assert "apply" not in done.stderr


def test_json_tells_whether_it_passed(bot: Path, clean: Path) -> None:
    failed = json.loads(run(bot, "check", "--format", "json").stdout)
    passed = json.loads(run(clean, "check", "--format", "json").stdout)

    assert (failed["passed"], passed["passed"]) == (False, True)
    assert [finding["code"] for finding in failed["findings"]] == ["NM101"]


def test_unparsable_files_are_named_and_do_not_fail_it(clean: Path) -> None:
    (clean / "torn.py").write_text("x = 1\nimport unified_kraken_nonce_manager as\n")
    done = run(clean, "check")

    assert (done.returncode, done.stdout) == (0, "")
    assert "nonce-migrate: torn.py:2: not looked into: " in done.stderr


def test_a_check_that_finds_nothing_loads_neither_libcst_nor_rich(clean: Path) -> None:
    # A file that passes the search for words, so that resolving runs as well.
    (clean / "other.py").write_text("nonce_manager = None\nget_nonce = nonce_manager\n")
    code = (
        "import sys\n"
        "from nonce_migrate.cli import run\n"
        "assert run(['check']) == 0\n"
        "print([name for name in ('libcst', 'rich') if name in sys.modules])\n"
    )
    done = run_python(clean, code)

    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr

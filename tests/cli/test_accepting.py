"""Comments and per-file-ignores, as the commands follow them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import run

IMPORT = "from src.utils.unified_kraken_nonce_manager import get_unified_nonce_manager"
ACCEPT = "  # nonce-migrate: ignore[NM101] moves next week"


@pytest.fixture
def accepting(bot: Path) -> Path:
    """The bot, with its one import accepted."""
    file = bot / "src/rest.py"
    file.write_text(file.read_text().replace(IMPORT, IMPORT + ACCEPT))
    return bot


def test_an_accepted_import_passes_and_is_counted(accepting: Path) -> None:
    done = run(accepting, "check")

    assert (done.returncode, done.stdout) == (0, "")
    assert "1 finding accepted: comment 1." in done.stderr
    assert "2 findings accepted: comment 2" in run(accepting, "scan").stdout, "and its use"


def test_why_tells_of_an_accepted_place_what_accepts_it(accepting: Path) -> None:
    done = run(accepting, "scan", "--why", "src/rest.py:1")

    assert "NM101" in done.stdout
    assert "accepted by comment: moves next week" in done.stdout


def test_another_code_does_not_accept_it(accepting: Path) -> None:
    file = accepting / "src/rest.py"
    file.write_text(file.read_text().replace("[NM101]", "[NM102]"))
    done = run(accepting, "check")

    assert done.returncode == 1
    assert [line.split(": ")[1].split()[0] for line in done.stdout.splitlines()] == [
        "NM101",
        "NM702",
    ]
    assert "1 finding on what goes along with a migration" in done.stderr


def test_a_comment_that_is_left_behind_fails_the_gate_alone(bot: Path) -> None:
    """The file refers to nothing legacy any more: only a search for the comment finds it."""
    (bot / "src/rest.py").write_text(f"import json{ACCEPT}\n")
    done = run(bot, "check")

    assert done.returncode == 1
    assert done.stdout.startswith("src/rest.py:1:14: NM702 ")
    assert "nothing with the code NM101 is found there; delete the comment" in done.stdout
    assert run(bot, "check", "--ignore", "NM702").returncode == 0
    assert run(bot, "check", "src/clean.py").returncode == 0
    assert "NM702" in run(bot, "check", "--select", "NM5").stdout


def test_the_quick_check_does_not_judge_what_it_cannot_know(bot: Path) -> None:
    """It looks at imports alone; the full look of NM5 and of scan finds both comments idle."""
    (bot / "src/clean.py").write_text(
        "x = 1  # nonce-migrate: ignore[NM201] a\ny = 1  # nonce-migrate: ignore[NM] b\n"
    )
    assert "NM702" not in run(bot, "check").stdout
    assert run(bot, "scan").stdout.count("NM702") == 2
    # Rogue nonces were not looked for, so whether NM accepts one is not known.
    assert run(bot, "check", "--select", "NM2").stdout.count("NM702") == 1


def test_only_the_files_of_a_diff_are_judged(accepting: Path) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
    (accepting / "src/clean.py").write_text(f"import json{ACCEPT}\n")
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "bot"]):
        subprocess.run([*git, *words], cwd=accepting, check=True)
    assert run(accepting, "check", "--diff", "HEAD").returncode == 0
    with (accepting / "src/rest.py").open("a") as file:
        file.write(f"\nx = 1{ACCEPT}\n")
    done = run(accepting, "check", "--diff", "HEAD")

    assert done.returncode == 1
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == ["src/rest.py"]


def test_apply_leaves_the_place_and_its_comment(accepting: Path) -> None:
    (accepting / "src/other.py").write_text(f"{IMPORT}\n\nprint(get_unified_nonce_manager())\n")
    done = run(accepting, "apply", "--unsafe")

    assert done.returncode == 0, "what hangs on the accepted import alone is accepted with it"
    assert (accepting / "src/rest.py").read_text().startswith(IMPORT + ACCEPT)
    assert "get_nonce_manager()" in (accepting / "src/other.py").read_text()
    assert "1:52" not in done.stdout
    assert run(accepting, "check").returncode == 0
    assert "Nothing to change." in run(accepting, "apply").stdout


def test_an_edited_statement_keeps_its_comment_which_is_then_told(bot: Path) -> None:
    """The code is not the one that stands there, so it accepts nothing, before and after."""
    text = (bot / "src/rest.py").read_text()
    (bot / "src/rest.py").write_text(text.replace(IMPORT, f"{IMPORT}{ACCEPT}".replace("101", "3")))
    done = run(bot, "apply")

    assert done.returncode == 1
    assert "NM702" in done.stdout
    first = (bot / "src/rest.py").read_text().splitlines()[0]
    assert first == (
        "from src.utils.consolidated_nonce_manager import get_nonce_manager"
        "  # nonce-migrate: ignore[NM3] moves next week"
    )


def test_a_legacy_module_that_is_to_stay(bot: Path) -> None:
    file = bot / "src/utils/unified_kraken_nonce_manager.py"
    text = "# nonce-migrate: ignore[NM001] still read by the risk service\n" + file.read_text()
    file.write_text(text)
    done = run(bot, "apply")

    assert (done.returncode, file.read_text()) == (0, text)
    assert run(bot, "check").returncode == 0
    assert "1 finding accepted: comment 1" in run(bot, "scan").stdout


def test_codes_for_files_of_a_pattern(bot: Path) -> None:
    before = (bot / "src/rest.py").read_bytes()
    (bot / "nonce-migrate.toml").write_text('[per-file-ignores]\n"src/re*.py" = ["NM1", "NM2"]\n')
    done = run(bot, "check")

    assert done.returncode == 0
    assert "1 finding accepted: per-file-ignores 1." in done.stderr
    assert run(bot, "apply").returncode == 0
    assert (bot / "src/rest.py").read_bytes() == before
    document = json.loads(run(bot, "scan", "--format", "json").stdout)
    assert [f for f in document["findings"] if f["path"] == "src/rest.py"] == []
    assert [(a["code"], a["accepted_because"]) for a in document["accepted"]] == [
        ("NM101", "src/re*.py"),
        ("NM201", "src/re*.py"),
    ]


def test_wrong_patterns_and_codes(bot: Path) -> None:
    (bot / "nonce-migrate.toml").write_text('per-file-ignores = {"a[" = ["NM1"], b = ["X", 1]}\n')
    done = run(bot, "check")

    assert done.returncode == 2
    assert "per-file-ignores" in done.stderr
    assert "no finding code starts with 'X'" in done.stderr
    assert "per-file-ignores.b: entry 2 must be a string" in done.stderr

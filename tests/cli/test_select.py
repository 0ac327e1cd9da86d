"""--select and --ignore of scan and check."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import run, run_python

ROGUE = "import time\n\n\ndef kraken():\n    return {'nonce': int(time.time() * 1000)}\n"


def test_check_fails_on_imports_alone_unless_told_otherwise(clean: Path) -> None:
    (clean / "src").mkdir(exist_ok=True)
    (clean / "src/rogue.py").write_text(ROGUE)

    assert run(clean, "check").returncode == 0
    done = run(clean, "check", "--select", "NM1,NM5")
    assert done.returncode == 1
    assert done.stdout.startswith("src/rogue.py:5:22: NM501 unsafe rogue nonce clock in ms ")
    assert "\n1 finding in 1 of 2 Python files; " in done.stderr


def test_scan_lists_them_by_default(clean: Path) -> None:
    (clean / "rogue.py").write_text(ROGUE)

    assert "NM501 unsafe rogue nonce clock in ms" in run(clean, "scan").stdout
    assert "NM501" not in run(clean, "scan", "--ignore", "NM5").stdout


def test_select_and_ignore_together(bot: Path) -> None:
    (bot / "rogue.py").write_text(ROGUE)
    done = run(bot, "scan", "--select", "nm1, nm5", "--ignore", "NM101")

    codes = {line.split()[1] for line in done.stdout.splitlines() if ": NM" in line}
    assert codes == {"NM501"}


def test_unknown_codes_are_named_all_at_once(clean: Path) -> None:
    done = run(clean, "check", "--select", "NM1,NM510", "--ignore", "XX")

    assert done.returncode == 2
    assert "--select: no finding code starts with 'NM510'; did you mean NM501?" in done.stderr
    assert "--ignore: no finding code starts with 'XX'; possible: NM001, " in done.stderr


def test_nothing_left_to_look_for(clean: Path) -> None:
    done = run(clean, "scan", "--select", "NM5", "--ignore", "NM5")

    assert (done.returncode, done.stdout) == (2, "")
    assert "leave no code" in done.stderr


def test_check_does_not_parse_for_what_it_is_not_asked(clean: Path) -> None:
    """A file that only speaks of nonces costs the gate nothing, even where it does not parse."""
    (clean / "broken.py").write_text("nonce = (\n")

    assert "broken.py" not in run(clean, "check").stderr
    assert "broken.py:1: not looked into" in run(clean, "check", "--select", "NM5").stderr


def test_the_gate_loads_no_rule_for_what_it_is_not_asked(clean: Path) -> None:
    code = (
        "import sys\nfrom nonce_migrate.cli.app import run\nrun(['check'])\n"
        "print([m for m in sys.modules if m.startswith('nonce_migrate.rules.rogue')])\n"
    )
    assert run_python(clean, code).stdout.splitlines()[-1] == "[]"

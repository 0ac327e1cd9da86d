"""The shim of the emergency script does nothing."""

from __future__ import annotations

import warnings

from .bots import SCRIPT, Bot, kraken_shim


def test_every_function_and_method_warns_and_gives_true(bot: Bot) -> None:
    before = sorted(path.name for path in bot.root.rglob("*") if path.suffix == ".log")
    bot.run("""
        import asyncio, warnings
        warnings.simplefilter("ignore")
        import src.emergency_nonce_fix as script

        fix = script.EmergencyNonceFix("root", dry=True)
        calls = [script.main(), script.helper("x", y=1), fix.run_emergency_fix(), fix.whatever(1)]
        calls += [fix.create_backup("p"), script.EmergencyNonceFix.create_backup("p"), fix.ready]
        calls += [asyncio.run(fix.validate())]
        assert calls == [True] * 8
        with fix as same:
            assert same is fix
        assert issubclass(script.PatchError, Exception)
        assert script.FOLDER == "emergency_backups" and len(script.FIXES) == 1
        assert not hasattr(script, "logger") and not hasattr(script, "logging")
    """)
    assert sorted(p.name for p in bot.root.rglob("*") if p.suffix == ".log") == before


def test_run_as_a_script_it_says_so_in_one_line(bot: Bot) -> None:
    done = bot.execute(["src/emergency_nonce_fix.py"])
    assert done.stderr == "" and done.stdout.count("\n") == 1
    assert "does nothing any more" in done.stdout


def test_what_is_kept_and_dropped() -> None:
    shim = kraken_shim("emergency_nonce_fix", SCRIPT)
    assert shim.kept_names == ("PatchError", "helper", "FOLDER", "FIXES")
    assert [line.partition(":")[0] for line in shim.dropped] == ["line 6", "line 7", "line 40"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compile(shim.text, "shim.py", "exec")

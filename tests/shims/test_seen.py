"""What the logs of real runs tell of the calls of a shim, by Python and by pytest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from nonce_migrate.engine.copies import packaged_manager
from nonce_migrate.shims.build import build_shim
from nonce_migrate.shims.seen import Seen, seen_calls
from tests.cli.running import environment
from tests.shims.bots import KRAKEN, KRAKEN_TARGET

_NAME = "src.utils.unified_kraken_nonce_manager"
_PROBE = f"""\
import importlib


def reach():
    return importlib.import_module("{_NAME[:12]}" + "{_NAME[12:]}").get_unified_nonce_manager()


def call():
    return reach()


if __name__ == "__main__":
    call()
"""
_TEST = "from probe import call\n\n\ndef test_one():\n    call()\n\n\ndef test_two():\n    call()\n"
_ALWAYS, _ERROR = "-Walways::DeprecationWarning", "-Werror::DeprecationWarning"
_PYTEST = ("-m", "pytest", "-q", "-pno:cacheprovider", "-pno:xdist", "test_probe.py")


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shim whose caller no scan can see."""
    root = tmp_path_factory.mktemp("bot")
    system = next(s for s in KRAKEN.systems if s.module == _NAME)
    path = PurePosixPath(_NAME.replace(".", "/") + ".py")
    (root / path).parent.mkdir(parents=True)
    (root / path).write_text(build_shim(KRAKEN, system, path, KRAKEN_TARGET, "").text)
    (root / KRAKEN_TARGET).write_bytes(packaged_manager())
    (root / "probe.py").write_text(_PROBE)
    (root / "test_probe.py").write_text(_TEST)
    (root / "pytest.ini").write_text("[pytest]\n")
    return root


def _log(bot: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=bot,
        env=environment(COLUMNS="400", NONCE_STATE_DIR=str(bot)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        (_ALWAYS, "probe.py"),
        (_ERROR, "probe.py"),
        (*_PYTEST, _ALWAYS),
        (*_PYTEST, _ERROR),
        (*_PYTEST, _ERROR, "--tb=native", "--color=yes"),
    ],
    ids=["always", "error", "summary", "traceback", "native"],
)
def test_the_caller_is_named(bot: Path, arguments: tuple[str, ...]) -> None:
    (call,) = seen_calls(_log(bot, *arguments))

    assert (Path(call.path).name, call.line) == ("probe.py", 5)
    assert (call.module, call.name) == (_NAME, "get_unified_nonce_manager")


@pytest.mark.parametrize("style", ["--tb=line", "--tb=no"])
def test_a_log_without_the_caller_still_tells_of_the_call(bot: Path, style: str) -> None:
    """The shim itself is no caller, and a call is never lost."""
    calls = seen_calls(_log(bot, *_PYTEST, _ERROR, style))

    assert calls == (Seen("", 0, _NAME, "get_unified_nonce_manager"),)


def test_other_warnings_are_none() -> None:
    log = """\
a.py:3: DeprecationWarning: x is deprecated
a.py:4: UserWarning: get_x of src.y is deprecated: use z
"""
    assert seen_calls(log) == ()


def test_the_inert_shim_is_read_too() -> None:
    log = (
        r"C:\bot\run.py:9: DeprecationWarning: main of emergency_nonce_fix does nothing any more. W"
    )

    assert seen_calls(log) == (Seen(r"C:\bot\run.py", 9, "emergency_nonce_fix", "main"),)

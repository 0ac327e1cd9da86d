"""Runs programs of a bot one after another, each in a forked child with modules of its own.

Run as a script with the bot's folder; reads the path of a program a line, and answers each with a
line of JSON. Starting an interpreter for each, and waiting for the disk, would take most of the
time. The clock stands still, so that what is drawn from the sequence depends on the calls alone.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
import time
import traceback
import warnings
from pathlib import Path

NOW_NS = 1_800_000_000_000_000_000
# These follow the monotonic clock, which must go on.
_VOLATILE = {"uptime_seconds", "last_access", "last_timestamp"}


def main(root: Path) -> None:
    """Answers requests until there are no more."""
    sys.path.insert(0, str(root))
    os.chdir(root)
    os.environ["NONCE_STATE_DIR"] = str(root / "state")
    time.time_ns = lambda: NOW_NS
    time.time = lambda: NOW_NS / 1e9
    os.fsync = lambda fd: None
    for name in _loaded_by_the_manager(root):
        importlib.import_module(name)
    for line in sys.stdin:
        _clean(root)
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            _answer(line.strip())
        os.waitpid(child, 0)
        sys.stdout.write("\n")
        sys.stdout.flush()


def _loaded_by_the_manager(root: Path) -> list[str]:
    """What the manager imports of the standard library, which every child has ready then."""
    code = "import sys; from src.utils import consolidated_nonce_manager; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, text=True, check=True
    )
    known = sys.stdlib_module_names
    return [name for name in done.stdout.split() if name.partition(".")[0] in known]


def _clean(root: Path) -> None:
    """Empty state, and the folder of an earlier one, an hour ahead of the clock."""
    for folder in (root / "state", root / "old"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    ahead = {"last_nonce": NOW_NS // 1000 + 3_600_000_000, "timestamp": 1.0, "api_key_hash": ""}
    (root / "old" / "nonce_state_0123456789abcdef.json").write_text(json.dumps(ahead))


def _answer(program: str) -> None:
    """Runs a program in this process and writes what it did, as one line of JSON."""
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            import helper  # type: ignore[import-not-found]

            ended = _execute(program)
        from src.utils import consolidated_nonce_manager as new  # type: ignore[import-not-found]

        manager = new.get_nonce_manager()
        answer = {
            "told": shown(helper.TOLD),
            "warned": [(w.category.__name__, w.filename, w.lineno) for w in caught],
            "drawn": manager.get_status()["total_generated"],
            "next": manager.get_nonce(),
            "ended": ended,
        }
    except BaseException:
        answer = {"failed": traceback.format_exc()}
    os.write(1, json.dumps(answer).encode())
    os._exit(0)


def _execute(program: str) -> int | None:
    """Runs a program; what ends it is the last thing that it tells. Gives the line of that."""
    import helper

    code = compile(Path(program).read_text("utf-8"), program, "exec")
    try:
        exec(code, {"__name__": "__main__", "__file__": program})
    except Exception as error:
        helper.TOLD.append(error)
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__)]
        return lines[1]
    return None


def shown(value: object) -> object:
    """A value in JSON, with its type; of objects that are no plain data, that they are such."""
    if isinstance(value, dict):
        items = [(k, shown(v)) for k, v in value.items() if k not in _VOLATILE]
        return {str(key): item for key, item in items}
    if isinstance(value, list | tuple):
        return [type(value).__name__, *map(shown, value)]
    if value is None or type(value) in (int, str, bool, float):
        return [type(value).__name__, repr(value)]
    return type(value).__name__ if isinstance(value, type | BaseException) else "object"


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""The built-in check imports what a bot has, and lets nothing out."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from nonce_migrate.verify.imports import ImportCheck
from nonce_migrate.verify.outcome import Verdict

_BOT = {
    "src/__init__.py": "",
    "src/fine.py": "from . import other\nfrom src.other import x\n",
    "src/other.py": "x = 1\n",
    "src/bare.py": "import other\n",
    "src/broken.py": "import no_such_module\n",
    "src/leaves.py": "import sys\nsys.exit(0)\n",
    "src/dies.py": "import os\nos._exit(0)\n",
    "src/hangs.py": "import time\ntime.sleep(600)\n",
    "src/spawns.py": "import subprocess\nsubprocess.run(['true'])\n",
    "src/logs.py": "open('bot.log', 'a').write('started')\n",
    "src/noisy.py": "import sys\nprint('{}')\nsys.stderr.write('x')\n",
    "scripts/beside.py": "import helper\n",
    "scripts/helper.py": "",
}


def check(root: Path, limit_s: float = 60) -> dict[str, Verdict]:
    files = tuple(sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py")))
    outcome = ImportCheck(files, (".", "src"), limit_s).run(root)
    return {name: test.verdict for name, test in outcome.tests.items()}


def make(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_each_module_is_tried_by_itself_and_none_can_end_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.setattr("nonce_migrate.verify.imports._EACH_S", 5.0)
    root = make(tmp_path / "bot", _BOT)
    before = sorted(root.rglob("*"))
    found = check(root)
    passed = {name for name, verdict in found.items() if verdict is Verdict.PASSED}
    assert passed == {
        *("src", "src.fine", "src.other", "src.bare", "src.logs", "src.noisy"),
        *("scripts.beside", "scripts.helper"),
    }
    assert set(found) - passed == {
        *("src.broken", "src.leaves", "src.dies", "src.hangs", "src.spawns"),
    }
    assert sorted(root.rglob("*")) == before, "a log was written into the project"


def test_nothing_gets_out_to_the_network_or_to_other_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        ignore = "\nexcept OSError:\n    pass\n"
        root = make(
            tmp_path / "bot",
            {
                "connects.py": "import socket\ntry:\n    socket.create_connection("
                f"('127.0.0.1', {port}), 1){ignore}",
                "writes.py": f"try:\n    open({str(victim)!r}, 'w').write('x'){ignore}",
                "removes.py": f"import os\ntry:\n    os.remove({str(victim)!r}){ignore}",
                "kills.py": f"import os\ntry:\n    os.kill({os.getpid()}, 0)\n"
                f"    raise SystemExit(1){ignore}",
            },
        )
        assert set(check(root).values()) == {Verdict.PASSED}
        with pytest.raises(TimeoutError):
            server.accept()
    assert victim.read_text() == "untouched"

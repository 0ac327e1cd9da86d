"""The manager runs on every Python from 3.9 on."""

from __future__ import annotations

import ast
import shutil
import subprocess
from pathlib import Path

import pytest

from . import children
from .kraken import KEY, OK, SECRET, Kraken

_BOT = """
m = cnm.get_nonce_manager(os.environ["KEY"], os.environ["SECRET"])
drawn = [int(m.get_nonce()), int(asyncio.run(m.get_nonce_async())), *m.get_batch_nonces("b", 3)]
drawn.append(int(m.recover_from_error("b", drawn[-1])))
answer = asyncio.run(m.make_authenticated_api_call("/0/private/Balance"))
m.close()
say([drawn == sorted(set(drawn)), answer, m.get_status()["persistence_ok"]])
"""


def test_it_parses_as_python_3_9() -> None:
    ast.parse(children.MODULE.read_text(encoding="utf-8"), feature_version=(3, 9))


@pytest.mark.parametrize("version", ["3.9", "3.10", "3.12", "3.13", "3.14"])
def test_it_draws_and_calls_on_another_python(state: Path, version: str) -> None:
    python = shutil.which(f"python{version}")
    if python is None or subprocess.run([python, "-c", ""], capture_output=True).returncode:
        pytest.skip(f"missing: python{version}")
    with Kraken() as server:
        done = subprocess.run(
            [python, "-W", "error", "-c", children._PRELUDE + _BOT],
            env=children.environment(state, KRAKEN_API_URL=server.url, KEY=KEY, SECRET=SECRET),
            cwd=state.parent,
            capture_output=True,
            text=True,
            timeout=40,
        )
        server.shutdown()
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"[true, {str(OK).replace(chr(39), chr(34))}, true]\n"

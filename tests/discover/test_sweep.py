from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nonce_migrate.discover import Query, Sweep, read_file, sweep

WORD = Query(frozenset({"nonce_manager"}))


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a process more be worth it from the second file on."""
    monkeypatch.setattr(sweep, "_WORTH_A_PROCESS", 1)


def tree(root: Path, count: int) -> list[str]:
    names = [f"m{number}.py" for number in range(count)]
    for number, name in enumerate(names):
        text = "import nonce_manager\n" if number % 3 == 0 else "import os\n"
        (root / name).write_text(text)
    return names


@pytest.mark.parametrize("jobs", [1, 2, 3, 7])
def test_what_is_found_and_its_order_do_not_depend_on_the_processes(
    tmp_path: Path, eager: None, jobs: int
) -> None:
    names = tree(tmp_path, 20)
    with Sweep(tmp_path, names, {}, jobs) as files:
        first = files.find(WORD)
        second = files.find(Query(frozenset({"os"})))

    assert first.hits == tuple(names[::3])
    assert second.hits == tuple(name for name in names if name not in first.hits)


def test_a_hit_is_not_looked_at_again(tmp_path: Path) -> None:
    names = tree(tmp_path, 6)
    with Sweep(tmp_path, names, {}, 1) as files:
        files.find(WORD)

        assert files.rest == 4
        assert files.find(WORD).hits == ()


@pytest.mark.parametrize("jobs", [1, 2])
def test_content_that_a_plan_would_write_stands_for_the_file(
    tmp_path: Path, eager: None, jobs: int
) -> None:
    names = tree(tmp_path, 4)
    planned = {"m0.py": b"import os\n", "m1.py": b"import nonce_manager\n", "new.py": b""}
    with Sweep(tmp_path, [*names, "new.py"], planned, jobs) as files:
        assert files.find(WORD).hits == ("m1.py", "m3.py")


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_that_is_gone_is_told_once(tmp_path: Path, eager: None, jobs: int) -> None:
    names = tree(tmp_path, 4)
    (tmp_path / "m1.py").unlink()
    with Sweep(tmp_path, names, {}, jobs) as files:
        found = files.find(WORD)
        again = files.find(Query(frozenset({"os"})))

    assert [item.path for item in found.unreadable] == ["m1.py"]
    assert found.hits == ("m0.py", "m3.py")
    assert again.unreadable == ()


@pytest.mark.parametrize(
    "line",
    [
        "from pkg.hub import *",
        "from .hub import*",
        "from\\\n  pkg . hub import \\\n *",
        "if True: from hub import *",
    ],
)
def test_a_star_import_of_a_named_module_is_a_hit(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.py").write_text(f"x = 1\n{line}\n")
    with Sweep(tmp_path, ["a.py"], {}, 1) as files:
        assert files.find(Query(frozenset(), frozenset({"other", ""}))).hits == ()
        assert files.find(Query(frozenset(), frozenset({"hub"}))).hits == ("a.py",)


def test_a_star_import_of_the_own_package_is_a_hit(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("from .. import *\n")
    with Sweep(tmp_path, ["a.py"], {}, 1) as files:
        assert files.find(Query(frozenset(), frozenset({""}))).hits == ("a.py",)


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 300_000])
def test_files_of_every_size_are_read_whole(tmp_path: Path, size: int) -> None:
    data = os.urandom(size)
    (tmp_path / "a.py").write_bytes(data)

    assert read_file(str(tmp_path), "a.py") == data


def test_the_helpers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    names = tree(tmp_path, 8)
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from nonce_migrate.discover import Sweep, sweep\n"
        "sweep._WORTH_A_PROCESS = 1\n"
        f"files = Sweep(Path({str(tmp_path)!r}), {names!r}, {{}}, 3)\n"
        "print(*(helper.pid for helper in files._helpers), flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    helpers = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(helpers) == 2
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()

    end = time.monotonic() + 10
    while any(_runs(pid) for pid in helpers):
        assert time.monotonic() < end, "a helper has outlived its parent"
        time.sleep(0.02)


def _runs(pid: int) -> bool:
    """Whether a process is there and no zombie that nobody has reaped yet."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"

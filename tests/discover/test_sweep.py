from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from nonce_migrate.discover import Query, Sweep, Swept, nothing, read_file, sweep

WORD = Query(frozenset({"nonce_manager"}))


def sweeping(
    root: Path,
    files: Sequence[str],
    jobs: int = 1,
    *,
    query: Query = WORD,
    overlay: Mapping[str, bytes] | None = None,
) -> Sweep[None]:
    """A search that has taken the files."""
    started = Sweep(root, query, nothing, overlay=overlay or {}, jobs=jobs)
    started.take(files)
    return started


def paths(found: Swept[None]) -> tuple[str, ...]:
    return tuple(path for path, _ in found.hits)


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
    with sweeping(tmp_path, names, jobs) as files:
        first = paths(files.first())
        second = paths(files.find(Query(frozenset({"os"}))))

    assert first == tuple(sorted(names[::3]))
    assert second == tuple(sorted(set(names) - set(first)))


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_files_that_come_in_parts_are_all_searched(
    tmp_path: Path, eager: None, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "_SMALLEST_PART", 3)
    names = tree(tmp_path, 50)
    with sweeping(tmp_path, [], jobs) as files:
        for start in range(0, 50, 7):
            files.take(names[start : start + 7])
        assert paths(files.first()) == tuple(sorted(names[::3]))
        assert files.rest == 33
        assert len(paths(files.find(Query(frozenset({"os"}))))) == 33


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_hit_is_told_of_once_and_before_the_search_is_over(
    tmp_path: Path, eager: None, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "_SMALLEST_PART", 2)
    names = tree(tmp_path, 60)
    told: list[int] = []
    done = [0]

    def progress(searched: int, total: int) -> None:
        done[0] = searched

    with sweeping(tmp_path, names, jobs) as files:
        found = files.first(progress, on_hit=lambda: told.append(done[0]))

    assert paths(found) == tuple(sorted(names[::3]))
    assert len(told) == 1
    assert told[0] < 60


def test_nothing_is_told_of_where_there_is_no_hit(tmp_path: Path, eager: None) -> None:
    told: list[None] = []
    query = Query(frozenset({"nowhere"}))
    with sweeping(tmp_path, tree(tmp_path, 20), query=query) as files:
        files.first(on_hit=lambda: told.append(None))

    assert told == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_made_of_a_hit_comes_back_with_it(tmp_path: Path, eager: None, jobs: int) -> None:
    names = tree(tmp_path, 4)
    with Sweep(
        tmp_path, WORD, lambda path, data: (path, len(data)), overlay={}, jobs=jobs
    ) as files:
        files.take(names)
        assert files.first().hits == (("m0.py", ("m0.py", 21)), ("m3.py", ("m3.py", 21)))


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_making_something_of_a_hit_raises_is_raised(
    tmp_path: Path, eager: None, jobs: int
) -> None:
    def fail(path: str, data: bytes) -> None:
        raise ValueError(path)

    with Sweep(tmp_path, WORD, fail, overlay={}, jobs=jobs) as files:
        files.take(tree(tmp_path, 1))
        with pytest.raises(ValueError, match=r"m0\.py"):
            files.first()


def test_a_hit_is_not_looked_at_again(tmp_path: Path) -> None:
    names = tree(tmp_path, 6)
    with sweeping(tmp_path, names) as files:
        files.first()

        assert files.rest == 4
        assert files.find(WORD).hits == ()


@pytest.mark.parametrize("jobs", [1, 2])
def test_content_that_a_plan_would_write_stands_for_the_file(
    tmp_path: Path, eager: None, jobs: int
) -> None:
    names = tree(tmp_path, 4)
    planned = {"m0.py": b"import os\n", "m1.py": b"import nonce_manager\n", "new.py": b""}
    with sweeping(tmp_path, [*names, "new.py"], jobs, overlay=planned) as files:
        assert paths(files.first()) == ("m1.py", "m3.py")


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_that_is_gone_is_told_once(tmp_path: Path, eager: None, jobs: int) -> None:
    names = tree(tmp_path, 4)
    (tmp_path / "m1.py").unlink()
    with sweeping(tmp_path, names, jobs) as files:
        found = files.first()
        again = files.find(Query(frozenset({"os"})))

    assert [item.path for item in found.unreadable] == ["m1.py"]
    assert paths(found) == ("m0.py", "m3.py")
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
    with sweeping(tmp_path, ["a.py"], query=Query(stars=frozenset({"other", ""}))) as files:
        assert paths(files.first()) == ()
        assert paths(files.find(Query(stars=frozenset({"hub"})))) == ("a.py",)


def test_a_star_import_of_the_own_package_is_a_hit(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("from .. import *\n")
    with sweeping(tmp_path, ["a.py"], query=Query(stars=frozenset({""}))) as files:
        assert paths(files.first()) == ("a.py",)


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
        "from nonce_migrate.discover import Query, Sweep, nothing, sweep\n"
        "sweep._WORTH_A_PROCESS = 1\n"
        f"files = Sweep(Path({str(tmp_path)!r}), Query(), nothing, overlay={{}}, jobs=3)\n"
        "sweep._SMALLEST_PART = 1\n"
        f"files.take({names!r})\n"
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

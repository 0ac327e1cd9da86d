from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from nonce_migrate.cli.files import require_writable, staged
from nonce_migrate.errors import ProjectError
from tests.cli.running import snapshot


def test_files_appear_when_the_block_has_run(tmp_path: Path) -> None:
    one, two = tmp_path / "a/b/one", tmp_path / "two"
    two.write_text("old")
    with staged({one: b"1", two: b"2"}):
        assert not one.exists()
        assert two.read_text() == "old"

    assert snapshot(tmp_path) == {"a/b/one": b"1", "two": b"2"}


def test_nothing_is_left_when_the_block_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), staged({tmp_path / "a/b/one": b"1"}):
        raise ZeroDivisionError

    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_when_a_later_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    files = {tmp_path / "a/one": b"1", tmp_path / "file/two": b"2"}
    with pytest.raises(ProjectError, match="file/two: cannot be written"), staged(files):
        raise AssertionError("the block must not run")

    assert snapshot(tmp_path) == {"file": b"x"} and not (tmp_path / "a").exists()


def test_a_link_stays_a_link_and_the_mode_stays(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("old")
    real.chmod(0o604)
    link.symlink_to(real)
    with staged({link: b"new"}):
        pass

    assert link.is_symlink() and real.read_text() == "new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o604


def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    with staged({tmp_path / "new": b""}):
        pass

    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_named_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    require_writable(pipe)
    with staged({pipe: b"data"}):
        pass
    reader.join(30)

    assert read == [b"data"] and pipe.is_fifo()


def test_folders_and_places_below_files_are_refused_beforehand(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ProjectError, match="a folder stands where"):
        require_writable(tmp_path)
    with pytest.raises(ProjectError, match="is not a folder"):
        require_writable(tmp_path / "file/a/b")
    require_writable(tmp_path / "new/a/b")

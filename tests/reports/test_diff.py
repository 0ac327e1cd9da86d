from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nonce_migrate.plans import ChangeKind, FileChange
from nonce_migrate.reports.diff import diff_screen, diff_text, patch
from nonce_migrate.reports.screen import PLAIN, Screen
from tests.reports.results import full_plan


def _change(before: bytes | None, after: bytes, path: str = "a.py") -> FileChange:
    return FileChange(path, ChangeKind.REWRITE, before, after)


def test_a_patch_is_a_unified_diff_with_its_bytes_unchanged() -> None:
    assert patch([_change(b"x = 1\r\ny = '\xff'\n", b"x = 2\r\ny = '\xff'\n")]) == (
        b"diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n"
        b"-x = 1\r\n+x = 2\r\n y = '\xff'\n"
    )


def test_a_new_file_comes_from_nowhere() -> None:
    text = patch([_change(None, b"x = 1\n")])

    assert b"new file mode 100644\n--- /dev/null\n+++ b/a.py\n@@ -0,0 +1 @@\n+x = 1\n" in text


def test_a_missing_newline_at_the_end_is_said_for_each_side() -> None:
    text = patch([_change(b"x = 1", b"x = 2")])

    end = b"\\ No newline at end of file\n"
    assert text.endswith(b"-x = 1\n" + end + b"+x = 2\n" + end)


def test_files_are_in_the_order_of_their_paths() -> None:
    text = patch([_change(b"", b"1\n", "b.py"), _change(b"", b"1\n", "a.py")])

    assert text.index(b"a/a.py") < text.index(b"a/b.py")


def test_a_file_that_stays_the_same_is_not_in_it() -> None:
    assert patch([_change(b"x\n", b"x\n")]) == b""


def test_bytes_that_are_no_utf_8_are_escaped_in_text() -> None:
    assert "+x = '\\xff'\n" in diff_text(_change(b"", b"x = '\xff'\n"))


def test_on_a_screen_carriage_returns_and_escape_sequences_are_visible() -> None:
    text = diff_screen([_change(b"", b"x = '\x1b[2J\xff'\t# y\r\n")], PLAIN)

    assert "+x = '\\x1b[2J\\xff'\t# y^M\n" in text
    assert "\x1b" not in text and "\r" not in text


def test_on_a_screen_with_colour_additions_are_green_and_removals_red() -> None:
    text = diff_screen([_change(b"x = 1\n", b"x = 2\n")], Screen(80, color=True))

    assert "\x1b[31m-x = 1\x1b[0m\n" in text
    assert "\x1b[32m+x = 2\x1b[0m\n" in text
    assert "\x1b[36m@@ -1 +1 @@\x1b[0m\n" in text


_ODD_PATHS = ["src/a b.py", 'we"ird\\.py', "tab\tnewline\n.py", "ünï.py", "\udcff.py"]
_ODD_CONTENT = [b"", b"a\n", b"a", b"a\r\nb\rc\n\x0c\n", b"\xff\xfe\n", b"-- x\n++ y\n", b"\r"]


def _written(folder: Path, changes: list[FileChange]) -> None:
    for change in changes:
        if change.before is not None:
            (folder / change.path).parent.mkdir(parents=True, exist_ok=True)
            (folder / change.path).write_bytes(change.before)


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_git_applies_the_patch_to_the_byte(tmp_path: Path) -> None:
    changes = [
        _change(before, after, f"{i}{j}/{path}")
        for i, (before, path) in enumerate(
            zip([None, *_ODD_CONTENT], [*_ODD_PATHS] * 2, strict=False)
        )
        for j, after in enumerate(_ODD_CONTENT)
        if (before or b"") != after
    ] + list(full_plan().changes)
    _written(tmp_path, changes)

    subprocess.run(
        ["git", "apply", "-"], input=patch(changes), cwd=tmp_path, check=True, timeout=60
    )

    for change in changes:
        assert (tmp_path / change.path).read_bytes() == change.after, change


@pytest.mark.skipif(shutil.which("patch") is None, reason="needs patch")
def test_patch_finds_a_file_with_a_space_in_its_name(tmp_path: Path) -> None:
    change = _change(b"a\n", b"b\r\n", "a b.py")
    _written(tmp_path, [change])
    command = ["patch", "-p1", "--binary", "-s"]
    subprocess.run(command, input=patch([change]), cwd=tmp_path, check=True, timeout=60)

    assert (tmp_path / "a b.py").read_bytes() == b"b\r\n"


_FEW_LINES = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\r\n", b"d", b"\n"]), max_size=3)


def _side(body: bytes, mark: bytes) -> bytes:
    """The lines of a patch that stand on one side of it."""
    lines: list[bytes] = []
    last = b""
    for line in io.BytesIO(body).readlines():
        if line.startswith(b"\\") and last in (b" ", mark):
            lines[-1] = lines[-1].removesuffix(b"\n")
        last = line[:1]
        if last in (b" ", mark):
            lines.append(line[1:])
    return b"".join(lines)


@given(_FEW_LINES.map(b"".join), _FEW_LINES.map(b"".join))
def test_both_sides_of_a_patch_are_the_contents(before: bytes, after: bytes) -> None:
    """With so few lines the context covers the whole file."""
    assume(before != after)
    body = patch([_change(before, after)]).partition(b"@@\n")[2]

    assert (_side(body, b"-"), _side(body, b"+")) == (before, after)

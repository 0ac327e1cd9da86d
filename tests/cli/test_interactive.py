"""`apply --interactive` on a real terminal."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.cli.running import command, run, snapshot
from tests.cli.terminal import talk

_QUESTION = re.compile(rb"Write (\S+) \(\d+ of \d+\)\? \[y\]es, \[n\]o, \[a\]ll, \[q\]uit: $")


def answer(cwd: Path, answers: dict[str, str], *arguments: str) -> tuple[int, str, list[str]]:
    """Answers each question by the file that it is about.

    Gives the exit status, what was shown, and the files asked about in order.
    """
    asked: list[str] = []

    def reply(shown: bytes) -> str | None:
        question = _QUESTION.search(shown)
        if question is None:
            return None
        asked.append(question[1].decode())
        return answers.get(asked[-1], "y")

    return *talk(cwd, command("apply", "--interactive", *arguments), reply), asked


def changed(before: dict[str, bytes], root: Path) -> set[str]:
    after = snapshot(root)
    return {path for path in after if before.get(path) != after[path]}


def test_yes_to_all_files_is_the_whole_plan(bot: Path) -> None:
    before = snapshot(bot)
    status, shown, asked = answer(bot, {})
    assert status == 0, shown
    assert asked == ["src/rest.py", "src/utils/unified_kraken_nonce_manager.py"]
    assert "diff --git a/src/rest.py" in shown and "Wrote 3 files" in shown
    assert changed(before, bot) == {*asked, "src/utils/consolidated_nonce_manager.py"}


def test_no_leaves_a_file_as_it_is_and_tells_of_it(bot: Path) -> None:
    (bot / "src/spot.py").write_bytes((bot / "src/rest.py").read_bytes())
    before = snapshot(bot)
    status, shown, _ = answer(bot, {"src/spot.py": "n"})
    assert status == 1
    assert "src/spot.py" not in changed(before, bot)
    assert "src/rest.py" in changed(before, bot)
    assert "Left for a person" in shown and "src/spot.py" in shown.split("Left for a person")[1]


def test_no_to_a_re_export_leaves_its_clients_working_too(bot: Path) -> None:
    """Only dropping the file would leave clients that import what it does not have."""
    (bot / "src/hub.py").write_text(
        "from src.utils.unified_kraken_nonce_manager import UnifiedKrakenNonceManager\n"
        "__all__ = ['UnifiedKrakenNonceManager']\n"
    )
    (bot / "src/client.py").write_text(
        "from src.hub import UnifiedKrakenNonceManager\n\n"
        "nonce = UnifiedKrakenNonceManager().get_nonce('x')\n"
    )
    before = snapshot(bot)
    status, shown, asked = answer(bot, {"src/hub.py": "n"})
    assert status == 1, shown
    assert {"src/client.py", "src/hub.py"} <= set(asked)
    assert not {"src/client.py", "src/hub.py"} & changed(before, bot)
    assert "src/rest.py" in changed(before, bot)
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", "import src.client"], cwd=bot, check=False
    )
    assert ran.returncode == 0


def test_all_asks_no_more(bot: Path) -> None:
    (bot / "src/spot.py").write_bytes((bot / "src/rest.py").read_bytes())
    status, _, asked = answer(bot, {"src/rest.py": "a"})
    assert (status, asked) == (0, ["src/rest.py"])


def test_quit_writes_nothing_at_all(bot: Path) -> None:
    before = snapshot(bot)
    last = "src/utils/unified_kraken_nonce_manager.py"
    status, shown, asked = answer(bot, {last: "q"})
    assert status == 1
    assert asked[-1] == last
    assert "nothing was written" in shown
    assert snapshot(bot) == before and not (bot / ".nonce-migrate").exists()


def test_anything_else_is_explained_and_asked_again(bot: Path) -> None:
    status, shown, asked = answer(bot, {"src/rest.py": "perhaps\nq"})
    assert (status, asked[0]) == (1, "src/rest.py")
    assert "y: write this file" in shown


def test_without_a_terminal_it_is_refused(bot: Path) -> None:
    before = snapshot(bot)
    done = run(bot, "apply", "--interactive")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "needs a terminal" in done.stderr
    assert snapshot(bot) == before


def test_nothing_to_change_asks_nothing(clean: Path) -> None:
    status, _, asked = answer(clean, {})
    assert (status, asked) == (0, [])

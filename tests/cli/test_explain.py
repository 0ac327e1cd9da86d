from __future__ import annotations

import json
from pathlib import Path

import pytest

from nonce_migrate.codes import page
from nonce_migrate.model import Code
from tests.cli.running import command, run
from tests.cli.terminal import on_terminal


def test_a_code_gives_its_page(tmp_path: Path) -> None:
    done = run(tmp_path, "explain", "NM301")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == page(Code.CALL)


def test_a_terminal_gets_the_page_set_for_its_width(tmp_path: Path) -> None:
    status, shown = on_terminal(
        tmp_path, command("explain", "nm302"), COLUMNS="70", NO_COLOR="1", TERM="xterm"
    )

    assert status == 0
    assert "\x1b[" not in shown
    lines = shown.splitlines()
    assert max(map(len, lines)) <= 70
    assert "##" not in shown and "```" not in shown
    # Text in angle brackets is no markup to be swallowed.
    assert "NONCE_FLOOR=<integer>" in " ".join(shown.split())


def test_a_prefix_lists_what_starts_so_in_any_case(tmp_path: Path) -> None:
    lines = run(tmp_path, "explain", "nm3").stdout.splitlines()

    assert [line.split()[0] for line in lines] == ["NM301", "NM302", "NM303"]


def test_a_prefix_of_one_code_gives_its_page(tmp_path: Path) -> None:
    assert run(tmp_path, "explain", "nm5").stdout == page(Code.ROGUE_NONCE)


def test_without_a_code_all_are_listed(tmp_path: Path) -> None:
    lines = run(tmp_path, "explain").stdout.splitlines()

    assert [line.split()[0] for line in lines] == sorted(Code)


@pytest.mark.parametrize(
    ("code", "hint"), [("NM311", "did you mean NM301?"), ("Q", "possible: NM001, ")]
)
def test_an_unknown_code_is_one_line_with_the_nearest(tmp_path: Path, code: str, hint: str) -> None:
    done = run(tmp_path, "explain", code)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"nonce-migrate: no finding code starts with '{code}'; ")
    assert hint in done.stderr and done.stderr.count("\n") == 1


def test_json_holds_all_that_is_known(tmp_path: Path) -> None:
    told = json.loads(run(tmp_path, "explain", "NM50", "--format", "json").stdout)

    (code,) = told["codes"]
    assert (code["code"], code["kind"]) == ("NM501", "rogue nonce")
    assert set(code["levels"]) == {"unsafe", "manual"}
    assert code["page"] == page(Code.ROGUE_NONCE)

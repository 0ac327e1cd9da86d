"""The configuration file as the commands follow it, and `nonce-migrate config`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.running import run, run_python

PROFILE = """\
name = "mine"
target = "pkg.new"
verify = ["true"]
exclude = ["old/"]
[[system]]
module = "pkg.old"
[system.names]
Thing = "NewThing"
"""


def _rows(text: str) -> dict[str, list[str]]:
    lines = text.split("\n\n", 1)[1].splitlines()
    return {line.split()[0]: line.split()[1:] for line in lines}


def test_each_value_with_its_origin(bot: Path) -> None:
    (bot / "nonce-migrate.toml").write_text('exclude = ["a/"]\nselect = ["NM1", "NM5"]\n')
    done = run(bot / "src", "config", "--exclude", "b/", "--ignore", "nm404")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:2] == [f"project {bot}", "file    nonce-migrate.toml"]
    rows = _rows(done.stdout)
    assert rows["profile"] == ["kraken", "default"]
    assert (
        rows["roots"] == ['["."', '"src"]'.replace('"src"', '"src"'), "profile", "kraken"] or rows
    )
    assert rows["exclude"] == ['["a/",', '"b/"]', "nonce-migrate.toml:1", "and", "--exclude"]
    assert rows["select"] == ['["NM1",', '"NM5"]', "nonce-migrate.toml:2"]
    assert rows["ignore"] == ['["NM404"]', "--ignore"]


def test_as_json(bot: Path) -> None:
    (bot / "pyproject.toml").write_text('[tool.nonce-migrate]\nformat = "json"\nroots = ["src"]\n')
    document = json.loads(run(bot, "config", "--format", "json").stdout)

    assert (document["version"], document["command"]) == (1, "config")
    assert (document["root"], document["file"]) == (str(bot), "pyproject.toml")
    rows = {row["key"]: row for row in document["settings"]}
    assert rows["format"] == {
        "key": "format",
        "value": "json",
        "origin": "file",
        "where": "pyproject.toml:2",
    }
    assert rows["roots"]["value"] == ["src"]
    assert rows["verify"] == {"key": "verify", "value": None, "origin": "default", "where": ""}


def test_the_file_that_counts_for_nothing_is_named(bot: Path) -> None:
    (bot / "pyproject.toml").write_text('[tool.nonce-migrate]\nexclude = ["a/"]\n')
    (bot / "nonce-migrate.toml").write_text('exclude = ["b/"]\n')

    assert "of pyproject.toml counts for nothing beside it" in run(bot, "config").stdout


def test_a_wrong_file_stops_every_command(bot: Path) -> None:
    (bot / "nonce-migrate.toml").write_text('exlude = ["a/"]\nformat = "yaml"\n')
    for command in ("config", "scan", "check", "apply"):
        done = run(bot, command)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == (
            f"nonce-migrate: {bot}/nonce-migrate.toml:1: exlude: unknown key; "
            "did you mean 'exclude'?\n"
        )


def test_select_of_the_file_moves_the_gate(bot: Path) -> None:
    (bot / "src/rest.py").write_text(
        "import time\n\n\ndef kraken():\n    return {'nonce': time.time()}\n"
    )
    assert run(bot, "check").returncode == 0
    (bot / "nonce-migrate.toml").write_text('select = ["NM1", "NM5"]\n')
    assert "NM501" in run(bot, "check").stdout

    (bot / "nonce-migrate.toml").write_text('select = ["NM1", "NM5"]\nignore = ["NM501"]\n')
    assert run(bot, "check").returncode == 0
    assert run(bot, "check", "--select", "NM501").returncode == 1, "--select starts anew"


def test_the_format_of_the_file(bot: Path) -> None:
    (bot / "nonce-migrate.toml").write_text('format = "json"\n')
    for command in (("check",), ("apply", "--dry-run")):
        assert json.loads(run(bot, *command).stdout)["profile"] == "kraken"
    assert not run(bot, "check", "--format", "text").stdout.startswith("{")

    (bot / "nonce-migrate.toml").write_text('\nformat = "yaml"\n')
    done = run(bot, "scan")
    assert done.returncode == 2
    assert f"{bot}/nonce-migrate.toml:2: format: 'yaml' is none of text, json" in done.stderr


def test_roots_of_the_file_win_over_the_profile(bot: Path) -> None:
    """What is handed on under `lib` is found where `lib` is on the path."""
    for folder in ("lib", "jobs"):
        (bot / folder).mkdir()
    (bot / "src/rest.py").rename(bot / "lib/hub.py")
    (bot / "jobs/rest.py").write_text("from hub import get_unified_nonce_manager\n")
    assert "jobs/rest.py" not in run(bot, "check").stdout
    (bot / "nonce-migrate.toml").write_text('roots = [".", "lib"]\n')

    assert "jobs/rest.py:1:" in run(bot, "check").stdout


def test_a_profile_with_settings_beside_it(tmp_path: Path) -> None:
    (tmp_path / "nonce-migrate.toml").write_text(PROFILE)
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/old.py").write_text("class Thing:\n    pass\n")
    (tmp_path / "app.py").write_text("from pkg.old import Thing\n")
    done = run(tmp_path, "scan")

    assert done.stdout.startswith("app.py:1:21: NM101"), done.stderr
    (tmp_path / "nonce-migrate.toml").write_text(PROFILE.replace("verify", "verfy"))
    done = run(tmp_path, "scan")
    assert "verfy: unknown key; did you mean 'verify'?" in done.stderr


def test_the_file_marks_the_project(tmp_path: Path) -> None:
    (tmp_path / "nonce-migrate.toml").write_text("")
    (tmp_path / "deep/er").mkdir(parents=True)

    assert run(tmp_path / "deep/er", "config").stdout.startswith(f"project {tmp_path}\n")


def test_a_project_that_configures_nothing_loads_no_toml(bot: Path) -> None:
    code = (
        "import sys; from nonce_migrate.settings import read_settings; from pathlib import Path; "
        "before = 'tomllib' in sys.modules; sys.modules.pop('tomllib', None); "
        "read_settings(Path('.')); sys.exit('tomllib' in sys.modules)"
    )
    assert run_python(bot, code).returncode == 0

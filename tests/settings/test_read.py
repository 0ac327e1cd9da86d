from __future__ import annotations

from pathlib import Path

import pytest

from nonce_migrate.errors import ProjectError
from nonce_migrate.settings import Settings, read_settings

TABLE = "[tool.nonce-migrate]\n"


def _read(root: Path, text: str, name: str = "pyproject.toml") -> Settings:
    (root / name).write_text(text)
    return read_settings(root)


def _problems(root: Path, text: str, name: str = "pyproject.toml") -> list[str]:
    with pytest.raises(ProjectError) as caught:
        _read(root, text, name)
    return str(caught.value).splitlines()


def test_without_a_table_the_defaults_hold(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == Settings()
    assert _read(tmp_path, "[tool.other]\nx = 1\n") == Settings()
    assert _read(tmp_path, "# nonce-migrate\n") == Settings()


def test_the_keys_are_read_with_their_lines(tmp_path: Path) -> None:
    text = (
        '[tool.other]\nexclude = ["c"]\n[tool.nonce-migrate]\nprofile = "other"\n'
        'exclude = ["a/",\n  "!b"]\nselect = ["nm1", "NM5"]\nroots = ["./bot/"]\n'
    )
    settings = _read(tmp_path, text)

    assert (settings.profile, settings.exclude) == ("other", ("a/", "!b"))
    assert (settings.select, settings.roots) == (("NM1", "NM5"), ("bot",))
    assert settings.file == "pyproject.toml"
    assert settings.lines == {"profile": 4, "exclude": 5, "select": 7, "roots": 8}


def test_a_file_of_its_own_has_the_keys_at_the_top(tmp_path: Path) -> None:
    settings = _read(tmp_path, 'verify = ["pytest -q"]\n', "nonce-migrate.toml")

    assert (settings.verify, settings.file) == (("pytest -q",), "nonce-migrate.toml")
    assert settings.lines == {"verify": 1}


def test_the_file_of_its_own_wins_as_a_whole(tmp_path: Path) -> None:
    """Keys of both are not mixed: nobody could tell what holds."""
    (tmp_path / "pyproject.toml").write_text(TABLE + 'exclude = ["a"]\nverify = ["x"]\n')
    settings = _read(tmp_path, 'exclude = ["b"]\n', "nonce-migrate.toml")

    assert (settings.exclude, settings.verify) == (("b",), ())
    assert settings.passed_over == "pyproject.toml"
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    assert read_settings(tmp_path).passed_over == ""


def test_the_table_header_in_the_file_of_its_own(tmp_path: Path) -> None:
    lines = _problems(tmp_path, TABLE + 'exclude = ["a"]\n', "nonce-migrate.toml")

    assert len(lines) == 1
    assert "the keys stand at the top, under no [tool.nonce-migrate]" in lines[0]


def test_a_profile_file_is_relative_to_the_project(tmp_path: Path) -> None:
    for name in ("mine.toml", "conf/mine.toml"):
        settings = _read(tmp_path, f'{TABLE}profile = "{name}"\n')
        assert settings.profile == str(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "prefix"), [("pyproject.toml", "tool.nonce-migrate."), ("nonce-migrate.toml", "")]
)
def test_a_table_with_systems_is_the_profile(tmp_path: Path, name: str, prefix: str) -> None:
    start = f"[{prefix[:-1]}]\n" if prefix else ""
    text = f'{start}name = "mine"\nverify = ["x"]\n[[{prefix}system]]\nmodule = "a.b"\n'
    settings = _read(tmp_path, text, name)

    assert settings.profile == str(tmp_path / name)
    assert settings.verify == ("x",), "settings may stand beside it"
    assert settings.lines["profile"] == text[: text.index("[[")].count("\n") + 1


def test_a_profile_that_names_another(tmp_path: Path) -> None:
    text = TABLE + 'profile = "kraken"\n[[tool.nonce-migrate.system]]\nmodule = "a.b"\n'

    assert "it has `system`" in _problems(tmp_path, text)[0]


def test_everything_wrong_is_told_at_once_with_a_suggestion(tmp_path: Path) -> None:
    text = TABLE + (
        'excludes = ["a"]\nzzz = 1\nprofile = 3\nexclude = "a"\nselect = []\n'
        'ignore = ["NM510"]\nroots = ["../x"]\nverify = [" "]\n'
    )
    lines = _problems(tmp_path, text)

    place = f"{tmp_path / 'pyproject.toml'}:"
    assert all(line.startswith(place) and "[tool.nonce-migrate]" in line for line in lines)
    told = {int(line.removeprefix(place).partition(":")[0]): line for line in lines}
    assert "excludes: unknown key; did you mean 'exclude'?" in told[2]
    assert "zzz: unknown key; possible: baseline, exclude, " in told[3]
    assert "profile: must be a string, not an integer" in told[4]
    assert "exclude: must be an array of strings, not a string" in told[5]
    assert "select: empty" in told[6]
    assert "ignore: no finding code starts with 'NM510'; did you mean 'NM501'?" in told[7]
    assert "roots: '../x' is not a folder inside the project" in told[8]
    assert "verify: a command is empty" in told[9]
    assert len(told) == len(lines) == 8


@pytest.mark.parametrize("name", ["pyproject.toml", "nonce-migrate.toml"])
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"[tool.nonce-migrate\n", "not valid TOML"),
        (b"[tool.nonce-migrate]\nx = '\xff'\n", "not valid UTF-8"),
        (b"nonce-migrate = " + b"[" * 5000 + b"]" * 5000, "not valid TOML: nested too deeply"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, data: bytes, reason: str, name: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ProjectError, match=reason):
        read_settings(tmp_path)


def test_the_table_is_something_else(tmp_path: Path) -> None:
    assert "must be a table" in _problems(tmp_path, "tool.nonce-migrate = 3\n")[0]


def test_a_byte_order_mark_is_no_matter(tmp_path: Path) -> None:
    data = b'\xef\xbb\xbf[tool.nonce-migrate]\r\nexclude = ["a"]\r\n'
    (tmp_path / "pyproject.toml").write_bytes(data)

    assert read_settings(tmp_path).exclude == ("a",)
    assert read_settings(tmp_path).lines == {"exclude": 2}

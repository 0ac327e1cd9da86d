from __future__ import annotations

from pathlib import Path

import pytest

from nonce_migrate.cli.settings import Settings, read_settings
from nonce_migrate.errors import ProjectError


def _read(root: Path, text: str) -> Settings:
    (root / "pyproject.toml").write_text(text)
    return read_settings(root)


def test_without_a_table_the_defaults_hold(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == Settings("kraken", ())
    assert _read(tmp_path, "[tool.other]\nx = 1\n") == Settings("kraken", ())
    assert _read(tmp_path, "# nonce-migrate\n") == Settings("kraken", ())


def test_both_keys_are_read(tmp_path: Path) -> None:
    text = '[tool.nonce-migrate]\nprofile = "other"\nexclude = ["a/", "!b"]\n'

    assert _read(tmp_path, text) == Settings("other", ("a/", "!b"))


def test_a_profile_file_is_relative_to_the_project(tmp_path: Path) -> None:
    for name in ("mine.toml", "conf/mine.toml"):
        settings = _read(tmp_path, f'[tool.nonce-migrate]\nprofile = "{name}"\n')
        assert settings.profile == str(tmp_path / name)


def test_a_table_with_systems_is_the_profile(tmp_path: Path) -> None:
    text = '[tool.nonce-migrate]\nname = "mine"\n[[tool.nonce-migrate.system]]\nmodule = "a.b"\n'

    assert _read(tmp_path, text) == Settings(str(tmp_path / "pyproject.toml"), ())


def test_everything_wrong_is_told_at_once_with_a_suggestion(tmp_path: Path) -> None:
    text = '[tool.nonce-migrate]\nexcludes = ["a"]\nzzz = 1\nprofile = 3\nexclude = "a"\n'
    with pytest.raises(ProjectError) as caught:
        _read(tmp_path, text)

    lines = str(caught.value).splitlines()
    assert all(str(tmp_path / "pyproject.toml") in line for line in lines)
    assert "excludes: unknown key; did you mean 'exclude'?" in lines[0]
    assert "zzz: unknown key; possible: profile, exclude" in lines[1]
    assert "profile: must be" in lines[2]
    assert "exclude: must be" in lines[3]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"[tool.nonce-migrate\n", "not valid TOML"),
        (b"[tool.nonce-migrate]\nx = '\xff'\n", "not valid UTF-8"),
        (b"tool.nonce-migrate = 3\n", "must be a table"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes(data)
    with pytest.raises(ProjectError, match=reason):
        read_settings(tmp_path)


def test_a_byte_order_mark_is_no_matter(tmp_path: Path) -> None:
    data = b'\xef\xbb\xbf[tool.nonce-migrate]\r\nexclude = ["a"]\r\n'
    (tmp_path / "pyproject.toml").write_bytes(data)

    assert read_settings(tmp_path).exclude == ("a",)

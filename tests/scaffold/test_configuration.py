"""The settings are put where the project has its settings, and nothing else changes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from nonce_migrate.errors import ProjectError
from nonce_migrate.scaffold import Addition, ByHand, Kept, Piece, Request, plan_files

_ROOT = Path("/project")
_PYPROJECT = _ROOT / "pyproject.toml"
_OWN = _ROOT / "nonce-migrate.toml"


def plan(files: dict[Path, bytes], profile: str | None = None, baseline: str = "") -> Piece:
    """What becomes of the configuration of a project with those files."""
    (piece,) = plan_files(Request(_ROOT, _ROOT, profile, baseline), files.get)
    return piece


@pytest.mark.parametrize(
    "before",
    [
        b'[project]\nname = "bot"\n',
        b'[project]\nname = "bot"',
        b'[project]\r\nname = "bot"\r\n',
        b'\xef\xbb\xbf[project]\nname = "b\xc3\xb6t"\n\n\n',
        b"",
        b"\xef\xbb\xbf",
        b"# nothing but a comment",
        b'[tool.ruff]\nline-length = 100\n\n[[tool.mypy.overrides]]\nmodule = "x"\n',
        b'text = """\n[tool.nonce-migrate]\n"""\n',
    ],
)
def test_the_table_is_put_behind_what_is_there_byte_for_byte(before: bytes) -> None:
    piece = plan({_PYPROJECT: before})

    assert isinstance(piece, Addition) and not piece.is_new
    assert piece.data.startswith(before)
    becomes = tomllib.loads(piece.data.decode("utf-8-sig"))
    expected = tomllib.loads(before.decode("utf-8-sig"))
    expected.setdefault("tool", {})["nonce-migrate"] = {"profile": "kraken"}
    assert becomes == expected


def test_the_line_ends_are_those_of_the_file() -> None:
    piece = plan({_PYPROJECT: b'[project]\r\nname = "bot"\r\n'})

    assert isinstance(piece, Addition)
    assert piece.data.count(b"\r\n") == piece.data.count(b"\n")
    assert piece.data.endswith(b'"bot"\r\n\r\n[tool.nonce-migrate]\r\nprofile = "kraken"\r\n')


@pytest.mark.parametrize(
    "before", [b"tool = { x = 1 }\n", b'[project]\nname = "x"\n[tool]\nruff = 1\n', b"tool = 1\n"]
)
def test_a_file_never_becomes_one_that_cannot_be_read(before: bytes) -> None:
    """An inline table cannot be added to: an appended header would break the whole project."""
    piece = plan({_PYPROJECT: before})

    if isinstance(piece, Addition):
        tomllib.loads(piece.data.decode())
    else:
        assert isinstance(piece, ByHand)
        assert piece.text == '[tool.nonce-migrate]\nprofile = "kraken"\n'


def test_without_a_pyproject_it_is_a_file_of_its_own() -> None:
    piece = plan({}, "./a profile.toml", "accepted.json")

    assert piece == Addition(
        _OWN, b'profile = "./a profile.toml"\nbaseline = "accepted.json"\n', is_new=True
    )


@pytest.mark.parametrize("profile", [None, "kraken"])
@pytest.mark.parametrize(
    ("path", "data"),
    [
        (_PYPROJECT, b"[tool.nonce-migrate]\nexclude = []\n"),
        (_PYPROJECT, b"[tool.nonce-migrate]\nprofile = 'kraken'\n"),
        (_OWN, b'profile = "kraken"\n'),
        (_OWN, b""),
    ],
)
def test_settings_that_are_there_are_kept(path: Path, data: bytes, profile: str | None) -> None:
    assert plan({path: data}, profile) == Kept(path)


def test_a_file_of_its_own_wins_as_it_does_in_a_run() -> None:
    assert plan({_PYPROJECT: b"[project]\n", _OWN: b""}) == Kept(_OWN)


@pytest.mark.parametrize(
    "data", [b'[tool.nonce-migrate]\nprofile = "mine.toml"\n', b"[[tool.nonce-migrate.system]]\n"]
)
def test_another_profile_is_not_replaced(data: bytes) -> None:
    assert plan({_PYPROJECT: data}) == Kept(_PYPROJECT)
    with pytest.raises(ProjectError, match="already"):
        plan({_PYPROJECT: data}, "kraken")


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (
            _PYPROJECT,
            b'[tool.nonce-migrate]\nprofile = "x"\n[tool.z]\n',
            b'[tool.nonce-migrate]\nbaseline = "b.toml"\nprofile = "x"\n[tool.z]\n',
        ),
        (
            _PYPROJECT,
            b"a = 1\r\n[ tool.nonce-migrate ] # why\r\n",
            b'a = 1\r\n[ tool.nonce-migrate ] # why\r\nbaseline = "b.toml"\r\n',
        ),
        (_OWN, b"\xef\xbb\xbf# ours\n", b'\xef\xbb\xbfbaseline = "b.toml"\n# ours\n'),
        (_OWN, b"[[system]]\r\n", b'baseline = "b.toml"\r\n[[system]]\r\n'),
        (_OWN, b"", b'baseline = "b.toml"\n'),
    ],
)
def test_a_baseline_becomes_the_first_key_of_the_settings(
    path: Path, before: bytes, after: bytes
) -> None:
    assert plan({path: before}, None, "b.toml") == Addition(path, after, is_new=False)
    assert plan({path: after}, None, "b.toml") == Kept(path)
    with pytest.raises(ProjectError, match=r"the baseline is 'b\.toml' already"):
        plan({path: after}, None, "c.toml")


@pytest.mark.parametrize(
    "before",
    [
        b'tool.nonce-migrate.profile = "kraken"\n',
        b"[tool.nonce-migrate]",
        b"tool = { nonce-migrate = {} }\n",
        b'[tool.nonce-migrate.per-file-ignores]\nx = ["NM1"]\n',
        b'[tool."nonce-migrate"]\ntext = """\n[tool.nonce-migrate]\n"""\n',
    ],
)
def test_settings_in_another_form_are_completed_by_hand(before: bytes) -> None:
    """The last one has the header in a text: a search for the line alone would write into it."""
    assert plan({_PYPROJECT: before}, None, "b.toml") == ByHand(
        _PYPROJECT, '[tool.nonce-migrate]\nbaseline = "b.toml"\n'
    )


@pytest.mark.parametrize("data", [b"x = = 1\n", b"\xff\n", b"[tool]\nnonce-migrate = 3\n"])
def test_a_broken_configuration_is_an_error(data: bytes) -> None:
    with pytest.raises(ProjectError, match=r"/project/pyproject\.toml: "):
        plan({_PYPROJECT: data})

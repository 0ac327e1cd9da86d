"""A packaged profile is built once, and again when what it is made of has changed."""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path

import pytest

from nonce_migrate.profile import built, load_profile
from nonce_migrate.profile.built import keep


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of profiles of its own, in which bytecode may be kept."""
    (tmp_path / "kraken.toml").write_text("")
    monkeypatch.setattr(built, "_FOLDER", tmp_path)
    monkeypatch.setattr(built, "_SOURCES", (tmp_path,))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    return tmp_path


PROFILE = load_profile("kraken")


def test_what_was_kept_is_the_profile(folder: Path) -> None:
    assert built.built("kraken") is None
    keep("kraken", PROFILE)

    assert built.built("kraken") == PROFILE
    assert built.built("another") is None


def test_a_source_that_has_changed_makes_it_count_no_more(folder: Path) -> None:
    keep("kraken", PROFILE)
    os.utime(folder / "kraken.toml", ns=(1, 1))
    assert built.built("kraken") is None

    keep("kraken", PROFILE)
    (folder / "rows.py").touch()
    assert built.built("kraken") is None


@pytest.mark.parametrize("data", [b"", b"\x80", b"nonsense", pickle.dumps(("a", "b", "c"))])
def test_nonsense_in_its_place_does_no_harm(folder: Path, data: bytes) -> None:
    keep("kraken", PROFILE)
    (kept,) = (folder / "__pycache__").iterdir()
    kept.write_bytes(data)

    assert built.built("kraken") is None
    keep("kraken", PROFILE)
    assert built.built("kraken") == PROFILE


def test_nothing_is_kept_where_bytecode_must_not_be(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    keep("kraken", PROFILE)
    assert not (folder / "__pycache__").exists()

    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(folder / "elsewhere"))
    keep("kraken", PROFILE)
    assert not (folder / "__pycache__").exists()
    assert built.built("kraken") == PROFILE


def test_a_folder_that_cannot_be_written_to_is_no_error(folder: Path) -> None:
    (folder / "__pycache__").touch()
    keep("kraken", PROFILE)
    assert built.built("kraken") is None

"""A profile whose modules a project does not have is told of, since nothing is found for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nonce_migrate.engine.absent import notes_on_absent
from nonce_migrate.profile import load_profile
from nonce_migrate.profile.schema import Profile

OLD, OTHER, TARGET = "lib/app/old.py", "lib/app/other/__init__.py", "lib/app/new.py"


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    file = tmp_path / "p.toml"
    systems = "".join(f'[[system]]\nmodule = "app.{name}"\n' for name in ("old", "other"))
    file.write_text(f'name = "own"\ntarget = "app.new"\n{systems}')
    return load_profile(str(file))


def test_modules_that_are_there_need_no_word(profile: Profile) -> None:
    assert notes_on_absent(profile, [OLD, OTHER]) == ()


def test_a_module_that_is_not_there_is_named(profile: Profile) -> None:
    [note] = notes_on_absent(profile, [OLD, "lib/app/others.py", "lib/myapp/other.py"])
    assert note == "the profile's module app.other is not in this project"


def test_a_project_that_has_the_target_may_have_lost_the_modules(profile: Profile) -> None:
    assert notes_on_absent(profile, [TARGET]) == notes_on_absent(profile, [TARGET, OLD]) == ()


def test_a_profile_of_another_project_is_told_once(profile: Profile) -> None:
    [note] = notes_on_absent(profile, ["src/app.py", "docs/lib/app/old.md"])
    assert "no module of the profile own is in this project" in note


def test_bots_lack_some_modules_of_a_packaged_profile(profile: Profile) -> None:
    packaged = replace(profile, is_packaged=True)
    assert notes_on_absent(packaged, [OLD]) == ()
    assert len(notes_on_absent(packaged, ["app.py"])) == 1
    assert load_profile("kraken").is_packaged and not profile.is_packaged

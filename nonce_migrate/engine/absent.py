"""Legacy modules of a profile that a project does not have: a slip in a name, or the wrong profile.

Nothing would be found then, and a check would pass for the wrong reason. Where the target is there
the project was migrated, and modules may be gone for good.
"""

from __future__ import annotations

from collections.abc import Iterable

from nonce_migrate.profile.schema import Profile


def notes_on_absent(profile: Profile, files: Iterable[str]) -> tuple[str, ...]:
    """What a person should know of that. files: paths of the whole project.

    Of a packaged profile some systems are missing in most bots, so only that all are is told.
    """
    paths = [f"/{path}" for path in files if path.endswith((".py", ".pyi"))]
    if _is_there(profile.target, paths):
        return ()
    absent = [s.module for s in profile.systems if not _is_there(s.module, paths)]
    if len(absent) == len(profile.systems):
        text = f"no module of the profile {profile.name} is in this project, nor is its target"
        return (f"{text}: see that it is the right profile, and that git does not ignore them",)
    if profile.is_packaged:
        return ()
    return tuple(f"the profile's module {name} is not in this project" for name in absent)


def _is_there(module: str, paths: Iterable[str]) -> bool:
    path = "/" + module.replace(".", "/")
    ends = (f"{path}.py", f"{path}.pyi", f"{path}/__init__.py")
    return any(each.endswith(ends) for each in paths)

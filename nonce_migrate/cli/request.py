"""From the words of a command line to the engine's options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from nonce_migrate.cli.today import today
from nonce_migrate.documents.kinds import kind_of
from nonce_migrate.errors import ProjectError
from nonce_migrate.model import Code, Safety
from nonce_migrate.reports.wording import visible

_NEVER = "never"

if TYPE_CHECKING:
    from nonce_migrate.engine import Options
    from nonce_migrate.profile import Profile
    from nonce_migrate.settings import Settings


class Request(NamedTuple):
    """What every command takes, as it was typed. profile: None where none was named.

    since: the git revision whose changes alone are looked at, None for everything. shard: `I/N`.
    select, ignore: finding codes or their first letters, between commas. remove_in: when shims are
    to go.
    """

    paths: tuple[str, ...]
    profile: str | None
    exclude: tuple[str, ...]
    since: str | None = None
    shard: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    remove_in: str | None = None


def build_options(
    request: Request,
    *,
    vendor: bool = True,
    shims: bool = True,
    force: bool = False,
    upgrade: bool = False,
    accept: Safety = Safety.SAFE,
    jobs: int = 0,
    codes: frozenset[Code] = frozenset(Code),
) -> Options:
    """The engine's options for a request and the settings of its one project.

    Raises ProjectError for paths and settings that cannot be used, ProfileError.
    """
    found = build_each(
        request,
        vendor=vendor,
        shims=shims,
        force=force,
        upgrade=upgrade,
        accept=accept,
        jobs=jobs,
        codes=codes,
    )
    if len(found) > 1:
        names = ", ".join(visible(str(options.root)) for options in found)
        raise ProjectError(f"the paths lie in different projects ({names}); run once for each")
    return found[0]


def build_each(
    request: Request,
    *,
    vendor: bool = True,
    shims: bool = True,
    force: bool = False,
    upgrade: bool = False,
    accept: Safety = Safety.SAFE,
    jobs: int = 0,
    codes: frozenset[Code] = frozenset(Code),
    warn: frozenset[Code] = frozenset(),
) -> list[Options]:
    """The engine's options for each project that the paths of a request lie in.

    codes: those looked for where neither the request nor the project's settings select any. warn:
    those that are looked for then, too, without failing a check.
    Raises ProjectError for paths and settings that cannot be used, ProfileError.
    """
    paths = _existing(request.paths or (".",))

    from nonce_migrate.accept.per_file import per_file
    from nonce_migrate.cli.codes import chosen_codes, layered
    from nonce_migrate.discover import find_roots
    from nonce_migrate.engine import Options
    from nonce_migrate.settings import read_settings

    found = []
    for root, inside in find_roots(paths).items():
        if root == root.parent and root not in inside:
            raise ProjectError("the paths lie in no common project; run once for each project")
        settings = read_settings(root)
        select, ignore = layered(request.select, request.ignore, settings)
        chosen = chosen_codes(select, ignore, codes | warn)
        found.append(
            Options(
                root=root,
                paths=inside,
                profile=profile_of(request.profile, settings),
                exclude=(*settings.exclude, *request.exclude),
                vendor=vendor,
                shims=shims,
                force=force,
                upgrade=upgrade,
                remove_in=_remove_in(request.remove_in, settings.shims_remove_in),
                today=today(),
                accept=accept,
                jobs=jobs,
                only=_changed(root, request.since),
                shard=_shard(request.shard),
                codes=chosen,
                warn=frozenset() if select else warn & chosen,
                accepted=per_file(settings.per_file_ignores),
            )
        )
    return found


def profile_of(named: str | None, settings: Settings) -> Profile:
    """The profile that was named, else the project's, with the project's roots. Raises
    ProfileError.
    """
    from nonce_migrate.profile import load_profile

    name = named or settings.profile
    if name.endswith(".toml"):
        from nonce_migrate.settings.keys import NAMES

        profile = load_profile(name, beside=NAMES)
    else:
        profile = load_profile(name)
    return replace(profile, roots=settings.roots) if settings.roots else profile


def _remove_in(given: str | None, setting: str) -> str | None:
    """When shims are to go: "" for not at all, None where nothing says it. Raises ProjectError."""
    if given is None:
        return setting or None
    if given == _NEVER:
        return ""
    from nonce_migrate.expiry import parse_expiry

    try:
        return parse_expiry(given).text
    except ValueError as error:
        raise ProjectError(f"--remove-in: {visible(str(error))}") from None


def _changed(root: Path, revision: str | None) -> frozenset[str] | None:
    """The files that a run is limited to. Raises ProjectError."""
    if revision is None:
        return None
    from nonce_migrate.discover.changed import changed_since

    return changed_since(root, revision)


def _shard(text: str | None) -> tuple[int, int]:
    """`2/3` as (2, 3). Raises ProjectError."""
    if text is None:
        return 1, 1
    part, _, parts = text.partition("/")
    if part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts):
        return int(part), int(parts)
    raise ProjectError(f"--shard: {visible(text)}: give I/N with 1 <= I <= N, such as 2/3")


def project_root(text: str) -> Path:
    """The root of the project that a path lies in. Raises ProjectError."""
    from nonce_migrate.discover import find_root

    return find_root(_existing([text]))


def _existing(texts: Sequence[str]) -> tuple[Path, ...]:
    """The paths, absolute and without links, each once. Raises ProjectError naming all bad ones."""
    paths: dict[Path, None] = {}
    problems = []
    for text in texts:
        try:
            paths[_resolved(text)] = None
        except ProjectError as error:
            problems.append(str(error))
    if problems:
        raise ProjectError("\n".join(problems))
    return tuple(paths)


def _resolved(text: str) -> Path:
    if not text:
        raise ProjectError("a path is empty; give a folder or a file")
    try:
        path = Path(text).resolve(strict=True)
    except FileNotFoundError:
        raise ProjectError(f"{visible(text)}: no such file or folder") from None
    except RuntimeError:
        raise ProjectError(f"{visible(text)}: a loop of symbolic links") from None
    except OSError as error:
        raise ProjectError(f"{visible(text)}: {error.strerror}") from None
    if not path.is_dir() and not (path.is_file() and kind_of(path.name) is not None):
        raise ProjectError(f"{visible(text)}: neither a folder nor a file that can be looked at")
    return path

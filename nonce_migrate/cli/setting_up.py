"""From what `init` was told to the request for a project's files."""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path

from nonce_migrate.cli.asking import Wishes
from nonce_migrate.cli.baselines import DEFAULT
from nonce_migrate.errors import ProjectError
from nonce_migrate.scaffold import Request, Source, parse_source
from nonce_migrate.settings import read_settings
from nonce_migrate.visible import visible

# What the manager keeps in the root of a bot; the folder that undo needs ignores itself.
_REASON = "there when nonce-migrate was set up"
STATE_FILES = ("kraken_nonce_sequence.*", "kraken_call_*.lock")


def request_for(root: Path, wishes: Wishes, installed: Source | None) -> Request:
    """The request of the project at root; installed: where the tool that runs came from.

    Raises ProjectError, ProfileError.
    """
    repository = repository_of(root)
    services = wishes.services or ()
    profile = _profile_setting(wishes.profile, root)
    baseline = read_settings(root).baseline
    first = "" if baseline or not wishes.baseline else _first_baseline(root, wishes.profile)
    return Request(
        root=root,
        repository=repository,
        profile=profile,
        baseline=DEFAULT if first else baseline,
        first_baseline=first,
        services=services,
        source=_source(wishes.source, installed, repository) if services else None,
        ignored=STATE_FILES if wishes.ignores_state else (),
    )


def repository_of(root: Path) -> Path:
    """The folder of the git repository that a project lies in; the project's where there is none.

    There is where services look for their files.
    """
    for folder in (root, *root.parents):
        if os.path.lexists(folder / ".git"):
            return folder
    return root


def read(path: Path) -> bytes | None:
    """The bytes of a file, None where nothing stands there. Raises ProjectError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        if path.is_symlink():
            raise ProjectError(f"{path}: a link to nowhere; remove it or mend it") from None
        return None
    except OSError as error:
        raise ProjectError(f"{path}: cannot be read: {error.strerror}") from None


def _first_baseline(root: Path, profile: str | None) -> str:
    """The baseline that is there, else one of all that fails a check today; "" for nothing."""
    from nonce_migrate.baseline.entries import Entry, render_baseline
    from nonce_migrate.cli.baselines import found_keys
    from nonce_migrate.cli.check import GATE, of_kinds
    from nonce_migrate.cli.request import Request as Run
    from nonce_migrate.cli.request import build_options

    existing = read(root / DEFAULT)
    if existing is not None:
        return existing.decode(errors="replace")
    run = Run((str(root),), profile, ())
    keys, _ = found_keys(of_kinds(build_options(run, codes=GATE)))
    return render_baseline(Entry(key, _REASON) for key in keys).decode() if keys else ""


def _source(text: str | None, installed: Source | None, repository: Path) -> Source:
    if text is not None:
        return parse_source(text, repository)
    if installed is None:
        raise ProjectError(
            "--source: say where CI installs nonce-migrate from: the place that it was installed "
            "from here is on this machine only"
        )
    return installed


def _profile_setting(named: str | None, root: Path) -> str | None:
    """A profile as the configuration of the project calls it: a file by its path from root."""
    if named is None:
        return None
    from nonce_migrate.profile import load_profile

    load_profile(named)
    packaged = resources.files("nonce_migrate.profile").joinpath(f"{named}.toml")
    if "/" not in named and packaged.is_file():
        return named
    path = Path(named).resolve()
    if not path.is_relative_to(root) or not named.isprintable():
        raise ProjectError(f"--profile: {visible(named)}: not in the project; CI would not have it")
    # With the dot it cannot be taken for the name of a packaged one.
    return f"./{path.relative_to(root).as_posix()}"

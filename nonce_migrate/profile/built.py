"""Keeps packaged profiles as they were built, the way Python keeps bytecode: in `__pycache__`.

Reading one takes longer than looking at a small project. What is kept counts as long as the files
that it was made of are the same; it is as trustworthy as the bytecode beside it.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nonce_migrate.profile.schema import Profile

_FOLDER = Path(__file__).absolute().parent
# The profiles and all that reads them, and the manager that they are held to.
_SOURCES = (_FOLDER, _FOLDER.parent / "vendored")

_Stamp = tuple[tuple[str, int, int], ...]


def built(name: str) -> Profile | None:
    """The profile of that name as it was kept; None where there is none that still counts."""
    import pickle

    try:
        kept: tuple[_Stamp, Profile] = pickle.loads(_file(name).read_bytes())
        stamp, profile = kept
        return profile if stamp == _stamp() else None
    except Exception:  # whatever stands there: then it is built again
        return None


def keep(name: str, profile: Profile) -> None:
    """Keeps a profile, where bytecode may be kept. Never fails."""
    import pickle

    if sys.dont_write_bytecode:
        return
    file = _file(name)
    temporary = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(pickle.dumps((_stamp(), profile)))
        temporary.replace(file)


def _file(name: str) -> Path:
    folder = _FOLDER / "__pycache__"
    if sys.pycache_prefix is not None:
        folder = Path(sys.pycache_prefix, *_FOLDER.parts[1:])
    return folder / f"{name}.{sys.implementation.cache_tag}.pickle"


def _stamp() -> _Stamp:
    """Differs where one of the files differs that a profile is made of. Raises OSError."""
    files = (file for folder in _SOURCES for file in folder.iterdir())
    sources = sorted(str(file) for file in files if file.suffix in (".py", ".toml"))
    infos = ((source, os.stat(source)) for source in sources)  # noqa: PTH116
    return tuple((source, info.st_mtime_ns, info.st_size) for source, info in infos)

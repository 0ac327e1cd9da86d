"""What a run is asked to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nonce_migrate.model import Safety
from nonce_migrate.profile.schema import Profile

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Options:
    """root: the project, absolute. paths: files or folders in it that findings and edits are
    limited to. exclude: gitignore patterns besides the profile's. vendor: install the manager.
    shims: turn legacy modules into shims. force: overwrite a foreign file at the target. accept:
    the least sure edits that are made. jobs: how many processes may work, 0 as many as cores.
    """

    root: Path
    paths: tuple[Path, ...]
    profile: Profile
    exclude: tuple[str, ...] = ()
    vendor: bool = True
    shims: bool = True
    force: bool = False
    accept: Safety = Safety.SAFE
    jobs: int = 0

    def covers(self, path: str) -> bool:
        """Whether a file (relative to the root) lies in the paths asked for."""
        return any(
            wanted in (".", path) or path.startswith(f"{wanted}/") for wanted in self._wanted
        )

    @cached_property
    def _wanted(self) -> tuple[str, ...]:
        return tuple(path.relative_to(self.root).as_posix() for path in self.paths)

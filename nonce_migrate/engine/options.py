"""What a run is asked to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from nonce_migrate.accept.per_file import NOTHING, PerFile
from nonce_migrate.documents.kinds import EVERY_KIND, DocumentKind
from nonce_migrate.model import Code, Safety
from nonce_migrate.profile.schema import Profile

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Options:
    """root: the project, absolute. paths: files or folders in it that findings and edits are
    limited to. exclude: gitignore patterns besides the profile's. vendor: install the manager.
    shims: turn legacy modules into shims. force: overwrite a foreign or edited file at the target.
    upgrade: renew a manager there that is out of date.
    remove_in: when shims are to go, "" for not settled, None to leave what they say. today: what
    their days are compared with, None not to. accept:
    the least sure edits that are made. jobs: how many processes may work, 0 as many as cores.
    only: the files that findings are limited to beside that, None for all. shard: (i, n) for the
    i-th of n parts of the files, by their paths, counted from 1. kinds: the files that are looked
    at. codes: the findings asked for; what is needed for others alone is not looked for. warn:
    those of them that do not fail a check. kept: files, relative to the root, that are looked at
    and left as they are. accepted: codes that do not count in the files of a pattern.
    """

    root: Path
    paths: tuple[Path, ...]
    profile: Profile
    exclude: tuple[str, ...] = ()
    vendor: bool = True
    shims: bool = True
    force: bool = False
    upgrade: bool = False
    remove_in: str | None = None
    today: date | None = None
    accept: Safety = Safety.SAFE
    jobs: int = 0
    only: frozenset[str] | None = None
    shard: tuple[int, int] = (1, 1)
    kinds: frozenset[DocumentKind] = EVERY_KIND
    codes: frozenset[Code] = frozenset(Code)
    warn: frozenset[Code] = frozenset()
    kept: frozenset[str] = frozenset()
    accepted: PerFile = NOTHING

    def covers(self, path: str) -> bool:
        """Whether a file (relative to the root) lies in the paths asked for."""
        if self.only is not None and path not in self.only:
            return False
        return self._is_in_shard(path) and any(
            wanted in (".", path) or path.startswith(f"{wanted}/") for wanted in self._wanted
        )

    def _is_in_shard(self, path: str) -> bool:
        part, parts = self.shard
        if parts == 1:
            return True
        from zlib import crc32

        return crc32(path.encode(errors="surrogateescape")) % parts == part - 1

    @property
    def covers_everything(self) -> bool:
        """Whether every file of the project is asked for."""
        return self.only is None and self.shard == (1, 1) and "." in self._wanted

    @cached_property
    def _wanted(self) -> tuple[str, ...]:
        return tuple(path.relative_to(self.root).as_posix() for path in self.paths)

    def may_edit(self, path: str) -> bool:
        """Whether a file may be written."""
        return path not in self.kept and self.covers(path)

    def keeping(self, paths: Iterable[str]) -> Options:
        """The same run, with these files left as they are too."""
        return replace(self, kept=self.kept.union(paths))

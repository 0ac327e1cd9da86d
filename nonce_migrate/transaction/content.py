"""New files: their bytes on stable storage, with the owner and mode they should have."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

from nonce_migrate.transaction.disk import Disk

# What a file system says that has no such links, or will not make this one.
_NO_LINK = frozenset(
    {errno.EPERM, errno.EACCES, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS}
)
_NO_ATTRIBUTE = frozenset({errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EINVAL, errno.ENODATA})


def write_new(disk: Disk, path: Path, data: bytes, like: Path | None = None) -> None:
    """Writes a file that was not there. like: the file whose owner, mode and attributes it gets.

    Raises OSError and leaves no file behind, as far as that is possible.
    """
    descriptor = fill_new(disk, path, data, like)
    try:
        try:
            disk.sync(descriptor)
        finally:
            disk.close(descriptor)
    except OSError:
        with suppress(OSError):
            disk.remove(path)
        raise


def fill_new(disk: Disk, path: Path, data: bytes, like: Path | None = None) -> int:
    """The same but for the waiting: gives a descriptor of the file, to be synced and closed."""
    descriptor = disk.open_new(path)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[disk.write(descriptor, bytes(rest)) :]
        if like is None:
            adopt(disk, path)
        else:
            _dress(disk, path, like)
    except OSError:
        with suppress(OSError):
            disk.close(descriptor)
        with suppress(OSError):
            disk.remove(path)
        raise
    return descriptor


def adopt(disk: Disk, path: Path) -> None:
    """Gives what root has made to the owner of the folder that it is in."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    folder = path.parent.stat()
    if folder.st_uid != 0:
        disk.set_owner(path, folder.st_uid, folder.st_gid)


def preserve(disk: Disk, path: Path, image: Path) -> None:
    """Keeps a file under a second name.

    A link keeps everything: bytes, times, mode, attributes. Where none can be made, a copy has to
    do.
    """
    try:
        disk.link(path, image)
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        copy(disk, path, image)


def copy(disk: Disk, path: Path, new: Path) -> None:
    """A copy with owner, mode, attributes and times."""
    info = path.stat()
    write_new(disk, new, path.read_bytes(), like=path)
    disk.set_times(new, info.st_atime_ns, info.st_mtime_ns)


def bring_back(disk: Disk, image: Path, path: Path, staged: Path) -> None:
    """Puts a kept file back at its place, in one step. staged: a free name beside it."""
    try:
        disk.replace(image, path)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        copy(disk, image, staged)
        disk.replace(staged, path)
        disk.remove(image)


def _dress(disk: Disk, path: Path, like: Path) -> None:
    """Owner first, since a change of owner takes bits of the mode away."""
    info, new = like.stat(), path.stat()
    if (info.st_uid, info.st_gid) != (new.st_uid, new.st_gid):
        disk.set_owner(path, info.st_uid, info.st_gid)
    for name in _attributes(like):
        try:
            disk.set_attribute(path, name, os.getxattr(like, name, follow_symlinks=False))
        except OSError as error:
            if error.errno not in _NO_ATTRIBUTE:
                raise
    disk.set_mode(path, stat.S_IMODE(info.st_mode))


def _attributes(path: Path) -> list[str]:
    if not hasattr(os, "listxattr"):
        return []
    try:
        return os.listxattr(path, follow_symlinks=False)
    except OSError:
        return []

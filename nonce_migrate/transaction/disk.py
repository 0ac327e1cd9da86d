"""Every system call by which a transaction changes the disk, each as one method.

Nothing else in this package changes a file, so a test can make any single one of them fail.
"""

from __future__ import annotations

import os
from pathlib import Path

_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | getattr(os, "O_CLOEXEC", 0)


class Disk:
    """The real disk. Every method raises OSError as the system does."""

    def open_new(self, path: Path) -> int:
        """A descriptor of a file that was not there before; its mode goes by the umask."""
        return os.open(path, _NEW, 0o666)

    def write(self, descriptor: int, data: bytes) -> int:
        """Writes some of the data; gives how many bytes."""
        return os.write(descriptor, data)

    def sync(self, descriptor: int) -> None:
        """Waits until what was written is on stable storage."""
        os.fsync(descriptor)

    def close(self, descriptor: int) -> None:
        """Closes a descriptor."""
        os.close(descriptor)

    def sync_folder(self, folder: Path) -> None:
        """Waits until the names in a folder are on stable storage."""
        if os.name == "nt":
            return
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def set_owner(self, path: Path, user: int, group: int) -> None:
        """Gives a file to a user and a group."""
        os.chown(path, user, group, follow_symlinks=False)

    def set_mode(self, path: Path, mode: int) -> None:
        """Sets the permissions."""
        path.chmod(mode)

    def set_times(self, path: Path, accessed_ns: int, modified_ns: int) -> None:
        """Sets the times."""
        os.utime(path, ns=(accessed_ns, modified_ns))

    def set_attribute(self, path: Path, name: str, value: bytes) -> None:
        """Sets an extended attribute."""
        os.setxattr(path, name, value, follow_symlinks=False)

    def link(self, path: Path, new: Path) -> None:
        """Gives a file a second name."""
        os.link(path, new, follow_symlinks=False)

    def replace(self, path: Path, new: Path) -> None:
        """Gives a file another name, in place of what had it."""
        path.replace(new)

    def remove(self, path: Path) -> None:
        """Takes a name of a file away."""
        path.unlink()

    def make_folder(self, path: Path) -> None:
        """Makes a folder."""
        path.mkdir()

    def remove_folder(self, path: Path) -> None:
        """Removes an empty folder."""
        path.rmdir()

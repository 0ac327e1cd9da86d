"""The shape of Windows: no fcntl, no fork, no pread; msvcrt locks of a byte range."""

from __future__ import annotations

from pathlib import Path

from . import children

_WINDOWS = """
import types
locked, calls = {}, []
msvcrt = types.ModuleType("msvcrt")
msvcrt.LK_NBLCK, msvcrt.LK_UNLCK = 2, 0
def locking(fd, mode, count):
    key = os.fstat(fd).st_ino, os.lseek(fd, 0, os.SEEK_CUR)
    calls.append(key[1])
    if mode == msvcrt.LK_UNLCK:
        if locked.pop(key, None) is None:
            raise OSError(13, "not locked")
    elif locked.setdefault(key, fd) != fd:
        raise OSError(13, "Permission denied")
msvcrt.locking = locking
sys.modules.update(msvcrt=msvcrt, fcntl=None)
for name in ("register_at_fork", "fork", "O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK", "pread",
             "pwrite", "fchmod", "geteuid"):
    delattr(os, name)
sys.modules.pop("_consolidated_nonce_manager")
cnm = load("windows")
m = cnm.get_nonce_manager()
"""


def test_nonces_are_locked_and_kept(state: Path, frozen: str) -> None:
    code = """
        drawn = [int(m.get_nonce()) for _ in range(50)]
        m.force_save()
        say([drawn == sorted(set(drawn)), len(calls) >= 100, set(calls) == {1 << 30}, not locked,
             drawn[-1]])
    """.replace("\n        ", "\n")
    *checks, last = children.run(state, _WINDOWS + code, FROZEN=frozen)
    assert checks == [True] * 4
    again = "\nsay(int(m.get_nonce()))"
    assert children.run(state, _WINDOWS + again, FROZEN=frozen) > last


def test_a_lock_of_another_process_is_waited_for(state: Path) -> None:
    code = """
m.get_nonce()
key = os.stat(m.get_status()["state_file"]).st_ino, 1 << 30
locked[key] = -1
threading.Timer(0.2, locked.pop, [key]).start()
started = time.monotonic()
m.get_nonce()
say(time.monotonic() - started > 0.1)
"""
    assert children.run(state, _WINDOWS + code) is True


def test_the_drive_d_is_a_path_on_windows_only(state: Path, tmp_path: Path) -> None:
    (tmp_path / "D:" / "trading_data").mkdir(parents=True)
    code = 'del os.environ["NONCE_STATE_DIR"]; say(str(cnm._state_directory()))'
    assert "D:" not in children.run(state, code)

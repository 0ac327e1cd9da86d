"""What is read is what the manager wrote, and a start goes on where we say."""

from __future__ import annotations

import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from nonce_migrate.errors import ProjectError
from nonce_migrate.monitor.record import RECORD_SIZE, SLOT, decode
from nonce_migrate.monitor.sequence import next_start, read_sequence
from tests.manager import children
from tests.monitor.bots import BAK, DAT, IDLE, killed

FIRST = "say(int(m.get_nonce()))"


def test_the_last_nonce_of_a_killed_bot(state: Path, frozen: str) -> None:
    code = "say([int(m.get_nonce()) for _ in range(7)])\nsys.stdin.readline()"
    killed(state, code, FROZEN=frozen)

    top = read_sequence(state).top

    assert top is not None
    assert top.last == top.drawn == int(frozen) // 1000 + 6
    assert top.recovered == 0


def test_a_recovery_is_told_from_a_draw(state: Path) -> None:
    code = "drawn = m.get_nonce()\nsay([int(drawn), int(m.recover_from_error())])"
    drawn, recovered = children.run(state, code)

    top = read_sequence(state).top

    assert top is not None
    assert (top.drawn, top.recovered) == (drawn, recovered)
    assert top.last >= recovered


def test_a_flipped_bit_is_noticed(state: Path) -> None:
    killed(state)
    data = (state / DAT).read_bytes()
    raw = data[SLOT : SLOT + RECORD_SIZE]

    assert decode(raw, 1) is not None
    assert decode(raw, 0) is None
    for position in range(RECORD_SIZE):
        flipped = bytearray(raw)
        flipped[position] ^= 0x10
        assert decode(bytes(flipped), 1) is None


def _flip(path: Path, offset: int) -> None:
    data = bytearray(path.read_bytes())
    data[offset + 40] ^= 1
    path.write_bytes(data)


def _from_another_boot(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for offset in (0, SLOT):
        body = data[offset : offset + RECORD_SIZE - 4]
        body[8:24] = b"another boot id."
        data[offset : offset + RECORD_SIZE] = body + struct.pack("<I", zlib.crc32(body))
    path.write_bytes(data)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "none": lambda state: None,
    "state deleted": lambda state: (state / DAT).unlink(),
    "state emptied": lambda state: (state / DAT).write_bytes(b""),
    "state overwritten": lambda state: (state / DAT).write_bytes(b"\xff" * 5000),
    "first slot": lambda state: _flip(state / DAT, 0),
    "second slot": lambda state: _flip(state / DAT, SLOT),
    "backup deleted": lambda state: (state / BAK).unlink(),
    "backup overwritten": lambda state: (state / BAK).write_bytes(b"\xff" * 5000),
    "other boot": lambda state: _from_another_boot(state / DAT),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_start_goes_on_where_we_say(state: Path, frozen: str, damage: str) -> None:
    killed(state, IDLE, FROZEN=frozen)
    DAMAGES[damage](state)

    above = next_start(read_sequence(state))

    assert above is not None
    assert children.run(state, FIRST, FROZEN=frozen) == above + 1


def test_a_start_goes_on_where_we_say_after_a_save(state: Path, frozen: str) -> None:
    code = "m.get_nonce()\nm.force_save()\nsay(1)\nsys.stdin.readline()"
    killed(state, code, FROZEN=frozen)

    above = next_start(read_sequence(state))

    assert above is not None
    assert children.run(state, FIRST, FROZEN=frozen) == above + 1


def test_after_all_is_damaged_nothing_is_foretold(state: Path) -> None:
    for name in (DAT, BAK):
        (state / name).write_bytes(b"\xff" * 5000)

    reading = read_sequence(state)

    assert next_start(reading) is None
    assert not reading.is_untouched


def test_reading_changes_nothing(state: Path) -> None:
    killed(state)
    before = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in state.iterdir()}

    for _ in range(20):
        read_sequence(state)

    assert {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in state.iterdir()} == before


def test_reading_creates_nothing(state: Path) -> None:
    assert read_sequence(state).is_untouched
    assert list(state.iterdir()) == []


def test_a_writer_at_full_speed_is_always_read_whole(state: Path, frozen: str) -> None:
    code = """
        say(int(m.get_nonce()))
        drawn = [int(m.get_nonce()) for _ in range(40_000)]
        say(drawn[-1])
        sys.stdin.readline()
    """
    child = children.start(state, code, FROZEN=frozen)
    assert child.stdout is not None
    first, last, lasts = int(child.stdout.readline()), 0, []
    while last < first + 40_000:
        top = read_sequence(state).top
        assert top is not None
        assert top.last >= last
        last = top.last
        lasts.append(last)
        time.sleep(0.0002)
    out, _ = child.communicate("\n")

    # The clock stands, so a lost or repeated nonce would show as a step that is not 1.
    assert int(out) == first + 40_000
    assert len(set(lasts)) > 5


def test_what_the_manager_refuses_is_said(state: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"")
    (state / DAT).symlink_to(tmp_path / "elsewhere")
    (state / BAK).mkdir()

    reading = read_sequence(state)

    assert "symbolic link" in getattr(reading.state, "reason", "")
    assert "not a regular file" in getattr(reading.backup, "reason", "")


def test_a_file_of_another_user(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Root may read everything, so the refusal is the system's own, given by hand.
    killed(state)

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", refuse)
    with pytest.raises(ProjectError, match=r"\.dat: cannot be read: Permission denied; run this"):
        read_sequence(state)

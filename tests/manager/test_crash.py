"""Crash safety: what a killed process, a power cut, a failed sync or a lost file may not do."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from nonce_migrate.vendored import consolidated_nonce_manager as cnm

from . import children

Manager = cnm.ConsolidatedNonceManager
DAT, BAK = "kraken_nonce_sequence.dat", "kraken_nonce_sequence.bak"
FIRST = "say(int(m.get_nonce()))"


def lose(path: Path, how: str) -> None:
    if how == "deleted":
        path.unlink()
    elif how == "emptied":
        path.write_bytes(b"")
    else:
        path.write_bytes(b"\xff" * path.stat().st_size)


@pytest.mark.parametrize("draws", [1, 2, 37])
def test_a_killed_process_loses_nothing(state: Path, frozen: str, draws: int) -> None:
    code = f"""
        for _ in range({draws}):
            say(int(m.get_nonce()))
        sys.stdin.readline()
    """
    child = children.start(state, code, FROZEN=frozen)
    assert child.stdout is not None
    drawn = [int(child.stdout.readline()) for _ in range(draws)]
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert children.run(state, FIRST, FROZEN=frozen) == drawn[-1] + 1


@pytest.mark.parametrize("rebooted", [True, False])
@pytest.mark.parametrize("saved", [True, False])
def test_a_power_cut_loses_nothing(state: Path, frozen: str, rebooted: bool, saved: bool) -> None:
    # Each file goes back to what it was when it was last synced.
    code = f"""
        synced, real = {{}}, os.fsync
        def fsync(fd):
            real(fd)
            path = os.readlink(f"/proc/self/fd/{{fd}}")
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    synced[path] = file.read()
        os.fsync = fsync
        drawn = [int(m.get_nonce()) for _ in range(50)]
        if {saved}:
            m.force_save()
            drawn += [int(m.get_nonce()) for _ in range(50)]
        m.recover_from_error()
        drawn += [int(m.get_nonce()) for _ in range(50)]
        for path, content in synced.items():
            with open(path, "wb") as file:
                file.write(content)
        say([max(drawn), sorted(map(os.path.basename, synced))])
    """
    highest, synced = children.run(state, code, FROZEN=frozen)
    assert synced == [BAK, DAT]
    after = "cnm._boot_id = lambda: b'another boot id.'\n" if rebooted else ""
    assert children.run(state, after + FIRST, FROZEN=frozen) > highest


def test_after_a_reboot_the_sequence_goes_on_above_the_ceiling(state: Path, frozen: str) -> None:
    last = children.run(state, FIRST, FROZEN=frozen)
    code = "cnm._boot_id = lambda: b'another boot id.'\n" + FIRST
    assert last + 5_000_000 <= children.run(state, code, FROZEN=frozen) <= last + 5_000_010


def test_without_a_boot_id_every_start_counts_as_a_reboot(state: Path, frozen: str) -> None:
    code = "cnm._boot_id = lambda: bytes(16)\n" + FIRST
    assert children.run(state, code, FROZEN=frozen) + 5_000_000 <= children.run(
        state, code, FROZEN=frozen
    )


def test_a_failed_sync_is_not_believed(state: Path, frozen: str) -> None:
    code = """
        first = int(m.get_nonce())
        before = [open(p, "rb").read() for p in sorted(os.scandir(os.environ["NONCE_STATE_DIR"]))]
        real, calls = os.fsync, []
        def broken(fd):
            calls.append(fd)
            raise OSError(5, "Input/output error")
        os.fsync = broken
        drawn, failures = [], 0
        for _ in range(3):                               # each jump needs a higher ceiling
            try:
                m.reset_nonce_state(60)
            except cnm.NonceStateError as error:
                failures += "kraken_nonce_sequence.bak" in str(error)
        kept = cnm._runtime.sequence._ceiling
        drawn = [int(m.get_nonce()) for _ in range(3)]   # these are below the old ceiling
        backup = open(cnm._runtime.sequence._backup.path, "rb").read()
        status = m.get_status()
        os.fsync = real
        m.reset_nonce_state(60)
        say([failures, [n - first for n in drawn], kept - first, backup in before,
             status["persistence_ok"], "Input/output" in status["last_error"],
             m.get_status()["persistence_ok"], int(m.get_nonce()) - first])
    """.replace("sorted(os.scandir(", "sorted(e.path for e in os.scandir(")
    failures, drawn, kept, restored, ok_then, told, ok_now, after = children.run(
        state, code, FROZEN=frozen
    )
    assert (failures, drawn, restored) == (3, [1, 2, 3], True)
    assert kept < 6_000_000
    assert (ok_then, told, ok_now) == (False, True, True)
    assert after > 60_000_000


def test_a_failed_sync_at_the_first_start_leaves_no_trace(state: Path, frozen: str) -> None:
    code = """
        real = os.fsync
        def broken(fd):
            raise OSError(5, "Input/output error")
        os.fsync = broken
        try:
            m.get_nonce()
        except cnm.NonceStateError:
            os.fsync = real
            say(int(m.get_nonce()))
    """
    first = children.run(state, code, FROZEN=frozen)
    assert first == int(frozen) // 1000


def test_a_failed_write_issues_nothing(state: Path, frozen: str) -> None:
    code = """
        import resource
        last = int(m.get_nonce())
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        try:
            m.get_nonce()
        except cnm.NonceStateError as error:
            message = str(error)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        say([last, int(m.get_nonce()), message])
    """
    last, after, message = children.run(state, code, FROZEN=frozen)
    assert after > last
    assert DAT in message
    assert "NONCE_STATE_DIR" in message


@pytest.mark.parametrize("how", ["deleted", "emptied", "garbled"])
@pytest.mark.parametrize("name", [DAT, BAK])
def test_one_lost_file_is_outlived_by_the_other(
    state: Path, frozen: str, name: str, how: str
) -> None:
    last = children.run(state, "say([int(m.get_nonce()) for _ in range(9)][-1])", FROZEN=frozen)
    lose(state / name, how)
    assert last < children.run(state, FIRST, FROZEN=frozen) < last + 30_000_000


@pytest.mark.parametrize("how", ["deleted", "emptied", "garbled"])
def test_files_lost_under_a_running_process(manager: Manager, state: Path, how: str) -> None:
    for names in ([DAT], [BAK], [DAT, BAK]):
        before = int(manager.get_nonce())
        for name in names:
            lose(state / name, how)
        after = int(manager.get_nonce())
        assert after > before
        manager.force_save()
        assert cnm._kept_on_disk(state) >= after


def test_a_directory_lost_under_two_processes(state: Path, frozen: str) -> None:
    code = """
        for line in sys.stdin:
            say(int(m.get_nonce()))
    """
    running = [children.start(state, code, FROZEN=frozen) for _ in range(2)]

    def draw(child: int) -> int:
        process = running[child]
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("go\n")
        process.stdin.flush()
        return int(process.stdout.readline())

    drawn = [draw(turn % 2) for turn in range(6)]
    for path in state.iterdir():
        path.unlink()
    drawn += [draw(1), draw(0), draw(1), draw(0)]
    for process in running:
        process.communicate()
    assert drawn == sorted(set(drawn))


@pytest.mark.parametrize("position", [20, 36, 41, 4096 + 33, 4096 + 36])
@pytest.mark.parametrize("name", [DAT, BAK])
def test_a_flipped_bit_is_not_believed(state: Path, frozen: str, name: str, position: int) -> None:
    last = children.run(state, "say([int(m.get_nonce()) for _ in range(5)][-1])", FROZEN=frozen)
    raw = bytearray((state / name).read_bytes())
    if position < len(raw):
        raw[position] ^= 8
    (state / name).write_bytes(bytes(raw))
    assert last < children.run(state, FIRST, FROZEN=frozen) < last + 30_000_000


def test_both_files_ruined_go_on_ahead_of_any_recovery(state: Path, frozen: str) -> None:
    code = "for _ in range(12): m.get_nonce(); m.recover_from_error()\n" + FIRST
    last = children.run(state, code, FROZEN=frozen)
    for name in (DAT, BAK):
        lose(state / name, "garbled")
    code = """
        logging.basicConfig(stream=sys.stderr)
        first = int(m.get_nonce())
        say([first, m.get_status()["time_until_current"]])
    """
    first, ahead = children.run(state, code, FROZEN=frozen)
    assert first > last
    assert ahead < 3600


def test_the_ceiling_is_renewed_off_the_drawing_thread(state: Path) -> None:
    code = """
        drawing = threading.get_ident()
        syncs, real = [], os.fsync
        def fsync(fd):
            syncs.append(threading.get_ident())
            real(fd)
        cnm._RESERVE_US = 1_000_000
        m.get_nonce()
        os.fsync = fsync
        end = time.monotonic() + 2
        while time.monotonic() < end:
            m.get_nonce()
            time.sleep(0.01)
        say([len(syncs) >= 2, drawing in syncs])
    """
    assert children.run(state, code) == [True, False]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs another user to be refused")
def test_an_unwritable_directory_is_an_error_that_names_the_cure(state: Path) -> None:
    state.mkdir(mode=0o755)
    for parent in list(state.parents)[:-2]:
        parent.chmod(0o755)
    code = """
        os.setgid(65534); os.setuid(65534)
        try:
            m.get_nonce()
        except cnm.NonceStateError as error:
            say(str(error))
    """
    message = children.run(state, code)
    assert str(state) in message
    assert "NONCE_STATE_DIR" in message


@pytest.mark.parametrize("name", [DAT, BAK])
def test_a_planted_symlink_is_refused(state: Path, manager: Manager, name: str) -> None:
    victim = state.parent / "victim"
    victim.write_bytes(b"VICTIM")
    state.mkdir()
    (state / name).symlink_to(victim)
    with pytest.raises(cnm.NonceStateError, match=name):
        manager.get_nonce()
    assert victim.read_bytes() == b"VICTIM"


def test_a_fifo_in_the_file_s_place_does_not_hang(state: Path, manager: Manager) -> None:
    state.mkdir()
    os.mkfifo(state / DAT)
    with pytest.raises(cnm.NonceStateError, match="not a regular file"):
        manager.get_nonce()


def test_files_are_private(state: Path, manager: Manager) -> None:
    before = os.umask(0)
    try:
        manager.get_nonce()
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in state.iterdir()} == {0o600}


def test_volatile_goes_on_from_memory_and_says_so(
    state: Path,
    manager: Manager,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    last = int(manager.get_nonce())
    ceiling = cnm._kept_on_disk(state)
    manager.close()
    (state / DAT).unlink()
    (state / DAT).mkdir()
    with pytest.raises(cnm.NonceStateError, match=DAT):
        manager.get_nonce()
    monkeypatch.setenv("NONCE_VOLATILE", "1")
    drawn = [int(manager.get_nonce()) for _ in range(3)]
    assert drawn == sorted(set(drawn))
    assert drawn[0] > max(last, ceiling)
    status = manager.get_status()
    assert (status["backend"], status["persistence_ok"]) == ("memory", False)
    assert "memory alone" in caplog.text
    manager.recover_from_error()
    manager.force_save()
    Manager.reset_instance()
    assert int(cnm.get_nonce()) > drawn[-1] + 50_000_000


def test_volatile_refuses_a_forked_child(state: Path) -> None:
    state.write_bytes(b"")
    code = """
        m.get_nonce()
        reader, writer = os.pipe()
        if not os.fork():
            try:
                os.write(writer, m.get_nonce().encode())
            except cnm.NonceStateError as error:
                os.write(writer, str(error).encode())
            os._exit(0)
        os.wait()
        say(os.read(reader, 4096).decode())
    """
    assert "cannot be shared with a forked child" in children.run(state, code, NONCE_VOLATILE="1")


def test_volatile_with_a_good_directory_keeps_the_state(
    state: Path, manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NONCE_VOLATILE", "1")
    manager.get_nonce()
    assert manager.get_status()["persistence_ok"] is True
    assert (state / DAT).is_file()

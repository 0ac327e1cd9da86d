from __future__ import annotations

import pytest

from nonce_migrate.cli.progress import DelayedBar, progress_bar


class _Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_short_run_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    clock = _Clock()
    bar = DelayedBar("scanning", clock)
    for done in range(10):
        clock.now += 0.1
        bar.update(done, 10)
    bar.close()

    assert capsys.readouterr() == ("", "")


def test_without_a_terminal_there_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar("scanning") as progress:
        assert progress is None

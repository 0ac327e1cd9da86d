"""The state of a running bot for a person: one fact a line, and what the files do not hold."""

from __future__ import annotations

from collections.abc import Iterator

from nonce_migrate.monitor.processes import Process, Sharing
from nonce_migrate.monitor.scale import mask
from nonce_migrate.monitor.status import Backend, Condition, Status
from nonce_migrate.reports.screen import Ink, Screen
from nonce_migrate.reports.wording import counted, visible

_INK = {Condition.OK: Ink.GREEN, Condition.NONE: Ink.YELLOW, Condition.UNHEALTHY: Ink.RED}
_ABSENT = {
    Backend.FILE: ("recoveries", "connections"),
    Backend.REDIS: ("rate", "last draw", "persistence", "processes", "recoveries", "connections"),
}
_UNKNOWN = "not known"
_MOST_PROCESSES = 8


def render_status(status: Status, screen: Screen) -> str:
    """The view, the condition first."""
    head = screen.paint(status.condition.value, _INK[status.condition])
    lines = [f"{visible(status.state_file or status.where)}: {head}"]
    lines += [f"  {name:<14} {text}" for name, text in _facts(status)]
    lines += [f"  problem: {visible(text)}" for text in status.problems]
    lines += [f"  note: {visible(text)}" for text in status.notes]
    return "\n".join(lines) + "\n"


def _facts(status: Status) -> Iterator[tuple[str, str]]:
    yield "backend", status.backend.value
    yield "last nonce", _last(status)
    yield "lead", _lead(status.lead_seconds)
    if status.backend is Backend.FILE:
        yield "rate", _rate(status)
        yield "last draw", _ago(status.read_ns, status.drawn_at_ns)
        yield "persistence", _persistence(status.persistence_ok)
        yield "ceiling", _ceiling(status)
        yield "processes", _processes(status.sharing)
    yield "last recovery", _recovery(status)
    absent = "not in the state file" if status.backend is Backend.FILE else "not in Redis"
    for name in _ABSENT[status.backend]:
        yield name, absent


def _last(status: Status) -> str:
    if status.last is None:
        return _UNKNOWN
    scale = status.scale.label if status.scale else "no known scale"
    return f"{mask(status.last)} ({scale})"


def _lead(seconds: float | None) -> str:
    if seconds is None:
        return _UNKNOWN
    return f"{abs(seconds):,.3f} s {'behind' if seconds < 0 else 'ahead of'} the clock"


def _rate(status: Status) -> str:
    rate = status.rate
    if rate is None:
        return _UNKNOWN
    return f"{rate.per_second:,.1f} draws/s (over {rate.seconds:.2f} s; a batch counts as one)"


def _ago(now_ns: int, then_ns: int | None) -> str:
    return _UNKNOWN if then_ns is None else f"{max(0.0, (now_ns - then_ns) / 1e9):,.1f} s ago"


def _persistence(ok: bool | None) -> str:
    if ok is None:
        return _UNKNOWN
    return "ok" if ok else "not ok: no ceiling at or above the last nonce is kept"


def _ceiling(status: Status) -> str:
    if status.ceiling_above_last is None:
        return _UNKNOWN
    saved = _ago(status.read_ns, status.ceiling_saved_at_ns)
    return f"{status.ceiling_above_last:,} above the last nonce, saved {saved}"


def _recovery(status: Status) -> str:
    if status.last is None:
        return _UNKNOWN
    if status.recovered is None:
        return "none that jumped"
    moved = status.moved_since_recovery
    since = "" if moved is None else f"; {moved:,.1f} s of nonces since"
    return f"jumped to {mask(status.recovered)}{since}"


def _processes(sharing: Sharing | None) -> str:
    if sharing is None:
        return "not known here"
    shown = sharing.processes[:_MOST_PROCESSES]
    more = len(sharing.processes) - len(shown)
    parts = [_process(process) for process in shown]
    parts += [f"{more} more"] if more else []
    text = ", ".join(parts) if parts else "none has it open"
    if sharing.hidden:
        hidden = counted(sharing.hidden, "process", "processes")
        text += f" ({hidden} of other users not looked into)"
    return text


def _process(process: Process) -> str:
    marks = [name for name, is_so in _marks(process) if is_so]
    return f"{process.pid} {visible(process.name)}" + (f" [{', '.join(marks)}]" if marks else "")


def _marks(process: Process) -> tuple[tuple[str, bool], ...]:
    return ("has the lock", process.has_lock), ("stopped", process.stopped)

"""The state of a running bot in Prometheus' text exposition format, version 0.0.4.

It is meant for node_exporter's textfile collector, so no sample has a timestamp of its own. All are
labelled with the state directory, or the address of Redis: files of several bots can lie side by
side. A metric whose value is not known is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nonce_migrate.monitor.status import Backend, Condition, Status
from nonce_migrate.reports.wording import visible

_PREFIX = "kraken_nonce_"
_LABELS = {Backend.FILE: "state_dir", Backend.REDIS: "redis"}


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric with one sample. name: without its prefix. kind: gauge or counter."""

    name: str
    kind: str
    help: str
    value: float | None


def render_prometheus(status: Status) -> str:
    """HELP, TYPE and the sample of every metric that is known."""
    label = f'{{{_LABELS[status.backend]}="{_escaped(visible(status.where))}"}}'
    lines: list[str] = []
    for metric in _metrics(status):
        if metric.value is not None:
            name = _PREFIX + metric.name
            lines.append(f"# HELP {name} {metric.help}")
            lines.append(f"# TYPE {name} {metric.kind}")
            lines.append(f"{name}{label} {_number(metric.value)}")
    return "\n".join(lines) + "\n"


def _metrics(status: Status) -> Iterator[Metric]:
    found = status.condition is not Condition.NONE
    healthy = status.condition is Condition.OK
    yield Metric("state_found", "gauge", "Whether a sequence has been started there.", found)
    yield Metric("state_healthy", "gauge", "Whether the state is as it should be.", healthy)
    yield Metric("read_timestamp_seconds", "gauge", "When this was read.", status.read_ns / 1e9)
    yield Metric(
        "lead_seconds",
        "gauge",
        "The last nonce over the clock, negative behind it.",
        status.lead_seconds,
    )
    yield Metric(
        "state_writes_total",
        "counter",
        "Writes of the state file, one for each draw; a batch is one.",
        status.writes,
    )
    rate = status.rate.per_second if status.rate else None
    yield Metric("draws_per_second", "gauge", "Draws between two reads a moment apart.", rate)
    drawn = _seconds(status.drawn_at_ns)
    yield Metric("last_draw_timestamp_seconds", "gauge", "When the last nonce was drawn.", drawn)
    yield from _safety(status)
    yield from _processes(status)


def _safety(status: Status) -> Iterator[Metric]:
    yield Metric(
        "persistence_ok",
        "gauge",
        "Whether a ceiling at or above the last nonce is kept.",
        status.persistence_ok,
    )
    yield Metric(
        "ceiling_above_last",
        "gauge",
        "Nonces from the last one to the kept ceiling.",
        status.ceiling_above_last,
    )
    yield Metric(
        "ceiling_saved_timestamp_seconds",
        "gauge",
        "When the ceiling was last kept.",
        _seconds(status.ceiling_saved_at_ns),
    )
    yield Metric(
        "moved_since_recovery_seconds",
        "gauge",
        "Nonce space used since the last recovery that jumped.",
        status.moved_since_recovery,
    )


def _processes(status: Status) -> Iterator[Metric]:
    if status.sharing is not None:
        number = len(status.sharing.processes)
        yield Metric("processes", "gauge", "Processes that have the state file open.", number)


def _seconds(nanoseconds: int | None) -> float | None:
    return None if nanoseconds is None else nanoseconds / 1e9


def _number(value: float) -> str:
    return str(int(value)) if isinstance(value, int) else repr(value)


def _escaped(text: str) -> str:
    """A label's value: backslash, quote and line feed are escaped."""
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")

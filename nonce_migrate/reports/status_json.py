"""The state of a running bot as JSON. The keys are stable within one `version`.

Always there: `version` (1), `tool`, `command`, `condition` (ok, none, unhealthy), `backend` (file,
redis), `read_at` (seconds since the epoch), `problems`, `notes`; for files `state_dir` and
`state_file`, for Redis `address`.

Absent where the state or the system does not tell: `last_nonce` and `last_recovery` (masked),
`scale`, `lead_seconds` (negative: behind the clock), `draws_per_second` and `rate_over_seconds`,
`state_writes`, `last_draw_age_seconds`, `ceiling_above_last` (nonces), `ceiling_age_seconds`,
`persistence_ok`, `moved_since_recovery_seconds`, `processes` (`pid`, `name`, `has_lock`,
`stopped`) and `processes_hidden`. Counts of recoveries and of connections are not in the state.

`state show`: `state_dir`, and under `files` for each `path`, `kind`, `use`, `reason`, `nonce`
(masked unless --reveal), `scale`, `age_seconds`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from nonce_migrate import __version__
from nonce_migrate.monitor.scale import mask
from nonce_migrate.monitor.status import Status
from nonce_migrate.monitor.survey import Row
from nonce_migrate.reports.wording import visible

_VERSION = 1
Value: TypeAlias = "str | int | float | bool | Sequence[Value] | Mapping[str, Value] | None"


def status_json(status: Status, *, is_line: bool = False) -> str:
    """The document; is_line: on one line, for a stream of them."""
    document = {
        **_head("status"),
        "condition": status.condition.value,
        "backend": status.backend.value,
        **_place(status),
        "read_at": status.read_ns / 1e9,
        **_known({**_sequence(status), **_safety(status), **_processes(status)}),
        "problems": [visible(text) for text in status.problems],
        "notes": [visible(text) for text in status.notes],
    }
    return json.dumps(document, indent=None if is_line else 2) + "\n"


def survey_json(directory: Path, rows: Sequence[Row], spell: Callable[[int], str]) -> str:
    """The document of `state show`; spell: writes a nonce, masked or in full."""
    files = [
        _known(
            {
                "path": visible(str(row.path)),
                "kind": row.kind.value,
                "use": row.use.value,
                "reason": visible(row.reason),
                "nonce": None if row.nonce is None else spell(row.nonce),
                "scale": row.scale.label if row.scale else None,
                "age_seconds": None if row.age_seconds is None else round(row.age_seconds, 3),
            }
        )
        for row in rows
    ]
    document = {**_head("state show"), "state_dir": visible(str(directory)), "files": files}
    return json.dumps(document, indent=2) + "\n"


def _head(command: str) -> dict[str, Value]:
    tool = {"name": "nonce-migrate", "version": __version__}
    return {"version": _VERSION, "tool": tool, "command": command}


def _known(facts: Mapping[str, Value]) -> dict[str, Value]:
    return {key: value for key, value in facts.items() if value is not None}


def _place(status: Status) -> dict[str, Value]:
    if status.state_file is None:
        return {"address": visible(status.where)}
    return {"state_dir": visible(status.where), "state_file": visible(status.state_file)}


def _sequence(status: Status) -> dict[str, Value]:
    rate = status.rate
    return {
        "last_nonce": None if status.last is None else mask(status.last),
        "scale": status.scale.label if status.scale else None,
        "lead_seconds": _rounded(status.lead_seconds),
        "draws_per_second": round(rate.per_second, 3) if rate else None,
        "rate_over_seconds": round(rate.seconds, 6) if rate else None,
        "state_writes": status.writes,
        "last_draw_age_seconds": _age(status.read_ns, status.drawn_at_ns),
    }


def _safety(status: Status) -> dict[str, Value]:
    return {
        "persistence_ok": status.persistence_ok,
        "ceiling_above_last": status.ceiling_above_last,
        "ceiling_age_seconds": _age(status.read_ns, status.ceiling_saved_at_ns),
        "last_recovery": None if status.recovered is None else mask(status.recovered),
        "moved_since_recovery_seconds": _rounded(status.moved_since_recovery),
    }


def _processes(status: Status) -> dict[str, Value]:
    if status.sharing is None:
        return {}
    return {
        "processes": [
            {
                "pid": process.pid,
                "name": visible(process.name),
                "has_lock": process.has_lock,
                "stopped": process.stopped,
            }
            for process in status.sharing.processes
        ],
        "processes_hidden": status.sharing.hidden,
    }


def _age(now_ns: int, then_ns: int | None) -> float | None:
    return None if then_ns is None else round(max(0, now_ns - then_ns) / 1e9, 3)


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 6)

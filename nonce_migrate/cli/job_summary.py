"""The summary of a job on GitHub: the Markdown report, beside the annotations."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from nonce_migrate.cli.output import complain

if TYPE_CHECKING:
    from nonce_migrate.reports.record import Record

_VARIABLE = "GITHUB_STEP_SUMMARY"
# docs.github.com, "Workflow commands", "Step isolation and limits"; a longer one is not shown.
_MOST_BYTES = 1 << 20
_CUT = "\n\n(Cut short, since GitHub shows no more than 1 MiB.)\n"


def append_summary(record: Record) -> None:
    """Appends the report to the file that GITHUB_STEP_SUMMARY names, if it is set.

    Where that fails it is told of, and no error.
    """
    name = os.environ.get(_VARIABLE)
    if not name:
        return
    from nonce_migrate.reports.formats.markdown import render_markdown

    data = render_markdown(record).encode()
    try:
        with Path(name).open("ab") as file:
            file.write(_fitting(data, _MOST_BYTES - file.tell()))
    except OSError as error:
        complain(f"{_VARIABLE}: {name}: cannot be written: {error.strerror}")


def _fitting(data: bytes, room: int) -> bytes:
    """As many whole lines as there is room for."""
    if len(data) <= room:
        return data
    return data[: data.rfind(b"\n", 0, max(room - len(_CUT), 0)) + 1] + _CUT.encode()

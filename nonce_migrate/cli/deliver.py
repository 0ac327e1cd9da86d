"""Hands a result to standard output and to the files of --output: all of them or none."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nonce_migrate.cli.files import require_writable, staged
from nonce_migrate.cli.output import print_text, screen_of
from nonce_migrate.reports.formats.registry import Format, renderer

if TYPE_CHECKING:
    from nonce_migrate.cli.outputs import Outputs
    from nonce_migrate.reports.record import Record

_STDOUT = "-"


def output_path(text: str | None) -> Path | None:
    """The one file of --output, None for standard output. Raises ProjectError if it is no use."""
    if text is None or text == _STDOUT:
        return None
    path = Path(text)
    require_writable(path)
    return path


def deliver(text: str, output: Path | None) -> None:
    """Prints or writes the text, in UTF-8 in a file. Raises ProjectError."""
    if output is None:
        print_text(text)
        return
    with staged({output: text.encode()}):
        pass


def deliver_text(text: str, outputs: Outputs) -> None:
    """Hands the same text everywhere, where one format alone was asked for."""
    with staged({path: text.encode() for path, _ in outputs.files}):
        if outputs.printed is not None:
            print_text(text)


def deliver_record(record: Record, outputs: Outputs) -> None:
    """Hands a new record everywhere, and keeps it for `report`. Raises ProjectError."""
    from nonce_migrate.cli.last_result import keep

    keep(record)
    hand_out(record, outputs)


def hand_out(record: Record, outputs: Outputs) -> None:
    """Hands a record everywhere, in the formats that were asked for. Raises ProjectError."""
    with staged(rendered(record, outputs)):
        print_record(record, outputs)


def rendered(record: Record, outputs: Outputs) -> dict[Path, bytes]:
    """The contents of the files of --output."""
    return {path: _document(record, format_).encode() for path, format_ in outputs.files}


def print_record(record: Record, outputs: Outputs) -> None:
    """Prints the record in the format of standard output. Raises ProjectError."""
    if outputs.printed is Format.TEXT:
        from nonce_migrate.reports.formats.text import text_on

        print_text(text_on(record, screen_of(sys.stdout)))
    elif outputs.printed is not None:
        print_text(_document(record, outputs.printed))
    if outputs.printed is Format.GITHUB:
        from nonce_migrate.cli.job_summary import append_summary

        append_summary(record)


def _document(record: Record, format_: Format) -> str:
    """The record in a format. GitLab wants paths from the root of the repository."""
    repository = os.environ.get("CI_PROJECT_DIR")
    if format_ is Format.GITLAB and repository:
        from nonce_migrate.reports.relocated import relocated

        record = relocated(record, Path(repository))
    return renderer(format_)(record)

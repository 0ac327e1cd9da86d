"""A record as text, for a person: in a terminal, or as lines that are never wrapped."""

from __future__ import annotations

from nonce_migrate.reports.record import Command, Record
from nonce_migrate.reports.screen import PLAIN, Screen


def render_text(record: Record) -> str:
    """The record for a file or a pipe."""
    return text_on(record, PLAIN)


def text_on(record: Record, screen: Screen) -> str:
    """The record for what it will be shown on."""
    if record.command is Command.APPLY:
        from nonce_migrate.reports.apply_report import render_apply

        return render_apply(record, screen)
    if record.command is Command.CHECK:
        from nonce_migrate.reports.scan_lines import render_findings

        return render_findings(record.told)
    if screen.width is None:
        from nonce_migrate.reports.scan_lines import render_scan

        return render_scan(record)
    from nonce_migrate.reports.scan_table import render_scan_table

    return render_scan_table(record, screen)

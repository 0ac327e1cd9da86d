"""A scan on a terminal: a table a file, or two lines a finding where there is little room."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from nonce_migrate.model import Finding, Safety
from nonce_migrate.reports.record import Record
from nonce_migrate.reports.scan_lines import summary
from nonce_migrate.reports.screen import Screen
from nonce_migrate.reports.tally import by_file
from nonce_migrate.reports.wording import fate, visible

_TRAILING_SPACE = re.compile(r" +$", re.MULTILINE)
_ROOM_FOR_A_TABLE = 100
_INK = {Safety.SAFE: "green", Safety.UNSAFE: "yellow", Safety.MANUAL: "red"}


def render_scan_table(record: Record, screen: Screen) -> str:
    """The findings by file, then the sums. screen.width must be given."""
    assert screen.width is not None
    console = _console(screen)
    everything = record.findings()
    for index, (path, findings) in enumerate(by_file(everything)):
        console.print(Text(visible(path), style="bold"))
        if screen.width >= _ROOM_FOR_A_TABLE:
            console.print(_table(findings, everything, has_header=index == 0))
        else:
            _stack(console, findings)
        console.print()
    for line in summary(record):
        console.print(Text(line))
    file = console.file
    assert isinstance(file, io.StringIO)
    return _TRAILING_SPACE.sub("", file.getvalue())


def _console(screen: Screen) -> Console:
    """A console that writes to memory and takes no text for markup."""
    return Console(
        file=io.StringIO(),
        width=screen.width,
        force_terminal=screen.color,
        color_system="standard" if screen.color else None,
        no_color=not screen.color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )


def _table(
    findings: Sequence[Finding], everything: Sequence[Finding], *, has_header: bool
) -> Table:
    """One file's findings. The narrow columns are as wide as in the tables of other files."""
    table = Table(
        box=None, padding=(0, 2, 0, 0), header_style="dim", expand=True, show_header=has_header
    )
    lines = _widest(["line", *(str(f.line) for f in everything)])
    columns = _widest(["col", *(str(f.column) for f in everything)])
    table.add_column("line", justify="right", min_width=lines)
    table.add_column("col", justify="right", min_width=columns)
    table.add_column("code", no_wrap=True)
    table.add_column("kind", no_wrap=True, min_width=_widest(f.kind for f in everything))
    table.add_column("symbol", overflow="fold", ratio=2)
    table.add_column("level", no_wrap=True, min_width=_widest(f.safety for f in everything))
    table.add_column("what becomes of it", overflow="fold", ratio=3)
    for finding in findings:
        table.add_row(
            str(finding.line),
            str(finding.column),
            finding.code.value,
            finding.kind.value,
            Text(visible(finding.symbol)),
            Text(finding.safety.value, style=_INK[finding.safety]),
            Text(fate(finding)),
        )
    return table


def _widest(texts: Iterable[str]) -> int:
    return max((len(text) for text in texts), default=0)


def _stack(console: Console, findings: Sequence[Finding]) -> None:
    for finding in findings:
        head = Text(f"{finding.line}:{finding.column} {finding.code.value} ", overflow="fold")
        head.append(finding.safety.value, style=_INK[finding.safety])
        head.append(f" {finding.kind.value} {visible(finding.symbol)}")
        console.print(Padding(head, (0, 0, 0, 2)))
        if becomes := fate(finding):
            console.print(Padding(Text(becomes, overflow="fold"), (0, 0, 0, 6)))

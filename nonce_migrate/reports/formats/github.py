"""A record as annotations: workflow commands that GitHub's runner reads from standard output.

Grammar and escapes: `ActionCommand` of actions/runner, `command.ts` of actions/toolkit.
"""

from __future__ import annotations

from nonce_migrate.reports.issues import Issue, Severity, issues
from nonce_migrate.reports.record import Record
from nonce_migrate.visible import visible

_COMMANDS = {Severity.NOTE: "notice", Severity.WARNING: "warning", Severity.ERROR: "error"}
_ORDER = tuple(reversed(Severity))


def render_github(record: Record) -> str:
    """One command a line, the gravest first: GitHub shows ten of each kind for a step.

    Paths are absolute, so that the runner finds their place in the repository wherever the project
    lies in it.
    """
    found = sorted(issues(record), key=lambda issue: _ORDER.index(issue.severity))
    return "".join(f"{_command(record.root, issue)}\n" for issue in found)


def _command(root: str, issue: Issue) -> str:
    properties = {"file": _readable(f"{root}/{issue.path}")}
    if issue.line:
        properties["line"] = str(issue.line)
    if issue.column:
        properties["col"] = str(issue.column)
    properties["title"] = issue.title
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[issue.severity]} {told}::{_data(issue.message)}"


def _readable(path: str) -> str:
    """The name as it is, as far as a log can show it; the runner takes line ends back."""
    return "".join(c if c in "\r\n" else visible(c) for c in path)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

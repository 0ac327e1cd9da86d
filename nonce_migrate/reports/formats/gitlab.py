"""A record as GitLab's code quality report (the subset of Code Climate's that GitLab reads).

Source: docs.gitlab.com, "Code Quality", "Code Quality report format".
"""

from __future__ import annotations

import json

from nonce_migrate.reports.issues import Issue, Severity, issues
from nonce_migrate.reports.record import Record
from nonce_migrate.visible import valid_unicode

_SEVERITIES = {Severity.NOTE: "info", Severity.WARNING: "minor", Severity.ERROR: "major"}


def render_gitlab(record: Record) -> str:
    """A list of issues. GitLab takes paths to be relative to the root of the repository."""
    return json.dumps([_issue(issue) for issue in issues(record)], indent=2) + "\n"


def _issue(issue: Issue) -> dict[str, object]:
    return {
        "check_name": issue.rule,
        "description": issue.message,
        "severity": _SEVERITIES[issue.severity],
        "fingerprint": issue.fingerprint,
        "location": {
            "path": valid_unicode(issue.path),
            "lines": {"begin": max(issue.line, 1)},
        },
    }

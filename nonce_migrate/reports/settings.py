"""The settings that hold, for people and for machines.

The JSON document: `version` (1), `tool` (`name`, `version`), `command`, `root`, `file` (the
configuration file, relative to root, "" for none), `passed_over` (a second one that does not
count) and `settings`: for each key its `key`, `value` (null where nothing is set), `origin`
(default, profile, file or option) and `where` (file and line, the option, or the profile's name).
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from nonce_migrate import __version__
from nonce_migrate.reports.wording import visible
from nonce_migrate.settings.effective import Configuration, Effective, Origin

VERSION = 1


def settings_text(found: Configuration) -> str:
    """One line a key: the key, its value, and where that comes from."""
    lines = [f"project {visible(found.root)}", f"file    {visible(found.file) or 'none'}"]
    if found.passed_over:
        lines[1] += f" ([tool.nonce-migrate] of {found.passed_over} counts for nothing beside it)"
    rows = [(item.key, _value(item), _where(item)) for item in found.settings]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines.append("")
    lines += [f"{key:<{widths[0]}}  {value:<{widths[1]}}  {where}" for key, value, where in rows]
    return "\n".join(lines) + "\n"


def settings_json(found: Configuration) -> str:
    """The document."""
    document = {
        "version": VERSION,
        "tool": {"name": "nonce-migrate", "version": __version__},
        "command": "config",
        "root": visible(found.root),
        "file": found.file,
        "passed_over": found.passed_over,
        "settings": [
            {"key": s.key, "value": s.value, "origin": s.origin.value, "where": s.where}
            for s in found.settings
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def _value(item: Effective) -> str:
    if item.value is None:
        return f"({item.otherwise})"
    if isinstance(item.value, Mapping):
        pairs = (f"{json.dumps(p)} = {json.dumps(list(c))}" for p, c in item.value.items())
        return visible("{" + ", ".join(pairs) + "}")
    return visible(item.value if isinstance(item.value, str) else json.dumps(list(item.value)))


def _where(item: Effective) -> str:
    if item.origin is Origin.DEFAULT:
        return "default"
    if item.origin is Origin.PROFILE:
        return f"profile {visible(item.where)}"
    return visible(item.where)

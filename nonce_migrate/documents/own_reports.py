"""Knows what this tool has written itself, which names legacy modules on purpose."""

from __future__ import annotations

import re

_LOOKED_AT = 1000
_BEGINNINGS = (
    re.compile(r"\A# Findings that `nonce-migrate check` accepts "),  # a baseline
    re.compile(r'"(?:tool|driver)"\s*:\s*\{\s*"name"\s*:\s*"nonce-migrate"'),  # json, sarif
    re.compile(r'\A\[\s*\{\s*"check_name"\s*:\s*"NM\d{3}"'),  # gitlab
    re.compile(r'<testsuites name="nonce-migrate '),  # junit
    re.compile(r"\A# [^\n]+\n\nProfile [^\n]+,\nnonce-migrate \S+\.$", re.MULTILINE),  # markdown
)


def is_own_report(text: str) -> bool:
    """Whether a document is a result, or a baseline, that this tool has written."""
    return any(pattern.search(text[:_LOOKED_AT]) for pattern in _BEGINNINGS)

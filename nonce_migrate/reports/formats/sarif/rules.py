"""The finding codes as SARIF's rules (`reportingDescriptor`, 3.49)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nonce_migrate.codes import meanings, page
from nonce_migrate.codes.catalogue import Meaning
from nonce_migrate.model import Code

_WORD = re.compile(r"[A-Za-z0-9]+")


def rules() -> list[dict[str, object]]:
    """All of them, in the order of the codes."""
    return [_rule(code, meaning) for code, meaning in meanings().items()]


def rule_indices() -> Mapping[Code, int]:
    """Where each code stands among the rules."""
    return {code: index for index, code in enumerate(meanings())}


def _rule(code: Code, meaning: Meaning) -> dict[str, object]:
    name = "".join(word[:1].upper() + word[1:] for word in _WORD.findall(meaning.title))
    help_text = "\n\n".join(text for text in (meaning.summary, meaning.why, meaning.step) if text)
    return {
        "id": code.value,
        "name": name,
        "shortDescription": {"text": f"{meaning.title}."},
        "fullDescription": {"text": meaning.summary},
        "help": {"text": help_text, "markdown": page(code)},
        "defaultConfiguration": {"level": "warning"},
        "properties": {"tags": [code.kind.value]},
    }

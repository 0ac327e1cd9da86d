"""Keeps what code that is left alone (the magics of a notebook) takes from the code around it."""

from __future__ import annotations

import re

from nonce_migrate.resolve.project import Project
from nonce_migrate.rules.facts import Block, FileFacts
from nonce_migrate.rules.guesses import carriers_of
from nonce_migrate.rules.members import is_same_class

_WORD = re.compile(r"[^\W\d]\w*")


def block_hidden(project: Project, facts: FileFacts) -> None:
    """Pins the names that hidden code uses, and keeps the classes of the objects behind them."""
    module = facts.module
    for hidden in module.source.hidden:
        for word in set(_WORD.findall(hidden.text)):
            if word not in module.names.module.bindings:
                continue
            facts.pins.add((module.path, word))
            facts.stand_ins.add((module.path, word))
            value = facts.inference.name(word, module.names.module)
            changed = [i for i in value.instances if not is_same_class(project, i)]
            if not changed or value.is_guess:
                continue
            block = Block(
                hidden.line,
                f"a magic uses `{word}`, a {changed[0].owner}, and is left alone",
                "adapt the magic to the new results, then make the new object here by hand",
            )
            for carrier in carriers_of(facts, value):
                carrier.blocks.append(block)

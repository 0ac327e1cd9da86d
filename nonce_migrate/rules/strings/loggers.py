"""Names of loggers: the legacy modules log under their own names, the target under its own."""

from __future__ import annotations

import ast

from nonce_migrate.model import Safety
from nonce_migrate.resolve.project import Project
from nonce_migrate.rules.facts import Block


def logger_block(project: Project, siblings: int, node: ast.Constant) -> Block:
    """Why the name of a logger is not safe to change.

    siblings: how many keys of the same mapping name a legacy module; of two that become one, the
    later would win in silence.
    """
    if siblings > 1:
        return Block(
            node.lineno,
            "it is a logger's name, and a key beside it would become the same one",
            f"make one entry for {project.profile.target} of them",
        )
    return Block(
        node.lineno,
        f"it is a logger's name: what {project.profile.target} logs under its own name is not what "
        "the old module logged, and is that of all the systems together",
        "look whether the level or handler that is set there is meant for the new manager, too",
        Safety.UNSAFE,
    )

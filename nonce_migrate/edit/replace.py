"""Puts another expression in the place of one."""

from __future__ import annotations

from nonce_migrate.edit.errors import EditError
from nonce_migrate.edit.parse import is_expression, read_expression


def replace_whole(expression: str, new: str) -> str:
    """The new text, where the old one is an expression that holds no comment.

    Raises EditError where it is none, where a comment would be lost, and where the new text is
    no expression by itself.
    """
    read_expression(expression)
    if "#" in expression:
        raise EditError("a comment inside the expression would be lost")
    if not is_expression(new):
        raise EditError(f"not an expression: {new!r}")
    return new

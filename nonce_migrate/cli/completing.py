"""What a shell is offered after the name of an option or a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nonce_migrate.model import Code

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def complete_code(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The codes that go on from what was typed, in any case; zsh and fish show their titles."""
    return _codes("", incomplete)


def complete_codes(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The same behind the last comma of a list."""
    before, comma, last = incomplete.rpartition(",")
    return _codes(before + comma, last)


def complete_path(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """What the shell itself finds on the disk."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def _codes(before: str, prefix: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from nonce_migrate.codes import meaning

    return [
        CompletionItem(before + code.value, help=meaning(code).title)
        for code in sorted(Code)
        if code.startswith(prefix.upper())
    ]

"""`nonce-migrate explain`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from nonce_migrate.cli.completing import complete_code
from nonce_migrate.cli.examples import examples
from nonce_migrate.cli.options import Format, output_format
from nonce_migrate.cli.status import OK
from nonce_migrate.model import Code


@click.command(short_help="Tell what a finding code means.", epilog=examples("explain"))
@click.argument("code", required=False, metavar="[CODE]", shell_complete=complete_code)
@output_format
def explain(code: str | None, format_: str | None) -> int:
    """Tells what CODE means: what is found and why, before and after, what a person has to do.

    A prefix (nm3) lists the codes that start with it; without CODE, all are listed.

    Exit status: 0, or 2 where there is no such code.
    """
    from nonce_migrate.cli.output import print_text, screen_of
    from nonce_migrate.reports.code_page import codes_json, render_codes, render_page

    codes = codes_of(code or "")
    screen = screen_of(sys.stdout)
    if format_ == Format.JSON:
        print_text(codes_json(codes))
    elif code and len(codes) == 1:
        print_text(render_page(codes[0], screen))
    else:
        print_text(render_codes(codes, screen))
    return OK


def codes_of(text: str) -> Sequence[Code]:
    """The codes that start with a text, in any case. Raises ProjectError naming the nearest."""
    from nonce_migrate.cli.codes import nearest
    from nonce_migrate.errors import ProjectError
    from nonce_migrate.visible import visible

    prefix = text.strip().upper()
    codes = sorted(code for code in Code if code.startswith(prefix))
    if not codes:
        raise ProjectError(f"no finding code starts with {visible(text)!r}{nearest(prefix)}")
    return codes

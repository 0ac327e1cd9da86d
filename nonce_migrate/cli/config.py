"""`nonce-migrate config`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nonce_migrate.cli.examples import examples
from nonce_migrate.cli.options import Format, finding_codes, output_format
from nonce_migrate.cli.status import OK

if TYPE_CHECKING:
    from nonce_migrate.settings.effective import Given


@click.command(
    short_help="Show each setting and where its value comes from.", epilog=examples("config")
)
@click.argument("path", default=".", metavar="[PATH]")
@click.option("--profile", metavar="NAME|FILE", help="As for scan, check and apply.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="As for scan, check and apply.")
@finding_codes
@output_format
def config(
    path: str,
    profile: str | None,
    exclude: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    format_: str | None,
) -> int:
    """Shows what holds for the project that PATH lies in (default: the current folder).

    For each key of the configuration file: its value, and whether that comes from the file (with
    the line), from an option given here, from the profile, or is the default.

    Exit status: 0, or 2 on an error, such as a configuration file that cannot be used.
    """
    from nonce_migrate.cli.codes import chosen_codes
    from nonce_migrate.cli.output import print_text
    from nonce_migrate.cli.request import profile_of, project_root
    from nonce_migrate.model import Code
    from nonce_migrate.reports.settings import settings_json, settings_text
    from nonce_migrate.settings import read_settings
    from nonce_migrate.settings.effective import effective

    root = project_root(path)
    settings = read_settings(root)
    if select or ignore:
        chosen_codes(select, ignore, frozenset(Code))
    known = profile_of(profile, settings)
    found = effective(root, settings, known, _given(profile, exclude, select, ignore))
    is_json = format_ == Format.JSON
    print_text(settings_json(found) if is_json else settings_text(found))
    return OK


def _given(
    profile: str | None,
    exclude: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
) -> Given:
    """The options that were given, by the key that each stands for."""
    from nonce_migrate.cli.codes import split_codes

    given: dict[str, str | tuple[str, ...]] = {}
    if profile is not None:
        given["profile"] = profile
    for key, values in (
        ("exclude", exclude),
        ("select", split_codes(select)),
        ("ignore", split_codes(ignore)),
    ):
        if values:
            given[key] = values
    return given

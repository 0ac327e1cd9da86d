"""Prints a page by the templates of this package, with its style and script in the file itself."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from nonce_migrate.reports.formats.html.page import page_of
from nonce_migrate.reports.record import Record

if TYPE_CHECKING:
    from markupsafe import Markup

    from nonce_migrate.reports.formats.html.compare import Piece

_PART_ENDS = re.compile(r"[/._](?=\w)")
_PACKAGE = __name__.rpartition(".")[0]


def render_html(record: Record) -> str:
    """The report as one file that needs no other and no network. The same record gives the same
    text. It can be encoded as UTF-8 whatever the names and files of the record hold.

    Nothing runs in it but its own script: all text is escaped, and the policy in its head (CSP
    Level 3) allows one style and one script, by their hashes.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["number"] = "{:,}".format
    environment.filters["code"] = _code
    environment.filters["prose"] = _prose
    environment.filters["name"] = _name
    style, script = _static("report.css"), _static("report.js")
    template = environment.get_template("report.html")
    return template.render(
        page=page_of(record), style=style, script=script, policy=_policy(style, script)
    )


def _static(name: str) -> str:
    return files(_PACKAGE).joinpath("static", name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        ]
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _code(pieces: Iterable[Piece]) -> Markup:
    """A line of code; here and not in a template, since there are very many."""
    from markupsafe import Markup, escape

    return Markup("".join(_styled(piece, str(escape(piece.text))) for piece in pieces))


def _styled(piece: Piece, escaped: str) -> str:
    styled = f"<i class={piece.style}>{escaped}</i>" if piece.style else escaped
    return f"<mark>{styled}</mark>" if piece.is_marked else styled


def _prose(text: str) -> Markup:
    """Words in which pairs of backticks mark code."""
    from markupsafe import Markup, escape

    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if i % 2 else escape(part)
        for i, part in enumerate(parts)
    )


def _name(text: str) -> Markup:
    """A dotted name or path that may be broken where its parts end."""
    from markupsafe import Markup, escape

    return Markup(_PART_ENDS.sub(r"\g<0><wbr>", str(escape(text))))

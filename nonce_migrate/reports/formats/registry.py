"""The formats by name, each loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from nonce_migrate.reports.record import Record

    Renderer = Callable[[Record], str]


class Format(StrEnum):
    """How a result is written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    GITLAB = "gitlab"
    SARIF = "sarif"
    JUNIT = "junit"
    MARKDOWN = "markdown"
    HTML = "html"


_RENDERERS = {
    Format.TEXT: "nonce_migrate.reports.formats.text:render_text",
    Format.JSON: "nonce_migrate.reports.formats.as_json:render_json",
    Format.GITHUB: "nonce_migrate.reports.formats.github:render_github",
    Format.GITLAB: "nonce_migrate.reports.formats.gitlab:render_gitlab",
    Format.SARIF: "nonce_migrate.reports.formats.sarif:render_sarif",
    Format.JUNIT: "nonce_migrate.reports.formats.junit:render_junit",
    Format.MARKDOWN: "nonce_migrate.reports.formats.markdown:render_markdown",
    Format.HTML: "nonce_migrate.reports.formats.html:render_html",
}
_SARIF_JSON = ".sarif.json"
_SUFFIXES = {
    ".txt": (Format.TEXT,),
    ".json": (Format.JSON, Format.GITLAB, Format.SARIF),
    ".sarif": (Format.SARIF,),
    ".xml": (Format.JUNIT,),
    ".md": (Format.MARKDOWN,),
    ".markdown": (Format.MARKDOWN,),
    ".html": (Format.HTML,),
    ".htm": (Format.HTML,),
}


def renderer(format_: Format) -> Renderer:
    """What turns a record into a document of that format."""
    module, _, function = _RENDERERS[format_].partition(":")
    return cast("Renderer", getattr(import_module(module), function))


def formats_of(file: PurePath) -> tuple[Format, ...]:
    """The formats that a file of that name can have, the likeliest first; none where it says none.

    `.json` is the suffix of several.
    """
    if file.name.lower().endswith(_SARIF_JSON):
        return (Format.SARIF,)
    return _SUFFIXES.get(file.suffix.lower(), ())

"""The page of a finding code, on a terminal or plain, and the list of all of them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from nonce_migrate import __version__
from nonce_migrate.codes import meaning, page
from nonce_migrate.model import Code
from nonce_migrate.reports.screen import Ink, Screen

_JSON_VERSION = 1


def render_page(code: Code, screen: Screen) -> str:
    """The page as Markdown, set for the terminal where there is one."""
    text = page(code)
    return text if screen.width is None else _set(text, screen)


def render_codes(codes: Sequence[Code], screen: Screen) -> str:
    """A line for each code: its title, and what is found."""
    told = [meaning(code) for code in codes]
    width = max(len(item.title) for item in told)
    return "".join(
        f"{screen.paint(item.code, Ink.BOLD)}  {item.title:{width}}  {item.summary}\n"
        for item in told
    )


def codes_json(codes: Sequence[Code]) -> str:
    """The same for machines: `version`, `tool`, and `codes`, each with all that is known of it."""
    document = {
        "version": _JSON_VERSION,
        "tool": {"name": "nonce-migrate", "version": __version__},
        "command": "explain",
        "codes": [_as_json(code) for code in codes],
    }
    return json.dumps(document, indent=2) + "\n"


def _as_json(code: Code) -> dict[str, object]:
    told = meaning(code)
    return {
        "code": code.value,
        "kind": code.kind.value,
        "title": told.title,
        "summary": told.summary,
        "why": told.why,
        "levels": {safety.value: level.text for safety, level in told.levels.items()},
        "step": told.step,
        "page": page(code),
    }


def _set(text: str, screen: Screen) -> str:
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(
        width=screen.width,
        force_terminal=screen.color,
        color_system="standard" if screen.color else None,
        no_color=not screen.color,
        legacy_windows=False,
    )
    with console.capture() as capture:
        console.print(Markdown(text, code_theme="ansi_dark"))
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())

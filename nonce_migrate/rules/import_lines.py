"""Finds import statements of legacy modules in text that is not parsed, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nonce_migrate.profile.schema import System
from nonce_migrate.resolve.project import Project
from nonce_migrate.rules.mentions import Mention, renamed, without_counterpart

_IMPORT = re.compile(
    r"^[ \t>%!#+-]*(?:>>> |\.\.\. )?"
    r"(?:from[ \t]+(?P<dots>\.*)(?P<base>[\w.]*)[ \t]+import[ \t]+(?P<names>[^\r\n#]*)"
    r"|import[ \t]+(?P<modules>[\w.]+(?:[ \t]*,[ \t]*[\w.]+)*))",
    re.M,
)
_NAME = re.compile(r"\w+")
_MODULE = re.compile(r"[\w.]+")


def find_import_lines(project: Project, path: str, text: str) -> Iterator[Mention]:
    """Every legacy module that a line of the text imports, or imports from."""
    for match in _IMPORT.finditer(text):
        if match["modules"] is not None:
            for name in _MODULE.finditer(match["modules"]):
                start = match.start("modules") + name.start()
                yield from _module(project, path, 0, name.group(), start)
            continue
        level, start = len(match["dots"]), match.start("dots")
        found = list(_module(project, path, level, match["base"], start))
        yield from found
        for name in () if found else _NAME.finditer(match["names"]):
            dotted = f"{match['base']}.{name.group()}".strip(".")
            at = match.start("names") + name.start()
            yield from _module(project, path, level, dotted, at, len(name.group()))


def _module(
    project: Project, path: str, level: int, dotted: str, start: int, length: int = 0
) -> Iterator[Mention]:
    """The mention of a module by its dotted name, where that is a legacy one."""
    parts = tuple(part for part in dotted.split(".") if part)
    index = project.index
    found = index.relative(path, level, parts) if level else index.absolute(path, parts, ())
    if not parts or found is None or found.others or found.module not in index.legacy:
        return
    system: System = index.legacy[found.module]
    old = "." * level + dotted
    new = renamed(project, system, list(parts), []) if not level else project.profile.target
    end = start + (length or len(old))
    yield Mention(start, end, system, system.module, old, new, without_counterpart(system, []))

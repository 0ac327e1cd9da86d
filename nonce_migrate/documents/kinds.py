"""Which files are looked at, and as what: by their names alone."""

from __future__ import annotations

from enum import StrEnum


class DocumentKind(StrEnum):
    """What a file is to the migration.

    PYTHON: modules and stubs. NOTEBOOK: Jupyter's JSON. PAGE: Markdown, with blocks of Python.
    TEXT: configuration, scripts of the shell, other text. COPY: Python under a further suffix.
    """

    PYTHON = "python"
    NOTEBOOK = "notebook"
    PAGE = "page"
    TEXT = "text"
    COPY = "copy"


EVERY_KIND = frozenset(DocumentKind)
CODE = frozenset((DocumentKind.PYTHON, DocumentKind.NOTEBOOK))

_BY_SUFFIX = {
    **dict.fromkeys((".py", ".pyi", ".pyw"), DocumentKind.PYTHON),
    ".ipynb": DocumentKind.NOTEBOOK,
    **dict.fromkeys((".md", ".markdown", ".mdx", ".qmd"), DocumentKind.PAGE),
    **dict.fromkeys(
        (".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf", ".json", ".jsonc", ".json5"),
        DocumentKind.TEXT,
    ),
    **dict.fromkeys((".env", ".properties", ".service", ".xml", ".rst"), DocumentKind.TEXT),
    **dict.fromkeys((".sh", ".bash", ".zsh", ".ps1", ".bat", ".cmd", ".mk"), DocumentKind.TEXT),
    **dict.fromkeys((".dockerfile", ".tf", ".hcl"), DocumentKind.TEXT),
}
_BY_STEM = ("Dockerfile", "Containerfile", "Makefile", "Procfile", "Justfile", ".env", "crontab")
_COPIES = (".backup", ".bak", ".orig", ".old", ".save", ".copy", ".disabled", ".txt", ".example")
_TEMPLATES = (".tmpl", ".tpl", ".template", ".in", ".j2", ".jinja", ".jinja2", ".mako")
_LOCKS = frozenset(("package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml"))
_TOOL = "nonce-migrate"


def kind_of(path: str) -> DocumentKind | None:
    """What a file is looked at as, None where it is not looked at.

    Lock files name packages, never modules of the project, and files of this tool (reports,
    baselines, a workflow of its own) name legacy modules on purpose: neither is looked at.
    """
    if path.endswith(".py"):  # most of what is asked for, many times over
        return DocumentKind.PYTHON
    name = path.rpartition("/")[2]
    stem, dot, end = name.rpartition(".")
    suffix = dot + end.lower() if dot else ""
    kind = _BY_SUFFIX.get(suffix)
    if kind is DocumentKind.PYTHON:
        return kind
    if name in _LOCKS or _TOOL in name:
        return None
    if (suffix in (*_COPIES, *_TEMPLATES) and stem.endswith((".py", ".pyw"))) or name.endswith(
        ".py~"
    ):
        return DocumentKind.COPY
    if kind is not None:
        return kind
    return DocumentKind.TEXT if _is_named_like(name, _BY_STEM) else None


def _is_named_like(name: str, stems: tuple[str, ...]) -> bool:
    """`Dockerfile`, and `Dockerfile.prod`."""
    return name in stems or name.startswith(tuple(f"{stem}." for stem in stems))

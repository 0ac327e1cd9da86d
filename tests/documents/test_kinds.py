from __future__ import annotations

import pytest

from nonce_migrate.documents.kinds import DocumentKind, kind_of


@pytest.mark.parametrize(
    "name",
    [
        "py",
        "data.csv",
        "bot.log",
        "notes.txt",
        "x.pyc",
        "archive.json.gz",
        "poetry.lock",
        "package-lock.json",
        "nonce-migrate.yml",
        ".nonce-migrate-baseline.json",
        "data.bak",
        "Dockerfiles",
        "",
    ],
)
def test_what_is_not_looked_at(name: str) -> None:
    assert kind_of(name) is None
    assert kind_of(f"folder.py/{name}") is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.py", DocumentKind.PYTHON),
        ("a.PY", DocumentKind.PYTHON),
        ("a.pyi", DocumentKind.PYTHON),
        ("nonce-migrate.py", DocumentKind.PYTHON),
        ("a.ipynb", DocumentKind.NOTEBOOK),
        ("README.md", DocumentKind.PAGE),
        ("a.yaml", DocumentKind.TEXT),
        ("Dockerfile", DocumentKind.TEXT),
        ("Dockerfile.prod", DocumentKind.TEXT),
        (".env.test", DocumentKind.TEXT),
        ("a.py.bak", DocumentKind.COPY),
        ("a.py~", DocumentKind.COPY),
        ("a.py.j2", DocumentKind.COPY),
        ("a.py.txt", DocumentKind.COPY),
    ],
)
def test_what_a_file_is_looked_at_as(name: str, kind: DocumentKind) -> None:
    assert kind_of(name) is kind
    assert kind_of(f"some/folder/{name}") is kind

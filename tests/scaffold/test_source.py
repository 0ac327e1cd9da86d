"""Where CI gets the tool from: named by a person, or known from the installation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nonce_migrate.errors import ProjectError
from nonce_migrate.scaffold import installed_source, parse_source
from nonce_migrate.scaffold.source import Git, Package, Source, Vendored

_COMMIT = "0" * 40
_WHEEL = "https://example.org/nonce_migrate-0.1.0-py3-none-any.whl"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("nonce-migrate==0.1.0", Package("nonce-migrate==0.1.0")),
        (_WHEEL, Package(_WHEEL)),
        ("git+https://example.org/x/y@v1.0", Git("https://example.org/x/y", "v1.0")),
        (f"git+https://example.org/x/y@{_COMMIT}", Git("https://example.org/x/y", _COMMIT)),
        ("git+ssh://git@example.org/x/y.git@v1", Git("ssh://git@example.org/x/y.git", "v1")),
        ("tools/a wheel.whl", Vendored("tools/a wheel.whl")),
        ("./tools", Vendored("tools")),
    ],
)
def test_a_source_is_read_by_its_form(text: str, source: Source, tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools/a wheel.whl").write_bytes(b"")

    assert parse_source(text, tmp_path) == source


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "nonce-migrate",
        "nonce-migrate>=0.1",
        "nonce-migrate==0.1.0\nrun: evil",
        "nonce-migrate==0.1.0 --index-url=http://evil",
        "git+https://example.org/x/y",
        "git+ssh://git@example.org/x/y",
        "git+https://example.org/x/y@a b",
        "git+https://me:secret@example.org/x/y@v1",
        "https://me:secret@example.org/x.whl",
        "https://example.org/x.whl --index-url=http://evil",
        "../outside",
        "/tmp",
        "not/there.whl",
    ],
)
def test_what_is_not_pinned_or_not_there_is_refused(text: str, tmp_path: Path) -> None:
    """A name without a version in the CI of a bot with real money is whatever is uploaded next."""
    (tmp_path / "project").mkdir()
    (tmp_path / "outside").write_text("")

    with pytest.raises(ProjectError, match=r"^--source: "):
        parse_source(text, tmp_path / "project")


@pytest.mark.parametrize(
    ("record", "source"),
    [
        (None, Package("nonce-migrate==9.9")),
        (
            {
                "url": "https://example.org/x/y",
                "vcs_info": {"vcs": "git", "commit_id": _COMMIT, "requested_revision": "v1"},
            },
            Git("https://example.org/x/y", _COMMIT),
        ),
        ({"url": _WHEEL, "archive_info": {}}, Package(_WHEEL)),
        ({"url": "file:///home/me/nonce-migrate", "dir_info": {"editable": True}}, None),
        ({"url": "file:///home/me/x.whl", "archive_info": {}}, None),
        ({"url": "https://me:secret@example.org/x.whl", "archive_info": {}}, None),
    ],
)
def test_the_installation_tells_where_it_came_from(
    record: object, source: Source | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    information = tmp_path / "nonce_migrate-9.9.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: nonce-migrate\nVersion: 9.9\n"
    )
    if record is not None:
        (information / "direct_url.json").write_text(json.dumps(record))
    monkeypatch.syspath_prepend(tmp_path)

    assert installed_source() == source

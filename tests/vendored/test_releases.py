"""The record of what was shipped, beside what is shipped."""

from __future__ import annotations

from nonce_migrate.engine.copies import (
    MANAGER_MARKER,
    Release,
    Standing,
    fingerprint,
    lacking,
    manager_version,
    packaged_manager,
    releases,
    standing,
)

_OLD = MANAGER_MARKER + b'\n__version__ = "3.9.1"\n'
_KNOWN = (Release("3.9.1", fingerprint(_OLD)), *releases())


def test_the_packaged_manager_is_the_last_release() -> None:
    """Red when the manager changed: give it a new __version__, and a row in releases.toml."""
    manager, last = packaged_manager(), releases()[-1]

    assert (manager_version(manager), fingerprint(manager)) == (last.version, last.sha256)


def test_releases_go_up_and_differ() -> None:
    versions = [[int(part) for part in release.version.split(".")] for release in releases()]

    assert versions == sorted(versions)
    assert len({tuple(version) for version in versions}) == len(versions)
    assert len({release.sha256 for release in releases()}) == len(versions)


def test_the_packaged_bytes_have_the_line_ends_that_are_hashed() -> None:
    assert b"\r" not in packaged_manager()


def test_a_checkout_with_other_line_ends_is_no_edit() -> None:
    copy = packaged_manager().replace(b"\n", b"\r\n")

    assert standing(copy, _KNOWN) is Standing.CURRENT
    assert standing(_OLD.replace(b"\n", b"\r\n"), _KNOWN) is Standing.OUTDATED


def test_an_edit_of_one_byte_is_one() -> None:
    manager = packaged_manager()

    assert standing(manager + b"\n", _KNOWN) is Standing.EDITED
    assert standing(manager.replace(b"4.0.0", b"3.9.1", 1), _KNOWN) is Standing.EDITED
    assert standing(_OLD.replace(b'"', b"'"), _KNOWN) is Standing.EDITED


def test_a_version_above_the_packaged_one_is_not_called_edited() -> None:
    """It was installed by a later nonce-migrate than the one that CI has."""
    copy = packaged_manager()

    assert standing(copy.replace(b"4.0.0", b"4.10.0", 1), _KNOWN) is Standing.NEWER
    assert standing(copy.replace(b"4.0.0", b"4.1b1", 1), _KNOWN) is Standing.EDITED


def test_what_a_copy_lacks_is_known() -> None:
    whole, cut = packaged_manager(), packaged_manager().replace(b"def get_status(", b"def _gone(")

    assert lacking(whole + b"\nEXTRA = 1\n") == ()
    assert lacking(cut) == ("ConsolidatedNonceManager.get_status",)
    assert "get_nonce_manager" in lacking(whole + b"\n(")


def test_a_file_without_the_marker_is_not_ours() -> None:
    assert standing(b'__version__ = "4.0.0"\n', _KNOWN) is Standing.FOREIGN
    assert standing(b"", _KNOWN) is Standing.FOREIGN

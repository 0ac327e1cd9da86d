"""The one error of this package."""

from __future__ import annotations

from nonce_migrate.errors import NonceMigrateError


class EditError(NonceMigrateError):
    """A piece that cannot be edited without losing or breaking something; the text says why.

    The caller knows the file and the line and leaves the piece as it is.
    """

"""Deprecation shims: what replaces a legacy module, so that code still on it keeps working."""

from nonce_migrate.shims.build import build_shim
from nonce_migrate.shims.shim import MARKER, Shim, is_shim

__all__ = ["MARKER", "Shim", "build_shim", "is_shim"]

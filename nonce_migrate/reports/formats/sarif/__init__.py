"""A record as SARIF 2.1.0 (OASIS), for code scanning and editors."""

from nonce_migrate.reports.formats.sarif.render import render_sarif

__all__ = ["render_sarif"]

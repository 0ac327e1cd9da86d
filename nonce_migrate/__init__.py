"""Moves a bot from several nonce managers to one."""

__version__ = "0.1.0"

"""The command line. `main` is the console script; `run` gives the exit status instead."""

from nonce_migrate.cli.app import main, run

__all__ = ["main", "run"]

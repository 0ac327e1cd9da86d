"""What `nonce-migrate init` puts into a project: its configuration and the files of its CI.

Nothing is written here: a request and the bytes of the files that are there in, what becomes of
each file out.
"""

from nonce_migrate.scaffold.configuration import is_configured
from nonce_migrate.scaffold.pieces import Addition, ByHand, Kept, Piece
from nonce_migrate.scaffold.plan import plan_files
from nonce_migrate.scaffold.request import Request, Service
from nonce_migrate.scaffold.source import Source, installed_source, parse_source

__all__ = [
    "Addition",
    "ByHand",
    "Kept",
    "Piece",
    "Request",
    "Service",
    "Source",
    "installed_source",
    "is_configured",
    "parse_source",
    "plan_files",
]

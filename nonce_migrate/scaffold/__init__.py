"""What `nonce-migrate init` puts into a project: its configuration and the files of its CI.

Pure: a request and the bytes of the files that are there in, the files to write out.
"""

from nonce_migrate.scaffold.pieces import Addition, ByHand, Kept, Piece
from nonce_migrate.scaffold.plan import plan_files
from nonce_migrate.scaffold.request import Request, Service

__all__ = ["Addition", "ByHand", "Kept", "Piece", "Request", "Service", "plan_files"]

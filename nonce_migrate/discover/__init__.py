"""Which files a run looks at, and which of them are worth parsing."""

from nonce_migrate.discover.prefilter import Prefilter
from nonce_migrate.discover.root import find_root, find_roots
from nonce_migrate.discover.share import Query, Swept, read_file
from nonce_migrate.discover.sweep import Sweep, nothing
from nonce_migrate.discover.walk import Walk, walk

__all__ = [
    "Prefilter",
    "Query",
    "Sweep",
    "Swept",
    "Walk",
    "find_root",
    "find_roots",
    "nothing",
    "read_file",
    "walk",
]

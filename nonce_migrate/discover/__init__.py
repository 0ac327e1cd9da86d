"""Which files a run looks at, and which of them are worth parsing."""

from nonce_migrate.discover.prefilter import Prefilter
from nonce_migrate.discover.root import find_root
from nonce_migrate.discover.walk import Walk, walk

__all__ = ["Prefilter", "Walk", "find_root", "walk"]

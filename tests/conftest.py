"""What holds for every test."""

from __future__ import annotations

import os

# Else each run of the command line would leave its result in the cache folder of the user.
os.environ["NONCE_MIGRATE_KEEP_RESULT"] = "no"

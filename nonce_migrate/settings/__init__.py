"""What a project says in its configuration file about every run in it."""

from nonce_migrate.settings.read import read_settings
from nonce_migrate.settings.schema import DEFAULT_PROFILE, Settings

__all__ = ["DEFAULT_PROFILE", "Settings", "read_settings"]

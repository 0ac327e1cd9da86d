"""The finding codes in words: one table for `explain`, the pages and the formats."""

from nonce_migrate.codes.catalogue import Level, Meaning, meaning, meanings, page, page_path

__all__ = ["Level", "Meaning", "meaning", "meanings", "page", "page_path"]

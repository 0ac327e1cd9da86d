"""The schemas of what the formats write."""

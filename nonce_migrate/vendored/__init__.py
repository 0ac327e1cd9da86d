"""Files that are copied into bots; they import the standard library alone."""

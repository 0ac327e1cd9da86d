"""What a name, at a place, refers to: over scopes, modules, re-exports and objects."""

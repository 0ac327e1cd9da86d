"""Whether the program still works: the user's own commands, before and after."""

"""Another eye on what is about to be written: it shares no code with what made it.

One check a file. Each takes the text before and after and gives what is wrong, as sentences; it
looks with `ast`, `symtable` and `tokenize` alone, never with `nonce_migrate.resolve`.
"""

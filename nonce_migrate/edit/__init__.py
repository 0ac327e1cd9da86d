"""Edits of single statements and expressions: the text of one piece in, its new text out.

Nothing here knows files, profiles or scopes. What cannot be done without losing something raises
`EditError`. LibCST is imported by the modules that need it, never by this one.
"""

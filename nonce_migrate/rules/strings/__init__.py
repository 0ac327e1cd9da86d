"""Strings that name legacy modules and names: one form a file.

lookups: modules taken by their text. patches: what tests replace; judging looks at those of all
files, with what they reach before and after, and holding at who must go on importing the old name.
computed: patches whose path is put together. consumers: names that other modules have imported.
tables: rows of module and name, followed by flow. registry: fakes in sys.modules. loggers.
embedded: code kept in strings. opened: modules that leave the sight.

places says what a call does with its string, finder goes over a file, targets decides.
"""

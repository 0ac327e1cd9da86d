"""What of the findings is accepted: by a comment, by a pattern of files, by a baseline.

Findings go in with the texts that they were made from; what is kept, what is accepted and what is
wrong with the acceptances come out. Nothing here reads a file or prints.
"""

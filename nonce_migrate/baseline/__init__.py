"""The file of accepted findings that can only shrink: read, compared with a run, and written."""

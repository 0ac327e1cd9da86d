"""Renderers: results in, text out. One format a file; nothing here decides, reads or writes."""

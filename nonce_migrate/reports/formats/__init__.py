"""The formats: a record in, text out. One format a file; `registry` lists them."""

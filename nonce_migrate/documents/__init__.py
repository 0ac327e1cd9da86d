"""Files that hold Python, or speak of it, without being Python files.

Each kind gives its Python as pieces that go the way of a module, and takes their changes back
with every other byte as it was.
"""

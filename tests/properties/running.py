"""Lays projects out on the disk and runs them in this process, each with modules of its own."""

from __future__ import annotations

import builtins
import importlib
import io
import runpy
import shutil
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path


def lay_out(root: Path, files: Mapping[str, str | bytes]) -> None:
    """Writes files (path -> content), with the folders they need, into an emptied root."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)


def output(root: Path, main: str = "main.py") -> str:
    """What a program prints, with the type of the exception that ends it."""
    told = io.StringIO()
    with _own_modules(root), redirect_stdout(told), redirect_stderr(io.StringIO()):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                runpy.run_path(str(root / main), run_name="__main__")
        except Exception as error:
            told.write(f"ended by {type(error).__name__}")
    return told.getvalue()


@contextmanager
def _own_modules(root: Path) -> Iterator[None]:
    """Imports of the project are looked up in `root` alone, and leave nothing behind."""
    modules, path = dict(sys.modules), list(sys.path)
    names, written = set(vars(builtins)), sys.dont_write_bytecode
    own = {path.stem for path in root.iterdir()}
    hidden = {name: module for name, module in modules.items() if name.partition(".")[0] in own}
    for name in hidden:
        del sys.modules[name]
    sys.path.insert(0, str(root))
    sys.dont_write_bytecode = True
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path[:], sys.dont_write_bytecode = path, written
        for name in set(vars(builtins)) - names:
            delattr(builtins, name)
        new = set(sys.modules) - set(modules)
        for name in [name for name in new if _is_of(root, name)]:
            del sys.modules[name]
        sys.modules.update(hidden)


def _is_of(root: Path, name: str) -> bool:
    """Whether a module that a run imported belongs to its project."""
    module = sys.modules[name]
    file = getattr(module, "__file__", None)
    # The path of a namespace package is worked out anew, from modules that may be gone.
    places = [file] if file else list(getattr(module, "__path__", ()))
    return any(str(place).startswith(f"{root}/") for place in places)

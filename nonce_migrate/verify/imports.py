"""`--verify imports`: whether every module still imports that imported before.

The modules are imported from a copy, by the bot's own Python, each in a process of its own, with no
network and nothing to be written outside of the copy: a module that would trade cannot.
"""

from __future__ import annotations

import importlib.resources
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nonce_migrate.verify.command import run_limited
from nonce_migrate.verify.interpreter import bot_python
from nonce_migrate.verify.outcome import CaseResult, Outcome, Verdict
from nonce_migrate.verify.shadow import shadow

_EACH_S = 60.0


@dataclass(frozen=True, slots=True)
class ImportCheck:
    """files: Python files relative to the root. roots: folders for sys.path, relative to it.

    limit_s: seconds for all of them.
    """

    files: tuple[str, ...]
    roots: tuple[str, ...]
    limit_s: float

    @property
    def text(self) -> str:
        """What it is called."""
        return "imports"

    def run(self, root: Path) -> Outcome:
        """One test for each module."""
        with tempfile.TemporaryDirectory(prefix="nonce-migrate-") as folder:
            place = Path(os.path.realpath(folder))
            copy, state = place / "project", place / "state"
            state.mkdir()
            shadow(root, copy)
            request = {
                "paths": [str(copy / name) for name in dict.fromkeys(("", *self.roots))],
                "modules": [
                    (name, str(copy / PurePosixPath(file).parent)) for file, name in self._modules()
                ],
                "limit_s": min(_EACH_S, self.limit_s),
                "writable": [str(place)],
            }
            environment = {**os.environ, "NONCE_STATE_DIR": str(state), "TMPDIR": str(state)}
            with (place / "output").open("w+b") as output:
                status = run_limited(
                    [bot_python(root), "-B", "-c", _child()],
                    copy,
                    environment,
                    self.limit_s,
                    output.fileno(),
                    json.dumps(request).encode(),
                )
                output.seek(0)
                return _outcome(status, output.read())

    def _modules(self) -> list[tuple[str, str]]:
        """Each file with the dotted name that it has from the root, where it has one."""
        named = [(file, _dotted(file)) for file in self.files]
        return [(file, name) for file, name in named if name]


def _dotted(file: str) -> str:
    path = PurePosixPath(file)
    parts = path.with_suffix("").parts
    if path.suffix != ".py" or parts[-1] == "__main__" or not all(map(str.isidentifier, parts)):
        return ""
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def _child() -> str:
    folder = importlib.resources.files("nonce_migrate.verify")
    return folder.joinpath("import_child.py").read_text("utf-8")


def _outcome(status: int | None, data: bytes) -> Outcome:
    text = data.decode(errors="backslashreplace")
    try:
        errors: dict[str, str] = json.loads(text.rpartition("\n")[2])
    except ValueError:
        return Outcome(status or 1 if status is not None else None, output=text)
    tests = {
        name: CaseResult(Verdict.ERROR if error else Verdict.PASSED, error)
        for name, error in errors.items()
    }
    return Outcome(status, tests)

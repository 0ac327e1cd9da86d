"""The forms in which a module can import a name of another one."""

from __future__ import annotations

Form = tuple[str, str]

# (statements, the name as it is used): $D is the module, $S its last part, $N the name.
FORMS: tuple[Form, ...] = (
    ("from $D import $N", "$N"),
    ("from $D import $N", "$N"),
    ("from $D import $N as own_$i", "own_$i"),
    ("from $D import $N as $N", "$N"),
    ("from $D import (  # why\n    $N,  # what\n)", "$N"),
    ("from $D import $N; import json", "$N"),
    ("import json; from $D import $N", "$N"),
    ("from $D \\\n    import $N", "$N"),
    ("import $D as module_$i", "module_$i.$N"),
    ("import $D", "$D.$N"),
    ("import json, $D", "$D.$N"),
    ("import importlib\nmodule_$i = importlib.import_module('$D')", "module_$i.$N"),
    ("import importlib\nown_$i = importlib.import_module('$D').$N", "own_$i"),
    ("own_$i = getattr(__import__('$D', fromlist=['$N']), '$N')", "own_$i"),
    ("import $D as module_$i\nown_$i = getattr(module_$i, '$N')", "own_$i"),
    ("import sys, $D\nown_$i = sys.modules['$D'].$N", "own_$i"),
    (
        "for path_$i, name_$i in [('$D', '$N')]:\n"
        "    own_$i = getattr(__import__(path_$i, fromlist=[name_$i]), name_$i)",
        "own_$i",
    ),
    ("from $D import $N\nown_$i = $N", "own_$i"),
    ("try:\n    from $D import $N\nexcept ImportError:\n    $N = None", "$N"),
    ("try:\n    from $D import $N\nexcept ImportError:\n    from $S import $N", "$N"),
    ("if yes():\n    from $D import $N\nelse:\n    from $D import $N", "$N"),
    ("if typing.TYPE_CHECKING:\n    from $D import $N\nfrom $D import $N", "$N"),
    ("if not yes():\n    from $D import $N", "$N"),
)
STAR: tuple[Form, ...] = (("from $D import *", "$N"),) * 3


def import_forms(path: str, module: str, *, top: bool) -> tuple[Form, ...]:
    """What the file at `path` can write for a module. top: whether at the top of the file."""
    forms = FORMS + (STAR if top else ())
    package = module.rpartition(".")[0]
    if package:
        forms += (
            (f"from {package} import $S", "$S.$N"),
            (f"from {package} import $S as module_$i", "module_$i.$N"),
        )
    near = relative(path, module)
    if near is None:
        return forms
    forms += ((f"from {near} import $N", "$N"),) * 3
    above, _, last = near.rpartition(".")
    if last:
        above = above if above.strip(".") else f"{above}."
        forms += ((f"from {above} import $S", "$S.$N"),)
    return forms


def relative(path: str, module: str) -> str | None:
    """A module as a relative import in `path` names it; None where it must be absolute."""
    here, there = path.split("/")[:-1], module.split(".")
    if not here or here[0] != there[0] or here[0] != "src":
        return None
    common = 0
    while common < min(len(here), len(there)) and here[common] == there[common]:
        common += 1
    return "." * (len(here) - common + 1) + ".".join(there[common:])

"""Records to render: with something everywhere, with hostile text everywhere, and a large one."""

from __future__ import annotations

from dataclasses import replace

from nonce_migrate.model import Code, Finding, Safety, Unreadable
from nonce_migrate.plans import ChangeKind, FileChange, Plan
from nonce_migrate.reports.record import Record
from tests.reports.results import (
    AUTH,
    BROKEN,
    IMPORT,
    PRIVATE,
    UNIFIED,
    USE,
    applied,
    full_plan,
    scan_of,
)

HOSTILE = (
    "'\"></title></style></script><script>window.hacked = 1</script>"
    "<img src=x onerror='window.hacked = 1'>{{ 7 * 7 }}\u202e\udcff\x1b[31m\u2028`"
)
_KINDS = (Code.IMPORT_NAME, Code.USE, Code.CALL, Code.STRING, Code.PRIVATE_STATE)
_SYSTEMS = (UNIFIED, AUTH)
_UNCHANGED = b"".join(b"    value_%d = compute(%d)  # step %d\n" % (i, i, i) for i in range(100))
_BEFORE = b"from src.auth.nonce_manager import NonceManager\n\ndef trade():\n" + _UNCHANGED
_AFTER = _BEFORE.replace(b"src.auth.nonce_manager import NonceManager", b"src.new import Manager")


def full_record() -> Record:
    """A record with something in every field."""
    why = ("src/app.py:14: `nm` is set to `make()`", "make.py:3: `make` returns it")
    other = PRIVATE._replace(path="src/other.py", line=3, why=why)
    plan = full_plan()
    long = FileChange(
        "src/z.py", ChangeKind.REWRITE, b"a = f(" + b"one, " * 30, b"a = g(" + b"two, " * 30
    )
    return applied(replace(plan, remaining=(PRIVATE, other), changes=(*plan.changes, long)))


def hostile_record() -> Record:
    """A record in which every text tries to break out of the page."""
    finding = Finding(
        path=f"src/{HOSTILE}.py",
        line=1,
        column=1,
        code=Code.IMPORT_NAME,
        system=HOSTILE,
        symbol=HOSTILE,
        safety=Safety.MANUAL,
        becomes=HOSTILE,
        reason=HOSTILE,
        step=HOSTILE,
        broken=HOSTILE,
        why=(HOSTILE,),
    )
    code = HOSTILE.encode("utf-8", "surrogateescape")
    before, after = b"x = 1 # " + code + b"\n", b'y = """' + code + b'"""\n'
    scan = scan_of(finding, unreadable=(Unreadable(HOSTILE, 3, HOSTILE),))
    scan = scan._replace(
        root=f"/{HOSTILE}",
        profile=HOSTILE,
        target=HOSTILE,
        systems=((HOSTILE, HOSTILE, HOSTILE),),
    )
    full = full_plan()
    plan = Plan(
        scan=scan,
        changes=(FileChange(finding.path, ChangeKind.REWRITE, before, after, (finding,)),),
        applied=(finding._replace(safety=Safety.SAFE),),
        remaining=(finding,),
        shims=(replace(full.shims[0], path=HOSTILE, system=HOSTILE, kept_names=(HOSTILE,)),),
        refusals=(replace(full.refusals[0], path=HOSTILE, reason=HOSTILE),),
        manager_version=HOSTILE,
        notes=(HOSTILE,),
    )
    return applied(plan)


def large_record(files: int = 1000) -> Record:
    """Five findings in each of so many files, of which one is left for a person."""
    paths = [f"services/bot{i % 40:02}/src/part{i % 7}/module_{i:04}.py" for i in range(files)]
    done = [_finding(path, number) for path in paths for number in range(4)]
    left = [_finding(path, 4) for path in paths]
    changes = [
        FileChange(path, ChangeKind.REWRITE, _BEFORE, _AFTER, tuple(done[4 * i : 4 * i + 4]))
        for i, path in enumerate(paths)
    ]
    plan = Plan(
        scan=scan_of(*done, *left)._replace(files_seen=files),
        changes=tuple(changes),
        applied=tuple(done),
        remaining=tuple(left),
        shims=(),
    )
    return applied(plan)


def _finding(path: str, number: int) -> Finding:
    model = (IMPORT, USE, BROKEN, USE, PRIVATE)[number]
    return model._replace(
        path=path,
        line=number * 20 + 1,
        code=_KINDS[number],
        system=_SYSTEMS[number % 2],
        broken="",
    )

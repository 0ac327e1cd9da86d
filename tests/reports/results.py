"""Results made by hand, for the renderers to show."""

from __future__ import annotations

from nonce_migrate.model import Code, Finding, Safety, ScanResult, Unreadable
from nonce_migrate.plans import ChangeKind, FileChange, Plan, Refusal, ShimNote
from nonce_migrate.reports.record import Record, record_of_plan, record_of_scan

TARGET = "src.utils.consolidated_nonce_manager"
UNIFIED = "unified_kraken_nonce_manager"
AUTH = "nonce_manager"

IMPORT = Finding(
    path="src/app.py",
    line=3,
    column=5,
    code=Code.IMPORT_NAME,
    system=UNIFIED,
    symbol="get_unified_nonce_manager",
    safety=Safety.SAFE,
    becomes="get_nonce_manager",
)
USE = IMPORT._replace(line=12, column=9, code=Code.USE)
PRIVATE = Finding(
    path="src/app.py",
    line=14,
    column=5,
    code=Code.PRIVATE_STATE,
    system=UNIFIED,
    symbol="UnifiedKrakenNonceManager._last_nonce",
    safety=Safety.MANUAL,
    reason="private state has no counterpart",
    step="read get_status() instead",
)
BROKEN = Finding(
    path="src/auth/client.py",
    line=7,
    column=1,
    code=Code.CALL,
    system=AUTH,
    symbol="initialize_enhanced_nonce_manager",
    safety=Safety.SAFE,
    becomes="initialize_enhanced_nonce_manager(api_key, api_secret)",
    broken="always raised TypeError",
)
HOSTILE_PATH = "src/we|ird `[red]x[/red]`\n\x1b[31m\udcff.py"
HOSTILE = PRIVATE._replace(
    path=HOSTILE_PATH,
    symbol="a`b|c\n# heading <img>",
    reason="<script>alert(1)</script> | *bold* [link](http://x)\n- item",
    step="do `this`|that",
)
UNREADABLE = Unreadable("src/old.py", 4, "syntax error: invalid syntax")


def scan_of(*findings: Finding, unreadable: tuple[Unreadable, ...] = ()) -> ScanResult:
    """A scan of ten files with those findings."""
    return ScanResult(
        root="/project",
        profile="kraken",
        target=TARGET,
        systems=(
            (UNIFIED, f"src.utils.{UNIFIED}", "the previous one"),
            (AUTH, f"src.auth.{AUTH}", "authentication's own"),
        ),
        findings=findings,
        unreadable=unreadable,
        files_seen=10,
    )


def full_plan() -> Plan:
    """A plan with something in every field."""
    scan = scan_of(IMPORT, USE, PRIVATE, BROKEN, unreadable=(UNREADABLE,))
    return Plan(
        scan=scan,
        changes=(
            FileChange(
                "src/app.py",
                ChangeKind.REWRITE,
                b"import old\r\nx = 1\r\n",
                b"import new\r\nx = 1\r\n",
                (IMPORT, USE),
            ),
            FileChange("src/auth/nonce_manager.py", ChangeKind.SHIM, b"old = 1", b"new = 1"),
            FileChange("src/utils/manager.py", ChangeKind.MANAGER, None, b"made = 1\n"),
        ),
        applied=(IMPORT, USE, BROKEN),
        remaining=(PRIVATE,),
        shims=(
            ShimNote("src/auth/nonce_manager.py", AUTH, ("LIMIT",), ("line 40: atexit.register",)),
        ),
        refusals=(Refusal("src/odd.py", "a second pass would change it again"),),
        manager_version="1.2.3",
        notes=("git status is not clean",),
    )


def empty_plan() -> Plan:
    """A plan with nothing to do."""
    return Plan(scan=scan_of(), changes=(), applied=(), remaining=(), shims=())


def scanned(*findings: Finding, unreadable: tuple[Unreadable, ...] = ()) -> Record:
    """The record of such a scan."""
    return record_of_scan(scan_of(*findings, unreadable=unreadable))


def applied(plan: Plan) -> Record:
    """The record of that plan, carried out."""
    return record_of_plan(plan, dry_run=False)


def dry_run(plan: Plan) -> Record:
    """The record of that plan, not carried out."""
    return record_of_plan(plan, dry_run=True)

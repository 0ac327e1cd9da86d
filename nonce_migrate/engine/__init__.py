"""The engine: options in, results out. It never prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nonce_migrate.engine.options import Options, Progress
from nonce_migrate.model import CheckResult, Explained, ScanResult

if TYPE_CHECKING:
    from nonce_migrate.plans import Plan

__all__ = ["Options", "Progress", "check", "explain_line", "plan", "scan", "write"]


def check(options: Options, progress: Progress | None = None) -> CheckResult:
    """The legacy imports in the paths asked for."""
    from nonce_migrate.engine.checking import check_tree
    from nonce_migrate.engine.long_lived import one_run
    from nonce_migrate.engine.tree import Tree

    with one_run():
        return check_tree(options, Tree(options.root), progress)


def scan(options: Options, progress: Progress | None = None) -> ScanResult:
    """Every finding of the codes asked for, in the paths asked for."""
    from nonce_migrate.accept.judge import judge_files
    from nonce_migrate.engine.long_lived import one_run
    from nonce_migrate.engine.scanning import scan_tree
    from nonce_migrate.engine.tree import Tree
    from nonce_migrate.engine.upkeep import upkeep_findings

    with one_run():
        tree = Tree(options.root)
        scanned = scan_tree(options, tree, progress)
        upkeep = upkeep_findings(options, scanned.gathered.project.index, tree)
    result, beside = scanned.result, judge_files(options.accepted, upkeep)
    found = (f for f in result.findings if f.code in options.codes)
    accepted = (a for a in result.accepted if a.finding.code in options.codes)
    return result._replace(
        findings=tuple(sorted([*found, *beside.kept])),
        accepted=tuple(sorted([*accepted, *beside.accepted])),
    )


def explain_line(
    options: Options, path: str, line: int, column: int | None, progress: Progress | None = None
) -> Explained:
    """Everything that is known of one line of a file. Raises ProjectError."""
    from nonce_migrate.engine.explaining import explain_line as explain

    return explain(options, path, line, column, progress)


def plan(options: Options, progress: Progress | None = None) -> Plan:
    """What `apply` would do, proven; writes nothing. Raises ProjectError."""
    from nonce_migrate.engine.long_lived import one_run
    from nonce_migrate.engine.planning import plan as make_plan

    with one_run():
        return make_plan(options, progress)


def write(plan: Plan) -> None:
    """Puts a plan in place. Raises ProjectError with nothing half done."""
    from nonce_migrate.engine.writing import write as put

    put(plan)

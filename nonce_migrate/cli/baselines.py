"""Finds the baseline of a project, and holds what a check found against it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nonce_migrate.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nonce_migrate.baseline.compare import Baseline
    from nonce_migrate.baseline.entries import Key
    from nonce_migrate.engine import Options
    from nonce_migrate.model import CheckResult, Found, ScanResult, Unreadable

DEFAULT = "nonce-migrate-baseline.toml"
_BASE_REF = "--base-ref"


def baselines(
    projects: Sequence[Options], named: str | None, base_ref: str | None
) -> list[Baseline | None]:
    """The baseline of each project: the one that was named, else that of its settings, or None.

    base_ref: the git revision whose own baseline limits what counts. Raises ProjectError.
    """
    if named is not None and len(projects) > 1:
        raise ProjectError("--baseline: the paths lie in several projects; run once for each")
    files = [baseline_file(options.root, named) for options in projects]
    if base_ref is not None and not any(files):
        raise ProjectError(f"{_BASE_REF}: there is no baseline; name one by --baseline FILE")
    return [
        _read(options.root, file, base_ref) if file else None
        for options, file in zip(projects, files, strict=True)
    ]


def baseline_file(root: Path, named: str | None) -> Path | None:
    """The file of a project's baseline, None where there is none named. Raises ProjectError."""
    if named is not None:
        if not named:
            raise ProjectError("--baseline: the name of the file is empty")
        return Path(named).absolute()
    from nonce_migrate.settings import read_settings

    own = read_settings(root).baseline
    return root / own if own else None


def name_of(root: Path, file: Path) -> str:
    """A file as findings name it: relative to the project, with `/`."""
    return Path(os.path.relpath(file.resolve(), root)).as_posix()


def _read(root: Path, file: Path, base_ref: str | None) -> Baseline:
    from nonce_migrate.baseline.compare import Baseline
    from nonce_migrate.baseline.entries import read_baseline

    name = name_of(root, file)
    try:
        entries = read_baseline(name, file.read_bytes())
    except FileNotFoundError:
        raise ProjectError(
            f"{name}: there is no such baseline; `nonce-migrate baseline update --allow-new "
            "--reason TEXT` writes it"
        ) from None
    except OSError as error:
        raise ProjectError(f"{name}: cannot be read: {error.strerror}") from None
    if base_ref is None:
        return Baseline(name, entries)
    from nonce_migrate.discover.git import file_at

    base = read_baseline(f"{name} of {base_ref}", file_at(file, base_ref, _BASE_REF))
    return Baseline(name, entries, frozenset(entry.key for entry in base))


def by_key(root: Path, findings: Sequence[Found]) -> Mapping[Key, Found]:
    """Findings of a project by what a baseline knows them by. Reads the files they stand in."""
    from nonce_migrate.baseline.entries import key_of
    from nonce_migrate.discover import read_file
    from nonce_migrate.engine.identity import identities

    found = identities(findings, lambda path: read_file(str(root), path))
    return {key_of(i): finding for i, finding in zip(found, findings, strict=True)}


def found_keys(options: Options) -> tuple[frozenset[Key], tuple[Unreadable, ...]]:
    """Looks at a project: what a baseline of it would hold, and what was not looked into."""
    from nonce_migrate import engine
    from nonce_migrate.cli.check import is_cheap
    from nonce_migrate.cli.progress import progress_bar
    from nonce_migrate.cli.steadily import steadily

    with progress_bar("checking") as progress:
        if is_cheap(options.codes):
            checked = steadily(engine.check, options, progress)
            return frozenset(by_key(options.root, checked.imports)), checked.unreadable
        scanned = steadily(engine.scan, options, progress)
    found = [finding for finding in scanned.findings if not finding.code.is_upkeep]
    return frozenset(by_key(options.root, found)), scanned.unreadable


def hold_check(result: CheckResult, options: Options, baseline: Baseline | None) -> CheckResult:
    """What a quick check found, without what the baseline accepts, and with what is stale in it."""
    if baseline is None:
        return result
    from nonce_migrate.baseline.compare import compare
    from nonce_migrate.baseline.judging import judging

    is_judged = judging(options, result.unreadable)
    held = compare(baseline, by_key(options.root, result.imports), is_judged)
    stale = (finding for finding in held.stale if finding.code in options.codes)
    return result._replace(
        imports=tuple(sorted(held.kept)),
        upkeep=tuple(sorted((*result.upkeep, *stale))),
        accepted=tuple(sorted((*result.accepted, *held.accepted))),
    )


def hold_scan(result: ScanResult, options: Options, baseline: Baseline | None) -> ScanResult:
    """The same for the findings of a scan."""
    if baseline is None:
        return result
    from nonce_migrate.baseline.compare import compare
    from nonce_migrate.baseline.judging import judging

    references = [finding for finding in result.findings if not finding.code.is_upkeep]
    others = (finding for finding in result.findings if finding.code.is_upkeep)
    is_judged = judging(options, result.unreadable)
    held = compare(baseline, by_key(options.root, references), is_judged)
    stale = (finding for finding in held.stale if finding.code in options.codes)
    return result._replace(
        findings=tuple(sorted((*held.kept, *others, *stale))),
        accepted=tuple(sorted((*result.accepted, *held.accepted))),
    )

"""Whether looking at bytes first keeps a finding back: the same runs with and without it.

    python benchmarks/lossless.py [--files 20000] [--scanned 300]

Over the corpora of the other measurements (see corpora.py): `check` on the large one and the dense
one, `scan` on a smaller part of each, since it infers over every file that it parses. Without the
search, every file is parsed and asked. Exit status 1 where a finding differs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from corpora import build

from nonce_migrate.discover import Prefilter
from nonce_migrate.documents.kinds import CODE
from nonce_migrate.engine import Options, check, scan
from nonce_migrate.model import Code, Safety
from nonce_migrate.profile import load_profile

Run = Callable[[Options], set[object]]


@contextmanager
def without_search() -> Iterator[None]:
    """Lets every file pass as one that may hold a word, in this process and its helpers."""
    kept = Prefilter.may_refer
    Prefilter.may_refer = lambda self, data: True  # type: ignore[method-assign]
    try:
        yield
    finally:
        Prefilter.may_refer = kept  # type: ignore[method-assign]


def imports(options: Options) -> set[object]:
    """What `check` tells of."""
    return set(check(options).imports)


def findings(options: Options) -> set[object]:
    """What `scan` decides on in code, without the reasons, which name what was read of the rest.

    Places that something unproven may reach are left out: the more is read, the more there are.
    """
    told = (Code.MEMBER_UNPROVEN, Safety.MANUAL)
    return {
        finding._replace(reason="", step="", why=())
        for finding in scan(replace(options, kinds=CODE)).findings
        if (finding.code, finding.safety) != told
    }


def compare(name: str, run: Run, options: Options) -> bool:
    """Runs both ways, prints a row of what they found, and tells whether it is the same."""
    started = time.perf_counter()
    quick = run(options)
    between = time.perf_counter()
    with without_search():
        whole = run(options)
    ended = time.perf_counter()
    kept_back, beside = len(whole - quick), len(quick - whole)
    seconds = f"{between - started:.1f} | {ended - between:.1f}"
    print(f"| {name} | {len(quick):,} | {len(whole):,} | {kept_back} | {beside} | {seconds} |")
    sys.stdout.flush()
    return not kept_back and not beside


def main() -> None:
    """Compares on all corpora."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=20_000, help="of the large corpus")
    parser.add_argument("--scanned", type=int, default=300, help="files of a corpus for a scan")
    arguments = parser.parse_args()
    print("| run | found | without the search | kept back | only with it | s | s without |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    runs = [
        ("check", imports, "large", arguments.files),
        ("check", imports, "dense", arguments.files // 10),
        ("scan", findings, "large", arguments.scanned),
        ("scan", findings, "dense", arguments.scanned),
    ]
    is_same = True
    for command, run, kind, count in runs:
        with tempfile.TemporaryDirectory() as name:
            root = Path(name).resolve()
            build(kind, root, count)
            options = Options(root, (root,), load_profile("kraken"))
            is_same &= compare(f"{command}, {kind} corpus, {count:,} files", run, options)
    sys.exit(0 if is_same else 1)


if __name__ == "__main__":
    main()

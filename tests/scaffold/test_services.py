"""The files of the services, read by the programs that they are for, and run."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from nonce_migrate.scaffold import Request, Service, Source
from nonce_migrate.scaffold.services import FILES
from nonce_migrate.scaffold.source import Git, Package, Vendored
from tests.ci.composite import BASH
from tests.ci.repositories import Completed, environment, make_repository

_SOURCES = (
    Git("https://example.org/x/nonce-migrate", "1.10"),
    Package("nonce-migrate==0.1.0"),
    Vendored("tools/it's $HOME `x`.whl"),
)
_VALIDATORS: dict[Service, tuple[str, ...]] = {
    Service.GITHUB: ("check-jsonschema", "--builtin-schema", "vendor.github-workflows"),
    Service.GITLAB: (
        *("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci"),
        *("--data-transform", "gitlab-ci"),
    ),
    Service.PRE_COMMIT: ("pre-commit", "validate-config"),
}
_OUTPUT = {
    Service.GITHUB: ["--format", "github"],
    Service.GITLAB: ["--output", "gitlab:gl-code-quality-report.json"],
}
# A folder's name may hold what means something to a shell or to YAML.
_PLACES = ("bot", "-x", "services/the $(touch owned) bot: 'x' \"y\" {z} # é")
# Stands in for python and nonce-migrate: prints the words that it was called with.
_STAND_IN = '#!/bin/sh\nprintf "%s\\n" "$@"\n'


def request(place: str, source: Source, *, baseline: str = "") -> Request:
    repository = Path("/repository")
    return Request(
        repository / place, repository, None, baseline, services=tuple(Service), source=source
    )


@pytest.mark.parametrize("source", _SOURCES, ids=["git", "package", "vendored"])
@pytest.mark.parametrize("service", Service)
def test_the_service_takes_its_file(service: Service, source: Source, tmp_path: Path) -> None:
    name, render = FILES[service]
    files = []
    for number, place in enumerate((".", *_PLACES)):
        for baseline in ("", "accepted.json"):
            path = tmp_path / f"{number}{baseline}" / name
            path.parent.mkdir(parents=True)
            path.write_text(render(request(place, source, baseline=baseline)))
            files.append(str(path))

    done = _run([*_VALIDATORS[service], *files], tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("source", _SOURCES, ids=["git", "package", "vendored"])
@pytest.mark.parametrize("place", _PLACES)
@pytest.mark.parametrize("service", [Service.GITHUB, Service.GITLAB])
def test_the_commands_get_each_value_as_one_word(
    service: Service, place: str, source: Source, tmp_path: Path
) -> None:
    for name in ("python", "nonce-migrate"):
        (tmp_path / name).write_text(_STAND_IN)
        (tmp_path / name).chmod(0o755)

    install, check = _scripts(service, request(place, source))

    installed = _run([*BASH, "-c", install], tmp_path)
    assert installed.stdout.splitlines() == ["-m", "pip", "install", source.requirement]
    checked = _run([*BASH, "-c", check], tmp_path)
    words = checked.stdout.splitlines()
    assert words[:2] == ["check", place if place != "-x" else "./-x"]
    assert words[2:] == _OUTPUT[service]
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize(
    ("service", "variable", "value", "base"),
    [
        (Service.GITHUB, "GITHUB_BASE_REF", "main", "origin/main"),
        (Service.GITLAB, "CI_MERGE_REQUEST_DIFF_BASE_SHA", "main", "main"),
    ],
)
def test_a_pull_request_is_held_to_the_baseline_of_its_target(
    service: Service, variable: str, value: str, base: str, tmp_path: Path
) -> None:
    """But for the one that brings the baseline in; a base that is not there is an error."""
    (tmp_path / "nonce-migrate").write_text(_STAND_IN)
    (tmp_path / "nonce-migrate").chmod(0o755)
    upstream = tmp_path / "the bot"
    upstream.mkdir()
    _, check = _scripts(service, request(upstream.name, _SOURCES[1], baseline="accepted.toml"))
    repository = make_repository(tmp_path, tmp_path)
    repository.git("update-ref", "refs/remotes/origin/main", "main")

    def options(**changes: str) -> list[str]:
        return _run([*BASH, "-c", check], tmp_path, **changes).stdout.splitlines()[4:]

    assert options(**{variable: value}) == []
    (upstream / "accepted.toml").write_text("")
    repository.commit()
    repository.git("update-ref", "refs/remotes/origin/main", "main")
    assert options(**{variable: value}) == ["--base-ref", base]
    assert options() == []
    assert _run([*BASH, "-c", check], tmp_path, **{variable: "gone"}).returncode == 128


def _scripts(service: Service, wanted: Request) -> tuple[str, str]:
    """The command that installs the tool and the one that checks, as the service reads them."""
    read: dict[str, Any] = yaml.safe_load(FILES[service][1](wanted))
    if service is Service.GITLAB:
        install, check = read["nonce-migrate"]["script"]
    else:
        install, check = (s["run"] for s in read["jobs"]["check"]["steps"] if "run" in s)
    return install, check


def _run(command: list[str], folder: Path, **changes: str) -> Completed:
    """Runs a command with the programs of a folder before all others."""
    known = environment(**changes)
    return subprocess.run(
        command,
        cwd=folder,
        env={**known, "PATH": f"{folder}:{known['PATH']}"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )

"""What docs/ci.md shows is taken by the programs that it is for."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from nonce_migrate.scaffold import Request, Service
from nonce_migrate.scaffold.services import FILES, gitlab
from nonce_migrate.scaffold.source import Git
from tests.checkout import ROOT
from tests.ci.repositories import Repository
from tests.ci.test_hooks import APPLY

_PAGE = (ROOT / "docs/ci.md").read_text("utf-8")
_SOURCE = Git("https://git.example.com/tools/nonce-migrate", "v0.1.0")
_VALIDATORS = {
    Service.GITHUB: ("check-jsonschema", "--builtin-schema", "vendor.github-workflows"),
    Service.PRE_COMMIT: ("pre-commit", "validate-config"),
}


def test_the_job_of_gitlab_is_the_one_that_init_writes() -> None:
    assert _block(Service.GITLAB) == gitlab(Request(Path("/x"), Path("/x"), None, source=_SOURCE))


@pytest.mark.parametrize("service", _VALIDATORS)
def test_the_service_takes_the_file(service: Service, bot: Repository) -> None:
    name = FILES[service][0]
    bot.write(name, _block(service))

    done = bot.run(*_VALIDATORS[service], name)

    assert done.returncode == 0, done.stdout


def test_the_hooks_and_inputs_that_are_named_are_there() -> None:
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    named = re.findall(r"id: (\S+)$", _PAGE, re.MULTILINE) + re.findall("`(nonce-.+-apply)`", _PAGE)
    assert named and set(named) == hooks
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    uses = [step for step in _steps() if "nonce-migrate@" in step.get("uses", "")]
    assert uses
    for step in uses:
        assert step.get("with", {}).keys() <= action["inputs"].keys()


def test_the_commands_run(bot: Repository) -> None:
    init, apply, baseline = re.findall(r"^\$ (.+)$", _PAGE, re.MULTILINE)

    for line in (init, baseline):
        done = bot.run(*shlex.split(line))
        assert done.returncode == 0, done.stderr
    assert all((bot.root / name).is_file() for name, _ in FILES.values())
    assert tuple(shlex.split(apply)) == APPLY


def _blocks() -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```$", _PAGE, re.MULTILINE | re.DOTALL)


def _block(service: Service) -> str:
    """The block that begins with the name of the service's file, without that line."""
    first = f"# {FILES[service][0]}\n"
    (block,) = (block for block in _blocks() if block.startswith(first))
    return block.removeprefix(first)


def _steps() -> list[dict[str, Any]]:
    """The steps of GitHub's workflows, whole ones and parts."""
    found: list[dict[str, Any]] = []
    for block in map(yaml.safe_load, _blocks()):
        if isinstance(block, list):
            found += block
        elif "jobs" in block:
            found += block["jobs"]["check"]["steps"]
    return found

"""Runs the steps of a composite action as a runner of GitHub Actions does.

By https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax and, for the
shell, .../workflow-syntax#jobsjob_idstepsshell. Of expressions, it knows names and `name != ''`.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.ci.repositories import Completed, environment

BASH = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail")
_EXPRESSION = re.compile(r"\$\{\{\s*([a-z._-]+)\s*\}\}")
_UNEQUAL = re.compile(r"([a-z._-]+) != ''")
_TIMEOUT_S = 120


@dataclass(frozen=True, slots=True)
class Ran:
    """A step that was run, and what it left in GITHUB_OUTPUT and GITHUB_STEP_SUMMARY."""

    name: str
    done: Completed
    outputs: Mapping[str, str]
    summary: str


class CompositeAction:
    """An action.yml; action: the folder it lies in. temporary: the runner's RUNNER_TEMP."""

    def __init__(self, action: Path, temporary: Path) -> None:
        self.definition: dict[str, Any] = yaml.safe_load((action / "action.yml").read_text())
        self._action = action
        self._temporary = temporary

    def run(self, workspace: Path, inputs: Mapping[str, str], *only: str) -> list[Ran]:
        """Runs the steps in turn up to the first that fails; only: the names of some of them."""
        declared = self.definition["inputs"]
        assert inputs.keys() <= declared.keys()
        context = {"github.action_path": str(self._action)}
        context |= {f"inputs.{name}": str(each["default"]) for name, each in declared.items()}
        context |= {f"inputs.{name}": value for name, value in inputs.items()}
        ran = []
        for step in self._steps(context, only):
            ran.append(self._run_step(step, workspace, context))
            for key, value in ran[-1].outputs.items():
                context[f"steps.{step['id']}.outputs.{key}"] = value
            if ran[-1].done.returncode:
                break
        return ran

    def _steps(self, context: dict[str, str], only: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        """The steps that a runner would run with bash."""
        for step in self.definition["runs"]["steps"]:
            if step.get("uses", "").startswith("actions/setup-python@"):
                context[f"steps.{step['id']}.outputs.python-path"] = sys.executable
                continue
            assert step["shell"] == "bash"
            unequal = _UNEQUAL.fullmatch(step.get("if", ""))
            assert unequal or "if" not in step
            if (unequal and not context[unequal[1]]) or (only and step["name"] not in only):
                continue
            yield step

    def _run_step(self, step: dict[str, Any], workspace: Path, context: Mapping[str, str]) -> Ran:
        def fill(text: str) -> str:
            return _EXPRESSION.sub(lambda found: context.get(found[1], ""), text)

        output, summary = self._temporary / "output", self._temporary / "summary"
        output.write_text("")
        summary.write_text("")
        done = subprocess.run(
            [*BASH, "-c", fill(step["run"])],
            cwd=workspace / fill(step.get("working-directory", ".")),
            env=environment(
                **{name: fill(text) for name, text in step.get("env", {}).items()},
                GITHUB_ACTIONS="true",
                GITHUB_OUTPUT=str(output),
                GITHUB_STEP_SUMMARY=str(summary),
                RUNNER_TEMP=str(self._temporary),
            ),
            capture_output=True,
            encoding="utf-8",
            timeout=_TIMEOUT_S,
            check=False,
        )
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return Ran(step["name"], done, outputs, summary.read_text())

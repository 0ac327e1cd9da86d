"""The file of each service that runs the check."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import indent

from nonce_migrate.scaffold.quoting import double_quoted, shell_word
from nonce_migrate.scaffold.request import Request, Service
from nonce_migrate.scaffold.source import Git, Package, Source, Vendored

_GITHUB = """\
name: nonce-migrate
on:
  pull_request:
  push:
    branches: [main, master]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
{history}      - uses: actions/setup-python@v6
        with:
          python-version: "3.12"
      - name: Install nonce-migrate
        run: |
          python -m pip install {requirement}
      - name: Check
        run: |
          {check}
"""
# A shallow checkout has no branch to compare with.
_GITHUB_HISTORY = "        with:\n          fetch-depth: 0\n"
_GITHUB_BASE = ("GITHUB_BASE_REF", "origin/$GITHUB_BASE_REF")
_GITLAB = """\
nonce-migrate:
  image: python:3.12
{history}  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - |
      python -m pip install {requirement}
    - |
      {check}
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
"""
_GITLAB_HISTORY = '  variables:\n    GIT_DEPTH: "0"\n'
_GITLAB_BASE = ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "$CI_MERGE_REQUEST_DIFF_BASE_SHA")
# The base has to be there; it has no baseline where this change is the one that brings it in.
_HELD = """\
set --
if [ -n "${variable}" ]; then
  git cat-file -e "{revision}^{{commit}}"
  if git cat-file -e "{revision}":{baseline} 2>/dev/null; then
    set -- --base-ref "{revision}"
  fi
fi
{check} "$@\""""
_PRE_COMMIT = """\
repos:
  - repo: {repo}
{hook}"""
_SHIPPED_HOOK = """\
    rev: {revision}
    hooks:
      - id: nonce-migrate-check
{arguments}"""
_LOCAL_HOOK = """\
    hooks:
      - id: nonce-migrate-check
        name: nonce-migrate check
        entry: nonce-migrate check
{language}        pass_filenames: false
        always_run: true
{arguments}"""


def github(request: Request) -> str:
    """A workflow of GitHub Actions: annotations at the lines, and a summary of the job."""
    check = f"nonce-migrate check {shell_word(request.place)} --format github"
    if request.baseline:
        check = _held(request, check, *_GITHUB_BASE)
    return _GITHUB.format(
        requirement=shell_word(_source(request).requirement),
        check=indent(check, " " * 10).lstrip(),
        history=_GITHUB_HISTORY if request.baseline else "",
    )


def gitlab(request: Request) -> str:
    """A job of GitLab CI/CD, with a code quality report."""
    output = "gitlab:gl-code-quality-report.json"
    check = f"nonce-migrate check {shell_word(request.place)} --output {output}"
    if request.baseline:
        check = _held(request, check, *_GITLAB_BASE)
    return _GITLAB.format(
        requirement=shell_word(_source(request).requirement),
        check=indent(check, " " * 6).lstrip(),
        history=_GITLAB_HISTORY if request.baseline else "",
    )


def pre_commit(request: Request) -> str:
    """A configuration of pre-commit with the hook of the check."""
    source = _source(request)
    place = request.place
    arguments = f"        args: [{double_quoted(place)}]\n" if place != "." else ""
    match source:
        case Git(url, revision):
            hook = _SHIPPED_HOOK.format(revision=double_quoted(revision), arguments=arguments)
            return _PRE_COMMIT.format(repo=double_quoted(url), hook=hook)
        case Package(requirement):
            needed = double_quoted(requirement)
            language = f"        language: python\n        additional_dependencies: [{needed}]\n"
        case Vendored():
            # pre-commit builds an environment elsewhere: it cannot install a path from here.
            language = "        language: system\n"
    hook = _LOCAL_HOOK.format(language=language, arguments=arguments)
    return _PRE_COMMIT.format(repo="local", hook=hook)


FILES: dict[Service, tuple[str, Callable[[Request], str]]] = {
    Service.GITHUB: (".github/workflows/nonce-migrate.yml", github),
    Service.GITLAB: (".gitlab-ci.yml", gitlab),
    Service.PRE_COMMIT: (".pre-commit-config.yaml", pre_commit),
}


def _held(request: Request, check: str, variable: str, revision: str) -> str:
    """The check of a pull request is held to the baseline of the revision that it goes to."""
    place = "" if request.place == "." else f"{request.place}/"
    file = shell_word(f"{place}{request.baseline}")
    return _HELD.format(variable=variable, revision=revision, baseline=file, check=check)


def _source(request: Request) -> Source:
    assert request.source is not None, "a service needs a source"
    return request.source

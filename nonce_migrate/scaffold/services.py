"""The file of each service that runs the check."""

from __future__ import annotations

from collections.abc import Callable

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
          nonce-migrate check {place} --format github{base}
"""
# A shallow checkout has no branch to compare with.
_GITHUB_HISTORY = "        with:\n          fetch-depth: 0\n"
_GITHUB_BASE = ' ${GITHUB_BASE_REF:+--base-ref "origin/$GITHUB_BASE_REF"}'
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
      nonce-migrate check {place} --output gitlab:gl-code-quality-report.json{base}
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
"""
_GITLAB_HISTORY = '  variables:\n    GIT_DEPTH: "0"\n'
_GITLAB_BASE = ' ${CI_MERGE_REQUEST_DIFF_BASE_SHA:+--base-ref "$CI_MERGE_REQUEST_DIFF_BASE_SHA"}'
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
    return _pipeline(request, _GITHUB, _GITHUB_HISTORY, _GITHUB_BASE)


def gitlab(request: Request) -> str:
    """A job of GitLab CI/CD, with a code quality report."""
    return _pipeline(request, _GITLAB, _GITLAB_HISTORY, _GITLAB_BASE)


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


def _pipeline(request: Request, template: str, history: str, base: str) -> str:
    """With a baseline, a pull request is held to the one of the branch that it goes to."""
    return template.format(
        requirement=shell_word(_source(request).requirement),
        place=shell_word(request.place),
        history=history if request.baseline else "",
        base=base if request.baseline else "",
    )


def _source(request: Request) -> Source:
    assert request.source is not None, "a service needs a source"
    return request.source

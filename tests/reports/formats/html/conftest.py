from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from nonce_migrate.reports.formats.html import render_html
from nonce_migrate.reports.record import Record

Open = Callable[..., Page]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A Chromium of the system; NONCE_MIGRATE_REQUIRE_SERVERS=1 makes its absence a failure."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        message = "no chromium here; install it, for instance by `apt-get install chromium`"
        if os.environ.get("NONCE_MIGRATE_REQUIRE_SERVERS") == "1":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Record], Path]:
    """Writes the report of a record, each record once."""
    folder = tmp_path_factory.mktemp("reports")
    known: dict[Record, Path] = {}

    def write(record: Record) -> Path:
        if record not in known:
            known[record] = folder / f"report{len(known)}.html"
            known[record].write_text(render_html(record), encoding="utf-8")
        return known[record]

    return write


@pytest.fixture
def open_report(browser: Browser, written: Callable[[Record], Path]) -> Iterator[Open]:
    """Opens the report of a record; options: of the browser's context.

    In the end nothing may have been asked of a network, reported by the policy, or gone wrong.
    """
    problems: list[str] = []
    contexts = []

    def open_(record: Record, **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        url = written(record).as_uri()
        page.on("console", lambda message: problems.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: problems.append(f"error: {error}"))
        page.on("dialog", lambda dialog: problems.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: problems.extend(_asked(request, url)))
        page.goto(url)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert problems == []


def _asked(request: Request, url: str) -> list[str]:
    return [] if request.url == url else [f"request: {request.url}"]

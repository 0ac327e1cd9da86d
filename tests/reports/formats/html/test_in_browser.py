"""The report in a real Chromium. The fixture also sees to it that every page stays silent."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from nonce_migrate.reports.formats.html import render_html
from tests.reports.formats.html.conftest import Open
from tests.reports.formats.html.records import full_record, hostile_record, large_record
from tests.reports.results import applied, empty_plan, scanned

pytestmark = pytest.mark.xdist_group("browser")

CONTRAST = (Path(__file__).parent / "contrast.js").read_text()


def test_everything_is_reached_by_the_tab_key_beginning_with_the_skip_link(
    open_report: Open,
) -> None:
    page = open_report(full_record())

    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the report")
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_id("main")

    passed = _tab_through(page)
    assert {"radio", "checkbox", "search", "select", "reset", "sort", "details", "file"} <= passed


def test_search_by_its_key_counts_what_it_finds(open_report: Open) -> None:
    page = open_report(full_record())

    page.keyboard.press("/")
    expect(page.locator(":focus")).to_have_id("search")
    page.keyboard.type("OTHER _last/")
    expect(page.locator("#matches")).to_have_text("0 findings of 5")
    page.keyboard.press("Backspace")
    expect(page.locator("#matches")).to_have_text("1 finding of 5")
    expect(page.locator("tbody.shown")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#matches")).to_have_text("5 findings")


def test_filters_by_keyboard_go_together(open_report: Open) -> None:
    page = open_report(full_record())

    page.locator("#filters label", has_text="Level").locator("select").focus()
    page.keyboard.type("man")
    expect(page.locator("#matches")).to_have_text("2 findings of 5")
    page.locator("#filters label", has_text="Folder").locator("select").select_option(
        label="src/auth/ (1)"
    )
    expect(page.locator("#matches")).to_have_text("0 findings of 5")
    page.get_by_role("button", name="Reset").press("Enter")
    expect(page.locator("#matches")).to_have_text("5 findings")


def test_sorts_by_keyboard_both_ways(open_report: Open) -> None:
    page = open_report(full_record())
    system = page.locator("th", has_text="System").last

    system.get_by_role("button").press("Enter")
    expect(system).to_have_attribute("aria-sort", "ascending")
    assert _column(page, "c-system")[0] == "nonce_manager"
    system.get_by_role("button").press("Enter")
    expect(system).to_have_attribute("aria-sort", "descending")
    assert _column(page, "c-system")[-1] == "nonce_manager"


def test_details_of_a_finding_unfold_by_keyboard(open_report: Open) -> None:
    page = open_report(full_record())
    row = page.locator("#list tbody", has_text="src/other.py")
    chain = row.get_by_text("make.py:3:")

    expect(chain).to_be_hidden()
    row.get_by_role("button").press("Space")
    expect(row.get_by_role("button")).to_have_attribute("aria-expanded", "true")
    expect(chain).to_be_visible()


def test_diffs_unfold_by_keyboard_and_by_links(open_report: Open) -> None:
    page = open_report(full_record())
    file = page.locator("#file-1")

    file.locator("summary").first.press("Enter")
    expect(file.locator("del, mark").first).to_be_visible()
    assert file.locator("tr.changed td").all_inner_texts() == ["import old", "import new"]

    file.evaluate("box => box.open = false")
    page.locator("#list a[href='#file-1']").first.press("Enter")
    expect(file).to_have_attribute("open", "")


def test_ticks_are_kept_for_the_same_report_alone(open_report: Open) -> None:
    page = open_report(full_record())
    box = page.locator("#checklist input").first

    box.press("Space")
    expect(page.locator("#ticked")).to_have_text("1 of 2 done")
    page.reload()
    expect(page.locator("#ticked")).to_have_text("1 of 2 done")
    expect(box).to_be_checked()
    page.locator("#hide-done").press("Space")
    expect(box).to_be_hidden()

    keys = page.evaluate("Object.keys(localStorage)")
    page.evaluate("localStorage.setItem(Object.keys(localStorage)[0], '{broken')")
    page.reload()
    expect(page.locator("#ticked")).to_have_text("0 of 2 done")
    assert len(keys) == 1
    assert keys[0].startswith("nonce-migrate:")


def test_works_where_storage_is_forbidden(browser: Browser) -> None:
    """A data: page has no storage; asking for it raises."""
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("data:text/html;charset=utf-8," + quote(render_html(full_record())))

    page.locator("#checklist input").first.press("Space")
    expect(page.locator("#ticked")).to_have_text("1 of 2 done")
    page.locator("#search").fill("other")
    expect(page.locator("#matches")).to_have_text("1 finding of 5")
    page.close()
    assert errors == []


def test_the_graph_shows_one_moment_at_a_time(open_report: Open) -> None:
    page = open_report(full_record())

    expect(page.locator(".moment.before")).to_be_visible()
    expect(page.locator(".moment.after")).to_be_hidden()
    page.locator("#moment-before").press("ArrowRight")
    expect(page.locator(".moment.before")).to_be_hidden()
    expect(page.locator(".moment.after")).to_contain_text("consolidated_nonce_manager 1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_enough_contrast(open_report: Open, scheme: str) -> None:
    """WCAG 2.2, 1.4.3 (AA): 4.5 to 1, computed from what the browser paints."""
    page = open_report(full_record(), color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")
    page.evaluate("document.querySelectorAll('#list tbody').forEach(b => b.classList.add('open'))")

    measured = page.evaluate(CONTRAST)

    assert len(measured) > 40
    assert [entry for entry in measured if entry["ratio"] < 4.5] == []
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (background == "rgb(255, 255, 255)") is (scheme == "light")


def test_print_shows_what_matters_and_no_controls(open_report: Open) -> None:
    page = open_report(large_record(60), color_scheme="dark")
    page.locator("#checklist details").first.evaluate("box => box.open = false")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    for control in (".sections", "#filters", "#search", "#file-search", "#more", ".switch"):
        expect(page.locator(control).first).to_be_hidden()
    expect(page.locator(".moment.before")).to_be_visible()
    expect(page.locator(".moment.after")).to_be_visible()
    expect(page.locator("#checklist .do").first).to_be_visible()
    expect(page.locator("#list tbody.shown")).to_have_count(300)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"

    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("#list tbody.shown")).to_have_count(100)


def test_is_complete_without_script(open_report: Open) -> None:
    page = open_report(large_record(60), java_script_enabled=False)

    assert page.locator("#list tbody").count() == 300
    expect(page.locator("#list tbody").last).to_be_visible()
    expect(page.locator("#list tr.more").last).to_be_visible()
    for control in ("#filters", "#ticked", "#more", "#open-all"):
        expect(page.locator(control)).to_be_hidden()
    page.locator("#file-1 summary").first.click()
    expect(page.locator("#file-1 tr.changed")).to_be_visible()


@pytest.mark.parametrize("width", [320, 760])
def test_fits_a_narrow_screen(open_report: Open, width: int) -> None:
    page = open_report(full_record(), viewport={"width": width, "height": 640})
    page.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")

    assert page.evaluate("document.documentElement.scrollWidth") == width
    cells = page.locator(".diff td:not(.e)")
    cells.first.scroll_into_view_if_needed()
    assert cells.evaluate_all("cells => cells.every(c => c.scrollHeight <= c.clientHeight + 1)")


def test_hostile_names_and_code_stay_text(open_report: Open) -> None:
    page = open_report(hostile_record())
    page.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")

    assert page.evaluate("typeof window.hacked") == "undefined"
    assert page.locator("img, iframe, object, link").count() == 0
    assert page.locator("script").count() == 1
    assert "<script>window.hacked = 1</script>" in page.locator(".facts").inner_text()
    assert "{{ 7 * 7 }}" in str(page.locator("tr.changed, tr.removed").first.text_content())
    assert "\\u202e\\xff\\x1b[31m" in page.locator("#list td.c-symbol").first.inner_text()


def test_the_policy_stops_what_escaping_would_have_missed(browser: Browser) -> None:
    """The second wall: markup that got in all the same runs nothing and loads nothing."""
    smuggled = "<script>window.hacked = 1</script><img src='http://127.0.0.1:9/x' onerror='a()'>"
    html = render_html(full_record()).replace("</main>", f"{smuggled}</main>")
    page = browser.new_page()
    refused: list[str] = []
    stopped: list[str | None] = []
    page.on("console", lambda message: refused.append(message.text))
    page.on("requestfailed", lambda request: stopped.append(request.failure))
    page.goto("data:text/html;charset=utf-8," + quote(html))

    assert page.evaluate("typeof window.hacked") == "undefined"
    assert len([text for text in refused if "Content Security Policy" in text]) >= 2
    assert stopped == ["csp"]
    page.close()


def test_a_thousand_files_stay_usable(open_report: Open) -> None:
    page = open_report(large_record())

    took = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    assert took < 15_000, "took 0.6 s on two idle cores"
    expect(page.locator("#list tbody.shown")).to_have_count(100)
    page.locator("#search").fill("module_0999")
    expect(page.locator("#matches")).to_have_text("5 findings of 5,000")
    page.locator("#file-search").fill("module_0999")
    expect(page.locator("#files-shown")).to_have_text("1 file")
    page.locator("#open-all").click()
    expect(page.locator("details.file[open]")).to_have_count(1)
    assert page.locator(".graph .source").count() <= 2 * 28


@pytest.mark.parametrize("record", [scanned(), applied(empty_plan())])
def test_opens_with_nothing_to_tell(open_report: Open, record: object) -> None:
    page = open_report(record)

    expect(page.locator("#steps .empty")).to_have_text("Nothing is left for a person.")


def _column(page: Page, name: str) -> list[str]:
    return page.locator(f"#list tbody td.{name}").all_inner_texts()


def _tab_through(page: Page) -> set[str]:
    """The kinds of what has the focus, one after the other, each with an outline to see it by."""
    passed = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        kind, outline = page.evaluate(
            """() => {
              const now = document.activeElement;
              const seen = now.matches(".switch input") ? now.nextElementSibling : now;
              const kind = now.closest("th") ? "sort" : now.closest("td.fold") ? "details"
                : now.closest("details.file") ? "file" : now.type || now.localName;
              return [kind.replace("select-one", "select"), getComputedStyle(seen).outlineStyle];
            }"""
        )
        if kind == "body":
            break
        assert outline != "none", kind
        passed.add(kind)
    return passed

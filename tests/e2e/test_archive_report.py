"""The page of an archive in headless Chromium: wide and narrow, light and dark, and with what is hostile or long."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timezone
from pathlib import Path
from typing import Any

import pytest
from archive_maker import tables

from httplint.cli.main import run

pytestmark = pytest.mark.browser

LONG = "a-very-long-name-of-a-host-that-goes-on-and-on-and-on-without-any-end.in-many-labels.which-are-long-too.example"
HOSTS = ("shop.example", "\u0645\u062b\u0627\u0644.\u0625\u062e\u062a\u0628\u0627\u0631", "b\u00fccher.example", LONG,
         "</span><img src=x onerror=window.pwned=1>", None)
RULES = (("etag.malformed", "error"), ("405.allow-missing", "error"), ("set-cookie.expires-form", "warning"),
         ("field.obsolete", "info"), (f"house.{'x-' * 60}", "error"))


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of ten years of responses on some more hosts than are shown at once."""
    directory = tmp_path_factory.mktemp("archive")
    hosts = [*HOSTS, *(f"h{number}.example" for number in range(6))]
    responses, findings = [], []
    for number in range(120):
        what = {"capture": "a", "host": hosts[number % len(hosts)], "server": ("nginx", None)[number % 2]}
        day = date(2014 + number // 12, 1 + number % 12, 1)
        responses.append({**what, "day": day, "count": 50, "with_errors": number % 17, "with_warnings": number % 5})
        rule, severity = RULES[number % len(RULES)]
        findings.append({**what, "entry": number, "rule": rule, "severity": severity,
                         "started": datetime.combine(day, time(), timezone.utc)})
    archive = tables(
        directory / "tables", responses=responses, findings=findings,
        captures=[{"capture": "a", "outcome": "whole", "entries": 6000}, {"capture": LONG, "outcome": "unreadable"}],
        not_evaluated=[{"capture": "a", "rule": "date.missing", "reason": "no fields of proxies", "count": 1500}],
        dead_letters=[{"capture": LONG, "kind": "unreadable", "cause": f"not JSON: {LONG * 3}"}])
    path = directory / "report.html"
    assert run(["archive", "report", archive, "--output", f"html:{path}"]) == 0
    return path


@pytest.fixture
def opened(browser: Any, page_file: Path) -> Iterator[Any]:
    """Opens the page; nothing may go wrong on the way, and nothing be asked for but the page itself."""
    contexts: list[Any] = []
    trouble: list[str] = []

    def open_page(**context: Any) -> Any:
        contexts.append(browser.new_context(**context))
        page = contexts[-1].new_page()
        page.on("console", lambda message: trouble.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: trouble.append(f"error: {error}"))
        page.on("request", lambda request: request.url.split("#")[0] == page_file.as_uri()
                or trouble.append(f"request: {request.url}"))
        page.goto(page_file.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert trouble == []


OVERLAPPING = """() => {
  const boxes = [...document.querySelectorAll(".course text")].map((text) => text.getBoundingClientRect())
    .filter((box) => box.width);
  return boxes.filter((one, at) => boxes.some((other, to) => to > at && one.left < other.right
    && other.left < one.right && one.top < other.bottom && other.top < one.bottom)).length;
}"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll("main *")]
  .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .filter((element) => element.getBoundingClientRect().width && element.localName !== "title")
  .map((element) => parseFloat(getComputedStyle(element).fontSize)))"""


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_everyone_can_use_it(opened: Any, barriers: Any, width: int, scheme: str) -> None:
    """The checks of axe-core; nothing is wider than the window, on another, or tiny, with everything opened."""
    page = opened(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(OVERLAPPING) == 0
    assert page.evaluate(SMALLEST) >= 11.5
    assert page.evaluate("window.pwned") is None
    page.evaluate("document.querySelectorAll('section:not(#rules) details').forEach((one) => { one.open = false; })")
    assert barriers(page) == []


def test_all_of_it_works_without_script_and_by_keyboard(opened: Any) -> None:
    page = opened(java_script_enabled=False)
    assert page.get_by_role("img", name="Over time").is_visible()
    rule = page.locator("#rules summary.of").first
    rule.focus()
    page.keyboard.press("Enter")
    assert page.locator("#rules").get_by_text("Fix", exact=True).first.is_visible()
    page.locator("#hosts .of-rule a").first.click()
    assert page.locator(":target").is_visible(), "a link to a rule opens it"


def test_it_can_be_printed(opened: Any) -> None:
    page = opened()
    page.emulate_media(media="print")
    assert page.locator("#rules .bars").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"

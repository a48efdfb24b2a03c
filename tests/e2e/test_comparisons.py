"""The pages of comparisons in headless Chromium: with and without script, wide and narrow, light and dark."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from httplint.cli.main import run

pytestmark = pytest.mark.browser

FIXTURES = Path(__file__).parents[2] / "fixtures" / "har"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A page of each comparison, of the same results."""
    directory = tmp_path_factory.mktemp("pages")
    results = []
    for name, captures in (("before", ("4xx-5xx", "3xx")), ("after", ("4xx-5xx", "1xx-2xx"))):
        results.append(str(directory / f"{name}.json"))
        run(["check", *(str(FIXTURES / f"chromium-application-violating-{one}.har") for one in captures), "--isolated",
             "--output", f"json:{results[-1]}", "--output-format", "concise"])
    for option, some in (("diff", results), ("trend", [*results, results[0]])):
        run(["report", f"--{option}", *some, "--output", f"html:{directory / option}.html"])
    return {option: directory / f"{option}.html" for option in ("diff", "trend")}


@pytest.fixture
def opened(browser: Any) -> Iterator[Any]:
    """Opens a page; nothing may go wrong on the way, and nothing be asked for but the page itself."""
    contexts: list[Any] = []
    trouble: list[str] = []

    def open_page(path: Path, **context: Any) -> Any:
        contexts.append(browser.new_context(**context))
        page = contexts[-1].new_page()
        page.on("console", lambda message: trouble.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: trouble.append(f"error: {error}"))
        page.on("request", lambda request: request.url == path.as_uri() or trouble.append(f"request: {request.url}"))
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert trouble == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["diff", "trend"])
def test_everyone_can_use_it(
        opened: Any, barriers: Any, pages: dict[str, Path], name: str, width: int, scheme: str) -> None:
    """The checks of axe-core, with everything opened; nothing is wider than the window."""
    page = opened(pages[name], color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    for summary in page.locator("section > details > summary, .groups > li:first-child summary").all():
        summary.click()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_all_of_it_works_without_script(opened: Any, pages: dict[str, Path]) -> None:
    page = opened(pages["diff"], java_script_enabled=False)
    assert not page.get_by_label("Theme").is_visible()
    page.get_by_role("navigation").get_by_text("Unchanged").click()
    section = page.locator("#unchanged")
    assert not section.locator(".row").first.is_visible()
    section.locator("summary").first.click()
    section.locator("summary.row").first.click()
    assert section.get_by_text("Fix", exact=True).first.is_visible()
    page = opened(pages["trend"], java_script_enabled=False)
    assert page.get_by_role("img", name="Findings by severity over 3 results").is_visible()
    assert page.get_by_role("table").count() == 2


def test_the_theme_can_be_chosen(opened: Any, pages: dict[str, Path]) -> None:
    page = opened(pages["trend"], color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_label("Theme").select_option("dark")
    assert page.evaluate(ground) != light

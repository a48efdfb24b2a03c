"""The page that lints in a browser."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

HARS = Path(__file__).parents[2] / "fixtures" / "har"

pytestmark = pytest.mark.browser


def test_a_chosen_file_is_linted(browser: Any, playground: str) -> None:
    page = browser.new_page()
    page.goto(playground)
    page.wait_for_selector("html[data-worker=ready]", state="attached", timeout=60_000)
    page.set_input_files("#file", HARS / "mitmproxy-application-violating-4xx-5xx.har")
    report = page.frame_locator("#report")
    report.locator("h1").filter(has_text="29 findings in 32 exchanges").wait_for(timeout=60_000)
    page.close()

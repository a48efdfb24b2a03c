"""Records HARs with Chromium driven by Playwright. Runs in a Python that has Playwright; the job comes on stdin.

Requests of Playwright's own APIRequestContext are of no use here: `record_har_path` does not record them.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from playwright.sync_api import Error, Page, sync_playwright

FETCH = """async ([url, method, headers, body, redirect]) => {
    try {
        const response = await fetch(url, {method, headers, body, redirect, cache: 'no-store',
                                           credentials: 'omit', signal: AbortSignal.timeout(8000)});
        await response.arrayBuffer();
        return String(response.status);
    } catch (problem) { return String(problem); }
}"""

WEBSOCKET = """url => new Promise(done => {
    const socket = new WebSocket(url);
    socket.onclose = event => done(String(event.code));
    setTimeout(() => done('timeout'), 5000);
})"""


def ask(page: Page, step: dict[str, Any]) -> str:
    """One request, whatever comes of it."""
    try:
        if step["how"] == "goto":
            answer = page.goto(step["url"], timeout=8000)
            return str(answer.status) if answer else "no answer"
        if step["how"] == "websocket":
            return str(page.evaluate(WEBSOCKET, step["url"].replace("http", "ws", 1)))
        redirect = "follow" if step["follow"] else "manual"
        return str(page.evaluate(FETCH, [step["url"], step["method"], dict(step["fields"]), step["content"], redirect]))
    except Error as problem:
        return str(problem).splitlines()[0]


def main() -> None:
    """Every recording of the job, each in a context of its own."""
    job = json.load(sys.stdin)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=job["chromium"], args=job["arguments"])
        for recording in job["recordings"]:
            context = browser.new_context(
                record_har_path=recording["har"], record_har_content="embed", ignore_https_errors=True)
            page = context.new_page()
            home = None
            for step in recording["steps"]:
                if step["how"] in ("fetch", "websocket") and home != step["page"]:
                    page.goto(step["page"])
                said = ask(page, step)
                home = step["page"]
                print(step["method"], step["url"], said, file=sys.stderr)
            context.close()
        print(json.dumps({"version": browser.version}))
        browser.close()


if __name__ == "__main__":
    main()

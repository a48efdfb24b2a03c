"""Asks with Playwright: with a page of Chromium, or past it, and keeps the trace."""
from __future__ import annotations

import json
import sys

from playwright.sync_api import Error, sync_playwright

FETCH = """async ([method, path, fields, content]) => {
    const response = await fetch(path, {method, headers: fields, body: content ?? undefined, redirect: 'manual',
                                        cache: 'no-store', credentials: 'omit',
                                        signal: AbortSignal.timeout(8000)});
    await response.arrayBuffer();
}"""

job = json.load(sys.stdin)
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=job["chromium"], args=["--no-sandbox"])
    if job["api"]:
        context = playwright.request.new_context(base_url=job["base"])
        context.tracing.start(snapshots=True)
        for ask in job["asks"]:
            try:
                context.fetch(ask["path"], method=ask["method"], headers=dict(ask["fields"]), data=ask["content"],
                              timeout=8000)
            except Error as error:
                print(f"{ask['method']} {ask['path']}: {error}", file=sys.stderr)
        context.tracing.stop(path=job["out"])
    else:
        tab = browser.new_context()
        tab.tracing.start(snapshots=True)
        page = tab.new_page()
        page.goto(job["base"] + "/conforming/page")
        for ask in job["asks"]:
            try:
                page.evaluate(FETCH, [ask["method"], ask["path"], ask["fields"], ask["content"]])
            except Error as error:
                print(f"{ask['method']} {ask['path']}: {error}", file=sys.stderr)
        tab.tracing.stop(path=job["out"])
    browser.close()

"""Playwright: traces of Chromium, of its API requests, and those that Playwright Test puts together.

Needs `chromium`; Playwright Test also `npm`.
"""
from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace

from recorder import CLIENTS, Job

RECORDINGS = {"playwright": ".zip", "playwright-api": ".zip", "playwright-test": ".zip"}
TEST = "@playwright/test@1.44.1"
"""A release of 2024, whose traces have another form than those of today."""


def record(job: Job) -> None:
    """The browser asks by `fetch`, as pages do: every other request, as those of browsers are long."""
    if job.name != "playwright-api":
        job = replace(job, asks=job.asks[job.name == "playwright-test"::2])
    if job.name != "playwright-test":
        job.python("with_playwright.py", "playwright>=1.60", api=job.name == "playwright-api",
                   chromium=shutil.which("chromium"))
        return
    installed = job.environments / TEST.replace("/", "-")
    if not (installed / "node_modules").exists():
        installed.mkdir(parents=True)
        subprocess.run(["npm", "install", "--silent", TEST], cwd=installed, check=True)
    for name in ("playwright_test.spec.js", "playwright.config.js"):
        shutil.copyfile(CLIENTS / name, installed / name)
    job.run(["node", CLIENTS / "with_playwright_test.js", installed, shutil.which("chromium") or "chromium"])

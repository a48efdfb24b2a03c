"""How big is the HTML report of many findings, how fast is it written, and how fast does it open?

Generates a HAR of varied entries (those of traffic.py), each with a fault more, judges it until there are so many
findings, and writes the report. With Playwright and Chromium it opens the report, several times in a fresh profile,
and measures from the begin of the navigation until the list can be seen; then a search and the opening of a finding.
The figures of the last run are in benchmarks/README.md.

    python benchmarks/html_report.py
    python benchmarks/html_report.py --findings 100000 --keep report.html
"""
from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import shutil
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import traffic

from httplint import Report, lint_har
from httplint.library import built_in_rules
from httplint.report.html import HtmlReport
from httplint.report.reporter import Options
from httplint.report.summary import Summary

FAULTS = (("Date", "Tue, 1 Jul 2025 12:00:00 GMT"), ("Allow", "GET,,HEAD"), ("Retry-After", "soon"), ("Age", "-1"),
          ("Content-Language", "en_GB"), ("Cache-Control", "max-age=1 day"), ("ETag", "abc"), ("Vary", "Accept,,*"))
"""Field lines, one of which is put into each entry."""

VISIBLE = "() => document.querySelectorAll('.row').length > 0"


def faulty(path: Path, number: int) -> None:
    """Writes a HAR whose entries have a fault each."""
    traffic.write(path, _faulty(number))


def _faulty(number: int) -> Iterator[str]:
    for index, text in enumerate(traffic.entries(number)):
        entry = json.loads(text)
        name, value = FAULTS[index % len(FAULTS)]
        kept = [line for line in entry["response"]["headers"] if line["name"] != name]
        entry["response"]["headers"] = [*kept, {"name": name, "value": value}]
        yield json.dumps(entry)


def reports(har: Path, findings: int) -> Iterator[Report]:
    """The reports of a HAR until they have so many findings."""
    for _, report in lint_har(har):
        yield report
        findings -= len(report.findings)
        if findings <= 0:
            return


def written(har: Path, target: Path, findings: int) -> None:
    """Writes the report and prints its size and what it took beside the judging."""
    rules = built_in_rules()
    summary = Summary(len(rules))
    summary.places = Counter()
    spent = 0.0
    with target.open("w", encoding="utf-8") as out:
        page = HtmlReport(out.write, Options(rules=rules))
        for report in reports(har, findings):
            summary.count(report)
            began = time.process_time()
            page.report(report)
            spent += time.process_time() - began
        began = time.process_time()
        page.end(summary)
        spent += time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = target.stat().st_size / 1e6
    print(f"{summary.findings.total():,} findings in {summary.linted:,} exchanges: {size:.1f} MB, "
          f"written in {spent:.2f} s CPU; the process took {memory:.0f} MB at most, with the judging")


def opened(target: Path, rounds: int) -> None:
    """Opens the report in Chromium, in a fresh profile each time, and prints how long things take."""
    from playwright.sync_api import sync_playwright
    loading, searching, opening = [], [], []
    with sync_playwright() as playwright:
        for _ in range(rounds):
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"),
                                                 args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
            page = browser.new_page(viewport={"width": 1360, "height": 1000})
            began = time.perf_counter()
            page.goto(target.as_uri(), wait_until="load")
            page.wait_for_function(VISIBLE)
            page.screenshot()
            loading.append(time.perf_counter() - began)
            began = time.perf_counter()
            page.fill("#q", "date delta")
            page.wait_for_function("() => document.getElementById('count').textContent.includes('match')")
            searching.append(time.perf_counter() - began)
            began = time.perf_counter()
            page.locator(".row").first.click()
            page.locator(".row.within").first.click()      # of its endpoints
            page.locator(".exchange > *").first.wait_for()
            opening.append(time.perf_counter() - began)
            browser.close()
    for name, times in (("open and paint", loading), ("search", searching), ("open a finding", opening)):
        print(f"{name:15} {statistics.median(times):.2f} s median, {max(times):.2f} s at most of {rounds}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--findings", type=int, default=10_000)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--keep", type=Path, help="where the report is kept")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        har = Path(directory) / "generated.har"
        generating = multiprocessing.Process(target=faulty, args=(har, given.findings))
        generating.start()                                 # elsewhere, since its memory is not what is measured
        generating.join()
        target = given.keep.resolve() if given.keep else Path(directory) / "report.html"
        written(har, target, given.findings)
        opened(target, given.rounds)


if __name__ == "__main__":
    main()

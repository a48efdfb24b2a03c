"""Takes the pictures of the documentation: `python tools/screenshots.py [DIRECTORY]` (default: docs/images).

What `httplint check` prints on a terminal and what the HTML reports show, of the recorded fixtures, photographed in
Chromium. Needs the extras `screenshots` and `archive`, and Chromium.
"""
from __future__ import annotations

import argparse
import io
import json
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PIL import Image
from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures" / "har"
SITE = "mitmproxy-application-violating-4xx-5xx.har"
COMMAND = "httplint check site.har --select 401,405,503"
"""What the picture of the terminal shows, in full; site.har is the fixture SITE."""
HOSTS = [f"{name}.example" for name in ("shop", "news", "api", "www", "cdn", "docs", "mail", "login", "maps", "media")]
"""Hosts of the archive."""
ASKED, CREATOR = "127.0.0.1:28381", '{"name": "mitmproxy", "version": "11.0.2"}'
"""The host of the fixtures, and what recorded them."""
LIMIT = 200_000
"""The largest picture, in octets: it is loaded with the README."""
COLOURS = 64
"""How many a picture has: with edges smoothed, text of a few colours needs no more."""

TERMINAL = """\
<!DOCTYPE html>
<meta charset="utf-8">
<style>
{stylesheet}
body {{ margin: 0; background: {background}; color: {foreground}; }}
pre {{ margin: 0; padding: 16px; display: inline-block; font: 14px/1.3 "DejaVu Sans Mono", monospace; }}
</style>
<pre><code style="font: inherit">{code}</code></pre>
"""
"""The page that rich fills in."""


def main() -> int:
    """Takes the pictures; the exit code is 1 if one is too large."""
    arguments = argparse.ArgumentParser(description="Takes the pictures of the documentation.")
    arguments.add_argument("directory", nargs="?", type=Path, default=ROOT / "docs" / "images")
    directory: Path = arguments.parse_args().directory
    directory.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as work:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, take in (("terminal", terminal), ("report", report), ("report-dark", dark_report),
                           ("archive", archive)):
            image = Image.open(io.BytesIO(take(browser, Path(work)))).convert("RGB")
            image.quantize(COLOURS, dither=Image.Dither.NONE).save(directory / f"{name}.png", optimize=True)
        browser.close()
    large = [path for path in sorted(directory.glob("*.png")) if path.stat().st_size > LIMIT]
    for path in large:
        print(f"{path} has {path.stat().st_size:,} octets, more than {LIMIT:,}", file=sys.stderr)
    return 1 if large else 0


def terminal(browser: Browser, work: Path) -> bytes:
    """The command as typed, and all that it prints, in its colours."""
    shutil.copy(FIXTURES / SITE, work / "site.har")
    console = Console(record=True, width=10_000, file=io.StringIO(), color_system="standard", force_terminal=True)
    console.print(Text(f"$ {COMMAND}"))
    console.print(Text.from_ansi(printed(work, COMMAND, "--isolated", "--color", "always").rstrip("\n")))
    page = browser.new_page(viewport={"width": 1240, "height": 100}, device_scale_factor=1.5)
    page.set_content(console.export_html(theme=DIMMED_MONOKAI, code_format=TERMINAL))
    return page.locator("pre").screenshot()


def dark_report(browser: Browser, work: Path) -> bytes:
    """The same as `report`, for those who like it dark."""
    return report(browser, work, "dark")


def report(browser: Browser, work: Path, scheme: Literal["light", "dark"] = "light") -> bytes:
    """The HTML report of all violating fixtures, with its first finding opened."""
    path = work / "report.html"
    captures = sorted(one.name for one in FIXTURES.glob("mitmproxy-application-violating-*.har"))
    printed(FIXTURES, shlex.join(["httplint", "check", *captures]), "--isolated", "--output", f"html:{path}")
    page = browser.new_page(viewport={"width": 1240, "height": 1500}, color_scheme=scheme, reduced_motion="reduce")
    page.goto(path.as_uri())
    page.locator(".row").first.click()
    page.locator(".row.within").first.click()              # of its endpoints
    page.locator(".message").first.wait_for()
    page.mouse.move(0, 0)
    return page.screenshot()


def archive(browser: Browser, work: Path) -> bytes:
    """The report of an archive: entries of the fixtures, by a few hosts over two years, with fewer and fewer faults."""
    kept, broken = ([json.dumps(entry) for path in sorted(FIXTURES.glob(f"mitmproxy-application-{name}-*.har"))
                     for entry in json.loads(path.read_text("utf-8"))["log"]["entries"]]
                    for name in ("conforming", "violating"))
    drawn = random.Random(4)
    pool = drawn.sample(broken, 16)
    (work / "har").mkdir()
    for month in range(24):
        for number, host in enumerate(HOSTS):
            faults = drawn.choices(pool[number // 2:number + 7], k=2 + (month + month % 5) // 3)
            (work / "har" / f"{month}-{host}.har").write_text(
                har(drawn.choices(kept, k=30) + faults, host, 4 * month), "utf-8")
    printed(work, "httplint archive har --out crawl --isolated")
    printed(work, "httplint archive report crawl --only overview --only periods --only rules --top 6 "
                  "--severity warning",
            "--output", "html:crawl.html")
    page = browser.new_page(viewport={"width": 1240, "height": 1400}, reduced_motion="reduce")
    page.goto((work / "crawl.html").as_uri())
    page.locator("#rules summary").first.click()
    page.mouse.move(0, 0)
    return page.screenshot()


def har(entries: list[str], host: str, weeks: int) -> str:
    """A HAR of entries as if they were of a host, and some weeks older: all dates keep their days of the week."""
    def moved(day: str, form: str) -> str:
        return (datetime.strptime(day, form) - timedelta(weeks=weeks)).strftime(form)

    text = ",".join(entries).replace(ASKED, host)
    text = re.sub(r"(?<=[a-z]{3}, )\d\d [A-Z][a-z]{2} \d{4}(?= \d)", lambda day: moved(day[0], "%d %b %Y"), text)
    text = re.sub(r'(?<="startedDateTime": ")[0-9-]{10}', lambda day: moved(day[0], "%Y-%m-%d"), text)
    return f'{{"log": {{"version": "1.2", "creator": {CREATOR}, "entries": [{text}]}}}}'


def printed(directory: Path, command: str, *options: str) -> str:
    """What a command of httplint prints in a directory. Raises RuntimeError if it does not run."""
    done = subprocess.run([sys.executable, "-m", *shlex.split(command), *options], cwd=directory,
                          capture_output=True, encoding="utf-8", check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())

"""The site that tools/docs builds: links, search with a server and without, nothing from elsewhere, narrow screens."""
from __future__ import annotations

import functools
import html
import http.server
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from serving import serving

from httplint.library import built_in_rules

ROOT = Path(__file__).parents[2]
LINKS = re.compile(r"""<(?:a|link|script|img)\b[^>]*?\s(?:href|src)="([^"]*)\"""")
LOADED = re.compile(r"""<(?:script|img|iframe|source|link(?![^>]*rel="(?:prev|next|search|index)"))\b[^>]*?\s"""
                    r"""(?:href|src)="([^"]*)\"""")
FROM_STYLES = re.compile(r"url\(\s*[\"']?([^\"')]*)|@import\s+[\"']([^\"']*)")
ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)


@pytest.fixture(scope="module")
def site(package: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    pytest.importorskip("sphinx")
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("tools/docs needs bash")
    directory = tmp_path_factory.mktemp("built") / "site"
    places = [str(Path(sys.executable).parent)]
    options = []
    if npm := shutil.which("npm"):
        request.getfixturevalue("playground_site")         # what it needs has been brought then, by one worker
        places += [str(Path(npm).parent)]
    else:
        options = ["--without-playground"]
    environment = {"PATH": ":".join([*places, "/usr/bin", "/bin"]), "PYTHONPATH": str(package),
                   "HOME": str(directory.parent), "LANG": "C.UTF-8"}
    done = subprocess.run([bash, ROOT / "tools" / "docs", *options, directory], capture_output=True, encoding="utf-8",
                          check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return directory


def test_the_site(site: Path) -> None:
    """One test, so that one worker builds it."""
    texts_are_as_they_are(site)
    every_link_leads_somewhere(site)
    each_rule_can_be_tried(site)
    nothing_is_loaded_from_elsewhere(site)
    in_a_browser(site)


PYTHON = """#!/bin/sh
for last; do true; done
case "$*" in
    tools/playground*) mkdir "$2" && echo built >"$2/index.html" ;;
    *"rules docs"*) for room in rules status fields sections profiles coverage; do mkdir "$5/$room"; done ;;
    *sphinx*) mkdir -p "$last" ;;
esac
"""
"""Stands for Python, and builds next to nothing."""


@pytest.mark.parametrize(("npm", "options", "status", "said"), [
    (True, [], 0, "built"),
    (False, [], 2, "needs npm"),
    (False, ["--without-playground"], 0, "This site was built without"),
])
def test_without_npm_the_site_is_built_if_that_is_asked_for(
        tmp_path: Path, npm: bool, options: list[str], status: int, said: str) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("tools/docs needs bash")
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("cp", "dirname", "mkdir", "mktemp", "mv", "realpath", "rm", "cat", "sh"):
        (programs / name).symlink_to(shutil.which(name) or "")
    for name in ("python", *(["npm"] if npm else [])):
        (programs / name).write_text(PYTHON, "utf-8")
        (programs / name).chmod(0o755)
    before = tmp_path / "site" / "playground"
    before.mkdir(parents=True)
    (before / "index.html").write_text("before", "utf-8")
    done = subprocess.run([bash, ROOT / "tools" / "docs", *options, tmp_path / "site"], capture_output=True,
                          encoding="utf-8", check=False, env={"PATH": str(programs), "TMPDIR": str(tmp_path)})
    assert done.returncode == status, done.stdout + done.stderr
    page = (before / "index.html").read_text("utf-8")
    assert said in (done.stderr if status else page)
    assert status == 0 or page == "before"


def pages(site: Path) -> list[Path]:
    """All pages but those that are no part of it: a template of the theme, and the report, whose tests are others."""
    return [path for path in sorted(site.rglob("*.html"))
            if path.name != "sample-report.html" and "_static" not in path.parts]


def texts_are_as_they_are(site: Path) -> None:
    page = (site / "rules" / "405.allow-missing.html").read_text("utf-8")
    rule = next(rule for rule in built_in_rules() if rule.id == "405.allow-missing")
    assert rule.why in html.unescape(page)
    assert "&lt; HTTP/1.1 405" in page
    assert "httplint explain 405.allow-missing --trace site.har" in page
    assert (site / "guides" / "ci.html").exists()
    assert "httplint" in (site / "sample-report.html").read_text("utf-8")


def every_link_leads_somewhere(site: Path) -> None:
    assert len(pages(site)) > len(built_in_rules())
    files = {path.as_posix() for path in site.rglob("*") if path.is_file()}
    for page in pages(site):
        for link in {*LINKS.findall(page.read_text("utf-8"))}:
            target = urlsplit(html.unescape(link))
            if not target.scheme and not target.netloc and target.path:
                assert os.path.normpath(page.parent / unquote(target.path)) in files, (page, link)


def each_rule_can_be_tried(site: Path) -> None:
    for rule in built_in_rules():
        page = (site / "rules" / f"{rule.id}.html").read_text("utf-8")
        assert f'class="try" href="../playground/index.html#sample={rule.id}' in page
        assert 'href="../playground/index.html">Try it</a>' in page
    assert 'href="playground/index.html">Try it in your browser</a>' in (site / "index.html").read_text("utf-8")


def nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for page in pages(site):
        for link in LOADED.findall(page.read_text("utf-8")):
            assert not ELSEWHERE.match(link), (page, link)
    for sheet in site.rglob("*.css"):
        for found in FROM_STYLES.findall(sheet.read_text("utf-8")):
            address = "".join(found)
            assert not ELSEWHERE.match(address), (sheet, found)
            if not address.startswith(("data:", "#")):
                assert (sheet.parent / urlsplit(address).path).is_file(), (sheet, found)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


def in_a_browser(site: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        return
    sync_api = pytest.importorskip("playwright.sync_api")
    with serving(functools.partial(Quiet, directory=site)) as address, sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for base in (f"http://{address}", site.as_uri()):
            asked: list[str] = []
            page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme="dark")
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            finds(page, base, "405.allow-missing", "405.allow-missing")
            finds(page, base, "Cache-Control", "Cache-Control")
            fits(page, base)
            page.goto(f"{base}/rules/405.allow-missing.html")
            page.locator("a.try").click()
            page.locator("h1").filter(has_text="Try httplint").wait_for()
            assert all(url.startswith((base, "blob:", "data:")) for url in asked), asked
        browser.close()


def finds(page: Any, base: str, typed: str, title: str) -> None:
    """What is typed into the search of the landing page leads to a page of that title."""
    page.goto(f"{base}/index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type(typed)
    page.locator("#search-results a", has_text=re.compile(f"^{re.escape(title)}$")).first.click()
    page.locator("h1").filter(has_text=title).wait_for()


def fits(page: Any, base: str) -> None:
    """Nothing is wider than a telephone but what scrolls within its frame."""
    for path in ("index.html", "rules/index.html", "rules/405.allow-missing.html", "fields/index.html",
                 "status/index.html", "sections/rfc-9110.html", "profiles/security.html", "coverage/9110.html",
                 "configuration.html", "guides/ci.html"):
        page.goto(f"{base}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        cut = page.evaluate("""[...document.querySelectorAll("table, pre")].filter(one => {
            for (let box = one; box; box = box.parentElement) {
                if (box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX === "hidden") return true;
            }
            return false;
        }).length""")
        assert cut == 0, path

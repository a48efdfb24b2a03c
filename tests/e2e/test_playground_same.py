"""The page that lints in a browser finds what the command line finds: octet by octet, in Chromium and in Firefox.

What the command line says is taken where there are just the packages that the page has: what httplint depends on, and
what Python 3.14 has for zstd. With the package brotli, a content in br would be judged, which the page says it cannot.
Beyond what is asserted of that, nothing differs: not by the version of Python either.
"""
from __future__ import annotations

import base64
import functools
import gzip
import hashlib
import http.server
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import firefox
import pytest
from serving import FileHandler, serving

from httplint import __version__
from httplint.library import built_in_rules
from httplint.model.installation import NAME
from httplint.report.formats import FORMATS

ROOT = Path(__file__).parents[2]
HARS = sorted((ROOT / "fixtures" / "har").glob("*.har"))
CAPTURES = sorted(path for path in (ROOT / "fixtures" / "captures").iterdir() if path.suffix != ".md")
DEPENDS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
NEEDS = {".yaml": "YAML needs PyYAML", ".yml": "YAML needs PyYAML", ".wacz": "fastwarc, which is not installed"}
"""Suffix -> what such a capture needs that no browser has."""
VIOLATING = ROOT / "fixtures" / "har" / "mitmproxy-application-violating-4xx-5xx.har"
MINE = '''\
[[rule]]
id = "mine.no-server"
status = "any"
severity = "warning"
title = "names the server"
when = "response['Server']"
message = "Server is {response['Server']}"
require = "not response['Server']"
'''

pytestmark = pytest.mark.browser


class Wish(NamedTuple):
    """A command line, its files by name, and what it writes into the directory that stands as OUT in it."""

    argv: list[str]
    files: dict[str, bytes]
    results: list[str]


class Outcome(NamedTuple):
    """Exit status, standard output, standard error in one line, and what was written."""

    status: int
    out: str
    err: str
    results: dict[str, bytes]


def check(files: dict[str, bytes], *options: str, formats: tuple[str, ...] = ("json", "html")) -> Wish:
    """Checks files: as the page does, without a configuration."""
    outputs = [word for name in formats for word in ("--output", f"{name}:OUT/report.{name}")]
    names = [name for name in files if name != "mine.toml"]
    return Wish(["check", *names, "--isolated", *options, *outputs], files, [f"report.{name}" for name in formats])


def capture(path: Path) -> dict[str, bytes]:
    """The files of a wish: just this one."""
    return {path.name: path.read_bytes()}


def examples() -> dict[str, bytes]:
    """What the page fills in for each rule: the first example that violates it."""
    return {f"{rule.id}.txt": f"{rule.bad[0].strip(chr(10))}\n".encode() for rule in built_in_rules() if rule.bad}


def coded(coding: str, content: bytes) -> bytes:
    """An exchange with a content that is no JSON once it is decoded."""
    return (f"GET / HTTP/1.1\r\nHost: a.co.uk\r\n\r\nHTTP/1.1 200 OK\r\nSet-Cookie: a=b; Domain=co.uk\r\n"
            f"Content-Type: application/json\r\nContent-Encoding: {coding}\r\n"
            f"Content-Length: {len(content)}\r\n\r\n").encode() + content


CODED = {f"{coding}.txt": coded(coding, content) for coding, content in {
    "gzip": gzip.compress(b"{no json", mtime=0), "deflate": zlib.compress(b"{no json"),
    "zstd": bytes.fromhex("28b52ffd2008410000") + b"{no json",         # RFC 8878: a frame with one raw block
    "br": bytes.fromhex("8b0380") + b"{no json\x03"}.items()}


def wishes() -> dict[str, Wish]:
    """All that is compared: what is found in all fixtures and examples, in JSON, and what each format makes of some."""
    every = tuple(FORMATS)
    some = {"chromium-servers-quirks.har", "mitmproxy-application-violating-fields.har", "playwright.zip"}
    mine = {**capture(VIOLATING), "mine.toml": MINE.encode()}
    found = {path.name: check(capture(path), formats=every if path.name in some else ("json",))
             for path in (*HARS, *CAPTURES)}
    texts = list(examples().items())
    found |= {f"examples from {texts[at][0]}": check(dict(texts[at:at + 100]), formats=("json",))
              for at in range(0, len(texts), 100)}
    found["--profile strict"] = check(capture(VIOLATING), "--profile", "strict")
    found["--select, --ignore"] = check(capture(VIOLATING), "--select", "4,content", "--ignore", "405.allow-missing")
    found["--rules"] = check(mine, "--rules", "mine.toml", "--statistics", "--show", "not-evaluated")
    found["codings"] = check(CODED, "--show", "not-evaluated")
    found["rules test"] = Wish(["rules", "test", "mine.toml"], {"mine.toml": MINE.encode()}, [])
    for name, broken in {"a rule with a fault": MINE.replace("not ", "no "), "no TOML": "[[rule]]\nid = \n"}.items():
        found[name] = check({**mine, "mine.toml": broken.encode()}, "--rules", "mine.toml")
    return found


def in_a_line(text: str) -> str:
    """What is said on standard error, without the line breaks that a terminal of 80 columns needs."""
    return " ".join(text.split())


@pytest.fixture(scope="module")
def alone(package: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a Python with httplint as from an index, what it depends on, and zstd; no other package."""
    room = tmp_path_factory.mktemp("alone")
    installed = room / f"{NAME.replace('-', '_')}-{__version__}.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {NAME}\nVersion: {__version__}\n", "ascii")
    here = {path.name: path for path in package.iterdir()}
    wanted, seen = [*DEPENDS, *(["backports.zstd"] if sys.version_info < (3, 14) else [])], set[str]()
    while wanted:
        name = re.split(r"[^\w.-]", wanted.pop())[0]
        if name not in seen:
            seen.add(name)
            found = importlib.metadata.distribution(name)
            wanted += [one for one in found.requires or () if "extra ==" not in one]
            here |= {one.parts[0]: Path(found.locate_file(one.parts[0])) for one in found.files or ()}
    for name, path in here.items():
        if name not in ("..", "__pycache__"):
            (room / name).symlink_to(path)
    return {**os.environ, "PYTHONPATH": str(room)}


ALL = """
import contextlib, io, json, os, sys
from httplint.cli.main import run
for directory, argv in json.load(sys.stdin):
    os.chdir(directory)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = run(argv)
        except SystemExit as end:
            status = end.code
    print(json.dumps([status, out.getvalue(), err.getvalue()]))
"""
"""Runs the command in one process after the other's end: to start hundreds would take a minute."""


@pytest.fixture(scope="module")
def expected(alone: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """What the command line says of each wish, run in the directory of its files."""
    asked, made = [], {}
    for number, (name, wish) in enumerate(wishes().items()):
        directory, out = tmp_path_factory.mktemp(f"in-{number}-"), tmp_path_factory.mktemp(f"out-{number}-")
        for file, content in wish.files.items():
            (directory / file).write_bytes(content)
        asked.append((str(directory), [word.replace("OUT", str(out)) for word in wish.argv]))
        made[name] = (wish, out)
    done = subprocess.run([sys.executable, "-S", "-c", ALL], input=json.dumps(asked), env=alone, capture_output=True,
                          encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    outcomes = {}
    for (name, (wish, out)), line in zip(made.items(), done.stdout.splitlines(), strict=True):
        status, printed, err = json.loads(line)
        outcomes[name] = Outcome(status, printed, in_a_line(err), {
            result: (out / result).read_bytes() for result in wish.results if (out / result).exists()})
    return outcomes


LINT = """
import { Linter } from "./linter.mjs";
import { trusted } from "./trusted.mjs";

const linter = new Linter(() => {});
const digest = async (blob) => new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer())).toHex();
let files = {};

window.lint = async (argv, given, results) => {
  const blobs = [...given].map(([name, octets]) => ({ name, data: new Blob([Uint8Array.fromBase64(octets)]) }));
  const told = await linter.ask({ argv: [...argv], files: blobs, results: [...results] });
  files = told.files;
  const digests = await Promise.all(Object.entries(files).map(async ([name, blob]) => [name, await digest(blob)]));
  return JSON.stringify([told.status, told.out, told.err, Object.fromEntries(digests)]);
};

window.written = async (name) => new Uint8Array(await files[name].arrayBuffer()).toBase64();

window.leave = (address) => new Promise((tell) => {
  const script = `fetch(${JSON.stringify(address)}, { mode: "no-cors" })
    .then(() => postMessage("left"), (error) => postMessage(error.name));`;
  const worker = new Worker(trusted(URL.createObjectURL(new Blob([script], { type: "text/javascript" }))));
  worker.onmessage = ({ data }) => tell(data);
});
"""
"""In place of app.mjs: the other parts of the page, with one worker, and what tests ask for: to lint, to have what was
written last (of which the digests are enough while they are the same), and to fetch what is elsewhere
from a worker."""


@pytest.fixture(scope="module")
def bare(playground_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page with LINT, so that there is one worker, which tests command."""
    instead = tmp_path_factory.mktemp("bare") / "app.mjs"
    instead.write_text(LINT, "utf-8")

    class Handler(FileHandler):
        def translate_path(self, path: str) -> str:
            return str(instead) if path.endswith("/app.mjs") else super().translate_path(path)

    with serving(functools.partial(Handler, directory=str(playground_site))) as place:
        yield f"http://{place}/index.html"


@pytest.fixture(scope="module")
def fox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[firefox.Firefox]:
    """Firefox."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        pytest.skip("firefox is not installed")
    with firefox.running(program, tmp_path_factory.mktemp("firefox")) as fox:
        yield fox


def differing(call: Callable[..., str], expected: dict[str, Outcome]) -> Iterator[str]:
    """How a page differs from the command line, a line each; `call` calls a function of LINT there."""
    for name, wish in wishes().items():
        files = [[file, base64.b64encode(content).decode()] for file, content in wish.files.items()]
        wanted = expected[name]
        told = call("lint", [word.replace("OUT", "/out") for word in wish.argv], files, wish.results)
        status, out, err, digests = json.loads(told)
        parts = [("status", wanted.status, status), ("out", wanted.out, out), ("err", wanted.err, in_a_line(err))]
        for result in wish.results:
            here, there = wanted.results.get(result), digests.get(result)
            if there != (None if here is None else hashlib.sha256(here).hexdigest()):
                parts.append((result, here, there and base64.b64decode(call("written", result))))
        yield from (f"{name}, {what}: {apart(here, there)}" for what, here, there in parts if here != there)


def apart(here: Any, there: Any) -> str:
    """Where two texts begin to differ."""
    if not isinstance(here, (str, bytes)) or not isinstance(there, (str, bytes)):
        return f"{here!r:.300} | {there!r:.300}"
    at = max(0, next((at for at, (one, other) in enumerate(zip(here, there, strict=False)) if one != other), 0) - 100)
    return f"{here[at:at + 200]!r} | {there[at:at + 200]!r}"


def test_what_no_browser_has_is_said(expected: dict[str, Outcome]) -> None:
    """On the command line without those packages, to which the page is held below."""
    for path in CAPTURES:
        if path.suffix in NEEDS:
            assert NEEDS[path.suffix] in expected[path.name].err, path.name
    out, found = expected["codings"].out, json.loads(expected["codings"].results["report.json"])["findings"]
    assert "the coding br needs the Python package brotli" in out
    assert "the list of public suffixes needs the Python package publicsuffixlist" in out
    assert {one["location"]["path"] for one in found if one["rule"] == "json.invalid"} == CODED.keys() - {"br.txt"}


def test_chromium_finds_the_same(browser: Any, bare: str, expected: dict[str, Outcome]) -> None:
    page = browser.new_page()
    page.goto(bare)
    assert list(differing(lambda name, *values: page.evaluate("([name, values]) => window[name](...values)",
                                                              [name, values]), expected)) == []
    page.close()


def test_firefox_finds_the_same(fox: firefox.Firefox, bare: str, expected: dict[str, Outcome]) -> None:
    fox.open(bare)
    assert list(differing(functools.partial(fox.run, "(name, ...values) => window[name](...values)"), expected)) == []


def test_nothing_leaves_firefox(fox: firefox.Firefox, bare: str) -> None:
    asked = []

    class Elsewhere(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    fox.open(bare)
    with serving(Elsewhere) as place:
        assert fox.run("(address) => window.leave(address)", f"http://{place}/secret") == "TypeError"
    assert asked == []
    assert any("connect-src" in one for one in fox.errors("/secret"))


def shown(fox: firefox.Firefox, title: str) -> str:
    """The verdict of a report, once the page shows it."""
    frame = f"html[data-run=done] #report[title='Report of {title}']"
    return fox.text("#verdict:not(:empty)", frame)


DROP = """(name, text) => {
  const dropped = new DataTransfer();
  dropped.items.add(new File([text], name));
  for (const type of ["dragenter", "dragover", "drop"]) document.body.dispatchEvent(
    new DragEvent(type, { dataTransfer: dropped, bubbles: true, cancelable: true }));
}"""


PASTED = "< HTTP/1.1 405 Method Not Allowed\n< Date: Sun, 06 Nov 1994 08:49:37 GMT\n"


def test_the_page_in_firefox(fox: firefox.Firefox, playground_site: Path) -> None:
    with serving(functools.partial(FileHandler, directory=str(playground_site))) as place:
        page = f"http://{place}/"
        fox.open(f"{page}index.html")
        fox.until("html[data-worker=ready]")
        fox.type("#file", str(VIOLATING))
        assert shown(fox, VIOLATING.name) == "29 findings in 32 exchanges"
        fox.type("#text", PASTED)
        fox.click("#go")
        assert shown(fox, "the pasted text") == "1 finding in 1 exchange"
        fox.run(DROP, "dropped.har", VIOLATING.read_text("utf-8"))
        assert shown(fox, "dropped.har") == "29 findings in 32 exchanges"
        fox.run("() => document.activeElement.blur()")
        fox.paste(PASTED)
        assert shown(fox, "the pasted text") == "1 finding in 1 exchange"
        fox.type("#file", str(ROOT / "fixtures" / "captures" / "wacz.wacz"))
        fox.until("#elsewhere:not([hidden])")
        fox.until("html[data-offline=kept]")
        fox.run("() => { document.documentElement.dataset.before = ''; }")
    fox.reload()
    fox.until("html:not([data-before])[data-offline=kept]")
    assert shown(fox, "the sample with faults") == "29 findings in 32 exchanges"
    fox.type("#file", str(VIOLATING))
    assert shown(fox, VIOLATING.name) == "29 findings in 32 exchanges"
    assert fox.errors(page) == []

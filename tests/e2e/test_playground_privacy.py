"""The page that lints in a browser: nothing leaves it, it keeps nothing of a capture, and it needs no network."""
from __future__ import annotations

import contextlib
import functools
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from serving import FileHandler, serving

ROOT = Path(__file__).parents[2]
HAR = ROOT / "fixtures" / "har" / "mitmproxy-application-violating-4xx-5xx.har"
SECRET = "zq7planted9xw"
MAKER = re.compile(r"(?:http://)?[a-z0-9.-]+\.(?:google|googleapis|gstatic|gvt1)\.com[:/].*")
"""What Chromium asks of its maker by itself, whatever it shows, unless its window is a private one."""

pytestmark = pytest.mark.browser


@dataclass
class Network:
    """All that a browser reaches: a proxy that knows one server, of files, and notes what is asked for."""

    directory: Path
    place: str = ""
    asked: list[tuple[str, str, str, str]] = field(default_factory=list)
    """Method, URI, fields, content."""
    damaged: set[str] = field(default_factory=set)
    """Names of files that are sent with an octet more."""
    stale: set[str] = field(default_factory=set)
    """The same, as from a cache: unless a request forbids it."""

    def options(self) -> dict[str, Any]:
        """What makes a context of Playwright use it for all hosts."""
        return {"proxy": {"server": f"http://{self.place}", "bypass": "<-loopback>"}}

    def foreign(self) -> set[str]:
        """What was asked of others than the server of files."""
        return {uri for _, uri, _, _ in self.asked if not uri.startswith(f"http://{self.place}/")}

    def paths(self) -> list[str]:
        """What was asked of that server."""
        return [urlsplit(uri).path for _, uri, _, _ in self.asked if uri.startswith(f"http://{self.place}/")]


class Proxy(FileHandler):
    """Notes each request, and answers those for the one server with its files."""

    def __init__(self, *args: Any, network: Network) -> None:
        self.network = network
        super().__init__(*args, directory=str(network.directory))

    def note(self) -> bool:
        """Whether the request is for the server of files."""
        content = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode("latin-1")
        if not MAKER.fullmatch(self.path):
            self.network.asked.append((self.command, self.path, str(self.headers), content))
        parts = urlsplit(self.path)
        self.path = parts.path or "/"
        return parts.netloc in {self.network.place, "plain.example"}

    def do_GET(self) -> None:
        """A file; nothing, of another server."""
        name = self.path.rpartition("/")[2]
        cached = "no-cache" not in self.headers.get("Cache-Control", "")
        if not self.note():
            return self.nothing()
        if self.path == "/plain":
            return self.send(b'<!doctype html><title>plain</title><link rel="icon" href="data:,">', "text/html")
        if name in self.network.damaged or (cached and name in self.network.stale):
            content = (self.network.directory / self.path[1:]).read_bytes() + b"\n"
            return self.send(content, self.guess_type(self.path))
        return super().do_GET()

    def send(self, content: bytes, media_type: str) -> None:
        """A content that no file has."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_HEAD(self) -> None:
        """The same, without content."""
        if self.note():
            super().do_HEAD()
        else:
            self.nothing()

    def nothing(self) -> None:
        """No content, which each origin may read."""
        if self.command not in {"GET", "HEAD"}:
            self.note()
        self.send_response(HTTPStatus.NO_CONTENT)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()

    do_POST = do_OPTIONS = do_CONNECT = nothing


@contextlib.contextmanager
def network(directory: Path) -> Iterator[Network]:
    """A network whose server has the files of a directory."""
    made = Network(directory)
    with serving(functools.partial(Proxy, network=made)) as place:
        made.place = place
        yield made


ATTEMPTS = """async ([kinds, most = 600]) => {
  const element = (tag, attributes) => new Promise((resolve) => {
    const made = document.createElement(tag);
    made.onerror = made.onload = resolve;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    document.body.append(made);
  });
  const opened = (source) => new Promise((resolve) => {
    source.onerror = source.onopen = source.onloadend = resolve;
  });
  const ways = {
    fetch: (to) => fetch(to, { mode: "no-cors" }),
    posted: (to) => fetch(to, { method: "POST", mode: "no-cors", body: "x", keepalive: true }),
    xhr: (to) => { const asked = new XMLHttpRequest(); asked.open("GET", to); asked.send(); return opened(asked); },
    eventsource: (to) => opened(new EventSource(to)),
    websocket: (to) => opened(new WebSocket(to.replace("http", "ws"))),
    import: (to) => import(to),
    importscripts: (to) => {
      const own = trustedTypes.createPolicy("httplint", { createScriptURL: (address) => address });
      importScripts(own.createScriptURL(to));
    },
    beacon: (to) => navigator.sendBeacon(to, "x"),
    img: (to) => element("img", { src: to }),
    script: (to) => element("script", { src: to }),
    stylesheet: (to) => element("link", { rel: "stylesheet", href: to }),
    prefetch: (to) => element("link", { rel: "prefetch", href: to }),
    preload: (to) => element("link", { rel: "preload", as: "image", href: to }),
    modulepreload: (to) => element("link", { rel: "modulepreload", href: to }),
    iframe: (to) => element("iframe", { src: to }),
    embed: (to) => element("embed", { src: to }),
    object: (to) => element("object", { data: to, type: "text/html" }),
    audio: (to) => element("audio", { src: to, preload: "auto" }),
    font: (to) => new FontFace("foreign", `url(${to})`).load(),
    background: (to) => element("p", { id: "background" }, document.body.style.backgroundImage = `url(${to})`),
    form: (to) => {
      element("iframe", { name: "target" });
      element("form", { action: to, method: "post", target: "target" });
      document.querySelector("form:last-of-type").submit();
    },
    ping: (to) => { element("a", { href: "#ping", ping: to }); document.querySelector("a[ping]").click(); },
  };
  const refused = new Set();
  addEventListener("securitypolicyviolation", ({ blockedURI }) => {
    for (const kind of kinds) if (blockedURI.includes(`//${kind}.foreign.example`)) refused.add(kind);
  });
  for (const kind of kinds) {
    try {
      Promise.resolve(ways[kind](`http://${kind}.foreign.example/`)).catch(() => refused.add(kind));
    } catch {
      refused.add(kind);
    }
  }
  for (let turn = 0; turn < most && refused.size < kinds.length; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return [...refused].sort();
}"""
"""Tries all ways in which something could be sent to another origin; returns those that were refused."""
IN_PAGES = ("fetch", "posted", "xhr", "eventsource", "websocket", "import", "beacon", "img", "script", "stylesheet",
            "prefetch", "preload", "modulepreload", "iframe", "embed", "object", "audio", "font", "background", "form",
            "ping")
IN_WORKERS = {"module": ("fetch", "posted", "xhr", "eventsource", "websocket", "import"),
              "classic": ("fetch", "posted", "xhr", "eventsource", "websocket", "importscripts")}
WORKER = """async ([attempts, type, kinds, most, module]) => {
  const code = `(${attempts})(${JSON.stringify([kinds, most])}).then((refused) => postMessage(refused));`;
  const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const trusted = module ? (await import(module)).trusted : (address) => address;
  const worker = new Worker(trusted(address), { type });
  return new Promise((resolve) => { worker.onmessage = ({ data }) => resolve(data); });
}"""
"""Tries them in a worker, which is started as that of the page is."""


PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}"><title>small</title>
<link rel="icon" href="data:,"><script type="module" src="app.mjs"></script><p id="offline"></p></html>"""
SCRIPT = """import { keepOffline } from "./offline.mjs";
const answer = await fetch(new URL("said.txt", import.meta.url));
document.documentElement.dataset.said = await answer.text();
keepOffline(document.getElementById("offline"));"""


def small_site(builder: Any, directory: Path, said: str, policy: str) -> None:
    """A page that is kept and renewed as the real one, with little in it."""
    directory.mkdir(parents=True)
    for name in ("offline.mjs", "trusted.mjs"):
        shutil.copy(ROOT / "playground" / name, directory)
    (directory / "app.mjs").write_text(SCRIPT, "utf-8")
    (directory / "said.txt").write_text(said, "utf-8")
    builder.seal(directory, PAGE.format(policy=policy), (ROOT / "playground" / "sw.js").read_text("utf-8"))


@pytest.fixture
def policy(playground_site: Path) -> str:
    """The Content-Security-Policy of the real page."""
    page = (playground_site / "index.html").read_text("utf-8")
    found = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture
def small(builder: Any, tmp_path: Path, policy: str) -> Iterator[Network]:
    """A small page, with the policy of the real one, beside something else."""
    small_site(builder, tmp_path / "site" / "playground", "first", policy)
    (tmp_path / "site" / "other.txt").write_text("other", "utf-8")
    with network(tmp_path / "site") as made:
        yield made


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a page; those of a network are of the same browsing context."""
    with contextlib.ExitStack() as stack:
        contexts: dict[int, Any] = {}

        def page(network: Network, path: str = "/playground/", host: str = "") -> Any:
            if id(network) not in contexts:
                contexts[id(network)] = browser.new_context(**network.options())
                stack.callback(contexts[id(network)].close)
            made = contexts[id(network)].new_page()
            made.goto(f"http://{host or network.place}{path}")
            return made

        yield page


def offline(page: Any, state: str, said: str) -> None:
    """Waits until the page says of its use without a network what it has to."""
    page.wait_for_selector(f"html[data-offline={state}]", state="attached", timeout=60_000)
    assert page.inner_text("#offline") == said


KEPT = ("kept", "Works without a network from now on.")
NEWER = ("newer", "There is a newer version of this page. Reload to use it")


def version(network: Network) -> str:
    """The name of the version that is on the server."""
    return next(path.name for path in (network.directory / "playground").iterdir() if path.is_dir())


def arrived(network: Network, page: Any, kinds: tuple[str, ...]) -> None:
    """Waits until something has come by all these ways, and by no other."""
    for _ in range(600):
        foreign = [uri for uri in network.foreign() if ".foreign.example" in uri]
        hosts = {uri.removeprefix("http://").partition(".")[0] for uri in foreign}
        if len(hosts) == len(kinds):
            break
        page.wait_for_timeout(50)
    assert hosts == set(kinds)
    network.asked.clear()


def test_a_page_without_policy_reaches_other_origins(opened: Any, small: Network) -> None:
    """Else the test below proves nothing."""
    page = opened(small, "/plain", host="plain.example")
    page.evaluate(ATTEMPTS, [IN_PAGES, 0])
    arrived(small, page, IN_PAGES)
    for type_, kinds in IN_WORKERS.items():
        page.evaluate(WORKER, [ATTEMPTS, type_, kinds, 0, None])
        arrived(small, page, kinds)


def test_the_policy_refuses_other_origins(opened: Any, small: Network) -> None:
    page = opened(small)
    offline(page, *KEPT)
    assert page.evaluate(ATTEMPTS, [IN_PAGES]) == sorted(IN_PAGES)
    for type_, kinds in IN_WORKERS.items():
        module = f"http://{small.place}/playground/{version(small)}/trusted.mjs"
        assert page.evaluate(WORKER, [ATTEMPTS, type_, kinds, 600, module]) == sorted(kinds)
    assert small.foreign() == set()


@pytest.mark.parametrize("attempt", [
    "document.body.innerHTML = '<b>x</b>'", "document.createElement('iframe').srcdoc = '<b>x</b>'",
    "new Worker('data:text/javascript,1')", "document.createElement('script').src = 'app.mjs'", "setTimeout('1', 0)",
    "trustedTypes.createPolicy('another', {})",
])
def test_no_text_becomes_markup_or_script(opened: Any, small: Network, attempt: str) -> None:
    page = opened(small)
    with pytest.raises(Exception, match="TypeError"):
        page.evaluate(f"() => {{ {attempt} }}")


def test_a_newer_version_comes_when_it_is_asked_for(opened: Any, small: Network, builder: Any) -> None:
    """Until then, and in each other tab, all is of the version that is open, though the server has none of it."""
    said = "async () => (await fetch(document.querySelector('script').src.replace('app.mjs', 'said.txt'))).text()"
    one = opened(small)
    offline(one, *KEPT)
    other = opened(small)
    offline(other, *KEPT)
    shutil.rmtree(small.directory / "playground")
    small_site(builder, small.directory / "playground", "second", "script-src 'self'")
    small.asked.clear()
    one.reload()
    offline(one, *NEWER)
    offline(other, *NEWER)
    assert one.get_attribute("html", "data-said") == "first"
    assert one.evaluate(said) == other.evaluate(said) == "first"
    new = version(small)
    assert set(small.paths()) == {"/playground/sw.js", "/playground/index.html", f"/playground/{new}/said.txt"}
    with one.expect_navigation():
        one.click("#offline button")
    offline(one, *KEPT)
    assert one.get_attribute("html", "data-said") == "second"
    assert other.get_attribute("html", "data-said") == "first"
    assert other.evaluate(said) == "first"
    with other.expect_navigation():
        other.click("#offline button")
    offline(other, *KEPT)
    assert other.get_attribute("html", "data-said") == "second"
    assert other.evaluate("() => caches.keys()") == [f"httplint playground http://{small.place}/playground/ {new}"]


def test_a_file_that_a_cache_still_has_is_asked_for_anew(opened: Any, small: Network) -> None:
    small.stale.add("said.txt")
    page = opened(small)
    offline(page, *KEPT)
    assert page.get_attribute("html", "data-said") == "first\n"
    page.reload()
    assert page.get_attribute("html", "data-said") == "first"


def test_what_is_not_of_this_version_is_not_kept(opened: Any, small: Network) -> None:
    small.damaged.add("said.txt")
    page = opened(small)
    offline(page, "no", "Needs the network each time: the server sends files that are not those of this version.")
    assert page.get_attribute("html", "data-said") == "first\n"
    assert page.evaluate("() => caches.keys()") == []


def test_what_was_lost_is_fetched_again(opened: Any, small: Network) -> None:
    page = opened(small)
    offline(page, *KEPT)
    page.evaluate("async () => { for (const name of await caches.keys()) await caches.delete(name); }")
    page.reload()
    offline(page, *KEPT)
    assert page.evaluate("async () => (await (await caches.open((await caches.keys())[0])).keys()).length") == 5


def test_what_cannot_be_read_of_what_is_kept_is_asked_of_the_server(opened: Any, small: Network) -> None:
    page = opened(small)
    offline(page, *KEPT)
    page.context.service_workers[0].evaluate("""() => {
      CacheStorage.prototype.match = () => Promise.reject(new DOMException("", "UnknownError"));
    }""")
    page.reload()
    assert page.get_attribute("html", "data-said") == "first"


def test_a_page_without_https_says_that_it_is_not_kept(opened: Any, small: Network) -> None:
    page = opened(small, host="plain.example")
    offline(page, "no", "Needs the network each time: only a page that came by https can be kept.")
    assert page.get_attribute("html", "data-said") == "first"


def test_nothing_but_files_of_the_page_is_answered(opened: Any, small: Network) -> None:
    page = opened(small)
    offline(page, *KEPT)
    known = f"/playground/{version(small)}/said.txt"
    small.asked.clear()
    for method, path, fields in (("GET", known, {}), ("HEAD", known, {}), ("GET", known, {"Range": "bytes=0-1"}),
                                 ("GET", "/other.txt", {}), ("GET", "/playground/sw.js", {}),
                                 ("GET", "/playground/toString", {}), ("GET", f"/playground/{'0' * 16}/said.txt", {})):
        page.evaluate("([path, options]) => fetch(path, options)", [path, {"method": method, "headers": fields}])
    assert small.paths() == [known, known, "/other.txt", "/playground/sw.js", "/playground/toString",
                             f"/playground/{'0' * 16}/said.txt"]


PASTED = f"""> GET /{SECRET}?key={SECRET} HTTP/1.1
> Host: {SECRET}.example
> Authorization: Bearer {SECRET}
>
< HTTP/1.1 405 Method Not Allowed
< Set-Cookie: {SECRET}={SECRET}
< Content-Type: text/html
<
<p>{SECRET}</p>
"""
STORED = """async () => {
  const answers = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const octets = new Uint8Array(await (await cache.match(request)).arrayBuffer());
      answers.push(request.url, new TextDecoder("latin1").decode(octets).includes(SECRET) ? SECRET : "");
    }
  }
  const files = [];
  for await (const name of (await navigator.storage.getDirectory()).keys()) files.push(name);
  return { answers, files, databases: await indexedDB.databases(), local: { ...localStorage },
    session: { ...sessionStorage }, cookie: document.cookie, state: history.state, title: document.title,
    at: location.href, name };
}""".replace("SECRET", f'"{SECRET}"')
"""All that a page can keep."""
SHOWN = """() => document.documentElement.outerHTML +
  Array.from(document.querySelectorAll("input, textarea"), (one) => one.value)"""


OUT = """() => {
  const refused = (attempt) => { try { attempt(); } catch { return true; } return false; };
  return [self.origin, refused(() => { top.location = "http://top.foreign.example/"; }), refused(() => parent.document),
    refused(() => indexedDB.open("x")), refused(() => localStorage.length)];
}"""
"""Tries what a frame without an origin must not do."""


def test_nothing_of_a_capture_leaves_the_page_or_stays(browser: Any, chromium: str, playground_site: Path,
                                                       tmp_path: Path) -> None:
    """The files of the page are asked for, and nothing else; and once they are there, nothing at all."""
    shutil.copytree(playground_site, tmp_path / "site" / "playground")
    har = tmp_path / f"{SECRET}.har"
    text = re.sub(r'"url": "https?://[^/"]+', f'"url": "https://{SECRET}.example', HAR.read_text("utf-8"))
    har.write_text(text, "utf-8")
    with contextlib.ExitStack() as stack:
        net = stack.enter_context(network(tmp_path / "site"))
        context = browser.browser_type.launch_persistent_context(
            str(tmp_path / "profile"), executable_path=chromium, **net.options(),
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        page = context.pages[0]
        requests: list[Any] = []
        context.on("request", lambda request: requests.append(request))
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))

        def report(title: str, says: str) -> None:
            """Waits for a report, with what it says."""
            page.locator(f'iframe[title="Report of {title}"]').wait_for(timeout=60_000)
            page.frame_locator("#report").locator("h1").filter(has_text=says).wait_for(timeout=60_000)

        def session() -> None:
            """All that the page offers."""
            page.set_input_files("#file", har)
            report(har.name, "29 findings in 32 exchanges")
            assert SECRET in page.frames[-1].evaluate(SHOWN)
            with page.expect_download() as saved:
                page.click("[data-format=csv]")
            assert SECRET in Path(saved.value.path()).read_text("utf-8")
            page.evaluate("() => { location.hash = 'sample=405.allow-missing'; }")
            report("the example of 405.allow-missing", "1 exchange")
            page.click("[data-sample=conforming]")
            report("the sample without faults", "No findings")
            page.fill("#text", PASTED)
            page.click("#go")
            report("the pasted text", "1 exchange")
            page.click("#own summary")
            page.fill("#rules", f"# {SECRET}")

        page.goto(f"http://{net.place}/playground/")
        report("the sample with faults", "29 findings in 32 exchanges")
        offline(page, *KEPT)
        assert {(method, content) for method, _, _, content in net.asked} == {("GET", "")}
        assert not [uri for _, uri, _, _ in net.asked if "?" in uri or not uri.startswith(f"http://{net.place}/")]
        net.asked.clear()
        session()
        assert net.asked == []
        stored = page.evaluate(STORED)
        assert SECRET not in str(stored)
        assert [stored[key] for key in ("files", "databases", "local", "session", "cookie")] == [[], [], {}, {}, ""]
        assert stored["at"] == f"http://{net.place}/playground/"

        frame = page.frames[-1]
        tried = tuple(kind for kind in IN_PAGES if kind != "form")
        assert frame.evaluate(ATTEMPTS, [tried]) == sorted(tried)
        assert frame.evaluate(OUT) == ["null", True, True, True, True]
        assert net.asked == []
        told.clear()                                       # of what was refused
        requests[:] = [one for one in requests if ".foreign.example" not in one.url]

        context.set_offline(True)
        stack.close()
        page.reload()
        report("the sample with faults", "29 findings in 32 exchanges")
        assert SECRET not in page.evaluate(SHOWN)
        session()
        offline(page, *KEPT)
        assert told == []
        origins = {"{0.scheme}://{0.netloc}".format(urlsplit(one.url.removeprefix("blob:"))) for one in requests}
        assert origins == {f"http://{net.place}"}
        assert not [one for one in requests if SECRET in one.url or one.method != "GET"]
        context.close()
    octets = b"".join(path.read_bytes() for path in (tmp_path / "profile").rglob("*") if path.is_file())
    assert version(net).encode() in octets
    assert SECRET.encode() not in octets
    assert SECRET.encode("utf-16-le") not in octets

"""What each producer does to HTTP when it writes a HAR, and what its HAR therefore proves.

The table has one row for each producer, first match wins. It was drawn up from 27,689 entries of 33 producers; where
one tool is known to drop, merge or invent something, the row withholds the fact. A rule that needs a withheld fact
is not evaluated: a finding missed costs less than a finding that no server earned.

Who joins field lines with commas, and who keeps them apart, is known of few: "lines" is granted where a file shows that
its producer keeps them, too. A repeat that is seen was sent ("repeats"), but where a producer repeats or splits lines.
A name that is no token, or a NUL, was sent like that ("exact"), but by tools that make fields of pieces of others.
No HAR shows interim responses, trailers, the form of the request target or the octets of the message, and the case of
field names is as often the tool's as the sender's; these facts are never granted.
"""
from __future__ import annotations

import re

from httplint.capture.har_shape import HarEntry, HarResponse, Scalar
from httplint.model.evidence import bits
from httplint.model.fields import Fields
from httplint.model.pattern import lazily

NO_NAMES: frozenset[str] = frozenset()
CONNECTION = frozenset({"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding",
                        "upgrade"})
"""Fields about one connection: those who handle connections add and remove them."""
COOKIES = frozenset({"set-cookie", "set-cookie2"})
CREDENTIALS = frozenset({"authorization", "cookie", "proxy-authorization"})
CODING = frozenset({"content-encoding"})
ADDED_BY_HTTP_CLIENT = CONNECTION | {"host", "accept-encoding", "user-agent", "content-length", "proxy-authorization"}
"""Request fields that urllib3 and http.client add below requests."""

CLIENT_FIELDS = frozenset({"x-firefox-spdy", "x-firefox-http3"})
"""Fields that Firefox adds to tell the version."""
PSEUDO_FIELDS = frozenset({"status", "version"})
"""Pseudo-fields that were robbed of their colon (those of SPDY had none)."""

LEAST = bits("request", "resource", "time", "exact", "repeats")
CLIENT = LEAST | bits("request_version", "version", "response_fields", "content", "octets", "pair")
LINES = bits("lines")
REPEATS = bits("repeats")
PROXY = CLIENT | LINES | bits("request_fields", "request_content")

ANY, NEVER, UNLESS_DEFAULT, UNLESS_OLD = "any", "never", "unless default", "unless old"
"""Whether `httpVersion` can be believed: always; never, the tool writes a constant; not "HTTP/1.1", which stands for
"unknown"; not "HTTP/1.1" from releases that wrote it for SPDY and HTTP/2, too."""


class Producer:
    """What a tool's HARs prove at best. A single entry may prove less.

    `cache`: the tool stands behind a client's cache, so that responses may be old and contents may be stored ones.
    `coded_size`: its `content.size` counts octets before decoding. `drops`: names of field lines that are not what was
    sent. `localised`: it writes Content-Length for human readers. `torn`: it makes fields of pieces of cookies.
    `addresses`: it names the server's address in every entry that went over the network. `own_pages`: URLs that it
    answers itself. `merges`: its sections hold lines of several messages. `splits`: it makes a line of each piece of a
    response field between commas, Set-Cookie excepted. `keeps_methods`: it writes methods in letters of the case that
    was sent. `adapters`: what its HARs show depends on what it listens to. `firsts`: it keeps the first line of each
    response field only. `chains`: fields of a request that was redirected, and of its response, may stand in another of
    the chain.
    Where the fact "size" is granted, `bodySize` counts the content octets that were sent. Gaps are lower-case names
    whose absence proves nothing.
    """

    __slots__ = ("adapters", "addresses", "as_sent", "cache", "chains", "coded_size", "drops", "facts", "firsts",
                 "joins", "keeps_methods", "merges", "name", "own_pages", "request_gaps", "response_gaps", "splits",
                 "suspects", "torn", "version")

    def __init__(self, name: str, facts: int, *, response_gaps: frozenset[str] = NO_NAMES,
                 request_gaps: frozenset[str] = NO_NAMES, cache: bool = True, version: str = ANY,
                 coded_size: bool = False, drops: frozenset[str] = NO_NAMES, localised: bool = False,
                 torn: bool = False, addresses: bool = False, own_pages: tuple[str, ...] = (), merges: bool = False,
                 splits: bool = False, adapters: bool = False, keeps_methods: bool = False,
                 joins: bool = True, as_sent: bool = False, firsts: bool = False, chains: bool = False) -> None:
        self.name = name
        self.own_pages = own_pages
        self.merges = merges
        self.splits = splits
        self.joins = joins
        self.firsts = firsts
        self.as_sent = as_sent
        self.adapters = adapters
        self.keeps_methods = keeps_methods
        self.addresses = addresses
        self.facts = facts
        self.response_gaps = response_gaps
        self.request_gaps = request_gaps
        self.cache = cache
        self.version = version
        self.coded_size = coded_size
        self.drops = drops | CLIENT_FIELDS
        self.torn = torn
        self.chains = chains
        self.suspects = self.drops | PSEUDO_FIELDS | ({"content-length"} if localised else NO_NAMES)

    def __reduce__(self) -> tuple[object, ...]:
        return _row, (ROWS.index(self),)                   # one row is the same in every process

    def __repr__(self) -> str:
        return f"<Producer {self.name}>"


def _less(facts: int, *names: str) -> int:
    return facts & ~bits(*names)


REASON = bits("reason")
SIZE = bits("size")
OWN_PAGES = ("http://mitm.it/", "https://mitm.it/")
"""Where mitmproxy answers itself, with its certificate."""

UNKNOWN = Producer(
    # taken for a browser's developer tools that may lose what any known tool loses
    "unknown", CLIENT, response_gaps=COOKIES | CODING | CONNECTION | {"vary", "date"}, request_gaps=CREDENTIALS)
PLAYWRIGHT = Producer(
    # HTTP/1.1 stands for unknown; a revalidated response is a 200; with Chromium, it keeps the lines of a field
    "Playwright", CLIENT | LINES, version=UNLESS_DEFAULT, keeps_methods=True,
    response_gaps=COOKIES | CONNECTION, request_gaps=CREDENTIALS)
PLAYWRIGHT_OTHERS = Producer(
    # the same with Firefox and WebKit, whose fields it splits at commas
    "Playwright", _less(CLIENT, "exact"), version=UNLESS_DEFAULT, splits=True, keeps_methods=True,
    response_gaps=COOKIES | CONNECTION, request_gaps=CREDENTIALS)
PLAYWRIGHT_API = Producer(
    # what tests ask past the browser; Node.js hands the lines on as they came, and the version of the response; that of
    # the request is a constant; contents are decoded
    "Playwright's API requests", CLIENT | LINES | REASON, cache=False, version=UNLESS_DEFAULT, keeps_methods=True,
    request_gaps=CREDENTIALS)
HTTPLINT = Producer(
    # har_writing: what was asked and answered, octet by octet; an entry tells what was not known of it
    "httplint", PROXY | SIZE | REASON, cache=False, joins=False, keeps_methods=True, as_sent=True)

TABLE = (
    ((" httplint ",), HTTPLINT),
    # -- proxies: they see what was sent
    # mitmproxy: `content.size` counts coded octets; a streamed body looks empty; no reason phrases; an HTTP/1 interim
    # response takes the place of the final one; it answers Expect: 100-continue itself, and wants no Upgrade: h2c
    (("mitmproxy",),
     Producer("mitmproxy", PROXY | SIZE, cache=False, coded_size=True, joins=False, own_pages=OWN_PAGES,
              request_gaps=frozenset({"connection", "expect", "http2-settings", "upgrade"}))),
    # ZAP: never writes a reason phrase
    ((" zap ",),
     Producer("ZAP", PROXY | SIZE, cache=False)),
    # Burp (no file met): keeps messages whole, shows those of HTTP/2 in the form of HTTP/1.1
    ((" burp ",),
     Producer("Burp", _less(PROXY, "octets"), cache=False, version=UNLESS_DEFAULT)),
    # Fiddler: a session decoded in its window has lost its codings
    (("fiddler",),
     Producer("Fiddler", PROXY | SIZE | REASON, cache=False,
              response_gaps=CODING | {"transfer-encoding"})),
    # Charles: renames Connection to Proxy-Connection, in both directions
    (("charles",),
     Producer("Charles", PROXY | SIZE, cache=False, drops=frozenset({"proxy-connection"}),
              response_gaps=CONNECTION, request_gaps=CONNECTION)),
    # Proxyman: HTTP/1.1 stands on every entry that was met, so perhaps on all
    (("proxyman",),
     Producer("Proxyman", PROXY | SIZE, cache=False, version=NEVER,
              response_gaps=CONNECTION, request_gaps=CONNECTION)),
    # Reqable (one file met): contents may be coded still
    (("reqable",),
     Producer("Reqable", _less(PROXY, "octets", "lines"), cache=False, version=NEVER,
              response_gaps=CONNECTION, request_gaps=CONNECTION)),
    # HTTP Toolkit (no file met): it translates between versions, and may show either side
    (("http toolkit", "httptoolkit", "mockttp"),
     Producer("HTTP Toolkit", _less(CLIENT | LINES, "octets"), cache=False, version=NEVER,
              response_gaps=CONNECTION, request_gaps=CONNECTION)),
    # pcap2har: merges the fields of all messages on a kept-alive connection, so neither repeats nor pairs nor contents
    (("pcap2har",),
     Producer("pcap2har", _less(CLIENT, "repeats", "pair", "content", "octets"), cache=False, merges=True)),
    # Akita: listens on the network, writes the request target as URL, and may take out what it deems secret
    (("akita",),
     Producer("Akita", _less(CLIENT, "octets"), cache=False, version=NEVER,
              response_gaps=COOKIES | CONNECTION, request_gaps=CREDENTIALS)),
    # waterfall-tools: makes HARs of other captures, of NetLog for example, which may be stripped
    (("waterfall tools",),
     Producer("waterfall-tools", _less(LEAST, "repeats"), version=NEVER)),
    # BrowserMob and its heir: fields and contents are recorded only if asked for; 2.0 writes "HTTP" as version
    (("browsermob", "browserup"),
     Producer("BrowserMob", LEAST, cache=False)),
    # Dev Proxy (no file met): writes REDACTED for what it deems secret, and may have mocked the response
    ((" dev proxy", " devproxy"),
     Producer("Dev Proxy", _less(CLIENT, "pair", "octets"), cache=False, version=NEVER,
              response_gaps=COOKIES | CONNECTION, request_gaps=CREDENTIALS)),
    # Requestly (no file met): its purpose is to change requests and responses
    (("requestly",),
     Producer("Requestly", LEAST, version=NEVER)),

    # -- browsers: no absence in a request is evidence, contents are decoded, caches answer
    # Safari: its HTTP library keeps one value a name; sizes are 0 from the memory cache
    (("webkit web inspector", "safari"),
     Producer("Safari", CLIENT,
              response_gaps=COOKIES | CODING | CONNECTION, request_gaps=CREDENTIALS)),
    # Chrome, Edge, Brave: exports are sanitised since 2024; up to 2014 the version was always HTTP/1.1; what an
    # extension puts in the place of a response has sizes, but no server address
    (("webinspector",),
     Producer("Chrome", CLIENT | LINES | REASON, version=UNLESS_OLD, addresses=True, keeps_methods=True,
              response_gaps=COOKIES, request_gaps=CREDENTIALS)),
    # Firebug: cuts contents, shows stored responses as new ones, writes HTTP/1.1 for SPDY
    (("firebug",),
     Producer("Firebug", LEAST, version=NEVER)),
    # Firefox: re-cases names of HTTP/2; `bodySize` counts the header section, too, in 62 to 93
    (("firefox",),
     Producer("Firefox", CLIENT | LINES | REASON, keeps_methods=True)),
    # IE 11, and Edge before it became Chromium: removes Vary and Content-Encoding, localises Content-Length, adds
    # stored fields to a 304
    (("internet explorer", " f12 ", " edge "),
     Producer("Internet Explorer", _less(LEAST, "repeats"), version=NEVER, localised=True,
              response_gaps=CODING | {"vary", "content-length", "date"})),
    # HttpWatch (no file met): sits in the browser, where caches answer
    (("httpwatch",),
     Producer("HttpWatch", LEAST, version=NEVER)),
    (("playwright",), PLAYWRIGHT_OTHERS),
    # Node's clients: they have no cache, decode contents, and join lines but those of Set-Cookie
    (("request capture har", " capture har "),
     Producer("Node client", _less(CLIENT, "octets"), cache=False, version=NEVER,
              response_gaps=CODING, request_gaps=CREDENTIALS)),
    # others on the DevTools protocol: a mapping of names to values, so repeated fields are joined
    (("chrome har capturer", "chromedp", "puppeteer", "cypress", "selenium", "extendeddebuggingservice",
      "extended debugging"),
     Producer("DevTools protocol", CLIENT, version=UNLESS_DEFAULT, keeps_methods=True,
              response_gaps=COOKIES | CONNECTION, request_gaps=CREDENTIALS)),
    # chrome-har (Browsertime, sitespeed.io, puppeteer-har): joins repeated fields, once repeated whole header sections
    (("chrome har ", "browsertime", "sitespeed"),
     Producer("chrome-har", CLIENT, keeps_methods=True,
              response_gaps=COOKIES, request_gaps=CREDENTIALS)),
    # TracerBench: base64 without saying so
    (("tracerbench",),
     Producer("TracerBench", LEAST, version=NEVER)),
    # PhantomJS and Splash (Qt): version always HTTP/1.1, repeated fields joined, sizes of first chunks, no sign of the
    # cache
    (("phantomjs", "splash", "casper"),
     Producer("Qt browser", LEAST, version=NEVER)),
    # WebPagetest: fields cut out of text at fixed places, joined cookies torn into names, versions like "us:"; browsers
    # tell its agent of fields at any time, with an id that all of a chain of redirects share
    (("webpagetest",),
     Producer("WebPagetest", _less(LEAST, "exact"), version=NEVER, torn=True, chains=True)),

    # -- clients without a cache
    # Polly: lower-cases names, unpacks or rewrites contents and keeps Content-Length; writes HTTP/1.1 always
    (("polly",),
     Producer("Polly", LEAST, cache=False, version=NEVER, adapters=True)),
    # API clients (few files met) and what records client libraries (harlem that of Python's requests) follow redirects,
    # decode contents and write HTTP/1.1 always
    (("postman", "newman", "insomnia", "advanced rest client", "bruno", "hoppscotch", "thunder client", "yaak", " paw ",
      "rapidapi", "axios har tracker", " harlem "),
     Producer("API client", _less(CLIENT, "pair", "resource", "octets"), cache=False, version=NEVER,
              response_gaps=CODING | CONNECTION | COOKIES, request_gaps=CREDENTIALS)),
    # Schemathesis, whose library names itself: decodes contents, leaves out what http.client adds to a request, and
    # takes its version from the response; an application in the same process has no server, and nothing shows that
    (("harfile",),
     Producer("Schemathesis", _less(PROXY | REASON, "lines", "request_version"), cache=False, firsts=True,
              response_gaps=CONNECTION | COOKIES | {"content-length", "date"},
              request_gaps=ADDED_BY_HTTP_CLIENT)),
    # command-line tools (no file met) may decode contents without a trace
    ((" curl ", "httpie", " wget ", " xh "),
     Producer("command-line client", CLIENT, cache=False,
              response_gaps=CODING | CONNECTION)),
    # recorders (no file met) inside a page or a service worker see what CORS exposes
    ((" msw ", "mswjs", "fetch", "xhr", "har recorder"),
     Producer("in-page recorder", LEAST, version=NEVER)),
)
"""(what the creator's name contains, producer); names are in lower case, one space around and between words."""

ROWS = (UNKNOWN, PLAYWRIGHT, PLAYWRIGHT_API, *(row for _, row in TABLE))


def _row(number: int) -> Producer:
    return ROWS[number]


_SEPARATOR = re.compile(r"[^a-z0-9]+")


def producer(creator: object, browser: object = None) -> Producer:
    """The row for the values of `log.creator` and `log.browser`, of any shape."""
    name = _name(creator)
    for signs, row in TABLE:
        if any(sign in name for sign in signs):
            return PLAYWRIGHT if row is PLAYWRIGHT_OTHERS and "chrom" in _name(browser) else row
    return UNKNOWN


class Tool:
    """The tool that wrote a file: its row, and whether the file has shown that it keeps repeated lines apart."""

    __slots__ = ("keeps_lines", "row")

    def __init__(self, row: Producer) -> None:
        self.row = row
        self.keeps_lines = False


def depends_on_browser(creator: object) -> bool:
    """Whether `log.browser` tells more of what the tool does."""
    return producer(creator).splits


def _name(value: object) -> str:
    name = value.get("name") if isinstance(value, dict) else None
    return f" {_SEPARATOR.sub(' ', name.lower())} " if isinstance(name, str) else ""


_VERSIONS = {
    "http/1.0": "1.0", "1.0": "1.0",
    "http/1.1": "1.1", "1.1": "1.1",
    "http/2.0": "2", "http/2": "2", "2.0": "2", "2": "2", "h2": "2", "h2c": "2",
    "http/3.0": "3", "http/3": "3", "3.0": "3", "3": "3", "h3": "3",
}
_DRAFT_OF_3 = lazily(r"h3-\d\d")
_PROTOCOL = lazily(r"[a-z][a-z0-9+-]{0,12}[/-][a-z]?[0-9][a-z0-9./+-]{0,12}", re.IGNORECASE)


def version(row: Producer, spelled: Scalar, *, old: bool) -> str | None:
    """1.0, 1.1, 2, 3, or None if that spelling, by that producer, does not tell.

    SPDY and Google's QUIC (`h3-q050`, `http/2+quic/46`) are neither. `old`: the entry is from an old release.
    """
    if row.version is NEVER:
        return None
    if spelled == "HTTP/1.1" and (row.version is UNLESS_DEFAULT or (row.version is UNLESS_OLD and old)):
        return None
    return version_of(spelled)


def version_of(spelled: Scalar) -> str | None:
    spelled = str(spelled or "").strip().lower()
    return _VERSIONS.get(spelled) or ("3" if _DRAFT_OF_3.fullmatch(spelled) else None)


def claimed(spelled: Scalar) -> str | None:
    """What a file says of the version, whoever wrote it, as status lines have it; None where it says nothing.

    What is no version of HTTP stays as it is, such as `spdy/3.1`; placeholders such as `unknown` say nothing.
    """
    if found := version_of(spelled):
        return f"HTTP/{found}"
    return spelled if isinstance(spelled, str) and _PROTOCOL.fullmatch(spelled) else None


_CLIENT_FIELD_VERSIONS = {"h2": "2", "h3": "3"}
SYNTHETIC_FIELD = "non-authoritative-reason"
"""Chrome answered itself, from its HSTS list for example."""

_LOCALISED = lazily(r"\d{1,3}(?:\D\d{3})+", re.ASCII)
_PSEUDO_VALUE = lazily(r"HTTP/[\d.]+|\d{3}(?: .*)?", re.IGNORECASE)


def version_by_fields(known: str | None, fields: Fields) -> str | None:
    """The version of a response, corrected where its fields show signs of SPDY or a later version."""
    for name in CLIENT_FIELDS:
        value = fields.combined(name)
        if value is not None:
            return _CLIENT_FIELD_VERSIONS.get(value.lower())
    if known in ("1.0", "1.1") and fields.index.keys() >= PSEUDO_FIELDS:
        return None
    return known


def is_added(row: Producer, name: str, value: str, known: str | None) -> bool:
    """Whether the line with that (lower-case) name, out of `row.suspects`, is not what was sent.

    `known` is the version. Some servers really send `Status: 200 OK` over HTTP/1.x, so there the line stays.
    """
    if name in PSEUDO_FIELDS:
        return known not in ("1.0", "1.1") and _PSEUDO_VALUE.fullmatch(value.strip()) is not None
    if name == "content-length":
        return _LOCALISED.fullmatch(value.strip()) is not None
    return True


def chained(entry: HarEntry, status: int) -> bool:
    """Whether a request was redirected, or came of that, in an entry that tells its chain."""
    return entry.chain is not None and (entry.hop != entry.chain or (300 <= status < 400 and status != 304))


FRESH, NOT_PAIRED, REPLAYED = 0, 1, 2
"""The response answers this request; it may not, or not alone; it came out of a cache or a worker."""


def freshness(row: Producer, entry: HarEntry, response: HarResponse, *, dated: bool) -> int:
    """FRESH, NOT_PAIRED or REPLAYED. `dated`: the response has Date, which no extension makes up."""
    if entry.from_cache or entry.from_worker or entry.fulfilled_by or response.from_worker or response.fulfilled_by:
        return REPLAYED
    if isinstance(entry.fetch_type, str) and entry.fetch_type != "Network Load":
        return REPLAYED
    if entry.pushed not in (None, 0, "0", "") or entry.resource_type == "preflight":
        return NOT_PAIRED
    if not row.cache:
        return FRESH
    transferred = response.transfer_size
    if transferred is not None:
        local = not _positive(transferred) or (row.addresses and not (entry.address or entry.connection or dated))
        return REPLAYED if local else FRESH
    if _positive(response.body_size):
        return FRESH
    content = response.content
    return REPLAYED if content is not None and _positive(content.size) and response.body_size == 0 else NOT_PAIRED


def _positive(number: Scalar) -> bool:
    return isinstance(number, (int, float)) and number > 0

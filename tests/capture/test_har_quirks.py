"""What the HARs of each producer prove, and what they do to a message."""
from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from har_maker import entry, exchange, har_of, headers, outcomes, skipped

from httplint.capture import har_exchange, har_quirks
from httplint.grammar import registry
from httplint.model.evidence import REASONS
from httplint.model.exchange import Exchange

NEVER = {"interim", "trailers", "target", "wire", "name_case"}
LEAST = {"request", "resource", "time", "exact", "repeats"}
CLIENT = LEAST | {"request_version", "version", "response_fields", "content", "octets", "pair"}
PROXY = CLIENT | {"request_fields", "request_content", "size", "lines"}
VERSIONS = {"version", "request_version"}


def facts(found: Exchange) -> set[str]:
    return {fact for fact in REASONS if found.evidence.knows(fact)}


def best(**response: Any) -> dict[str, Any]:
    """An entry of which everything is shown that a HAR can show."""
    return entry(("Content-Type", "text/plain"), ("Content-Length", "2"), text="ab",
                 response={"_transferSize": 100} | response)


@pytest.mark.parametrize(("creator", "known"), [
    ("httplint", PROXY | {"reason"}),
    ("mitmproxy", PROXY),
    ("mitmproxy har_dump", PROXY),
    ("OWASP ZAP", PROXY),
    ("ZAP", PROXY),
    ("Fiddler", (PROXY | {"reason"}) - {"octets"}),
    ("Charles Proxy", PROXY),
    ("Proxyman", PROXY - {"version", "request_version"}),
    ("HTTP Toolkit", (CLIENT | {"lines"}) - VERSIONS - {"octets"}),
    ("pcap2har", CLIENT - {"repeats", "pair", "content", "octets"}),
    ("BrowserMob Proxy", LEAST),
    ("DevProxy", CLIENT - {"version", "request_version", "octets", "pair"}),
    ("WebKit Web Inspector", CLIENT - {"octets"}),
    ("WebInspector", CLIENT | {"reason", "lines"}),
    ("Firefox", CLIENT | {"reason", "lines"}),
    ("Firebug", LEAST),
    ("Internet Explorer Network Inspector", LEAST - {"repeats"}),
    ("Microsoft Edge", LEAST - {"repeats"}),
    ("HttpWatch Professional", LEAST),
    ("Playwright", CLIENT - {"exact"}),
    ("chrome-har", CLIENT),
    ("Browsertime", CLIENT),
    ("chrome-har-capturer", CLIENT),
    ("ExtendedDebuggingService", CLIENT),
    ("capture-har", CLIENT - VERSIONS - {"octets"}),
    ("request-capture-har", CLIENT - VERSIONS - {"octets"}),
    ("chromedp", CLIENT),
    ("TracerBench", LEAST),
    ("PhantomJS", LEAST),
    ("Splash", LEAST),
    ("WebPagetest", LEAST - {"exact"}),
    ("Polly.JS", LEAST),
    ("Insomnia REST Client", (LEAST | {"response_fields", "content"}) - {"resource"}),
    ("Postman", (LEAST | {"response_fields", "content"}) - {"resource"}),
    ("newman-trace", (LEAST | {"response_fields", "content"}) - {"resource"}),
    ("axios-har-tracker", (LEAST | {"response_fields", "content"}) - {"resource"}),
    ("harlem", (LEAST | {"response_fields", "content"}) - {"resource"}),
    ("harfile", (PROXY | {"reason"}) - {"lines", "size", "request_version"}),
    ("Akita SuperLearn (https://akitasoftware.com)", CLIENT - VERSIONS - {"octets"}),
    ("Reqable", PROXY - VERSIONS - {"octets", "lines", "size"}),
    ("Burp Suite Professional", PROXY - {"octets", "size"}),
    ("waterfall-tools", LEAST - {"repeats"}),
    ("BrowserUp Proxy", LEAST),
    ("Requestly", LEAST),
    ("curl", CLIENT - {"octets"}),
    ("har-recorder (msw)", LEAST),
    ("something new", CLIENT - {"octets"}),
    ("zapier", CLIENT - {"octets"}),
    ("", CLIENT - {"octets"}),
])
def test_what_each_producer_proves_at_best(tmp_path: Path, creator: str, known: set[str]) -> None:
    found = exchange(tmp_path, best(), creator)
    assert facts(found) == known
    assert not facts(found) & NEVER
    assert (found.response.reason == "OK") == ("reason" in known)
    assert (found.response.size == 2) == ("size" in known)
    assert (found.response.content == b"ab") == ("content" in known)
    assert found.request is not None
    assert (found.request.content == b"") == ("request_content" in known)


@pytest.mark.parametrize("creator", [None, [], "x", 5, {"name": None}, {"name": 5}, {}, [{"name": "mitmproxy"}]])
def test_no_creator_is_taken_for_a_browser(tmp_path: Path, creator: object) -> None:
    assert har_quirks.producer(creator) is har_quirks.UNKNOWN
    found = exchange(tmp_path, best(), {"comment": creator})
    assert facts(found) == CLIENT - {"octets"}
    assert {"set-cookie", "content-encoding", "vary", "date", "connection"} <= found.evidence.response_gaps


CODING = {"content-encoding"}
COOKIES = {"set-cookie", "set-cookie2"}
CREDENTIALS = {"authorization", "cookie", "proxy-authorization"}
HOP_BY_HOP = {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
DEV_TOOLS = COOKIES | HOP_BY_HOP

TOOLS = [
    # proxies and clients see what was sent; all others stand behind a cache
    ("mitmproxy", ["mitmproxy har_dump"], False, set(), {"connection", "expect", "http2-settings", "upgrade"}),
    ("ZAP", ["OWASP ZAP", "zap"], False, set(), set()),
    ("Burp", ["Burp Suite"], False, set(), set()),
    ("Fiddler", ["Fiddler"], False, CODING | {"transfer-encoding"}, set()),
    ("Charles", ["Charles Proxy"], False, HOP_BY_HOP, HOP_BY_HOP),
    ("Proxyman", ["Proxyman"], False, HOP_BY_HOP, HOP_BY_HOP),
    ("Reqable", ["Reqable"], False, HOP_BY_HOP, HOP_BY_HOP),
    ("HTTP Toolkit", ["HTTP Toolkit", "httptoolkit-server", "Mockttp"], False, HOP_BY_HOP, HOP_BY_HOP),
    ("pcap2har", ["pcap2har"], False, set(), set()),
    ("Akita", ["Akita SuperLearn"], False, DEV_TOOLS, CREDENTIALS),
    ("waterfall-tools", ["waterfall-tools"], True, set(), set()),
    ("BrowserMob", ["BrowserMob Proxy", "BrowserUp Proxy"], False, set(), set()),
    ("Dev Proxy", ["Dev Proxy", "DevProxy"], False, DEV_TOOLS, CREDENTIALS),
    ("Requestly", ["Requestly"], True, set(), set()),
    ("Safari", ["WebKit Web Inspector", "Safari"], True, DEV_TOOLS | CODING, CREDENTIALS),
    ("Chrome", ["WebInspector"], True, COOKIES, CREDENTIALS),
    ("Firebug", ["Firebug"], True, set(), set()),
    ("Firefox", ["Firefox"], True, set(), set()),
    ("Internet Explorer", ["Internet Explorer Network Inspector", "F12 Developer Tools", "Microsoft Edge"], True,
     CODING | {"vary", "content-length", "date"}, set()),
    ("HttpWatch", ["HttpWatch Professional"], True, set(), set()),
    ("Playwright", ["Playwright"], True, DEV_TOOLS, CREDENTIALS),
    ("Node client", ["request-capture-har", "capture-har"], False, CODING, CREDENTIALS),
    ("DevTools protocol", ["chrome-har-capturer", "chromedp", "Puppeteer", "Cypress", "Selenium",
                           "ExtendedDebuggingService", "Extended Debugging"], True, DEV_TOOLS, CREDENTIALS),
    ("chrome-har", ["chrome-har", "Browsertime", "sitespeed.io"], True, COOKIES, CREDENTIALS),
    ("TracerBench", ["TracerBench"], True, set(), set()),
    ("Qt browser", ["PhantomJS", "Splash", "CasperJS"], True, set(), set()),
    ("WebPagetest", ["WebPagetest"], True, set(), set()),
    ("Polly", ["Polly.JS"], False, set(), set()),
    ("API client", ["Postman", "newman-trace", "Insomnia REST Client", "Advanced REST Client", "Bruno", "Hoppscotch",
                    "Thunder Client", "Yaak", "Paw", "RapidAPI", "axios-har-tracker", "harlem"], False,
     DEV_TOOLS | CODING, CREDENTIALS),
    ("Schemathesis", ["harfile"], False, DEV_TOOLS | {"content-length", "date"},
     HOP_BY_HOP | {"accept-encoding", "content-length", "host", "proxy-authorization", "user-agent"}),
    ("command-line client", ["curl", "HTTPie", "GNU Wget", "xh"], False, HOP_BY_HOP | CODING, set()),
    ("in-page recorder", ["msw", "@mswjs/har", "fetch-har", "xhr-recorder", "har-recorder"], True, set(), set()),
    ("unknown", ["something new", "zapier", "mswin", "curling"], True,
     DEV_TOOLS | CODING | {"vary", "date"}, CREDENTIALS),
]
CREATORS = [(creator, *row) for row in TOOLS for creator in row[1]]
KEEP_METHODS = {"Chrome", "Firefox", "Playwright", "DevTools protocol", "chrome-har"}


def test_tools_are_told_by_their_names() -> None:
    for creator, tool, *_ in CREATORS:
        assert repr(har_quirks.producer({"name": creator})) == f"<Producer {tool}>", creator
    chromium = har_quirks.producer({"name": "Playwright"}, {"name": "chromium"})
    assert repr(chromium) == "<Producer Playwright>"


@pytest.mark.parametrize(("tool", "creators", "caches", "response_gaps", "request_gaps"), TOOLS)
def test_what_each_tool_leaves_out(tmp_path: Path, tool: str, creators: list[str], caches: bool,
                                   response_gaps: set[str], request_gaps: set[str]) -> None:
    found = exchange(tmp_path, best(), creators[0])
    assert found.evidence.response_gaps == response_gaps
    assert found.evidence.request_gaps == request_gaps
    # nothing was transferred: a browser took the response out of its cache
    assert exchange(tmp_path, best(_transferSize=0), creators[0]).evidence.knows("time") == (not caches)
    # only Chrome names the address of whatever it asked
    assert exchange(tmp_path, best() | {"serverIPAddress": ""}, creators[0]).evidence.knows("time") == (
        tool != "Chrome")
    spelled = exchange(tmp_path, entry(request={"method": "Get"}), creators[0])
    assert spelled.request is not None
    assert spelled.request.method == ("Get" if tool in KEEP_METHODS else "GET")


def test_schemathesis_keeps_the_first_line_of_each_field(tmp_path: Path) -> None:
    """There may have been a second Vary or Set-Cookie: what stands there of a list is not all of it."""
    found = exchange(tmp_path, entry(("vary", "Origin"), ("set-cookie", "[Filtered]"), ("etag", '"v1"')), "harfile")
    assert found.response.fields is not None
    assert found.response.fields.lines == (("etag", '"v1"'),)
    assert {"vary", "set-cookie"} <= found.evidence.response_gaps
    assert not found.evidence.knows("lines")


# -- versions and start lines


@pytest.mark.parametrize(("spelled", "read"), [
    ("HTTP/1.1", "1.1"), ("1.1", "1.1"), ("http/1.1", "1.1"), (1.1, "1.1"), (" HTTP/1.1 ", "1.1"),
    ("HTTP/1.0", "1.0"), ("1.0", "1.0"), ("h2c", "2"), ("3.0", "3"), ("3", "3"), (3, "3"), ("2", "2"),
    ("h2", "2"), ("HTTP/2.0", "2"), ("http/2.0", "2"), ("HTTP/2", "2"), ("2.0", "2"), (2, "2"), (2.0, "2"),
    ("h3", "3"), ("HTTP/3", "3"), ("h3-29", "3"), ("HTTP/3.0", "3"),
    ("h3-q050", None), ("http/2.0+quic/43", None), ("http/2+quic/46", None), ("spdy", None), ("spdy/3.1", None),
    ("", None), ("unknown", None), ("HTTP", None), ("us:", None), ("2 2", None), ("2 3", None), ("K", None),
    (None, None), (4, None), (True, None), ([], None), ("ori", None), (": /", None), ("HTTP/0.9", None),
])
def test_spellings_of_versions(tmp_path: Path, spelled: object, read: str | None) -> None:
    found = exchange(tmp_path, entry(response={"httpVersion": spelled}, request={"httpVersion": spelled}))
    assert found.request is not None
    assert found.response.version == found.request.version == read
    assert found.evidence.knows("version") == found.evidence.knows("request_version") == (read is not None)


def test_versions_that_are_not_believed(tmp_path: Path) -> None:
    def version(creator: str, spelled: str, **response: object) -> str | None:
        return exchange(tmp_path, entry(response={"httpVersion": spelled} | response), creator).response.version

    assert version("Polly.JS", "HTTP/1.1") is None
    assert version("Playwright", "HTTP/1.1") is None
    assert version("Playwright", "HTTP/2.0") == "2"
    assert version("WebInspector", "HTTP/1.1") is None
    assert version("WebInspector", "http/1.1") == "1.1"
    assert version("WebInspector", "HTTP/1.1", _transferSize=10) == "1.1"


def test_request_and_response_may_differ(tmp_path: Path) -> None:
    found = exchange(tmp_path, entry(response={"httpVersion": "HTTP/1.0"}, request={"httpVersion": "HTTP/1.1"}))
    assert found.request is not None
    assert (found.request.version, found.response.version) == ("1.1", "1.0")


@pytest.mark.parametrize(("version", "text", "reason"), [
    ("HTTP/1.1", "Fine", "Fine"), ("HTTP/1.1", "", None), ("HTTP/1.1", None, None), ("HTTP/1.1", "200 OK", None),
    ("h2", "OK", None), ("", "OK", None), ("HTTP/1.0", "caf\xe9", "caf\xe9"), ("HTTP/1.1", 5, None),
])
def test_reason_phrases(tmp_path: Path, version: str, text: object, reason: str | None) -> None:
    found = exchange(tmp_path, entry(response={"httpVersion": version, "statusText": text}), "Fiddler")
    assert found.response.reason == reason
    assert found.evidence.knows("reason") == (reason is not None)


# -- field lines that were not sent


def names(found: Exchange) -> list[str]:
    return [name for name, _ in found.response.fields or ()]


def test_pseudo_fields_are_dropped(tmp_path: Path) -> None:
    one = entry((":status", "200"), ("X", "1"), response={"httpVersion": "h2"}, request={
        "headers": headers((":method", "GET"), (":authority", "a"), ("accept", "*/*"))})
    found = exchange(tmp_path, one, "Charles Proxy")
    assert names(found) == ["X"]
    assert found.request is not None
    assert found.request.fields is not None
    assert found.request.fields.lines == (("accept", "*/*"),)


@pytest.mark.parametrize(("version", "value", "kept"), [
    ("h2", "200", False), ("h2", "200 OK", False), ("", "200", False), ("http/1.1", "200 OK", True),
    ("http/1.1", "200", True), ("http/1.0", "200 OK", True), ("h2", "ready", True), ("h2", "2000", True),
    ("h2", "200\tOK", True),
])
def test_pseudo_fields_without_colon(tmp_path: Path, version: str, value: str, kept: bool) -> None:
    found = exchange(tmp_path, entry(("Status", value), ("X", "1"), response={"httpVersion": version}), "chrome-har")
    assert names(found) == (["Status", "X"] if kept else ["X"])


@pytest.mark.parametrize("spelled", ["HTTP/1.1", "HTTP/1.0"])
@pytest.mark.parametrize("others", [(("X", "1"),), ()])
def test_spdy_called_http_1(tmp_path: Path, spelled: str, others: tuple[tuple[str, str], ...]) -> None:
    one = entry(("status", "200 OK"), ("version", "HTTP/1.1"), *others,
                response={"_transferSize": 5, "httpVersion": spelled})
    found = exchange(tmp_path, one, "WebInspector")
    assert names(found) == [name for name, _ in others]
    assert found.response.version is None


def test_a_field_called_version_is_one(tmp_path: Path) -> None:
    for value, spelled in (("HTTP/", "h2"), ("2", "h2"), ("HTTP/1.1", "HTTP/1.1")):
        found = exchange(tmp_path, entry(("version", value), response={"httpVersion": spelled}), "chrome-har")
        assert names(found) == ["version"]
        assert found.response.version == {"h2": "2", "HTTP/1.1": "1.1"}[spelled]


@pytest.mark.parametrize(("field", "value", "version"), [
    ("X-Firefox-Spdy", "h2", "2"), ("x-firefox-spdy", "3.1", None), ("X-Firefox-Http3", "h3", "3"),
])
def test_fields_that_firefox_adds(tmp_path: Path, field: str, value: str, version: str | None) -> None:
    found = exchange(tmp_path, entry(("X", "1"), (field, value)), "Firefox")
    assert found.request is not None
    assert names(found) == ["X"]
    assert found.response.version == found.request.version == version


def test_charles_renames_connection(tmp_path: Path) -> None:
    found = exchange(tmp_path, entry(("Proxy-Connection", "keep-alive"), ("X", "1")), "Charles Proxy")
    assert names(found) == ["X"]
    assert "connection" in found.evidence.response_gaps


def test_localised_content_length(tmp_path: Path) -> None:
    creator = "Internet Explorer Network Inspector"
    found = exchange(tmp_path, entry(("Content-Length", "6,219"), ("X", "1")), creator)
    assert names(found) == ["X"]
    assert "content-length" in found.evidence.response_gaps
    assert names(exchange(tmp_path, entry(("Content-Length", "219")), creator)) == ["Content-Length"]
    assert names(exchange(tmp_path, entry(("Content-Length", "6,219")))) == ["Content-Length"]


def test_cookies_torn_by_webpagetest(tmp_path: Path) -> None:
    torn = ("IDE=x; expires=Sun, 21-Jan-2018 11", "12:13 GMT; path=/")
    found = exchange(tmp_path, entry(("X", "1"), torn), "WebPagetest")
    assert names(found) == ["X"]
    assert "set-cookie" in found.evidence.response_gaps
    assert names(exchange(tmp_path, entry(("X", "1"), torn))) == ["X", torn[0]]


@pytest.mark.parametrize(("status", "hop", "known"), [
    (200, "A", True), (404, "A", True), (304, "A", True), (200, None, False), (200, "A-1", False), (301, "A", False),
    (307, "A", False), (308, "A-1", False),
])
def test_fields_of_redirects_by_webpagetest(tmp_path: Path, status: int, hop: str | None, known: bool) -> None:
    """Its agent may have put those of what a request was redirected to into the redirect, and the other way round."""
    one = entry(("X", "1"), response={"status": status}, request={"headers": headers(("Range", "bytes=0-1"))})
    found = exchange(tmp_path, one | {"_raw_id": "A", "_id": hop}, "WebPageTest")
    assert found.request is not None
    for section in (found.response.fields, found.request.fields):
        assert (section is not None) is known
    for other in (one, one | {"_id": "A-1"}):              # as releases have it that did not ask the browser
        assert names(exchange(tmp_path, other, "WebPageTest")) == ["X"]
    assert names(exchange(tmp_path, one | {"_raw_id": "A", "_id": hop}, "chrome-har")) == ["X"]


def test_a_redirect_that_webpagetest_was_told_of_by_its_browser_alone(tmp_path: Path) -> None:
    one = entry(("Location", "https://example.org/"), ("Non-Authoritative-Reason", "HSTS"), response={"status": 307})
    assert skipped(tmp_path, one | {"_raw_id": "A", "_id": "A"}, "WebPageTest")[0] == "synthetic"


@pytest.mark.parametrize("value", ["[REDACTED]", "sid=REDACTED; Path=/", "https://a/?state=[state redacted]",
                                   "MANUALLY REMOVED", "<masked>", "*****", "[FILTERED]",
                                   "[88 bytes were stripped]", "sid=[12 bytes were stripped]; Path=/",
                                   "(scrubbed)", "anonymized", "[hidden]", "<secret>", "OBFUSCATED"])
def test_redacted_values_are_not_known(tmp_path: Path, value: str) -> None:
    one = entry(("Set-Cookie", value), ("Set-Cookie", "a=b"), ("X", "1"),
                request={"headers": headers(("Authorization", value), ("Host", "a"))})
    found = exchange(tmp_path, one, "OWASP ZAP")
    assert found.request is not None
    assert names(found) == ["X"]
    assert found.evidence.response_gaps == {"set-cookie"}
    assert found.evidence.request_gaps == {"authorization"}
    assert found.request.fields is not None
    assert found.request.fields.lines == (("Host", "a"),)


@pytest.mark.parametrize(("names", "gaps"), [(20, 20), (3000, 0)])
def test_of_too_many_redacted_values_no_more_is_known_than_that(tmp_path: Path, names: int, gaps: int) -> None:
    found = exchange(tmp_path, entry(("X", "1"), *[(f"X-{number}", "[redacted]") for number in range(names)]))
    assert found.evidence.knows("response_fields") == bool(gaps)
    assert len(found.evidence.response_gaps) == gaps
    assert found.response.fields is not None
    assert found.response.fields.lines == (("X", "1"),)


# -- time


@pytest.mark.parametrize(("spelled", "seconds"), [
    ("2026-03-01T12:00:00.000Z", 1772366400.0),
    ("2026-03-01T12:00:00.000+0200", 1772359200.0),
    ("2026-03-01T12:00:00.1234567+02:00", 1772359200.123456),
    ("2026-03-01T12:00:00Z", 1772366400.0),
    ("2026-03-01T12:00:00", None), ("2026-03-01", None), ("Feb 3, 2026 12:00:00", None), ("", None), (None, None),
    ("1990-01-01T00:00:00Z", 631152000.0), ("1989-12-31T23:59:59Z", None),
    ("1970-01-01T00:00:00.000Z", None), (1772366400000, None), ("0001-01-01T00:00:00+14:00", None), ({}, None),
    ("9999-12-31T23:59:59-14:00", 253402351199.0),
])
def test_times(tmp_path: Path, spelled: object, seconds: float | None) -> None:
    found = exchange(tmp_path, entry(startedDateTime=spelled))
    assert found.started == seconds
    assert found.evidence.knows("time") == (seconds is not None)


# -- caches


REPLAY = {"response_fields", "pair", "time"}


@pytest.mark.parametrize(("more", "response", "withheld"), [
    ({}, {}, set()),
    ({"_fromCache": "memory"}, {}, REPLAY),
    ({"serverIPAddress": ""}, {}, REPLAY),
    ({"_fetchedViaServiceWorker": True}, {}, REPLAY),
    ({"_fulfilledBy": "x"}, {}, REPLAY),
    ({}, {"_fulfilledBy": "x"}, REPLAY),
    ({}, {"_fetchedViaServiceWorker": True}, REPLAY),
    ({"_fetchType": "Memory Cache"}, {}, REPLAY),
    ({"_fetchType": "Network Load"}, {}, set()),
    ({"_was_pushed": 1}, {}, {"pair"}),
    ({"_was_pushed": "0"}, {}, set()),
    ({"_was_pushed": 0}, {}, set()),
    ({"_was_pushed": ""}, {}, set()),
    ({"_resourceType": "preflight"}, {}, {"pair"}),
    ({"_resourceType": "document"}, {}, set()),
    ({"_fetchType": 5}, {}, set()),
    ({}, {"_transferSize": 1}, set()),
    ({}, {"_transferSize": "5"}, REPLAY),
    ({}, {"_transferSize": 0}, REPLAY),
    ({}, {"_transferSize": -1}, REPLAY),
    ({}, {"_transferSize": None, "bodySize": 0}, REPLAY),
    ({}, {"_transferSize": None, "bodySize": -1}, {"pair"}),
    ({}, {"_transferSize": None, "bodySize": -430}, {"pair"}),
    ({}, {"_transferSize": None, "bodySize": None}, {"pair"}),
    ({}, {"_transferSize": None, "bodySize": 1}, set()),
    ({}, {"_transferSize": None, "bodySize": 0, "content": {"size": 0, "text": ""}}, {"pair", "content", "octets"}),
    ({}, {"_transferSize": None, "bodySize": 0, "content": {"size": 1, "text": "a"}}, REPLAY | {"content", "octets"}),
    ({}, {"_transferSize": None, "bodySize": 0, "content": None}, {"pair", "content", "octets"}),
])
def test_signs_of_a_cache(tmp_path: Path, more: dict[str, Any], response: dict[str, Any], withheld: set[str]) -> None:
    one = best(httpVersion="http/1.1", **response) | more
    known = facts(exchange(tmp_path, best(), "WebInspector"))
    assert known - facts(exchange(tmp_path, one, "WebInspector")) == withheld


def test_proxies_have_no_cache(tmp_path: Path) -> None:
    assert facts(exchange(tmp_path, best(_transferSize=0, bodySize=2))) == PROXY


@pytest.mark.parametrize("field", ["If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since", "Range",
                                   "If-Range"])
def test_a_cache_asks_on_its_own_behalf(tmp_path: Path, field: str) -> None:
    one = best() | {"request": entry()["request"] | {"headers": headers((field, "x"))}}
    assert not exchange(tmp_path, one, "WebInspector").evidence.knows("pair")
    assert exchange(tmp_path, one).evidence.knows("pair")


def test_304_of_browsers_and_of_proxies(tmp_path: Path) -> None:
    browser = exchange(tmp_path, best(status=304), "WebInspector")
    assert browser.response.content is None
    assert not facts(browser) & {"content", "octets", "response_fields", "pair"}
    proxy = exchange(tmp_path, best(status=304))
    assert proxy.response.content == b"ab"
    assert {"content", "response_fields", "pair"} <= facts(proxy)
    assert proxy.response.size is None


@pytest.mark.parametrize(("status", "method"), [(204, "GET"), (304, "GET"), (200, "HEAD"), (206, "GET")])
def test_contents_out_of_a_cache_prove_nothing(tmp_path: Path, status: int, method: str) -> None:
    one = best(status=status)
    one["request"]["method"] = method
    for creator in ("WebInspector", "Firefox", "something new"):
        assert exchange(tmp_path, one, creator).response.content is None
    assert exchange(tmp_path, one).response.content == b"ab"


def test_no_cache_answers_with_205(tmp_path: Path) -> None:
    found = exchange(tmp_path, best(status=205), "WebInspector")
    assert found.response.content == b"ab"
    assert {"content", "octets"} <= facts(found)
    assert exchange(tmp_path, best(status=205, _transferSize=0), "WebInspector").response.content is None


@pytest.mark.parametrize("sign", [{"connection": "443"}, {"response": ("Date", "Sun, 01 Mar 2026 12:00:00 GMT")}])
def test_chrome_without_address(tmp_path: Path, sign: dict[str, Any]) -> None:
    one = best() | {"serverIPAddress": ""}
    assert not exchange(tmp_path, one, "WebInspector").evidence.knows("pair")
    if "response" in sign:
        one["response"]["headers"] += headers(sign["response"])
    else:
        one |= sign
    assert exchange(tmp_path, one, "WebInspector").evidence.knows("pair")


# -- field lines that were joined, split or repeated


def values(found: Exchange, name: str) -> list[str]:
    assert found.response.fields is not None
    return found.response.fields.values(name)


def split(value: str, name: str = "Date") -> list[tuple[str, str]]:
    """As Playwright does it."""
    return [(name, piece.strip()) for piece in value.split(",")]


DATE = "Sun, 01 Mar 2026 12:00:00 GMT"


@pytest.mark.parametrize("browser", ["firefox", "webkit", None])
@pytest.mark.parametrize(("name", "value", "known"), [
    ("Date", DATE, True), ("Last-Modified", DATE, True), ("Retry-After", DATE, True), ("Expires", "0", True),
    ("Cache-Control", 'no-cache="set-cookie", max-age=5', True), ("Vary", "Accept, Origin, Accept", True),
    ("Cache-Control", 'no-cache="set-cookie, vary"', False), ("Via", "1.1 a (x, y), 1.0 b", False),
    ("Link", "<https://a/b,c>; rel=next", False), ("ETag", '"a,b"', False), ("Location", "/a,b", False),
    ("Content-Type", "text/html, text/html", False), ("X-Own", "a, b", False), ("Date", f"{DATE}, {DATE}", False),
])
def test_fields_split_at_commas(tmp_path: Path, browser: str | None, name: str, value: str, known: bool) -> None:
    one = entry(("X", "1"), *split(value, name), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    document = har_of(one, creator="Playwright")
    if browser:
        document["log"]["browser"] = {"name": browser, "version": "1"}
    found, = outcomes(tmp_path, document)
    assert isinstance(found, Exchange)
    assert values(found, name) == ([value] if known else [])
    assert (name.lower() in found.evidence.response_gaps) == (not known)
    assert values(found, "set-cookie") == ["a=1", "b=2"]


LISTS = [
    "accept", "accept-ch", "accept-encoding", "accept-patch", "accept-post", "accept-ranges",
    "access-control-allow-headers", "access-control-allow-methods", "access-control-expose-headers", "allow",
    "alt-svc", "cache-control", "cache-status", "cdn-cache-control", "clear-site-data", "connection",
    "content-digest", "content-encoding", "content-language", "content-security-policy",
    "content-security-policy-report-only", "critical-ch", "dav", "keep-alive", "link", "nel", "no-vary-search",
    "permissions-policy", "pragma", "preference-applied", "proxy-authenticate", "proxy-status", "report-to",
    "reporting-endpoints", "repr-digest", "server-timing", "timing-allow-origin", "trailer",
    "transfer-encoding", "upgrade", "vary", "via", "warning", "www-authenticate",
]
"""Fields whose lines may be joined with commas."""


def test_lists_and_dates_are_put_together_again(tmp_path: Path) -> None:
    dates = ["Date", "Expires", "Last-Modified", "Memento-Datetime", "Retry-After", "Sunset"]
    one = entry(*(line for name in LISTS for line in split("a, b", name)),
                *(line for name in dates for line in split("Sunday, 06-Nov-94 08:49:37 GMT", name)),
                *split("a, b", "ETag"))
    found = exchange(tmp_path, one, "Playwright")
    assert {name: values(found, name) for name in LISTS} == {name: ["a, b"] for name in LISTS}
    assert [values(found, name) for name in dates] == [["Sunday, 06-Nov-94 08:49:37 GMT"]] * 6
    assert found.evidence.response_gaps >= {"etag"}
    assert found.evidence.response_gaps.isdisjoint({*LISTS, *map(str.lower, dates)} - HOP_BY_HOP)
    for name in dates:                                     # one of them tells that the tool splits values
        found = exchange(tmp_path, entry(*split(DATE, name), *split("a, b", "ETag")), "something new")
        assert (values(found, name), values(found, "ETag")) == ([DATE], [])
    for creator in ("mitmproxy", "something new"):
        found = exchange(tmp_path, entry(*split("x, 06 Nov", "Date"), *split("a, b", "ETag")), creator)
        assert values(found, "ETag") == ["a", "b"]
    proxied = exchange(tmp_path, entry(*split(DATE), *split("a, b", "ETag")))
    assert (values(proxied, "Date"), values(proxied, "ETag")) == (["Sun", DATE[5:]], ["a", "b"])


@pytest.mark.parametrize(("name", "pieces", "whole"), [
    ("Date", ["Sun", "06 Nov", "1994"], None), ("Date", ["x", "06 Nov 1994"], None), ("Date", ["Sun", "b"], "Sun, b"),
    ("Vary", ['"a\\"b"', "c"], '"a\\"b", c'), ("Vary", ['"a\\"', 'b"'], None), ("Vary", ['a"', "b"], None),
    ("Vary", ['""', "<>"], '"", <>'), ("Link", ["<a", "b>"], None), ("Link", ["<a>; x", "<b>"], "<a>; x, <b>"),
    ("Via", ["1.1 a (x)", "1.0 b ()"], "1.1 a (x), 1.0 b ()"), ("Via", ["1.1 a (x", "y)"], None),
    ("Via", [r"1.1 a (\))", "b"], r"1.1 a (\)), b"), ("Vary", ['"a\\', "b"], None),
])
def test_values_between_commas(tmp_path: Path, name: str, pieces: list[str], whole: str | None) -> None:
    found = exchange(tmp_path, entry(*((name, piece) for piece in pieces)), "Playwright")
    assert values(found, name) == ([] if whole is None else [whole])
    assert (name.lower() in found.evidence.response_gaps) == (whole is None)


def test_requests_are_not_split(tmp_path: Path) -> None:
    found = exchange(tmp_path, entry(request={"headers": headers(*split(DATE), ("X", "a"), ("X", "b"))}), "Playwright")
    assert found.request is not None
    assert found.request.fields is not None
    assert found.request.fields.values("x") == ["a", "b"]


def test_chromium_is_not_split(tmp_path: Path) -> None:
    document = har_of(entry(("Vary", "Accept"), ("Vary", "Origin"), ("ETag", '"a"'), ("ETag", '"b"')),
                      creator="Playwright")
    document["log"]["browser"] = {"name": "chromium"}
    found, = outcomes(tmp_path, document)
    assert isinstance(found, Exchange)
    assert values(found, "etag") == ['"a"', '"b"']
    assert {"lines", "repeats"} <= facts(found)


def test_a_split_date_tells_of_any_tool(tmp_path: Path) -> None:
    found = exchange(tmp_path, entry(*split(DATE), *split("/a,b", "Location")), "something new")
    assert values(found, "date") == [DATE]
    assert values(found, "location") == []


SECTION = (("Content-Encoding", "gzip"), ("Vary", "Accept"), ("Date", DATE), ("Set-Cookie", "a=1"))


@pytest.mark.parametrize("times", [2, 3])
@pytest.mark.parametrize("creator", ["chrome-har", "something new", "WebInspector"])
def test_a_section_that_stands_there_several_times(tmp_path: Path, creator: str, times: int) -> None:
    for lines in (SECTION * times, [line for line in SECTION for _ in range(times)]):
        found = exchange(tmp_path, entry(*lines), creator)
        assert found.response.fields is not None
        assert found.response.fields.lines == SECTION
        assert not facts(found) & {"repeats"}


def test_some_repeats_are_no_section(tmp_path: Path) -> None:
    twice = (("Server", "x"), ("Server", "x"), ("Date", DATE), ("Date", DATE))
    for lines in (twice, (*twice, ("Content-Type", "text/plain"))):
        found = exchange(tmp_path, entry(*lines), "chrome-har")
        assert found.response.fields is not None
        assert found.response.fields.lines == lines
        assert "repeats" in facts(found)
    proxied = exchange(tmp_path, entry(*SECTION * 2))
    assert proxied.response.fields is not None
    assert len(proxied.response.fields) == 8


@pytest.mark.parametrize(("lines", "doubled"), [
    # three fields, and more than half of them all, stand there twice with the same value
    ((*SECTION[:3] * 2, ("A", "1"), ("B", "2")), True),
    ((*SECTION[:3] * 2, ("A", "1"), ("B", "2"), ("C", "3")), False),
    ((*SECTION[:2] * 2, ("A", "1")), False),
    ((*SECTION[:2] * 2, ("A", "1"), ("A", "2")), True),     # all are repeated
    ((("A", "1"), ("A", "2"), ("B", "1"), ("B", "2"), ("C", "1"), ("C", "2"), ("D", "1")), False),
    ((*SECTION[:3], *SECTION[2:3], ("A", "1")), False),
])
def test_when_a_section_stands_there_twice(tmp_path: Path, lines: tuple[tuple[str, str], ...], doubled: bool) -> None:
    found = exchange(tmp_path, entry(*lines), "chrome-har")
    assert found.evidence.knows("repeats") == (not doubled)
    assert (found.response.fields is not None and found.response.fields.lines == lines) == (not doubled)


@pytest.mark.parametrize(("sent", "known"), [
    (["a", "b", "a", "b"], ["a", "b"]), (["a", "a", "b", "b"], []), (["a", "b", "a"], []), (["a", "a", "a"], ["a"]),
    (["a", "b"], []), (["a", "b", "c", "a", "b", "c"], ["a", "b", "c"]),
])
def test_values_of_a_section_that_stands_there_twice(tmp_path: Path, sent: list[str], known: list[str]) -> None:
    lines = (*SECTION * 2, *(("X", value) for value in sent), ("Set-Cookie", "b=2"), ("set-cookie", "b=2"))
    found = exchange(tmp_path, entry(*lines), "chrome-har")
    assert values(found, "x") == known
    assert ("x" in found.evidence.response_gaps) == (not known)
    assert values(found, "set-cookie") == ["a=1", "b=2"]


def test_fields_of_several_messages(tmp_path: Path) -> None:
    lines = (("Cache-Control", "private"), ("Cache-Control", "private"), ("Content-Length", "5"),
             ("Content-Length", "7"), ("X", "1"))
    found = exchange(tmp_path, entry(*lines), "pcap2har")
    assert names(found) == ["Cache-Control", "X"]
    assert found.evidence.response_gaps == {"content-length"}


def test_lines_are_earned(tmp_path: Path) -> None:
    def lines(creator: str, *sections: tuple[tuple[str, str], ...]) -> list[bool]:
        found = outcomes(tmp_path, har_of(*(entry(*section) for section in sections), creator=creator))
        return [item.evidence.knows("lines") for item in found if isinstance(item, Exchange)]

    one, joined, two = (("Set-Cookie", "a=1"),), (("Set-Cookie", "a=1, b=2"),), (("Vary", "a"), ("Vary", "b"))
    assert lines("something new", one, joined, two, one) == [False, False, True, True]
    assert lines("chrome-har", one, (("Vary", "a\nb"),), one) == [False, True, True]
    assert lines("pcap2har", two, one) == [False, False]
    assert lines("something new", SECTION * 2, one) == [False, False]


def test_a_visible_repeat_was_sent(tmp_path: Path) -> None:
    for creator in ("chrome-har", "Insomnia REST Client", "PhantomJS", "Polly.JS"):
        found = exchange(tmp_path, entry(("Access-Control-Allow-Origin", "*\n*")), creator)
        assert values(found, "access-control-allow-origin") == ["*", "*"]
        assert "repeats" in facts(found)


@pytest.mark.parametrize("line", [("connection", "close"), ("transfer-encoding", "chunked"), ("set-cookie", "a=1")])
def test_polly_below_node(tmp_path: Path, line: tuple[str, str]) -> None:
    assert {"response_fields", "pair"} <= facts(exchange(tmp_path, entry(line), "Polly.JS"))
    assert not {"response_fields", "pair"} & facts(exchange(tmp_path, entry(("server", "x")), "Polly.JS"))


@pytest.mark.parametrize(("spelled", "method"), [("put", "PUT"), ("Get", "GET"), ("version-control", "VERSION-CONTROL"),
                                                 ("GET", "GET"), ("frob", "frob"), ("Frob", "Frob")])
def test_the_case_of_methods(tmp_path: Path, spelled: str, method: str) -> None:
    found = exchange(tmp_path, entry(request={"method": spelled}))
    assert found.request is not None
    assert found.request.method == method


def test_methods_that_are_registered_are_spelt_in_capitals() -> None:
    assert set(registry.methods()) - {"*", "PRI"} == har_exchange.METHODS


def test_patch_may_have_been_sent_in_small_letters(tmp_path: Path) -> None:
    for creator, method, status, read in (("WebInspector", "patch", 405, "patch"), ("something new", "patch", 405, ""),
                                          ("mitmproxy", "PATCH", 405, "PATCH"), ("mitmproxy", "PATCH", 200, "PATCH"),
                                          ("something new", "patch", 204, "PATCH"), ("mitmproxy", "put", 405, "PUT"),
                                          ("something new", "patch", 501, ""), ("something new", "patch", 404, "PATCH"),
                                          ("something new", "patch", 406, "PATCH"), ("mitmproxy", "put", 501, "PUT"),
                                          ("something new", "patch", 500, "PATCH"),
                                          ("something new", "patch", 502, "PATCH")):
        found = exchange(tmp_path, entry(request={"method": method}, response={"status": status}), creator)
        assert found.request is not None
        assert found.request.method == read
        assert found.evidence.knows("request") == (read != "")


def test_what_other_recorders_see_below_node_earns_nothing(tmp_path: Path) -> None:
    found = exchange(tmp_path, entry(("connection", "close"), ("set-cookie", "a=1")), "Firebug")
    assert not {"response_fields", "pair"} & facts(found)


def test_one_section_does_not_speak_for_the_other(tmp_path: Path) -> None:
    secret = ("X-Key", "[REDACTED]")
    asked = exchange(tmp_path, entry(request={"headers": headers(("Host", "a"), secret)}))
    assert (asked.evidence.response_gaps, asked.evidence.request_gaps - {"expect", "connection", "upgrade",
                                                                        "http2-settings"}) == (set(), {"x-key"})
    answered = exchange(tmp_path, entry(secret), "ZAP")
    assert (answered.evidence.response_gaps, answered.evidence.request_gaps) == ({"x-key"}, set())
    asked = exchange(tmp_path, entry(request={"headers": headers(*SECTION * 2)}), "chrome-har")
    assert "repeats" not in facts(asked)
    assert {"response_fields", "exact"} <= facts(asked)


# -- contents and sizes


def content(tmp_path: Path, creator: str, *lines: tuple[object, object], text: str, **more: object) -> Exchange:
    one = entry(*lines, text=text, response={"_transferSize": 100})
    one["response"]["content"] |= more
    return exchange(tmp_path, one, creator)


def test_decoded_contents_are_no_octets(tmp_path: Path) -> None:
    coded = (("Content-Type", "text/plain"), ("Content-Encoding", "gzip"), ("Content-Length", "22"))
    found = content(tmp_path, "WebInspector", *coded, text="ab")
    assert found.response.content == b"ab"
    assert found.evidence.knows("content")
    assert not found.evidence.knows("octets")
    # as long as the tool keeps Content-Encoding; Fiddler may not
    plain = (("Content-Type", "text/plain"),)
    assert content(tmp_path, "WebInspector", *plain, text="ab").evidence.knows("octets")
    assert not content(tmp_path, "Fiddler", *plain, text="ab").evidence.knows("octets")
    assert content(tmp_path, "WebInspector", *plain, ("Content-Encoding", "identity"),
                   text="ab").evidence.knows("octets")
    assert content(tmp_path, "WebInspector", *plain, ("Content-Encoding", ""), text="ab").evidence.knows("octets")
    assert content(tmp_path, "mitmproxy", *plain, ("Transfer-Encoding", "chunked"),
                   text="ab").evidence.knows("octets")
    assert not content(tmp_path, "mitmproxy", *plain, ("Transfer-Encoding", "gzip, chunked"),
                       text="ab").evidence.knows("octets")


def test_contents_that_may_still_be_coded(tmp_path: Path) -> None:
    coded = (("Content-Type", "text/plain"), ("Content-Encoding", "br"))
    text = base64.b64encode(b"ab").decode()
    assert content(tmp_path, "WebInspector", *coded, text=text, size=2, encoding="base64").response.content is None
    assert content(tmp_path, "WebInspector", *coded, text="\x1f\x8bab").response.content is None
    plain = content(tmp_path, "WebInspector", coded[0], text="\x1fab")
    assert plain.response.content == b"\x1fab"
    assert plain.evidence.knows("octets")


def test_contents_need_a_section_a_size_and_their_end(tmp_path: Path) -> None:
    def kept(creator: str, **response: object) -> bytes | None:
        return exchange(tmp_path, best(**response), creator).response.content

    assert kept("WebInspector") == b"ab"
    assert kept("WebInspector", headers=[]) is None         # nothing tells whether the text was decoded
    for size in (True, 2.0, None, "2"):
        assert kept("mitmproxy", content={"text": "a" if size is True else "ab", "size": size}) is None
    folded = {"text": "YWJj\r\nZGVm\n", "size": 6, "encoding": "BASE64"}
    assert kept("mitmproxy", headers=headers(("X", "1")), content=folded) == b"abcdef"


@pytest.mark.parametrize(("kind", "text", "exact"), [
    ("text/html", "ab", True),
    ("text/html", "\u20ac", False),
    ("text/html; charset=utf-8", "\u20ac", True),
    ('text/html; charset="UTF8"', "\u20ac", True),
    ("text/html; charset=utf-8", "\u20ac \ufffd", False),
    ("text/html; charset=windows-1252", "\u20ac", False),
])
def test_text_is_exact_if_its_charset_is(tmp_path: Path, kind: str, text: str, exact: bool) -> None:
    found = content(tmp_path, "WebInspector", ("Content-Type", kind), text=text)
    assert found.response.content == text.encode()
    assert found.evidence.knows("octets") == exact


def test_incomplete_contents(tmp_path: Path) -> None:
    for more in ({"_error": "net::ERR_ABORTED"}, {"_failureText": "x"}, {"content": {"text": "ab", "size": 3}}):
        found = exchange(tmp_path, best(**more), "WebInspector")
        assert found.response.content is None
        assert not facts(found) & {"content", "octets"}
    assert exchange(tmp_path, best() | {"_error": "x"}).response.content is None
    # a browser that was stopped shows what it got, with the size of that
    assert content(tmp_path, "WebInspector", ("Content-Length", "9"), text="ab").response.content is None
    assert content(tmp_path, "mitmproxy", ("Content-Length", "9"), text="ab").response.content == b"ab"


def test_mitmproxy_counts_coded_octets(tmp_path: Path) -> None:
    coded = (("Content-Type", "text/plain"), ("Content-Encoding", "gzip"), ("Content-Length", "22"))
    assert content(tmp_path, "mitmproxy", *coded, text="ab", size=22, compression=-20).response.content == b"ab"
    assert content(tmp_path, "mitmproxy", *coded, text="ab", size=22).response.content is None
    assert content(tmp_path, "mitmproxy", *coded, text="ab", size=22, compression=0).response.content is None


def test_missing_text_is_not_empty_content(tmp_path: Path) -> None:
    def empty(creator: str, *lines: tuple[object, object], **response: object) -> bytes | None:
        return exchange(tmp_path, entry(*lines, text="", response=response), creator).response.content

    assert empty("mitmproxy", ("Content-Length", "0")) == b""
    assert empty("Firefox", ("Content-Length", "0")) == b""
    assert empty("mitmproxy", ("Content-Length", "5000")) is None      # streamed
    assert empty("mitmproxy", ("X", "1")) is None
    assert empty("mitmproxy", ("X", "1"), status=204) == b""
    assert empty("Firefox", ("X", "1"), status=204) is None
    assert empty("mitmproxy", ("Content-Length", "0"), content={"size": 0}) is None
    assert empty("WebInspector", ("Content-Length", "0"), content={"size": 9, "text": ""}) is None


@pytest.mark.parametrize("text", ["[text/javascript redacted]", "MANUALLY REMOVED", "<masked>"])
def test_placeholders_are_no_contents(tmp_path: Path, text: str) -> None:
    assert content(tmp_path, "mitmproxy", ("X", "1"), text=text).response.content is None
    for length in (199, 200):
        long = text.ljust(length)
        found = content(tmp_path, "mitmproxy", ("X", "1"), text=long)
        assert found.response.content == (long.encode() if length == 200 else None)


@pytest.mark.parametrize(("creator", "body_size", "length", "size"), [
    ("mitmproxy", 2, "2", 2), ("mitmproxy", 3, "2", 3), ("ZAP", 2, None, 2), ("Charles Proxy", 2, None, 2),
    ("mitmproxy", 0, "2", None), ("mitmproxy", 0, "0", 0), ("mitmproxy", -1, "2", None), ("mitmproxy", "2", "2", None),
    ("mitmproxy", True, "2", None), ("mitmproxy", None, "2", None), ("mitmproxy", 1, "2", 1),
    ("mitmproxy", False, "0", None), ("mitmproxy", 0, "x", None),
    ("WebInspector", 2, "2", None), ("chrome-har", 2, "2", None), ("Firefox", 2, "2", None), ("Splash", 2, "2", None),
    ("something new", 2, "2", None),
])
def test_sizes(tmp_path: Path, creator: str, body_size: object, length: str | None, size: int | None) -> None:
    lines = (("Content-Length", length),) if length else (("X", "1"),)
    found = exchange(tmp_path, entry(*lines, text="ab", response={"bodySize": body_size}), creator)
    assert found.response.size == size
    assert found.evidence.knows("size") == (size is not None)


def test_sizes_of_bodyless_responses_are_not_known(tmp_path: Path) -> None:
    for status, method, size in ((204, "GET", None), (205, "GET", None), (304, "GET", None), (200, "HEAD", None),
                                 (200, "CONNECT", None), (299, "CONNECT", None), (300, "CONNECT", 2),
                                 (203, "GET", 2), (206, "GET", 2), (303, "GET", 2), (305, "GET", 2)):
        one = best(status=status)
        one["request"]["method"] = method
        assert exchange(tmp_path, one).response.size == size
    assert exchange(tmp_path, best(headers=None)).response.size is None


# -- interim responses


@pytest.mark.parametrize("status", [100, 101, 102, 103])
def test_an_interim_response_as_the_only_one(tmp_path: Path, status: int) -> None:
    found = exchange(tmp_path, best(status=status))
    assert found.response.status == status
    assert not facts(found) & {"interim", "content", "octets", "size"}
    assert not found.response.interim


def test_websocket_handshake(tmp_path: Path) -> None:
    one = entry(("Upgrade", "websocket"), ("Connection", "Upgrade"), response={"status": 101},
                request={"url": "wss://a/"}, _webSocketMessages=[{"type": "send"}])
    found = exchange(tmp_path, one)
    assert found.response.status == 101
    assert found.request is not None
    assert found.request.target == "wss://a/"


# -- the same response seen by several tools


def test_what_is_read_does_not_depend_on_the_tool(tmp_path: Path) -> None:
    read = {(found.response.status, found.response.fields, found.response.content)
            for found in (exchange(tmp_path, best(), creator) for creator in (
                "mitmproxy", "ZAP", "Fiddler", "Charles Proxy", "Proxyman", "WebInspector", "Firefox", "x"))}
    assert len(read) == 1

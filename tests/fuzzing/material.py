"""What fuzzing starts from: inputs of each kind, made of the fixtures, the rules' examples and small captures."""
from __future__ import annotations

import base64
import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from flow_maker import state, tnetstring
from har_maker import entry, har_of
from proxy_maker import burp, issue, issues, item, zap_messages, zap_report, zap_text, zap_xml
from reporting import HOUSE
from warc_maker import info, record

from httplint.capture.notation import notation
from httplint.configuration.baseline import Census, text_of
from httplint.engine.report import Report
from httplint.grammar import table
from httplint.library import Linter, built_in_rules
from httplint.model.exchange import Exchange
from httplint.report.formats import FORMATS
from httplint.report.reporter import Options
from httplint.report.summary import Summary

ROOT = Path(__file__).resolve().parents[2]


def _repeatable(seeds: Iterable[bytes]) -> Iterator[bytes]:
    """Each once."""
    return iter(dict.fromkeys(seeds))


# -- the rules' examples

def examples() -> Iterator[bytes]:
    """All examples of the rules, in their notation."""
    return _repeatable(text.encode("utf-8") for rule in built_in_rules() for text in (*rule.bad, *rule.good))


LINE = re.compile(r"(?m)^[<>]{1,2} ([!#-'*+.^-z|~0-9A-Za-z-]+): ?(.*)$")


def field_lines() -> Iterator[bytes]:
    """Field lines of the examples; a few of each field."""
    found: dict[str, dict[str, None]] = {}
    for example in examples():
        for name, value in LINE.findall(example.decode("utf-8")):
            found.setdefault(name.lower(), {})[value] = None
    for name, field in table.FIELDS.items():
        if field.parser:
            values = list(found.get(name, ["x"]))[:15]
            yield from (f"{name}:{value}".encode("latin-1", "replace") for value in values)


@cache
def exchanges() -> tuple[Exchange, ...]:
    """A few exchanges, in which many things are there, for rules and settings to judge."""
    return tuple(one for text in SAMPLES for one in notation(text))


SAMPLES = (
    "* started 2025-07-01T12:00:00Z\n> GET /a?b=c HTTP/1.1\n> Host: a.example\n> Cookie: s=0123456789\n"
    "> Accept-Encoding: gzip\n>\n< HTTP/1.1 103 Early Hints\n< Link: </a.css>; rel=preload\n<\n< HTTP/1.1 200 OK\n"
    '< Content-Type: text/html; charset="utf-8"\n< ETag: abc\n< Set-Cookie: s=0123456789; Expires=x\n'
    "< Cache-Control: max-age=\"5\", no-store\n< Vary: *\n<\n<!doctype html>\n<<\n<< Digest: x\n",
    "> POST /b HTTP/1.1\n> Host: b.example\n> Content-Type: application/json\n>\n{}\n< HTTP/1.1 405 No\n<\nno\n---\n"
    "> GET /c HTTP/2\n> :method: GET\n> :authority: c.example\n< HTTP/2 304\n< :status: 304\n< ETag: W/\"a\"\n"
    "< Date: x\n",
    "< HTTP/1.1 206\n< Content-Range: bytes 0-1/x\n< Location: /\N{GREEK SMALL LETTER ALPHA}\n",
    r"octets: GET / HTTP/1.1\r\nHost: a\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX : y\r\n\r\n5;a=b"
    r"\r\nhello\r\n0\r\n\r\n",
)


# -- captures

OUTDATED = 2000
"""Characters of a content that are kept of a fixture."""


def hars() -> Iterator[bytes]:
    """One or two entries of the fixtures at a time, and what tools make of HARs."""
    for path in sorted((ROOT / "fixtures/har").glob("*-violating*.har")):
        document = json.loads(path.read_bytes())
        log = document["log"]
        found = log.pop("entries")
        for at in range(0, len(found), 9):
            kept = found[at:at + 2]
            for one in kept:
                content = one["response"].get("content", {})
                if len(content.get("text") or "") > OUTDATED:
                    content["text"] = content["text"][:OUTDATED]
            yield json.dumps({"log": {**log, "pages": [], "entries": kept}}).encode()
    full = entry(("Content-Type", "text/plain; charset=utf-8"), ("Content-Encoding", "gzip"), text="ab",
                 request={"method": "POST", "bodySize": 3, "postData": {"text": "a=1", "params": []}},
                 response={"_transferSize": 5, "_error": None, "redirectURL": "/a"}, _fromCache="memory",
                 _resourceType="xhr", _webSocketMessages=[{"type": "send", "data": "x"}])
    for creator in ("mitmproxy", "WebInspector", "Firefox", "WebPagetest", "Charles Proxy", "Fiddler", "Playwright",
                    "Insomnia REST Client", "Internet Explorer Network Inspector", "Safari", "Proxyman", "k6"):
        yield json.dumps(har_of(entry(text="ab"), full, entry(("X", "1")), creator=creator)).encode()
    yield json.dumps(har_of(entry(text="é")), indent=1, ensure_ascii=False).encode()


GET = b"GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n"
CHUNKED = (b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\nETag: \"a\"\r\n"
           b"Trailer: X\r\n\r\n5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n")
RANGE = b"HTTP/1.1 206 Partial\r\nContent-Range: bytes 0-4/9\r\nContent-Length: 5\r\n\r\nhello"
CLOSED = b"HTTP/1.0 404 Not Found\r\nConnection: close\r\nDate: Tue, 01 Jul 2025 12:00:00 GMT\r\n\r\nto the end"


def octets() -> Iterator[bytes]:
    """Connections of HTTP/1.x, and files of responses."""
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n"
    post = (b"POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"2\r\nab\r\n0\r\n\r\n")
    switch = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n\x81\x00"
    head = b"HEAD /a HTTP/1.1\r\nHost: a.example\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
    yield from (GET + CHUNKED, CHUNKED + CHUNKED, early + RANGE, GET + early + RANGE + GET + CLOSED, CLOSED,
                post + b"HTTP/1.1 100 Continue\r\n\r\n" + RANGE, GET + switch, head + GET + CHUNKED,
                CHUNKED.replace(b"\r\n", b"\n"), GET + b"HTTP/1.1 204\r\nX : y\r\n folded\r\nno colon\r\n\r\nexcess")
    for example in examples():
        if example.lstrip().startswith(b"octets:"):
            yield (example.lstrip().removeprefix(b"octets: ").replace(b"\n", b"").replace(rb"\r\n", b"\r\n")
                   .replace(rb"\t", b"\t"))


VERBOSE = """*   Trying 192.0.2.1:80...
* Connected to a.example (192.0.2.1) port 80
> GET /a HTTP/1.1
> Host: a.example
>\x20
< HTTP/1.1 103 Early Hints
< Link: </a.css>; rel=preload
<\x20
< HTTP/1.1 503 Service Unavailable
< Retry-After: 30s
< Content-Length: 2
<\x20
{ [2 bytes data]
ok* Connection #0 to host a.example left intact
"""
PRINTED = (
    VERBOSE, "$ curl -sv http://a.example/a\n" + VERBOSE, "Like so:\n\n```console\n" + VERBOSE + "```\nThat is all.\n",
    "".join(f"    {line}\n" for line in VERBOSE.split("\n")),
    "".join(f"12:00:00.123456 [0-0] {line}\n" for line in VERBOSE.split("\n")),
    "* using HTTP/2\n> GET / HTTP/2\n> Host: a\n> \n< HTTP/2 200 \n< content-type: text/html\n< \n{ [5 bytes data]\n"
    "hello\n* Connection #0 to host a left intact\n",
    "HTTP/1.1 301 Moved\nLocation: /b\n\nHTTP/2 200\ncontent-type: text/plain\ncontent-length: 2\n\nok",
    "== Info: Connected\n=> Send header, 35 bytes (0x23)\n0000: GET / HTTP/1.1\n0010: Host: a.example\n0021: \n"
    "<= Recv header, 34 bytes (0x22)\n0000: HTTP/1.1 503 Service Unavailable\n<= Recv header, 2 bytes (0x2)\n0000: \n"
    "<= Recv data, 2 bytes (0x2)\n0000: ok\n",
    "<= Recv header, 18 bytes (0x12)\n0000: 48 54 54 50 2f 31 2e 31 20 35 30 33 20 58 0d 0a HTTP/1.1 503 X..\n"
    "<= Recv header, 2 bytes (0x2)\n0000: 0d 0a ..\n",
    "--2025-07-01 12:00:00--  http://a.example/\nHTTP request sent, awaiting response... \n  HTTP/1.1 200 OK\n"
    "  Content-Length: 2\nLength: 2 [text/plain]\n2025-07-01 12:00:00 (1 MB/s) - written to stdout [2/2]\n",
    "DEBUG output created by Wget 1.21.3 on linux-gnu.\n\n---request begin---\nGET / HTTP/1.1\nHost: a.example\n\n"
    "---request end---\nHTTP request sent, awaiting response... \n---response begin---\nHTTP/1.1 200 OK\nA: b\n\n"
    "---response end---\n200 OK\n",
    "$ http -v a.example\nGET / HTTP/1.1\nHost: a.example\n\n\n\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n"
    '{\n    "a": "b"\n}\n\n\n',
    "$ xh -v a.example\nPOST / HTTP/1.1\nHost: a.example\nContent-Length: 2\n\n{}\n\nHTTP/1.1 200 OK\nA: b\n\nok\n",
    "\x1b[32mGET\x1b[39;49;00m \x1b[36m/\x1b[39;49;00m \x1b[34mHTTP\x1b[39;49;00m/\x1b[34m1.1\x1b[39m\n\n\n"
    "\x1b[36mHTTP\x1b[39m/1.1 200 OK\n\x1b[36mHost\x1b[39;49;00m: a.example\n\n",
    "  % Total    % Received % Xferd\r100    25    0    25    0     0  14277      0 --:--:-- --:--:-- --:--:-- 25000\n"
    + VERBOSE,
)


def texts() -> Iterator[bytes]:
    """What clients print, pastes of it, and some of the examples."""
    yield from (text.encode() for text in PRINTED)
    yield "".join(VERBOSE).encode("utf-16")
    yield from list(examples())[::25]


def warcs() -> Iterator[bytes]:
    """Records as several tools write them."""
    pair = record("request", GET, 1, 2) + record("response", CHUNKED, 2)
    whole = info("Browsertrix-Crawler 1.0 (with warcio.js 2)") + pair
    yield from (record("response", CHUNKED, 1), pair, record("response", RANGE, 1) + record("request", GET, 2, 1),
                whole, info("Wget/1.21") + record("response", CLOSED, 1, WARC_Truncated="length"),
                record("revisit", CLOSED[:60], 3, WARC_Refers_To="<urn:uuid:1>"),
                record("resource", b"x", 4), record("metadata", b"a: b", 5))
    yield gzip.compress(info("warcio 1.7"), mtime=0) + gzip.compress(pair, mtime=0)


def arcs() -> Iterator[bytes]:
    """ARC files of both versions, plain and compressed."""
    one, two = b"http://a.example/a b 192.0.2.1 20050101000000 text/plain %d\n", (
        b"http://a.example/ 192.0.2.1 20050101000000 text/plain 200 x - 0 a.arc %d\n")
    about = b"1 1 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n<a>Heritrix 1.0</a>\n"
    parts = [b"filedesc://a.arc 0.0.0.0 20050101000000 text/plain %d\n" % len(about) + about]
    parts += [head % len(made) + made for head in (one, two) for made in (CHUNKED, RANGE, CLOSED)]
    yield b"\n".join(parts)
    yield b"".join(gzip.compress(part + b"\n", mtime=0) for part in parts)
    yield b"\n".join(parts[1:3])


def _zip(members: dict[str, bytes], stored: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in members.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def waczs() -> Iterator[bytes]:
    """Web archives in a zip."""
    for made in warcs():
        yield _zip({"datapackage.json": b"{}", "archive/a.warc.gz": made, "indexes/index.cdx": b""}, stored=True)
    yield _zip({f"archive/{number}.warc": made for number, made in enumerate(warcs())})
    inner = _zip({"archive/a.warc": next(warcs())})
    yield _zip({"datapackage.json": b"{}", "a.wacz": inner, "b.wacz": inner}, stored=True)


def traces() -> Iterator[bytes]:
    """Traces of Playwright, of today and of 2024."""
    content, sha1 = b"ab", "da23614e02469a0d7c7bd1bdab5c9c474b1904dc"
    for browser, where in (("chromium", {"_file": f"resources/{sha1}.txt"}), ("webkit", {"_sha1": f"{sha1}.txt"})):
        made = entry(("Content-Type", "text/plain"), ("Content-Length", "2"))
        made["response"]["content"] = {"size": 2, "mimeType": "text/plain", **where}
        lines = [{"type": "resource-snapshot", "snapshot": one} for one in (
            made, entry(("Location", "/a"), response={"status": 302}), {**made, "_apiRequest": True})]
        options = {"version": 8, "type": "context-options", "browserName": browser}
        yield _zip({"trace.trace": json.dumps(options).encode(),
                    "trace.network": "\n".join(map(json.dumps, lines)).encode() + b"\n",
                    f"resources/{sha1}.txt": content})


def sazs() -> Iterator[bytes]:
    """Fiddler archives."""
    remarks = (b'<Session SID="1" BitFlags="51">'
               b'<SessionTimers ClientBeginRequest="2025-07-01T14:00:00.1234567+02:00" /><SessionFlags>'
               b'<SessionFlag N="x-clientport" V="52345" /></SessionFlags></Session>')
    yield _zip({"_index.htm": b"<table/>", "raw/01_c.txt": GET, "raw/01_s.txt": CHUNKED, "raw/01_m.xml": remarks})
    yield _zip({"raw/1_c.txt": GET, "raw/1_s.txt": RANGE, "raw/2_s.txt": CLOSED, "raw/3_c.txt": GET, "raw/3_s.txt": b"",
                "raw/4_c.txt": b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
                "raw/4_s.txt": b"HTTP/1.1 200 OK\r\n\r\n",
                "raw\\5_s.txt": b"HTTP/1.1 502 Fiddler - DNS Lookup Failed\r\n\r\n"}, stored=True)


def cassettes() -> Iterator[bytes]:
    """Some interactions of each recorded cassette, and what their recorders wrote in other releases."""
    head = {".json": b'{"http_interactions": [', ".yml": b"http_interactions:\n", ".yaml": b"interactions:\n"}
    for name in ("vcrpy.yaml", "vcr.yml", "go-vcr.yaml"):
        items = re.split(rb"(?m)^(?=- request:)", (ROOT / "fixtures/captures" / name).read_bytes())[1:]
        for at in range(0, len(items), 9):
            yield head[Path(name).suffix] + b"".join(items[at:at + 2])
    items = json.loads((ROOT / "fixtures/captures/betamax.json").read_bytes())["http_interactions"]
    for at in range(0, len(items), 9):
        yield json.dumps({"http_interactions": items[at:at + 2], "recorded_with": "betamax/0.9.0"}).encode()
    asked = "{method: GET, uri: 'http://a.example/', headers: &h {A: [&v b, *v]}, body: null}"
    yield (f"interactions:\n- request: &r {asked}\n  response: {{status: {{code: 200}}, headers: *h, body: {{string: "
           "!!binary YQ==}}\n- {request: *r, response: {<<: {status: {code: 404}}, headers: [[Date, [x]]]}}\n").encode()
    yield (f"- request: !ruby/struct:VCR::Request {asked}\n  response: !!python/object:a.b {{code: 200}}\n").encode()
    yield json.dumps([{"request": {"protocol": "http", "host": "a", "path": "/", "port": 80, "method": "GET"},
                       "response": {"status": {"code": 200}, "headers": ["a: b\r\n"], "body": "c"}}]).encode()


def newmans() -> Iterator[bytes]:
    """Two executions at a time of a recorded run."""
    document = json.loads((ROOT / "fixtures/captures/newman.json").read_bytes())
    found = document["run"]["executions"]
    for at in range(0, len(found), 7):
        run = {"stats": {}, "executions": found[at:at + 2], "failures": []}
        yield json.dumps({"collection": {"item": []}, "environment": {}, "run": run}).encode()


def postmans() -> Iterator[bytes]:
    """Collections with examples, in several forms."""
    url = {"raw": "{{a}}/b/:c?d=e", "host": ["{{a}}"], "path": ["b", ":c"], "query": [{"key": "d", "value": "e"}],
           "variable": [{"key": "c", "value": "1"}]}
    full = {"name": "a", "originalRequest": {"method": "GET", "header": [], "url": url}, "status": "OK", "code": 200,
            "header": [{"key": "Content-Type", "value": "application/json"}, {"key": "Content-Length", "value": "2"}],
            "body": "{}", "responseTime": 12}
    text = {"code": 405, "header": "Allow: GET\r\nETag: {{etag}}", "originalRequest": "https://a.example/"}
    folder = {"name": "a", "item": [{"request": {}, "response": [full]}, {"item": [{"response": [text, full]}]}]}
    for items in ([folder], [{"response": [text]}], []):
        yield json.dumps({"info": {"name": "a", "_postman_id": "1"}, "item": items, "variable": []}).encode()
    yield json.dumps({"collection": {"info": {"_postman_id": "1"}, "item": [folder]}}).encode()


def schemathesis_reports() -> Iterator[bytes]:
    """Two interactions at a time of what Schemathesis wrote."""
    captures = ROOT / "fixtures/captures"
    for name in ("schemathesis.yaml", "schemathesis-3.yaml"):
        head, *found = (captures / name).read_bytes().split(b"\n- id: ")
        for at in range(0, len(found), 9):
            yield b"\n- id: ".join([head, *found[at:at + 2]])
    begun, *lines = (captures / "schemathesis.ndjson").read_bytes().splitlines()
    kept = [line for line in lines if b'"interactions"' in line]
    for at in range(0, len(kept), 9):
        yield b"\n".join([begun, *kept[at:at + 2]])


def proxies() -> Iterator[bytes]:
    """Files of Burp, ZAP and Charles."""
    pairs = ((GET, CHUNKED), (GET, RANGE), (GET, b""), (GET.replace(b"HTTP/1.1", b"HTTP/2"), CLOSED))
    yield burp(*(item(*pair) for pair in pairs))
    yield burp(*(item(*pair, coded=False) for pair in pairs))
    yield issues(*(issue(*pair) for pair in pairs))
    yield from (zap_text(*pairs), zap_text(*pairs, old=True), zap_xml(*pairs), zap_xml(pairs[0], plus=False),
                zap_report(*pairs), zap_messages(*pairs))
    message = {"header": {"firstLine": "HTTP/1.1 200 OK", "headers": [{"name": "Host", "value": "a"}]}, "status": 200,
               "sizes": {"body": 2}, "body": {"text": "ok"}, "contentEncoding": None}
    yield json.dumps([{"status": "COMPLETE", "method": "GET", "protocolVersion": "HTTP/1.1", "scheme": "http",
                       "host": "a", "actualPort": 80, "path": "/", "query": None, "times": {"start": "2026-01-01"},
                       "request": message, "response": message, "tunnel": tunnel} for tunnel in (False, True)]).encode()


def wiremocks() -> Iterator[bytes]:
    """Stubs, alone and two at a time, and a journal, as WireMock wrote them."""
    captures = ROOT / "fixtures/captures"
    for name, key in (("wiremock.json", "mappings"), ("wiremock.journal.json", "requests")):
        found = json.loads((captures / name).read_bytes())[key]
        for at in range(0, len(found), 9):
            yield json.dumps({key: found[at:at + 2]}).encode()
            yield json.dumps(found[at]).encode()


def hurls() -> Iterator[bytes]:
    """Reports of Hurl, and what it prints."""
    one = {"request": {"method": "GET", "url": "http://a.example/b", "headers": [{"name": "Host", "value": "a"}]},
           "response": {"http_version": "HTTP/1.1", "status": 200, "body": "store/a_response.json",
                        "headers": [{"name": "Content-Type", "value": "application/json"}]},
           "timings": {"begin_call": "2025-03-01T12:00:00.500000Z", "total": 1500}}
    ran = {"cookies": [], "entries": [{"asserts": [], "calls": [one, one]}, {"asserts": [], "calls": [one]}],
           "filename": "a.hurl", "success": True, "time": 3}
    yield json.dumps(ran).encode()
    yield json.dumps([ran, ran]).encode()


def flow_files() -> Iterator[bytes]:
    """Flows of mitmproxy."""
    made: list[dict[Any, Any]] = [
        state(), state(304, content=b"", fields=((b"ETag", b"a"),)), state(error="connection lost", response=None),
        state(103), state(206, version=b"HTTP/2.0", asked=b"HTTP/2.0", trailers=[[b"a", b"b"]]),
        state(request={"method": b"CONNECT"}), state(type="tcp"), state(websocket={"messages": []}),
        state(502, fields=(), content=None, error="Cannot parse HTTP response: invalid")]
    yield from map(tnetstring, made)
    yield b"".join(map(tnetstring, made))


def files() -> Iterator[bytes]:
    """One or two of each kind of capture, and wrapped."""
    some = [made for kind in (hars, octets, texts, warcs, waczs, arcs, traces, sazs, newmans, postmans, proxies,
                              schemathesis_reports, wiremocks, hurls, flow_files) for made in list(kind())[:2]]
    yield from some
    yield from (gzip.compress(made, mtime=0) for made in some[::2])
    small = json.dumps(har_of(entry(text="ab"))).encode()
    yield _zip({"a.har": small, "b/c.HAR": small, "x.bin": b"content"})
    yield b"\xef\xbb\xbf" + small
    yield small.decode().encode("utf-16")
    yield b"callback(" + small + b");"
    yield b"var har = " + small
    yield from (b"%PDF", b"<!doctype html>", b"A: b\nC: d\n", b"",
                b"filedesc://a.arc 0.0.0.0 20250701120000 text/plain 1\n")


# -- contents

CONTENT_KINDS = tuple((kind, coding) for kind in (
    "text/html", "text/plain; charset=utf-16", "application/json", "application/problem+json",
    "application/problem+xml", "application/xml", "multipart/byteranges; boundary=b",
    "application/speculationrules+json", "text/event-stream",
    "application/dns-message", "image/svg+xml", "text/css", "application/linkset+json", "application/reports+json",
    "application/manifest+json", "application/octet-stream") for coding in ("", "gzip", "deflate", "br", "zstd"))
"""Media types and codings of contents, picked by an octet."""


def contents() -> Iterator[bytes]:
    """Contents of several media types, plain and coded."""
    plain = {
        "text/html": b"<!doctype html><html><head><meta charset=utf-8><title>a</title></head></html>",
        "application/json": b'{"a": [1, 2.5, null, true, "\\u00e9"]}',
        "application/problem+json": b'{"type": "about:blank", "title": "Not Found", "status": 404, "instance": "/a"}',
        "application/problem+xml": b'<?xml version="1.0"?><problem xmlns="urn:ietf:rfc:7807"><status>404</status>'
                                   b"</problem>",
        "application/xml": b'<?xml version="1.0"?><D:multistatus xmlns:D="DAV:"><D:response><D:href>/a</D:href>'
                           b"<D:propstat><D:prop/><D:status>HTTP/1.1 200 OK</D:status></D:propstat>"
                           b"</D:response></D:multistatus>",
        "multipart/byteranges; boundary=b": b"--b\r\nContent-Range: bytes 0-1/9\r\n\r\nab\r\n--b--\r\n",
        "application/speculationrules+json": b'{"prefetch": [{"urls": ["/a"]}]}',
        "text/event-stream": b"event: a\ndata: b\nid: 1\n\n",
    }
    for number, (kind, coding) in enumerate(CONTENT_KINDS):
        content = plain.get(kind, b"content")
        if coding == "gzip":
            content = gzip.compress(content, mtime=0)
        elif coding:
            content = base64.b64decode({"deflate": "eJxLTMxLyUstBgAKggKq", "br": "iwKAaGVsbG8D",
                                        "zstd": "KLUv/QQAKQAAaGVsbG+yGTti"}[coding])
        yield bytes((number,)) + content


# -- rules, settings, results

RULE_PARTS = re.compile(r"(?m)^(?=\[\[rule\]\])")
CONDITION = ("require", "when", "foreach", "message")


def rule_files() -> Iterator[bytes]:
    """Two or three rules of each file, and those of a house."""
    yield HOUSE.encode()
    yield b"language = 1\n" + HOUSE.encode()
    for path in sorted((ROOT / "rules").rglob("*.toml")):
        for part in RULE_PARTS.split(path.read_text("utf-8"))[1:4]:
            if len(part) < 4000:
                yield part.encode()


def conditions() -> Iterator[bytes]:
    """The conditions of all rules."""
    return _repeatable("\0".join(getattr(rule, key) or "" for key in CONDITION).encode() for rule in built_in_rules())


CONFIGURED = """
profile = ["api", "strict"]
select = ["304", "405"]
ignore = "304.etag"
severity = "info"
fail-on = "warning"
show = ["not-evaluated"]
outputs = ["json:result.json"]
first-party = ["*.example"]
fields = ["X-Own"]
methods = ["PURGE"]
schemes = ["Own"]
allow-silencing-field = "X-Silence"

[level]
405 = "warning"
"304.etag" = "off"

[[override]]
host = "*.shop.example"
path = "/api/**"
method = ["GET", "HEAD"]
status = [404, "5xx"]
content-type = "image/*"
select = ["all"]
level = { 405 = "error" }

[[waiver]]
rule = "405"
reason = "it is old"
expires = 2030-12-31
field = "Allow"
"""


def configurations() -> Iterator[bytes]:
    """A configuration in which all is, and parts of it, in both files."""
    yield CONFIGURED.encode()
    for part in CONFIGURED.split("\n\n"):
        yield part.encode()
    shared = CONFIGURED.replace("[[", "[[tool.httplint.").replace("\n[level]", "\n[tool.httplint.level]")
    yield b"[tool.httplint]" + shared.encode()


@cache
def _reports() -> tuple[Report, ...]:
    return tuple(Linter().lint_all(exchanges()))


def baselines() -> Iterator[bytes]:
    """Those of the sample."""
    found = Census()
    for report in _reports():
        found.report(report)
    few = dict(list(found.counts.items())[:5])
    yield text_of(few).encode()
    yield text_of({}).encode()


def descriptions() -> Iterator[bytes]:
    """That of the recorded application, and what has a bit of everything."""
    yield (ROOT / "fixtures" / "api" / "openapi.yaml").read_bytes()
    yield (b"openapi: 3.0.0\nservers: [{url: 'https://{h}.test/{v}', variables: {v: {default: v1, enum: [v1, v2]}}}]\n"
           b"x-common: &common {401: &no {description: no}, default: *no}\npaths:\n  /a/{b}.json:\n    get:\n"
           b"      tags: [A]\n      responses: {<<: *common, 200: {}}\n  /{c}/x:\n    $ref: '#/paths/~1a~1{b}.json'\n")
    yield b'{"swagger": "2.0", "basePath": "/v1", "paths": {"/p~q/{r+}": {"post": {"operationId": "s"}}}}'
    yield (b"openapi: 3.1.0\npaths:\n  /{a}{b}:\n    parameters: [&a {name: a, in: path, style: matrix, example: [1]},"
           b" {name: b, in: path, style: label, explode: true, schema: {allOf: [{default: {x: 1}}]}}]\n    get:\n"
           b"      parameters: [{name: c, in: query, required: true, style: deepObject, example: {e: f}},\n"
           b"        {name: g, in: cookie, required: true, content: {application/json: {example: {h: *a}}}}, *a]\n")


def sitemaps() -> Iterator[bytes]:
    """Pages, an index, and what none needs."""
    yield (b'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n<url>'
           b"<loc>https://a.example/?a=b&amp;c</loc>\n<lastmod>2026-01-01</lastmod></url></urlset>")
    yield b"<sitemapindex><sitemap><loc><![CDATA[https://a.example/b.xml]]></loc></sitemap></sitemapindex>"
    yield b'<!DOCTYPE urlset [<!ENTITY a "b">]><urlset><url><loc>&a;&#65;</loc></url></urlset>'


def results() -> Iterator[bytes]:
    """Those of the sample, small, in both formats; also with something suppressed."""
    for name in ("json", "jsonl"):
        for some in (_reports()[:1], _reports()[1:3], ()):
            parts: list[str] = []
            summary = Summary(3)
            rules = {finding.rule.id: finding.rule for report in some for finding in report.findings}
            reporter = FORMATS[name].reporter(parts.append, Options(rules=tuple(rules.values())))
            for report in some:
                summary.count(report)
                reporter.report(report)
            summary.problem("a.har", "not JSON", 1, 2)
            reporter.end(summary)
            yield "".join(parts).encode()


def reported() -> Iterator[bytes]:
    """Parts of exchanges."""
    for parts in (
            ("GET", "https://a.example/x?token=abcdefgh", "405", "No", "a.har", "body", "Content-Type:text/plain",
             "Set-Cookie:a=b0123456789; Expires=x", "WWW-Authenticate:Basic realm=x", "Link:<x>;rel",
             "Location:/\u202e"),
            ("POST", "http://b/\x1b[31m", "206", "", "::error::a.har", "<html>", "Content-Range:bytes 0-9/x",
             "ETag:abc", "Date:x", "Vary:*", 'Cache-Control:max-age="1"'),
            ("PROPFIND", "/", "207", "é", "a::b.har", "<a>", "Content-Type:application/xml", "DAV:0", "Age:-1"),
            ("=1+1", "*", "304", "=cmd", "=a.har", "", "Age:1,2", "=x:y", "@a:b")):
        yield "\0".join(parts).encode()

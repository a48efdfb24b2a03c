"""What is written as HAR, read again, is what was asked and answered, as far as a HAR shows it."""
from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.capture import har, http1
from httplint.capture.har_quirks import HTTPLINT
from httplint.capture.har_writing import HarWriter
from httplint.model.evidence import ALL, bits
from httplint.model.exchange import Exchange, Source
from httplint.model.message import Request, Response

GET = b"GET /a?b=c&d HTTP/1.1\r\nHost: example.org\r\nAccept: */*\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
STARTED = 1772366400.25
SHOWN = HTTPLINT.facts
"""What a HAR of ours can show."""


def exchange(octets: bytes, request: bytes = GET) -> Exchange:
    made = http1.exchange(octets, request, Source("http://example.org/a", 0), trust=http1.WIRE, closed=True,
                          scheme="http", started=STARTED)
    assert isinstance(made, Exchange)
    return made


def written(*exchanges: Exchange, **options: Any) -> str:
    text = io.StringIO()
    with HarWriter(text.write, "1.0") as writer:
        for one in exchanges:
            writer.add(one, **options)
    return text.getvalue()


def entry(one: Exchange) -> dict[str, Any]:
    found, = json.loads(written(one))["log"]["entries"]
    assert isinstance(found, dict)
    return found


def again(one: Exchange) -> Exchange:
    text = written(one).encode()
    found, = har.read(io.BytesIO(text), path="x")
    typed, = har.read(io.BytesIO(text), path="x", typed_from=0)
    assert isinstance(found, Exchange)
    assert isinstance(typed, Exchange)
    assert (typed.evidence, typed.response.content) == (found.evidence, found.response.content)
    return found


def test_a_har_of_nothing() -> None:
    assert json.loads(written()) == {"log": {"version": "1.2", "creator": {"name": "httplint", "version": "1.0"},
                                             "entries": []}}


def test_the_members_that_a_har_must_have() -> None:
    """HAR 1.2, "HAR Data Structure": all that is not optional, with its type."""
    one = entry(exchange(b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Type: text/html\r\nContent-Length: 1\r\n"
                         b"Set-Cookie: a=b; Path=/\r\n\r\n.",
                         GET.replace(b"Accept: */*", b"Cookie: s=1; t=2")))
    assert one == {
        "startedDateTime": "2026-03-01T12:00:00.250000Z", "time": 0,
        "request": {"method": "GET", "url": "http://example.org/a?b=c&d", "httpVersion": "HTTP/1.1",
                    "headers": [{"name": "Host", "value": "example.org"}, {"name": "Cookie", "value": "s=1; t=2"}],
                    "cookies": [{"name": "s", "value": "1"}, {"name": "t", "value": "2"}],
                    "queryString": [{"name": "b", "value": "c"}, {"name": "d", "value": ""}],
                    "headersSize": -1, "bodySize": 0},
        "response": {"status": 302, "statusText": "Found", "httpVersion": "HTTP/1.1",
                     "headers": [{"name": "Location", "value": "/x"}, {"name": "Content-Type", "value": "text/html"},
                                 {"name": "Content-Length", "value": "1"},
                                 {"name": "Set-Cookie", "value": "a=b; Path=/"}],
                     "cookies": [{"name": "a", "value": "b"}], "redirectURL": "/x", "headersSize": -1, "bodySize": 1,
                     "content": {"size": 1, "mimeType": "text/html", "text": "."}},
        "cache": {}, "timings": {"send": 0, "wait": 0, "receive": 0}}


@pytest.mark.parametrize(("version", "spelled"), [
    ("1.0", "HTTP/1.0"), ("1.1", "HTTP/1.1"), ("2", "HTTP/2"), ("3", "HTTP/3"), (None, "unknown")])
def test_versions(version: str | None, spelled: str) -> None:
    one = Exchange(Response(204, version, headers=[]), Request("GET", "http://a.example/", version))
    made = entry(one)
    assert (made["request"]["httpVersion"], made["response"]["httpVersion"]) == (spelled, spelled)
    read = again(one)
    assert read.response.version == version
    assert read.evidence.knows("version") is (version is not None)


def test_what_has_no_content() -> None:
    """Nor a type, which HAR wants of all (RFC 9110 §8.3 has a default)."""
    assert entry(exchange(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))["response"]["content"] == {
        "size": 0, "mimeType": "application/octet-stream", "text": ""}
    assert entry(Exchange(Response(200), Request("GET", "http://a.example/")))["response"]["content"] == {
        "size": 0, "mimeType": "application/octet-stream"}


def test_the_time_that_it_took() -> None:
    one = entry(exchange(OK).but(duration=0.0125))
    assert (one["time"], one["timings"]["wait"]) == (12.5, 12.5)


def test_an_entry_a_line() -> None:
    lines = written(exchange(OK), exchange(OK)).splitlines()
    assert [line[:1] for line in lines] == ["{", "{", "{", "]"]
    first, second = har.read(io.BytesIO("\n".join(lines).encode()), path="x")
    assert [one.source and one.source.line for one in (first, second) if isinstance(one, Exchange)] == [2, 3]


@pytest.mark.parametrize("octets", [
    OK,
    b"HTTP/1.0 200 \r\n\r\nto the end",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: 1\r\nx: 2\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\ntext",
    b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\xe9\xff\x00",
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\xc3\xa9",
    b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\xef\xbf\xbd",
    b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[redacted]",
    b"HTTP/1.1 200 \xe9t\xc3\xa9\r\nX: \xe9 \xc3\xa9 \xff\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 307 Internal Redirect\r\nNon-Authoritative-Reason: HSTS\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n",
    b"HTTP/1.1 799 \r\nContent-Length: 0\r\n\r\n",
])
def test_what_is_read_again_is_what_was_sent(octets: bytes) -> None:
    one = exchange(octets)
    read = again(one)
    assert read.request is not None
    assert one.request is not None
    assert (read.request.method, read.request.target, read.request.version, read.request.fields, read.request.content
            ) == ("GET", "http://example.org/a?b=c&d", "1.1", one.request.fields, b"")
    for part in ("status", "version", "fields", "content", "size"):
        assert getattr(read.response, part) == getattr(one.response, part), part
    assert read.started == STARTED
    assert set(read.evidence.missing(one.evidence.bits & SHOWN)) <= (set() if one.response.reason else {"reason"})


def test_what_is_not_known_is_not_known_afterwards() -> None:
    """The header section breaks off: that a field is not there proves nothing."""
    one = exchange(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Le")
    assert not one.evidence.knows("response_fields")
    read = again(one)
    assert not read.evidence.knows("response_fields")
    assert not read.evidence.knows("content")
    assert read.evidence.knows("version")


def test_contents_that_ended_too_early_are_not_there() -> None:
    read = again(exchange(OK.replace(b"Length: 2", b"Length: 20")))
    assert read.response.content is None
    assert read.response.size == 2


def test_gaps_are_not_taken_for_absences() -> None:
    one = exchange(OK)
    one = one.but(evidence=type(one.evidence).of(one.evidence.bits, frozenset({"date"}), frozenset({"cookie"})))
    read = again(one)
    assert not read.evidence.knows("response_fields")
    assert not read.evidence.knows("request_fields")


def test_what_a_har_has_no_place_for_is_told() -> None:
    one = entry(exchange(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\nTransfer-Encoding: chunked"
                         b"\r\n\r\n0\r\nX: y\r\n\r\n"))
    assert one["_interim"] == [{"status": 103, "statusText": "Early Hints",
                                "headers": [{"name": "Link", "value": "</a>"}]}]
    assert one["_trailers"] == [{"name": "X", "value": "y"}]
    assert one["_irregularities"] == ["line-end"]
    assert one["comment"] == ("a HAR has no place for interim responses, trailers, octets that the syntax does not "
                              "have: see what begins with _")


def test_a_url_that_the_request_does_not_tell() -> None:
    one = exchange(OK, b"GET / HTTP/1.1\r\n\r\n")
    found, = json.loads(written(one, url="http://example.org:8080/#top"))["log"]["entries"]
    assert found["request"]["url"] == "http://example.org:8080/"


def test_contents_of_requests() -> None:
    asked = b"POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: %d\r\n\r\n%b"
    for content in (b"a=1", b"\xff\x00"):
        read = again(exchange(OK, asked % (len(content), content)))
        assert read.request is not None
        assert read.request.content == content
        assert read.evidence.knows("request_content")


def test_closed_by_whatever_ends_it() -> None:
    text = io.StringIO()

    def interrupted() -> None:
        with HarWriter(text.write, "1.0") as writer:
            writer.add(exchange(OK))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert len(json.loads(text.getvalue())["log"]["entries"]) == 1


def test_without_a_request_there_is_no_entry() -> None:
    with pytest.raises(ValueError, match="no request"):
        written(Exchange(Response(200)))


NAMES = st.from_regex(r"X-[A-Za-z0-9!#$%&'*+.^_`|~-]{0,12}", fullmatch=True)
LINES = st.lists(st.tuples(NAMES, st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=20)),
                 max_size=6)


@given(LINES, LINES, st.binary(max_size=300), st.integers(100, 999), st.sampled_from(["1.0", "1.1", "2", "3", None]),
       st.sampled_from(["GET", "HEAD", "POST", "get", "x-y"]), st.integers(0, ALL), st.booleans())
def test_any_exchange(asked: Any, answered: Any, content: bytes, status: int, version: str | None, method: str,
                      known: int, coded: bool) -> None:
    """Nothing is known afterwards that was not before; what is known is as it was."""
    if coded:
        answered = [*answered, ("Content-Encoding", "br")]
    request = Request(method, "http://a.example/b", version, asked, b"")
    one = Exchange(Response(status, version, "x", answered, content), request, started=STARTED)
    one = one.but(evidence=type(one.evidence).of(one.evidence.bits & (known | bits("request"))))
    read = again(one)
    asked_again = read.request
    assert asked_again is not None
    assert read.evidence.bits & ~one.evidence.bits & SHOWN == 0
    for fact, before, after in (
            ("response_fields", one.response.fields, read.response.fields), ("size", len(content), read.response.size),
            ("content", content, read.response.content), ("version", version, read.response.version),
            ("request_version", version, asked_again.version)):
        if read.evidence.knows(fact) and not (read.evidence.response_gaps and fact == "response_fields"):
            assert after == before, fact
    assert read.response.status == status

"""Raw HTTP/1.x octets. Expected values are those of RFC 9112."""
from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import h11
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from httplint.capture import http1
from httplint.capture.http1 import ARCHIVE, FILE, WIRE, Conversation
from httplint.capture.outcome import INTERIM_LIMIT, Problem, Skipped
from httplint.capture.reading import read
from httplint.engine.linter import RuleLinter
from httplint.library import built_in_rules
from httplint.model.exchange import Exchange, Source
from httplint.model.message import Response
from httplint.vocabulary.octets import control_characters, malformed_names

GET = b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"
HEAD = b"HEAD / HTTP/1.1\r\nHost: a.example\r\n\r\n"
CONTENT = {"content", "octets", "size", "trailers"}


def talk(octets: bytes, trust: int = FILE, closed: bool = False) -> list[Exchange]:
    found = list(Conversation(octets, "a", trust, closed).outcomes())
    assert all(isinstance(one, Exchange) for one in found), found
    return found  # type: ignore[return-value]


def one(octets: bytes, trust: int = FILE, closed: bool = False) -> Exchange:
    exchange, = talk(octets, trust, closed)
    return exchange


def wire(octets: bytes, closed: bool = True) -> Response:
    return one(octets, WIRE, closed).response


def lacks(exchange: Exchange) -> set[str]:
    return set(exchange.evidence.missing(-1))


def kinds(message: Any) -> list[str]:
    return [flaw.kind for flaw in message.irregularities]


def lines(message: Any) -> list[tuple[str, str]]:
    return list(message.fields)


# -- what regular messages prove

def test_a_request_and_its_response() -> None:
    exchange = one(b"POST /a?b HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\n\r\nabc"
                   b"HTTP/1.1 103 Early\r\nLink: <x>\r\n\r\n"
                   b"HTTP/1.1 200 Very  OK\r\ncONTENT-lENGTH:2\r\nX: \t a b \t\r\nX:\r\n\r\nhi")
    request, response = exchange.request, exchange.response
    assert request is not None
    assert (request.method, request.target, request.version, request.content) == ("POST", "/a?b", "1.1", b"abc")
    assert request.uri == "http://a.example/a?b"
    assert (response.status, response.version, response.reason) == (200, "1.1", "Very  OK")
    assert lines(response) == [("cONTENT-lENGTH", "2"), ("X", "a b"), ("X", "")]
    assert (response.content, response.size, list(response.trailers or ())) == (b"hi", 2, [])
    assert [(early.status, lines(early)) for early in exchange.interim] == [(103, [("Link", "<x>")])]
    assert kinds(response) == kinds(request) == []
    assert lacks(exchange) == {"time"}


def test_a_response_alone() -> None:
    exchange = one(b"HTTP/1.0 404 Not Found\r\nContent-Length: 2\r\n\r\nno")
    assert exchange.request is None
    assert exchange.response.version == "1.0"
    assert lacks(exchange) == {"time", "request", "request_fields", "request_content", "request_version", "target"}


def test_chunks_and_trailers() -> None:
    response = wire(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3;a=b\r\nabc\r\n00A\r\n0123456789\r\n000\r\n"
                    b"ETag: \"a\"\r\nX: y\r\n\r\n")
    assert (response.content, response.size) == (b"abc0123456789", 13)
    assert list(response.trailers or ()) == [("ETag", '"a"'), ("X", "y")]
    assert kinds(response) == []


def test_codings_below_the_chunks_stay() -> None:
    exchange = one(GET + b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
    assert exchange.response.content is None
    assert lacks(exchange) == {"time", "content", "octets", "size"}


def test_a_connection_that_is_kept() -> None:
    octets = (GET + b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"
              + HEAD + b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"
              + GET + b"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n"
              + GET + GET + b"HTTP/1.1 204 No Content\r\n\r\n"
              + b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
              + GET + b"HTTP/1.0 200 OK\r\n\r\nthe rest")
    found = talk(octets)
    assert [(one.response.status, one.request and one.request.method, one.response.content) for one in found] == [
        (200, "GET", b"a"), (200, "HEAD", b""), (304, "GET", b""), (204, "GET", b""), (200, "GET", b""),
        (200, "GET", b"the rest")]
    assert all(kinds(one.response) == [] for one in found)
    places = [one.source for one in found]
    assert [place.entry for place in places if place] == list(range(6))
    assert [place.line for place in places if place] == [1, 7, 13, 19, 22, 32]


def test_the_content_of_an_expectation_follows_the_100() -> None:
    ask = b"PUT / HTTP/1.1\r\nHost: a.example\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    exchange = one(ask + b"HTTP/1.1 100 Continue\r\n\r\nabcHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
    assert exchange.request is not None
    assert exchange.request.content == b"abc"
    assert [early.status for early in exchange.interim] == [100]
    refused, after = talk(ask + b"HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n" + GET + b"HTTP/1.1 204 \r\n\r\n")
    assert refused.response.status == 417
    assert "request_content" in lacks(refused)
    assert after.response.status == 204


def test_tunnels_end_the_conversation() -> None:
    connect = b"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n"
    exchange = one(connect + b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n\x16\x03GET / HTTP/1.1\r\n\r\n")
    assert exchange.response.content is None
    assert lacks(exchange) >= CONTENT
    switched = one(GET + b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
                   + b"\x81\x05HTTP/1.1 200 OK\r\n\r\n")
    assert (switched.response.status, switched.response.content, switched.interim) == (101, b"", ())


def test_requests_without_a_response_are_skipped() -> None:
    first, second, third = Conversation(GET + b"HTTP/1.1 204 \r\n\r\n" + GET + GET, "a").outcomes()
    assert isinstance(first, Exchange)
    for entry, skipped in enumerate((second, third), 1):
        assert isinstance(skipped, Skipped)
        assert (skipped.category, skipped.source.entry) == ("no-response", entry)


def test_what_is_neither_is_a_problem() -> None:
    first, problem = Conversation(GET + b"HTTP/1.1 204 \r\n\r\n" + GET + b"\x00\x01\x02", "a").outcomes()
    assert isinstance(first, Exchange)
    assert isinstance(problem, Problem)
    assert (problem.line, problem.column) == (9, 1)
    assert problem.cause == "neither a request nor a response of HTTP/1.x begins here"


# -- syntax that is not as it should be

@pytest.mark.parametrize(("line", "status", "version", "reason", "wanted"), [
    (b"HTTP/1.1 200 ", 200, "1.1", "", []), (b"HTTP/1.1 200", 200, "1.1", "", ["status-space"]),
    (b"HTTP/1.2 200 OK", 200, None, "OK", []), (b"HTTP/1.1 200 In \xd6rdnung\t!", 200, "1.1", "In \xd6rdnung\t!", []),
    (b"HTTP/1.1  200 OK", 200, "1.1", "OK", ["start-line"]), (b"http/1.1 200 OK", 200, "1.1", "OK", ["start-line"]),
    (b"HTTP/1.1 99 OK", 99, "1.1", "OK", ["start-line"]), (b"HTTP/1.1 2000 OK", 2000, "1.1", "OK", ["start-line"]),
    (b"HTTP/1.1\t200\tOK", 200, "1.1", "OK", ["start-line"]),
    (b"HTTP/1.1 200 O\x01K", 200, "1.1", "O\x01K", ["start-line"]),
    (b"HTTP/1.1 200 O\rK", 200, "1.1", "O K", ["bare-cr"]), (b" HTTP/1.1 200 OK", 200, "1.1", "OK", ["start-line"]),
    (b"HTTP 200 OK", 200, None, "OK", ["start-line"]), (b"HTTP/1.1 200\tOK", 200, "1.1", "OK", ["start-line"]),
])
def test_status_lines(line: bytes, status: int, version: str | None, reason: str, wanted: list[str]) -> None:
    exchange = one(line + b"\r\nContent-Length: 0\r\n\r\n", WIRE, True)
    response = exchange.response
    assert (response.status, response.version, response.reason) == (status, version, reason)
    assert kinds(response) == wanted
    assert ("version" in lacks(exchange)) == (version is None)


@pytest.mark.parametrize(("section", "wanted", "flaws"), [
    (b"A : b\r\n", [("A", "b")], [("space-before-colon", 0, None, "A :")]),
    (b"A\t:b\r\n", [("A", "b")], [("space-before-colon", 0, None, "A\t:")]),
    (b"A: b\r\n  c \r\n\td\r\nE: f\r\n", [("A", "b c d"), ("E", "f")],
     [("obs-fold", 0, None, "  c "), ("obs-fold", 0, None, "\td")]),
    (b"A:\r\n b\r\n", [("A", "b")], [("obs-fold", 0, None, " b")]),
    (b" x: y\r\n z\r\nA: b\r\n", [("A", "b")], [("leading-whitespace", None, 17, " x: y")]),
    (b"A: b\r\nnothing\r\n folded\r\nC: d\r\n", [("A", "b"), ("C", "d")], [("no-colon", None, 23, "nothing")]),
    (b"A: b\r\nX Y: z\r\n", [("A", "b"), ("X Y", "z")], []),
    (b": z\r\n", [("", "z")], []),
    (b"A:  b\x07c\x00\r\n", [("A", "b\x07c\x00")], []),
    (b"A: b\rc\r\n", [("A", "b c")], [("bare-cr", 0, None, "A: b\rc")]),
    (b"A: b\nC: d\nE: f\r\n", [("A", "b"), ("C", "d"), ("E", "f")], [("line-end", None, 21, "A: b")]),
    (b"A: caf\xe9 \xf0\r\n", [("A", "caf\xe9 \xf0")], []),
    (b"A:b:c\r\n", [("A", "b:c")], []),
])
def test_sections(section: bytes, wanted: list[tuple[str, str]], flaws: list[tuple[Any, ...]]) -> None:
    response = wire(b"HTTP/1.1 204 OK\r\n" + section + b"\r\n")
    assert lines(response) == wanted
    assert [(flaw.kind, flaw.line, flaw.position, flaw.text) for flaw in response.irregularities] == flaws
    trailing = wire(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + section + b"\r\n")
    assert list(trailing.trailers or ()) == wanted
    assert kinds(trailing) == [flaw[0] for flaw in flaws]
    assert all(flaw.line is None for flaw in trailing.irregularities)


def test_line_ends_without_cr_are_one_flaw() -> None:
    response = wire(b"HTTP/1.1 200 OK\nA: b\nTransfer-Encoding: chunked\n\n1\na\n0\n\n")
    assert (response.content, kinds(response)) == (b"a", ["line-end"])


@pytest.mark.parametrize(("body", "content", "wanted"), [
    (b"3  \r\nabc\r\n0\r\n\r\n", b"abc", ["chunk-extension"]),
    (b"3 ;a\r\nabc\r\n0 \r\n\r\n", b"abc", ["chunk-extension"]),
    (b'3;a="b\\"";c\r\nabc\r\n0\r\n\r\n', b"abc", []),
    (b'3;a="b\r\nabc\r\n0\r\n\r\n', b"abc", ["chunk-extension"]),
    (b"0x3\r\nabc\r\n0\r\n\r\n", None, ["chunk-size"]), (b"-3\r\nabc\r\n0\r\n\r\n", None, ["chunk-size"]),
    (b"3\r\nabcd\r\n0\r\n\r\n", None, ["chunk-size"]), (b"3\r\nab\r\n0\r\n\r\n", None, ["chunk-size"]),
    (b"<p>not in chunks", None, ["chunk-size"]), (b"\r\n", None, ["chunk-size"]),
    (b"3\r\nabc\r\n", None, ["truncated"]), (b"3\r\nab", None, ["truncated"]), (b"3", None, ["truncated"]),
    (b"", None, ["truncated"]), (b"0\r\n", None, ["truncated"]), (b"0\r\nA: b", None, ["truncated"]),
    (b"3\r\nabc\r\n0\r\n\r\nmore", b"abc", ["excess"]), (b"0\r\n\r\n\r\n", b"", ["excess"]),
    (b"f" * 40 + b"\r\nabc", None, ["truncated"]),
])
def test_chunk_syntax(body: bytes, content: bytes | None, wanted: list[str]) -> None:
    exchange = one(GET + b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body, WIRE, True)
    assert (exchange.response.content, kinds(exchange.response)) == (content, wanted)
    assert (lacks(exchange) >= CONTENT) == (content is None)


def test_a_response_that_begins_within_another() -> None:
    first, second = talk(GET + b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"
                         + b"HTTP/1.1 204 No Content\r\n\r\n")
    assert kinds(first.response) == ["truncated"]
    assert second.response.status == 204


@pytest.mark.parametrize(("fields", "body", "content", "size", "wanted"), [
    (b"Content-Length: 3", b"abc", b"abc", 3, []), (b"Content-Length: 3", b"abcd", b"abc", 3, ["excess"]),
    (b"Content-Length: 3", b"ab", None, 2, []),                 # content-length.mismatch says so
    (b"Content-Length: 3, 3", b"abc", b"abc", 3, []), (b"Content-Length: 3\r\nContent-Length: 3", b"abc", b"abc", 3,
    []),
    (b"Content-Length: 3\r\nContent-Length: 4", b"abc", None, None, []), (b"Content-Length: x", b"abc", None, None, []),
    (b"Content-Length: " + b"9" * 5000, b"abc", None, 3, []), (b"Content-Length: 0", b"", b"", 0, []),
    (b"Content-Length: 1\r\nTransfer-Encoding: chunked", b"3\r\nabc\r\n0\r\n\r\n", b"abc", 3, []),
    (b"Transfer-Encoding: gzip", b"abc", b"abc", 3, []), (b"A: b", b"abc", b"abc", 3, []),
    (b"Transfer-Encoding: identity\r\nContent-Length: 3", b"abc", b"abc", 3, []),
])
def test_framing(fields: bytes, body: bytes, content: bytes | None, size: int | None, wanted: list[str]) -> None:
    response = wire(GET + b"HTTP/1.1 200 OK\r\n" + fields + b"\r\n\r\n" + body)
    assert (response.content, response.size, kinds(response)) == (content, size, wanted)


def test_content_where_there_must_be_none_is_content() -> None:
    """What a client drops or takes for the next response was sent as content: the rules about it shall see it."""
    for ask, head in ((HEAD, b"HTTP/1.1 200 OK\r\nContent-Length: 4"), (GET, b"HTTP/1.1 204 OK"),
        (GET, b"HTTP/1.1 304 OK")):
        response = wire(ask + head + b"\r\n\r\noops")
        assert (response.content, response.size, kinds(response)) == (b"oops", 4, [])
    first, second = talk(GET + b"HTTP/1.1 204 OK\r\n\r\noops" + GET + b"HTTP/1.1 204 \r\n\r\n")
    assert (first.response.content, second.response.content) == (b"oops", b"")


def test_http09() -> None:
    exchange = one(GET + b"<p>hello", WIRE, True)
    assert kinds(exchange.response) == ["no-status-line"]
    assert lacks(exchange) >= {"version", "response_fields", "content", "reason"}
    assert exchange.evidence.knows("wire")


def test_status_lines_that_break_off() -> None:
    """Where reading has ended before the sender did, the rest of the line may follow."""
    for octets, ended in ((b"H", "no-status-line"), (b"HTTP/", "no-status-line"), (b"HTTP/1.1", "no-status-line"),
                          (b"HTTP/1.1 2", "truncated"), (b"HTTP/1.1 20", "truncated")):
        found = http1.exchange(octets, GET, Source("x", 0), trust=WIRE)
        assert isinstance(found, Skipped)
        assert (found.reason, found.category) == ("the octets end within the status line", "no-response")
        assert kinds(one(GET + octets, WIRE, True).response) == [ended], "the sender has ended it"
        after = http1.exchange(b"HTTP/1.1 103 Early Hints\r\n\r\n" + octets, GET, Source("x", 0), trust=WIRE)
        assert isinstance(after, Exchange)
        assert (after.response.status, kinds(after.response)) == (103, [])
        assert not after.evidence.knows("interim")
    for octets in (b"<", b"HTTQ", b"HTTP/1.1 X", b"HTTP/a"):
        found = http1.exchange(octets, GET, Source("x", 0), trust=WIRE)
        assert isinstance(found, Exchange)
        assert kinds(found.response) == ["no-status-line"]


def test_heads_that_break_off() -> None:
    for octets in (b"HTTP/1.1 200 OK\r\nA: b\r\nC", b"HTTP/1.1 200 OK\r\nA: b\r\n", b"HTTP/1.1 200 O"):
        exchange = one(GET + octets, WIRE, True)
        assert kinds(exchange.response) == ["truncated"]
        assert lacks(exchange) >= CONTENT | {"response_fields"}
        assert kinds(one(GET + octets).response) == [], "the capture may have been stopped"
        assert lacks(one(GET + octets)) >= CONTENT | {"response_fields"}


def test_requests_that_are_not_as_they_should_be() -> None:
    exchange = one(b"GET /a b HTTP/1.1\r\nHost: a\r\nX : y\r\nnothing\r\n\r\nHTTP/1.1 204 \r\n\r\n")
    assert exchange.request is not None
    assert exchange.request.target == "/a b"
    assert kinds(exchange.request) == ["start-line", "space-before-colon", "no-colon"]


# -- what a file does not prove

@pytest.mark.parametrize("octets", [
    b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n",                                       # curl -I
    b"HTTP/1.1 301 Moved\r\nContent-Length: 50\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n",  # curl -IL
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
    b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab",   # curl -i by a proxy
])
def test_heads_alone_prove_nothing_about_content(octets: bytes) -> None:
    for exchange in talk(octets):
        assert kinds(exchange.response) == []
        assert exchange.response.content == b"ab" or lacks(exchange) >= CONTENT
    assert Conversation(octets, "a").certain


@pytest.mark.parametrize("octets", [
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<p>curl takes chunks apart\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0123456789\n0123456789\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\nabc\n0\n\nmore",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n99\r\nbottles\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nlonger than nine octets",   # --compressed
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99\r\n\r\nshorter than that",
    b"HTTP/1.1 200 OK\r\nA: b\r\n",
])
def test_responses_that_do_not_agree_are_taken_for_what_curl_prints(octets: bytes, tmp_path: Path) -> None:
    path = tmp_path / "printed"
    path.write_bytes(octets)
    exchange, = read(str(path))
    assert isinstance(exchange, Exchange)
    assert not exchange.evidence.knows("wire")
    assert kinds(exchange.response) == []


def test_a_file_may_have_been_cut_off() -> None:
    for octets in (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
                   b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\na"):
        exchange = one(GET + octets)
        assert kinds(exchange.response) == ["cut-off"]
        assert lacks(exchange) == CONTENT | {"time"}


def test_what_was_left_unread_is_not_cut_off() -> None:
    for octets in (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
                   b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\na"):
        for left, flaws in ((True, []), (False, ["cut-off"])):
            found = http1.exchange(octets, GET, Source("a", 0), trust=http1.WIRE, left=left)
            assert isinstance(found, Exchange)
            assert kinds(found.response) == flaws
            assert lacks(found) >= CONTENT


def test_a_last_line_end_is_an_editors() -> None:
    exchange = one(GET + b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc\r\n")
    assert (exchange.response.content, kinds(exchange.response)) == (b"abc", [])
    assert kinds(one(GET + b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcd").response) == ["excess"]


def test_what_curl_may_have_written_behind_a_response() -> None:
    """As `curl -i -w '%{http_code}'` does."""
    for head, content in ((b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", b"abc"),
                          (b"HTTP/1.1 204 \r\n\r\n", b"")):
        response = one(head + b"204\n").response
        assert (response.content, kinds(response)) == (content, ["surplus"])
        assert kinds(wire(head + b"204\n")) == (["excess"] if content else [])


def test_octets_that_are_known_to_be_the_wires(tmp_path: Path) -> None:
    path = tmp_path / "response"
    path.write_bytes(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\nab\n0\n\nab")
    taken_for_text, = read(str(path))
    exchange, = read(str(path), wire=True)
    assert isinstance(taken_for_text, Exchange)
    assert isinstance(exchange, Exchange)
    assert kinds(taken_for_text.response) == []
    assert kinds(exchange.response) == ["line-end", "excess"]


def test_pasted_text_is_not_the_wire() -> None:
    exchange = one(b"GET / HTTP/1.1\nHost: a\n\nHTTP/1.1 200 OK\nContent-Length: 99\nX: y\n\n<p>\n")
    assert lines(exchange.response) == [("Content-Length", "99"), ("X", "y")]
    assert lacks(exchange) >= CONTENT | {"wire"}


def test_chunks_prove_octets_from_the_second_on() -> None:
    first, second = talk(GET + b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nx\r\n" + GET
                         + b"HTTP/1.1 204 \r\n\r\n")
    assert kinds(first.response) == ["chunk-size"]
    assert first.evidence.knows("wire")
    assert second.response.status == 204
    first, second = talk(GET + b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<p>hello\r\n" + GET
                         + b"HTTP/1.1 204 \r\n\r\n")
    assert kinds(first.response) == []
    assert lacks(first) >= CONTENT | {"wire"}
    assert second.response.status == 204


def test_archives_withhold_what_does_not_agree() -> None:
    def archived(octets: bytes) -> Exchange:
        made = http1.exchange(octets, GET, Source("a", 0), trust=ARCHIVE)
        assert isinstance(made, Exchange)
        return made

    whole = archived(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc")
    assert lacks(whole) == {"time", "interim"}
    for octets in (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcd",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
                   b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nx",
                   b"HTTP/1.1 204 OK\r\n\r\nabc", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nabc"):
        made = archived(octets)
        assert lacks(made) >= CONTENT | {"wire"}
        assert made.evidence.knows("response_fields")
    assert "wire" in lacks(archived(b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nabc")), "nothing shows that it is whole"


def test_a_second_response_to_one_request_is_excess() -> None:
    def kinds_of(more: bytes) -> list[str]:
        made = http1.exchange(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na" + more, GET, Source("a", 0), trust=WIRE,
                              closed=True)
        assert isinstance(made, Exchange)
        return kinds(made.response)

    assert kinds_of(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na") == ["excess"]
    assert kinds_of(b"HTTP/1.1 408 Request Timeout\r\n\r\n") == []      # it may come unasked (RFC 9110 §15.5.9)
    assert kinds_of(b"") == []


def test_complete() -> None:
    assert http1.complete(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", "GET")
    assert http1.complete(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n", "HEAD")
    for octets in (b"", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n",
                   b"HTTP/1.1 200 OK\r\n\r\na", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
                   b"HTT"):
        assert not http1.complete(octets, "GET")


# -- what each place proves

OK = b"HTTP/1.1 200 OK\r\n"
HEADLESS = CONTENT | {"response_fields", "lines", "repeats"}
UNASKED = {"request", "request_fields", "request_content", "request_version", "target"}
CODED_SHORT = OK + b"Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\nab"
CODED_LONG = OK + b"Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nab"

# octets behind a request; and what is not known of them, beside the time: on a wire until it was closed, on a wire, in
# a file, in an archive (where interim responses and whether there is more never show)
PLACES: list[tuple[bytes, set[str], set[str], set[str], set[str]]] = [
    (OK + b"Content-Length: 3\r\n\r\nabc", set(), set(), set(), set()),
    # only the end of the connection shows where the content ends
    (OK + b"A: b\r\n\r\nabc", set(), CONTENT, {"size"}, {"size", "wire"}),
    (OK + b"Transfer-Encoding: gzip\r\n\r\nabc", CONTENT - {"trailers"}, CONTENT, CONTENT - {"trailers"},
     CONTENT - {"trailers"} | {"wire"}),
    (OK + b"Content-Encoding: gzip\r\n\r\nabc", set(), CONTENT, CONTENT, CONTENT | {"wire"}),
    # less than Content-Length says: all that the server sent, or all that was kept
    (OK + b"Content-Length: 9\r\n\r\nab", {"content", "octets"}, CONTENT, CONTENT, CONTENT | {"wire"}),
    (CODED_SHORT, {"content", "octets"}, CONTENT, CONTENT | {"wire"}, CONTENT | {"wire"}),
    (OK + b"Content-Encoding: identity\r\nContent-Length: 9\r\n\r\nab", {"content", "octets"}, CONTENT, CONTENT,
     CONTENT | {"wire"}),
    (OK + b"Content-Encoding: \r\nContent-Length: 9\r\n\r\nab", {"content", "octets"}, CONTENT, CONTENT,
     CONTENT | {"wire"}),
    # more than that: sent, or a content that a client has decoded
    (OK + b"Content-Length: 1\r\n\r\nab", set(), set(), set(), CONTENT | {"wire"}),
    (CODED_LONG, set(), set(), CONTENT | {"wire"}, CONTENT | {"wire"}),
    (OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n9\r\nab", CONTENT, CONTENT, CONTENT, CONTENT | {"wire"}),
    (OK + b"X: y\r\n", HEADLESS, HEADLESS, HEADLESS | {"wire"}, HEADLESS | {"wire"}),
    (b"HTTP/1.1 200 O", HEADLESS | {"reason"}, HEADLESS | {"reason"}, HEADLESS | {"reason", "wire"},
     HEADLESS | {"reason", "wire"}),
    (b"HTTP/7 200 O", HEADLESS | {"reason", "version"}, HEADLESS | {"reason", "version"},
     HEADLESS | {"reason", "version", "wire"}, HEADLESS | {"reason", "version", "wire"}),
    (b"HTTP/1.1 103 E\r\nA: b\r\n\r\n", set(), {"interim"}, {"interim"}, set()),
    (b"HTTP/1.1 102 P\r\nA: b\r\n\r\n", set(), {"interim"}, {"interim"}, set()),
    (b"HTTP/1.1 101 E\r\nA: b\r\n\r\nxx", set(), set(), set(), set()),
    (b"HTTP/1.1 304 N\r\nContent-Length: 9\r\n\r\n", set(), set(), set(), set()),
    # curl -I: heads alone
    (OK + b"Content-Length: 9\r\n\r\n", {"content", "octets"}, CONTENT, CONTENT, CONTENT | {"wire"}),
    (OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", CONTENT, CONTENT, CONTENT, CONTENT | {"wire"}),
    (b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1 \r\na\r\n0\r\n\r\n", set(), set(), set(), set()),
]


@pytest.mark.parametrize(("octets", "closed", "wire", "file", "archive"), PLACES)
def test_what_each_place_proves(octets: bytes, closed: set[str], wire: set[str], file: set[str],
                                archive: set[str]) -> None:
    assert lacks(one(GET + octets, WIRE, True)) == closed | {"time"}
    assert lacks(one(GET + octets, WIRE)) == wire | {"time"}
    assert lacks(one(GET + octets)) == file | {"time"}
    assert lacks(one(GET + octets, ARCHIVE)) == archive | {"time", "interim"}


def test_what_stands_within_a_content_without_end(tmp_path: Path) -> None:
    octets = GET + OK + b"A: b\r\n\r\nabc\r\nHTTP/1.1 204 No\r\n\r\n"
    assert one(octets, WIRE, True).response.content == b"abc\r\nHTTP/1.1 204 No\r\n\r\n"
    exchange, gap = Conversation(octets, "a").outcomes()
    assert isinstance(exchange, Exchange)
    assert lacks(exchange) == CONTENT | {"time"}
    assert isinstance(gap, Problem)
    assert (gap.line, gap.column, gap.cause) == (
        8, 1, "what looks like a message stands within a content whose end is not known; it is not read")


@pytest.mark.parametrize("text", [
    b"as HTTP/1.1 and HTTP/1.0 have it", b"HTTP/1.", b"say HTTP/1.1 204 No\r\nwith a head\r\n", b"HTTP/1.1\r\n",
    b"in the form of\r\nVERB target HTTP/1.1, for example\r\n", b"\nHTTP/1.1\n",
])
def test_what_only_resembles_a_message_is_content(text: bytes) -> None:
    for closed in (True, False):
        exchange = one(GET + OK + b"A: b\r\n\r\n" + text, WIRE if closed else FILE, closed)
        assert exchange.response.content == text
        assert exchange.evidence.knows("content")


@pytest.mark.parametrize(("fields", "body", "content", "trailers"), [
    (b"Content-Length: 3", b"abc", b"abc", []), (b"A: b", b"", b"", []),
    (b"Transfer-Encoding: chunked", b"3\r\nabc\r\n0\r\nX: y\r\n\r\n", b"abc", [("X", "y")]),
    (b"Transfer-Encoding: gzip, chunked", b"3\r\nabc\r\n0\r\n\r\n", None, []),
    (b"Content-Length: 9", b"", None, []), (b"Content-Length: 99", b"", None, []),      # the head alone was kept
    (b"Content-Length: 23", b"HTTP/1.1 200 in content", b"HTTP/1.1 200 in content", []),
])
def test_contents_of_requests(fields: bytes, body: bytes, content: bytes | None, trailers: list[Any]) -> None:
    exchange = one(b"POST / HTTP/1.1\r\nHost: a\r\n" + fields + b"\r\n\r\n" + body + b"HTTP/1.1 204 \r\n\r\n")
    assert exchange.request is not None
    assert (exchange.request.content, list(exchange.request.trailers or ())) == (content, trailers)
    assert exchange.request.size == (None if content is None else len(content))
    assert lacks(exchange) == ({"time", "request_content"} if content is None else {"time"})


def test_a_request_that_is_cut_off_has_no_response() -> None:
    skipped, = Conversation(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc", "a").outcomes()
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "no response was captured"


@pytest.mark.parametrize(("text", "laid_out"), [
    (b'{\n "a": 1\n}\n', True), (b"[\r\n 1\r\n]", True), (b'{\r\n "a": 1}', True), (b"[\n1]", True),
    (b'{\n "a" 1\n}\n', False), (b'{"a": 1}', False), (b"{\n" + b"[\n" * 50_000, False),
])
def test_json_that_a_client_has_laid_out_anew(text: bytes, laid_out: bool) -> None:
    exchange = one(GET + OK + b"Content-Length: 3\r\n\r\n" + text)
    assert kinds(exchange.response) == ([] if laid_out else ["excess"])
    assert lacks(exchange) == {"time"} | (CONTENT | {"wire"} if laid_out else set())


def test_irregularities_show_the_octets_that_tell() -> None:
    def shown(octets: bytes, trust: int = FILE, closed: bool = False) -> list[tuple[str, int | None, str]]:
        return [(flaw.kind, flaw.position, flaw.text)
                for flaw in one(octets, trust, closed).response.irregularities]

    long = b"xyz" * 20
    last = long.decode()[-40:]
    for octets in (OK + b"Content-Length: 99\r\n\r\n" + long,
                   OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n63\r\n" + long):
        assert shown(GET + octets) == [("cut-off", len(GET + octets), last)]
    head = OK + b"X: " + long + b"\r\n"
    assert shown(GET + head, WIRE, True) == [("truncated", len(GET + head), last[2:] + "\r\n")]
    begun = b"HTTP/1.1 200 " + long
    assert shown(GET + begun, WIRE, True) == [("truncated", len(GET + begun), last)]
    assert shown(begun[:20], WIRE, True) == [("truncated", 20, "HTTP/1.1 200 xyzxyzx")]
    answer = OK + b"Content-Length: 1\r\n\r\na"
    assert shown(GET + answer + b"204\n") == [("excess", len(GET + answer), "204\n")]
    assert shown(answer + b"204\n") == [("surplus", len(answer), "204\n")]
    chunked = OK + b"Transfer-Encoding: chunked\r\n\r\n3c\r\n" + long + b"\r\n0\r\n"
    first, _ = talk(GET + chunked + b"HTTP/1.1 204 No\r\n\r\n")
    assert [(flaw.kind, flaw.position, flaw.text) for flaw in first.response.irregularities] == [
        ("truncated", len(GET + chunked), (long.decode() + "\r\n0\r\n")[-40:])]


@pytest.mark.parametrize("more", [0, 1])
def test_very_many_interim_responses(more: int) -> None:
    early = b"HTTP/1.1 103 Early\r\n\r\n" * (INTERIM_LIMIT + more)
    made = http1.exchange(early + OK + b"Content-Length: 0\r\n\r\n", GET, Source("a", 0), trust=WIRE, closed=True)
    assert isinstance(made, Exchange)
    for exchange in (made, one(GET + early + OK + b"Content-Length: 0\r\n\r\n")):
        assert (exchange.response.status, len(exchange.interim)) == (200, INTERIM_LIMIT)
        assert lacks(exchange) == ({"time", "interim"} if more else {"time"})


def test_when_the_time_to_read_is_over() -> None:
    early = b"HTTP/1.1 103 Early\r\n\r\n"
    answer = OK + b"Content-Length: 0\r\n\r\n"
    calls = iter([False, True, True, True])
    made = http1.exchange(early * 2 + answer, GET, Source("a", 0), trust=WIRE, closed=True, over=lambda: next(calls))
    assert isinstance(made, Exchange)
    assert (made.response.status, len(made.interim)) == (103, 1)
    assert "interim" in lacks(made)
    assert not http1.complete(early + answer, "GET", lambda: True)
    assert http1.complete(early + answer, "GET", lambda: False)


# -- hostile octets

PIECES = st.sampled_from([
    b"HTTP/1.1 200 OK", b"HTTP/1.1 204 No", b"HTTP/1.0 200", b"http/1.1 1 x", b"\r\n", b"\n", b"\r", b" ", b"\t",
    b"A: b",
    b"Content-Length: 3", b"Content-Length: 99999999999999999999", b"Transfer-Encoding: chunked",
    b"Content-Encoding: gzip",
    b"abc", b"3\r\nabc\r\n", b"0\r\n\r\n", b"ffffffffffffffffffff", b"GET / HTTP/1.1\r\n", b"HEAD / HTTP/1.1\r\n",
    b"\r\n\r\n",
    b"CONNECT a:1 HTTP/1.1\r\n", b"HTTP/1.1 100 \r\n\r\n", b"HTTP/1.1 101 \r\n", b"\x00", b":", b"\xff", b";x=\"",
    b"Host: a"])
STREAMS = st.lists(PIECES | st.binary(max_size=6), max_size=25).map(b"".join)
LINTER = RuleLinter(built_in_rules())


@given(STREAMS, st.sampled_from([ARCHIVE, FILE, WIRE]), st.booleans())
@settings(max_examples=600)
def test_any_octets_are_read(octets: bytes, trust: int, closed: bool) -> None:
    found = list(Conversation(octets, "a", trust, closed).outcomes())
    for outcome in found:
        if isinstance(outcome, Exchange):
            assert len(outcome.response.irregularities) <= 60
            assert not any(finding.rule_id.startswith("internal") for finding in LINTER.lint(outcome).findings)
    http1.exchange(octets, GET, Source("a", 0), trust=trust, closed=closed)


@given(STREAMS)
def test_files_give_no_irregularity_that_is_not_proven(octets: bytes) -> None:
    for outcome in Conversation(octets, "a", FILE).outcomes():
        if isinstance(outcome, Exchange) and outcome.evidence.knows("wire"):
            on_wire = {flaw.kind for flaw in outcome.response.irregularities}
            assert not on_wire or "truncated" not in on_wire or b"HTTP/1." in octets[1:]


WORST = {
    "short lines": b"HTTP/1.1 200 OK\r\n" + b"\n" * 40_000,
    "folds": b"HTTP/1.1 200 OK\r\nA: b\r\n" + b" c\r\n" * 40_000 + b"\r\n",
    "one-octet chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 40_000
    + b"0\r\n\r\n",
    "false starts": GET + b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n" + b"HTTP/1. GET a HTTP/1.\n" * 10_000,
    "lenient responses": (GET + b"http/1.1 204 x\r\n\r\nX") * 3_000,
    "many responses": b"HTTP/1.1 204 x\r\n\r\n" * 10_000,
    "LF only": b"HTTP/1.1 204 x\nA: b\n\n" * 8_000,
    "broken chunks": (GET + b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\nx") * 3_000,
    "wrong lengths": (GET + b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n") * 3_000,
}


@pytest.mark.parametrize("name", WORST)
def test_memory_stays_in_proportion(name: str) -> None:
    """Little is kept of what was read, and no section longer than 1 MiB; benchmarks/http1.py looks at the time."""
    octets = WORST[name]
    tracemalloc.start()
    try:
        for _ in Conversation(octets, "a", FILE).outcomes():
            pass
        for _ in Conversation(octets, "a", WIRE, True).outcomes():
            pass
        assert tracemalloc.get_traced_memory()[1] < 4 * len(octets) + (6 << 20)
    finally:
        tracemalloc.stop()


# -- the strict second opinion

def strict(octets: bytes, method: str) -> tuple[str, Any]:
    """What h11 makes of a response after which the connection is closed: ("refused", why) or ("read", …)."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method=method, target="/", headers=[("Host", "a.example")]))
    connection.send(h11.EndOfMessage())
    content, trailers, head = b"", [], None
    interim: list[int] = []
    try:
        connection.receive_data(octets)
        connection.receive_data(b"")
        while True:
            event = connection.next_event()
            if isinstance(event, h11.InformationalResponse):
                interim.append(event.status_code)
            elif isinstance(event, h11.Response):
                head = event
            elif isinstance(event, h11.Data):
                content += event.data
            elif isinstance(event, h11.EndOfMessage):
                trailers = [(name.decode("latin-1"), value.decode("latin-1")) for name,
                    value in event.headers.raw_items()]
                break
            elif event in (h11.NEED_DATA, h11.PAUSED) or isinstance(event, h11.ConnectionClosed):
                return "refused", "it ends too early"
    except h11.RemoteProtocolError as error:
        return "refused", str(error)
    assert head is not None
    return "read", (interim, head.status_code, head.reason.decode("latin-1"),
                    [(name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers.raw_items()],
                    content, trailers, connection.trailing_data[0])


BENIGN = {
    # h11 reads it, we note it
    "line-end": "h11 takes LF for a line end, as §2.2 allows",
    "leading-whitespace": "h11 sees an odd name; it refuses this",
    "obs-fold": "h11 unfolds, as §5.2 demands of user agents",
    "chunk-extension": "h11 allows whitespace behind the chunk size, and any extension",
    "status-space": "h11 takes a status line without the last space, which old servers send",
    "excess": "h11 hands out what follows the end as trailing data",
    "bare-cr": "h11 lets CR within chunk extensions and values pass in part",
    "start-line": "h11 takes reason phrases of any kind",
}
"""Irregularities that h11 may read over without an error."""
STRICTER = ("Content-Length", "Transfer-Encoding", "too early")
"""h11 refuses over these what other rules judge: Content-Length that is invalid or conflicting or too large, codings
that it does not know."""

TEXTS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_categories=["Cc"]), max_size=12).map(
    lambda text: text.encode("latin-1"))
LINES = st.one_of(
    st.tuples(st.sampled_from([b"A", b"x-b", b"ETag", b"A ", b"", b"X Y", b"\xff"]), TEXTS).map(
        lambda pair: pair[0] + b":" + pair[1]),
    st.sampled_from([b"Content-Length: 3", b"Content-Length: 03", b"Content-Length: 3, 3", b"Content-Length: 4",
                     b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip", b"Connection: close", b" folded",
                     b"nothing", b"A: b\x00c", b"A: b\rc", b"A: \x01"]))
RESPONSES = st.builds(
    lambda status, head, end, body: status + end + b"".join(line + end for line in head) + end + body,
    st.sampled_from([b"HTTP/1.1 200 OK", b"HTTP/1.0 200 OK", b"HTTP/1.1 204 ", b"HTTP/1.1 304", b"HTTP/1.1 99 x",
                     b"HTTP/1.1  200 x", b"http/1.1 200 x", b"HTTP/1.1 404 \xe9",
                     b"HTTP/1.1 103 x\r\n\r\nHTTP/1.1 200 y"]),
    st.lists(LINES, max_size=4), st.sampled_from([b"\r\n", b"\r\n", b"\r\n", b"\n"]),
    st.one_of(st.sampled_from([b"", b"abc", b"abcd", b"3\r\nabc\r\n0\r\n\r\n", b"3;x\r\nabc\r\n0\r\nT: u\r\n\r\n",
                               b"3 \r\nabc\r\n0\r\n\r\n", b"3\r\nabcd\r\n0\r\n\r\n", b"3\nabc\n0\n\n",
                               b"3\r\nabc\r\n0\r\n"]),
              st.binary(max_size=8)))


def flawed(response: Response) -> bool:
    """Whether a name or a value is one that h11 refuses."""
    return any(not line.sound for fault in (malformed_names, control_characters) for line in fault(response))


@given(RESPONSES, st.sampled_from(["GET", "HEAD"]))
@example(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", "GET")
@settings(max_examples=1500)
def test_h11_agrees(octets: bytes, method: str) -> None:
    """Where we see nothing wrong, h11 reads the same; where it refuses, we say why; benign differences are listed."""
    request = f"{method} / HTTP/1.1\r\nHost: a.example\r\n\r\n".encode()
    made = http1.exchange(octets, request, Source("a", 0), trust=WIRE, closed=True)
    verdict, what = strict(octets, method)
    if not isinstance(made, Exchange):
        assert verdict == "refused"
        return
    response = made.response
    noted = set(kinds(response)) | {kind for early in made.interim for kind in kinds(early)}
    incomplete = not made.evidence.knows("content")
    if verdict == "refused":
        assert noted or incomplete or any(map(flawed, (*made.interim, response))) or any(
            sign.lower() in what.lower() for sign in STRICTER), (what, noted)
        return
    assert noted <= BENIGN.keys(), noted
    interim, status, reason, head, content, trailers, _ = what
    assert (interim, status) == ([early.status for early in made.interim], response.status)
    if not noted & {"obs-fold", "bare-cr", "leading-whitespace", "start-line"}:
        ours = [(name, value) for name, value in lines(response) if name.lower() != "content-length"]
        assert ours == [(name, value) for name, value in head if name.lower() != "content-length"]
        assert response.reason == reason
    if made.evidence.knows("content") and response.status not in (204, 304) and method != "HEAD":
        assert response.content == content
        assert list(response.trailers or ()) == trailers

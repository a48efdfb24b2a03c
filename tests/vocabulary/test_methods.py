from __future__ import annotations

import pytest

from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Request, Response
from httplint.vocabulary.methods import (
    contradicts_type,
    echoes,
    echoes_secrets,
    fields_of_get_only,
    left_out,
    names_no_port,
    short_lengths,
    tells_options,
)

THEN, LATER = "Tue, 01 Jul 2025 12:00:00 GMT", "Wed, 02 Jul 2025 12:00:00 GMT"


def response(content: bytes = b"", *names: str) -> Response:
    return Response(200, headers=[(name, "x") for name in names], content=content)


def test_an_echo_has_the_request_line() -> None:
    trace = Request("TRACE", "/a")
    assert echoes(trace, response(b"TRACE http://a.example/a HTTP/1.0\r\n"))
    assert not echoes(trace, response(b"GET /a HTTP/1.1"))
    assert not echoes(trace, response())


def test_secrets_are_looked_for_by_value() -> None:
    trace = Request("TRACE", "/a", headers=[("Cookie", "sid=5f1c62a0"), ("Authorization", "x")])
    assert echoes_secrets(trace, response(b"... sid=5f1c62a0"))
    assert not echoes_secrets(trace, response(b"x, and nothing else"))
    assert not echoes_secrets(Request("TRACE", "/a", headers=[("Accept", "text/html")]), response(b"text/html"))


def test_methods_left_out_of_allow() -> None:
    assert left_out(("GET",), ("GET", "PUT", "OPTIONS", "HEAD")) == ("PUT",)
    assert left_out((), ()) == ()


def test_short_uris() -> None:
    path = "http://a.example/"
    assert short_lengths(Request("GET", path + "a" * (7999 - len(path)))) == (7999,)
    assert short_lengths(Request("GET", path + "a" * (8000 - len(path)))) == ()
    with pytest.raises(NotEvaluated):                      # three times as long in percent-encoding
        short_lengths(Request("GET", path + "ä" * 2000))


def test_what_tells_of_options() -> None:
    asked = Request("OPTIONS", "/a")
    assert not tells_options(asked, response(b"", "Server", "Date", "Content-Length"))
    assert tells_options(asked, response(b"", "Server", "Accept-Patch"))
    assert tells_options(asked, response(b"{}"))
    for server in ("*", "http://a.example", "https://a.example:8443"):
        assert tells_options(Request("OPTIONS", server), response(b""))
    with pytest.raises(NotEvaluated):
        tells_options(asked, Response(200, headers=[("Content-Length", "9")]))
    assert not tells_options(asked, Response(200, headers=[("Content-Length", "0")]))
    assert not tells_options(asked, Response(204, headers=[]))
    for resource in ("http://a.example/", "http://a.example?a", "/"):
        assert not tells_options(Request("OPTIONS", resource), response(b""))


def query(content: bytes, *fields: tuple[str, str]) -> Request:
    return Request("QUERY", "/a", headers=list(fields), content=content)


@pytest.mark.parametrize(("kind", "content", "expected"), [
    ("application/json", b"{}", False), ("application/x+json; a=b", b"select *", True), ("text/xml", b"<a/>", False),
    ("application/x+xml", b"select *", True), ("application/json", b"\xff", True),
    ("application/json", b"1" * 5000, False)])
def test_content_against_its_type(kind: str, content: bytes, expected: bool) -> None:
    assert contradicts_type(query(content, ("Content-Type", kind))) is expected


def test_what_content_cannot_contradict() -> None:
    for request in (query(b"x"), query(b"", ("Content-Type", "application/json")),
                    query(b"x", ("Content-Type", "a/b"))):
        with pytest.raises(NotApplicable):
            contradicts_type(request)
    json = ("Content-Type", "application/json")
    for request in (query(b"x", json, ("Content-Encoding", "gzip")), query(b"[" * 200_000, json),
                    query(b"x" * 2_000_000, json)):
        with pytest.raises(NotEvaluated):
            contradicts_type(request)


def described(**fields: str) -> Response:
    return Response(200, headers=[(name.replace("_", "-"), value) for name, value in fields.items()])


@pytest.mark.parametrize(("now", "before"), [
    ({"ETag": '"a"'}, {"ETag": '"a"'}),
    ({"ETag": '"a"', "Last-Modified": LATER}, {"ETag": '"a"', "Last-Modified": THEN}),
    ({"Last-Modified": THEN}, {"Last-Modified": THEN, "Date": "Tue, 01 Jul 2025 12:01:00 GMT"}),
])
def test_same_representation(now: dict[str, str], before: dict[str, str]) -> None:
    assert fields_of_get_only(described(**now), described(**before, Content_Language="en")) == ("Content-Language",)


@pytest.mark.parametrize(("now", "before"), [
    ({}, {}),
    ({"ETag": '"a"'}, {"ETag": '"b"'}),
    ({"ETag": 'W/"a"'}, {"ETag": 'W/"a"'}),
    ({"ETag": '"a"', "Last-Modified": THEN}, {"Last-Modified": THEN}),
    ({"Last-Modified": THEN}, {"Last-Modified": THEN}),
    ({"Last-Modified": THEN}, {"Last-Modified": THEN, "Date": "Tue, 01 Jul 2025 12:00:59 GMT"}),
    ({"Last-Modified": THEN, "Date": LATER}, {"Last-Modified": THEN, "Date": THEN}),
    ({"Last-Modified": LATER}, {"Last-Modified": THEN, "Date": LATER}),
    ({"ETag": '"a"', "Content-Encoding": "gzip"}, {"ETag": '"a"'}),
    ({"ETag": "a"}, {"ETag": "a"}),
])
def test_not_known_to_be_the_same_representation(now: dict[str, str], before: dict[str, str]) -> None:
    with pytest.raises(NotEvaluated):
        fields_of_get_only(described(**now), described(**before))


@pytest.mark.parametrize(("target", "without"), [
    ("example.com:443", False), ("[::1]:443", False), ("[::1]", False), ("example.com", False), ("a:65535", False),
    ("https://example.com:x/", False), ("a:0000443", False),
    ("example.com:", True), ("[::1]:", True), ("a:65536", True), ("a:4 43", True), ("a:-1", True), ("a:99999999", True),
    ("a:\u0663", True),
])
def test_names_no_port(target: str, without: bool) -> None:
    assert names_no_port(target) is without

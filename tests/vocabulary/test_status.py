from __future__ import annotations

import pytest

from httplint.grammar.rfc9110 import Protocol, RangeSpec
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Request, Response
from httplint.vocabulary.status import (
    has_content,
    header_octets,
    in_use,
    invalid_host,
    mentions,
    names_versions,
    other_meaning,
    registered_method,
    registered_status,
    restricts,
    satisfiable,
    used_by,
)


def test_content() -> None:
    assert has_content(Response(404, content=b"x"))
    assert not has_content(Response(404, content=b""))
    with pytest.raises(NotEvaluated):
        has_content(Response(404))


def test_registry_of_codes() -> None:
    codes = (100, 200, 226, 306, 418, 451, 511, 299, 420, 520, 599, 600, 0, -1)
    assert [code for code in codes if registered_status(code)] == [100, 200, 226, 306, 418, 451, 511]


def test_who_uses_an_unregistered_code() -> None:
    assert used_by(520).startswith("; Cloudflare: ")
    assert used_by(420).count(";") == 2
    assert used_by(471) == ""
    assert used_by(404) == ""


@pytest.mark.parametrize(("status", "reason", "expected"), [
    (200, "OK", ()), (200, "ok", ()), (200, "Not Found", (404,)), (404, "ok", (200,)), (302, "Moved Temporarily", ()),
    (404, "", ()), (404, None, ()), (520, "Not Found", ()), (413, "Payload Too Large", ()), (306, "(Unused)", ()),
    (418, "(Unused)", ()),
])
def test_phrases_of_other_codes(status: int, reason: str | None, expected: tuple[int, ...]) -> None:
    assert other_meaning(Response(status, reason=reason)) == expected


def test_registry_of_methods() -> None:
    methods = ("GET", "PROPFIND", "QUERY", "get", "FROB", "")
    assert [method for method in methods if registered_method(method)] == ["GET", "PROPFIND", "QUERY"]


@pytest.mark.parametrize(("headers", "expected"), [
    ([], False), ([("Accept", "*/*")], False), ([("Accept", "text/html, */*;q=0.1")], False), ([("Accept", "")], False),
    ([("Accept", "text/html")], True), ([("Accept", "*/*, text/html;q=0")], True), ([("Accept", "*/*;q=0")], True),
    ([("Accept", "html")], True), ([("Accept-Language", "de")], True), ([("Accept-Encoding", "gzip")], True),
    ([("X-Accept-Version", "2")], True), ([("Api-Version", "2")], True), ([("Prefer", "x")], True),
    ([("Negotiate", "x")], True), ([("User-Agent", "x"), ("Host", "a")], False),
])
def test_restricts(headers: list[tuple[str, str]], expected: bool) -> None:
    assert restricts(Request("GET", "/", headers=headers)) == expected


@pytest.mark.parametrize(("first", "last", "complete", "expected"), [
    (0, None, 1, True), (0, None, 0, False), (9, 9, 10, True), (10, None, 10, False), (5, 99, 10, True),
    (None, 5, 10, True), (None, 50, 10, True), (None, 0, 10, False), (None, 5, 0, False), (None, None, 10, False),
])
def test_satisfiable(first: int | None, last: int | None, complete: int, expected: bool) -> None:
    assert satisfiable(RangeSpec(first, last), complete) == expected


@pytest.mark.parametrize(("name", "version", "current", "expected"), [
    ("HTTP", "1.1", "1.1", True), ("http", None, "1.1", True), ("HTTP", "2.0", "2", True), ("HTTP", "1.0", "1.0", True),
    ("HTTP", "1.1", "1.0", False), ("HTTP", "2.0", "1.1", False), ("websocket", None, "1.1", False),
    ("h2c", None, "2", False),
])
def test_in_use(name: str, version: str | None, current: str, expected: bool) -> None:
    assert in_use(Protocol(name, version), current) == expected


@pytest.mark.parametrize(("content", "expected"), [
    (b"use HTTP/1.1", True), (b"Only http2 here", True), (b"speak h2 or h3", True), (b"supported versions: 1.1", True),
    (b"wrong version", False), (b"", False), (None, False), (b"error 505", False), (b"https://a.example", False),
])
def test_names_versions(content: bytes | None, expected: bool) -> None:
    assert names_versions(Response(505, content=content)) == expected


def test_names_versions_in_encoded_content() -> None:
    with pytest.raises(NotEvaluated):
        names_versions(Response(505, headers=[("Content-Encoding", "gzip")], content=b"x"))


@pytest.mark.parametrize(("headers", "expected"), [
    ([("Host", "a")], False), ([("Host", "")], False), ([("Host", "a:80")], False), ([("Host", "[::1]")], False),
    ([("Host", "a/b")], True), ([("Host", "a"), ("host", "a")], True), ([("Host", "a b")], True),
])
def test_invalid_host(headers: list[tuple[str, str]], expected: bool) -> None:
    assert invalid_host(Request("GET", "/", headers=headers)) == expected


def test_without_host_there_is_nothing_to_judge() -> None:
    with pytest.raises(NotApplicable):
        invalid_host(Request("GET", "/"))


def test_header_octets() -> None:
    """As "A: bc" with its line end takes them."""
    assert header_octets(Request("GET", "/", headers=[("A", "bc"), ("D", "")])) == 7 + 5


def test_mentions() -> None:
    page = Response(511, content=b'<A Href="HTTP://a.example/">x</A>')
    assert mentions(page, "http")
    assert mentions(page, "href=http:")
    assert not mentions(page, "form")
    assert not mentions(Response(511, content=b""), "http")
    with pytest.raises(NotEvaluated):
        mentions(Response(511), "http")

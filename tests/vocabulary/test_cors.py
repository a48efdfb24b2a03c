from __future__ import annotations

import pytest

from httplint.model.evidence import NotApplicable
from httplint.model.message import Request, Response
from httplint.vocabulary import cors


def request(origin: str | None, target: str = "https://a.example/", *fields: tuple[str, str]) -> Request:
    lines = [("Host", "a.example"), *fields]
    return Request("GET", target, headers=lines if origin is None else [*lines, ("Origin", origin)])


def answer(*fields: tuple[str, str]) -> Response:
    return Response(200, headers=list(fields))


@pytest.mark.parametrize(("asked", "expected"), [
    (request("https://a.example"), False), (request("https://b.example"), True), (request("http://a.example"), True),
    (request("https://a.example:8443"), True), (request("https://a.example", "https://a.example:443/"), False),
    (request("https://a.example:8443", "https://a.example:8443/"), False), (request("null"), True),
    (request("https://www.a.example"), True), (request("https://a.example", "/"), False),
    (request("https://b.example", "https://a.example/", ("Sec-Fetch-Site", "same-origin")), False),
    (request("http://[::1]:3000", "http://[::1]:3000/"), False), (request("http://[::1]", "http://[::1]/"), False),
])
def test_cross_origin(asked: Request, expected: bool) -> None:
    assert cors.cross_origin(asked) is expected


def test_without_origin() -> None:
    with pytest.raises(NotApplicable):
        cors.cross_origin(request(None))


@pytest.mark.parametrize(("origin", "expected"), [
    ("https://www.a.example", True), ("http://a.example:8080", True), ("https://b.example", False), ("null", False)])
def test_related(origin: str, expected: bool) -> None:
    assert cors.related(request(origin, "https://api.a.example/")) is expected


@pytest.mark.parametrize(("origin", "port"), [
    ("https://a.example:443", "443"), ("http://a.example:80", "80"), ("https://a.example:80", ""),
    ("https://a.example", ""),
    ("http://[::80]", ""), ("*", ""), ("null", "")])
def test_default_port(origin: str, port: str) -> None:
    assert cors.default_port(origin) == port


@pytest.mark.parametrize(("wanted", "allowed", "refused"), [
    ("PUT", "GET, PUT", ""), ("PUT", "GET", "PUT"), ("PATCH", "patch", "PATCH"), ("PUT", "*", ""),
    ("POST", None, ""), ("PUT", None, "PUT"),
    ("DELETE", "", "DELETE")])
def test_refused_method(wanted: str, allowed: str | None, refused: str) -> None:
    response = answer(*() if allowed is None else (("Access-Control-Allow-Methods", allowed),))
    asked = request("https://b.example", "https://a.example/", ("Access-Control-Request-Method", wanted))
    assert cors.refused_method(asked, response) == refused


@pytest.mark.parametrize(("wanted", "allowed", "refused"), [
    ("content-type,x-id", "X-ID, Content-Type", ()), ("x-id", "x-other", ("x-id",)),
    ("x-id,authorization", "*", ("authorization",)),
    ("authorization", "*, Authorization", ()), ("x-id", None, ("x-id",))])
def test_refused_headers(wanted: str, allowed: str | None, refused: tuple[str, ...]) -> None:
    response = answer(*() if allowed is None else (("Access-Control-Allow-Headers", allowed),))
    asked = request("https://b.example", "https://a.example/", ("Access-Control-Request-Headers", wanted))
    assert cors.refused_headers(asked, response) == refused


def test_a_preflight_that_asks_for_nothing() -> None:
    for function in (cors.refused_method, cors.refused_headers):
        with pytest.raises(NotApplicable):
            function(request("https://b.example"), answer())


def test_miscased() -> None:
    assert cors.miscased(("GET", "put", "Patch", "fetch-it", "*")) == ("put", "Patch")


@pytest.mark.parametrize(("vary", "expected"), [
    ("Origin", True), ("Accept, ORIGIN", True), ("*", True), ("Accept", False), ("", False)])
def test_varies_by(vary: str, expected: bool) -> None:
    assert cors.varies_by(answer(("Vary", vary)), "Origin") is expected
    assert not cors.varies_by(answer(), "Origin")


def test_other_answer() -> None:
    one = answer(("Access-Control-Allow-Origin", "https://b.example"))
    two = answer(("Access-Control-Allow-Origin", "*"))
    assert cors.other_answer(one, two)
    assert cors.other_answer(one, answer())
    assert cors.other_answer(answer(), one)
    assert not cors.other_answer(one, one)
    with pytest.raises(NotApplicable):
        cors.other_answer(answer(), answer())


@pytest.mark.parametrize(("fields", "expected"), [
    ((("Cache-Control", "max-age=60"),), True), ((("Cache-Control", "s-maxage=60"),), True),
    ((("Cache-Control", "public"),), True),
    ((("Cache-Control", "no-cache"),), False), ((("Cache-Control", "no-cache"), ("ETag", '"a"')), True),
    ((("Cache-Control", "no-store, max-age=60"), ("ETag", '"a"')), False), ((("Expires", "0"),), True), ((), False)])
def test_reusable(fields: tuple[tuple[str, str], ...], expected: bool) -> None:
    assert cors.reusable(answer(*fields)) is expected


def test_unknown_types() -> None:
    assert cors.unknown_types(("cache", "Cookies", "localStorage", "*")) == ("Cookies", "localStorage")

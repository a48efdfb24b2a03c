from __future__ import annotations

import pytest

from httplint.grammar.rfc9110 import Challenge, challenges
from httplint.model.message import Request
from httplint.vocabulary.auth import (
    anonymous,
    bearer_status,
    misquoted,
    odd_characters,
    origin_form,
    repeated_algorithms,
    repeated_parameters,
    utf8,
)


def one(value: str) -> Challenge:
    (found,) = challenges(value)
    return found


@pytest.mark.parametrize(("value", "expected"), [
    ('Basic realm="a"', ()), ('Basic realm="a", REALM="b"', ("realm",)), ("Negotiate abc==", ()), ("Basic", ()),
    ('A c=1, b=1, c=2, b=2, b=3', ("b", "c")),
])
def test_repeated_parameters(value: str, expected: tuple[str, ...]) -> None:
    assert repeated_parameters(one(value)) == expected


@pytest.mark.parametrize(("value", "expected"), [
    ('Digest realm="a", nonce="b", qop="auth", algorithm=MD5, stale=true, userhash=true, charset=UTF-8', ()),
    ('digest realm=a, nonce=b, opaque=c, domain=d, qop=auth', ("nonce", "opaque", "domain", "qop")),
    ('Digest algorithm="MD5", stale="FALSE"', ("algorithm", "stale")),
    ('Newauth nonce=b, algorithm="MD5"', ()),
])
def test_misquoted(value: str, expected: tuple[str, ...]) -> None:
    assert misquoted(one(value)) == expected


@pytest.mark.parametrize(("value", "expected"), [
    ('Digest realm="a", algorithm=MD5, Digest realm="a", algorithm=SHA-256', ()),
    ('Digest realm="a", algorithm=md5, Digest realm="a"', ("MD5",)),
    ('Digest realm="a", Digest realm="b"', ()), ('Basic realm="a", Basic realm="a"', ()), ("", ()),
])
def test_repeated_algorithms(value: str, expected: tuple[str, ...]) -> None:
    assert repeated_algorithms(challenges(value)) == expected


@pytest.mark.parametrize(("value", "expected"), [
    ('Bearer error="invalid_token", error_description="it\'s over", scope="a b:c"', ()),
    ('Bearer error_description="a \\"b\\""', ("error_description",)), ('bearer scope="a\\\\b"', ("scope",)),
    ('Bearer error_uri="/a b"', ("error_uri",)), ('Bearer realm="a \\"b\\""', ()), ('Newauth error="a\\"b"', ()),
    ('Bearer error="\xe9"', ("error",)),
])
def test_odd_characters(value: str, expected: tuple[str, ...]) -> None:
    assert odd_characters(one(value)) == expected


def test_charset_of_basic() -> None:
    assert [utf8(None), utf8("utf-8"), utf8("UTF-8"), utf8("latin-1"), utf8("UTF8")] == [True, True, True, False, False]


@pytest.mark.parametrize(("value", "expected"), [
    ('Bearer error="invalid_request"', 400), ('Bearer error="invalid_token"', 401),
    ('BEARER error="insufficient_scope"', 403), ('Bearer error="other"', None), ('Bearer realm="a"', None),
    ('Newauth error="invalid_token"', None),
])
def test_status_of_bearer_errors(value: str, expected: int | None) -> None:
    assert bearer_status(one(value)) == expected


@pytest.mark.parametrize(("target", "version", "expected"), [
    ("/a", "1.1", True), ("/", "1.0", True), ("http://a/", "1.1", False), ("a:443", "1.1", False), ("*", "1.1", False),
    ("/a", "2", False), ("/a", None, False),
])
def test_origin_form(target: str, version: str | None, expected: bool) -> None:
    assert origin_form(Request("GET", target, version)) == expected


@pytest.mark.parametrize(("target", "headers", "content", "expected"), [
    ("/", [], None, True), ("/", [("Accept", "*/*")], b"a=b", True), ("/", [("authorization", "x")], None, False),
    ("/", [("Cookie", "a=b")], None, False), ("/?access_token=x", [], None, False),
    ("/", [], b"access_token=x", False), ("/", [("DPoP", "x")], None, False),
    ("/", [("X-Api-Key", "x")], None, False), ("/", [("X-Access-Token", "x")], None, False),
])
def test_anonymous(target: str, headers: list[tuple[str, str]], content: bytes | None, expected: bool) -> None:
    assert anonymous(Request("POST", target, headers=headers, content=content)) == expected

"""Expected content, accepted codings, and whether two responses are about the same."""
from __future__ import annotations

import pytest

from httplint.grammar.rfc9110 import accept_tokens
from httplint.model.evidence import NotEvaluated
from httplint.model.message import Request, Response
from httplint.vocabulary.content import (
    awaits_continue,
    expects_continue,
    fields_of_get_only,
    names_no_port,
    refused_codings,
)

THEN, LATER = "Tue, 01 Jul 2025 12:00:00 GMT", "Wed, 02 Jul 2025 12:00:00 GMT"


def post(version: str = "1.1", **fields: str) -> Request:
    return Request("POST", "/", version, headers=_lines(fields))


def response(**fields: str) -> Response:
    return Response(200, headers=_lines(fields))


def _lines(fields: dict[str, str]) -> list[tuple[str, str]]:
    return [(name.replace("_", "-"), value) for name, value in fields.items()]


def test_expects_continue() -> None:
    assert expects_continue(post(Expect="100-Continue"))
    assert expects_continue(post(Expect="foo=bar, 100-continue"))
    assert not expects_continue(post(Expect="100-continue=yes"))
    assert not expects_continue(post())
    with pytest.raises(NotEvaluated):
        expects_continue(post(Expect="100 continue"))


def test_awaits_continue() -> None:
    assert awaits_continue(post(Expect="100-continue", Content_Length="3"))
    assert awaits_continue(post(Expect="100-continue", Transfer_Encoding="chunked"))
    assert not awaits_continue(post(Expect="100-continue", Content_Length="0"))
    assert not awaits_continue(post(Expect="100-continue"))
    assert not awaits_continue(post(Content_Length="3"))
    assert not awaits_continue(post("1.0", Expect="100-continue", Content_Length="3"))
    assert not awaits_continue(Request("POST", "/", headers=None))


@pytest.mark.parametrize(("accepted", "codings", "refused"), [
    ("gzip", ("gzip",), ()),
    ("gzip", ("x-gzip",), ()),
    ("x-compress", ("compress",), ()),
    ("gzip;q=0.001", ("gzip",), ()),
    ("*", ("br",), ()),
    ("gzip", ("br",), ("br",)),
    ("gzip;q=0, *", ("gzip",), ("gzip",)),
    ("gzip, *;q=0", ("gzip", "br"), ("br",)),
    ("identity", ("gzip",), ("gzip",)),
    ("identity;q=0", ("identity",), ()),
    ("", ("gzip",), ()),                                    # wants none, which is another rule
    ("gzip", (), ()),
])
def test_refused_codings(accepted: str, codings: tuple[str, ...], refused: tuple[str, ...]) -> None:
    assert refused_codings(codings, accept_tokens(accepted)) == refused


@pytest.mark.parametrize(("now", "before"), [
    ({"ETag": '"a"'}, {"ETag": '"a"'}),
    ({"ETag": '"a"', "Last-Modified": LATER}, {"ETag": '"a"', "Last-Modified": THEN}),
    ({"Last-Modified": THEN}, {"Last-Modified": THEN, "Date": "Tue, 01 Jul 2025 12:01:00 GMT"}),
])
def test_same_representation(now: dict[str, str], before: dict[str, str]) -> None:
    assert fields_of_get_only(response(**now), response(**before, Content_Language="en")) == ("Content-Language",)


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
        fields_of_get_only(response(**now), response(**before))


@pytest.mark.parametrize(("target", "without"), [
    ("example.com:443", False), ("[::1]:443", False), ("[::1]", False), ("example.com", False), ("a:65535", False),
    ("https://example.com:x/", False), ("a:0000443", False),
    ("example.com:", True), ("[::1]:", True), ("a:65536", True), ("a:4 43", True), ("a:-1", True), ("a:99999999", True),
    ("a:\u0663", True),
])
def test_names_no_port(target: str, without: bool) -> None:
    assert names_no_port(target) is without

from __future__ import annotations

import pytest

from httplint.engine.case import Variant
from httplint.engine.functions.variants import coded_as, coded_on_demand, same_octets, shares_tag, translated
from httplint.grammar.rfc9110 import EntityTag
from httplint.model.evidence import NotEvaluated
from httplint.model.message import Request, Response


def response(content: bytes | None = None, **fields: str) -> Response:
    return Response(200, headers=[(name.replace("_", "-"), value) for name, value in fields.items()], content=content)


def request(**fields: str) -> Request:
    return Request("GET", "/", headers=[(name.replace("_", "-"), value) for name, value in fields.items()])


def variant(mark: tuple[int, int] | None = None, asked: Request | None = None, **fields: str) -> Variant:
    return Variant(asked or request(), response(**fields), mark)


def test_shared_tags_are_strong_and_equal() -> None:
    strong, weak = EntityTag("1", False), EntityTag("1", True)
    assert shares_tag(strong, variant(ETag='"1"'))
    assert not shares_tag(weak, variant(ETag='W/"1"'))
    assert not shares_tag(strong, variant(ETag='W/"1"'))
    assert not shares_tag(strong, variant(ETag='"2"'))
    assert not shares_tag(strong, variant())


def test_codings() -> None:
    assert coded_as(response(), variant(Content_Encoding="identity"))
    assert coded_as(response(Content_Encoding="X-GZIP"), variant(Content_Encoding="gzip"))
    assert not coded_as(response(Content_Encoding="gzip, br"), variant(Content_Encoding="br, gzip"))
    with pytest.raises(NotEvaluated):
        coded_as(response(Content_Encoding="a b"), variant())


def test_octets_differ_by_length_or_beginning() -> None:
    assert same_octets(response(b""), variant((0, 0)))
    assert not same_octets(response(b"a"), variant((0, 0)))
    for unknown in ((response(b"a"), variant()), (response(), variant((0, 0)))):
        with pytest.raises(NotEvaluated):
            same_octets(*unknown)


def test_coded_on_demand() -> None:
    plain, coded = request(), request(Accept_Encoding="gzip")
    assert coded_on_demand(coded, response(Content_Encoding="gzip"), variant(asked=plain))
    assert coded_on_demand(plain, response(), variant(asked=coded, Content_Encoding="gzip"))
    assert not coded_on_demand(coded, response(Content_Encoding="gzip"), variant(asked=coded))
    assert not coded_on_demand(coded, response(Content_Encoding="gzip", Last_Modified="Tue, 01 Jul 2025 12:00:00 GMT"),
                               variant(asked=plain))


def test_translated() -> None:
    german, english = request(Accept_Language="de"), request(Accept_Language="en")
    assert translated(("de",), german, response(), variant(asked=english, Content_Language="en"))
    assert not translated(("en",), german, response(), variant(asked=english, Content_Language="en"))
    assert not translated(("de",), german, response(), variant(asked=english))
    assert not translated(("de",), german, response(), variant(asked=german, Content_Language="en"))

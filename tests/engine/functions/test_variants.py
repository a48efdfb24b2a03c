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


@pytest.mark.parametrize(("now", "got", "before", "had", "expected"), [
    ("br, gzip", "gzip", "gzip, br", None, False),         # both asked for it: something else decided
    ("gzip, br", "gzip", "gzip", None, False), ("gzip", "gzip", "br", "br", True), ("gzip", None, "br", "br", True),
    ("", None, "gzip", "gzip", True), ("gzip;q=0", None, "gzip", "gzip", True), ("*", None, "gzip", "gzip", False),
    ("x-gzip", "gzip", "gzip", None, False), ("br", "aws-chunked", "gzip", None, False),
    ("identity", None, "gzip, deflate", "deflate", True),
])
def test_codings_that_both_asked_for_prove_nothing(now: str, got: str | None, before: str, had: str | None,
                                                   expected: bool) -> None:
    coded = response(**({} if got is None else {"Content_Encoding": got}))
    earlier = variant(asked=request(Accept_Encoding=before), **({} if had is None else {"Content_Encoding": had}))
    assert coded_on_demand(request(Accept_Encoding=now), coded, earlier) is expected


def test_another_field_that_vary_names_may_have_decided() -> None:
    old = request(User_Agent="MSIE 6")
    new = request(User_Agent="Firefox", Accept_Encoding="gzip")
    for vary, expected in (("User-Agent", False), ("Accept-Encoding", True), ("Origin", True)):
        coded = response(Content_Encoding="gzip", Vary=vary)
        assert coded_on_demand(new, coded, variant(asked=old)) is expected
        assert coded_on_demand(old, response(), variant(asked=new, Content_Encoding="gzip", Vary=vary)) is expected
    german, english = (request(Accept_Language=one, Cookie=f"lang={one}") for one in ("de", "en"))
    for vary, expected in (("Cookie", False), ("Accept", True)):
        earlier = variant(asked=english, Content_Language="en")
        assert translated(("de",), german, response(Vary=vary), earlier) is expected


def test_what_a_malformed_request_asked_for_is_not_known() -> None:
    with pytest.raises(NotEvaluated):
        coded_on_demand(request(Accept_Encoding="a b"), response(), variant(Content_Encoding="gzip"))


def test_translated() -> None:
    german, english = request(Accept_Language="de"), request(Accept_Language="en")
    assert translated(("de",), german, response(), variant(asked=english, Content_Language="en"))
    assert not translated(("en",), german, response(), variant(asked=english, Content_Language="en"))
    assert not translated(("de",), german, response(), variant(asked=english))
    assert not translated(("de",), german, response(), variant(asked=german, Content_Language="en"))

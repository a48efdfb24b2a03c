from __future__ import annotations

import pytest

from httplint.model.evidence import NotEvaluated
from httplint.model.message import Request, Response
from httplint.vocabulary.knowledge import Variant
from httplint.vocabulary.variants import asked_alike, coded_on_demand, translated


def response(content: bytes | None = None, **fields: str) -> Response:
    return Response(200, headers=[(name.replace("_", "-"), value) for name, value in fields.items()], content=content)


def request(**fields: str) -> Request:
    return Request("GET", "/", headers=[(name.replace("_", "-"), value) for name, value in fields.items()])


def variant(asked: Request | None = None, **fields: str) -> Variant:
    return Variant(asked or request(), response(**fields))


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


def test_requests_are_alike_whatever_the_order_of_their_fields() -> None:
    asked = Request("GET", "/", headers=[("Host", "a.example"), ("Accept", "a/b"), ("Accept", "c/d")])
    assert asked_alike(asked, variant(Request("GET", "/", headers=[("accept", "a/b"), ("host", "a.example"),
                                                                   ("accept", "c/d")])))
    assert not asked_alike(asked, variant(Request("GET", "/", headers=[("host", "a.example"), ("accept", "c/d"),
                                                                       ("accept", "a/b")])))
    assert not asked_alike(asked, variant(request(Host="a.example")))
    assert not asked_alike(request(Host="a.example"), variant(asked))
    assert not asked_alike(request(Host="a.example"), variant(request(Host="b.example")))

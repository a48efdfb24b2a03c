"""What conditional requests ask, and whether a stored response is the one that they ask about."""
from __future__ import annotations

import pytest

from httplint.grammar.rfc9110 import entity_tag, entity_tags
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Request, Response
from httplint.vocabulary.conditional import (
    conditions,
    dropped_metadata,
    invalid_date,
    needless_metadata,
    rewritten,
    standard_conditions,
    strongly_matched,
    weakly_matched,
)

THEN, LATER = "Tue, 01 Jul 2025 12:00:00 GMT", "Wed, 02 Jul 2025 12:00:00 GMT"


def get(target: str = "/", **fields: str) -> Request:
    return Request("GET", target, headers=_lines(fields))


def response(status: int = 304, **fields: str) -> Response:
    return Response(status, headers=_lines(fields))


def _lines(fields: dict[str, str]) -> list[tuple[str, str]]:
    return [(name.replace("_", "-"), value) for name, value in fields.items()]


@pytest.mark.parametrize("name", [
    "If-Match", "IF-NONE-MATCH", "if-modified-since", "If-Unmodified-Since", "If", "Overwrite", "If-Schedule-Tag-Match",
    "X-If-Modified-Since", "x-amz-copy-source-if-match", "x-goog-if-generation-match", "x-ms-blob-condition-maxsize",
    "x-ms-lease-id", "Tus-Resumable", "X-Expected-Version", "Lock-Token",
])
def test_conditions(name: str) -> None:
    assert conditions(Request("PUT", "/", headers=[("Host", "a"), (name, "x")])) == (name.lower(),)


@pytest.mark.parametrize("name", ["If-Range", "Host", "X-Specific", "Notification", "Conditional", "Unlif", "Release"])
def test_no_conditions(name: str) -> None:
    assert conditions(Request("PUT", "/", headers=[(name, "x")])) == ()


@pytest.mark.parametrize("part", [
    "if", "condition", "etag", "expected", "lease", "match", "precondition", "revision", "unless"])
def test_parts_of_names_that_tell_a_condition(part: str) -> None:
    assert conditions(Request("PUT", "/", headers=[(f"X-{part}-A", "x")])) == (f"x-{part}-a",)
    assert conditions(Request("PUT", "/", headers=[(f"X-{part}y-A", "x")])) == ()


def test_conditions_in_the_target() -> None:
    assert conditions(get("/b/o?alt=media&ifGenerationMatch=0")) == ("ifGenerationMatch",)
    assert conditions(get("/b/o?a&ifGenerationNotMatch=1", If_Match='"a"')) == ("if-match", "ifGenerationNotMatch")
    assert conditions(get("/b?iframe=1&if=2&shelf=3")) == ()
    assert conditions(Request("GET", "/?ifMatch=1", headers=None)) == ()


def test_beside_a_condition_of_an_extension_none_is_standard() -> None:
    assert standard_conditions(get()) == ()
    assert standard_conditions(get(If_None_Match="*", If_Range='"a"')) == ("if-none-match",)
    assert set(standard_conditions(get(If_Match="*", If_Unmodified_Since=THEN))) == {"if-match", "if-unmodified-since"}
    assert standard_conditions(get(If_None_Match="*", If="(<urn:a>)")) == ()
    assert standard_conditions(get("/?ifGenerationMatch=0", If_None_Match="*")) == ()


@pytest.mark.parametrize(("listed", "tag", "weakly", "strongly"), [
    ('"1"', '"1"', True, True),                            # table 3 of §8.8.3.2
    ('W/"1"', '"1"', True, False),
    ('W/"1"', 'W/"1"', True, False),
    ('W/"1"', 'W/"2"', False, False),
    ('"1"', 'W/"1"', True, False),
    ('"2", W/"1"', '"1"', True, False),
    ('"2", "1"', '"1"', True, True),
    ('"a"', '"A"', False, False),
    ('""', '""', True, True),
    ("*", 'W/"1"', True, True),
    ("", '"1"', False, False),
])
def test_comparison(listed: str, tag: str, weakly: bool, strongly: bool) -> None:
    assert weakly_matched(entity_tags(listed), entity_tag(tag)) is weakly
    assert strongly_matched(entity_tags(listed), entity_tag(tag)) is strongly


@pytest.mark.parametrize(("listed", "tag", "may"), [
    ('"a"', 'W/"a"', True),
    ('"b", "a"', '"a-gzip"', True),
    ('"a"', '"a;br"', True),
    ('"a"', '"a--gzip"', True),
    ('"a-gzip"', '"a"', False),
    ('"a"', '"a-1"', False),
    ('"a"', 'W/"b"', False),
    ('W/"a"', 'W/"a"', False),
    ("*", 'W/"a"', False),
])
def test_a_tag_that_was_rewritten_on_the_way(listed: str, tag: str, may: bool) -> None:
    assert rewritten(entity_tags(listed), entity_tag(tag)) is may


@pytest.mark.parametrize(("value", "invalid"), [
    (THEN, False),
    ("Tuesday, 01-Jul-25 12:00:00 GMT", False),
    ("Tue Jul  1 12:00:00 2025", False),
    ("Mon, 01 Jul 2025 12:00:00 GMT", False),              # fits the grammar: servers do not look at the weekday
    ("Monday, 01-Jul-25 12:00:00 GMT", False),
    ("Tuesday, 01 Jul 2025 12:00:00 GMT", True),
    ("tue, 01 Jul 2025 12:00:00 GMT", True),
    ("Tue, 1 Jul 2025 12:00:00 GMT", True),
    ("Tue, 01 Jul 2025 12:00:00 UTC", True),
    (f"{THEN}; length=5", True),
    (f"{THEN}, {LATER}", True),
    ("2025-07-01T12:00:00Z", True),
    ("1751371200", True),
    ("", True),
])
def test_invalid_date(value: str, invalid: bool) -> None:
    assert invalid_date(get(If_Modified_Since=value), "If-Modified-Since") is invalid


def test_a_date_that_cannot_be_judged() -> None:
    with pytest.raises(NotApplicable):
        invalid_date(get(), "If-Modified-Since")
    with pytest.raises(NotApplicable):
        invalid_date(Request("GET", "/", headers=None), "If-Modified-Since")
    twice = Request("GET", "/", headers=[("If-Modified-Since", THEN), ("If-Modified-Since", LATER)])
    with pytest.raises(NotEvaluated, match="several lines"):
        invalid_date(twice, "If-Modified-Since")


def test_metadata_that_a_304_dropped() -> None:
    stored = response(200, ETag='"a"', Cache_Control="max-age=1", Expires=THEN, Vary="accept", Content_Location="/a",
                      Date=THEN, Content_Type="text/plain")
    asked = get(If_None_Match='W/"a"')
    assert dropped_metadata(asked, response(), stored) == ("Cache-Control", "Content-Location", "Expires", "Vary")
    assert dropped_metadata(asked, response(expires="0", vary="", cache_control="no-cache"), stored) == (
        "Content-Location",)
    assert dropped_metadata(get(If_None_Match="*"), response(), response(200, ETag='"a"')) == ()


def test_the_etag_counts_as_dropped_only_where_no_tag_was_asked_for() -> None:
    stored = response(200, ETag='"a"', Last_Modified=THEN)
    assert dropped_metadata(get(If_Modified_Since=THEN), response(), stored) == ("ETag",)
    assert dropped_metadata(get(If_None_Match='"a"'), response(), stored) == ()


@pytest.mark.parametrize(("request_", "answer", "stored"), [
    (get(If_None_Match='"b"'), response(), response(200, ETag='"a"', Vary="a")),
    (get(If_None_Match='"a", "b"'), response(ETag='"b"'), response(200, ETag='"a"', Vary="a")),
    (get(If_None_Match='"a"', If_Modified_Since=THEN), response(), response(200, Last_Modified=THEN, Vary="a")),
    (get(If_None_Match="a"), response(), response(200, ETag='"a"', Vary="a")),
    (get(If_Modified_Since=LATER), response(), response(200, Last_Modified=THEN, Vary="a")),
    (get(If_Modified_Since=THEN), response(ETag='"b"'), response(200, Last_Modified=THEN, ETag='"a"', Vary="a")),
    (get(), response(), response(200, Vary="a")),
])
def test_another_200_proves_nothing(request_: Request, answer: Response, stored: Response) -> None:
    with pytest.raises(NotEvaluated):
        dropped_metadata(request_, answer, stored)


def test_needless_metadata() -> None:
    assert needless_metadata(response(content_type="a/b", ETag='"a"', Content_Encoding="gzip")) == (
        "Content-Type", "Content-Encoding")
    assert needless_metadata(response(ETag='"a"', Last_Modified=THEN, Content_Length="5")) == ()
    assert needless_metadata(Response(304, headers=None)) == ()

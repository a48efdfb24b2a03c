"""What a request for ranges allows a response to contain, and what a 206 contains."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.grammar.content import BodyPart
from httplint.grammar.rfc9110 import content_range, ranges
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.fields import Fields
from httplint.model.message import Request, Response
from httplint.vocabulary.ranges import (
    MANY,
    OVERHEAD,
    RangedPart,
    asked_for,
    asks_for_a_part,
    asks_for_disjoint,
    asks_for_ranges,
    asks_for_several,
    byteranges,
    byteranges_flaw,
    complete_lengths,
    disjoint,
    has_some_of,
    if_range_holds,
    in_parts,
    in_requested_order,
    labelled_parts,
    part_of,
    partial_without_206,
    range_flaw,
    range_length,
    ranged_parts,
    repeated_metadata,
    same_unit,
    unsatisfiable,
)

THEN, LATER = "Tue, 01 Jul 2025 12:00:00 GMT", "Wed, 02 Jul 2025 12:00:00 GMT"


def get(**fields: str) -> Request:
    return Request("GET", "/", headers=_lines(fields))


def response(**fields: str) -> Response:
    return Response(206, headers=_lines(fields))


def holding(content: bytes, **fields: str) -> Response:
    return Response(206, headers=_lines(fields), content=content)


def _lines(fields: dict[str, str]) -> list[tuple[str, str]]:
    return [(name.replace("_", "-"), value) for name, value in fields.items()]


def multipart(content: bytes, boundary: str = "b", **fields: str) -> Response:
    return holding(content, Content_Type=f"multipart/byteranges; boundary={boundary}", **fields)


def parts(*values: str) -> tuple[RangedPart, ...]:
    return tuple(RangedPart(number, content_range(value), 0) for number, value in enumerate(values, 1))


def test_presence_and_number_of_ranges() -> None:
    assert asks_for_ranges(get(Range="bytes=0-1"))
    assert asks_for_ranges(get(Range="no ranges at all"))
    assert asks_for_ranges(get(x_ms_range="bytes=0-1"))
    assert not asks_for_ranges(get(If_Range='"a"', Content_Range="bytes 0-1/9", X_Arrange="a"))
    assert not asks_for_ranges(Request("GET", "/", headers=None))
    assert asks_for_several(ranges("bytes=0-1,4-5"))
    assert not asks_for_several(ranges("bytes=0-1, ,"))


def test_units() -> None:
    assert same_unit(ranges("Bytes=0-1"), content_range("bytes 0-1/9"))
    assert same_unit(ranges("lines=1.5"), content_range("LINES 1.5/9"))
    assert not same_unit(ranges("bytes=0-1"), content_range("items 0-1/9"))


@pytest.mark.parametrize(("asked", "sent"), [
    ("bytes=0-499", "bytes 0-499/1234"),
    ("bytes=0-499", "bytes 100-199/1234"),                  # less than asked for
    ("bytes=0-499", "bytes 0-8/9"),                         # the representation is shorter
    ("bytes=0-499", "bytes 0-499/*"),
    ("bytes=5-", "bytes 5-8/9"),
    ("bytes=5-", "bytes 5-999999999999/*"),                 # a live stream, RFC 8673
    ("bytes=-5", "bytes 4-8/9"),
    ("bytes=-500", "bytes 0-8/9"),
    ("bytes=0-1,4-5", "bytes 4-5/9"),
    ("bytes=0-1,4-5", "bytes 0-5/9"),                       # joined, the gap is small
    ("bytes=4-5,0-1", "bytes 0-5/9"),                       # in whatever order
    ("bytes=4-8,0-5", "bytes 0-8/9"),                       # overlapping
    ("bytes=0-8,2-3,5-6", "bytes 0-8/9"),
    ("bytes=0-0,-1", "bytes 0-80/81"),
    ("bytes=0-1,900-", "bytes 0-1/9"),                      # the other one is unsatisfiable
])
def test_asked_for(asked: str, sent: str) -> None:
    assert asked_for(ranges(asked), content_range(sent))


@pytest.mark.parametrize(("asked", "sent"), [
    ("bytes=0-1", "bytes 0-2/9"),
    ("bytes=1-2", "bytes 0-2/9"),
    ("bytes=5-", "bytes 0-8/9"),
    ("bytes=-5", "bytes 3-8/9"),
    ("bytes=-0", "bytes 0-8/9"),                            # unsatisfiable
    ("bytes=9-", "bytes 0-8/9"),
    ("bytes=0-1,4-5", "bytes 6-7/9"),
    ("bytes=0-1,4-5", "bytes 0-8/9"),
    (f"bytes=0-1,{OVERHEAD + 3}-{OVERHEAD + 4}", f"bytes 0-{OVERHEAD + 4}/9999"),
])
def test_not_asked_for(asked: str, sent: str) -> None:
    assert not asked_for(ranges(asked), content_range(sent))


def test_some_of_what_was_asked_for() -> None:
    for asked, sent in (("bytes=0-1", "bytes 0-8/9"), ("bytes=0-1,4-5", "bytes 5-8/9"), ("bytes=-5", "bytes 0-4/9"),
                        ("bytes=5-", "bytes 0-5/*")):
        assert has_some_of(ranges(asked), content_range(sent))
    for asked, sent in (("bytes=0-1,4-5", "bytes 2-3/9"), ("bytes=9-", "bytes 0-8/9"), ("bytes=-4", "bytes 0-4/9")):
        assert not has_some_of(ranges(asked), content_range(sent))
    for asked, sent in (("items=0-1", "bytes 0-1/9"), ("bytes=0-1", "bytes */9")):
        with pytest.raises(NotApplicable):
            has_some_of(ranges(asked), content_range(sent))


def test_gaps_are_joined_up_to_the_overhead() -> None:
    asked = ranges(f"bytes=0-1,{OVERHEAD + 2}-{OVERHEAD + 3}")
    assert asked_for(asked, content_range(f"bytes 0-{OVERHEAD + 3}/9999"))


@pytest.mark.parametrize(("asked", "sent"), [
    ("items=0-1", "items 0-1/9"), ("bytes=0-1", "items 0-1/9"), ("items=0-1", "bytes 0-1/9"),
    ("bytes=0-1", "bytes */9"), ("bytes=0-1", "bytes 1-0/9"), ("bytes=0-1", "bytes 0-9/9"),
])
def test_nothing_is_said_of_other_units_and_invalid_ranges(asked: str, sent: str) -> None:
    with pytest.raises(NotApplicable):
        asked_for(ranges(asked), content_range(sent))


@pytest.mark.parametrize(("asked", "sent"), [
    ("bytes=5-1", "bytes 0-1/9"), ("bytes=-5", "bytes 4-8/*"),
    ("bytes=" + ",".join(["0-1"] * (MANY + 1)), "bytes 0-1/9"),
])
def test_some_requests_are_not_judged(asked: str, sent: str) -> None:
    with pytest.raises(NotEvaluated):
        asked_for(ranges(asked), content_range(sent))


positions = st.integers(0, 60)


@given(st.lists(st.tuples(positions, positions).map(sorted), min_size=1, max_size=5), positions, positions)
def test_asked_for_agrees_with_sets(wanted: list[list[int]], first: int, last: int) -> None:
    """Without gaps that may be joined: every position 1000 apart from the next."""
    first, last = sorted((first, last))
    asked = ranges("bytes=" + ",".join(f"{one * 1000}-{other * 1000}" for one, other in wanted))
    covered = {place for one, other in wanted for place in range(one * 1000, other * 1000 + 1)}
    sent = content_range(f"bytes {first * 1000}-{last * 1000}/100000")
    assert asked_for(asked, sent) == covered.issuperset(range(first * 1000, last * 1000 + 1))


def test_parts_of_a_representation() -> None:
    assert asks_for_a_part(ranges("bytes=1-"), 9)
    assert asks_for_a_part(ranges("bytes=0-7"), 9)
    assert asks_for_a_part(ranges("bytes=-8"), 9)
    for asked in ("bytes=0-", "bytes=0-8", "bytes=0-99", "bytes=-9", "bytes=-99", "bytes=9-", "bytes=-0", "bytes=5-1",
                  "bytes=0-1,4-5", "items=0-1"):
        assert not asks_for_a_part(ranges(asked), 9)


def test_unsatisfiable() -> None:
    for asked in ("bytes=9-", "bytes=9-99", "bytes=-0", "bytes=9-10,11-"):
        assert unsatisfiable(ranges(asked), 9)
    for asked in ("bytes=8-", "bytes=-1", "bytes=9-,0-", "bytes=9-5", "items=9-"):
        assert not unsatisfiable(ranges(asked), 9)
    assert not unsatisfiable(ranges("bytes=0-"), 0)


@pytest.mark.parametrize(("condition", "fields", "holds"), [
    ('"a"', {"ETag": '"a"'}, True),
    ('"a"', {"ETag": '"b"'}, False),
    ('"a"', {"ETag": 'W/"a"'}, False),
    ('W/"a"', {"ETag": 'W/"a"'}, False),
    ('W/"a"', {}, False),
    (THEN, {"Last-Modified": THEN}, True),
    (THEN, {"Last-Modified": "Tuesday, 01-Jul-25 12:00:00 GMT"}, True),
    (LATER, {"Last-Modified": THEN}, False),
    (THEN, {"Last-Modified": LATER, "ETag": '"a"'}, False),
])
def test_if_range(condition: str, fields: dict[str, str], holds: bool) -> None:
    assert if_range_holds(get(If_Range=condition), response(**fields)) is holds


def test_if_range_needs_a_validator_to_compare() -> None:
    for condition, fields in (('"a"', {"Last_Modified": THEN}), (THEN, {"ETag": '"a"'}), ("a", {"ETag": '"a"'}),
                              ('"a"', {"ETag": "a"})):
        with pytest.raises(NotEvaluated):
            if_range_holds(get(If_Range=condition), response(**fields))
    with pytest.raises(NotApplicable):
        if_range_holds(get(Range="bytes=0-1"), response(ETag='"a"'))


def test_in_parts() -> None:
    assert in_parts(response(Content_Type="Multipart/ByteRanges ; boundary=b"))
    assert in_parts(response(Content_Type="multipart/byteranges; boundary=a b"))
    assert not in_parts(response(Content_Type="multipart/x-byteranges; boundary=b"))
    assert not in_parts(response())
    assert not in_parts(Response(206, headers=None))


def test_length_of_a_range() -> None:
    assert range_length(content_range("bytes 4-8/9")) == 5
    assert range_length(content_range("bytes 4-8/*")) == 5
    for value in ("bytes 4-8/8", "bytes 8-4/9", "bytes */9", "items 4-8/9"):
        with pytest.raises(NotApplicable):
            range_length(content_range(value))


@pytest.mark.parametrize(("status", "fields", "partial"), [
    (200, {"Content-Range": "bytes 0-1/9", "Content-Length": "2"}, True),
    (200, {"Content-Range": "bytes 0-8/9", "Content-Length": "9"}, False),
    (200, {"Content-Range": "bytes 0-1/9", "Content-Length": "9"}, False),
    (200, {"Content-Range": "bytes 0-1/*", "Content-Length": "2"}, False),
    (200, {"Content-Range": "bytes */9", "Content-Length": "2"}, False),
    (200, {"Content-Range": "0-1/9", "Content-Length": "2"}, False),
    (200, {"Content-Range": "bytes 0-1/9"}, False),
    (200, {"Content-Length": "2"}, False),
    (206, {"Content-Range": "bytes 0-1/9", "Content-Length": "2"}, False),
])
def test_partial_without_206(status: int, fields: dict[str, str], partial: bool) -> None:
    assert partial_without_206(Response(status, headers=_lines(fields))) is partial


TWO = (b"preamble\r\n--b\r\nContent-Range: bytes 0-1/9\r\n\r\nab\r\n"
       b"--b\r\nContent-Type: text/plain\r\nContent-Range: bytes 4-6/9\r\n\r\ne\r\n\r\n--b--\r\nepilogue")


def test_multipart_content() -> None:
    whole = multipart(TWO)
    assert byteranges_flaw(whole) is None
    assert [part.content for part in byteranges(whole)] == [b"ab", b"e\r\n"]
    assert [(part.number, part.size, part.range.first) for part in ranged_parts(whole)] == [(1, 2, 0), (2, 3, 4)]


def test_multipart_content_that_cannot_be_taken_apart() -> None:
    cut = multipart(TWO.replace(b"--b--", b""))
    assert byteranges_flaw(cut) == f"expected the closing delimiter, --b-- at octet {len(TWO) - 5}"
    assert byteranges_flaw(multipart(b"ab")) == "expected a delimiter line, --b at octet 0"
    with pytest.raises(NotEvaluated):
        byteranges(cut)
    with pytest.raises(NotEvaluated):
        byteranges_flaw(multipart(b"\x1f\x8b", Content_Encoding="gzip"))
    assert byteranges_flaw(multipart(TWO, Content_Encoding="gzip")) is None


def test_no_multipart_content() -> None:
    for other in (holding(b"ab"), holding(b"ab", Content_Type="text/plain"),
                  holding(b"ab", Content_Type="multipart/byteranges")):
        with pytest.raises(NotApplicable):
            byteranges_flaw(other)
    with pytest.raises(NotEvaluated):
        byteranges(response(Content_Type="multipart/byteranges; boundary=b"))


def test_parts_without_a_readable_range_do_not_count() -> None:
    whole = multipart(b"--b\r\n\r\nab\r\n--b\r\nContent-Range: bytes=0-1/9\r\n\r\nab\r\n"
                      b"--b\r\nContent-Range: bytes 8-9/9\r\n\r\nij\r\n--b\r\nContent-Range: lines 1/9\r\n\r\nab\r\n"
                      b"--b\r\nContent-Range: bytes 0-1/9\r\n\r\nab\r\n--b--")
    assert [part.number for part in ranged_parts(whole)] == [5]
    assert len(labelled_parts(whole)) == 4


@pytest.mark.parametrize(("value", "flaw"), [
    ("bytes 0-1/9", None), ("lines 1/9", None),
    ("bytes=0-1/9", "is malformed: expected a space at octet 5"),
    ("bytes */9", "names no range"),
    ("bytes 8-9/9", "ends before it starts, or beyond the complete length"),
])
def test_flaws_of_the_range_of_a_part(value: str, flaw: str | None) -> None:
    assert range_flaw(BodyPart(Fields((("Content-Range", value),)), b"ab")) == flaw


def test_lengths_and_overlaps() -> None:
    assert complete_lengths(parts("bytes 0-1/9", "bytes 4-5/*", "bytes 6-7/9")) == (9,)
    assert complete_lengths(parts("bytes 0-1/9", "bytes 4-5/8")) == (8, 9)
    assert disjoint(())
    assert disjoint(parts("bytes 4-5/9", "bytes 0-3/9"))
    assert not disjoint(parts("bytes 4-5/9", "bytes 0-4/9"))
    sent = parts("bytes 0-3/9")
    assert asks_for_disjoint(ranges("bytes=4-,0-3"), sent)
    assert asks_for_disjoint(ranges("bytes=0-3,99-,99-"), sent)
    assert not asks_for_disjoint(ranges("bytes=0-3,-6"), sent)


@pytest.mark.parametrize(("asked", "sent"), [
    ("bytes=4-5,0-1", ("bytes 4-5/9", "bytes 0-1/9")),
    ("bytes=4-5,0-1", ("bytes 0-1/9",)),
    ("bytes=4-5,99-,0-1", ("bytes 4-5/9", "bytes 0-1/9")),
    ("bytes=4-5,0-1,2-3", ("bytes 0-1/9", "bytes 2-5/9")),   # joined: in the place of 2-3
    ("bytes=4-5,0-1,2-3", ("bytes 2-5/9", "bytes 0-1/9")),   # joined: in the place of 4-5
    ("bytes=-1,0-0", ("bytes 8-8/9", "bytes 0-0/9")),
    ("bytes=0-8,2-3", ("bytes 2-3/9", "bytes 0-8/9")),       # each lies within both
    ("bytes=0-1,4-5", ("bytes 4-5/9", "bytes 7-8/9")),       # what was not asked for has no place
])
def test_in_requested_order(asked: str, sent: tuple[str, ...]) -> None:
    assert in_requested_order(ranges(asked), parts(*sent))


@pytest.mark.parametrize(("asked", "sent"), [
    ("bytes=4-5,0-1", ("bytes 0-1/9", "bytes 4-5/9")),
    ("bytes=-1,0-0", ("bytes 0-0/9", "bytes 8-8/9")),
    ("bytes=0-1,4-5,7-8", ("bytes 7-8/9", "bytes 0-5/9")),
])
def test_in_another_order(asked: str, sent: tuple[str, ...]) -> None:
    assert not in_requested_order(ranges(asked), parts(*sent))


def test_order_is_not_judged_without_need() -> None:
    with pytest.raises(NotApplicable):
        in_requested_order(ranges("lines=1-2"), parts("bytes 0-1/9"))
    with pytest.raises(NotApplicable):
        asks_for_disjoint(ranges("lines=first,last"), ())
    with pytest.raises(NotEvaluated):
        in_requested_order(ranges("bytes=-1,0-0"), parts("bytes 0-0/*"))


def test_many_parts() -> None:
    count = 20_000
    content = b"".join(b"--b\r\nContent-Range: bytes %d-%d/99999999\r\n\r\nx\r\n" % (2 * place, 2 * place)
                       for place in range(count))
    whole = multipart(content + b"--b--")
    with pytest.raises(NotEvaluated):
        ranged_parts(whole)
    assert len(byteranges(whole)) == count
    asked = ranges("bytes=" + ",".join(f"{2 * place}-{2 * place}" for place in range(MANY)))
    in_requested_order(asked, parts(*(f"bytes {2 * place}-{2 * place}/9999" for place in range(MANY))))


@pytest.mark.parametrize(("now", "before"), [
    ({"ETag": '"a"'}, {"ETag": '"a"'}),
    ({"ETag": 'W/"a"'}, {"ETag": '"a"', "Last-Modified": THEN}),
    ({"Last-Modified": THEN}, {"ETag": '"a"', "Last-Modified": THEN}),
    ({"Content-Range": "bytes 0-1/9"}, {"ETag": '"a"', "Content-Length": "9"}),
    ({"ETag": '"a"', "Content-Encoding": "gzip"}, {"ETag": '"a"', "Content-Encoding": "GZIP"}),
])
def test_part_of(now: dict[str, str], before: dict[str, str]) -> None:
    assert part_of(response(**now), response(**before))


@pytest.mark.parametrize(("now", "before"), [
    ({}, {}),
    ({"ETag": '"a"'}, {"Last-Modified": THEN}),
    ({"ETag": '"b"'}, {"ETag": '"a"'}),
    ({"ETag": '"a"', "Last-Modified": LATER}, {"ETag": '"a"', "Last-Modified": THEN}),
    ({"ETag": '"a"', "Content-Range": "bytes 0-1/8"}, {"ETag": '"a"', "Content-Length": "9"}),
    ({"ETag": '"a"'}, {"ETag": '"a"', "Content-Encoding": "gzip"}),
    ({"ETag": "a"}, {"ETag": '"a"'}),
    ({"Content-Range": "bytes 0-1/9"}, {"Content-Length": "9"}),
])
def test_not_known_to_be_part_of(now: dict[str, str], before: dict[str, str]) -> None:
    with pytest.raises(NotEvaluated):
        part_of(response(**now), response(**before))


def test_repeated_metadata() -> None:
    assert repeated_metadata(response(ETag='"a"', Vary="Accept", Content_Location="/f", Date=THEN)) == ()
    assert repeated_metadata(response(last_modified=THEN, content_type="text/plain")) == (
        "Content-Type", "Last-Modified")
    assert repeated_metadata(multipart(b"")) == ()
    assert repeated_metadata(Response(206, headers=None)) == ()

from __future__ import annotations

import gzip

import pytest

from httplint.grammar.rfc9112 import transfer_encoding
from httplint.model.evidence import NotEvaluated
from httplint.model.message import Request, Response
from httplint.vocabulary.framing import (
    accepts_coding,
    ends_chunked,
    lengths_agree,
    registered_coding,
    times_chunked,
    transfer_flaw,
)


@pytest.mark.parametrize(("value", "times", "ends"), [
    ("", 0, False), ("chunked", 1, True), ("gzip, Chunked", 1, True), ("chunked, gzip", 1, False),
    ("chunked, chunked", 2, True), ("chunked, gzip, chunked", 2, True), ("identity", 0, False),
])
def test_chunked(value: str, times: int, ends: bool) -> None:
    codings = transfer_encoding(value)
    assert times_chunked(codings) == times
    assert ends_chunked(codings) == ends


def test_registered_codings() -> None:
    found = transfer_encoding("chunked, X-GZIP, deflate, identity, br, trailers")
    assert [registered_coding(coding) for coding in found] == [True, True, True, False, False, False]


@pytest.mark.parametrize(("te", "coding", "accepted"), [
    (None, "chunked", True), (None, "gzip", False), ("", "gzip", False), ("trailers", "gzip", False),
    ("gzip", "gzip", True), ("Gzip;q=0.5", "x-gzip", True), ("x-gzip", "gzip", True), ("gzip;q=0", "gzip", False),
    ("deflate, compress", "gzip", False), ("trailers, gzip;q=0, chunked", "chunked", True),
])
def test_accepted_codings(te: str | None, coding: str, accepted: bool) -> None:
    """RFC 9112 §7.4."""
    request = Request("GET", "/", headers=[] if te is None else [("TE", te)])
    assert accepts_coding(request, transfer_encoding(coding)[0]) == accepted


@pytest.mark.parametrize(("value", "expected"), [
    ("5, 5", True), ("5,05 ,5", True), ("5", True), ("5, 6", False), ("5,", False), ("", False), ("5x, 5x", False),
    ("\u0665, \u0665", False), ("-5, -5", False),
])
def test_lengths_agree(value: str, expected: bool) -> None:
    assert lengths_agree(value) == expected


def test_flaws_of_transfer_codings() -> None:
    """RFC 9112 §7.2: the same codings as for contents."""
    one = Response(200, headers=[("Transfer-Encoding", "gzip, chunked")])
    with pytest.raises(NotEvaluated):
        transfer_flaw(one, transfer_encoding("gzip, chunked"))
    one.transfer_coded = gzip.compress(b"a")
    assert transfer_flaw(one, transfer_encoding("gzip, chunked")) is None
    assert transfer_flaw(one, transfer_encoding("X-GZIP, chunked")) is None
    assert transfer_flaw(one, transfer_encoding("deflate, chunked")) is not None
    with pytest.raises(NotEvaluated):
        transfer_flaw(one, transfer_encoding("odd, chunked"))

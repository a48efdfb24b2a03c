from __future__ import annotations

import pytest

from httplint.engine.functions.framing import ends_chunked, lengths_agree, registered_coding, times_chunked
from httplint.grammar.rfc9112 import transfer_encoding


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


@pytest.mark.parametrize(("value", "expected"), [
    ("5, 5", True), ("5,05 ,5", True), ("5", True), ("5, 6", False), ("5,", False), ("", False), ("5x, 5x", False),
    ("\u0665, \u0665", False), ("-5, -5", False),
])
def test_lengths_agree(value: str, expected: bool) -> None:
    assert lengths_agree(value) == expected

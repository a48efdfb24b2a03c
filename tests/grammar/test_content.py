from __future__ import annotations

import gzip
import sys
import zlib
from typing import Any

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.grammar.content import BodyPart, byteranges, decode, is_zlib
from httplint.grammar.syntax import Malformed
from httplint.model.evidence import NotEvaluated
from httplint.model.fields import Fields

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

EXAMPLE = (b"--THIS_STRING_SEPARATES\r\nContent-Type: video/example\r\nContent-Range: exampleunit 1.2-4.3/25\r\n\r\n"
           b"...the first range...\r\n--THIS_STRING_SEPARATES\r\nContent-Type: video/example\r\n"
           b"Content-Range: exampleunit 11.2-14.3/25\r\n\r\n...the second range\r\n--THIS_STRING_SEPARATES--\r\n")


def test_example() -> None:
    """RFC 9110 §14.6."""
    first, second = byteranges(EXAMPLE, "THIS_STRING_SEPARATES")
    assert first.content == b"...the first range..."
    assert first.fields.lines == (("Content-Type", "video/example"), ("Content-Range", "exampleunit 1.2-4.3/25"))
    assert second.content == b"...the second range"
    assert byteranges(EXAMPLE.replace(b"\r\n", b"\n"), "THIS_STRING_SEPARATES") == (first, second)
    assert byteranges(b"\r\n\r\npreamble\r\n" + EXAMPLE + b"epilogue", "THIS_STRING_SEPARATES") == (first, second)


def test_mime_example() -> None:
    """RFC 2046 §5.1.1: one part without field lines, one that ends with a line break."""
    first, second = byteranges(b"This is the preamble.\r\n\r\n--simple boundary\r\n\r\nIt does NOT end.\r\n"
                               b"--simple boundary  \r\nContent-type: text/plain;\r\n charset=us-ascii\r\n\r\n"
                               b"It DOES end.\r\n\r\n"
                               b"--simple boundary--\r\n\r\nThis is the epilogue.", "simple boundary")
    assert first == BodyPart(Fields(), b"It does NOT end.")
    assert second.content == b"It DOES end.\r\n"
    assert second.fields.combined("content-type") == "text/plain; charset=us-ascii"


def test_parts_without_content() -> None:
    assert byteranges(b"--B\r\n--B--", "B") == (BodyPart(Fields(), b""),)
    assert byteranges(b"--B\r\nA: b\r\n--B--", "B")[0].fields.lines == (("A", "b"),)
    assert byteranges(b"--B\r\nA: b\r\n\r\n\r\n--B--", "B")[0].content == b""


def test_only_whole_lines_delimit() -> None:
    assert byteranges(b"--B\r\n\r\nx--B\r\n--Bx\r\n--B--", "B")[0].content == b"x--B\r\n--Bx"


@pytest.mark.parametrize(("content", "position", "expected"), [
    (b"", 0, "--B"), (b"x", 0, "--B"), (b"--B\r\n\r\nx", 8, "--B--"),
    (b"--B\r\n\r\nx\r\n--B\r\n\r\ny\r\n--B-", 24, "--B--"),
    (b"--B--", 0, "body part"), (b"--B\r\nno line\r\n\r\nx\r\n--B--", 7, "colon"),
    (b"--B\r\n: x\r\n\r\n\r\n--B--", 5, "colon")])
def test_flawed_multiparts(content: bytes, position: int, expected: str) -> None:
    with pytest.raises(Malformed) as error:
        byteranges(content, "B")
    assert error.value.position == position
    assert expected in error.value.expected


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=5), st.binary(max_size=20))
def test_every_part_comes_back(contents: list[bytes], epilogue: bytes) -> None:
    whole = b"".join(b"--?=_b()\r\nA: b\r\n\r\n" + content + b"\r\n" for content in contents)
    parts = byteranges(whole + b"--?=_b()--\r\n" + epilogue, "?=_b()")
    assert [part.content for part in parts] == contents


lines = st.lists(st.sampled_from([b"--B", b"--", b"\r\n", b"\n", b"A: b", b" ", b"x"])).map(b"".join)


@given(st.binary(max_size=100) | lines)
def test_any_octets(content: bytes) -> None:
    try:
        assert byteranges(content, "B")
    except Malformed as error:
        assert 0 <= error.position <= len(content)


CODERS: dict[str, Any] = {"gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress,
                          "br": brotli.compress, "zstd": zstd.compress}


@given(st.binary(max_size=5000), st.lists(st.sampled_from(sorted(CODERS)), max_size=3))
def test_decoding_undoes_coding(content: bytes, codings: list[str]) -> None:
    coded = content
    for coding in codings:
        coded = CODERS[coding](coded)
    assert decode(coded, tuple(codings)) == content


def test_decoding_of_forms() -> None:
    raw = zlib.compress(b"x" * 100, wbits=-15)
    assert decode(raw, ("deflate",)) == b"x" * 100
    assert is_zlib(zlib.compress(b"x" * 100))
    assert not is_zlib(raw)
    assert decode(gzip.compress(b"a") + gzip.compress(b"b"), ("GZip",)) == b"ab"
    assert decode(gzip.compress(b"") * 20_000, ("gzip",)) == b""
    assert decode(zstd.compress(b"a") + zstd.compress(b"b"), ("zstd",)) == b"ab"
    assert decode(b"abc", ("identity",)) == b"abc"
    assert decode(b"abc", ()) == b"abc"


@pytest.mark.parametrize("coding", sorted(CODERS))
def test_bombs_and_rubbish(coding: str) -> None:
    coded = CODERS[coding](bytes(3_000_000))
    assert len(decode(coded, (coding,), 3_000_000)) == 3_000_000
    with pytest.raises(NotEvaluated):
        decode(coded, (coding,), 2_999_999)
    for broken in (b"", coded[:-3], b"not coded at all", coded + b"rubbish"):
        with pytest.raises(Malformed) as error:
            decode(broken, (coding,))
        assert 0 <= error.value.position <= len(broken)


@given(st.binary(max_size=200), st.sampled_from(sorted(CODERS)))
def test_any_octets_decoded(content: bytes, coding: str) -> None:
    try:
        decode(content, (coding,))
    except Malformed as error:
        assert 0 <= error.position <= len(content)


def test_unknown_and_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotEvaluated, match="not known"):
        decode(b"x", ("compress",))
    monkeypatch.setitem(sys.modules, "brotli", None)
    with pytest.raises(NotEvaluated, match="brotli"):
        decode(b"x", ("br",))

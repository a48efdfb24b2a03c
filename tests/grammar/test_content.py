from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.grammar.content import BodyPart, byteranges
from httplint.grammar.syntax import Malformed
from httplint.model.fields import Fields

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


def test_field_lines_may_be_folded() -> None:
    """RFC 822 §3.1.1, by RFC 2046: a line that begins with whitespace goes on with the one before it."""
    (part,) = byteranges(b"--B\r\nA: b\r\nC:  d \r\n\t e\r\n f\r\n\r\nx\r\n--B--", "B")
    assert part.fields.lines == (("A", "b"), ("C", "d e f"))


def test_parts_without_content() -> None:
    assert byteranges(b"--B\r\n--B--", "B") == (BodyPart(Fields(), b""),)
    assert byteranges(b"--B\r\nA: b\r\n--B--", "B")[0].fields.lines == (("A", "b"),)
    assert byteranges(b"--B\r\nA: b\r\n\r\n\r\n--B--", "B")[0].content == b""


def test_no_whitespace_is_needed_behind_the_colon() -> None:
    """RFC 9110 §5.5: whitespace around a field value is optional."""
    assert byteranges(b"--B\r\nA:b\r\n\r\nx\r\n--B--", "B")[0].fields.lines == (("A", "b"),)


def test_a_boundary_of_other_characters_is_not_found() -> None:
    """Boundaries are of ASCII (RFC 2046 §5.1.1), whatever a capture says."""
    with pytest.raises(Malformed) as error:
        byteranges(b"--B\r\n\r\nx\r\n--B--", "\u20ac")
    assert error.value.position == 0


def test_only_whole_lines_delimit() -> None:
    assert byteranges(b"--B\r\n\r\nx--B\r\n--Bx\r\n--B--", "B")[0].content == b"x--B\r\n--Bx"


@pytest.mark.parametrize(("content", "position", "expected"), [
    (b"", 0, "--B"), (b"x", 0, "--B"), (b"--B\r\n\r\nx", 8, "--B--"),
    (b"--B\r\n\r\nx\r\n--B\r\n\r\ny\r\n--B-", 24, "--B--"),
    (b"--B--", 0, "body part"), (b"--B\r\nno line\r\n\r\nx\r\n--B--", 7, "colon"),
    (b"--B\r\n: x\r\n\r\n\r\n--B--", 5, "colon"), (b"--B\r\n a: b\r\n\r\n\r\n--B--", 5, "colon")])
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

"""Content that is coded with a dictionary."""
from __future__ import annotations

import pytest

from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Request, Response
from httplint.vocabulary.dictionaries import (
    dictionary_coding,
    names_dictionary,
    same_dictionary,
    too_long_id,
    window,
)

HASH = bytes(range(32))
DCB = b"\xffDCB" + HASH
DCZ = bytes.fromhex("5e2a4d1820000000") + HASH
FRAME = bytes.fromhex("28b52ffd")


def response(content: bytes | None) -> Response:
    return Response(200, headers=[], content=content)


def test_header() -> None:
    assert dictionary_coding(("gzip", "dcb"))
    assert not dictionary_coding(("br", "zstd"))
    assert names_dictionary(("dcb",), response(DCB + b"x"))
    assert names_dictionary(("br", "dcz"), response(DCZ))
    assert not names_dictionary(("dcb",), response(DCZ))
    for codings, content in (((), DCB), (("br",), DCB), (("dcb", "gzip"), DCB), (("dcb",), b""), (("dcb",), None)):
        with pytest.raises(NotApplicable):
            names_dictionary(codings, response(content))


def test_dictionary() -> None:
    own, other = asks(":AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=:"), asks(":YQ==:")
    assert same_dictionary(("dcb",), response(DCB), own)
    assert not same_dictionary(("dcz",), response(DCZ), other)
    for content, request in ((b"x", own), (DCB, asks("a")), (DCB, asks("="))):
        with pytest.raises(NotEvaluated):
            same_dictionary(("dcb",), response(content), request)
    for coding, request in (("br", own), ("dcb", Request("GET", "/", headers=[]))):
        with pytest.raises(NotApplicable):
            same_dictionary((coding,), response(DCB), request)


def asks(value: str) -> Request:
    return Request("GET", "/", headers=[("Available-Dictionary", value)])


@pytest.mark.parametrize(("header", "size"), [
    # RFC 8878 §3.1.1.1: descriptor and window descriptor, or the content size of a single segment
    ("0000", 1024), ("0068", 8 << 20), ("0088", 128 << 20), ("0090", 256 << 20), ("0089", 144 << 20), ("2005", 5),
    ("600500", 261), ("a000000010", 268435456), ("2105ff", 255)])
def test_window(header: str, size: int) -> None:
    assert window(response(DCZ + FRAME + bytes.fromhex(header) + bytes(16))) == size


@pytest.mark.parametrize("content", [None, b"", DCZ, DCZ + FRAME, DCZ + b"abcdefgh", DCB + FRAME + bytes(9)])
def test_window_that_does_not_show(content: bytes | None) -> None:
    with pytest.raises(NotEvaluated):
        window(response(content))


def test_id() -> None:
    assert too_long_id("x" * 1025)
    assert not too_long_id("x" * 1024)

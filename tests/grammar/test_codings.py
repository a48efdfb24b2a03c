"""Codings taken off: values of the specifications, what real coders make, and what strangers may send instead."""
from __future__ import annotations

import gzip
import random
import sys
import zlib
from types import SimpleNamespace
from typing import Any

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from httplint.grammar import codings
from httplint.grammar.codings import (
    BARE,
    BROKEN,
    CUT,
    FLOOR,
    OTHER,
    RATIO,
    SURPLUS,
    CodingFlaw,
    Decoded,
    decoded,
    is_zlib,
)

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CODERS: dict[str, Any] = {
    "gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress,
    "zstd": lambda content: zstd.compress(content, options={zstd.CompressionParameter.checksum_flag: 1})}

ZIPPED = gzip.compress(b"a", mtime=0)
"""The same at each time: what names a test."""

SKIPPABLE = b"\x5e\x2a\x4d\x18\x03\x00\x00\x00abc"
"""RFC 8878 §3.1.2: a frame of three octets that decoders pass over."""

some_content = st.binary(max_size=5000) | st.binary(min_size=1, max_size=9).map(lambda one: one * 1000)
some_coding = st.sampled_from(sorted(CODERS))


def kind(content: bytes, *names: str) -> str | None:
    flaw = decoded(content, names).flaw
    return flaw.kind if flaw is not None else None


@given(some_content, st.lists(some_coding, max_size=3))
def test_what_coders_make_has_no_flaw(content: bytes, names: list[str]) -> None:
    coded = content
    for name in names:
        coded = CODERS[name](coded)
    assert decoded(coded, tuple(names)) == Decoded(content)


@given(some_content, some_coding, st.data())
def test_what_is_cut_off_has_one_flaw(content: bytes, name: str, data: st.DataObject) -> None:
    coded = CODERS[name](content)
    length = data.draw(st.integers(1, len(coded) - 1) if len(coded) > 1 else st.nothing())
    found = decoded(coded[:length], (name,))
    assert found.flaw is not None
    assert found.flaw.kind == CUT
    assert not found.whole


@given(some_content, some_coding, st.binary(min_size=1, max_size=5000))
def test_what_follows_the_end(content: bytes, name: str, behind: bytes) -> None:
    found = decoded(CODERS[name](content) + b"\xff" + behind, (name,))
    assert found.flaw is not None
    assert (found.flaw.kind, found.content, found.whole) == (SURPLUS, content, True)


@given(st.binary(max_size=300), st.lists(some_coding, min_size=1, max_size=2))
def test_any_octets_have_a_verdict(content: bytes, names: list[str]) -> None:
    found = decoded(content, tuple(names))
    assert found.whole or found.flaw is not None or found.reason is not None


def test_bare_deflate() -> None:
    """RFC 9110 §8.4.1.2: the zlib format is part of the coding; RFC 1950 §2.2 tells how it begins."""
    for content in (b"x" * 100, b"", b"hello, hello", bytes(300_000)):
        bare = zlib.compress(content, wbits=-15)
        assert not is_zlib(bare)
        assert kind(bare, "deflate") == BARE
        assert decoded(bare, ("deflate",)).content == content
        assert is_zlib(zlib.compress(content))
    assert kind(b"\x4b\x4c\x84\x01", "deflate") == OTHER          # DEFLATE that does not end
    assert kind(gzip.compress(b"a"), "deflate") == OTHER


def test_members_frames_and_padding() -> None:
    """RFC 1952 §2.2, RFC 8878 §3."""
    one, two = gzip.compress(b"a"), gzip.compress(b"b")
    assert decoded(one + two, ("GZip",)) == Decoded(b"ab")
    assert decoded(one + bytes(512), ("gzip",)) == Decoded(b"a")
    assert kind(one + bytes(512) + b"\n", "gzip") == SURPLUS
    assert kind(one + two[:-1], "gzip") == CUT
    one, two = CODERS["zstd"](b"a"), CODERS["zstd"](b"b")
    assert decoded(SKIPPABLE + one + SKIPPABLE + two + SKIPPABLE, ("zstd",)) == Decoded(b"ab")
    assert kind(one + SKIPPABLE[:-1], "zstd") == CUT
    assert kind(one + b"\0", "zstd") == SURPLUS


@pytest.mark.parametrize(("content", "name", "expected"), [
    # RFC 1952 §2.3: magic, deflate, no flags, no time, XFL 0, OS unknown; a stored block; CRC-32; length
    (b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x01\x00\xfe\xffa\x43\xbe\xb7\xe8\x01\0\0\0", "gzip", None),
    (b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x01\x00\xfe\xffa\x43\xbe\xb7\xe9\x01\0\0\0", "gzip", BROKEN),
    (b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x01\x00\xfe\xffa\x43\xbe\xb7\xe8\x02\0\0\0", "gzip", BROKEN),
    (b"\x1f\x8b\x08\0\0\0\0\0\0\xffgarbage", "gzip", BROKEN),
    # RFC 1950 §2.2: CMF and FLG, a stored block, Adler-32
    (b"\x78\x9c\x01\x01\x00\xfe\xffa\x00\x62\x00\x62", "deflate", None),
    (b"\x78\x9c\x01\x01\x00\xfe\xffa\x00\x62\x00\x63", "deflate", BROKEN),
    # RFC 7932 §9.1: a window of 16 bits, a last meta-block that is empty
    (b"\x06", "br", None),
    (b"Hello world!", "br", OTHER),
    # RFC 8878 §3.1.1: a single segment with one raw block of one octet
    (b"\x28\xb5\x2f\xfd\x20\x01\x09\x00\x00a", "zstd", None),
    (b"\x28\xb5\x2f\xfd\x20\x01\x0f\x00\x00a", "zstd", BROKEN),
    (b"<!doctype html>", "gzip", OTHER), (b"\x1f", "gzip", CUT), (b"\x78", "deflate", CUT), (b"{}", "zstd", OTHER),
    (b"plain", "compress", OTHER), (b"\x1f\x9d\x90a", "compress", None)])
def test_single_values(content: bytes, name: str, expected: str | None) -> None:
    assert kind(content, name) == expected


@pytest.mark.parametrize(("content", "name", "kind", "text"), [
    (ZIPPED + b"x", "gzip", SURPLUS, "has 1 octet behind the end of its gzip data"),
    (ZIPPED + b"x" * 1234, "gzip", SURPLUS, "has 1,234 octets behind the end of its gzip data"),
    (ZIPPED + b"\x1f\x8b\x09", "gzip", SURPLUS, "has 3 octets behind the end of its gzip data"),
    (ZIPPED + b"\0x", "gzip", SURPLUS, "has 2 octets behind the end of its gzip data"),
    (ZIPPED + b"\x1f", "gzip", CUT, "ends before its gzip data does"),
    (zlib.compress(b"a") + b"xy", "deflate", SURPLUS, "has 2 octets behind the end of its deflate data"),
    (brotli.compress(b"a") + b"\xff" * 3, "br", SURPLUS, "has 3 octets behind the end of its br data"),
    (zstd.compress(b"a") + b"\0\0", "zstd", SURPLUS, "has 2 octets behind the end of its zstd data"),
    (b"\x1f\x8b\x08\0\0\0\0\0\0\xffgarbage", "gzip", BROKEN, "has wrong gzip data (invalid block type)"),
    (b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x01\x00\xfe\xffa\x43\xbe\xb7\xe9\x01\0\0\0", "gzip", BROKEN,
     "has another checksum than its octets have"),
    (b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x01\x00\xfe\xffa\x43\xbe\xb7\xe8\x02\0\0\0", "gzip", BROKEN,
     "has another length than it says at its end"),
    (b"\x78\x9c\x01\x01\x00\xfe\xffa\x00\x62\x00\x63", "deflate", BROKEN, "has another checksum than its octets have"),
    (b"{}", "gzip", OTHER, "does not begin as gzip does"), (b"", "gzip", CUT, "there is not one octet of gzip"),
    (ZIPPED, "zstd", OTHER, "does not begin as zstd does, but begins as gzip does"),
    (zstd.compress(b"a"), "br", OTHER, "is not Brotli, but begins as zstd does"),
    (b"Hello world!", "br", OTHER, "is not Brotli"),
    # RFC 1950 §2.2: the check of the first two octets, and a window of 32 KB at most
    (b"\x78\x9dxyz", "deflate", OTHER, "does not begin as the zlib format of deflate does"),
    (b"\x88\x1cabc", "deflate", OTHER, "does not begin as the zlib format of deflate does"),
    (b"\x79\x18abc", "deflate", OTHER, "does not begin as the zlib format of deflate does"),
    (b"\x19", "deflate", OTHER, "does not begin as the zlib format of deflate does"),
    (b"\x18", "deflate", CUT, "ends before its deflate data does"),
    # RFC 8878 §3.1.2: skippable frames begin with 0x184D2A50 to 0x184D2A5F, little-endian
    (b"\x50", "zstd", CUT, "ends before its zstd data does"),
    (b"\x5f\x2a\x4d", "zstd", CUT, "ends before its zstd data does"),
    (b"\x60", "zstd", OTHER, "does not begin as zstd does"),
    (b"\x50\x2a\x4d\x19", "zstd", OTHER, "does not begin as zstd does"),
    (b"\x4f\x2a", "zstd", OTHER, "does not begin as zstd does"),
    (b"\x50\x2b", "zstd", OTHER, "does not begin as zstd does"),
])
def test_what_is_said(content: bytes, name: str, kind: str, text: str) -> None:
    assert decoded(content, (name,)).flaw == CodingFlaw(kind, name, text)


def test_how_much_may_come_out() -> None:
    """So much in all, and so much for each octet that went in, from a floor on."""
    def stored(size: int) -> bytes:
        return gzip.compress(bytes(size), compresslevel=0)

    assert decoded(stored(16 * 1024 * 1024), ("gzip",)).whole
    assert decoded(stored(16 * 1024 * 1024 + 1), ("gzip",)).reason == "the content is too large once gzip is decoded"
    assert decoded(stored(10), ("gzip",), 10).whole
    assert not decoded(stored(10), ("gzip",), 9).whole
    for zeros in range(1_200_000, 1_300_000):               # a length with which the second member can make it even
        first, more = (gzip.compress(bytes(size), mtime=0) for size in (zeros, zeros + 1))
        size, over = divmod(zeros - 1024 * 1024 - 64 * (len(first) + len(stored(0))), 63)
        if not over and len(first) == len(more):
            break
    assert len(decoded(first + stored(size), ("gzip",)).content) == 1024 * 1024 + 64 * len(first + stored(size))
    assert not decoded(more + stored(size), ("gzip",)).whole


def test_the_end_of_brotli_is_found_anywhere() -> None:
    """What stands behind it is told from it, within one piece that is read and beyond."""
    noise = bytes(random.Random(5).randbytes(9000))
    for size in (1, 100, 4000, 9000):
        coded = brotli.compress(noise[:size])
        for surplus in (b"\xff", b"\xff" * 5000):
            found = decoded(coded + surplus, ("br",))
            assert found.content == noise[:size]
            words = "1 octet" if len(surplus) == 1 else "5,000 octets"
            assert found.flaw == CodingFlaw(SURPLUS, "br", f"has {words} behind the end of its br data")
    coded = next(coded for size in range(4000, 4100) if len(coded := brotli.compress(noise[:size])) == 4096)
    assert decoded(coded + b"ab", ("br",)).flaw == CodingFlaw(
        SURPLUS, "br", "has 2 octets behind the end of its br data")
    assert decoded(brotli.compress(noise)[:6000] + b"\xff" * 5000, ("br",)).flaw in (
        CodingFlaw(BROKEN, "br", "is not Brotli"), CodingFlaw(CUT, "br", "ends before its br data does"))


def test_names_of_codings() -> None:
    """RFC 9110 §8.4.1.1, §8.4.1.3: the old names with x-; case does not matter. Only so much of others is repeated."""
    assert decoded(gzip.compress(b"a"), ("X-GZIP",)) == Decoded(b"a")
    assert decoded(b"\x1f\x9d\x90a", ("x-compress",)).reason == "the coding compress is recognised, but not decoded"
    assert decoded(b"x", ("a" * 41,)).reason == f"the coding {'a' * 40} is not known"
    assert decoded(b"x", ("identity",) * 9 + ("a",)).reason == "the coding a is not known"
    four = gzip.compress(gzip.compress(gzip.compress(gzip.compress(b"a"))))
    assert decoded(four, ("gzip",) * 4) == Decoded(b"a")
    assert decoded(four, ("gzip",) * 5).reason == "there are more than 4 codings on the content"


def test_a_window_beyond_that_of_the_coding() -> None:
    """IANA's registry: "a Window_Size of not more than 8 MB"; the descriptor's exponent stands in its upper bits."""
    frame = b"\x28\xb5\x2f\xfd\x00%c\x09\x00\x00a"
    assert decoded(frame % (13 << 3), ("zstd",)) == Decoded(b"a")              # 2^23
    assert kind(frame % (14 << 3), "zstd") == BROKEN


def test_several_codings() -> None:
    coded = brotli.compress(gzip.compress(b"abc"))
    assert decoded(coded, ("identity", "gzip", "br")) == Decoded(b"abc")
    assert kind(brotli.compress(b"abc"), "gzip", "br") == OTHER
    assert kind(coded[:-1], "unheard-of", "br") == CUT                          # the outer one tells enough
    assert decoded(brotli.compress(b"a"), ("unheard-of", "br")).reason == "the coding unheard-of is not known"
    twice = decoded(zlib.compress(gzip.compress(b"a") + b"x", wbits=-15), ("gzip", "deflate"))
    assert twice.flaw is not None
    assert (twice.content, twice.flaw.kind, twice.flaw.coding) == (b"a", BARE, "deflate")
    assert decoded(b"abc", ("identity",)) == Decoded(b"abc")
    assert "more than" in (decoded(b"abc", ("gzip",) * 5).reason or "")
    assert "compress" in (decoded(b"\x1f\x9d\x90a", ("compress",)).reason or "")


@pytest.mark.parametrize("name", sorted(CODERS))
def test_bombs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is taken in of a bomb stays within the bounds, by the octets that come out."""
    bomb = CODERS[name](bytes(20_000_000))
    bound = FLOOR + RATIO * len(bomb)
    assert bound < 20_000_000
    taken: list[int] = []
    plain = codings.ALIASES.get(name, name)
    before = codings._CODINGS[plain].decode

    def counted(content: bytes) -> Any:
        for piece in before(content):
            taken.append(len(piece))
            yield piece

    monkeypatch.setitem(codings._CODINGS, plain, codings._CODINGS[plain]._replace(decode=counted))
    codings._decoded.cache_clear()
    found = decoded(bomb, (name,))
    assert found.reason == f"the content is too large once {plain} is decoded"
    assert sum(taken) <= bound + max(taken)
    assert max(taken) <= 1 << 20


@settings(max_examples=20)
@given(some_coding)
def test_twice_coded_bombs(name: str) -> None:
    assert not decoded(CODERS[name](CODERS[name](bytes(5_000_000))), (name, name)).whole


def test_very_many_streams() -> None:
    assert decoded(gzip.compress(b"") * 20_000, ("gzip",)) == Decoded(b"")
    assert decoded(zstd.compress(b"") * 20_000, ("zstd",)) == Decoded(b"")


@pytest.mark.parametrize(("name", "module"), [("br", "brotli"), ("zstd", "backports.zstd")])
def test_without_the_package(name: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    codings._decoded.cache_clear()
    for one in (module, "compression.zstd"):
        monkeypatch.setitem(sys.modules, one, None)
    found = decoded(CODERS[name](b"some"), (name,))
    assert found.flaw is None
    assert f"{name} needs the Python package {module} (extra bodies)" in (found.reason or "")
    codings._decoded.cache_clear()


def test_an_old_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before 1.2, brotli had no limit for what comes out at once."""
    class Decompressor:
        def process(self, content: bytes) -> bytes:
            return content

    codings._decoded.cache_clear()
    monkeypatch.setitem(sys.modules, "brotli", SimpleNamespace(Decompressor=Decompressor, error=ValueError))
    reason = decoded(b"old", ("br",)).reason
    assert reason == "br in bounded pieces needs the Python package brotli 1.2 or later (extra bodies)"
    codings._decoded.cache_clear()

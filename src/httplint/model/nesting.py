"""How deeply JSON may be nested where the stack is small.

A decoder of JSON calls itself for each array and object within another. CPython and msgspec raise RecursionError before
that takes more of the stack than there is. In a browser they cannot: there the stack is that of the browser, of which a
program knows neither the size nor what is left, and what goes beyond it ends the interpreter for good. So there, and
nowhere else, text of more levels than `DEEPEST` is refused by the same exception before a decoder sees it. Workers of
Chromium live through 1,200 levels where they have the least room (the decoder has run seldom), those of Firefox through
4,000.

Up to the first fault of a text, at which decoders stop, brackets and strings are what they are to a decoder. So the
depth that is measured here is what a decoder could come to, or more, where a fault stands before the deepest place.
What follows a value counts for nothing: it may be the next one.

Most texts have few brackets, which are counted first. The others go as a whole through functions that are built in:
nothing here looks at one character after the other in Python.
"""
from __future__ import annotations

import json
import sys
from collections.abc import Callable
from itertools import accumulate, takewhile
from typing import Any, TypeVar

DEEPEST = 400
"""Arrays and objects within one another, at most, where the stack is that of a browser."""

bounded = sys.platform == "emscripten"
"""Whether that is here."""

FIRST = 1 << 10
"""Characters of a text in which the end of a value is looked for at first."""
CUT_TAIL = 12
"""A literal, number or escape that the end of a text cuts is complained about at most so far from the end."""

T = TypeVar("T")
RawDecode = Callable[[str, int], tuple[Any, int]]

_OTHERS = bytes(set(range(256)) - set(b'[]{}"'))
_STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")


def shallow(text: T) -> T:
    """A text, or octets, which are one value of JSON, that a decoder may take. Raises RecursionError."""
    if bounded and _depth(text) > DEEPEST:
        raise RecursionError
    return text


def shallow_values(raw_decode: RawDecode) -> RawDecode:
    """`JSONDecoder.raw_decode`, which does not raise RecursionError too late; it takes time by the length of what it
    decodes, whatever follows: a piece of the text is tried that holds the value or the fault, or one twice as long.
    """
    def decode(text: str, begin: int) -> tuple[Any, int]:
        if not bounded or text[begin:begin + 1] not in ("[", "{"):
            return raw_decode(text, begin)
        size = FIRST
        while begin + size < len(text):
            piece = shallow(text[begin:begin + size])
            try:
                value, end = raw_decode(piece, 0)
            except json.JSONDecodeError as error:
                if not cut_off(error, piece):
                    return raw_decode(text, begin)         # it fails there again, and says where
            else:
                return value, begin + end
            size *= 2
        shallow(text[begin:])
        return raw_decode(text, begin)

    return decode


def cut_off(error: json.JSONDecodeError, text: str) -> bool:
    """Whether a text may have failed for its end alone."""
    return error.msg.startswith("Unterminated") or error.pos >= len(text) - CUT_TAIL


def _depth(text: Any) -> int:
    """How many brackets are open at once in the value that a text begins with, those in strings left out; 0 if there
    are few in all.
    """
    octets = _utf8(text)
    if octets.count(b"[") + octets.count(b"{") <= DEEPEST:
        return 0
    signs = octets.replace(rb"\\", b"").replace(rb'\"', b"").translate(None, _OTHERS)
    outside = b"".join(signs.replace(b'""', b"").split(b'"')[::2])   # a pair has nothing within, or nothing between
    levels = accumulate(memoryview(outside.translate(_STEPS)).cast("b"))
    return max(takewhile(bool, levels), default=0)         # behind the value, nobody goes on


def _utf8(text: Any) -> bytes:
    """A text as octets in UTF-8; none of octets that nobody can decode."""
    try:
        if isinstance(text, str):
            return text.encode("utf-8", "surrogatepass")
        octets = bytes(memoryview(text))
        encoding = json.detect_encoding(octets)            # as `json.loads` does it
        return octets if encoding.startswith("utf-8") else octets.decode(encoding, "surrogatepass").encode(
            "utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return b""

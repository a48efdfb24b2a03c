"""Values that no rule tells apart: what stands for each of them and all those like it.

Most answers have a new date, a new validator, a new cookie, so that nothing that is known by values would ever be met
again. What rules say of a date by itself depends on its day; of an entity tag, on whether it is weak; of a cookie, on
its name and attributes. A fold is a function from a value to what decides. It takes the plainest values only: of any
other it is the value itself.

Two things keep it true. Rules that look at such a field and at another value are never remembered, as they may well
compare them. And that rules of ours judge folded values alike is tested for each fold and each rule that looks at one;
what rules of others do with them nobody knows, so those are run.
"""
from __future__ import annotations

import re
from collections.abc import Callable

_TAG = re.compile(r'(W/)?"[!#-\[\]-~]{1,80}"').fullmatch
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9] GMT").fullmatch
_NUMBER = re.compile(r"[1-9][0-9]{2,8}").fullmatch
_WORD = re.compile(r"[A-Za-z0-9_.-]{1,120}").fullmatch
_COOKIE = re.compile(r"([A-Za-z0-9_.-]{1,40})=([A-Za-z0-9_.~%+/-]{1,200}=?=?)(;[ -~]*)?").fullmatch

DAY = len("Tue, 15 Nov 1994 ")


def tag(value: str) -> object:
    """Of an entity tag (RFC 9110 §8.8.3), whether it is weak."""
    found = _TAG(value)
    return (found[1],) if found else value


def date(value: str) -> object:
    """Of an IMF-fixdate (RFC 9110 §5.6.7), the day."""
    return (value[:DAY],) if _CLOCK(value, DAY) else value


def number(value: str) -> object:
    """Of a number, nothing; a small one is its own, as rules ask whether an Age is more than a minute."""
    return () if _NUMBER(value) else value


def cookie(value: str) -> object:
    """Of a cookie (RFC 6265 §4.1.1), its name and its attributes; one that expires at a date is its own."""
    found = _COOKIE(value)
    return (found[1], found[3]) if found and "xpires" not in value else value


def plain_word(value: str) -> object:
    """Of a word in a field that has no grammar, nothing."""
    return () if _WORD(value) else value


FOLDS: dict[str, Callable[[str], object]] = {
    "age": number, "content-length": number, "date": date, "etag": tag, "expires": date, "last-modified": date,
    "set-cookie": cookie}
"""Lower-case field name -> its fold."""

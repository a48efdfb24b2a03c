"""Path templates: {id} stands for a part of a path that the next recording of the same traffic would have differently.

Such parts are numbers, dates, UUIDs, hashes, and identifiers made of random letters and digits, also within a segment
(order-4711, index-5f3a9c1e.js). Words, locales and versions such as v2 and 1.11.2 stay. Random identifiers are told
from names by how often they change between letters and digits or between small and capital letters: a name does so
only where its words begin.
"""
from __future__ import annotations

import re

from httplint.model.pattern import lazily
from httplint.report.secrets.randomness import WORD, is_dense

ID = "{id}"

LONGEST = 1000
"""Characters of a template, at most; hostile paths are as long as they like."""

_DIGIT = re.compile(r"[0-9]")

_KNOWN = lazily(
    r"(?:(?<![0-9A-Za-z%])|(?<=%[0-9A-Fa-f]{2}))(?:(?P<version>[0-9]{1,4}+(?:\.[0-9]{1,4}+(?![0-9A-Za-z]))++)"
    r"|(?:[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"
    r"|[0-9]{4}-(?:[01][0-9](?:-[0-3][0-9])?|W[0-5][0-9](?:-[1-7])?)"
    r"(?:T[0-9]{2}(?:(?::|%3[Aa])?[0-9]{2}){0,2}(?:[.,][0-9]{1,9})?(?:Z|[+-][0-9]{2}(?:(?::|%3[Aa])?[0-9]{2})?)?)?"
    r"|[0-9]{8}T[0-9]{4,6}Z?"
    r"|v?(?:(?=[a-f]*+[0-9])[0-9a-f]{7,}+|(?=[A-F]*+[0-9])[0-9A-F]{7,}+))(?![0-9A-Za-z]))")
"""What is told by its form: versions, which stay; UUIDs; dates and times of ISO 8601; hashes and long numbers."""

_RUN = lazily(r"(?:%[0-9A-Fa-f]{2})++|([0-9A-Za-z_-]++)(?:(?:=|%3[Dd]){1,2}+(?![^;,&]))?+")
"""Percent-encoded octets; or what may be base64url as a whole, with its padding."""

_TOKEN = lazily(r"[0-9A-Za-z]++")

_ULID = lazily(r"[0-7][0-9A-HJKMNP-TV-Z]{25}|[0-7][0-9a-hjkmnp-tv-z]{25}")
_SERIAL = lazily(r"([A-Za-z]++)[0-9]{5,}")

_BUNDLE = lazily(r"(?<=[.-])([0-9A-Za-z_-]{8})(?=\.(?:[cm]?js|css)(?:\.map)?\Z)")
"""Where bundlers put the hash of a file: index-DkqXb2_v.js, chunk-HNX7ZLPA.js."""


def template(path: str) -> str:
    """The path with what identifies one thing of many folded into {id}."""
    if _DIGIT.search(path):
        path = "/".join(_folded(segment) if _DIGIT.search(segment) else segment for segment in path.split("/"))
    return path[:LONGEST]


def _folded(segment: str) -> str:
    if segment.isdigit() and segment.isascii():            # by far the most frequent kind
        return ID
    segment = _BUNDLE.sub(_bundle, segment)
    out, end = [], 0
    for known in _KNOWN.finditer(segment):
        out += [_RUN.sub(_run, segment[end:known.start()]), known["version"] or ID]
        end = known.end()
    return "".join(out) + _RUN.sub(_run, segment[end:])


def _bundle(found: re.Match[str]) -> str:
    words = len(WORD.findall(found[1]))
    random = words > 3 if found[1].upper() != found[1] else words > 2
    return ID if random and _DIGIT.search(found[1]) else found[1]


def _run(found: re.Match[str]) -> str:
    run = found[1]
    if run is None or not _DIGIT.search(run):
        return found[0]
    if _mixed(run):
        return ID
    return _TOKEN.sub(_token, run) + found[0][len(run):]


def _token(found: re.Match[str]) -> str:
    token = found[0]
    if not _DIGIT.search(token):
        return token
    if token.isdigit() or _ULID.fullmatch(token) or _mixed(token) or _single(token):
        return ID
    return _SERIAL.sub(rf"\1{ID}", token) if _SERIAL.fullmatch(token) else token


def _mixed(run: str) -> bool:
    return is_dense(run, 10, 2.5 if len(run) >= 20 else 2.34)


def _single(token: str) -> bool:
    """Whether digits and letters of one case alternate as they do in random base36 or base32 only."""
    size, words = len(token), len(WORD.findall(token))
    return words >= 5 and size <= words * (4.5 if size >= 16 else 2)

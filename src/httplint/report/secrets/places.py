"""Secrets by their place: a token behind a word such as `reset` in a path, or what looks random elsewhere in a path, as
a value of a query, in free text. Some that looks so is no secret: UUIDs, versions, the hashes in names of files.
"""
from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from httplint.model.pattern import lazily
from httplint.report.kept import of_texts
from httplint.report.secrets.names import is_harmless
from httplint.report.secrets.randomness import (
    DIGIT,
    HEX,
    LEAST,
    LETTERS,
    MEASURED,
    PAIRS,
    SUNDERED,
    UUID,
    WORD,
    disorder,
    is_random,
)
from httplint.report.secrets.spans import Span, unquoted

# -- in paths

_SEGMENT = lazily(r"(?:/|%(?:25){0,9}2[Ff])([^/?#&;\s\"'<>,\\%]*+(?:%(?!(?:25){0,9}(?:2[Ff]|3[FfBb]|23|26|22))"
                  r"[^/?#&;\s\"'<>,\\%]*+)*+)")
_WITHIN = lazily(r"[0-9A-Za-z+_~\-]\Z")
"""Behind this, a slash begins no path."""
_TRIGGER = lazily(
    r"(?i)(?:\A|[-_.])(?:reset|forgot|recover|recovery|invit(?:e|es|ation|ations)|verif(?:y|ication)|confirm(?:ation|ed)?|"
    r"activat(?:e|ion)|magic(?:link)?|unsubscribe|optout|hooks?|webhooks?b?2?|incoming|token|tokens|passwordless|password"
    r"|secret|secrets|apikey|api-key|otp|onetime|one-time|claim|redeem|services|integration|integrations|trigger|triggers"
    r"|catch|validate|approve|sso|session|sessions|jwt|auth|oauth|callback|signup|register|accept|join|share|shared|link"
    r"|login|signin|key|keys|access|resetpassword|passwordreset|verifyemail|set-password|preview|download|bot|apikeys"
    r"|sharing|vouchers?|gift(?:cards?|s)?|coupons?|pwd?reset|onetimesecret|delete-account|use)(?:\Z|[-_.])")
"""Words behind which a path has tokens."""
TRIGGER = 60
"""Characters of a segment that has such a word."""
_CAMEL = lazily(r"(?<=[a-z0-9])(?=[A-Z])")
_CONTENTS = frozenset(("static", "_next", "ipfs", "ipns", "commit", "commits", "blob", "blobs", "tree", "manifests",
                       "assets", "build", "builds", "dist", "chunks"))
"""Segments behind which a hash, or the name of a build, is no secret."""
_HOOK_HOST = lazily(r"(?i)(?:\A|\.)(?:(?:web)?hooks?\.|hc-ping\.com\Z|infura\.io\Z"
                    r"|quiknode\.pro\Z|alchemy(?:api)?\.(?:io|com)\Z)")
_FILE = lazily(r"\.(?:[a-z]{2,5}|[A-Z]{2,5}|mp[34]|m3u8|woff2|m4[sav]|7z|bz2)(?:\.(?:map|gz|br|asc|sig))?\Z")
"""The end of the name of a file: a hash in it is no secret."""
_APART = lazily(r"[^0-9A-Za-z_\-]")
_SEGMENT_TOKEN = lazily(r"[0-9A-Za-z_.~\-=!*:+]{6,}+(?:%(?:25){0,9}3[Dd]){0,2}")
_LEADING = lazily(r"(?:[a-z]{3,}+[\-_.:])+")
_VERSION = lazily(r"[vV]?[0-9]+(?:[._-][0-9]+)*[a-z]?\Z")


_FORMATS = frozenset((".html", ".htm", ".json", ".xml", ".php", ".aspx"))
"""Ends of names of pages that are made for the one who asks: what stands before may be a token."""


def is_trigger(segment: str) -> bool:
    """Whether a segment is or has a word behind which a path has tokens."""
    return len(segment) <= TRIGGER and not segment.isdigit() and _has_word(segment)


@lru_cache(maxsize=4096)
def _has_word(segment: str) -> bool:
    return _TRIGGER.search(_CAMEL.sub("-", segment)) is not None


@of_texts(1024)
def is_hook(host: str) -> bool:
    """Whether all paths at a host have tokens."""
    return _HOOK_HOST.search(host) is not None


def is_token(segment: str) -> bool:
    """Whether a segment behind a word such as `reset` may be a token: it is no word, no version, no name of a file."""
    size = len(segment)
    if file := _FILE.search(segment):
        return file[0] in _FORMATS and is_random(segment[:file.start()], True)
    if size < 6:
        return False
    if segment.isdigit():
        return True
    if not DIGIT.search(segment):
        return (size >= 12 and disorder(segment[:MEASURED]) >= 0.62) or (
            size >= 20 and "-" not in segment and "_" not in segment and "." not in segment)
    return size >= 8 and not _VERSION.match(segment) and not _is_slug(segment)


_SLUG = lazily(r"[A-Za-z][a-z]{3,}(?:19|20)[0-9]{2}\Z|(?=[^\-_]*[\-_])"
               r"(?:(?:[A-Za-z]?[a-z]*[0-9]{0,2}|[0-9]{1,4}(?:\.[0-9]{1,3}){0,3})(?:[\-_]|\Z))++\Z")


def _is_slug(segment: str) -> bool:
    """Whether a segment is made of words and small numbers, as a title is: `web-development-2024`, `team2024`."""
    if not _SLUG.match(segment):
        return False
    pairs = [pair for word in LETTERS.findall(segment.lower()) for pair in map("".join, pairwise(word))]
    return len(pairs) >= 3 and sum(pair not in PAIRS for pair in pairs) <= len(pairs) * 0.25


def in_segments(text: str, whole: bool, found: list[Span]) -> list[Span]:
    """The tokens in paths; where paths are. `whole`: whether the text is a reference."""
    paths: list[Span] = []
    last, armed, empty, before = -1, False, False, ""
    for match in _SEGMENT.finditer(text):
        start = match.start()
        begin, end = match.span(1)
        if start != last:                                  # another path
            armed, empty, before = False, False, ""
            if not whole and text[start] == "/" and _WITHIN.match(text, start - 1, start):
                continue
            paths.append((start, end))
        else:
            paths[-1] = (paths[-1][0], end)
        last, segment = end, text[begin:end]
        if not segment:
            empty = True
            continue
        authority, empty = empty and begin >= 2 and not armed, False
        if authority:
            armed = armed or is_hook(segment)
        elif armed and is_token(unquoted(segment)):
            found.append((begin, end))
            continue
        elif is_trigger(segment):
            armed = True
        if len(segment) >= LEAST and before not in _CONTENTS and (authority or not _FILE.search(segment)):
            for token in _SEGMENT_TOKEN.finditer(segment):
                _in_segment(token[0], begin + token.start(), found)
        before = segment
    return paths


def _in_segment(token: str, at: int, found: list[Span]) -> None:
    if not any(is_random(run, False) for run in _APART.split(token)) or UUID.search(token):
        return
    lead = _LEADING.match(token)
    skip = lead.end() if lead and is_random(re.split(r"[.:]", token[lead.end():])[0], False) else 0
    found.append((at + skip, at + len(token)))


# -- elsewhere

_TOKEN = lazily(r"%(?:25){0,9}(?!2[BbFf]|25)[0-9A-Fa-f]{2}"
                r"|((?:[0-9A-Za-z_+/~\-]|%(?:25){0,9}2[BbFf]){16,}+(?:=|%(?:25){0,9}3[Dd]){0,2})(?![0-9A-Za-z])")
_SLASH = lazily(r"/|%(?:25){0,9}2[Ff]")
_HOST = lazily(r"\.[a-z]")
"""Behind the name of a host that a hash makes."""
_ESCAPE = lazily(r"%(?:25){0,9}2[BbFf]|%(?:25){0,9}3[Dd]")


def by_look(text: str, paths: list[Span], found: list[Span]) -> None:
    """Tokens that look random, wherever they stand but in paths."""
    number = 0
    for match in _TOKEN.finditer(text):
        token = match[1]
        if token is None:
            continue
        begin, end = match.span(1)
        while number < len(paths) and paths[number][1] <= begin:
            number += 1
        if number < len(paths) and paths[number][0] <= begin + 1 and not _is_base64(text, begin, token):
            continue
        if is_harmless(text, begin, end):
            continue
        plain = _ESCAPE.sub("", token) if "%" in token else token
        bare = plain.strip("=+/")
        if "/" in token or "%" in token:
            pieces = _SLASH.split(token)
            if all(map(_dense_piece, pieces)) and is_random(SUNDERED.sub("", bare), True):
                found.append((begin, end))
                continue
            at = begin
            for piece in pieces:
                if is_random(piece.rstrip("="), True):
                    place = text.index(piece, at)
                    found.append((place, place + len(piece)))
                    at = place + len(piece)
        elif HEX.fullmatch(bare) and _HOST.match(text, end):
            continue
        elif is_random(bare, True) or ("+" in bare and is_random(bare.replace("+", ""), True)):
            lead = _LEADING.match(token)
            skip = lead.end() if lead and is_random(token[lead.end():], True) else 0
            found.append((begin + skip, end))


def _is_base64(text: str, begin: int, token: str) -> bool:
    """Whether slashes in a token are digits of base64, no delimiters of a path."""
    return text[begin:begin + 1] not in "/%" and text[begin - 1:begin] not in "/:." and "/" in token


def _dense_piece(piece: str) -> bool:
    return len(piece) < 5 or len(piece) <= len(WORD.findall(piece)) * 2.7

"""What the first octets of a text tell of it: the names that stand at its top, or that it has requests alone."""
from __future__ import annotations

import functools
import json
import re

from httplint.model.pattern import lazily

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\]:,]|[^"{}\[\]:,]+|"', re.DOTALL)
_KEY = re.compile(r"^(?:- )?([A-Za-z_][\w -]{0,60}?) *:(?=\s|\Z)", re.MULTILINE)


_ASKED = lazily(rb"^(?:GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS|QUERY|GRAPHQL|WEBSOCKET)[ \t]+(?:https?:|\{\{|/)",
                re.MULTILINE)
_ANSWERED = lazily(rb"^HTTP/[0-9.]{1,3} [0-9]{3}[^\r\n]*\r?\n[!#-'*+.^-z|~0-9A-Z-]{1,80}:", re.MULTILINE)
_OF_CLIENT = lazily(
    rb"^(?:###|[<>] \{%|<> \S|@[\w.-]{1,80}[ \t]*=|(?:#|//)[ \t]*@[a-z]|HTTP[ \t]+(?:[0-9]{3}|\*)|\[(?:Asserts|"
    rb"Captures|Query(?:StringParams)?|Form(?:Params)?|Multipart(?:FormData)?|Cookies|BasicAuth|Options)\])",
    re.MULTILINE)
"""What those have beside requests who write them for an HTTP client."""
_SENT = lazily(rb"[A-Z]{3,9} \S{1,4000} HTTP/1\.[01]\r\n")
_BEGINS = lazily(rb"\s*[A-Z]{3,9}[ \t]+(?:https?://|\{\{)\S{1,2000}[ \t]*\r?\n")


def asks_only(octets: bytes) -> bool:
    """Whether a text has requests as people write them for an HTTP client (.http, .rest, .hurl), and no response."""
    if octets[:1] in (b"{", b"[", b"<") or not _ASKED.search(octets) or _SENT.match(octets) or _ANSWERED.search(octets):
        return False
    return _OF_CLIENT.search(octets) is not None or _BEGINS.match(octets) is not None


@functools.lru_cache(maxsize=2)
def json_names(octets: bytes) -> frozenset[str]:
    """The names of the members of an object, or of the first object in a list; so far as the octets go.

    Empty for what is no JSON. Linear in the octets.
    """
    text = octets.decode("utf-8-sig", "replace").lstrip()
    if text[:1] not in ("{", "["):
        return frozenset()
    names, depth, top, last = set(), 0, 1 if text[0] == "{" else 2, ""
    for found in _TOKEN.finditer(text):
        piece = found[0]
        if piece in "{[":
            depth += 1
        elif piece in "}]":
            depth -= 1
            if depth < top:
                break
        elif piece == ":" and depth == top:
            names.add(_string(last))
        elif piece.strip():
            last = piece
    return frozenset(names)


def _string(piece: str) -> str:
    try:
        return str(json.loads(piece))
    except (ValueError, RecursionError):
        return ""


def yaml_names(octets: bytes) -> frozenset[str]:
    """The keys at the left edge of a text in YAML's block style, those of the items of a list too; so far as the octets
    go.
    """
    return frozenset(_KEY.findall(octets.decode("utf-8-sig", "replace").replace("\r\n", "\n")))

"""What the first octets of a text tell of its structure: the names that stand at its top."""
from __future__ import annotations

import functools
import json
import re

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\]:,]|[^"{}\[\]:,]+|"', re.DOTALL)
_KEY = re.compile(r"^(?:- )?([A-Za-z_][\w -]{0,60}?) *:(?=\s|\Z)", re.MULTILINE)


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

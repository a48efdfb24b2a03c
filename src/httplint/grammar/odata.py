"""Fields of OData: OData-Version (OData 4.01 Part 1 §8.1.5), Repeatability-Result (Repeatable Requests 1.0)."""
from __future__ import annotations

import re

from httplint.grammar.syntax import Malformed

_version = re.compile(r"[0-9]++(?:(\.)[0-9]++)?+")


def odata_version(value: str) -> str:
    """Two numbers and a full stop: 4.0 or 4.01."""
    match = _version.match(value)
    if match is None:
        raise Malformed(value, 0, "a version, such as 4.0")
    if match.group(1) is None:
        raise Malformed(value, match.end(), "a full stop and a number", "as in 4.0")
    if match.end() < len(value):
        raise Malformed(value, match.end(), "the end", "the field has a version and nothing else")
    return value


def repeatability_result(value: str) -> str:
    """`"accepted" / "rejected"`, in any case."""
    found = value.lower()
    if found not in ("accepted", "rejected"):
        raise Malformed(value, 0, "accepted or rejected")
    return found

"""The fields of WebDAV (RFC 4918 §10), and those of its kin that are built of the same rules.

The ABNF is in the manner of RFC 2616 §2.1, which allows whitespace between any two words or separators.
"""
from __future__ import annotations

import re

from httplint.grammar.common import after_whitespace, integer, members, quoted_string, required, token
from httplint.grammar.syntax import Malformed
from httplint.grammar.uri import UriReference, uri_reference
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily

_angles = lazily(r"<([^<> \t]*+)>")
_dot_segment = lazily(r"/(?=\.\.?(?:/|\Z))")


def dav(value: str) -> tuple[str, ...]:
    """`DAV = #( "1" | "2" | "3" | Coded-URL | token )`: tokens in lower case, URLs in their brackets (§10.1)."""
    return members(value, _compliance_class)


def _compliance_class(value: str, position: int) -> tuple[str, int]:
    if value[position] == "<":
        uri, position = coded_url(value, position)
        return f"<{uri}>", position
    hint = "URLs are put in angle brackets"
    name, end = token(value, position, "a compliance class")
    if value[end:end + 1] in (":", "/"):
        raise Malformed(value, end, "a comma or the end", hint)
    return name.lower(), end


def coded_url(value: str, position: int, what: str = "an absolute URI in angle brackets") -> tuple[str, int]:
    """`Coded-URL = "<" absolute-URI ">"`, without the brackets (§10.1)."""
    match = _angles.match(value, position)
    if match is None:
        raise _no_angles(value, position, what)
    found = _absolute(value, match.group(1), match.start(1))
    return found.text, match.end()


def _no_angles(value: str, position: int, what: str) -> Malformed:
    if value[position:position + 1] != "<":
        return Malformed(value, position, what, "put it in angle brackets: <…>" if position < len(value) else None)
    end = position + 1
    while end < len(value) and value[end] not in "<> \t":
        end += 1
    return Malformed(value, end, "a closing angle bracket")


def _absolute(value: str, text: str, start: int) -> UriReference:
    """`absolute-URI` (RFC 3986 §4.3): with a scheme, without a fragment."""
    found = _reference(value, text, start)
    if found.scheme is None:
        raise Malformed(value, start, "a scheme, as absolute URIs have it")
    if found.fragment is not None:
        raise Malformed(value, start + text.index("#"), "the end of the URI", "absolute URIs have no fragment")
    return found


def _reference(value: str, text: str, start: int) -> UriReference:
    try:
        return uri_reference(text)
    except Malformed as error:
        raise Malformed(value, start + error.position, error.expected, error.hint) from None


def simple_ref(value: str, text: str, start: int) -> UriReference:
    """`Simple-ref = absolute-URI | ( path-absolute [ "?" query ] )`, without dot segments (§8.3)."""
    found = _reference(value, text, start)
    if found.scheme is not None:
        _absolute(value, text, start)
    elif found.authority is not None or not text.startswith("/"):
        raise Malformed(value, start, "an absolute URI, or a path that begins with a slash")
    elif found.fragment is not None:
        raise Malformed(value, start + text.index("#"), "the end", "a fragment is not allowed here")
    dots = _dot_segment.search(found.path)
    if dots is not None:
        before = 0 if found.scheme is None else len(found.scheme) + 1
        before += 0 if found.authority is None else len(found.authority) + 2
        raise Malformed(value, start + before + dots.end(), "a path without dot segments")
    return found


def lock_token(value: str) -> str:
    """`Lock-Token = Coded-URL`, the URI without its brackets (§10.5)."""
    found, position = coded_url(value, 0, "a lock token in angle brackets")
    if position < len(value):
        raise Malformed(value, position, "the end", "the field carries one lock token")
    return found


def depth(value: str) -> str:
    """`Depth = "0" | "1" | "infinity"`, in lower case (§10.2)."""
    if value.lower() not in ("0", "1", "infinity"):
        raise Malformed(value, 0, "0, 1 or infinity")
    return value.lower()


def destination(value: str) -> UriReference:
    """`Destination = Simple-ref` (§10.3)."""
    return simple_ref(value, value, 0)


def overwrite(value: str) -> bool:
    """`Overwrite = "T" | "F"`, without regard to case (§10.6)."""
    if value.upper() not in ("T", "F"):
        raise Malformed(value, 0, "T or F")
    return value.upper() == "T"


class LockTimeout(NamedTuple):
    """How long a lock is wanted; None stands for "Infinite"."""

    seconds: int | None


_time_type = lazily(r"(?:Second-([0-9]++)|Infinite)(?![^ \t,])", re.IGNORECASE | re.ASCII)


def timeout(value: str) -> tuple[LockTimeout, ...]:
    """`Timeout = 1#( "Second-" 1*DIGIT | "Infinite" )` (§10.7)."""
    return required(members(value, _lock_timeout), value, "a timeout")


def _lock_timeout(value: str, position: int) -> tuple[LockTimeout, int]:
    match = _time_type.match(value, position)
    if match is None:
        raise Malformed(value, position, "Second- and a number, or Infinite")
    return LockTimeout(integer(match.group(1)) if match.group(1) else None), match.end()


class Condition(NamedTuple):
    """A condition of If: a state token, or an entity tag as written; the other one is None."""

    negated: bool
    token: str | None
    tag: str | None


class StateList(NamedTuple):
    """Conditions that have to hold together, for a resource or (None) for the target."""

    resource: str | None
    conditions: tuple[Condition, ...]


_not = lazily(r"not(?=[ \t<\[])[ \t]*+", re.IGNORECASE)


def if_(value: str) -> tuple[StateList, ...]:
    """`If = 1*No-tag-list | 1*Tagged-list` (§10.4.2)."""
    found: list[StateList] = []
    resource = None
    tagged = value.startswith("<")
    position = 0
    while position < len(value) or not found:
        if tagged and value[position:position + 1] == "<":
            match = _angles.match(value, position)
            if match is None:
                raise _no_angles(value, position, "a resource in angle brackets")
            resource = simple_ref(value, match.group(1), match.start(1)).text
            position = after_whitespace(value, match.end())
        conditions, position = _state_list(value, position)
        found.append(StateList(resource, conditions))
        position = after_whitespace(value, position)
    return tuple(found)


def _state_list(value: str, position: int) -> tuple[tuple[Condition, ...], int]:
    """`List = "(" 1*Condition ")"`."""
    if value[position:position + 1] != "(":
        hint = None
        if value[position:position + 1] == "<":
            hint = "a list follows each resource, and lists without resource do not mix with them"
        raise Malformed(value, position, "an opening parenthesis", hint)
    position = after_whitespace(value, position + 1)
    found: list[Condition] = []
    while value[position:position + 1] != ")" or not found:
        match = _not.match(value, position)
        start = match.end() if match is not None else position
        if value[start:start + 1] == "[":
            tag, start = _bracketed_tag(value, start + 1)
            found.append(Condition(match is not None, None, tag))
        else:
            uri, start = coded_url(value, start, "a state token in angle brackets, or an entity tag in square ones")
            found.append(Condition(match is not None, uri, None))
        position = after_whitespace(value, start)
    return tuple(found), position + 1


def _bracketed_tag(value: str, position: int) -> tuple[str, int]:
    """An entity tag up to its closing bracket; it is that of RFC 2616 §3.11, whose text may have spaces."""
    start = position
    if value.startswith("W/", position):
        position += 2
    _, position = quoted_string(value, position)
    if value[position:position + 1] != "]":
        raise Malformed(value, position, "a closing square bracket")
    return value[start:position], position + 1


def schedule_tag(value: str) -> str:
    """`Schedule-Tag = opaque-tag`, the same for If-Schedule-Tag-Match (RFC 6638 §8.2, §8.3): what the quotes hold."""
    if value[:1] != '"':
        hint = "a schedule tag is never weak" if value.startswith("W/") else "tags are put in double quotes"
        raise Malformed(value, 0, "a double quote", hint)
    found, position = quoted_string(value, 0)
    if position < len(value):
        raise Malformed(value, position, "the end", "the field carries one tag")
    return found

"""What collections of Postman and results of newman have in common: fields, URLs, and signs of what is not known.

`{{name}}` is a variable, whose value is set elsewhere, perhaps for each run anew. Examples that are made from a
description of an API hold words such as <string> in place of values. A field with either is not known, and neither is
the host or the resource of a URL.
"""
from __future__ import annotations

import re

from httplint.capture.held import octet_text
from httplint.capture.json_walk import JsonObject
from httplint.capture.redaction import stand_in
from httplint.model.fields import UNTOLD, Fields
from httplint.model.message import Request
from httplint.model.named import NamedTuple

VARIABLE = "{{"
STATUS_CODES = range(1, 1000)

_MADE_UP = re.compile(r"<[A-Za-z][\w ():,-]{0,60}>")
_DIGITS = re.compile(r"[0-9]{1,9}")
_AUTHORITY = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]{0,30}|\{\{[^{}]{1,200}\}\})://)?([^/?]*)")


class Listed(NamedTuple):
    """Field lines; None if none were looked at. `unknown`: names, in lower case, of which not all values are known."""

    lines: list[tuple[str, str]] | None
    unknown: frozenset[str]


def lines(header: object) -> Listed:
    """The lines of a list of objects or texts, or of one text (v2.0)."""
    if isinstance(header, str):
        header = [line for line in header.splitlines() if line.strip()]
    if not isinstance(header, list):
        return Listed(None, frozenset())
    found: list[tuple[str, str]] = []
    unknown: set[str] = set()
    for one in header:
        name, value = _line(one)
        if name is None:
            continue
        if value is None or VARIABLE in name or not_known(value):
            unknown.add(name.lower())
        else:
            found.append((octet_text(name), octet_text(value)))
    return Listed([line for line in found if line[0].lower() not in unknown], frozenset(unknown))


def _line(one: object) -> tuple[str | None, str | None]:
    """Name and value of a line; no name for what is none, or was not sent."""
    if isinstance(one, str):
        parts = one.split(":", 1)
        return (parts[0].strip() or None, parts[1].strip()) if len(parts) > 1 else (None, None)
    if not isinstance(one, dict) or one.get("disabled") is True:
        return None, None
    name, value = one.get("key"), one.get("value")
    return name if isinstance(name, str) and name else None, value if isinstance(value, str) else None


def not_known(value: str) -> bool:
    """Whether a value holds a variable, or stands for one that was taken out or never was."""
    return _MADE_UP.fullmatch(value) is not None or stand_in(value)


def status(value: object) -> int | None:
    """A status code; None for what is none."""
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        value = int(value)
    return value if type(value) is int and value in STATUS_CODES else None


def request(asked: object) -> tuple[Request, Listed, bool] | None:
    """A request, its field lines, and whether its target URI is known; None if there is nothing to tell it by.

    An example may have its URL alone. Without a host that is known, the target is in origin-form.
    """
    if isinstance(asked, str):
        asked = {"url": asked}
    if not isinstance(asked, dict):
        return None
    url, known = _url(asked.get("url"))
    method = asked.get("method", "GET")
    if not url or not isinstance(method, str) or not method or VARIABLE in method:
        return None
    found = lines(asked.get("header"))
    fields = UNTOLD if found.lines is None else Fields(tuple(found.lines))
    return Request(octet_text(method), octet_text(url), None, fields), found, known


def _url(url: object) -> tuple[str, bool]:
    """The target URI, or where a part of it is not known its path and query, and whether it is known; empty if there
    is none.
    """
    text, known = (url, True) if isinstance(url, str) else _joined(url) if isinstance(url, dict) else ("", False)
    text = text.strip().partition("#")[0]
    found = _AUTHORITY.match(text)
    if not found or not text:
        return "", False
    scheme, authority, rest = found[1] or "http", found[2], text[found.end():]
    if known and authority and VARIABLE not in text and not _MADE_UP.search(text):
        return f"{scheme}://{authority}{rest}", True
    return rest if rest.startswith("/") else f"/{rest}", False


def _joined(url: JsonObject) -> tuple[str, bool]:
    """The text of a URL in parts, and whether its path variables (`/users/:id`) have values."""
    host, raw = _parts(url.get("host"), "."), url.get("raw")
    if not host:
        return (raw, True) if isinstance(raw, str) else ("", False)
    path, known = _path(url)
    protocol, port = _text(url.get("protocol")).removesuffix("://"), _text(url.get("port"))
    scheme, port = f"{protocol}://" if protocol else "", f":{port}" if port else ""
    return f"{scheme}{host}{port}{path}{_query(url.get('query'))}", known


def _path(url: JsonObject) -> tuple[str, bool]:
    path = _parts(url.get("path"), "/")
    variables = url.get("variable")
    known = True
    if isinstance(variables, list) and "/:" in f"/{path}":
        values = {f":{one.get('key')}": one.get("value") for one in variables if isinstance(one, dict)}
        segments = [values.get(segment, segment) for segment in path.split("/")]
        known = all(isinstance(one, str) and one for one, segment in zip(segments, path.split("/"), strict=True)
                    if segment in values)
        if known:
            path = "/".join(map(str, segments))
    return path if path.startswith("/") else f"/{path}", known


def _parts(value: object, between: str) -> str:
    if isinstance(value, list):
        named = [one.get("value") if isinstance(one, dict) else one for one in value]
        return between.join(one for one in named if isinstance(one, str))
    return _text(value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _query(value: object) -> str:
    if isinstance(value, list):
        value = "&".join([_pair(one) for one in value if isinstance(one, dict) and one.get("disabled") is not True
                          and isinstance(one.get("key"), str)])
    return f"?{value}" if value and isinstance(value, str) else ""


def _pair(one: JsonObject) -> str:
    value = one.get("value")
    return f"{one['key']}={value}" if isinstance(value, str) else str(one["key"])

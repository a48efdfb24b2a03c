"""The fields of CORS, Cross-Origin-Resource-Policy and Origin (Fetch §3.2, §3.3, §3.7), and those that use its origins:
Timing-Allow-Origin (Resource Timing §3.5.2); and Clear-Site-Data (Clear Site Data §3.1), which is alike."""
from __future__ import annotations

import functools
import re

from httplint.grammar.common import decimal, members, quoted_string, required, token, token_list
from httplint.grammar.registry import rows
from httplint.grammar.rfc9110 import lower_tokens
from httplint.grammar.syntax import Malformed
from httplint.model.pattern import lazily

_LABEL = r"[a-z0-9_\-]++"
_ORIGIN = (rf"(?:file://|(?:https?|wss?|ftp)://(?:\[[0-9a-f:]++\]|{_LABEL}(?:\.{_LABEL})*+\.?+)(?::[0-9]{{1,5}}+)?+"
           r"|(?!(?:https?|wss?|ftp|file)://)[a-z][a-z0-9+.\-]*+://[A-Za-z0-9._~\-]++(?::[0-9]{1,5}+)?+)")
"""A serialised origin (Fetch §3.2), with liberties for what browsers send nevertheless: labels with underscores, and
with hyphens at their ends, a host with a dot at its end, since there are such hosts; file://, that of views of older
applications; and under schemes of extensions and applications other hosts, such as app://- and a UUID in upper case."""

_origin = re.compile(_ORIGIN)
_start = lazily(r"[A-Za-z][A-Za-z0-9+.\-]*+://")
_any_case = lazily(_ORIGIN, re.IGNORECASE | re.ASCII)
_words = re.compile(r"null|\*")


def origin(value: str) -> str:
    """`Origin = serialized-origin / "null"` (Fetch §3.2)."""
    return _whole(value, False)


def allow_origin(value: str) -> str:
    """`Access-Control-Allow-Origin = origin-or-null / "*"` (Fetch §3.3.4)."""
    return _whole(value, True)


def allowed_origins(value: str) -> tuple[str, ...]:
    """`Timing-Allow-Origin = 1#( origin-or-null / "*" )` (Resource Timing §3.5.2)."""
    return required(members(value, _one_origin), value, "an origin, or *")


def _whole(value: str, wildcard: bool) -> str:
    match = _origin.match(value) or _words.match(value)
    if match is None or (match[0] == "*" and not wildcard):
        raise _flaw(value, 0)
    if match.end() < len(value):
        raise Malformed(value, match.end(), "the end", _hint_behind(value, match.end()))
    return value


def _one_origin(value: str, position: int) -> tuple[str, int]:
    match = _origin.match(value, position) or _words.match(value, position)
    if match is None:
        raise _flaw(value, position)
    end = match.end()
    if end < len(value) and value[end] not in ", \t":
        raise Malformed(value, end, "the end of the origin", _hint_behind(value, end))
    return match.group(), end


def _hint_behind(value: str, position: int) -> str | None:
    """What was meant by that which follows an origin."""
    wrong = value[position]
    if wrong in ", \t":
        return "only one origin can be named: answer with the one that the request has in Origin"
    if wrong == "/":
        return "an origin has no slash at its end and no path"
    if wrong.isascii() and wrong.isupper():
        return "origins are written in lower case, and compared octet by octet"
    return None


def _flaw(value: str, position: int) -> Malformed:
    member = value[position:].partition(",")[0].rstrip(" \t")
    if (match := _any_case.match(value, position)) is not None:
        text = match.group()
        at = next(at for at, character in enumerate(text) if character.isupper())
        return Malformed(value, position + at, "a lower-case letter",
                         "origins are written in lower case, and compared octet by octet")
    scheme = _start.match(value, position)
    if scheme is not None:
        return Malformed(value, scheme.end(), "a host", _hint(member))
    return Malformed(value, position, "an origin", _hint(member))


def _hint(value: str) -> str | None:
    """What was meant by something that does not begin with an origin."""
    if not value:
        return "leave the field out where nothing is allowed"
    if value[0] in "\"'":
        return "origins are not put in quotes"
    if "://*" in value:
        return "there are no wildcards within an origin: answer with the one that the request has in Origin"
    if value.lower() == "null":
        return "null is written in lower case"
    if value.lower() in ("true", "false", "none", "undefined"):
        return "leave the field out where nothing is allowed"
    return "an origin begins with its scheme, as in https://a.example" if "://" not in value else None


def only_true(value: str) -> bool:
    """`%s"true"`, of Access-Control-Allow-Credentials, in that very case (Fetch §3.3.4)."""
    if value == "true":
        return True
    hint = "it is written in lower case" if value.lower() == "true" else "leave the field out instead"
    raise Malformed(value, next((at for at, pair in enumerate(zip(value, "true", strict=False)) if pair[0] != pair[1]),
                                min(len(value), 4)), "true", hint)


def allow_methods(value: str) -> tuple[str, ...]:
    """`Access-Control-Allow-Methods = #method`, as sent, since methods are case-sensitive (Fetch §3.3.4)."""
    return tuple(token_list(value))


def allow_headers(value: str) -> tuple[str, ...]:
    """`#field-name`, in lower case; of Access-Control-Allow-Headers and -Expose-Headers (Fetch §3.3.4)."""
    return lower_tokens(value)


def request_headers(value: str) -> tuple[str, ...]:
    """`Access-Control-Request-Headers = 1#field-name`, in lower case (Fetch §3.3.4)."""
    return required(lower_tokens(value), value, "a field name")


def request_method(value: str) -> str:
    """`Access-Control-Request-Method = method` (Fetch §3.3.4)."""
    name, end = token(value, 0, "a method")
    if end < len(value):
        raise Malformed(value, end, "the end")
    return name


def max_age(value: str) -> int:
    """`Access-Control-Max-Age = delta-seconds` (Fetch §3.3.4)."""
    hint = "0 keeps the answer out of caches" if value.startswith("-") else "only digits, a number of seconds"
    return decimal(value, hint)


RESOURCE_POLICIES = ("same-origin", "same-site", "cross-origin")


def resource_policy(value: str) -> str:
    """`Cross-Origin-Resource-Policy`, one of three words in that very case (Fetch §3.7)."""
    if value in RESOURCE_POLICIES:
        return value
    found = next((one for one in RESOURCE_POLICIES if value.startswith(one)), None)
    if found is not None:
        hint = "only one policy can stand" if value[len(found)] in ",; \t" else None
        raise Malformed(value, len(found), "the end", hint)
    hint = None
    if value.lower() in RESOURCE_POLICIES:
        hint = "it is written in lower case"
    elif value[:1] in ("'", '"'):
        hint = "it is not put in quotes"
    elif value.lower() in ("same_origin", "sameorigin", "same_site", "samesite", "crossorigin", "cross_origin"):
        hint = "it is written with a hyphen"
    raise Malformed(value, 0, " or ".join((", ".join(RESOURCE_POLICIES[:2]), RESOURCE_POLICIES[2])), hint)


def clear_site_data(value: str) -> tuple[str, ...]:
    """`Clear-Site-Data = 1#quoted-string`, the texts in the quotes (Clear Site Data §3.1)."""
    return required(members(value, _one_type), value, "a type in double quotes")


def _one_type(value: str, position: int) -> tuple[str, int]:
    try:
        return quoted_string(value, position)
    except Malformed as error:
        if error.position == position:
            error.hint = "each type is put in double quotes"
        raise


@functools.cache
def site_data_types() -> frozenset[str]:
    """The types of Clear-Site-Data that browsers know, "*" among them; user agents ignore others."""
    return frozenset(row["type"] for row in rows("site-data-types.csv"))

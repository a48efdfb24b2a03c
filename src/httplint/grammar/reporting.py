"""Where reports go, and what is measured: Reporting-Endpoints (Reporting §3.2), Report-To (its predecessor), NEL
(Network Error Logging §4.1), Server-Timing (Server Timing §2), and the JSON fields of Attribution-Reporting."""
from __future__ import annotations

import json
import math
import re
from typing import Any

from httplint.grammar.common import TOKEN, after_whitespace, first_of, members, quoted_string, repeated, required, token
from httplint.grammar.structured import Item, Member, structured_dictionary
from httplint.grammar.syntax import Malformed
from httplint.grammar.uri import uri_reference
from httplint.model.json_faults import alike
from httplint.model.named import NamedTuple
from httplint.model.nesting import shallow_values
from httplint.model.pattern import lazily


class Endpoint(NamedTuple):
    """An endpoint of Reporting-Endpoints. `flaw` says why browsers ignore it; empty if they do not (§3.2)."""

    name: str
    url: str
    flaw: str
    lost: tuple[str, ...]
    """Names of parameters, which mean nothing: what a semicolon in the place of a comma makes of endpoints."""


def reporting_endpoints(value: str) -> tuple[Endpoint, ...]:
    """`Reporting-Endpoints = sf-dictionary`, of Strings that are URI references (Reporting §3.2)."""
    try:
        found = structured_dictionary(value)
    except Malformed as error:
        if value[:1] == "{":
            error.hint = "JSON is the form of Report-To; write name=\"https://a.example/reports\""
        elif _bare_url.search(value, max(value.rfind(",", 0, error.position), 0), error.position + 1) or (
                value[error.position:error.position + 1] == "'"):
            error.hint = "the URL is put in double quotes"
        raise
    return tuple([Endpoint(name, *_url(one), tuple([key for key, _ in one.parameters])) for name, one in found.members])


_bare_url = lazily("=(?:https?:|/)")
_local = lazily(r"(?:.*\.)?localhost\.?|127(?:\.[0-9]{1,3}){3}|\[::1\]", re.IGNORECASE)
"""Hosts that browsers trust without TLS (Secure Contexts §3.1)."""


def _url(member: Member) -> tuple[str, str]:
    """The URL of an endpoint, and why browsers ignore it."""
    if not isinstance(member, Item) or type(member.value) is not str:
        return "", "it is no string in double quotes"
    url = member.value
    try:
        found = uri_reference(url)
    except Malformed:
        return url, "it is no URL"
    local = found.host is not None and _local.fullmatch(found.host) is not None
    if found.scheme is not None and found.scheme.lower() not in ("https", "wss") and not local:
        return url, "its URL is not https"
    return url, ""


class EndpointGroup(NamedTuple):
    """A group of Report-To. `flaw` says why browsers ignore it; empty if they do not."""

    name: str
    max_age: int
    flaw: str


def report_to(value: str) -> tuple[EndpointGroup, ...]:
    """JSON objects separated by commas, each an endpoint group (Reporting of 2018 §3.1)."""
    return required(tuple([_group(one) for one in _objects(value)]), value, "a JSON object")


def _group(found: dict[str, Any]) -> EndpointGroup:
    name = found.get("group", "default")
    age = _count(found.get("max_age"))
    endpoints = found.get("endpoints")
    flaw = ""
    if not isinstance(name, str):
        flaw = "group is no string"
    elif age is None:
        flaw = "max_age is no whole number" if "max_age" in found else "it has no max_age"
    elif not isinstance(endpoints, list):
        flaw = "endpoints is no array" if "endpoints" in found else "it has no endpoints"
    elif any(not isinstance(one, dict) or not isinstance(one.get("url"), str) for one in endpoints):
        flaw = "an endpoint has no url"
    return EndpointGroup(name if isinstance(name, str) else "", age or 0, flaw)


class ErrorLogging(NamedTuple):
    """The policy of NEL, the first valid one where there are several (§4.1).

    `flaw` says why browsers ignore it, or the first if none is valid; empty if they do not.
    """

    report_to: str | None
    max_age: int
    flaw: str


def error_logging(value: str) -> ErrorLogging:
    """JSON objects separated by commas, of which the first valid one counts (Network Error Logging §4.1)."""
    policies = [_logging(one) for one in required(_objects(value), value, "a JSON object")]
    return next((one for one in policies if not one.flaw), policies[0])


def _logging(found: dict[str, Any]) -> ErrorLogging:
    age, group = _count(found.get("max_age")), found.get("report_to")
    if age is None:
        flaw = "max_age is no whole number" if "max_age" in found else "it has no max_age"
    elif group is not None and not isinstance(group, str):
        flaw = "report_to is no string"
    elif group is None and age:
        flaw = "it has no report_to"
    else:
        flaw = next((f"{name} is no number from 0 to 1" for name in ("success_fraction", "failure_fraction")
                     if name in found and not _fraction(found[name])), "")
    return ErrorLogging(group if isinstance(group, str) else None, age or 0, flaw)


def _count(value: object) -> int | None:
    """The value if it is a whole number that is not negative."""
    if type(value) is float and value.is_integer():
        value = int(value)
    return value if type(value) is int and value >= 0 else None


def _fraction(value: object) -> bool:
    return type(value) in (int, float) and 0 <= value <= 1     # type: ignore[operator]


def json_object(value: str) -> dict[str, Any]:
    """A JSON object, as its members."""
    found = _objects(value)
    if len(found) != 1:
        raise Malformed(value, len(value), "one JSON object")
    return found[0]


def _objects(value: str) -> tuple[dict[str, Any], ...]:
    return members(value, _object)


def _object(value: str, position: int) -> tuple[dict[str, Any], int]:
    if value[position] != "{":
        hint = "members of the list are objects; they stand without brackets around them" if (
            value[position] == "[") else None
        raise Malformed(value, position, "a JSON object", hint)
    try:
        found, end = _decode(value, position)
    except json.JSONDecodeError as raised:
        error = alike(raised)
        hint = "JSON has double quotes only" if value[error.pos:error.pos + 1] == "'" else None
        raise Malformed(value, min(error.pos, len(value)), "JSON", hint) from None
    except (ValueError, RecursionError):
        raise Malformed(value, position, "JSON of ordinary numbers and depth") from None
    assert isinstance(found, dict)
    return found, end


def _constant(name: str) -> float:
    raise ValueError(name)


_decode = shallow_values(json.JSONDecoder(parse_constant=_constant).raw_decode)


class Metric(NamedTuple):
    """A metric of Server-Timing: its name, and its parameters in order with names in lower case (§2)."""

    name: str
    parameters: tuple[tuple[str, str], ...]

    @property
    def dur(self) -> str | None:
        """The duration as written."""
        return self.parameter("dur")

    @property
    def duration(self) -> float | None:
        """The duration, in milliseconds as a rule; None without one, or if it is no number (§3)."""
        text = self.dur
        if text is None or _number.fullmatch(text) is None:
            return None
        number = float(text)
        return number if math.isfinite(number) else None

    @property
    def description(self) -> str | None:
        """The description."""
        return self.parameter("desc")

    @property
    def repeated(self) -> tuple[str, ...]:
        """The parameters that stand more than once; the first counts (§2)."""
        return repeated(name for name, _ in self.parameters[:100])

    def parameter(self, name: str) -> str | None:
        """The first parameter of that lower-case name."""
        return first_of(self.parameters, name)


_number = lazily(r"[+\-]?+(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)(?:[eE][+\-]?+[0-9]{1,4})?+")
_parameter_start = lazily(rf"[ \t]*+;[ \t]*+({TOKEN})[ \t]*+=[ \t]*+")


def server_timing(value: str) -> tuple[Metric, ...]:
    """`#( token *( OWS ";" OWS token OWS "=" OWS ( token / quoted-string ) ) )` (Server Timing §2)."""
    return members(value, _metric)


def _metric(value: str, position: int) -> tuple[Metric, int]:
    name, position = token(value, position, "the name of a metric")
    found = []
    while (match := _parameter_start.match(value, position)) is not None:
        start = match.end()
        if value[start:start + 1] == '"':
            text, position = quoted_string(value, start)
        else:
            text, position = token(value, start, "a token or a quoted string")
        found.append((match.group(1).lower(), text))
    behind = after_whitespace(value, position)
    rest = value[behind:behind + 1]
    if rest in ("=", ":") and not found:
        raise Malformed(value, behind, "a semicolon, a comma or the end", "a duration is written db;dur=53")
    if rest == ";":
        start = after_whitespace(value, behind + 1)
        if start == len(value) or value[start] == ",":
            raise Malformed(value, start, "a parameter", "no semicolon at the end")
        if value[start] == '"':
            raise Malformed(value, start, "a parameter", "a description is written desc=\"...\"")
        _, end = token(value, start, "the name of a parameter")
        raise Malformed(value, after_whitespace(value, end), "an equals sign and a value")
    if rest and rest != "," and found:
        hint = "text with such characters is put in double quotes" if behind == position else (
            "text with spaces is put in double quotes")
        raise Malformed(value, behind, "a semicolon, a comma or the end", hint)
    return Metric(name, tuple(found)), position

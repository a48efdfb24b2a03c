"""The table of fields: for each name its grammar and its traits, and the typed values of a section's fields.

`parsed` is the hottest function of the package. Parsers are looked up at their first use, so that importing the table
costs little, and values are memoised: per section by name, and for fields whose values repeat by name and raw value.
"""
from __future__ import annotations

import functools
import importlib
from collections.abc import Callable

from httplint.grammar.syntax import Malformed
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.fields import OWS, Fields

CACHED_VALUES = 4096
CACHED_LENGTH = 1024


class Field:
    """What the specifications say of a field name."""

    __slots__ = ("hop_by_hop", "list", "name", "obsolete", "parse", "parser", "request", "response", "source",
                 "structured", "trailer", "volatile")

    def __init__(self, name: str, source: str, parser: str | None = None, *, list: bool = False,
                 structured: str | None = None, request: bool | None = None, response: bool | None = None,
                 trailer: bool | None = None, hop_by_hop: bool = False, obsolete: str | None = None,
                 volatile: bool = False) -> None:
        self.name = name
        """The canonical spelling."""
        self.source = source
        self.parser = parser
        """"module:function", relative to this package; None if there is no grammar for it yet."""
        self.list = list
        """Whether it is list-based: may stand on several lines, which combine (RFC 9110 §5.3, §5.5)."""
        self.structured = structured
        """"Item", "List" or "Dictionary" if it is defined as a structured field (RFC 9651)."""
        self.request = request
        """Whether it has a meaning in requests; None if that is not said anywhere."""
        self.response = response
        self.trailer = trailer
        """Whether its definition permits it in trailers (True), or its kind rules it out (False); RFC 9110 §6.5.1."""
        self.hop_by_hop = hop_by_hop
        self.obsolete = obsolete
        """By what it was made obsolete or deprecated."""
        self.volatile = volatile
        """Whether values seldom repeat, so that keeping them is of no use."""
        self.parse: Callable[[str], object] = self._first
        """From a field value to its typed value; raises `Malformed`. Without a grammar, the value itself."""

    @property
    def function(self) -> Callable[[str], object]:
        """The parser itself, loaded at its first use; `str` without a grammar."""
        if self.parse == self._first:
            self.parse = _load(self.parser)
        return self.parse

    def _first(self, value: str) -> object:
        return self.function(value)

    def __repr__(self) -> str:
        return f"<Field {self.name}>"


def _load(parser: str | None) -> Callable[[str], object]:
    if parser is None:
        return str
    module, _, function = parser.partition(":")
    found: Callable[[str], object] = getattr(importlib.import_module(f"httplint.grammar.{module}"), function)
    return found


_9110, _9111, _9112 = "RFC 9110 §", "RFC 9111 §", "RFC 9112 §"

FIELDS: dict[str, Field] = {one.name.lower(): one for one in (
    # RFC 9110: messages, routing, connections
    Field("Date", _9110 + "6.6.1", "dates:http_date", request=True, response=True, trailer=False, volatile=True),
    Field("Trailer", _9110 + "6.6.2", "rfc9110:lower_tokens", list=True, request=True, response=True, trailer=False),
    Field("Host", _9110 + "7.2", "rfc9110:host", request=True, response=False, trailer=False),
    Field("Connection", _9110 + "7.6.1", "rfc9110:lower_tokens", list=True, request=True, response=True, trailer=False,
          hop_by_hop=True),
    Field("Max-Forwards", _9110 + "7.6.2", "rfc9110:max_forwards", request=True, response=False, trailer=False),
    Field("Via", _9110 + "7.6.3", "rfc9110:via", list=True, request=True, response=True, trailer=False),
    Field("Upgrade", _9110 + "7.8", "rfc9110:upgrade", list=True, request=True, response=True, trailer=False,
          hop_by_hop=True),
    # RFC 9110: representations
    Field("Content-Type", _9110 + "8.3", "rfc9110:media_type", request=True, response=True, trailer=False),
    Field("Content-Encoding", _9110 + "8.4", "rfc9110:lower_tokens", list=True, request=True, response=True,
          trailer=False),
    Field("Content-Language", _9110 + "8.5", "rfc9110:content_language", list=True, request=True, response=True,
          trailer=False),
    Field("Content-Length", _9110 + "8.6", "rfc9110:content_length", request=True, response=True, trailer=False),
    Field("Content-Location", _9110 + "8.7", "rfc9110:partial_uri", request=True, response=True, trailer=False),
    Field("Last-Modified", _9110 + "8.8.2", "dates:http_date", request=True, response=True),
    Field("ETag", _9110 + "8.8.3", "rfc9110:entity_tag", request=False, response=True, trailer=True, volatile=True),
    # RFC 9110: request and response context
    Field("Expect", _9110 + "10.1.1", "rfc9110:expect", list=True, request=True, response=False, trailer=False),
    Field("From", _9110 + "10.1.2", request=True, response=False),
    Field("Referer", _9110 + "10.1.3", "rfc9110:partial_uri", request=True, response=False, volatile=True),
    Field("TE", _9110 + "10.1.4", "rfc9112:te", list=True, request=True, response=False, trailer=False,
          hop_by_hop=True),
    Field("User-Agent", _9110 + "10.1.5", "rfc9110:products", request=True, response=False),
    Field("Allow", _9110 + "10.2.1", "rfc9110:tokens", list=True, request=False, response=True),
    Field("Location", _9110 + "10.2.2", "rfc9110:location", request=False, response=True, trailer=False,
          volatile=True),
    Field("Retry-After", _9110 + "10.2.3", "rfc9110:retry_after", request=False, response=True, trailer=False),
    Field("Server", _9110 + "10.2.4", "rfc9110:products", request=False, response=True),
    # RFC 9110: authentication
    Field("WWW-Authenticate", _9110 + "11.6.1", "rfc9110:challenges", list=True, request=False, response=True,
          trailer=False),
    Field("Authorization", _9110 + "11.6.2", "rfc9110:credentials", request=True, response=False, trailer=False,
          volatile=True),
    Field("Authentication-Info", _9110 + "11.6.3", "rfc9110:auth_parameters", list=True, request=False, response=True,
          volatile=True),
    Field("Proxy-Authenticate", _9110 + "11.7.1", "rfc9110:challenges", list=True, request=False, response=True,
          trailer=False),
    Field("Proxy-Authorization", _9110 + "11.7.2", "rfc9110:credentials", request=True, response=False, trailer=False,
          volatile=True),
    Field("Proxy-Authentication-Info", _9110 + "11.7.3", "rfc9110:auth_parameters", list=True, request=False,
          response=True, volatile=True),
    # RFC 9110: content negotiation
    Field("Accept", _9110 + "12.5.1", "rfc9110:accept", list=True, request=True, response=True),
    Field("Accept-Charset", _9110 + "12.5.2", "rfc9110:accept_tokens", list=True, request=True, response=False,
          obsolete="RFC 9110 §12.5.2"),
    Field("Accept-Encoding", _9110 + "12.5.3", "rfc9110:accept_tokens", list=True, request=True, response=True),
    Field("Accept-Language", _9110 + "12.5.4", "rfc9110:accept_language", list=True, request=True, response=False),
    Field("Vary", _9110 + "12.5.5", "rfc9110:lower_tokens", list=True, request=False, response=True, trailer=False),
    # RFC 9110: conditional and range requests
    Field("If-Match", _9110 + "13.1.1", "rfc9110:entity_tags", list=True, request=True, response=False, trailer=False,
          volatile=True),
    Field("If-None-Match", _9110 + "13.1.2", "rfc9110:entity_tags", list=True, request=True, response=False,
          trailer=False, volatile=True),
    Field("If-Modified-Since", _9110 + "13.1.3", "dates:http_date", request=True, response=False, trailer=False,
          volatile=True),
    Field("If-Unmodified-Since", _9110 + "13.1.4", "dates:http_date", request=True, response=False, trailer=False,
          volatile=True),
    Field("If-Range", _9110 + "13.1.5", "rfc9110:if_range", request=True, response=False, trailer=False,
          volatile=True),
    Field("Range", _9110 + "14.2", "rfc9110:ranges", request=True, response=False, trailer=False, volatile=True),
    Field("Accept-Ranges", _9110 + "14.3", "rfc9110:range_units", list=True, request=False, response=True,
          trailer=True),
    Field("Content-Range", _9110 + "14.4", "rfc9110:content_range", request=True, response=True, trailer=False,
          volatile=True),
    # RFC 9111: caching
    Field("Age", _9111 + "5.1", "rfc9111:age", request=False, response=True, trailer=False, volatile=True),
    Field("Cache-Control", _9111 + "5.2", "rfc9111:cache_control", list=True, request=True, response=True,
          trailer=False),
    Field("Expires", _9111 + "5.3", "dates:http_date", request=False, response=True, trailer=False),
    Field("Pragma", _9111 + "5.4", "rfc9111:pragma", list=True, request=True, response=False, trailer=False,
          obsolete="RFC 9111 §5.4"),
    Field("Warning", _9111 + "5.5", "rfc9111:warning", list=True, request=True, response=True, trailer=False,
          obsolete="RFC 9111 §5.5"),
    # RFC 9112: framing
    Field("Transfer-Encoding", _9112 + "6.1", "rfc9112:transfer_encoding", list=True, request=True, response=True,
          trailer=False, hop_by_hop=True),
    Field("Keep-Alive", "RFC 2068 §19.7.1.1", list=True, request=True, response=True, trailer=False, hop_by_hop=True),
    Field("Proxy-Connection", _9112 + "C.2.2", request=True, response=False, trailer=False, hop_by_hop=True,
          obsolete="RFC 9112 §C.2.2"),
    # Other specifications
    Field("Accept-Patch", "RFC 5789 §3.1", "rfc9110:accept_patch", list=True, request=False, response=True),
    Field("Accept-Post", "Linked Data Platform 1.0 §7.1", "rfc9110:media_types", list=True, request=False,
          response=True),
    Field("Link", "RFC 8288 §3", "rfc8288:link", list=True, request=True, response=True),
    Field("Sec-WebSocket-Accept", "RFC 6455 §11.3.3", "rfc6455:accept", request=False, response=True, trailer=False,
          volatile=True),
    Field("Sec-WebSocket-Key", "RFC 6455 §11.3.1", "rfc6455:key", request=True, response=False, trailer=False,
          volatile=True),
    Field("Sec-WebSocket-Protocol", "RFC 6455 §11.3.4", "rfc6455:protocols", list=True, request=True, response=True,
          trailer=False),
    Field("Sec-WebSocket-Extensions", "RFC 6455 §11.3.2", "rfc6455:extensions", list=True, request=True,
          response=True, trailer=False),
    Field("Sec-WebSocket-Version", "RFC 6455 §11.3.5", "rfc6455:versions", list=True, request=True, response=True,
          trailer=False),
    Field("Set-Cookie", "RFC 6265 §4.1", request=False, response=True, trailer=False, volatile=True),
    Field("Cookie", "RFC 6265 §4.2", request=True, response=False, trailer=False, volatile=True),
    Field("Proxy-Status", "RFC 9209 §2", "structured:structured_list", list=True, structured="List", request=False,
          response=True, trailer=True),
    Field("Priority", "RFC 9218 §4", "structured:structured_dictionary", list=True, structured="Dictionary",
          request=True, response=True),
    Field("Early-Data", "RFC 8470 §5.1", "structured:structured_item", request=True, response=False, trailer=False),
    Field("Prefer", "RFC 7240 §2", list=True, request=True, response=False),
    Field("Preference-Applied", "RFC 7240 §3", list=True, request=False, response=True),
    Field("A-IM", "RFC 3229 §10.5.3", list=True, request=True, response=False),
    Field("IM", "RFC 3229 §10.5.2", list=True, request=False, response=True),
    Field("DAV", "RFC 4918 §10.1", list=True, request=True, response=True),
    Field("Alt-Svc", "RFC 7838 §3", list=True, request=False, response=True),
    Field("Strict-Transport-Security", "RFC 6797 §6.1", request=False, response=True),
    Field("Content-Disposition", "RFC 6266 §4", request=True, response=True),
    Field("Alternates", "RFC 2295 §8.3", list=True, request=False, response=True),
    Field("TCN", "RFC 2295 §8.5", list=True, request=False, response=True),
    Field("Status", "RFC 3875 §6.3.3", request=False, response=None),
    # Volatile ones without grammar
    Field("X-Request-Id", "unregistered", request=None, response=None, volatile=True),
    Field("Report-To", "Reporting API", list=True, request=False, response=True, volatile=True),
)}


def field(name: str) -> Field | None:
    """The field of that name, in any case; None if the table does not have it."""
    return FIELDS.get(name.lower())


class Flaw:
    """A field line whose value breaks its grammar."""

    __slots__ = ("expected", "hint", "line", "name", "position", "source", "value")

    def __init__(self, name: str, line: int, value: str, position: int, expected: str, hint: str | None,
                 source: str) -> None:
        self.name = name
        """The field's canonical name."""
        self.line = line
        """Index into `Fields.lines`."""
        self.value = value
        """The value of that line without surrounding whitespace."""
        self.position = position
        """Offset of the first wrong octet in `value`."""
        self.expected = expected
        self.hint = hint
        self.source = source

    def __repr__(self) -> str:
        return f"<Flaw {self.name} line {self.line} at {self.position}: expected {self.expected}>"


class _Failure:
    """Why a value cannot be had; kept in memos in the place of a value."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason


_ABSENT = object()


def parsed(fields: Fields, name: str) -> object:
    """The typed value of a field by its grammar; `name` is lower-case. The hottest function of the package.

    Raises NotApplicable if the field is absent, NotEvaluated if it is malformed or a singleton with several values.
    A field without a grammar has its combined value.
    """
    memo = fields.memo
    value = memo.get(name, _ABSENT)
    if value is _ABSENT:
        numbers = fields.index.get(name)
        if numbers is None:
            raise NotApplicable(name)
        value = memo[name] = _value(fields, name, numbers)
    if type(value) is _Failure:
        raise NotEvaluated(value.reason)
    return value


def _value(fields: Fields, name: str, numbers: list[int]) -> object:
    one = FIELDS.get(name)
    if len(numbers) == 1:
        raw = fields.lines[numbers[0]][1].strip(OWS)
        if one is None:
            return raw
    else:
        values = fields.values(name)
        if one is None or one.list or one.parser is None:
            raw = ", ".join(values)
        elif values.count(values[0]) == len(values):
            raw = values[0]
        else:
            return _Failure(f"{one.name} repeated with different values")
        if one is None:
            return raw
    if one.volatile or len(raw) > CACHED_LENGTH:
        return _parse(name, raw)
    return _parse_cached(name, raw)


def _parse(name: str, raw: str) -> object:
    one = FIELDS[name]
    try:
        return one.parse(raw)
    except Malformed:
        return _Failure(f"malformed {one.name}")


_parse_cached = functools.lru_cache(CACHED_VALUES)(_parse)


def flaw(fields: Fields, name: str) -> Flaw | None:
    """Where and why a present field is malformed; None if it is absent, fine, or has no grammar. `name` is lower-case.

    A list field is judged by its combined value. The line named is the first that is malformed by itself, or else the
    one in which the combined value goes wrong. A singleton on several lines is judged line by line.
    """
    one = FIELDS.get(name)
    numbers = fields.index.get(name)
    if one is None or one.parser is None or numbers is None:
        return None
    if one.list or len(numbers) == 1:
        try:
            parsed(fields, name)
        except NotEvaluated:
            pass
        else:
            return None
    values = fields.values(name)
    for number, value in zip(numbers, values, strict=True):
        error = _error(one, value)
        if error is not None:
            return Flaw(one.name, number, value, error.position, error.expected, error.hint, one.source)
    error = _error(one, ", ".join(values)) if one.list else None
    if error is None:
        return None
    position = error.position
    for number, value in zip(numbers, values, strict=True):
        if position <= len(value) or number == numbers[-1]:
            break
        position = max(position - len(value) - 2, 0)
    return Flaw(one.name, number, value, position, error.expected, error.hint, one.source)


def _error(one: Field, value: str) -> Malformed | None:
    try:
        one.parse(value)
    except Malformed as error:
        return error
    return None


def malformed(fields: Fields) -> tuple[Flaw, ...]:
    """All malformed fields of a section, in the order of their first lines."""
    return tuple([found for name in fields.index if (found := flaw(fields, name)) is not None])

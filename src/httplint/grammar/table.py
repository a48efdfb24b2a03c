"""The table of fields: for each name its grammar and its traits, and the typed values of a section's fields.

What the specifications say of a field name stands in `registry/fields.csv`, and nowhere else. What holds for fields
of a kind (malformed values, repeated singletons, obsolete ones, those of requests in responses) are rules that run
off the table, so that a new row is judged by them at once.

A value is in one of four states, which every reader of it has to bear: absent (NotApplicable: the rule is not
concerned), malformed or contradictory (NotEvaluated: the rule of the grammar says so, once), without a grammar (its
text), or typed.

`parsed` is the hottest function of the package. Parsers are looked up at their first use, so that importing the table
costs little, and values are memoised: per section by name, and for fields whose values repeat by name and raw value.
The memo of a section lives as long as the section; the other is bounded, and keeps no long values and none of fields
that are `volatile`, whose values seldom repeat.
"""
from __future__ import annotations

import functools
import importlib
from collections.abc import Callable

from httplint.grammar.registry import rows
from httplint.grammar.syntax import Malformed
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.fields import OWS, Fields
from httplint.model.message import Message

CACHED_VALUES = 4096
CACHED_LENGTH = 1024


class Field:
    """What the specifications say of a field name: a row of registry/fields.csv."""

    __slots__ = ("hop_by_hop", "list", "meaning", "name", "obsolete", "parse", "parser", "request", "response",
                 "single", "source", "status", "structured", "trailer", "volatile")

    def __init__(self, row: dict[str, str]) -> None:
        self.name = row["name"]
        """The canonical spelling."""
        self.status = row["status"]
        """IANA's word: "permanent", "provisional", "obsoleted", "deprecated"; or "unregistered"."""
        self.parser = row["parser"] or None
        """"module:function", relative to this package; None if there is no grammar for it."""
        self.list = row["kind"] == "list"
        """Whether it is list-based: may stand on several lines, which combine (RFC 9110 §5.3, §5.5)."""
        self.single = row["kind"] == "single"
        """Whether it stands on one line. Neither: "lines", several that do not combine (Set-Cookie), or not said."""
        self.structured = row["structured"] or None
        """"Item", "List" or "Dictionary" if it is defined as a structured field (RFC 9651)."""
        self.request = _TRI[row["request"]]
        """Whether it has a meaning in requests; None if that is not said anywhere."""
        self.response = _TRI[row["response"]]
        self.trailer = _TRI[row["trailer"]]
        """Whether its definition permits it in trailers (True), or its kind rules it out (False); RFC 9110 §6.5.1."""
        self.hop_by_hop = bool(row["hop_by_hop"])
        self.volatile = bool(row["volatile"])
        """Whether values seldom repeat, so that keeping them is of no use."""
        self.obsolete = row["obsolete"] or None
        """By what it was made obsolete or deprecated, or where that is said."""
        self.source = row["source"]
        """The section that defines it."""
        self.meaning = row["meaning"]
        """What it tells, in a line."""
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


_TRI = {"yes": True, "no": False, "": None}


def _fields() -> dict[str, Field]:
    """The rows of registry/fields.csv by lower-case name."""
    return {row["name"].lower(): Field(row) for row in rows("fields.csv")}


FIELDS: dict[str, Field] = _fields()


def field(name: str) -> Field | None:
    """The field of that name, in any case; None if the table does not have it."""
    return FIELDS.get(name.lower())


class MalformedLine:
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
        return f"<MalformedLine {self.name} line {self.line} at {self.position}: expected {self.expected}>"


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


def header_section(message: Message) -> Fields:
    """The fields of a message. Raises NotEvaluated if they were not captured."""
    if message.fields is None:
        raise NotEvaluated("the fields were not captured")
    return message.fields


def value(message: Message, name: str) -> object | None:
    """The parsed value of a field, or None where there is none that can be read."""
    try:
        return given(message, name)
    except NotEvaluated:
        return None


def given(message: Message, name: str) -> object | None:
    """The parsed value of a field; None if it is absent. Raises NotEvaluated if it cannot be read."""
    if message.fields is None or name not in message.fields.index:
        return None
    return parsed(message.fields, name)


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
        return _parse(one, raw)
    return _parse_cached(one, raw)


def _parse(one: Field, raw: str) -> object:
    try:
        return one.parse(raw)
    except Malformed:
        return _Failure(f"malformed {one.name}")


_parse_cached = functools.lru_cache(CACHED_VALUES)(_parse)


def malformed_line(fields: Fields, name: str) -> MalformedLine | None:
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
            return MalformedLine(one.name, number, value, error.position, error.expected, error.hint, one.source)
    error = _error(one, ", ".join(values)) if one.list else None
    if error is None:
        return None
    position = error.position
    for number, value in zip(numbers, values, strict=True):
        if position <= len(value) or number == numbers[-1]:
            break
        position = max(position - len(value) - 2, 0)
    return MalformedLine(one.name, number, value, position, error.expected, error.hint, one.source)


def _error(one: Field, value: str) -> Malformed | None:
    try:
        one.parse(value)
    except Malformed as error:
        return error
    return None

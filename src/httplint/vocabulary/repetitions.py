"""What stands several times: fields that are no lists, and members of those that are sets (RFC 9110 §5.3, §5.6.1).

A capture may have repeated lines itself, or joined them: what counts lines needs the fact "repeats".
"""
from __future__ import annotations

import functools

from httplint.grammar.table import CACHED_LENGTH, FIELDS, field, header_section
from httplint.model.fields import OWS, Fields
from httplint.model.memo import kept_with_section
from httplint.model.message import Message
from httplint.model.named import NamedTuple
from httplint.vocabulary import function
from httplint.vocabulary.fields import SHOWN, SOUND, FieldLine, sections


class Repetition(NamedTuple):
    """A field that stands on several lines, although it is no list. `line` is the last one."""

    name: str
    line: int
    times: int
    values: tuple[str, ...]
    same: bool
    """Whether all lines have the same value."""
    part: str = "field"
    """The section, as a FieldLine has it."""


REPETITION_RULED = frozenset((
    "access-control-allow-origin", "content-length", "set-cookie", "strict-transport-security",
))
"""The fields that have rules about several lines of their own; of Set-Cookie several lines are the rule."""


@function("repeats", reads=("message.*", "message:trailers"), fieldwise=True)
def repetitions(message: Message) -> tuple[Repetition, ...]:
    """The fields that are no lists and stand on several lines nevertheless (RFC 9110 §5.3).

    Not those of REPETITION_RULED, nor fields of which is not known whether they are lists.
    """
    found: list[Repetition] = []
    for part, fields in sections(message):
        if len(fields.index) < len(fields.lines):
            found += _repetitions(fields, part)
    return tuple(found)


@kept_with_section
def _repetitions(fields: Fields, part: str) -> tuple[Repetition, ...]:
    index = fields.index
    return tuple([one for name in index if len(index[name]) > 1 and name not in REPETITION_RULED
                  for one in _repetition(fields, name, part)])


@function("repeats", guard="name", reads=("message.{name}",))
def repetition(message: Message, name: str) -> tuple[Repetition, ...]:
    """The same for one field: one repetition, or none (RFC 9110 §5.3)."""
    return _repetition(header_section(message), name.lower())


def _repetition(fields: Fields, name: str, part: str = "field") -> tuple[Repetition, ...]:
    numbers = fields.index.get(name, ())
    if len(numbers) < 2:
        return ()
    one = field(name)
    if one is None or not one.single or one.response is not True:
        return ()
    values = tuple(fields.values(name))
    return (Repetition(one.name, numbers[-1], len(values), values, len(set(values)) == 1, part),)


SETS = frozenset((
    "accept-ch", "accept-patch", "accept-query", "accept-ranges", "access-control-allow-headers",
    "access-control-allow-methods", "access-control-expose-headers", "allow", "connection", "content-language",
    "trailer", "vary",
))
"""List fields whose members are a set: one that stands twice adds nothing."""


@function(among=SETS, reads=("message.*",), fieldwise=True)
def repeated_members(message: Message) -> tuple[FieldLine, ...]:
    """The fields of SETS with a simple member that stands twice, which `value` is; or one line that is sound
    (RFC 9110 §5.6.1).

    Members with quotes or parameters are not compared; methods are case-sensitive, the other members are not.
    """
    fields = header_section(message)
    found = []
    for name, numbers in fields.index.items():
        if name not in SETS:
            continue
        values = tuple([fields.lines[number][1] for number in numbers])
        if len(numbers) == 1 and "," not in values[0]:
            continue
        short = sum(map(len, values)) <= CACHED_LENGTH
        repeated = (_repeated_member if short else _repeated_member.__wrapped__)(values, name in METHODS)
        if repeated is not None:
            at, text = repeated
            found.append(FieldLine(FIELDS[name].name, numbers[at], text[:SHOWN], False))
    return tuple(found) or SOUND


METHODS = ("access-control-allow-methods", "allow")
"""Those of SETS whose members are methods, which are case-sensitive."""


@functools.lru_cache(1024)
def _repeated_member(values: tuple[str, ...], cased: bool) -> tuple[int, str] | None:
    """Which value has the first member that stood before, and that member."""
    seen: set[str] = set()
    for at, value in enumerate(values):
        for member in value.split(","):
            text = member.strip(OWS)
            plain = text if cased else text.lower()
            if plain in seen and '"' not in plain and ";" not in plain:
                return at, text
            if plain:
                seen.add(plain)
    return None

"""Field lines under judgement, and values that break the grammar of their field (RFC 9110 §2.2, §5.5).

A function about field lines returns a FieldLine for each that has the flaw, or one that is sound in place of all
others: the rule that loops over them holds then. `part` says in which section a line stands, for findings to point at.
Malformed are values by the grammar that the table of fields names; the other topics of RFC 9110 §5 have modules of
their own: `octets`, `values`, `names`, `repetitions`, `trailers`.
"""
from __future__ import annotations

import functools

from httplint.grammar.syntax import Malformed
from httplint.grammar.table import (
    CACHED_LENGTH,
    CACHED_VALUES,
    FIELDS,
    MalformedLine,
    header_section,
    malformed_line,
    parsed,
)
from httplint.model.evidence import NotEvaluated
from httplint.model.fields import OWS, Fields
from httplint.model.message import Message, Response
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily
from httplint.model.printable import Words
from httplint.vocabulary import function

SHOWN = 60
"""How much of a value a message shows: so much that the flaw is in it."""
control = lazily(r"[\x00-\x08\x0a-\x1f\x7f]")
"""What no field value may hold (RFC 9110 §5.5)."""


class FieldLine(NamedTuple):
    """A field line under judgement. What follows `sound` says what is wrong with it, where it is not."""

    name: str
    line: int | None
    """Index into the lines of its section; None where no line has to be named."""
    value: str = ""
    """The value; of a long one the part with the flaw."""
    sound: bool = True
    position: int | None = None
    """The offset in the whole value at which it leaves its grammar."""
    expected: str = ""
    hint: str = ""
    """What was probably meant, as the end of a sentence: empty, or with a semicolon in front."""
    part: str = "field"
    """Where the line stands: "trailer" in the trailer section, else in the header section."""

    @property
    def octet(self) -> int | None:
        """The same place as people count, from 1."""
        return None if self.position is None else self.position + 1

    @property
    def number(self) -> bool:
        """Whether the value is an integer, such as the 0 that stands for a date in Expires."""
        digits = self.value.removeprefix("-")
        return digits.isascii() and digits.isdecimal()


SOUND = (FieldLine("", None),)
"""Stands for any number of lines that nothing is to be said about."""


def sections(message: Message) -> tuple[tuple[str, Fields], ...]:
    """The header section, and the trailer section where one was captured: what a FieldLine calls it, and its lines."""
    header = ("field", header_section(message))
    return (header,) if message.trailers is None else (header, ("trailer", message.trailers))


def present(message: Message, names: frozenset[str]) -> tuple[FieldLine, ...]:
    """The last line of each of those fields that is there, by name."""
    index = header_section(message).index
    if index.keys().isdisjoint(names):
        return ()
    return tuple([FieldLine(FIELDS[name].name, index[name][-1]) for name in sorted(index.keys() & names)])


JUDGED = frozenset(name for name, one in FIELDS.items() if one.parser is not None and one.response is not False)


@function(guard="name", reads=("message.{name}",))
def judged(message: Message, name: str) -> tuple[FieldLine, ...]:
    """The line of that field whose value breaks its grammar, or else one that is sound (RFC 9110 §2.2, §5.5).

    Nothing is said of a value with control characters, which no grammar has: those are a matter of their own.
    """
    name = name.lower()
    fields = header_section(message)
    if name not in fields.index:
        return ()
    try:
        parsed(fields, name)
    except NotEvaluated:
        flaw = malformed_line(fields, name)
        if flaw is None or control.search(flaw.value):
            return SOUND
        return (unsound(flaw, isinstance(message, Response)),)
    return SOUND


@function(among=JUDGED, reads=("message.*",), fieldwise=True)
def judged_others(message: Message, *, among: frozenset[str] = JUDGED) -> tuple[FieldLine, ...]:
    """The malformed fields among those without a rule of their own; or one line that is sound (RFC 9110 §2.2)."""
    # The catalogue takes the fields that rules name with the key `malformed` out of `among`.
    fields = header_section(message)
    lines = fields.lines
    found: list[FieldLine] = []
    for name, numbers in fields.index.items():
        if name in among:
            value = lines[numbers[0]][1]
            if len(numbers) > 1 or len(value) > CACHED_LENGTH or not _sound(name, value):
                found += [line for line in judged(message, name) if not line.sound]
    return tuple(found) or SOUND


@functools.lru_cache(CACHED_VALUES)
def _sound(name: str, value: str) -> bool:
    try:
        FIELDS[name].parse(value.strip(OWS))
    except Malformed:
        return False
    return True


def unsound(flaw: MalformedLine, ours: bool) -> FieldLine:
    """`ours`: whether the line is one of the response, where a finding may point."""
    value = flaw.value
    if flaw.position > SHOWN // 2 and len(value) > SHOWN:
        value = "…" + value[flaw.position - SHOWN // 2:flaw.position + SHOWN // 2]
    return FieldLine(flaw.name, flaw.line if ours else None, value, False, flaw.position, Words(flaw.expected),
                     Words(f"; {flaw.hint}" if flaw.hint else ""))

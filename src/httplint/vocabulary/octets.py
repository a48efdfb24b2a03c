"""Names and values of field lines as octets, in header and trailer sections (RFC 9110 §5.1, §5.5, RFC 9113 §8.2.1).

What a reader of HTTP/1.x replaces or unfolds as recipients do (RFC 9112 §2.2, §5.2), it notes as an irregularity; such
lines have their own rules.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from httplint.grammar.common import TOKEN
from httplint.grammar.table import FIELDS
from httplint.model.fields import OWS, Fields
from httplint.model.memo import kept_with_section
from httplint.model.message import Message
from httplint.model.pattern import lazily
from httplint.vocabulary import function
from httplint.vocabulary.fields import SHOWN, SOUND, FieldLine, control, sections

_token = lazily(TOKEN)
_break = lazily(r"[\r\n]")
_fold = lazily(r"\r?\n[ \t]")


@function("exact", reads=("message:version", "message.*", "message:trailers"), fieldwise=True)
def malformed_names(message: Message) -> tuple[FieldLine, ...]:
    """The lines whose name is no token; or one that is sound (RFC 9110 §5.1).

    Outside HTTP/1.x a colon in front makes a pseudo-field of it (RFC 9113 §8.3), which is another rule's.
    """
    pseudo = message.version not in ("1.0", "1.1")
    found = []
    for part, fields in sections(message):
        unknown = [name for name in fields.index if name not in FIELDS]
        if unknown and ("" in unknown or not _is_token("".join(unknown))):
            found += [FieldLine(name[:SHOWN], number, sound=False, part=part)
                      for number, (name, _) in enumerate(fields.lines)
                      if not _is_token(name.lower()) and not (pseudo and name[:1] == ":" and _is_token(name[1:]))]
    return tuple(found) or SOUND


def _is_token(name: str) -> bool:
    return _token.fullmatch(name) is not None


@function("exact", reads=("message.*", "message:trailers"), fieldwise=True)
def line_breaks(message: Message) -> tuple[FieldLine, ...]:
    """The lines with CR or LF in their value, and what comes of it as `expected`; or one that is sound
    (RFC 9110 §5.5).
    """
    return _flawed(message, lambda value: _break.search(value))


@function("exact", reads=("message.*", "message:trailers"), fieldwise=True)
def control_characters(message: Message) -> tuple[FieldLine, ...]:
    """The lines with a control character in their value, but neither CR nor LF; or one that is sound
    (RFC 9110 §5.5).
    """
    return _flawed(message, lambda value: None if _break.search(value) else control.search(value))


def _flawed(message: Message, flaw: Callable[[str], re.Match[str] | None]) -> tuple[FieldLine, ...]:
    found = []
    for part, fields in sections(message):
        for number in _with_controls(fields):
            name, value = fields.lines[number]
            if (match := flaw(value)) is not None:
                at = match.start()
                comes_of_it = ("is a folded line, which is not sent any more" if _fold.match(value, at) else
                               "is read as further fields, or as the content (response splitting)")
                found.append(FieldLine(name, number, value[max(at - SHOWN // 2, 0):at + SHOWN // 2], False, at,
                                  comes_of_it, part=part))
    return tuple(found) or SOUND


@kept_with_section
def _with_controls(fields: Fields) -> tuple[int, ...]:
    text = "".join([value for _, value in fields.lines])
    return () if text.isprintable() or not control.search(text) else tuple(_numbers(fields))


def _numbers(fields: Fields) -> Iterator[int]:
    return (number for number, (_, value) in enumerate(fields.lines) if control.search(value))


@function("exact", reads=("message.*", "message:trailers"), fieldwise=True)
def outer_whitespace(message: Message) -> tuple[FieldLine, ...]:
    """The lines whose value begins or ends with whitespace; or one that is sound (RFC 9113 §8.2.1)."""
    return tuple([FieldLine(name, number, value[:SHOWN], False, part=part) for part, fields in sections(message)
                  for number, (name, value) in enumerate(fields.lines) if value != value.strip(OWS)]) or SOUND


@function("name_case", reads=("message.*", "message:trailers"), fieldwise=True)
def upper_case(message: Message) -> tuple[FieldLine, ...]:
    """The lines whose name has an upper-case letter, or else one that is sound (RFC 9113 §8.2.1, RFC 9114 §4.2)."""
    return tuple([FieldLine(name, number, sound=False, part=part) for part, fields in sections(message)
                  for number, (name, _) in enumerate(fields.lines) if name != name.lower()]) or SOUND

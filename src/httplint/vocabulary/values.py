"""How values are written: empty members, needless escapes, whitespace where none is sent (RFC 9110 §5.6).

All of it is read alike by recipients that keep to the specification, and not to be sent.
"""
from __future__ import annotations

import re
from collections.abc import Callable

from httplint.grammar.common import empty_member
from httplint.grammar.table import FIELDS, header_section
from httplint.grammar.table import value as value_of
from httplint.model.fields import OWS
from httplint.model.message import Message
from httplint.model.pattern import lazily
from httplint.vocabulary import function
from httplint.vocabulary.fields import SHOWN, SOUND, FieldLine, sections

_NEW_LISTS = 7230
"""The RFC that forbade senders empty members; the list rule of the ones before permits them (RFC 2616 §2.1)."""
_rfc = re.compile(r"RFC (\d+)")


def _forbids_empty(source: str) -> bool:
    found = _rfc.match(source)
    return found is None or int(found[1]) >= _NEW_LISTS


LISTS = frozenset(name for name, one in FIELDS.items()
                  if one.list and one.parser and not one.structured and _forbids_empty(one.source))
_comma_behind = lazily(r",[ \t]*+(?:,|\Z)")


@function(among=LISTS, reads=("message.*", "message:trailers"), fieldwise=True)
def list_lines(message: Message) -> tuple[FieldLine, ...]:
    """The lines of list fields that have an empty member, or else one that is sound (RFC 9110 §5.6.1.1).

    An empty value has no members, which is legal, and so is an empty line among others. Structured fields are left
    out: theirs is another grammar, in which an empty member is malformed.
    """
    found = []
    for part, fields in sections(message):
        for name in fields.index.keys() & LISTS:
            for number in fields.index[name]:
                value = fields.lines[number][1]
                if "," in value and (position := _empty_member(value)) is not None:
                    shown = value[max(position - SHOWN, 0):][:SHOWN + 20]
                    found.append(FieldLine(FIELDS[name].name, number, shown, False, position, part=part))
    return tuple(found) or SOUND


def _empty_member(value: str) -> int | None:
    """Where an empty member is; most values show at a glance that they have none."""
    return empty_member(value) if _comma_behind.search(value) or value.lstrip(OWS)[0] == "," else None


QUOTING = frozenset(("authentication-info", "cache-control", "content-disposition", "content-type", "expect-ct", "link",
                     "proxy-authenticate", "www-authenticate"))
COMMENTING = frozenset(("server", "via"))
_quoted = lazily(r'"(?:[^"\\]++|\\.)*+(?:(")|\\?+\Z)', re.DOTALL)
"""A string; or one that is left open, which is all the rest, so that no string is looked for behind its quotes."""
_needless = lazily(r'(?:[^\\]++|\\["\\])*+(\\)(?!["\\])', re.DOTALL)
_in_comment = lazily(r"[()]|\\.", re.DOTALL)


@function(among=QUOTING | COMMENTING, reads=("message.*",), fieldwise=True)
def needless_backslashes(message: Message) -> tuple[FieldLine, ...]:
    """The lines whose quoted strings or comments escape more than has to be; or one that is sound (RFC 9110 §5.6.4)."""
    return _lines(message, QUOTING | COMMENTING, _needless_backslash)


def _needless_backslash(name: str, value: str) -> int | None:
    if "\\" not in value:
        return None
    if name in COMMENTING:
        depth = 0
        for found in _in_comment.finditer(value):
            text = found.group()
            if text[0] == "\\":
                if depth > 0 and text[1] not in "()\\":
                    return found.start()
            else:
                depth = depth + 1 if text == "(" else max(depth - 1, 0)
        return None
    for quoted in _quoted.finditer(value):
        match = _needless.match(quoted.group(), 1) if quoted[1] else None
        if match is not None:
            return quoted.start() + match.start(1)
    return None


_gap = lazily(r"(?<=[^ \t,;=])(?:[ \t]{2,}|\t)(?=[^ \t,;=])")


@function(among=COMMENTING, reads=("message.*",), fieldwise=True)
def wide_whitespace(message: Message) -> tuple[FieldLine, ...]:
    """The lines of Server and Via with more than a space between words; or one that is sound (RFC 9110 §5.6.3)."""
    return _lines(message, COMMENTING, _wide_gap)


def _wide_gap(_: str, value: str) -> int | None:
    if "  " not in value and "\t" not in value:
        return None
    depth = last = 0
    for match in _gap.finditer(value):
        between = value[last:match.start()]
        depth += between.count("(") - between.count(")")
        last = match.start()
        if depth <= 0:
            return match.start()
    return None


SPACED = frozenset(("authentication-info", "link", "optional-www-authenticate", "preference-applied",
                    "proxy-authenticate", "proxy-authentication-info", "transfer-encoding", "www-authenticate"))
"""Fields whose grammar has BWS around the equals sign of parameters."""
_around_equals = lazily(
    r'"(?:[^"\\]++|\\.)*+(?:"|\\?+\Z)|<[^<>]*+>|([ \t]++=|=[ \t]++(?=[^ \t,]))|[ \t]++|[^"< \t=]++|.', re.DOTALL)
_spaced_equals = lazily(r"[ \t]=|=[ \t]")


@function(among=SPACED, reads=("message.*",), fieldwise=True)
def bad_whitespace(message: Message) -> tuple[FieldLine, ...]:
    """The lines with whitespace around an equals sign, which is read but not to be sent; or a sound one
    (RFC 9110 §5.6.3).

    Malformed ones are another rule's.
    """
    return tuple([line for line in _lines(message, SPACED, _bad_whitespace)
                  if line.sound or value_of(message, line.name.lower()) is not None]) or SOUND


def _bad_whitespace(_: str, value: str) -> int | None:
    if not _spaced_equals.search(value):
        return None
    return next((found.start(1) for found in _around_equals.finditer(value) if found[1]), None)


def _lines(message: Message, names: frozenset[str], flaw: Callable[[str, str], int | None]) -> tuple[FieldLine, ...]:
    """For each of some fields the first line with a flaw; or one line that is sound."""
    fields = header_section(message)
    found = []
    for name, numbers in fields.index.items():
        for number in numbers if name in names else ():
            value = fields.lines[number][1].strip(OWS)
            position = flaw(name, value)
            if position is not None:
                shown = value[max(position - SHOWN // 2, 0):position + SHOWN // 2]
                found.append(FieldLine(FIELDS[name].name, number, shown, False, position))
                break
    return tuple(found) or SOUND

"""The rules that field values are built of: lists, tokens, quoted strings, comments, parameters (RFC 9110 §5.6).

A scanner takes the value and a position and returns what it read together with the position behind it. Every
pattern is possessive and every scanner moves forward only, so that parsing takes time linear in the value.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from httplint.grammar.syntax import Malformed
from httplint.model.pattern import lazily

T = TypeVar("T")

TCHAR = r"!#$%&'*+\-.^_`|~0-9A-Za-z"
TOKEN = rf"[{TCHAR}]++"
QUOTED = r'"(?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]++|\\[\t \x21-\x7e\x80-\xff])*+"'

_token = re.compile(TOKEN)
_quoted = lazily(QUOTED)
_quoted_start = lazily(QUOTED[:-1])
_pair = lazily(r"\\(.)", re.DOTALL)
_empties = re.compile(r"[ \t,]*+")
_separator = re.compile(r"[ \t]*+(?:,[ \t,]*+|\Z)")
_ows = re.compile(r"[ \t]*+")
_tokens = re.compile(rf"[ \t,]*+(?:{TOKEN}[ \t]*+(?:,[ \t,]*+|\Z))*+")
_parameter = re.compile(rf"[ \t]*+;[ \t]*+(?:({TOKEN})=(?:({TOKEN})|({QUOTED})))?+")
_comment_piece = lazily(r"[\t \x21-\x27\x2a-\x5b\x5d-\x7e\x80-\xff]++|\\[\t \x21-\x7e\x80-\xff]|[()]")
_digits = lazily(r"[0-9]++")
_member_piece = lazily(rf"{QUOTED}?+|<[^<>]*+>|[ \t]++|,|[^ \t,]")
"""A string that is left open is a piece too, else each of its quotes would be looked behind."""

INTEGER_DIGITS = 1000
LARGEST: int = 10 ** INTEGER_DIGITS
"""Decimal numerals have no limit in HTTP (RFC 9110 §8.6); those of more than `INTEGER_DIGITS` all count as this."""


def integer(digits: str) -> int:
    """The number that a run of ASCII digits stands for."""
    if len(digits) > INTEGER_DIGITS:
        digits = digits.lstrip("0")
        if len(digits) > INTEGER_DIGITS:
            return LARGEST
    return int(digits or "0")


def decimal(value: str, hint: str | None = None) -> int:
    """A whole value that is `1*DIGIT`."""
    if value.isascii() and value.isdecimal():
        return integer(value)
    match = _digits.match(value)
    if match is None:
        raise Malformed(value, 0, "a digit", hint)
    raise Malformed(value, match.end(), "a digit or the end", hint)


def members(value: str, member: Callable[[str, int], tuple[T, int]], position: int = 0) -> tuple[T, ...]:
    """The members of a list as recipients read it, empty ones skipped (RFC 9110 §5.6.1.2)."""
    position = past(_empties, value, position)
    found = []
    length = len(value)
    while position < length:
        one, position = member(value, position)
        found.append(one)
        match = _separator.match(value, position)
        if match is None:
            raise _unseparated(value, position)
        position = match.end()
    return tuple(found)


def _unseparated(value: str, position: int) -> Malformed:
    position = after_whitespace(value, position)
    hint = "separate the members with commas" if value[position] == ";" or _token.match(value, position) else None
    return Malformed(value, position, "a comma or the end", hint)


def required(found: tuple[T, ...], value: str, what: str) -> tuple[T, ...]:
    """The same list if it has a member; the grammar of `1#element` wants one (RFC 9110 §5.6.1.2)."""
    if not found:
        raise Malformed(value, len(value), what)
    return found


def empty_member(value: str) -> int | None:
    """Where an empty member ends in a list, None if there is none; senders may not send those (RFC 9110 §5.6.1.1).

    An empty value has no members at all, which is something else.
    """
    empty = True
    depth = 0
    for match in _member_piece.finditer(value):
        piece = match.group()
        if piece == "," and not depth:
            if empty:
                return match.start()
            empty = True
        elif piece[0] not in " \t":
            empty = False
            if piece == "(":
                depth += 1
            elif piece == ")" and depth:
                depth -= 1
    return len(value) if empty and "," in value else None


def past(pattern: re.Pattern[str], value: str, position: int = 0) -> int:
    """The position behind what the pattern matches there; the same position if it does not match."""
    match = pattern.match(value, position)
    return match.end() if match else position


def after_whitespace(value: str, position: int) -> int:
    """The position behind optional whitespace (RFC 9110 §5.6.3)."""
    return past(_ows, value, position)


def token(value: str, position: int, what: str = "a token") -> tuple[str, int]:
    """`token = 1*tchar` (RFC 9110 §5.6.2)."""
    match = _token.match(value, position)
    if match is None:
        hint = "this is not put in quotes" if value[position:position + 1] == '"' else None
        raise Malformed(value, position, what, hint)
    return match.group(), match.end()


def token_list(value: str) -> list[str]:
    """`#token`, as sent."""
    if _tokens.fullmatch(value) is None:
        members(value, token)
    return _token.findall(value)


def quoted_string(value: str, position: int) -> tuple[str, int]:
    """`quoted-string`, its text with the quoted pairs replaced (RFC 9110 §5.6.4)."""
    match = _quoted.match(value, position)
    if match is None:
        raise _unquotable(value, position)
    return unquoted(match.group()), match.end()


def unquoted(quoted: str) -> str:
    """The text of a quoted string that is known to be well-formed."""
    text = quoted[1:-1]
    return _pair.sub(r"\1", text) if "\\" in text else text


def _unquotable(value: str, position: int) -> Malformed:
    match = _quoted_start.match(value, position)
    if match is None:
        return Malformed(value, position, "a quoted string")
    end = match.end()
    if end < len(value) and value[end] == "\\":
        end += 1
    expected = "a closing double quote" if end >= len(value) else "text allowed in a quoted string"
    return Malformed(value, end, expected)


def token_or_quoted(value: str, position: int) -> tuple[str, bool, int]:
    """`token / quoted-string`: the text, whether it was quoted, the position behind it."""
    match = _token.match(value, position)
    if match is not None:
        return match.group(), False, match.end()
    if value[position:position + 1] != '"':
        raise Malformed(value, position, "a token or a quoted string")
    text, position = quoted_string(value, position)
    return text, True, position


def parameters(value: str, position: int) -> tuple[tuple[tuple[str, str], ...], int]:
    """`parameters = *( OWS ";" OWS [ parameter ] )`, names in lower case (RFC 9110 §5.6.6).

    No whitespace is allowed around the equals sign, and none may trail but behind a semicolon.
    """
    found = []
    while (match := _parameter.match(value, position)) is not None:
        name, text, quoted = match.groups()
        position = match.end()
        if name is None:
            if position < len(value) and value[position] not in ";,":
                raise _unnamed(value, position)
            continue
        found.append((name.lower(), text if text is not None else unquoted(quoted)))
    return tuple(found), position


def _unnamed(value: str, position: int) -> Malformed:
    """Why no parameter can be read behind a semicolon."""
    match = _token.match(value, position)
    if match is None:
        return Malformed(value, position, "a parameter name")
    end = match.end()
    if end == len(value) or value[end] != "=":
        hint = "no whitespace around the equals sign" if after_whitespace(value, end) > end else None
        return Malformed(value, end, "an equals sign and a value", hint)
    flaw = value_flaw(value, end + 1)
    if flaw.hint is None and value[end + 1:end + 2] in (" ", "\t"):
        flaw.hint = "no whitespace around the equals sign"
    return flaw


def value_flaw(value: str, position: int) -> Malformed:
    """Why neither a token nor a quoted string stands there."""
    try:
        token_or_quoted(value, position)
    except Malformed as error:
        return error
    raise AssertionError(value)


def first_of(pairs: Iterable[tuple[str, T]], name: str) -> T | None:
    """What stands with the first of that name; None without any."""
    return next((text for key, text in pairs if key == name), None)


def repeated(names: Iterable[str]) -> tuple[str, ...]:
    """Those that stand more than once, in the order in which that shows."""
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for name in names:
        if name in seen:
            twice[name] = None
        seen.add(name)
    return tuple(twice)


def percent_flaw(value: str, position: int) -> Malformed:
    """Why a percent sign there begins no octet (RFC 3986 §2.1)."""
    length = 1
    while value[position + length:position + length + 1] in _HEX:
        length += 1
    return Malformed(value, position + length, "two hexadecimal digits", "a percent sign itself is written %25")


_HEX = tuple("0123456789ABCDEFabcdef")


def parameter_flaw(value: str, position: int, what: str, hint: str | None = None) -> Malformed:
    """Why no parameter stands there, whose value may be left out; `what` its name is, and a hint for another end."""
    position = after_whitespace(value, token(value, position, what)[1])
    if value[position:position + 1] == "=":
        try:
            position = token_or_quoted(value, after_whitespace(value, position + 1))[2]
        except Malformed as error:
            return error
    return Malformed(value, after_whitespace(value, position), "a semicolon, a comma or the end", hint)


def comment(value: str, position: int) -> tuple[str, int]:
    """`comment`, which nests; its text without the outer parentheses, as sent (RFC 9110 §5.6.5)."""
    start = position
    depth = 0
    while (match := _comment_piece.match(value, position)) is not None:
        position = match.end()
        piece = match.group()
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth -= 1
        if depth == 0:
            break
    if depth or position == start:
        if value[position:position + 1] == "\\":
            position += 1
        raise Malformed(value, position, "a closing parenthesis" if position >= len(value) else "text of a comment")
    return value[start + 1:position - 1], position

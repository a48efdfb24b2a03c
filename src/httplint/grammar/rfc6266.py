"""Content-Disposition (RFC 6266 §4.1).

Its ABNF is in the manner of RFC 2616 §2.1, which allows whitespace between any two words or separators.
"""
from __future__ import annotations

import re

from httplint.grammar.common import QUOTED, TOKEN, after_whitespace, token, token_or_quoted, unquoted
from httplint.grammar.rfc8187 import ExtendedValue, scan_extended_value
from httplint.grammar.syntax import Malformed
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily


class DispositionParameter(NamedTuple):
    """A parameter. The name is in lower case; either `value` or `extended` is None."""

    name: str
    value: str | None
    quoted: bool
    extended: ExtendedValue | None


class Disposition(NamedTuple):
    """How a response is to be handled, and under which name it is to be saved."""

    type: str
    """The disposition type in lower case (§4.2)."""
    parameters: tuple[DispositionParameter, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parameters."""
        return tuple(one.name for one in self.parameters)

    @property
    def filename(self) -> str | None:
        """The first plain filename (§4.3)."""
        return next((one.value for one in self.parameters if one.name == "filename"), None)

    @property
    def extended(self) -> ExtendedValue | None:
        """The first filename* (§4.3)."""
        return next((one.extended for one in self.parameters if one.name == "filename*"), None)


_parameter = lazily(rf"[ \t]*+;[ \t]*+({TOKEN})[ \t]*+=[ \t]*+(?:({TOKEN})|({QUOTED}))(?=[ \t]*+(?:;|\Z))")
_start = lazily(rf"[ \t]*+;[ \t]*+({TOKEN})[ \t]*+=[ \t]*+")


def content_disposition(value: str) -> Disposition:
    """`content-disposition = disposition-type *( ";" disposition-parm )`."""
    kind, position = token(value, 0, "a disposition type")
    behind = after_whitespace(value, position)
    if value[behind:behind + 1] == "=":
        raise Malformed(value, position, "a semicolon or the end",
                        "the disposition type comes first: attachment; filename=…")
    found = []
    while after_whitespace(value, position) < len(value):
        parameter, position = _one(value, position)
        found.append(parameter)
    return Disposition(kind.lower(), tuple(found))


def _one(value: str, position: int) -> tuple[DispositionParameter, int]:
    match = _parameter.match(value, position)
    if match is not None and not match.group(1).endswith("*"):
        name, plain, quoted = match.groups()
        text = plain if quoted is None else unquoted(quoted)
        return DispositionParameter(name.lower(), text, quoted is not None, None), match.end()
    start = _start.match(value, position)
    if start is not None and start.group(1).lower() == "filename*":
        extended, end = scan_extended_value(value, start.end())
        return DispositionParameter("filename*", None, False, extended), end
    if match is not None:
        return _other_extended(match), match.end()
    raise _flaw(value, position)


def _other_extended(match: re.Match[str]) -> DispositionParameter:
    """A parameter other than filename* whose name ends in an asterisk: it may have an ext-value, or an ordinary one."""
    name, plain, quoted = match.groups()
    if quoted is None:
        try:
            extended, end = scan_extended_value(plain, 0)
        except Malformed:
            pass
        else:
            if end == len(plain):
                return DispositionParameter(name.lower(), None, False, extended)
    return DispositionParameter(name.lower(), plain if quoted is None else unquoted(quoted), quoted is not None, None)


_SEPARATED = "parameters are separated by semicolons"


def _flaw(value: str, position: int) -> Malformed:
    """Why no parameter stands there."""
    position = after_whitespace(value, position)
    if value[position] != ";":
        return Malformed(value, position, "a semicolon or the end", _SEPARATED)
    position = after_whitespace(value, position + 1)
    if value[position:position + 1] in ("", ";"):
        return Malformed(value, position, "a parameter",
                         "no semicolon at the end" if position == len(value) else "one semicolon between parameters")
    end = token(value, position, "a parameter name")[1]
    name = value[position:end].lower()
    position = after_whitespace(value, end)
    if value[position:position + 1] != "=":
        return Malformed(value, position, "an equals sign and a value")
    position = after_whitespace(value, position + 1)
    try:
        _, quoted, end = token_or_quoted(value, position)
    except Malformed as error:
        if error.position == position:
            error.hint = _hint(value, position)
        return error
    behind = after_whitespace(value, end)
    if quoted:
        hint = "a double quote within quotes is written with a backslash in front" if behind == end else _SEPARATED
    else:
        hint = _SEPARATED if name != "filename" and behind > end else _hint(value, end)
    return Malformed(value, behind, "a semicolon or the end", hint)


def _hint(value: str, position: int) -> str:
    if position == len(value):
        return 'an empty value is written ""'
    if ord(value[position]) > 127:
        return "other characters than ASCII are sent as filename*=UTF-8''… with percent-encoded octets"
    return "a value with spaces or separators is put in double quotes"

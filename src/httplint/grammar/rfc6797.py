"""Strict-Transport-Security (RFC 6797 §6.1)."""
from __future__ import annotations

import re

from httplint.grammar.common import QUOTED, TOKEN, after_whitespace, integer, past, quoted_string, token, unquoted
from httplint.grammar.syntax import Malformed
from httplint.model.named import NamedTuple


class TransportPolicy(NamedTuple):
    """The directives of the field in order, names in lower case; None for those without a value."""

    directives: tuple[tuple[str, str | None], ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.directives)

    @property
    def max_age(self) -> int | None:
        """For how many seconds the policy holds; zero ends it (§6.1.1). None without the directive."""
        for name, value in self.directives:
            if name == "max-age" and value is not None:
                return integer(value)
        return None

    @property
    def include_subdomains(self) -> bool:
        """Whether the policy holds for all hosts below this one, too (§6.1.2)."""
        return "includesubdomains" in self.names

    @property
    def preload(self) -> bool:
        """Whether the host asks to be built into browsers, an unregistered but widely read directive."""
        return "preload" in self.names

    @property
    def unknown(self) -> tuple[str, ...]:
        """The names that neither the specification nor the list of preloaded hosts knows; recipients skip them."""
        return tuple(name for name in self.names if name not in KNOWN)

    @property
    def repeated(self) -> tuple[str, ...]:
        """The names that stand more than once."""
        seen: set[str] = set()
        twice: dict[str, None] = {}
        for name, _ in self.directives:
            if name in seen:
                twice[name] = None
            seen.add(name)
        return tuple(twice)


KNOWN = ("max-age", "includesubdomains", "preload")

# The grammar is one of RFC 2616, with implied whitespace between any two of its words, and empty directives.
_directive = re.compile(rf"[ \t;]*+({TOKEN})(?:[ \t]*+=[ \t]*+(?:({TOKEN})|({QUOTED})))?+[ \t]*+(?:;|\Z)")
_rest = re.compile(r"[ \t;]*+")
_digits = re.compile(r"[0-9]++")


def transport_policy(value: str) -> TransportPolicy:
    """`[ directive ] *( ";" [ directive ] )`, the values of the two directives by their own grammars (§6.1)."""
    found: list[tuple[str, str | None]] = []
    position = past(_rest, value)
    while position < len(value):
        match = _directive.match(value, position)
        if match is None:
            raise _flaw(value, position)
        name, text, quoted = match.groups()
        argument = text if quoted is None else unquoted(quoted)
        _judge(value, match, name.lower(), argument)
        found.append((name.lower(), argument))
        position = past(_rest, value, match.end())
    return TransportPolicy(tuple(found))


def _judge(value: str, match: re.Match[str], name: str, argument: str | None) -> None:
    """Raises Malformed for a value that the directive of that name does not take (§6.1.1, §6.1.2)."""
    if name == "includesubdomains" and argument is not None:
        equals = value.index("=", match.end(1))
        raise Malformed(value, equals, "a semicolon or the end", "includeSubDomains has no value")
    if name != "max-age":
        return
    if argument is None:
        raise Malformed(value, match.end(1), "an equals sign and a number of seconds", "as in max-age=31536000")
    if _digits.fullmatch(argument) is None:
        quoted = match[3] is not None
        start = match.start(3) + 1 if quoted else match.start(2)
        raise Malformed(value, start + past(_digits, argument), "a number of seconds",
                        "only digits, without unit or sign")


def _flaw(value: str, position: int) -> Malformed:
    hint = None
    if value[position] == '"':
        hint = "the field as a whole is not put in quotes"
    try:
        _, position = token(value, position, "a directive")
    except Malformed as error:
        if value[position] == ",":
            hint = "directives are separated by semicolons"
        return Malformed(value, position, error.expected, hint)
    position = after_whitespace(value, position)
    if value[position:position + 1] == "=":
        position = after_whitespace(value, position + 1)
        if value[position:position + 1] == '"':
            try:
                _, position = quoted_string(value, position)
            except Malformed as error:
                return error
        else:
            try:
                _, position = token(value, position, "a value")
            except Malformed as error:
                return error
        position = after_whitespace(value, position)
    wrong = value[position:position + 1]
    hint = {",": "directives are separated by semicolons", ":": "an equals sign, not a colon"}.get(wrong)
    if re.match(TOKEN, wrong):
        hint = "a semicolon is missing between the directives"
    return Malformed(value, position, "a semicolon or the end", hint)

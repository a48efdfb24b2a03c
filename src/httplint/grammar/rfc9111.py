"""The fields of HTTP Caching (RFC 9111), and Warning, which it made obsolete (RFC 7234 §5.5)."""
from __future__ import annotations

import re

from httplint.grammar.common import (
    QUOTED,
    TOKEN,
    decimal,
    integer,
    members,
    past,
    quoted_string,
    required,
    token_or_quoted,
)
from httplint.grammar.common import token as one_token
from httplint.grammar.common import unquoted as text_of
from httplint.grammar.dates import Date, http_date
from httplint.grammar.syntax import Malformed
from httplint.grammar.uri import HOST
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily


def age(value: str) -> int:
    """`Age = delta-seconds`, `delta-seconds = 1*DIGIT` (§5.1, §1.2.2)."""
    return decimal(value, "the field carries one number" if "," in value else None)


class CacheControlDirective(NamedTuple):
    """A directive: its name in lower case, its argument if it has one, and whether that was in quotes."""

    name: str
    argument: str | None
    quoted: bool

    @property
    def seconds(self) -> int | None:
        """The argument as delta-seconds; None if it is none."""
        if self.argument and self.argument.isdecimal():
            return integer(self.argument)
        return None

    @property
    def field_names(self) -> tuple[str, ...]:
        """The argument as a list of field names, in lower case."""
        return tuple(name.strip(" \t").lower() for name in (self.argument or "").split(",") if name.strip(" \t"))


class CacheControl:
    """Cache directives in order. Where one is repeated the first counts (§4.2.1)."""

    __slots__ = ("directives", "judged", "names")

    directives: tuple[CacheControlDirective, ...]
    names: tuple[str, ...]
    """The names of all directives, in order."""

    def __init__(self, directives: tuple[CacheControlDirective, ...]) -> None:
        self.directives = directives
        self.names = tuple([one.name for one in directives])
        self.judged: object = None
        """What was found of the directives, for the next rule or response that has the same value."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CacheControl) and self.directives == other.directives

    def __hash__(self) -> int:
        return hash(self.names)

    def __repr__(self) -> str:
        return f"CacheControl({self.directives!r})"

    @property
    def max_age(self) -> int | None:
        """The seconds of max-age (§5.2.1.1, §5.2.2.1); None if absent or not a number."""
        return self.seconds("max-age")

    @property
    def s_maxage(self) -> int | None:
        """The seconds of s-maxage (§5.2.2.10)."""
        return self.seconds("s-maxage")

    @property
    def max_stale(self) -> int | None:
        """The seconds of max-stale (§5.2.1.2); None also without argument."""
        return self.seconds("max-stale")

    @property
    def min_fresh(self) -> int | None:
        """The seconds of min-fresh (§5.2.1.3)."""
        return self.seconds("min-fresh")

    @property
    def stale_while_revalidate(self) -> int | None:
        """The seconds of stale-while-revalidate (RFC 5861 §3)."""
        return self.seconds("stale-while-revalidate")

    @property
    def stale_if_error(self) -> int | None:
        """The seconds of stale-if-error (RFC 5861 §4)."""
        return self.seconds("stale-if-error")

    @property
    def no_store(self) -> bool:
        """Whether no-store is there (§5.2.1.5, §5.2.2.5)."""
        return self.has("no-store")

    @property
    def no_cache(self) -> bool:
        """Whether no-cache is there without field names (§5.2.1.4, §5.2.2.4)."""
        return self._unqualified("no-cache")

    @property
    def no_cache_fields(self) -> tuple[str, ...]:
        """The field names that no-cache is limited to, in lower case (§5.2.2.4)."""
        return self._fields("no-cache")

    @property
    def private(self) -> bool:
        """Whether private is there without field names (§5.2.2.7)."""
        return self._unqualified("private")

    @property
    def private_fields(self) -> tuple[str, ...]:
        """The field names that private is limited to, in lower case (§5.2.2.7)."""
        return self._fields("private")

    @property
    def public(self) -> bool:
        """Whether public is there (§5.2.2.9)."""
        return self.has("public")

    @property
    def must_revalidate(self) -> bool:
        """Whether must-revalidate is there (§5.2.2.2)."""
        return self.has("must-revalidate")

    @property
    def proxy_revalidate(self) -> bool:
        """Whether proxy-revalidate is there (§5.2.2.8)."""
        return self.has("proxy-revalidate")

    @property
    def must_understand(self) -> bool:
        """Whether must-understand is there (§5.2.2.3)."""
        return self.has("must-understand")

    @property
    def no_transform(self) -> bool:
        """Whether no-transform is there (§5.2.1.6, §5.2.2.6)."""
        return self.has("no-transform")

    @property
    def only_if_cached(self) -> bool:
        """Whether only-if-cached is there (§5.2.1.7)."""
        return self.has("only-if-cached")

    @property
    def immutable(self) -> bool:
        """Whether immutable is there (RFC 8246 §2)."""
        return self.has("immutable")

    @property
    def has_shared_lifetime(self) -> bool:
        """Whether s-maxage is there (§5.2.2.10), with whatever argument."""
        return self.has("s-maxage")

    @property
    def lasting(self) -> bool:
        """Whether a directive is there that makes sense only for what is kept: a lifetime above zero, or immutable.

        Beside no-store it is public as well; a cache may have to store, for all, what it revalidates by no-cache.
        """
        return (self.immutable or (self.max_age or 0) > 0 or (self.s_maxage or 0) > 0
                or (self.no_store and self.public))

    def has(self, name: str) -> bool:
        """Whether a directive of that lower-case name is there, with or without argument."""
        return name in self.names

    def _unqualified(self, name: str) -> bool:
        return name in self.names and any(one.name == name and one.argument is None for one in self.directives)

    def seconds(self, name: str) -> int | None:
        """The first directive of that name as a number of seconds. Both forms of argument count (§5.2)."""
        return self.directives[self.names.index(name)].seconds if name in self.names else None

    def _fields(self, name: str) -> tuple[str, ...]:
        return tuple(field for one in self.directives if one.name == name for field in one.field_names)


_directive = re.compile(rf"({TOKEN})(?:=(?:({TOKEN})|({QUOTED})))?+(?=[ \t]*+(?:,|\Z))")


def cache_control(value: str) -> CacheControl:
    """`Cache-Control = #( token [ "=" ( token / quoted-string ) ] )` (§5.2)."""
    return CacheControl(members(value, _one_directive))


def pragma(value: str) -> tuple[CacheControlDirective, ...]:
    """`Pragma = #( "no-cache" / token [ "=" ( token / quoted-string ) ] )` (RFC 7234 §5.4).

    RFC 9111 §5.4 dropped the grammar, and with it that there has to be a directive.
    """
    return members(value, _one_directive)


def _one_directive(value: str, position: int) -> tuple[CacheControlDirective, int]:
    match = _directive.match(value, position)
    if match is None:
        raise _directive_flaw(value, position)
    name, argument, quoted = match.groups()
    if quoted is not None:
        return CacheControlDirective(name.lower(), text_of(quoted), True), match.end()
    return CacheControlDirective(name.lower(), argument, False), match.end()


def _directive_flaw(value: str, position: int) -> Malformed:
    hint = None
    _, position = one_token(value, position, "a directive")
    if value[position:position + 1] == "=":
        try:
            _, _, position = token_or_quoted(value, position + 1)
        except Malformed as error:
            if value[position + 1:position + 2] in (" ", "\t"):
                error.hint = "no whitespace around the equals sign"
            return error
        if value[position:position + 1] != ";":
            hint = "an argument with characters not allowed in a token is put in double quotes"
    while value[position:position + 1] in (" ", "\t"):
        position += 1
        hint = None
    if value[position:position + 1] == "=":
        hint = "no whitespace around the equals sign"
    elif value[position:position + 1] == ":":
        hint = "an equals sign, not a colon"
    return Malformed(value, position, "a comma or the end", hint or "directives are separated by commas")


class WarningValue(NamedTuple):
    """A member of Warning: its code, the agent that added it, its text, and a date if it has one."""

    code: int
    agent: str
    text: str
    date: Date | None


_warning = lazily(rf"([0-9]{{3}}) ((?:{HOST}(?::[0-9]*+)?+)|{TOKEN}) (?=\")")
_warning_start = lazily(rf"[0-9]{{0,3}}+(?: (?:(?:{HOST}(?::[0-9]*+)?+(?= ))|{TOKEN}))?+ ?+")


def warning(value: str) -> tuple[WarningValue, ...]:
    """`Warning = 1#( warn-code SP warn-agent SP warn-text [ SP warn-date ] )` (RFC 7234 §5.5).

    The agent is `( uri-host [ ":" port ] ) / pseudonym`, the date an HTTP-date in double quotes.
    """
    return required(members(value, _one_warning), value, "a warning")


def _one_warning(value: str, position: int) -> tuple[WarningValue, int]:
    match = _warning.match(value, position)
    if match is None:
        raise Malformed(value, past(_warning_start, value, position), "code, agent and quoted text")
    code, agent = match.groups()
    text, position = quoted_string(value, match.end())
    if not value.startswith(' "', position):
        return WarningValue(int(code), agent, text, None), position
    end = value.find('"', position + 2)
    if end < 0:
        raise Malformed(value, len(value), "a closing double quote")
    try:
        date = http_date(value[position + 2:end])
    except Malformed as error:
        raise Malformed(value, position + 2 + error.position, error.expected, error.hint) from None
    return WarningValue(int(code), agent, text, date), end + 1

"""Link (RFC 8288 §3)."""
from __future__ import annotations

import re

from httplint.grammar.common import QUOTED, TOKEN, after_whitespace, first_of, members, token, token_or_quoted, unquoted
from httplint.grammar.syntax import Malformed
from httplint.grammar.uri import uri_reference
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily


class Link(NamedTuple):
    """A link: its target as written, its relation types, and all its parameters in order.

    Relation types are in lower case, as they are compared without regard to case (§2.1.1, §2.1.2). Names of parameters
    are in lower case too; a parameter without value has None.
    """

    target: str
    relations: tuple[str, ...]
    parameters: tuple[tuple[str, str | None], ...]
    unusual: tuple[str, ...] = ()
    """The parameters that are in the other of the two forms than recipients are used to: title in quotes, hreflang
    without them (§3)."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parameters."""
        return tuple(name for name, _ in self.parameters)

    @property
    def rel(self) -> str | None:
        """The first rel as written; later ones are ignored (§3.3)."""
        return self.parameter("rel")

    @property
    def anchor(self) -> str | None:
        """The context of the link where it is not the message's (§3.2)."""
        return self.parameter("anchor")

    @property
    def hreflang(self) -> tuple[str, ...]:
        """The languages of the target, in lower case (§3.4.1)."""
        return tuple(value.lower() for name, value in self.parameters if name == "hreflang" and value is not None)

    @property
    def title(self) -> str | None:
        """The title as written (§3.4.1)."""
        return self.parameter("title")

    @property
    def type(self) -> str | None:
        """The media type of the target (§3.4.1)."""
        return self.parameter("type")

    @property
    def media(self) -> str | None:
        """The media the target is for (§3.4.1)."""
        return self.parameter("media")

    def parameter(self, name: str) -> str | None:
        """The first parameter of that lower-case name."""
        return first_of(self.parameters, name)


_parameter = re.compile(
    rf"[ \t]*+;[ \t]*+({TOKEN})(?:[ \t]*+=[ \t]*+(?:({TOKEN})|({QUOTED})))?+(?=[ \t]*+(?:[;,]|\Z))")
_named_value = lazily(rf"[ \t]++{TOKEN}[ \t]*+=")
_target = re.compile(r"<([^<> \t]*+)>")


def link(value: str) -> tuple[Link, ...]:
    """`Link = #( "<" URI-Reference ">" *( OWS ";" OWS token BWS [ "=" BWS ( token / quoted-string ) ] ) )` (§3)."""
    return members(value, _link)


def _link(value: str, position: int) -> tuple[Link, int]:
    match = _target.match(value, position)
    if match is None:
        raise _target_flaw(value, position)
    target = match.group(1)
    try:
        uri_reference(target)
    except Malformed as error:
        raise Malformed(value, position + 1 + error.position, error.expected, error.hint) from None
    position = match.end()
    relations: tuple[str, ...] | None = None
    found: list[tuple[str, str | None]] = []
    unusual: list[str] = []
    while (match := _parameter.match(value, position)) is not None:
        name, text, quoted = match.groups()
        name = name.lower()
        if quoted is not None:
            text = unquoted(quoted)
        if (name == "title" and quoted is None) or (name == "hreflang" and quoted is not None):
            unusual.append(name)
        if name == "rel" and relations is None:
            relations = tuple([one for one in (text or "").lower().split(" ") if one])
        found.append((name, text))
        position = match.end()
    behind = after_whitespace(value, position)
    if value[behind:behind + 1] == ";":
        raise _parameter_flaw(value, after_whitespace(value, behind + 1))
    return Link(target, relations or (), tuple(found), tuple(unusual)), position


def _target_flaw(value: str, position: int) -> Malformed:
    if value[position:position + 1] != "<":
        return Malformed(value, position, "a target in angle brackets", "targets are put in angle brackets: <...>")
    end = value.find(">", position)
    if end < 0:
        end = len(value)
    try:
        uri_reference(value[position + 1:end])
    except Malformed as error:
        return Malformed(value, position + 1 + error.position, error.expected, error.hint)
    return Malformed(value, end, "a closing angle bracket")


def _parameter_flaw(value: str, position: int) -> Malformed:
    """Why no parameter stands there."""
    position = after_whitespace(value, token(value, position, "a parameter name")[1])
    hint = None
    if value[position:position + 1] == "=":
        start = after_whitespace(value, position + 1)
        try:
            _, quoted, position = token_or_quoted(value, start)
        except Malformed as error:
            return error
        if not quoted and _named_value.match(value, position) is None:
            hint = "a value with spaces, or other characters not allowed in a token, is put in double quotes"
        else:
            hint = "parameters are separated by semicolons"
    return Malformed(value, after_whitespace(value, position), "a semicolon, a comma or the end", hint)

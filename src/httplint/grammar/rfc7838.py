"""Alt-Svc (RFC 7838 §3)."""
from __future__ import annotations

from httplint.grammar.common import (
    QUOTED,
    TOKEN,
    after_whitespace,
    first_of,
    integer,
    members,
    past,
    required,
    token,
    unquoted,
    value_flaw,
)
from httplint.grammar.syntax import Malformed
from httplint.grammar.uri import HOST
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily


class AltService(NamedTuple):
    """An alternative service: a protocol, where it is offered, and parameters in order, with their names as sent."""

    protocol: str
    """The ALPN name of the protocol as it is written, percent-encoded."""
    host: str | None
    """None: the host of the origin."""
    port: int
    parameters: tuple[tuple[str, str], ...]

    @property
    def canonical(self) -> str:
        """The one way in which that protocol may be written (§3); a stray percent sign is taken for itself."""
        return "".join([octet if octet in _PLAIN else f"%{ord(octet):02X}" for octet in self.name])

    @property
    def name(self) -> str:
        """The ALPN name itself, its octets as Latin-1."""
        return _encoded.sub(lambda match: chr(int(match.group(1), 16)), self.protocol)

    @property
    def current(self) -> bool:
        """Whether the protocol is none of the drafts of HTTP/3 (h3-29, hq-27), nor the QUIC before it."""
        return _draft.fullmatch(self.protocol) is None

    @property
    def ma(self) -> str | None:
        """The parameter ma as written (§3.1)."""
        return self.parameter("ma")

    @property
    def seconds(self) -> int | None:
        """For how long the service is fresh; None without ma, or if that is no number of seconds."""
        ma = self.parameter("ma")
        return integer(ma) if ma and ma.isdecimal() else None

    @property
    def persist(self) -> str | None:
        """The parameter persist as written (§3.1)."""
        return self.parameter("persist")

    def parameter(self, name: str) -> str | None:
        """The first parameter of that name."""
        return first_of(self.parameters, name)


class AltSvc(NamedTuple):
    """What Alt-Svc says: that all alternatives are void ("clear"), or which there are, the preferred one first."""

    clear: bool
    services: tuple[AltService, ...]


_PLAIN = frozenset("!#$&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
"""The characters of tokens but the percent sign."""

_encoded = lazily("%([0-9A-Fa-f]{2})")
_draft = lazily("h3-[0-9QT]++|hq|hq-[0-9]++|quic")
_service = lazily(rf"({TOKEN})=({QUOTED})")
_parameter = lazily(rf"[ \t]*+;[ \t]*+({TOKEN})=(?:({TOKEN})|({QUOTED}))")
_authority = lazily(rf"({HOST}):([0-9]++)")
_host = lazily(HOST)


def alt_svc(value: str) -> AltSvc:
    """`Alt-Svc = "clear" / 1#( protocol-id "=" quoted-string *( OWS ";" OWS token "=" ( token / quoted-string ) ) )`.

    "clear" is case-sensitive; a quoted string holds `[ uri-host ] ":" port`.
    """
    if value == "clear":
        return AltSvc(True, ())
    if value.lower() == "clear":
        raise Malformed(value, 0, "clear or an alternative service", "clear is written in lower case")
    return AltSvc(False, required(members(value, _one_service), value, "an alternative service"))


def _one_service(value: str, position: int) -> tuple[AltService, int]:
    match = _service.match(value, position)
    if match is None:
        raise _service_flaw(value, position)
    protocol, quoted = match.groups()
    host, port = _place(value, match.start(2), quoted)
    position = match.end()
    found = []
    while (match := _parameter.match(value, position)) is not None:
        name, text, quoted = match.groups()
        found.append((name, text if quoted is None else unquoted(quoted)))
        position = match.end()
    behind = after_whitespace(value, position)
    if value[behind:behind + 1] == ";":
        raise _parameter_flaw(value, after_whitespace(value, behind + 1))
    return AltService(protocol, host, port, tuple(found)), position


def _place(value: str, start: int, quoted: str) -> tuple[str | None, int]:
    """Host and port of a quoted authority, which stands at `start`."""
    text = unquoted(quoted)
    match = _authority.fullmatch(text)
    if match is not None:
        return match.group(1) or None, integer(match.group(2))
    end = past(_host, text)
    place = start + 1 + end if "\\" not in quoted else start
    wrong = text[end:end + 1]
    if wrong == ":":
        return _no_port(value, place + 1)
    hint = "the port is never left out: \":443\" is the same host" if not wrong else None
    if wrong and ord(wrong) > 0x7e:
        hint = "international names are written in ASCII, as xn--..."
    raise Malformed(value, place, "a colon and a port", hint)


def _no_port(value: str, place: int) -> tuple[str | None, int]:
    while value[place:place + 1].isascii() and value[place:place + 1].isdigit():
        place += 1
    raise Malformed(value, place, "a port number")


def _service_flaw(value: str, position: int) -> Malformed:
    name, position = token(value, position, "a protocol")
    if value[position:position + 1] != "=":
        hint = "clear stands alone" if name == "clear" else None
        if after_whitespace(value, position) > position:
            hint = "no whitespace around the equals sign"
        return Malformed(value, position, "an equals sign", hint)
    if value[position + 1:position + 2] != '"':
        return Malformed(value, position + 1, "a double quote", "host and port are put in double quotes: h3=\":443\"")
    return value_flaw(value, position + 1)


def _parameter_flaw(value: str, position: int) -> Malformed:
    if position >= len(value) or value[position] == ",":
        return Malformed(value, position, "a parameter", "no semicolon at the end")
    _, position = token(value, position, "a parameter")
    if value[position:position + 1] != "=":
        return Malformed(value, position, "an equals sign and a value")
    return value_flaw(value, position + 1)

"""Transfer codings of HTTP/1.1 (RFC 9112 §6.1, §7), with the grammar of RFC 9110 §10.1.4."""
from __future__ import annotations

from httplint.grammar.common import QUOTED, TOKEN, after_whitespace, members, token, unquoted, value_flaw
from httplint.grammar.rfc9110 import Preference, split_weight
from httplint.grammar.syntax import Malformed
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily


class TransferCoding(NamedTuple):
    """A transfer coding; its name and the names of its parameters are in lower case."""

    name: str
    parameters: tuple[tuple[str, str], ...]


def transfer_encoding(value: str) -> tuple[TransferCoding, ...]:
    """`Transfer-Encoding = #transfer-coding` (RFC 9112 §6.1)."""
    return members(value, _transfer_coding)


_parameter = lazily(rf"[ \t]*+;[ \t]*+({TOKEN})[ \t]*+=[ \t]*+(?:({TOKEN})|({QUOTED}))")


def _transfer_coding(value: str, position: int) -> tuple[TransferCoding, int]:
    """`transfer-coding = token *( OWS ";" OWS token BWS "=" BWS ( token / quoted-string ) )` (RFC 9110 §10.1.4)."""
    name, position = token(value, position, "a transfer coding")
    found = []
    while (match := _parameter.match(value, position)) is not None:
        key, text, quoted = match.groups()
        found.append((key.lower(), text if text is not None else unquoted(quoted)))
        position = match.end()
    behind = after_whitespace(value, position)
    if value[behind:behind + 1] == ";":
        raise _flaw(value, after_whitespace(value, behind + 1))
    return TransferCoding(name.lower(), tuple(found)), position


def _flaw(value: str, position: int) -> Malformed:
    """Why no parameter stands there."""
    position = after_whitespace(value, token(value, position, "a parameter name")[1])
    if value[position:position + 1] != "=":
        return Malformed(value, position, "an equals sign and a value")
    return value_flaw(value, after_whitespace(value, position + 1))


def te(value: str) -> tuple[Preference, ...]:
    """`TE = #( "trailers" / ( transfer-coding [ weight ] ) )` (RFC 9110 §10.1.4); "q" is the weight."""
    return members(value, _accepted)


def _accepted(value: str, position: int) -> tuple[Preference, int]:
    coding, end = _transfer_coding(value, position)
    weight, rest = split_weight(value, position, coding.parameters)
    return Preference(coding.name, weight, rest), end

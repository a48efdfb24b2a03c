"""Digest fields (RFC 9530), their predecessors of RFC 3230, and Content-MD5 (RFC 2616 §14.15)."""
from __future__ import annotations

from httplint.grammar.common import TOKEN, members, required
from httplint.grammar.syntax import Malformed
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily


class Digest(NamedTuple):
    """A digest: the key of its algorithm, its octets (None if it is of another type), and its type in words."""

    algorithm: str
    octets: bytes | None
    type: str


class DigestPreference(NamedTuple):
    """How much an algorithm is wanted, from 0 to 10; None if the value is no integer. The type is in words."""

    algorithm: str
    weight: int | None
    type: str

    @property
    def sound(self) -> bool:
        """Whether it is a number from 0 to 10 (§4)."""
        return self.weight is not None and 0 <= self.weight <= 10


def digests(value: str) -> tuple[Digest, ...]:
    """`Content-Digest` and `Repr-Digest`, structured Dictionaries of Byte Sequences (§2, §3)."""
    from httplint.grammar.structured import InnerList, structured_dictionary
    try:
        found = structured_dictionary(value)
    except Malformed as error:
        raise Malformed(value, error.position, error.expected, _hint(value) or error.hint) from None
    out = []
    for name, member in found.members:
        kind = "inner list" if isinstance(member, InnerList) else member.type
        octets = None if isinstance(member, InnerList) or not isinstance(member.value, bytes) else member.value
        out.append(Digest(name, octets, kind))
    return tuple(out)


_bare = lazily(r"[A-Za-z0-9-]++=[A-Za-z0-9+/]")


def _hint(value: str) -> str | None:
    if value[:1].isupper():
        return "names of algorithms are in lower case here"
    return "the digest stands between colons: sha-256=:...:" if _bare.match(value) else None


def preferences(value: str) -> tuple[DigestPreference, ...]:
    """`Want-Content-Digest` and `Want-Repr-Digest`, structured Dictionaries of Integers (§4)."""
    from httplint.grammar.structured import InnerList, structured_dictionary
    return tuple([DigestPreference(name, None, "inner list") if isinstance(member, InnerList)
                  else DigestPreference(name, member.integer, member.type)
                  for name, member in structured_dictionary(value).members])


_instance = lazily(rf"({TOKEN})=([^,\s]*+)")
_BASE64 = ("md5", "sha", "sha-256", "sha-512")


def instance_digests(value: str) -> tuple[Digest, ...]:
    """`Digest = 1#( digest-algorithm "=" encoded )` (RFC 3230 §4.3.2), with the keys of RFC 9530 where there are such.

    How a digest is encoded depends on its algorithm (RFC 3230 §4.1.1): that of sums is not Base64.
    """
    return required(members(value, _instance_digest), value, "a digest")


def _instance_digest(value: str, position: int) -> tuple[Digest, int]:
    match = _instance.match(value, position)
    if match is None:
        raise Malformed(value, position, "an algorithm, an equals sign and a digest")
    name, text = match.groups()
    key = name.lower()
    return Digest(key, _base64(text) if key in _BASE64 else None, "text"), match.end()


def content_md5(value: str) -> tuple[Digest, ...]:
    """`Content-MD5`, the Base64 of 128 bits (RFC 2616 §14.15): one digest."""
    octets = _base64(value)
    if octets is None or len(octets) != 16:
        hint = "the sixteen octets are sent in Base64, not in hexadecimal" if _hexadecimal.fullmatch(value) else None
        raise Malformed(value, 0, "24 characters of Base64", hint)
    return (Digest("md5", octets, "text"),)


_hexadecimal = lazily("[0-9A-Fa-f]{32}")


def _base64(text: str) -> bytes | None:
    import base64
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return None

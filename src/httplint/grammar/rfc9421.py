"""Signature, Signature-Input and Accept-Signature (RFC 9421 §4, §5.1)."""
from __future__ import annotations

from collections.abc import Mapping

from httplint.grammar.structured import BareItem, InnerList, Item, mistyped, structured_dictionary
from httplint.model.named import NamedTuple

DERIVED = frozenset(("@method", "@target-uri", "@authority", "@scheme", "@request-target", "@path", "@query",
                     "@query-param"))
"""The components that are derived from a request (§2.2)."""

_METADATA = {"created": ("integer",), "expires": ("integer",), "nonce": ("string",), "alg": ("string",),
             "keyid": ("string",), "tag": ("string",)}
_ASKED = {**_METADATA, "created": ("boolean",), "expires": ("boolean",)}
"""Of a signature that is asked for, the times have no value (§5.1)."""


class Signature(NamedTuple):
    """A signature: its label, and its octets; None if it is of another type, which `type` names."""

    label: str
    octets: bytes | None
    type: str


class Component(NamedTuple):
    """What a signature covers: the name of a field or of a derived component, and its parameters (§2)."""

    name: str | None
    """None if it is no string."""
    parameters: tuple[tuple[str, BareItem], ...]

    @property
    def flags(self) -> frozenset[str]:
        """The names of the parameters."""
        return frozenset([name for name, _ in self.parameters])

    @property
    def text(self) -> str:
        """As it stands in a signature base, roughly: what a message may show."""
        return "".join((f'"{self.name}"', *(f";{name}" for name, _ in self.parameters)))


class SignatureInput(NamedTuple):
    """What a signature covers, in order, and the parameters of the signature (§2.3)."""

    label: str
    components: tuple[Component, ...] | None
    """None if the member is no inner list."""
    parameters: tuple[tuple[str, BareItem], ...]
    wrong: tuple[str, ...]
    """The parameters that are not of the type that they have to be, in words."""

    @property
    def names(self) -> tuple[str, ...]:
        """The keys of the parameters."""
        return tuple([name for name, _ in self.parameters])

    @property
    def alg(self) -> str | None:
        """The algorithm, if it is said (§3.3)."""
        found = dict(self.parameters).get("alg")
        return str(found) if isinstance(found, str) else None

    @property
    def covered(self) -> tuple[str, ...]:
        """The names of the components."""
        return tuple([one.name for one in self.components or () if one.name is not None])


def signature(value: str) -> tuple[Signature, ...]:
    """`Signature`, a structured Dictionary of Byte Sequences (§4.2)."""
    return tuple([Signature(label, None, "inner list") if isinstance(member, InnerList) else _signature(label, member)
                  for label, member in structured_dictionary(value).members])


def _signature(label: str, member: Item) -> Signature:
    return Signature(label, member.value if isinstance(member.value, bytes) else None, member.type)


def signature_input(value: str) -> tuple[SignatureInput, ...]:
    """`Signature-Input`, a structured Dictionary of Inner Lists of Strings (§4.1)."""
    return _inputs(value, _METADATA)


def accept_signature(value: str) -> tuple[SignatureInput, ...]:
    """`Accept-Signature`: the same for signatures that are asked for (§5.1)."""
    return _inputs(value, _ASKED)


def _inputs(value: str, types: Mapping[str, tuple[str, ...]]) -> tuple[SignatureInput, ...]:
    return tuple([SignatureInput(label, _components(member), member.parameters, mistyped(member.parameters, types))
                  for label, member in structured_dictionary(value).members])


def _components(member: Item | InnerList) -> tuple[Component, ...] | None:
    if not isinstance(member, InnerList):
        return None
    return tuple([Component(one.text if one.type == "string" else None, one.parameters) for one in member.items])

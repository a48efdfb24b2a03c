"""Targeted fields for the control of caches, of which CDN-Cache-Control is one (RFC 9213)."""
from __future__ import annotations

from httplint.grammar.structured import BareItem, InnerList, Item, structured_dictionary, type_of
from httplint.grammar.syntax import Malformed
from httplint.model.named import NamedTuple


class TargetedDirective(NamedTuple):
    """A cache directive as a member of a dictionary (§2.1); its parameters do not count."""

    name: str
    value: BareItem | None
    """None for an inner list."""
    type: str
    """What the value is; without one it is the boolean true."""

    @property
    def seconds(self) -> int | None:
        """The value if it is a number of seconds."""
        return self.value if type(self.value) is int and self.value >= 0 else None


class TargetedControl(NamedTuple):
    """The directives in order; of a repeated one the last counts (RFC 9651 §3.2)."""

    directives: tuple[TargetedDirective, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the directives."""
        return tuple([one.name for one in self.directives])


def targeted_control(value: str) -> TargetedControl:
    """`CDN-Cache-Control`, a structured Dictionary (§2.1), unlike Cache-Control."""
    try:
        found = structured_dictionary(value)
    except Malformed as error:
        raise Malformed(value, error.position, error.expected, _hint(value, error.position) or error.hint) from None
    return TargetedControl(tuple([_directive(name, member) for name, member in found.members]))


def _directive(name: str, member: Item | InnerList) -> TargetedDirective:
    if isinstance(member, InnerList):
        return TargetedDirective(name, None, "inner list")
    return TargetedDirective(name, member.value, type_of(member.value))


def _hint(value: str, position: int) -> str | None:
    if "A" <= value[position:position + 1] <= "Z":
        return "this field, unlike Cache-Control, has its directives in lower case"
    if value[position:position + 1] == ";":
        return "directives are separated by commas"
    return None

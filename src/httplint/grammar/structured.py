"""Structured fields (RFC 9651), parsed by http-sf and given types that rules can read."""
from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Literal

from httplint.grammar.syntax import Malformed
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily

Kind = Literal["Item", "List", "Dictionary"]


class Token(str):
    """A token (§3.3.4); equal to the string of the same characters."""

    __slots__ = ()


class DisplayString(str):
    """A display string (§3.3.8), Unicode text."""

    __slots__ = ()


class Instant(NamedTuple):
    """A date (§3.3.7), of the years 1 to 9999, which is what parsers have to support."""

    timestamp: int
    """Seconds since the epoch."""


BareItem = int | Decimal | str | Token | bytes | bool | Instant | DisplayString


class Item(NamedTuple):
    """An item with its parameters (§3.3); of a repeated key the last counts."""

    value: BareItem
    parameters: tuple[tuple[str, BareItem], ...] = ()

    @property
    def type(self) -> str:
        """What kind of bare item it is: integer, decimal, string, token, bytes, boolean, date or display string."""
        return _TYPES[type(self.value)]

    @property
    def integer(self) -> int | None:
        """The value if it is an integer."""
        return self.value if type(self.value) is int else None

    @property
    def text(self) -> str | None:
        """The value if it is a string, a token or a display string."""
        return str(self.value) if isinstance(self.value, str) else None

    @property
    def boolean(self) -> bool | None:
        """The value if it is a boolean."""
        return self.value if isinstance(self.value, bool) else None

    @property
    def names(self) -> tuple[str, ...]:
        """The keys of the parameters."""
        return tuple(name for name, _ in self.parameters)

    def parameter(self, name: str) -> BareItem | None:
        """The parameter of that key."""
        return dict(self.parameters).get(name)


class InnerList(NamedTuple):
    """An inner list with its own parameters (§3.1.1)."""

    items: tuple[Item, ...]
    parameters: tuple[tuple[str, BareItem], ...] = ()


class Dictionary(NamedTuple):
    """The members of a dictionary in order (§3.2); of a repeated key the last counts."""

    members: tuple[tuple[str, Item | InnerList], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The keys."""
        return tuple(name for name, _ in self.members)

    def member(self, name: str) -> Item | InnerList | None:
        """The member of that key."""
        return dict(self.members).get(name)


_TYPES: dict[type, str] = {int: "integer", Decimal: "decimal", str: "string", Token: "token", bytes: "bytes",
                           bool: "boolean", Instant: "date", DisplayString: "display string"}

Member = Item | InnerList
Value = Item | tuple[Member, ...] | Dictionary


_bare_item = lazily(r"(-?[0-9]{1,15})|\?([01])|\"([ !#-\[\]-~]*+)\""
                    r"|([A-Za-z*][A-Za-z0-9!#$%&'*+\-.^_`|~:/]*+)")
"""Integers, booleans, strings without escapes, and tokens (§3.3)."""


def structured_item(value: str) -> Item:
    """A field value that is an Item (§3.3, §4.2.3)."""
    if (bare := _bare_item.fullmatch(value)) is not None:  # most are one, and need no parser
        integer, boolean, string, token = bare.groups()
        if token is not None:
            return Item(Token(token))
        return Item(int(integer) if integer is not None else string if string is not None else boolean == "1")
    return _item(_parse(value, "item"))


def structured_list(value: str) -> tuple[Member, ...]:
    """A field value that is a List (§3.1, §4.2.1)."""
    return tuple([_member(one) for one in _parse(value, "list")])


def structured_dictionary(value: str) -> Dictionary:
    """A field value that is a Dictionary (§3.2, §4.2.2)."""
    return Dictionary(tuple([(name, _member(one)) for name, one in _parse(value, "dictionary").items()]))


def parse(value: str, kind: Kind) -> Value:
    """The typed value of a structured field of that kind."""
    if kind == "Item":
        return structured_item(value)
    return structured_list(value) if kind == "List" else structured_dictionary(value)


def _parse(value: str, kind: str) -> Any:
    import http_sf
    try:
        octets = value.encode("latin-1")
    except UnicodeEncodeError as error:
        raise Malformed(value, error.start, "an ASCII character") from None
    try:
        return http_sf.parse(octets, tltype=kind)
    except http_sf.StructuredFieldError as error:
        position = error.position if error.position is not None else 0
        reason = _plainly(str(error.args[0])) if error.args else None
        raise Malformed(value, min(position, len(value)), f"a structured {kind} (RFC 9651)", reason) from None


_REASONS = (
    ("Empty item", "nothing stands there"),
    ("Trailing text after item", "members are separated by commas"),
    ("should be followed by '='", "a key is followed by an equals sign and its value"),
    ("has trailing characters", "something stands behind it that does not belong there"),
    ("Trailing characters after value", "something stands behind it that does not belong there"),
    ("Key does not begin", "a key begins with a lower-case letter or *"),
    ("Key cannot begin", "a key begins with a lower-case letter or *"),
    ("Inner list bad delimitation", "the members of an inner list are separated by spaces"),
    ("no Structured Field item starting with", "no item begins like that"),
    ("Strings must be double-quoted", "strings are put in double quotes"),
    ("railing comma", "no trailing comma"),
    ("doesn't start with a DIGIT", "a number has digits behind its sign"),
    ("Display string does not start", "a display string begins with a percent sign and a double quote"),
)
"""What the parser says -> what we say."""


def _plainly(reason: str) -> str:
    for said, plain in _REASONS:
        if said in reason:
            return plain
    return reason[:1].lower() + reason[1:]


def _member(found: Any) -> Member:
    if isinstance(found[0], list):
        return InnerList(tuple([_item(one) for one in found[0]]), _parameters(found[1]))
    return _item(found)


def _item(found: Any) -> Item:
    return Item(_bare(found[0]), _parameters(found[1]))


def _parameters(found: Mapping[str, Any]) -> tuple[tuple[str, BareItem], ...]:
    return tuple([(name, _bare(value)) for name, value in found.items()]) if found else ()


@functools.cache
def _kinds() -> dict[type, Callable[[Any], BareItem]]:
    """For each type of bare item of http-sf how to make one of ours; those that are not here are the same."""
    import datetime

    import http_sf
    return {http_sf.Token: lambda found: Token(found.data),
            http_sf.DisplayString: lambda found: DisplayString(found.data),
            datetime.datetime: lambda found: Instant(round(found.timestamp()))}


def _bare(found: Any) -> BareItem:
    """A bare item of http-sf as one of ours."""
    kind = _kinds().get(type(found))
    return found if kind is None else kind(found)


_pieces = lazily(r'"(?:[^"\\]|\\.)*+"?+|,[ \t]*+|[^",]++', re.DOTALL)


def member_starts(value: str) -> list[int]:
    """Where the members of a well-formed List or Dictionary begin."""
    return [0, *(match.end() for match in _pieces.finditer(value) if match.group()[0] == ",")]


def type_of(value: BareItem | InnerList | tuple[Item, ...]) -> str:
    """What kind of value it is, in words."""
    return _TYPES.get(type(value), "inner list")


def mistyped(found: tuple[tuple[str, BareItem], ...], types: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The keys whose values are of other types than those they have by `types`, in words; others may be anything."""
    return tuple([f"{name} has a value of type {type_of(value)}, not {' or '.join(types[name])}"
                  for name, value in found if name in types and type_of(value) not in types[name]])


def serialise(value: Value) -> str:
    """The field value of a typed value (§4.1); raises ValueError for what cannot be serialised."""
    import http_sf
    if isinstance(value, Dictionary):
        found: Any = {name: _member_out(one) for name, one in value.members}
    elif isinstance(value, Item):
        found = _item_out(value)
    else:
        found = [_member_out(one) for one in value]
    return str(http_sf.ser(found))


def _member_out(value: Member) -> Any:
    if isinstance(value, InnerList):
        return [_item_out(one) for one in value.items], _parameters_out(value.parameters)
    return _item_out(value)


def _item_out(value: Item) -> Any:
    return _bare_out(value.value), _parameters_out(value.parameters)


def _parameters_out(found: tuple[tuple[str, BareItem], ...]) -> dict[str, Any]:
    return {name: _bare_out(value) for name, value in found}


def _bare_out(value: BareItem) -> Any:
    import http_sf
    if isinstance(value, Token):
        return http_sf.Token(str(value))
    if isinstance(value, DisplayString):
        return http_sf.DisplayString(str(value))
    if isinstance(value, Instant):
        import datetime
        epoch = datetime.datetime.fromtimestamp(0, datetime.timezone.utc)
        try:
            return epoch + datetime.timedelta(seconds=value.timestamp)
        except OverflowError:
            raise ValueError("a date is of the years 1 to 9999") from None
    return value

"""Header and trailer sections: ordered field lines with case-blind access (RFC 9110 §5).

Field lines are kept exactly as they were captured. Octets are decoded as ISO-8859-1, one character an octet, so
that nothing is lost and every position in a string is a position on the wire.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

OWS = " \t"
Text = str | bytes
Headers = Mapping[Text, Text | list[Text] | tuple[Text, ...]] | Iterable[tuple[Text, Text]]


class Fields:
    """The field lines of one section.

    `lines` holds (name, value) as captured; `index` maps each lower-case name to the numbers of its lines.
    """

    __slots__ = ("index", "lines", "memo")

    def __init__(self, lines: tuple[tuple[str, str], ...] = ()) -> None:
        self.lines = lines
        index: dict[str, list[int]] = {}
        for number, (name, _) in enumerate(lines):
            key = name.lower()
            if key in index:
                index[key].append(number)
            else:
                index[key] = [number]
        self.index = index
        self.memo: dict[object, object] = {}
        """Values that the grammar has parsed already, by lower-case name; and what else was made of the lines."""

    @classmethod
    def of(cls, headers: Headers | Fields | None) -> Fields | None:
        """Fields from a list of pairs or a mapping, of str or bytes; None stays None (not captured).

        Raises TypeError for names or values of any other type.
        """
        if headers is None or isinstance(headers, Fields):
            return headers
        pairs: list[tuple[str, str]] = []
        items = headers.items() if isinstance(headers, Mapping) else headers
        for item in items:
            if isinstance(item, (str, bytes)) or len(item) != 2:
                raise TypeError(f"headers: expected pairs of name and value, got {item!r:.80}")
            name, value = item
            values = value if isinstance(value, (list, tuple)) else (value,)
            pairs.extend((_text(name, "name"), _text(one, "value")) for one in values)
        return cls(tuple(pairs))

    def values(self, name: str) -> list[str]:
        """The values of the lines of that name, in order, without surrounding whitespace."""
        lines = self.lines
        return [lines[number][1].strip(OWS) for number in self.index.get(name.lower(), ())]

    def combined(self, name: str) -> str | None:
        """The field value of RFC 9110 §5.2: all lines of that name joined with a comma; None if there is none."""
        numbers = self.index.get(name.lower())
        if numbers is None:
            return None
        if len(numbers) == 1:
            return self.lines[numbers[0]][1].strip(OWS)
        key = f"\0combined {name.lower()}"                  # no field has such a name
        joined = self.memo.get(key)
        if joined is None:                                 # thousands of lines may be asked for in a loop
            joined = self.memo[key] = ", ".join(self.values(name))
        assert isinstance(joined, str)
        return joined

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self.index

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fields) and self.lines == other.lines

    def __hash__(self) -> int:
        return hash(self.lines)

    def __reduce__(self) -> str | tuple[object, ...]:
        return "UNTOLD" if self is UNTOLD else (type(self), (self.lines,))

    def __repr__(self) -> str:
        return f"<Fields, {len(self.lines)} lines>"


UNTOLD = Fields()
"""The fields of a request of which nothing was said: it has none that matter, as far as is known."""


def _text(value: object, what: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("latin-1")
    raise TypeError(f"headers: a {what} is {type(value).__name__}, expected str or bytes")

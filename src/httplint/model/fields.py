"""Header and trailer sections: ordered field lines with case-blind access (RFC 9110 §5).

Field lines are kept exactly as they were captured. Octets are decoded as ISO-8859-1, one character an octet, so
that nothing is lost and every position in a string is a position on the wire.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, Self

OWS = " \t"
Text = str | bytes


class HasItems(Protocol):
    """A mapping, or what frameworks have for one: names, each with a value or several."""

    def items(self) -> Iterable[tuple[Text, Text | list[str] | list[bytes] | list[Text] | tuple[Text, ...]]]:
        """The pairs. (A type that names them by themselves would refuse `dict[str, str]`: keys are invariant.)"""


Headers = HasItems | Iterable[tuple[Text, Text]]
Index = Mapping[str, list[int]]

KEPT_INDEXES, KEPT_SIZE = 512, 1024
"""Of so many sections whose names have so many characters the index is kept: traffic repeats its names."""
MET = 4096
"""Of so many sections it is known that they were met: what comes once would take the room of what comes again."""
_indexes: dict[str, tuple[int, Index]] = {}
_met: set[int] = set()
_ALONE = tuple([number] for number in range(64))
"""The lines of fields that have one."""


def _index(names: Sequence[str], key: str) -> Index:
    """The numbers of the lines of each lower-case name. Sections with the same names share it.

    `key`: the names joined with line feeds.
    """
    number, index = _indexes.get(key, (-1, {}))
    if number == len(names):                               # a name with a line feed in it looks like two
        return index
    lower = key.lower().split("\n") if key.isascii() else []
    made: dict[str, list[int]] = dict(zip(lower, _ALONE))  # noqa: B905 - `strict` takes as long as ten pairs
    if len(made) != len(names) or len(lower) != len(names):  # not all are names of one line
        made = {}
        for number, name in enumerate(names):
            made.setdefault(name.lower(), []).append(number)
    _keep(key, len(names), made)
    return made


def _keep(key: str, number: int, index: Index) -> None:
    """Keeps an index if it was made before."""
    met = hash(key)
    if met not in _met:
        if len(_met) >= MET:
            _met.clear()
        _met.add(met)
    elif len(key) <= KEPT_SIZE and key.count("\n") == number - 1:
        if len(_indexes) >= KEPT_INDEXES:
            _indexes.clear()
        _indexes[key] = number, index


class Fields:
    """The field lines of one section.

    `lines` holds (name, value) as captured; `index` maps each lower-case name to the numbers of its lines, and never
    changes: other sections may have the same.
    """

    __slots__ = ("index", "lines", "memo")

    def __init__(self, lines: tuple[tuple[str, str], ...] = ()) -> None:
        """Raises TypeError for anything but pairs of str; `Fields.of` takes more."""
        self.lines = lines
        try:
            names = [name for name, _ in lines]
            key = "\n".join(names)
        except (TypeError, ValueError):
            raise TypeError("Fields: expected a tuple of pairs, name and value as str") from None
        self.index = _index(names, key)
        self.memo: dict[object, object] = {}
        """Values that the grammar has parsed already, by lower-case name; and what else was made of the lines."""

    @classmethod
    def paired(cls, names: Sequence[str], values: Iterable[str], key: str) -> Self:
        """The lines with these names and as many values. `key`: the names joined with line feeds."""
        made = cls.__new__(cls)                            # another pass for the names takes as long as their index
        made.lines = tuple(zip(names, values))             # noqa: B905 - `strict` takes as long as ten pairs
        made.index = _index(names, key)
        made.memo = {}
        return made

    @classmethod
    def of(cls, headers: Headers | Fields | None, called: str = "headers") -> Fields | None:
        """Fields from pairs, or from what has `items`, of str or bytes; None stays None (not captured).

        Raises TypeError for anything else, which is `called` so.
        """
        if headers is None or isinstance(headers, Fields):
            return headers
        items: tuple[Any, ...] = tuple(headers if isinstance(headers, (list, tuple)) else _items(headers, called))
        if set(map(type, items)) <= {tuple}:
            try:
                "".join([value for _, value in items])
                return cls(items)
            except (TypeError, ValueError):                # of names and values that are no str, and what is no pair
                pass
        return cls(tuple(_pairs(items, called)))

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


def _items(headers: Any, called: str) -> Iterable[Any]:
    """The pairs of something; of httpx, whose `items` are joined, those of `multi_items`."""
    for name in ("multi_items", "items"):
        if callable(items := getattr(headers, name, None)):
            pairs: Iterable[Any] = items()
            return pairs
    if isinstance(headers, (str, bytes)) or not isinstance(headers, Iterable):
        raise TypeError(f"{called}: expected pairs of name and value, or a mapping, got {type(headers).__name__}")
    return headers


def _pairs(items: tuple[Any, ...], called: str) -> Iterator[tuple[str, str]]:
    for item in items:
        if isinstance(item, (str, bytes)) or not isinstance(item, Sequence) or len(item) != 2:
            raise TypeError(f"{called}: expected pairs of name and value, got {item!r:.80}")
        name, value = item
        for one in value if isinstance(value, (list, tuple)) else (value,):
            yield _text(name, f"{called}: a name"), _text(one, f"{called}: a value")


def _text(value: object, what: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("latin-1")
    raise TypeError(f"{what} is {type(value).__name__}, expected str or bytes")

"""What is kept of exchanges, in a bounded memory: the latest entries by key.

Each bound is a number of entries or of octets; what falls out is the oldest, and nothing is said of it any more.
"""
from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

from httplint.vocabulary.knowledge import Known, Telling
from httplint.vocabulary.representation import Representation, joined

WEIGHT = 8 * 1024 * 1024
"""Octets that may be kept of representations, together: those of some 1,500 with contents of more than 4 KiB."""

T = TypeVar("T")


class Recent(Generic[T]):
    """The latest entries by key; the oldest ones fall out. `entries` are there to be looked up."""

    __slots__ = ("_limit", "entries")

    def __init__(self, limit: int) -> None:
        self.entries: OrderedDict[object, T] = OrderedDict()
        self._limit = limit

    def put(self, key: object, entry: T) -> None:
        """Makes it the latest."""
        entries = self.entries
        if key in entries:
            entries.move_to_end(key)
        entries[key] = entry
        if len(entries) > self._limit:
            entries.popitem(last=False)


class Representations:
    """What is known of the latest representations, by resource and strong validator.

    What one exchange told is kept as it is, and becomes a `Known` when another tells of the same representation.
    """

    __slots__ = ("_known", "_limit", "_weight", "validators")

    def __init__(self, limit: int) -> None:
        self._known: OrderedDict[tuple[str, str | int], tuple[int, Known | tuple[Telling, int]]] = OrderedDict()
        """With the weight of each."""
        self.validators: dict[str, set[str | int]] = {}
        """Those of each resource."""
        self._limit = limit
        self._weight = 0

    def get(self, uri: str, validator: str | int) -> Known | None:
        """What is known of that representation."""
        key = uri, validator
        kept = self._known.get(key)
        if kept is None:
            return None
        weight, known = kept
        if isinstance(known, tuple):
            known = Known.of(*known)
            self._known[key] = weight, known
        return known

    def learn(self, uri: str, telling: Telling, number: int, both: Representation | None = None) -> None:
        """Takes in what the exchange of that number told; what is not told for later is not remembered.

        `both`: this and what is known, if they were compared already.
        """
        validator, settled, weight = telling[:3]
        key = uri, validator
        if both is None:
            before = self.get(uri, validator)
            if before is None:
                if settled:
                    self._keep(key, weight, (telling, number))
                return
            both = Representation(Known.of(telling, number), before)
        known = joined(both)
        if known is both.before:
            self._known.move_to_end(key)
            return
        self._drop(key)
        if known.settled:
            self._keep(key, known.weight, known)

    def _keep(self, key: tuple[str, str | int], weight: int, known: Known | tuple[Telling, int]) -> None:
        self._known[key] = weight, known
        uri, validator = key
        if uri in self.validators:
            self.validators[uri].add(validator)
        else:
            self.validators[uri] = {validator}
        self._weight += weight
        while len(self._known) > self._limit or self._weight > WEIGHT:
            self._drop(next(iter(self._known)))

    def forget(self, uri: str) -> None:
        """The resource may have changed."""
        for validator in tuple(self.validators.get(uri, ())):
            self._drop((uri, validator))

    def _drop(self, key: tuple[str, str | int]) -> None:
        uri, validator = key
        self._weight -= self._known.pop(key)[0]
        validators = self.validators[uri]
        validators.discard(validator)
        if not validators:
            del self.validators[uri]

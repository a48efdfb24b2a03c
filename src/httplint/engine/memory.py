"""What is kept of exchanges, in a bounded memory: the latest entries by key, and an exchange without its contents.

Each bound is a number of entries or of octets; what falls out is the oldest, and nothing is said of it any more.
"""
from __future__ import annotations

import marshal
from collections import OrderedDict
from typing import Generic, TypeVar

from httplint.model.exchange import Exchange
from httplint.model.fields import Fields
from httplint.model.message import Request, Response
from httplint.vocabulary.knowledge import Known
from httplint.vocabulary.representation import joined

WEIGHT = 8 * 1024 * 1024
"""Octets that may be kept of representations, together: those of some 1,500 with contents of more than 4 KiB."""

T = TypeVar("T")


class Recent(Generic[T]):
    """The latest entries by key; the oldest ones fall out."""

    __slots__ = ("_entries", "_limit")

    def __init__(self, limit: int) -> None:
        self._entries: OrderedDict[object, T] = OrderedDict()
        self._limit = limit

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: object) -> T | None:
        return self._entries.get(key)

    def pop(self, key: object) -> T | None:
        return self._entries.pop(key, None)

    def put(self, key: object, entry: T) -> None:
        self._entries[key] = entry
        self._entries.move_to_end(key)
        if len(self._entries) > self._limit:
            self._entries.popitem(last=False)


class Representations:
    """What is known of the latest representations, by resource and strong validator."""

    __slots__ = ("_known", "_limit", "_validators", "_weight")

    def __init__(self, limit: int) -> None:
        self._known: OrderedDict[tuple[str, str | int], Known] = OrderedDict()
        self._validators: dict[str, set[str | int]] = {}
        """Those of each resource."""
        self._limit = limit
        self._weight = 0

    def get(self, uri: str, validator: str | int) -> Known | None:
        return self._known.get((uri, validator))

    def learn(self, uri: str, now: Known) -> None:
        """Takes in what an exchange told; what is not told for later is not remembered."""
        key = uri, now.validator
        before = self._known.get(key)
        both = now if before is None else joined(before, now)
        if both is before:
            self._known.move_to_end(key)
            return
        if before is not None:
            self._drop(key)
        if not both.settled:
            return
        self._known[key] = both
        self._validators.setdefault(uri, set()).add(now.validator)
        self._weight += both.weight
        while len(self._known) > self._limit or self._weight > WEIGHT:
            self._drop(next(iter(self._known)))

    def forget(self, uri: str) -> None:
        """The resource may have changed."""
        for validator in tuple(self._validators.get(uri, ())):
            self._drop((uri, validator))

    def _drop(self, key: tuple[str, str | int]) -> None:
        uri, validator = key
        self._weight -= self._known.pop(key).weight
        validators = self._validators[uri]
        validators.discard(validator)
        if not validators:
            del self._validators[uri]


class Trace:
    """What is kept of an exchange: all but its contents and trailers, packed.

    It is a record of values and no copy of messages: thousands are kept, and most are never asked for. Field lines are
    two byte strings in Python's own serialisation, since small objects would cost ten times the memory.
    """

    __slots__ = ("_asked", "_parts", "_sent")

    def __init__(self, exchange: Exchange, request: Request) -> None:
        response = exchange.response
        assert request.fields is not None
        assert response.fields is not None
        self._asked = marshal.dumps(request.fields.lines)
        self._sent = marshal.dumps(response.fields.lines)
        self._parts = (request.method, request.target, request.version, request.scheme, response.status,
                       response.version, response.reason, exchange.started, exchange.evidence, exchange.source)

    def exchange(self) -> Exchange:
        """The exchange, without what is not kept."""
        method, target, version, scheme, status, answered, reason, started, evidence, source = self._parts
        request = Request(method, target, version, _fields(self._asked), scheme=scheme)
        return Exchange(Response(status, answered, reason, _fields(self._sent)), request, started=started,
                        evidence=evidence, source=source)


def _fields(lines: bytes) -> Fields:
    return Fields(marshal.loads(lines))  # noqa: S302 - written by this process

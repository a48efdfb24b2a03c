"""Messages and cases that note what is looked at of them, as the items of `engine.language.reads`.

What was remembered of a message while it was looked at before would hide what is read: a case makes itself anew for
each evaluation. What a fact of the history looks at is not noted, but its name.
"""
from __future__ import annotations

from collections.abc import Iterator, KeysView
from typing import Any, Self, TypeVar, cast

from httplint.engine.case import Case
from httplint.engine.history import FACTS
from httplint.model.fields import Fields
from httplint.model.message import Message, Request, Response
from httplint.vocabulary.transport import TELLING

M = TypeVar("M", Request, Response)
Noted = set[str]

ORIGIN = frozenset(("request:target", "request:scheme", "request.:authority", *[f"request.{name}" for name in TELLING]))
"""What the key of an origin is made of."""


class Numbers(list[int]):
    """The numbers of the lines of one field: how many there are, belongs to its value, and which, to nothing."""

    noted: Noted
    item: str

    def __len__(self) -> int:
        self.noted.add(self.item)
        return super().__len__()

    def __iter__(self) -> Iterator[int]:
        self.noted.add(self.item)
        return super().__iter__()


class Names(KeysView[str]):
    """The names of an index. What is asked for each of some names is noted of these alone."""

    def __init__(self, index: Index) -> None:
        super().__init__(index)


class Index(dict[str, list[int]]):
    """The index of a section."""

    noted: Noted
    root: str

    def _note(self, name: object) -> None:
        self.noted.add(f"{self.root}.{name}?")

    def _note_all(self) -> None:
        self.noted.add(f"{self.root}.*?")

    def __contains__(self, name: object) -> bool:
        self._note(name)
        return super().__contains__(name)

    def __getitem__(self, name: str) -> list[int]:
        self._note(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._note(name)
        return super().get(name, default)

    def __iter__(self) -> Iterator[str]:
        self._note_all()
        return super().__iter__()

    def __len__(self) -> int:
        self._note_all()
        return super().__len__()

    def keys(self) -> Any:
        return Names(self)

    def items(self) -> Any:
        self._note_all()
        return super().items()

    def values(self) -> Any:
        self._note_all()
        return super().values()


class Line(tuple[str, str]):
    """A field line; its name alone says no more than that it is there."""

    noted: Noted
    root: str

    def __getitem__(self, place: Any) -> Any:
        name = super().__getitem__(0).lower()
        self.noted.add(f"{self.root}.{name}" if place else f"{self.root}.{name}?")
        return super().__getitem__(place)

    def __iter__(self) -> Iterator[str]:
        self.noted.add(f"{self.root}.{super().__getitem__(0).lower()}")
        return super().__iter__()


class Lines(tuple[tuple[str, str], ...]):
    """The lines of a section."""

    noted: Noted
    root: str

    def __getitem__(self, place: Any) -> Any:
        return super().__getitem__(place) if isinstance(place, int) else self._all()[place]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __eq__(self, other: object) -> bool:
        return self._all() == other

    def __hash__(self) -> int:
        return hash(self._all())

    def _all(self) -> tuple[tuple[str, str], ...]:
        self.noted.add(f"{self.root}.*")
        return tuple(super().__iter__())


T = TypeVar("T")


def _noting(made: T, noted: Noted, **of: str) -> T:
    for name, value in {"noted": noted, **of}.items():
        setattr(made, name, value)
    return made


def recorded(fields: Fields, root: str, noted: Noted) -> Fields:
    """The same section, nothing of it parsed yet, that notes what is read."""
    copy = Fields()
    copy.lines = _noting(Lines(_noting(Line(line), noted, root=root) for line in fields.lines), noted, root=root)
    copy.index = _noting(Index({name: _noting(Numbers(numbers), noted, item=f"{root}.{name}")
                                for name, numbers in fields.index.items()}), noted, root=root)
    return copy


class _Recording(Message):
    noted: Noted
    root: str

    def __getattribute__(self, name: str) -> Any:
        own = object.__getattribute__
        if name in _PARTS:
            own(self, "noted").add(f"{own(self, 'root')}:{name}")
        return own(self, name)


class RecordingRequest(Request, _Recording):
    """A request that notes what is read of it."""


class RecordingResponse(Response, _Recording):
    """A response that notes what is read of it."""


_PARTS = frozenset((*Request._parts, *Response._parts)) - {"fields"}


def message(original: M, root: str, noted: Noted) -> M:
    """The same message, which notes what is read."""
    assert original.fields is not None
    kind = RecordingRequest if isinstance(original, Request) else RecordingResponse
    return _copied(original, cast(type[M], kind), recorded(original.fields, root, noted), root, noted)


def _copied(original: M, kind: type[M], fields: Fields, root: str, noted: Noted) -> M:
    copy = object.__new__(kind)
    for name in original._parts:
        setattr(copy, name, object.__getattribute__(original, name))
    copy.fields = fields
    return _noting(copy, noted, root=root)


def _forgotten(old: M, root: str, noted: Noted) -> M:
    """An equal message: what is remembered of things is remembered of the very thing, or with the section."""
    assert old.fields is not None
    old.fields.memo.clear()
    return _copied(old, type(old), old.fields, root, noted)


class RecordingCase(Case):
    """A case that notes what conditions read of it."""

    __slots__ = ("noted", "original")

    def __init__(self, case: Case) -> None:
        super().__init__(case.exchange, case.response, case._history, case.names)
        self.noted: Noted = set()
        self.original = case
        self.response = message(case.response, "response", self.noted)
        self.request = case.request and message(case.request, "request", self.noted)

    def anew(self) -> Self:
        """The same case, of which nothing was read yet."""
        self.response = _forgotten(self.response, "response", self.noted)
        self.request = self.request and _forgotten(self.request, "request", self.noted)
        self.noted.clear()
        return self

    @property
    def started(self) -> float:
        self.noted.add("started")
        return self.original.started

    @property
    def earlier(self) -> tuple[Response, ...]:
        self.noted.add("earlier")
        return self.original.earlier

    def __getattr__(self, name: str) -> object:
        if name in FACTS:
            self.noted.add(name)
        return super().__getattr__(name)


def unforeseen(noted: Noted, declared: frozenset[str]) -> set[str]:
    """What was read of a case that was not declared."""
    allowed = declared | (frozenset() if declared.isdisjoint(("request:origin", "request:security")) else ORIGIN)
    return {one for one in noted - allowed if not _covered(one, allowed)}


def _covered(one: str, declared: frozenset[str]) -> bool:
    root, dot, _ = one.partition(".")
    wider = {one, one.removesuffix("?"), "*", *([f"{root}.*", *[f"{root}.*?"] * one.endswith("?")] if dot else ())}
    return not wider.isdisjoint(declared)

"""What stands somewhere within a JSON text of any length, one entry after the other, in bounded memory.

A `Form` says where a kind of capture has its entries: `walk` goes through the text as far as an entry, and hands it out
with its JSON pointer. Where the text breaks, the next object is looked for that is an entry by its members.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from httplint.capture import files
from httplint.capture.files import Progress
from httplint.capture.har_stream import FIRST, TOO_DEEP, WINDOW, Broken, PlacedEntry, Text
from httplint.capture.outcome import NO_OBJECT, UNREADABLE, Outcome, Skipped
from httplint.model.exchange import Exchange, Source

Met = tuple[str | None, PlacedEntry]
"""The JSON pointer of an entry, if it is known, and the entry."""
JsonObject = dict[str, object]


def object_of(value: object) -> JsonObject:
    """A value if it is an object; else an empty one."""
    return value if isinstance(value, dict) else {}


class Form:
    """Where a kind of capture has its entries. `holders`: members of the objects that entries are within."""

    __slots__ = ("holders", "walk", "wanted")

    def __init__(self, walk: Callable[[Text], Iterator[Met | Broken]], wanted: Callable[[JsonObject], bool],
                 holders: frozenset[str]) -> None:
        self.walk = walk
        self.wanted = wanted
        self.holders = holders


def outcomes(source: str | BinaryIO, path: str, progress: Progress | None, form: Form,
             made: Callable[[JsonObject, Source], Exchange | Skipped]) -> Iterator[Outcome]:
    """What is made of each entry, in order, and where the text breaks."""
    for document in files.documents(source, path, progress):
        yield from within(document.stream, path, form, made)


def within(stream: files.Stream, path: str, form: Form,
           made: Callable[[JsonObject, Source], Exchange | Skipped]) -> Iterator[Outcome]:
    """The same of a text that was opened already."""
    number = 0
    for met in _entries(stream, form):
        if isinstance(met, Broken):
            number += met.lost
            yield met.problem(path)
            continue
        pointer, entry = met
        place = Source(path, number, entry.line, entry.column, pointer)
        number += 1
        if isinstance(entry.value, dict):
            yield made(entry.value, place)
        else:
            yield Skipped(place, "the entry is nested too deeply" if entry.value is TOO_DEEP
                          else NO_OBJECT, UNREADABLE)


def along(text: Text, names: tuple[str, ...], pointer: str) -> Iterator[Met]:
    """The values of the list that comes next; with names, of the lists that are members of the objects in it, and so
    on. What is of another kind is passed over.
    """
    if text.peek() != "[":
        text.value()
        return
    for number in text.elements():
        if not names:
            yield f"{pointer}/{number}", text.entry()
        elif text.peek() != "{":
            text.value()
        else:
            for key in text.members():
                if key == names[0]:
                    yield from along(text, names[1:], f"{pointer}/{number}/{key}")
                else:
                    text.value()


def _entries(stream: files.Stream, form: Form) -> Iterator[Met | Broken]:
    try:
        text = Text(stream, FIRST)
    except Broken as broken:
        yield broken
        return
    text.window = WINDOW
    part = _whole(text, form)
    while True:
        try:
            yield from part
        except Broken as broken:
            following = None if broken.final else _following(text, form)
            if following is not None:
                broken.resumed = following.line, following.column
            yield broken
            if following is None:
                return
            yield None, following
            part = _rest(text, form)
        else:
            return


def _whole(text: Text, form: Form) -> Iterator[Met | Broken]:
    yield from form.walk(text)
    if text.peek():
        raise text.broken(text.at, "something follows the end of the JSON text", final=True)


def _following(text: Text, form: Form) -> PlacedEntry | None:
    """The next entry behind a break; None if there is none."""
    try:
        found = text.next_object(lambda value: isinstance(value, dict) and form.wanted(value), form.holders)
    except Broken:                                         # the stream cannot be read any further
        return None
    return PlacedEntry(*found, False) if found else None


def _rest(text: Text, form: Form) -> Iterator[Met]:
    """The entries behind one that was found: those of the same list, and whatever comes later. Raises Broken."""
    while True:
        while text.accept(","):
            yield None, text.entry()
        found = _following(text, form)
        if found is None:
            return
        yield None, found

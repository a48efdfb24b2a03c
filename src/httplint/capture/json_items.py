"""The items of a list in JSON, one at a time, in bounded memory: a list by itself, or one under a name at the top.

What finds the entries of a HAR finds these, too: it reads what strict parsers refuse, says where a text breaks, and
goes on with the next object that looks like an exchange.
"""
from __future__ import annotations

import sys
from collections.abc import Iterator

from httplint.capture.har_stream import FIRST, WINDOW, Broken, Log, Passed, PlacedEntry, Stream, Text


class Listed(Log):
    """A text that has a list under one of these `names`, or nothing but a list."""

    def __init__(self, text: Text, names: frozenset[str], what: str) -> None:
        super().__init__(text, sys.maxsize, {}, lambda heads: True)
        self._names = names
        self._what = what

    def _document(self) -> Iterator[PlacedEntry | Passed]:
        text = self.text
        if text.peek() == "[":
            yield from self._list()
            return
        if text.peek() != "{":
            self._refuse(f"not {self._what}: expected an object or a list")
        for key in text.members():
            if key in self._names and text.peek() == "[":
                yield from self._list()
            else:
                text.value()
        if not self._entries_seen:
            raise Broken(1, 1, f"not {self._what}: it has none of {', '.join(sorted(self._names))}", final=True)

    def _rest(self) -> Iterator[PlacedEntry | Passed]:
        yield from self._following()


def items(stream: Stream, names: frozenset[str], what: str) -> Iterator[PlacedEntry | Broken]:
    """The items of the list under one of these names, each with its place, and the breaks of the text.

    `what`: what the text is called where it is none, with its article.
    """
    try:
        text = Text(stream, FIRST)
    except Broken as broken:
        yield broken
        return
    text.window = WINDOW
    for found in Listed(text, names, what).entries():
        assert not isinstance(found, Passed)               # nothing is read elsewhere
        yield found

"""Elements of an XML text of any length, one after the other, in bounded memory.

A form names the elements that are entries, and those children of an entry whose text is wanted. Texts are octets:
each octet of the file is a character to the parser, so that a message whose octets are no UTF-8 comes out as it was put
in. Line ends and control characters do not: XML makes LF of CRLF, and has no place for most of the others.

The declarations of a document are read past; whoever declares entities, or more than a capture has reason to, is not
read. Nothing is expanded, and nothing else is opened. Where the text breaks, reading goes on with the next entry.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO
from xml.parsers import expat

from httplint.capture import files
from httplint.capture.files import Progress
from httplint.capture.outcome import Outcome, Problem, Skipped
from httplint.model.exchange import Exchange, Source
from httplint.model.named import NamedTuple

WINDOW = 1 << 16
"""Octets read at once."""
TEXT_LIMIT = 64 << 20
"""The longest text of an element that is read, in octets."""
TAG_LIMIT = 1 << 20
"""The longest tag, comment or declaration that is read, in octets."""
DEEPEST = 100
"""Elements within one another, at most."""
MOST_DECLARED = 1000
"""Elements and attributes that a document may declare."""
MOST_BREAKS = 1000
"""Places where the text is broken, behind which reading goes on."""
LONGEST_NAME = 40
"""Octets in which the begin of a tag has room."""
LOST = "; the entry is lost"
BOM = b"\xef\xbb\xbf"


class XmlPart(NamedTuple):
    """An element within an entry: its attributes and its text. `whole`: whether that is all of it."""

    attributes: dict[str, str]
    octets: bytes
    whole: bool


XmlParts = dict[str, XmlPart]
NOTHING = XmlPart({}, b"", True)
"""What stands for a part that an entry has not."""


class XmlForm(NamedTuple):
    """Where a kind of capture has its entries: the names of their elements, and of those within that are wanted."""

    entries: frozenset[str]
    parts: frozenset[str]


class _Refused(Exception):
    """The document has what is not read; the text says what in plain words."""


class _XmlEvents:
    """Takes the events of one parser: the entries that are complete, and what it is in the midst of."""

    def __init__(self, form: XmlForm) -> None:
        self.done: list[tuple[int, int, XmlParts]] = []
        """Line, column and parts of each."""
        self.within = False
        """Whether an entry has begun that has not ended."""
        self.parser = expat.ParserCreate("iso-8859-1")
        self.parser.buffer_text = True
        self.parser.specified_attributes = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity
        self.parser.ElementDeclHandler = self.parser.AttlistDeclHandler = self._declared
        self._form = form
        self._open: list[str] = []
        """The names of the elements that have begun, from the outermost on."""
        self._declarations = 0
        self._entry: tuple[int, int, XmlParts] = (0, 0, {})
        self._level = 0
        """How deep the entry is."""
        self._part = ""
        self._attributes: dict[str, str] = {}
        self._pieces: list[str] = []
        self._size = 0

    def around(self) -> bytes:
        """The tags that begin what the next entry is likely to be within: what this one is, or would be."""
        names = self._open[:self._level - 1] if self.within else self._open
        return b"".join(b"<%b>" % name.encode("latin-1") for name in names) or b"<around>"

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._open.append(name)
        depth = len(self._open)
        if depth > DEEPEST:
            raise _Refused(f"elements are nested more than {DEEPEST} deep")
        if not self.within and name in self._form.entries:
            self.within, self._level = True, depth
            self._entry = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1, {}
        elif self.within and depth == self._level + 1 and name in self._form.parts:
            self._part, self._attributes, self._pieces, self._size = name, attributes, [], 0

    def _text(self, text: str) -> None:
        if self._part:
            if self._size < TEXT_LIMIT:
                self._pieces.append(text[:TEXT_LIMIT - self._size])
            self._size += len(text)

    def _end(self, name: str) -> None:
        depth = len(self._open)
        if self.within and depth == self._level:
            self.within = False
            self.done.append(self._entry)
        elif self._part and depth == self._level + 1:
            self._entry[2].setdefault(self._part, XmlPart(self._attributes, _octets("".join(self._pieces)),
                                                       self._size <= TEXT_LIMIT))
            self._part = ""
        self._open.pop()

    def _entity(self, *_: object) -> None:
        raise _Refused("it declares entities, which are not read")

    def _declared(self, *_: object) -> None:
        self._declarations += 1
        if self._declarations > MOST_DECLARED:
            raise _Refused(f"it declares more than {MOST_DECLARED} elements and attributes")


def _octets(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:                             # a reference to another character, put there by name
        return text.encode("utf-8", "surrogatepass")


class _XmlText:
    """Goes through the octets of one document."""

    def __init__(self, stream: files.Stream, form: XmlForm, path: str) -> None:
        self._read = files.reading(stream)
        self._form = form
        self._path = path
        self._begin = re.compile(b"<(?:%b)[\\s>]" % b"|".join(sorted(name.encode() for name in form.entries)))
        self._events = _XmlEvents(form)
        self._lines = 0
        """Line ends before what the parser was given."""
        self._given = 0
        """Octets that the parser was given."""
        self._breaks = 0

    def entries(self) -> Iterator[tuple[int, int, XmlParts] | Problem]:
        """The entries in order, and where the text breaks."""
        octets = self._read(WINDOW).removeprefix(BOM)
        while True:
            broken = self._parsed(octets)
            done, self._events.done = self._events.done, []
            for line, column, parts in done:
                yield self._lines + line, column, parts
            if broken is None:
                if not octets:
                    return
                octets = self._read(WINDOW)
                continue
            yield broken
            octets = self._resumed(octets)
            if not octets:
                return

    def _parsed(self, octets: bytes) -> Problem | None:
        """Has the parser take these octets, or the end; what is wrong with them."""
        parser = self._events.parser
        self._given += len(octets)
        try:
            parser.Parse(octets, not octets)
        except expat.ExpatError as error:
            self._breaks += 1
            if self._breaks == MOST_BREAKS:
                return self._ended(f"{MOST_BREAKS} places are no XML")
            lost = LOST if self._events.within else ""
            return Problem(self._path, self._lines + error.lineno, error.offset + 1,
                           f"not XML: {expat.ErrorString(error.code)}{lost}")
        except _Refused as why:
            return self._ended(str(why))
        if self._given - max(0, parser.CurrentByteIndex) > TAG_LIMIT + WINDOW and octets:
            return self._ended(f"a tag or comment of more than {TAG_LIMIT >> 20} MiB")
        return None

    def _ended(self, why: str) -> Problem:
        """What is said where nobody will read on."""
        self._breaks = MOST_BREAKS
        return Problem(self._path, self._lines + self._events.parser.CurrentLineNumber, 1,
                       f"not read any further: {why}")

    def _resumed(self, octets: bytes) -> bytes:
        """What there is from the next entry on that begins behind a break, in octets that were given to the parser
        last or thereafter; empty if there is none. A new parser is to take it.
        """
        if self._breaks == MOST_BREAKS:
            return b""
        parser = self._events.parser
        at = max(0, parser.ErrorByteIndex - (self._given - len(octets)))
        lines = self._lines + parser.ErrorLineNumber - 1
        while (found := self._begin.search(octets, at + 1)) is None:
            kept = max(at + 1, len(octets) - LONGEST_NAME)     # the begin of a tag may be the last that is there
            lines += octets.count(b"\n", at, kept)
            more = self._read(WINDOW)
            if not more:
                return b""
            octets, at = b" " + octets[kept:] + more, 0
        begin = found.start()
        before = self._events.around() + b"\n" + b" " * (begin - 1 - octets.rfind(b"\n", 0, begin))
        self._lines = lines + octets.count(b"\n", at, begin) - 1
        self._events = _XmlEvents(self._form)
        self._events.parser.Parse(before, False)
        self._given = len(before)
        return octets[begin:]


def outcomes(source: str | BinaryIO, path: str, progress: Progress | None, form: XmlForm,
             made: Callable[[XmlParts, Source], Exchange | Skipped]) -> Iterator[Outcome]:
    """What is made of each entry, in order, and where the text breaks."""
    number = 0
    for document in files.documents(source, path, progress):
        for met in _XmlText(document.stream, form, path).entries():
            if isinstance(met, Problem):
                number += met.cause.endswith(LOST)
                yield met
                continue
            line, column, parts = met
            yield made(parts, Source(path, number, line, column))
            number += 1

"""Stretches of a big HAR, which can be read apart from one another: whole entries, each with the comma behind it.

Theory. Nobody can tell in the midst of a text whether it is within a string. So a stretch ends at a guess, before what
probably is the next entry, and reading it tells whether the guess was right: from an octet where an entry starts, a
text can be read in one way only, and if that comes out with whole entries at the end, an entry starts there. The first
stretch begins where the reader of the file stands. So, in order, each is known to begin at an entry once the one before
has been read; where a guess was wrong, what was read of later ones is thrown away, and the reader of the file goes on
there by itself. What strings a file holds can cost time, and nothing else.

The tool that wrote the file may show in one entry what counts for all that follow (`Tool.keeps_lines`): what was read
on the assumption that it had not shown it is read anew if it had.
"""
from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from typing import Any, BinaryIO

from httplint.capture import files, har, har_stream
from httplint.capture.har_quirks import LINES, Producer, Tool
from httplint.capture.outcome import CaptureError, Problem, Skipped
from httplint.model.exchange import Exchange, Source
from httplint.model.named import NamedTuple

WORTH = 4 << 20
"""Octets of a file from which on it is read in stretches."""
SIZE = 1 << 20
"""Octets of a stretch, unless it takes more to hold an entry: some 200 of them."""
LONGEST = 1 << 25
"""Octets in which one is looked for."""
LOOKED_AT = 1 << 16
"""Octets that are read to find one, at first."""


class Stretch(NamedTuple):
    """From octet `begin` to `end` of a file; what is known of the tool that wrote it; `state`, by which is told whether
    the file was changed since.
    """

    path: str
    begin: int
    end: int
    row: Producer
    keeps_lines: bool
    state: tuple[int, ...]

    def __str__(self) -> str:
        return self.path


class Refused(Exception):
    """What a stretch holds is not whole entries, or its file is not what it was."""


class ReadStretch(har_stream.Passed):
    """What was read of a stretch: `outcomes`, whatever was made of them; `keeps_lines`, whether the tool has shown that
    by its end.
    """

    __slots__ = ("keeps_lines", "outcomes", "stretch")

    def __init__(self, stretch: Stretch, count: int, extent: tuple[int, int], keeps_lines: bool) -> None:
        """`extent`: as of har_stream."""
        super().__init__(stretch.end, count, *extent)
        self.stretch = stretch
        self.keeps_lines = keeps_lines
        self.outcomes: object = None

    def place(self, entry: int, line: int, column: int) -> Source:
        """The place in the file of what has that place in the stretch."""
        entry += self.number
        return Source(self.stretch.path, entry, self.line + line - 1, column + (self.column - 1 if line == 1 else 0),
                      har.pointer(entry))


ReadAll = Callable[[Iterable[Stretch]], "Generator[ReadStretch | None]"]
"""Reads stretches, in order; None for one that is refused. It may raise har_stream.NotRead."""


def octets_of(stretch: Stretch) -> bytes:
    """What it holds. Raises Refused."""
    try:
        with open(stretch.path, "rb") as stream:
            if _state(stream) != stretch.state:
                raise Refused
            stream.seek(stretch.begin)
            octets = stream.read(stretch.end - stretch.begin)
    except OSError:
        raise Refused from None
    if len(octets) < stretch.end - stretch.begin or not octets.startswith(b"{"):
        raise Refused
    return octets


def outcomes(stretch: Stretch, octets: bytes, tool: Tool) -> Iterator[Exchange | Skipped]:
    """The outcomes of its entries; their places count from its begin. Raises Refused, perhaps in the end only."""
    try:
        for number, found in enumerate(har_stream.listed(octets)):
            yield _outcome(stretch, number, found, tool)
    except har_stream.Broken:
        raise Refused from None


def _outcome(stretch: Stretch, number: int, found: har_stream.PlacedEntry, tool: Tool) -> Exchange | Skipped:
    attachment = files.beside(os.path.dirname(os.path.abspath(stretch.path)))
    return har.outcome(found, tool, Source(stretch.path, number, found.line, found.column), attachment)


class Again:
    """Reads exchanges of stretches once more, for whoever looks at one."""

    def __init__(self) -> None:
        self._kept: tuple[ReadStretch, list[Any]] | None = None

    def exchange(self, read: ReadStretch, number: int) -> Exchange:
        """The exchange with that number in a stretch. Raises CaptureError if its file is not what it was."""
        stretch = read.stretch
        try:
            if self._kept is None or self._kept[0] is not read:
                self._kept = read, self._entries(read)
            found = self._kept[1][number]
            if not isinstance(found, (Exchange, Skipped)):
                tool = Tool(stretch.row)
                tool.keeps_lines = read.keeps_lines
                found = _outcome(stretch, number, har_stream.sliced(found), tool)
        except (Refused, IndexError):
            found = None
        if not isinstance(found, Exchange):
            raise CaptureError(Problem(stretch.path, None, None, "it was changed while it was read"))
        return found

    def _entries(self, read: ReadStretch) -> list[Any]:
        """Its entries, as slices of msgspec if it takes them and all stand for themselves; or as outcomes."""
        stretch = read.stretch
        octets = octets_of(stretch)
        if read.keeps_lines == stretch.keeps_lines and (slices := har_stream.slices(octets)):
            return slices
        tool = Tool(stretch.row)
        tool.keeps_lines = stretch.keeps_lines
        return list(outcomes(stretch, octets, tool))


class Stretches:
    """Has a big HAR read in stretches: what `har.read_apart` asks for."""

    def __init__(self, path: str, read_all: ReadAll) -> None:
        self.tool: Tool | None = None
        self._path = path
        self._read_all = read_all

    def __call__(self, offset: int, separator: bytes) -> Iterator[ReadStretch]:
        """Has them read from there on."""
        tool = self.tool
        assert tool is not None
        with open(self._path, "rb") as stream:
            again = True
            while again:
                again, assumed = False, tool.keeps_lines
                with closing(self._read_all(self._cut(stream, offset, separator, tool))) as all_read:
                    for read in all_read:
                        if read is None:
                            return
                        if again := tool.keeps_lines and not assumed and not tool.row.facts & LINES:
                            break
                        yield read
                        offset = read.end
                        tool.keeps_lines = tool.keeps_lines or read.keeps_lines

    def _cut(self, stream: BinaryIO, offset: int, separator: bytes, tool: Tool) -> Iterator[Stretch]:
        state, keeps_lines = _state(stream), tool.keeps_lines
        while (end := _cut(stream, offset, state[0], separator)) is not None:
            yield Stretch(self._path, offset, end, tool.row, keeps_lines, state)
            offset = end


def _cut(stream: BinaryIO, begin: int, size: int, separator: bytes) -> int | None:
    """Where a stretch may end that begins there: at the last separator in SIZE octets, or in as many as hold one. None
    if there is none.
    """
    width = SIZE
    while True:
        limit = min(begin + width, size)
        for start in (max(limit - LOOKED_AT, begin), begin):
            stream.seek(start)
            found = stream.read(limit - start).rfind(separator)
            if found >= 0 and start + found > begin:
                return start + found + separator.index(b"{")
        if limit == size or width >= LONGEST:
            return None
        width *= 2


def _state(stream: BinaryIO) -> tuple[int, ...]:
    """What tells whether a file was changed; its size is the first of it."""
    told = os.fstat(stream.fileno())
    return told.st_size, told.st_mtime_ns, told.st_ino, told.st_dev

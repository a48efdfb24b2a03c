"""Formats of what is no run of exchanges, such as a comparison: there is nothing to take in, all is written in the end.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable

from httplint.engine.report import Report
from httplint.report.formats import Format
from httplint.report.lines import Lines, Part
from httplint.report.reporter import Options, Write
from httplint.report.summary import Summary

Pieces = Callable[[Options], Iterable[str]]
"""What makes the text."""


class PiecesReport:
    """Writes the text."""

    def __init__(self, write: Write, options: Options, pieces: Pieces) -> None:
        self._write = write
        self._options = options
        self._pieces = pieces

    def report(self, report: Report) -> None:
        """As of any reporter; there are none."""

    def end(self, summary: Summary) -> None:
        """Writes it."""
        for piece in self._pieces(self._options):
            self._write(piece)


class PiecesFormat(Format):
    """A format of one thing to tell. `pieces`: what makes its text."""

    __slots__ = ("_pieces",)

    def __init__(self, name: str, pieces: Pieces, machine: bool = True) -> None:
        super().__init__(name, "", "", machine=machine)
        self._pieces = pieces

    def reporter(self, write: Write, options: Options) -> PiecesReport:
        """A reporter that writes this format."""
        return PiecesReport(write, options, self._pieces)


Forms = dict[str, PiecesFormat]
"""Name -> format."""


def in_lines(lines: Callable[[Options], Iterable[tuple[Part, ...]]]) -> Pieces:
    """What makes text for people of lines of parts."""
    def text(options: Options) -> Iterable[str]:
        pieces: list[str] = []
        say = Lines(pieces.append, options.paint, options.width)
        for parts in lines(options):
            say(*parts)
        return pieces

    return text

"""The formats of comparisons, and what writes them: none has reports to take in, all is written in the end."""
from __future__ import annotations

from collections.abc import Callable, Iterable

from httplint.engine.report import Report
from httplint.report.compared import difference, trend
from httplint.report.compared.difference import Difference
from httplint.report.compared.trend import Trend
from httplint.report.formats import Format
from httplint.report.lines import Lines, Part, encoded
from httplint.report.reporter import Options, Write
from httplint.report.summary import Summary

Pieces = Callable[[Options], Iterable[str]]
"""What makes the text of a comparison."""


class ComparisonReport:
    """Writes a comparison."""

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


class ComparisonFormat(Format):
    """A format of one comparison. `pieces`: what makes its text."""

    __slots__ = ("_pieces",)

    def __init__(self, name: str, pieces: Pieces, machine: bool = True) -> None:
        super().__init__(name, "", "a comparison", machine=machine)
        self._pieces = pieces

    def reporter(self, write: Write, options: Options) -> ComparisonReport:
        """A reporter that writes this format."""
        return ComparisonReport(write, options, self._pieces)


Forms = dict[str, ComparisonFormat]
"""Name -> format."""


def of_difference(shown: Difference) -> Forms:
    """The formats of what changed from one result to another."""
    def markdown(_: Options) -> Iterable[str]:
        from httplint.report.compared import tables
        return tables.difference(shown)

    def html(_: Options) -> Iterable[str]:
        from httplint.report.compared import pages
        return pages.difference(shown)

    return _forms(lambda quiet: difference.text(shown, quiet), lambda: difference.as_dicts(shown), markdown, html)


def of_trend(shown: Trend) -> Forms:
    """The formats of how the findings went over several results."""
    def markdown(_: Options) -> Iterable[str]:
        from httplint.report.compared import tables
        return tables.trend(shown)

    def html(_: Options) -> Iterable[str]:
        from httplint.report.compared import pages
        return pages.trend(shown)

    return _forms(lambda quiet: trend.text(shown, quiet), lambda: trend.as_dict(shown), markdown, html)


def _forms(lines: Callable[[bool], Iterable[tuple[Part, ...]]], data: Callable[[], object], markdown: Pieces,
           html: Pieces) -> Forms:
    def text(options: Options) -> Iterable[str]:
        pieces: list[str] = []
        say = Lines(pieces.append, options.paint, options.width)
        for parts in lines(options.quiet):
            say(*parts)
        return pieces

    return {made.name: made for made in (
        ComparisonFormat("text", text, machine=False),
        ComparisonFormat("json", lambda _: [encoded(data(), indent=1), "\n"]),
        ComparisonFormat("markdown", markdown), ComparisonFormat("html", html))}

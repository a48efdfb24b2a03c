"""The formats of comparisons."""
from __future__ import annotations

from collections.abc import Callable, Iterable

from httplint.report.compared import difference, trend
from httplint.report.compared.difference import Difference
from httplint.report.compared.trend import Trend
from httplint.report.lines import Part, encoded
from httplint.report.pieces import Forms, Pieces, PiecesFormat, in_lines
from httplint.report.reporter import Options


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
    return {made.name: made for made in (
        PiecesFormat("text", in_lines(lambda options: lines(options.quiet)), machine=False),
        PiecesFormat("json", lambda _: [encoded(data(), indent=1), "\n"]),
        PiecesFormat("markdown", markdown), PiecesFormat("html", html))}

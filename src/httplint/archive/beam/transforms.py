"""Captures become rows, as elements of a pipeline."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import apache_beam as beam
from apache_beam.metrics import Metrics

from httplint.archive.beam.reading import Named, capture_of, opened
from httplint.archive.captures import Capture
from httplint.archive.rows import Mapper, Recipe, TableRow
from httplint.archive.tables import CAPTURES, TABLES, Row

NAMESPACE = "httplint"
"""Of the counters."""
_COLUMNS = {name: table.names for name, table in TABLES.items()}
COUNTED = {counter: tuple(map(CAPTURES.names.index, columns)) for counter, columns in (
    ("responses", ("linted",)), ("findings", ("errors", "warnings", "infos")))}
"""Counter -> the numbers of the columns of `captures` that it adds up."""


def counter(name: str) -> Any:
    """One of the counters of a pipeline."""
    return Metrics.counter(NAMESPACE, name)


class Linting(beam.DoFn):
    """What captures are linted by: each of these has a mapper of its own, as threads may run several at once."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._counters = {name: counter(name) for name in ("captures", "dead_letters", *COUNTED)}
        self._mapper: Mapper | None = None

    def setup(self) -> None:
        """Makes the mapper. Raises SetupError."""
        self._mapper = self._recipe.mapper()

    def rows(self, capture: Capture) -> Iterator[TableRow]:
        """The rows of a capture, as it is read; nothing is raised for what is wrong with it."""
        assert self._mapper is not None
        outcomes, octets = opened(capture)
        for name, row in self._mapper.rows(capture.uri, outcomes, octets):
            if name == "dead_letters":
                self._counters[name].inc()
            elif name == CAPTURES.name:
                self._count(row)
            yield name, row

    def _count(self, capture: Row) -> None:
        self._counters["captures"].inc()
        for name, numbers in COUNTED.items():
            self._counters[name].inc(sum(cast("int", capture[number]) for number in numbers))


class _AsRows(Linting):
    def process(self, element: Named) -> Iterator[beam.pvalue.TaggedOutput]:
        for name, row in self.rows(capture_of(element)):
            yield beam.pvalue.TaggedOutput(name, dict(zip(_COLUMNS[name], row, strict=True)))


class LintCaptures(beam.PTransform):
    """Captures become rows: takes their URIs, or what `MatchFiles` or `ReadMatches` hands out.

        rows = pipeline | MatchFiles("gs://crawl/**.warc.gz") | Reshuffle() | LintCaptures()
        rows.findings | WriteToParquet(…)

    Hands out a collection for each table, by its name, also as rows["dead_letters"]: `findings`, `responses`,
    `captures`, `not_evaluated`, and `dead_letters` for what could not be read or judged. A row is a dict of the columns
    that `httplint.archive.tables` has. A capture is a unit: what is wrong with it is a dead letter, and never an
    exception. Its rows go on while it is read, so memory is bounded by its largest entry.

    `recipe`: how captures are judged. Rule files that it names must be there where workers run. Counters, in the
    namespace `httplint`: captures, responses, findings, dead_letters.
    """

    def __init__(self, recipe: Recipe | None = None) -> None:
        super().__init__()
        self._recipe = recipe or Recipe()

    def expand(self, captures: beam.PCollection[Named]) -> beam.pvalue.DoOutputsTuple:
        """The collections of the tables."""
        return captures | beam.ParDo(_AsRows(self._recipe)).with_outputs(*TABLES)

"""Captures become files of Parquet, which are committed at once.

Theory. Rows as elements of a pipeline cost half as much again as linting them: each is a mapping, crosses the borders
of steps, and becomes a column in the end. So what lints writes, too: the rows of a bundle of captures go to a file for
each table, as they come. A bundle that fails is done anew by the runner, with files of its own; only of one that
succeeded the files are handed on, to the one step that gives them their place. Files that nobody handed on stay where
nothing is read. The step may be done anew itself: what has its place already is left there.

Where a file system has directories, their place is one rename of all of them. Where it has none (S3, Google Cloud
Storage), files are renamed in order, and those of `captures`, by which a later run knows what is done, at last.
"""
from __future__ import annotations

import gc
import logging
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, BinaryIO

import apache_beam as beam
from apache_beam.io.filesystem import BeamIOError, CompressionTypes
from apache_beam.io.filesystems import FileSystems
from apache_beam.transforms.window import GlobalWindow, GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

from httplint.archive.beam.reading import Named, capture_of, found, matched
from httplint.archive.beam.transforms import Linting, counter
from httplint.archive.captures import Capture
from httplint.archive.output import is_apart, same_for_all
from httplint.archive.parts import TableFiles, captures_in, part_name
from httplint.archive.rows import Recipe, row_name
from httplint.archive.tables import CAPTURES
from httplint.capture.files import PassedOver
from httplint.capture.outcome import Problem
from httplint.model import cycles
from httplint.model.named import NamedTuple
from httplint.report.lines import line
from httplint.report.masker import Masker

Written = tuple[str, str, str]
"""The part that a file belongs to, its table, and its name among those of the job."""


class ArchiveJob(NamedTuple):
    """Where a job writes: the directory (a path or URI), the part that its captures are, and the key of the archive."""

    directory: str
    part: str
    key: bytes

    def unfinished(self, *names: str) -> str:
        """Where its files are until they have their place."""
        return str(FileSystems.join(self.directory, "unfinished", self.part, *names))

    def place(self, part: str) -> str:
        """Where a part belongs."""
        return str(FileSystems.join(self.directory, "parts", part))

    def clear(self) -> None:
        """Takes away what has no place."""
        with suppress(BeamIOError):                        # it is read by nobody
            if has_directories(self.directory):
                FileSystems.delete([self.unfinished()])
            else:
                FileSystems.delete([self.unfinished(name) for name in names_in(self.unfinished())])


def has_directories(path: str) -> bool:
    """Whether a file system has directories, so that one rename moves all that is in one."""
    return bool(FileSystems.get_filesystem(path).has_dirs())


def names_in(directory: str) -> list[str]:
    """The names of the files in a directory, if it is there."""
    return [FileSystems.split(found.path)[1]
            for found in FileSystems.match([FileSystems.join(directory, "*")])[0].metadata_list]


class _Bundle:
    """The files that rows of a part go to, for a bundle of captures."""

    def __init__(self, job: ArchiveJob, part: str) -> None:
        self._job = job
        self._part = part
        self._id = uuid.uuid4().hex
        self.files = TableFiles(self._create)

    def _name(self, table: str) -> str:
        return f"{table}-{self._id}.parquet"

    def _create(self, table: str) -> BinaryIO:
        file: BinaryIO = FileSystems.create(self._job.unfinished(self._name(table)),
                                            compression_type=CompressionTypes.UNCOMPRESSED)
        return file

    def finish(self) -> Iterator[Written]:
        """All rows are there."""
        for table, file in self.files.finish().items():
            file.close()
            yield self._part, table, self._name(table)


class _WriteTables(Linting):
    def __init__(self, recipe: Recipe, job: ArchiveJob) -> None:
        super().__init__(recipe)
        self._job = job
        self._shows = recipe.shows

    def setup(self) -> None:
        super().setup()
        self._masker = Masker(self._shows)
        gc.freeze()                                        # what has been loaded stays
        cycles.seldom()

    def start_bundle(self) -> None:
        self._bundle = _Bundle(self._job, self._job.part)
        self._written: list[Written] = []

    def process(self, element: Named) -> None:
        capture = capture_of(element)
        apart = is_apart(capture.uri, self._masker)
        bundle = _Bundle(self._job, part_name([capture.uri], self._job.key)) if apart else self._bundle
        try:
            for table, row in self.rows(capture):
                bundle.files.add(table, row)
        except BaseException:                              # the runner does the bundle anew
            bundle.files.drop()
            raise
        if apart:
            self._written += bundle.finish()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        self._written += self._bundle.finish()
        yield WindowedValue((None, self._written), 0, [GlobalWindow()])


class _Commit(beam.DoFn):
    def __init__(self, job: ArchiveJob) -> None:
        self._job = job

    def process(self, element: tuple[None, Iterable[list[Written]]]) -> Iterator[str]:
        parts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for bundle in element[1]:
            for part, table, name in bundle:
                parts[part][table].append(name)
        for part, tables in parts.items():
            self._place(part, [
                (name, f"{table}-{number:05}-of-{len(names):05}.parquet")
                for table, names in sorted(tables.items(), key=lambda item: item[0] == CAPTURES.name)
                for number, name in enumerate(sorted(names))])
            yield self._job.place(part)
        self._job.clear()

    def _place(self, part: str, files: list[tuple[str, str]]) -> None:
        """Gives the files of a part their place. `files`: what they are called so far, and what they are to be."""
        place = self._job.place(part)
        if not has_directories(place):
            self._rename(files, place)
        elif not FileSystems.exists(place):                # else this step is done anew
            whole = self._job.unfinished(f"whole-{part}")
            for directory in (whole, FileSystems.split(place)[0]):
                if not FileSystems.exists(directory):
                    FileSystems.mkdirs(directory)
            self._rename(files, whole)
            FileSystems.rename([whole], [place])

    def _rename(self, files: list[tuple[str, str]], target: str) -> None:
        left, there = set(names_in(self._job.unfinished())), set(names_in(target))
        if lost := [name for name, final in files if name not in left and final not in there]:
            raise RuntimeError(f"{self._job.unfinished(lost[0])} is not there any more, nor what it should become")
        step = FileSystems.get_chunk_size(target)
        moves = [(self._job.unfinished(name), str(FileSystems.join(target, final))) for name, final in files
                 if name in left]
        for begin in range(0, len(moves), step):
            sources, targets = zip(*moves[begin:begin + step], strict=True)
            FileSystems.rename(list(sources), list(targets))


class _Find(beam.DoFn):
    def __init__(self, shows: bool) -> None:
        self._shows = shows

    def setup(self) -> None:
        self._masker = Masker(self._shows)

    def process(self, element: str) -> Iterator[tuple[str, Capture]]:
        for capture in found(element, self._told):
            yield same_for_all(row_name(capture.uri, self._masker)), capture

    def _told(self, met: Problem | PassedOver) -> None:
        if isinstance(met, Problem):
            counter("unlisted").inc()
        logging.getLogger("httplint").warning("%s", line(self._masker.text(str(met))))


class _Done(beam.DoFn):
    def process(self, element: str) -> Iterator[tuple[str, None]]:
        with FileSystems.open(element, compression_type=CompressionTypes.UNCOMPRESSED) as file:
            for name in captures_in(element, file):
                yield same_for_all(name), None


class _Fresh(beam.DoFn):
    def __init__(self, job: ArchiveJob, shows: bool) -> None:
        self._job = job
        self._shows = shows

    def setup(self) -> None:
        self._masker = Masker(self._shows)

    def process(self, element: tuple[str, Iterable[Capture | None]]) -> Iterator[Capture]:
        met = set(element[1])
        named = sorted((one for one in met if one is not None), key=lambda one: (len(one.uri), one.uri))
        apart = [one for one in named if is_apart(one.uri, self._masker)]
        for capture in apart or named[:1]:
            if self._is_done(capture) if apart else None in met:
                counter("passed_over").inc()
            else:
                yield capture

    def _is_done(self, capture: Capture) -> bool:
        """Whether a capture has its rows that is called otherwise in them."""
        return bool(names_in(self._job.place(part_name([capture.uri], self._job.key))))


class FindCaptures(beam.PTransform):
    """The captures that are named by URIs and patterns, each once, but for those that have their rows already.

    They are grouped by their names: so each is there once, and workers share them.
    """

    def __init__(self, uris: Iterable[str], job: ArchiveJob, shows: bool) -> None:
        super().__init__()
        self._uris = list(uris)
        self._job = job
        self._shows = shows

    def expand(self, begin: Any) -> beam.PCollection:
        """The beginning of a pipeline."""
        named = begin | "named" >> beam.Create(self._uris) | "find" >> beam.ParDo(_Find(self._shows))
        files = [one.uri for one in matched(self._job.place(f"*/{CAPTURES.name}*.parquet"))]
        if files:
            done = begin | "parts" >> beam.Create(files) | "done" >> beam.ParDo(_Done())
            named = (named, done) | beam.Flatten()
        return named | "once" >> beam.GroupByKey() | "fresh" >> beam.ParDo(_Fresh(self._job, self._shows))


class WriteArchive(beam.PTransform):
    """Captures become a part of an archive: takes what `LintCaptures` takes, hands out the directory of the part."""

    def __init__(self, recipe: Recipe, job: ArchiveJob) -> None:
        super().__init__()
        self._recipe = recipe
        self._job = job

    def expand(self, captures: beam.PCollection) -> beam.PCollection:
        """The pipeline."""
        return (captures | "global" >> beam.WindowInto(GlobalWindows())
                | "lint" >> beam.ParDo(_WriteTables(self._recipe, self._job))
                | "together" >> beam.GroupByKey()
                | "commit" >> beam.ParDo(_Commit(self._job)))

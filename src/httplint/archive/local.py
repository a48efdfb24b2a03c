"""An archive is linted on this machine, by one process or several; each writes parts of its own.

Theory. The order of rows means nothing, so chunks of captures are tasks that come back as they end. A chunk is a part:
small chunks lose little when a run is interrupted, and leave no process alone at the end; big ones make few files. A
process tells what it has done of a chunk now and then: if it dies, what it was at is done one by one, and what stands
before and after it together, so that only the capture that it dies of is lost. That one is tried twice, since what
killed the first may have been meant for another. Where a single process does all, it is this one, which costs no start;
a run that finds that the one before was killed has it done by another, so that it dies of nothing twice.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from httplint.archive.captures import Capture, outcomes
from httplint.archive.parts import UnfinishedPart, has_part, part_name
from httplint.archive.rows import Mapper, Recipe, TableRow
from httplint.archive.tables import CAPTURES
from httplint.jobs.workers import Ended, Workers
from httplint.model.named import NamedTuple
from httplint.model.unfinished import OutputError
from httplint.report import fault

CHUNK_OCTETS = 256 << 20
CHUNK_CAPTURES = 2000
"""Of a chunk."""
LEAST_OCTETS = 4 << 20
"""Of a chunk at the end, for which a file for each table is worth it."""
SHARE = 2
"""A chunk is no more than one of so many for each process of what is left."""
TOLD = 1 << 20
"""Octets of captures after which a process tells what it has done."""
EACH = 1 << 14
"""Octets that take as long as what each capture takes beside its own."""
UNKNOWN = 1 << 20
"""Octets of a capture whose size is not known."""
TRIES = 2
"""How many processes may die of a capture alone."""

Tally = Counter[str]
"""How many there are: `captures`, what columns of `captures` count, and dead letters by their kind."""

COUNTED = {name: CAPTURES.names.index(name) for name in ("entries", "linted", "errors", "warnings", "infos")}
"""What is counted of the rows of `captures` -> the number of the column."""


class Chunk(NamedTuple):
    """Captures of which the rows are one part. `tries`: how many processes have died of it."""

    captures: tuple[Capture, ...]
    tries: int = 0


class Writing:
    """Makes parts of chunks, below a directory. It travels to processes, with the recipe alone."""

    def __init__(self, recipe: Recipe, directory: str, key: bytes, mapper: Mapper | None = None) -> None:
        """`mapper`: that of the recipe, if there is one already."""
        self._made = recipe, directory, key
        self._recipe, self._directory, self._key = self._made
        self._mapper = mapper

    def __reduce__(self) -> tuple[object, ...]:
        return Writing, self._made

    @property
    def mapper(self) -> Mapper:
        """The mapper of this process. Raises SetupError, at the first time."""
        if self._mapper is None:
            self._mapper = self._recipe.mapper()
        return self._mapper

    def __call__(self, chunk: Chunk) -> Iterator[Tally | OutputError]:
        """Writes the part of a chunk; hands out what was done, the last time before the part is committed."""
        return self._written(chunk, self._rows)

    def has(self, chunk: Chunk) -> bool:
        """Whether the part of a chunk was committed."""
        return has_part(self._directory, self._part(chunk))

    def lost(self, capture: Capture, why: str) -> Iterator[Tally | OutputError]:
        """Writes the part of a capture that processes died of."""
        return self._written(Chunk((capture,)), lambda one: self.mapper.lost(one.uri, why, one.octets))

    def _written(self, chunk: Chunk, rows: Callable[[Capture], Iterable[TableRow]]) -> Iterator[Tally | OutputError]:
        try:
            part = UnfinishedPart(self._directory, self._part(chunk))
            try:
                for group in _groups(chunk.captures):
                    yield _add(part, group, rows)
                part.commit()
            finally:
                part.drop()
        except OutputError as error:
            yield error

    def _part(self, chunk: Chunk) -> str:
        return part_name([capture.uri for capture in chunk.captures], self._key)

    def _rows(self, capture: Capture) -> Iterable[TableRow]:
        return self.mapper.rows(capture.uri, outcomes(capture), capture.octets)


def _add(part: UnfinishedPart, captures: Sequence[Capture],
         rows: Callable[[Capture], Iterable[TableRow]]) -> Tally:
    """Adds the rows of captures to a part; what they count."""
    tally: Tally = Counter()
    for capture in captures:
        for table, row in rows(capture):
            part.add(table, row)
            if table == "dead_letters":
                tally[str(row[1])] += 1
            elif table == "captures":
                tally["captures"] += 1
                tally.update({name: row[number] for name, number in COUNTED.items()})
    return tally


class Processes(Protocol):
    """What does chunks. `left`: how many processes there are."""

    @property
    def left(self) -> int: ...

    def coming(self, tasks: Iterable[Chunk]) -> Iterator[tuple[Chunk, Tally | OutputError | Ended]]: ...


class _Here:
    """Does tasks in this process, as `Workers` does elsewhere."""

    left = 1

    def __init__(self, work: Writing) -> None:
        self._work = work

    def coming(self, tasks: Iterable[Chunk]) -> Iterator[tuple[Chunk, Tally | OutputError | Ended]]:
        """What comes of the tasks, and that each has ended."""
        for task in tasks:
            received, lost = 0, None
            try:
                for result in self._work(task):
                    yield task, result
                    received += 1
            except Exception as error:
                lost = fault.told(error)
            yield task, Ended(received, lost)


@contextmanager
def processes(number: int, writing: Writing, apart: bool = False) -> Iterator[Processes]:
    """So many that do chunks; a single one is this one, unless it has to be `apart` and another can be had.
    """
    if number > 1 or apart:
        try:
            workers = Workers[Chunk, "Tally | OutputError"](number, writing, lambda *_: None, tries=1, at_once=1)
        except OSError:
            pass
        else:
            with workers:
                yield workers
            return
    yield _Here(writing)


def lint(captures: Iterable[Capture], apart: Callable[[str], bool], writing: Writing, some: Processes,
         heard: Callable[[Chunk, Tally], object]) -> Tally:
    """Writes the parts of all captures; what was done. `apart` tells which captures need a part to themselves. `heard`
    is told of what was done of a chunk, as it is done.

    Raises OutputError.
    """
    together: list[Capture] = []
    alone: list[Capture] = []
    for capture in captures:
        (alone if apart(capture.uri) else together).append(capture)
    chunks = [*planned(together, some.left), *(Chunk((capture,)) for capture in alone)]
    total: Tally = Counter()
    while chunks:
        if not some.left:
            raise OutputError("no process is left, and none can be started; what was done is kept, and the same "
                              "command goes on", "no process can be started")
        tallies: dict[Chunk, Tally] = {}
        again: list[Chunk] = []
        for chunk, result in some.coming(chunks):
            if isinstance(result, OutputError):
                raise result
            if isinstance(result, Counter):
                tallies.setdefault(chunk, Counter()).update(result)
                heard(chunk, result)
                continue
            tally = tallies.pop(chunk, Counter())
            if result.lost is None or writing.has(chunk):  # it may have died when all was done
                total.update(tally)
            elif len(chunk.captures) == 1 and chunk.tries + 1 >= TRIES:
                for written in writing.lost(chunk.captures[0], result.lost):
                    if isinstance(written, OutputError):
                        raise written
                    total.update(written)
            else:
                again += _pieces(chunk, result.received)
        chunks = again
    return total


def _pieces(chunk: Chunk, received: int) -> Iterator[Chunk]:
    """What is done anew of a chunk of which a process died, which had told of so many groups."""
    captures = chunk.captures
    if len(captures) == 1:
        yield Chunk(captures, chunk.tries + 1)
        return
    groups = list(_groups(captures))
    begin = sum(map(len, groups[:received]))
    end = begin + len(groups[received]) if received < len(groups) else begin
    if begin == len(captures):                             # it died at the end
        begin = end = begin // 2
    for some in (captures[:begin], *zip(captures[begin:end], strict=True), captures[end:]):
        if some:
            yield Chunk(some)


def _weight(capture: Capture) -> int:
    return EACH + (UNKNOWN if capture.octets is None else capture.octets)


def _groups(captures: Sequence[Capture]) -> Iterator[Sequence[Capture]]:
    """The captures, in stretches that are told of together."""
    begin = weight = 0
    for number, capture in enumerate(captures, 1):
        weight += _weight(capture)
        if weight >= TOLD or number == len(captures):
            yield captures[begin:number]
            begin, weight = number, 0


def planned(captures: Sequence[Capture], jobs: int) -> Iterator[Chunk]:
    """The chunks: captures that would keep a process for long come first, then the others in their order."""
    left = sum(map(_weight, captures))
    big = max(left // (SHARE * 2 * jobs), LEAST_OCTETS)
    first = sorted((one for one in captures if _weight(one) >= big), key=_weight, reverse=True) if jobs > 1 else []
    ahead = set(first)
    chunk: list[Capture] = []
    weight = 0
    for capture in (*first, *(one for one in captures if one not in ahead)):
        chunk.append(capture)
        weight += _weight(capture)
        share = left // (SHARE * jobs) if jobs > 1 else left
        if len(chunk) >= CHUNK_CAPTURES or weight >= min(CHUNK_OCTETS, max(share, LEAST_OCTETS)):
            yield Chunk(tuple(chunk))
            left -= weight
            chunk, weight = [], 0
    if chunk:
        yield Chunk(tuple(chunk))

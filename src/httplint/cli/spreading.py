"""Captures are judged by several processes (see `jobs`).

A capture is judged by one process, with its history; a big HAR by all, in stretches, and its history is kept here. What
is no file, such as a pipe, is judged here, when it is its turn.
"""
from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from itertools import groupby
from operator import itemgetter

from httplint.capture import har, har_stretch, reading
from httplint.capture.har_stream import NotRead, Passed
from httplint.capture.har_stretch import ReadStretch, Stretch, Stretches
from httplint.capture.outcome import Problem
from httplint.cli.faults import guarded
from httplint.cli.linting import Outcomes
from httplint.cli.main import tell
from httplint.cli.merging import Merger, StretchMerger
from httplint.cli.paths import Met, files, size
from httplint.cli.progress import Progress
from httplint.jobs.judging import Judging, Wanted, asks_history
from httplint.jobs.travelling import Judged
from httplint.jobs.workers import Lost, Order, Workers
from httplint.library import Linter
from httplint.run import Run

Task = str | Stretch
Result = Judged | ReadStretch

WHOLE, STRETCHED, HERE = "by one process", "by all", "here"


def spread(met: list[Met], read: Callable[[str], Outcomes], linter: Linter, run: Run, progress: Progress, jobs: int,
           every: bool, octets: bool) -> bool:
    """Has captures judged by so many processes; whether it did: there may be nothing to share out, or no processes.

    `read` reads a capture. `every`: what outputs ask for, as of `Wanted`. `octets`: no capture is a HAR.
    """
    ways = [_way(octets, one) for one in met]
    if STRETCHED not in ways:
        jobs = min(jobs, ways.count(WHOLE))
    if jobs < 2:
        return False
    chooses = linter.policy is not None and linter.policy.chooses
    wanted = Wanted(run.summary.places is not None, run.summary.exercise is not None, run.exchanges, every or chooses)
    merger = Merger(linter, run, progress, wanted)
    judging = Judging(linter.rule_linter, read, wanted)
    asking = linter.rule_linter.only(asks_history)
    try:
        workers = Workers[Task, Result](jobs, judging, _told(run))
    except OSError:
        return False
    with workers:
        for way, some in groupby(zip(ways, met, strict=True), itemgetter(0)):
            if way == WHOLE:
                _whole(map(itemgetter(1), some), workers, merger)
                continue
            for path in files(map(itemgetter(1), some), run.summary):
                if way == STRETCHED:
                    _stretched(path, workers, merger, StretchMerger(merger, judging, asking))
                else:
                    merger.capture(read(path), linter.stream())
    return True


def _told(run: Run) -> Callable[[object, str], None]:
    """Tells of a task what has happened to its process."""
    def told(task: object, what: str) -> None:
        tell(f"{run.summary.masker.path(str(task))}: {what}")

    return told


def _way(octets: bool, met: Met) -> str:
    """How a capture is judged; what is none is told here."""
    if not isinstance(met, str) or not (length := size(met)):
        return HERE
    return STRETCHED if length >= har_stretch.WORTH and not octets and reading.recognised(met) == "HAR" else WHOLE


def _whole(met: Iterable[Met], workers: Workers[Task, Result], merger: Merger) -> None:
    with closing(workers.ordered(map(str, met))) as orders:
        for order in orders:
            for path in files([str(order.task)], merger.run.summary):
                merger.progress.of(path)
                try:
                    for judged in order:
                        assert isinstance(judged, Judged)
                        merger.take(judged)
                except Lost as why:
                    merger.wrong(Problem(path, None, None, f"it was not judged to its end: {why}"))


def _stretched(path: str, workers: Workers[Task, Result], merger: Merger, stretches: StretchMerger) -> None:
    def read_all(tasks: Iterable[Stretch]) -> Generator[ReadStretch | None]:
        with closing(workers.ordered(tasks)) as orders:
            for order in orders:
                yield _only(order)

    progress, length = merger.progress.of(path), size(path)
    for item in guarded(path, har.read_apart(path, Stretches(path, read_all), progress)):
        if isinstance(item, ReadStretch):
            stretches.take(item)
            if progress is not None:
                progress(item.end, length)
        elif not isinstance(item, Passed):
            stretches.one(item)


def _only(order: Order[Task, Result]) -> ReadStretch | None:
    """What came of a stretch; None if it was refused. Raises NotRead."""
    found = None
    try:
        for result in order:
            assert isinstance(result, ReadStretch)
            found = result
    except Lost as why:
        raise NotRead(f"what stands from here on was not judged: {why}") from None
    return found

"""`httplint explain --trace`: what each part of a rule's conditions comes to on the exchanges of a capture."""
from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator

from httplint.capture.files import PassedOver
from httplint.capture.outcome import CaptureError, Problem
from httplint.capture.reading import captures, read
from httplint.cli.faults import guarded
from httplint.cli.main import fail
from httplint.cli.steps import show_step
from httplint.engine.rule import Rule
from httplint.engine.trace import Step, trace, unconcerned
from httplint.grammar.registry.own import OwnNames
from httplint.model.exchange import Exchange
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily
from httplint.report.escape import clipped
from httplint.report.lines import Lines
from httplint.report.masker import Masker
from httplint.run import CLEAN, NOTHING, TROUBLE

_ENTRY = lazily(r"(?s)(.+?)\s*\(entry ([0-9]{1,18})\)(?:\s.*)?")
_LINE = lazily(r"(?s)(.+?):([0-9]{1,18})(?::([0-9]{1,18}))?:?")


class Spot(NamedTuple):
    """What is to be traced: a file or directory, or one exchange of it, by its entry or by where it begins."""

    path: str
    entry: int | None = None
    at: tuple[int, int] | None = None
    """Line and column, from 1: the exchange that begins there or last before it."""
    member: str | None = None
    """What a source in an archive is called, archive and all; None for any."""

    @property
    def one(self) -> bool:
        """Whether it is one exchange."""
        return self.entry is not None or self.at is not None

    def names(self, exchange: Exchange) -> bool | None:
        """Whether an exchange is meant; None if it is unless another one begins later, yet not beyond the place."""
        source = exchange.source
        if self.member is not None and (source is None or source.path != self.member):
            return False
        if self.entry is not None:
            return source is not None and source.entry == self.entry
        if self.at is None:
            return True
        begin = source and source.line and (source.line, source.column or 1)
        return None if begin and begin <= self.at else False


def spot(text: str, entry: int | None = None) -> Spot:
    """A path, or a place as reports print it: FILE:LINE:COLUMN (entry N); what is there as a file is a path."""
    path, at = text.strip().removeprefix("--> "), None
    if os.path.lexists(text):
        return Spot(text, entry)
    if found := _ENTRY.fullmatch(path):
        path, entry = found[1], int(found[2]) if entry is None else entry
    if not os.path.lexists(path) and (found := _LINE.fullmatch(path)):
        path, at = found[1], (int(found[2]), int(found[3] or sys.maxsize))
    archive = _archive(path)
    return Spot(path, entry, at) if archive is None else Spot(archive, entry, at, path)


def _archive(path: str) -> str | None:
    """The file that a path leads into, as those of members do; None if it is a path of a file system."""
    above = path
    while not os.path.lexists(above) and (parent := os.path.dirname(above)) not in ("", above):
        above = parent
    return above if above != path and os.path.isfile(above) else None


def run(rules: list[Rule], names: OwnNames, where: Spot, say: Lines) -> int:
    """Prints the steps of the rules on the exchanges that are meant; returns the exit code."""
    masker = Masker()
    trouble = False

    def told(met: Problem | PassedOver) -> None:
        nonlocal trouble
        trouble = trouble or isinstance(met, Problem)
        fail(masker.text(str(met)))

    def exchanges(path: str) -> Iterator[Exchange]:
        for item in guarded(path, read(path)):
            if isinstance(item, Exchange):
                yield item
            elif isinstance(item, Problem):
                told(item)

    traced = False
    why = "no exchange stands there" if where.one else "no exchange that the rule is about"
    first = ""
    try:
        paths = list(captures([where.path], told))
    except CaptureError as error:
        return fail(masker.path(str(error)))
    for path in paths:
        for exchange, steps in _meant(trace(rules, exchanges(path), names), where):
            if steps:
                traced = True
                _show(exchange, steps, masker, say)
            elif not first:
                first = masker.of(exchange).told(unconcerned(rules[0], exchange))
    if trouble:
        return TROUBLE
    if traced:
        return CLEAN
    say(first if first and where.one else f"{why}; the first one: {first}" if first else why)
    return NOTHING


def _meant(traced: Iterable[tuple[Exchange, list[Step]]], where: Spot) -> Iterator[tuple[Exchange, list[Step]]]:
    last = None
    for exchange, steps in traced:
        meant = where.names(exchange)
        if meant:
            yield exchange, steps
        elif meant is None:
            last = exchange, steps
        elif last is not None:
            break
    if last is not None:
        yield last


def _show(exchange: Exchange, steps: Iterable[Step], masker: Masker, say: Lines) -> None:
    shown, source = masker.of(exchange), exchange.source
    name = clipped(f"{shown.method()} {shown.uri()}", 80) if exchange.request else "(request not captured)"
    place = f"{masker.path(source.path)}:{source.line or 1} entry {source.entry}  " if source else ""
    say(("bold", f"{place}{name} → {exchange.response.status}"))
    for step in steps:
        show_step(step, shown.told, say)

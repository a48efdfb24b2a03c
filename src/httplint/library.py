"""The library call: lint what a program holds in its hands, or a HAR file."""
from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from httplint.engine import catalogue
from httplint.engine.linter import RuleLinter
from httplint.engine.report import Report
from httplint.engine.rule import Rule
from httplint.model.exchange import Exchange
from httplint.selection import select as selected


@lru_cache(maxsize=1)
def built_in_rules() -> tuple[Rule, ...]:
    """The rules that come with httplint; read once."""
    return tuple(catalogue.built_in())


def rules_from(packs: Iterable[str | os.PathLike[str]] = ()) -> list[Rule]:
    """The built-in rules and those of some directories. Raises RuleError with file and line."""
    packs = list(packs)
    if not packs:
        return list(built_in_rules())
    from pathlib import Path
    return catalogue.combine(list(built_in_rules()), *(catalogue.load(Path(pack)) for pack in packs))


class Linter:
    """Judges exchanges.

    `select` and `ignore` are prefixes of rule ids, as a list or separated by commas; the longest prefix wins.
    `rules` names directories with rule files of your own, which are added to the built-in ones. Raises RuleError for
    a broken rule file, SelectionError for a prefix that matches nothing.
    """

    def __init__(self, select: str | Iterable[str] = (), ignore: str | Iterable[str] = (),
                 rules: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = ()) -> None:
        packs = [rules] if isinstance(rules, (str, os.PathLike)) else rules
        self.rules = selected(rules_from(packs), select, ignore)
        """The rules that are on, in catalogue order."""
        self._linter = RuleLinter(self.rules)

    def lint(self, exchange: object) -> Report:
        """Judges one exchange by itself: rules about earlier exchanges are not evaluated.

        Takes an Exchange, or what the client libraries and test clients of `httplint.clients` hand out; raises
        TypeError for anything else, ValueError for an object without a response.
        """
        return self._linter.lint(_exchange(exchange))

    def lint_all(self, exchanges: Iterable[object]) -> Iterator[Report]:
        """Judges exchanges, or what `lint` takes, in their order, each with what earlier ones tell; memory is bounded.

        Yields a report for each; `report.exchange` is the exchange it is about.
        """
        return self._linter.lint_all(map(_exchange, exchanges))


@lru_cache(maxsize=1)
def _default() -> Linter:
    return Linter()


def lint(exchange: object) -> Report:
    """Judges one exchange by the built-in rules: an Exchange, or a response of a client library or a test client.

    Raises TypeError, ValueError as Linter.lint does.
    """
    return _default().lint(exchange)


def _exchange(held: object) -> Exchange:
    if isinstance(held, Exchange):
        return held
    from httplint.clients import exchange_of
    return exchange_of(held)


def lint_har(path: str | os.PathLike[str], linter: Linter | None = None,
             on_skip: Callable[[object], None] | None = None) -> Iterator[tuple[Exchange, Report]]:
    """Judges the entries of a HAR file one at a time: yields (exchange, report).

    Entries without a captured response are passed to `on_skip` as capture.har.Skipped, and left out. Raises OSError,
    and CaptureError where the file is not a HAR or breaks off, after the entries before the break.
    """
    from httplint.capture import har

    def exchanges() -> Iterator[Exchange]:
        for entry in har.read(path):
            if isinstance(entry, Exchange):
                yield entry
            elif on_skip is not None:
                on_skip(entry)

    for report in (linter or _default()).lint_all(exchanges()):
        yield report.exchange, report

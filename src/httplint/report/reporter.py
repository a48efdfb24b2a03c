"""What a reporter is, and what it may be asked."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from httplint import __version__
from httplint.engine.report import Report
from httplint.engine.rule import Provision
from httplint.model.named import NamedTuple
from httplint.report.colour import Paint
from httplint.report.masker import PLAIN, Masker
from httplint.report.summary import Summary

Write = Callable[[str], object]


class Options(NamedTuple):
    """What a report shows, and how."""

    paint: Paint = Paint(False)
    masker: Masker = PLAIN
    """What all outputs of the run share."""
    show_not_evaluated: bool = False
    fail_on: str = "error"
    """The severity from which a finding is a failure, or "never"."""
    rules: Sequence[Provision] = ()
    """The rules that may speak, in catalogue order."""
    show_api: bool = False
    """Whether all is listed that the traffic did not show of an API, not the first of it alone."""
    version: str = __version__
    """Of the httplint that judged."""
    category: str = ""
    """What code scanning tells runs apart by; empty where others say it."""
    group_by: str = "rule"
    """What the findings of a block of text have in common: a key of block.LIKENESS."""
    quiet: bool = False
    """Whether findings are all that is told."""
    worst_first: bool = False
    """Whether text is read from its begin, as in a viewer; of what a terminal shows, the end is read first."""
    width: int | None = None
    """Columns of the terminal that the report goes to; None: it goes elsewhere, and lines are as long as they are."""


class Reporter(Protocol):
    """Takes in one report after another, then the summary of the run; writes when it can."""

    def report(self, report: Report) -> None:
        """Takes in the report of one exchange."""

    def end(self, summary: Summary) -> None:
        """Writes what is left to be written."""

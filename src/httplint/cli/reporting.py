"""What the verbs share that write results: which reports, and where to."""
from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from typing import TextIO

from httplint.cli.main import CLEAN, FINDINGS, NOTHING, TROUBLE, fail
from httplint.engine.rule import Provision
from httplint.model.severity import from_up
from httplint.report.colour import Paint, wanted
from httplint.report.formats import chosen
from httplint.report.masker import Masker
from httplint.report.output import OutputError, Outputs
from httplint.report.reporter import Options, Write
from httplint.report.summary import Summary


def _writing(stream: TextIO) -> Write:
    """What writes to a standard stream. It raises OutputError."""
    def write(text: str) -> None:
        try:
            stream.write(text)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(error.strerror or str(error)) from None

    return write


class Results:
    """The reports that a user asked for. Raises FormatError, OutputError."""

    def __init__(self, arguments: argparse.Namespace, rules: Sequence[Provision], masker: Masker,
                 version: str | None = None) -> None:
        """`rules`: those that may speak; `version`: of the httplint that judged, if it was not this one."""
        shown, files = chosen(arguments.output, arguments.output_format)
        self.masker = masker
        options = Options(Paint(False), masker, "not-evaluated" in arguments.show,
                          arguments.fail_on, rules)
        if version is not None:
            options = options._replace(version=version)
        if shown.machine and hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        self.interleaved = shown.live and sys.stdout.isatty()
        """Whether findings come on the terminal while others are still looked for."""
        self.failed = False
        painted = options._replace(paint=Paint(wanted(arguments.color, sys.stdout)))
        self.outputs = Outputs((shown, _writing(sys.stdout), painted), files, options, self._failure)
        self.places = self.outputs.places or arguments.statistics
        if arguments.statistics:
            from httplint.report.statistics import StatisticsReport
            stream = sys.stderr if shown.machine else sys.stdout
            painted = options._replace(paint=Paint(wanted(arguments.color, stream)))
            self.outputs.add(StatisticsReport(_writing(stream), painted))

    def summary(self, rules: int) -> Summary:
        """A summary that counts what the reports tell. `rules`: how many are on."""
        summary = Summary(rules, self.masker)
        if self.places:
            summary.places = Counter()
        return summary

    def _failure(self, cause: str) -> None:
        self.failed = True
        fail(self.masker.path(cause))

    def exit_code(self, fail_on: str, summary: Summary) -> int:
        """The exit code of a run."""
        if summary.problems or self.failed:
            return TROUBLE
        if not summary.linted:
            return NOTHING
        return FINDINGS if any(summary.findings[severity] for severity in from_up(fail_on)) else CLEAN

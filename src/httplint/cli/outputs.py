"""The outputs that a user asked for with --output-format, --output and --statistics, as the verbs share them."""
from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import TextIO

from httplint.cli.main import columns, fail
from httplint.engine.rule import Provision
from httplint.model.files import cause
from httplint.model.unfinished import OutputError
from httplint.report.colour import Paint, linking, wanted
from httplint.report.formats import FORMATS, SAVED, STDOUT, Format, FormatError, chosen
from httplint.report.output import Outputs
from httplint.report.reporter import Options, Write
from httplint.run import Run


def _writing(stream: TextIO) -> Write:
    """What writes to a standard stream. It raises OutputError."""
    def write(text: str) -> None:
        try:
            stream.write(text)
        except BrokenPipeError:
            raise
        except OSError as error:
            why = cause(error)
            raise OutputError(why, why) from None

    return write


def outputs_of(arguments: argparse.Namespace, run: Run, rules: Sequence[Provision],
               version: str | None = None, among: Mapping[str, Format] = FORMATS) -> Outputs:
    """The outputs, which tell the run and the user when one fails; the run has them. Raises FormatError, OutputError.

    `rules`: those that may speak; `version`: of the httplint that judged, if it was not this one; `among`: the formats
    that there are.
    """
    shown, files = chosen(arguments.output, arguments.output_format, among)
    if save := getattr(arguments, "save", None):
        if save == STDOUT or any(save == path for _, path in files):
            raise FormatError(f"--save wants a file of its own, got {save!r:.100}")
        files.append((SAVED, save))
    masker = run.summary.masker
    options = Options(Paint(False), masker, "not-evaluated" in arguments.show, arguments.fail_on, rules,
                      category=arguments.category, group_by=arguments.group_by, show_api="api" in arguments.show)
    if version is not None:
        options = options._replace(version=version)
    elif shown.exchanges or any(made.exchanges for made, _ in files):
        from httplint.cli.asked import command
        run.summary.command = command(arguments.verb, arguments, masker)
    if shown.machine and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", newline="")

    def painted(stream: TextIO) -> Options:
        return options._replace(
            paint=Paint(wanted(arguments.color, stream), linking(arguments.color, stream)), quiet=arguments.quiet,
            width=columns() if stream.isatty() else None)

    def failed(cause: str) -> None:
        run.failed = True
        fail(masker.path(cause))

    made = Outputs((shown, _writing(sys.stdout), painted(sys.stdout)), files, options, failed)
    if arguments.statistics:
        from httplint.report.statistics import StatisticsReport
        stream = sys.stderr if shown.machine else sys.stdout
        made.add(StatisticsReport(_writing(stream), painted(stream)))
    told = version is not None                             # a result has counted already
    run.add(made, made.places and not told, made.held and not told, made.exchanges)
    return made

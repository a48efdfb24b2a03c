"""`httplint report`: makes other reports of a result, or of several as one, and compares two."""
from __future__ import annotations

import argparse
import json
from collections.abc import Iterator

from httplint.cli.faults import survived
from httplint.cli.main import fail
from httplint.cli.outputs import outputs_of
from httplint.engine.report import Report
from httplint.model.errors import HttplintError
from httplint.model.severity import from_up
from httplint.report.compared.difference import difference
from httplint.report.compared.forms import of_difference, of_trend
from httplint.report.compared.series import compared
from httplint.report.compared.trend import trend
from httplint.report.formats import FormatError
from httplint.report.masker import Masker
from httplint.report.merged import Merged
from httplint.report.pieces import Forms
from httplint.report.result import ResultError
from httplint.report.summary import Summary
from httplint.run import CLEAN, FINDINGS, TROUBLE, Run

FAIL_ON = "error"
"""Unless --fail-on says something else; it takes no configuration."""


def run(arguments: argparse.Namespace) -> int:
    """Writes the reports; returns the exit code."""
    if arguments.schema:
        from httplint.report.form import schema
        print(json.dumps(schema(), indent=2))
        return CLEAN
    try:
        if arguments.diff:
            return _difference(arguments)
        return _trend(arguments) if arguments.trend else _reports(arguments)
    except HttplintError as error:
        return fail(str(error))


def _reports(arguments: argparse.Namespace) -> int:
    """Makes the reports of one result, or of several as one; a gate only where --fail-on is said."""
    gate = arguments.fail_on
    arguments.fail_on = gate or FAIL_ON
    result = Merged(arguments.merge or [arguments.source], Masker(arguments.show_secrets))
    again = Run(result.summary(), fail_on=arguments.fail_on)
    with outputs_of(arguments, again, result.rules, result.version) as outputs:
        again.write(_read(result, again.summary), outputs)
    if gate is not None:
        return again.exit_status()
    return TROUBLE if again.trouble else CLEAN


def _read(result: Merged, summary: Summary) -> Iterator[Report]:
    with survived(summary, ResultError):
        yield from result.reports()


def _difference(arguments: argparse.Namespace) -> int:
    """Tells what changed from one result to another: FINDINGS where there is more that would fail a run."""
    shown = difference(compared(arguments.diff))
    severities = from_up(arguments.fail_on or FAIL_ON)
    run = _written(arguments, of_difference(shown))
    return TROUBLE if run.trouble else FINDINGS if shown.worse(severities) else CLEAN


def _trend(arguments: argparse.Namespace) -> int:
    """Tells how the findings went over several results."""
    if arguments.fail_on is not None:
        raise FormatError("--trend is no gate; --diff OLD NEW is one, with --fail-on")
    return TROUBLE if _written(arguments, of_trend(trend(compared(arguments.trend)))).trouble else CLEAN


def _written(arguments: argparse.Namespace, forms: Forms) -> Run:
    """A run that has written a comparison."""
    run = Run(Summary(0, Masker()))
    arguments.statistics, arguments.fail_on = False, arguments.fail_on or FAIL_ON
    with outputs_of(arguments, run, (), among=forms):
        run.end()
    return run

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
from httplint.report.formats import FormatError
from httplint.report.lines import encoded
from httplint.report.masker import Masker
from httplint.report.merged import Merged
from httplint.report.result import Result, ResultError
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
        return _difference(arguments) if arguments.diff else _reports(arguments)
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
    from httplint.report.difference import as_dict, differences, lines
    if arguments.output or arguments.output_format not in (None, "text", "json"):
        raise FormatError("a difference goes to standard output, as text or json")
    old, new = (Result(path) for path in arguments.diff)
    changes = differences(old.reports(), new.reports())
    if arguments.output_format == "json":
        print(encoded(as_dict(changes), indent=1))
    else:
        print("\n".join(lines(changes)))
    serious = from_up(arguments.fail_on or FAIL_ON)
    return FINDINGS if any(change.after > change.before and change.severity in serious for change in changes) else CLEAN

"""`httplint report`: makes other reports of a result, or compares two."""
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
from httplint.report.result import Result, ResultError
from httplint.report.summary import Summary
from httplint.run import CLEAN, FINDINGS, TROUBLE, Run


def run(arguments: argparse.Namespace) -> int:
    """Writes the reports; returns the exit code."""
    if arguments.schema:
        from httplint.report.form import schema
        print(json.dumps(schema(), indent=2))
        return CLEAN
    try:
        if arguments.diff:
            return _difference(arguments)
        masker = Masker(arguments.show_secrets)
        result = Result(arguments.source, masker)
        masker.keep(result.pseudonyms)
        again = Run(result.summary())
        with outputs_of(arguments, again, result.rules, result.version) as outputs:
            again.write(_read(result, again.summary), outputs)
    except HttplintError as error:
        return fail(str(error))
    return TROUBLE if again.trouble else CLEAN


def _read(result: Result, summary: Summary) -> Iterator[Report]:
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
    serious = from_up(arguments.fail_on)
    return FINDINGS if any(change.after > change.before and change.severity in serious for change in changes) else CLEAN

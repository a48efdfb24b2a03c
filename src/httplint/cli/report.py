"""`httplint report`: makes other reports of a result, or compares two."""
from __future__ import annotations

import argparse
import json

from httplint.cli.faults import survived
from httplint.cli.main import CLEAN, FINDINGS, TROUBLE, fail
from httplint.cli.reporting import Results
from httplint.model.severity import from_up
from httplint.report.formats import FormatError
from httplint.report.lines import encoded
from httplint.report.masker import Masker
from httplint.report.output import OutputError
from httplint.report.result import Result, ResultError


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
        results = Results(arguments, result.rules, masker, result.version)
        summary = result.summary()
        before = len(summary.problems)
        with results.outputs as outputs:
            with survived(summary, ResultError):
                for report in result.reports():
                    outputs.report(report)
            outputs.end(summary)
    except (FormatError, OutputError, ResultError) as error:
        return fail(str(error))
    return TROUBLE if results.failed or len(summary.problems) > before else CLEAN


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

"""`httplint archive report`: asks the tables of an archive."""
from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Iterable, Mapping

from httplint.archive.answers import Answers
from httplint.archive.asking import Filters, ask
from httplint.archive.forms import csv, first, of_answers
from httplint.archive.questions import OVERVIEW, PLACES, QUESTIONS, files
from httplint.cli.main import fail, printer, tell
from httplint.cli.outputs import outputs_of
from httplint.engine.rule import Provision
from httplint.model.errors import HttplintError
from httplint.model.files import cause
from httplint.model.unfinished import OutputError, WholeFile
from httplint.report.formats import FormatError, parse
from httplint.report.masker import Masker
from httplint.report.pieces import Forms
from httplint.report.summary import Summary
from httplint.run import CLEAN, NOTHING, TROUBLE, Run


def run(arguments: argparse.Namespace) -> int:
    """Writes the report; returns the exit code."""
    try:
        return _taken_along(arguments) if arguments.sql is not None else _report(arguments)
    except HttplintError as error:
        return fail(str(error))


def _taken_along(arguments: argparse.Namespace) -> int:
    """Writes the questions as files."""
    _write(arguments.sql, files())
    paths = [os.path.abspath(os.path.join(arguments.sql, name)) for name in ("tables.sql", "rules.sql")]
    printer()(f"next: cd {shlex.quote(arguments.directory)} && cat {shlex.join(paths)} | duckdb")
    return CLEAN


def _write(directory: str, texts: Iterable[tuple[str, str]]) -> None:
    """Writes files into a directory, which is made if it is not there. Raises OutputError."""
    try:
        os.makedirs(directory, exist_ok=True)
    except (OSError, ValueError) as error:
        raise OutputError(f"{directory} cannot be made: {cause(error)}", cause(error)) from None
    for name, text in texts:
        file = WholeFile(os.path.join(directory, name))
        file.write(text)
        file.keep()


def _report(arguments: argparse.Namespace) -> int:
    names = _names(arguments)
    filters = Filters(arguments.severity, arguments.rule, arguments.host, arguments.server)
    asked = ask(arguments.directory, dict.fromkeys((OVERVIEW, *names)), filters, arguments.least)
    answers = asked._replace(directory=Masker().path(asked.directory),
                             answers=tuple(answer for answer in asked.answers if answer.name in names))
    linted = asked.answers[0].values("responses") != [0]
    failed = _written(arguments, answers)
    if not linted:
        tell(f"nothing was linted: {arguments.directory} has no responses")
    elif _places(arguments) and not answers.answers[0].rows and not arguments.quiet:
        tell("no finding is of these; names are whole ones, as the tables of the report have them")
    return TROUBLE if failed else CLEAN if linted else NOTHING


def _names(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The questions that are asked. Raises FormatError."""
    places = _places(arguments)
    if places and arguments.only:
        raise FormatError(f"--{places[0]} asks where something is, and --only for a table: say one of them")
    return (PLACES,) if places else tuple(dict.fromkeys(arguments.only)) or QUESTIONS


def _places(arguments: argparse.Namespace) -> list[str]:
    """What of the places of findings is asked for."""
    return [name for name in ("rule", "host", "server") if getattr(arguments, name) is not None]


def _written(arguments: argparse.Namespace, answers: Answers) -> bool:
    """Whether an output failed."""
    forms = of_answers(answers, _rules, arguments.top)
    directories = _directories(arguments, forms)
    if len(answers.answers) > 1 and "csv" in (arguments.output_format, *(
            parse(text, forms)[0].name for text in arguments.output)):
        raise FormatError("csv is a file for each table: say --only NAME, or --output csv:DIRECTORY/")
    run = Run(Summary(0, Masker()))
    vars(arguments).update(show=(), fail_on="never", category="", group_by="rule", statistics=False)
    with outputs_of(arguments, run, (), among=forms) as outputs:
        outputs.end(run.summary)
    cut = answers if arguments.top is None else first(answers, arguments.top)
    for directory in directories:
        _write(directory, ((f"{answer.name}.csv", "".join(csv(answer))) for answer in cut.answers))
    return bool(run.trouble)


def _directories(arguments: argparse.Namespace, forms: Forms) -> list[str]:
    """Takes csv:DIR/ out of the outputs."""
    taken, left = [], []
    for text in arguments.output:
        made, path = parse(text, forms)
        if made.name == "csv" and (path.endswith("/") or os.path.isdir(path)):
            taken.append(os.path.expanduser(path))
        else:
            left.append(text)
    arguments.output = left
    return taken


def _rules() -> Mapping[str, Provision]:
    from httplint.library import built_in_rules
    return {rule.id: rule for rule in built_in_rules()}

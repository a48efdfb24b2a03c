"""The formats of reports of archives."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from httplint import __version__
from httplint.archive.aligned import text
from httplint.archive.answers import Answer, AnswerColumn, Answers, AnswerValue
from httplint.archive.questions import OVERVIEW
from httplint.archive.words import folded, next_steps, overview, told
from httplint.engine.rule import Provision
from httplint.report.csv_report import csv_row
from httplint.report.lines import encoded
from httplint.report.markdown import SIGNS, WIDTH, code, section, table
from httplint.report.markup import prose
from httplint.report.pieces import Forms, PiecesFormat, in_lines
from httplint.report.reporter import Options

FORMAT = "archive report/1"
"""What the format json says of itself; members may be added to it."""
TOP = {"text": 10, "markdown": 20, "html": 100}
"""Format -> how many rows of a table it tells, of each severity, unless another number is asked for; others: all."""

Rules = Mapping[str, Provision]
"""Id -> rule, of those that this httplint knows."""


def of_answers(answers: Answers, rules: Callable[[], Rules], top: int | None = None) -> Forms:
    """The formats. `top`: how many rows of a table are told, of each severity."""
    def most(name: str) -> int:
        return TOP[name] if top is None else top

    def cut() -> Answers:
        return answers if top is None else first(answers, top)

    def html(_: Options) -> Iterable[str]:
        from httplint.archive.page import archive_page
        return archive_page(first(answers, most("html")), rules(), __version__)

    return {made.name: made for made in (
        PiecesFormat("text", in_lines(
            lambda options: text(answers, most("text"), options.width, options.quiet)), machine=False),
        PiecesFormat("markdown", lambda _: markdown(answers, most("markdown"), rules())),
        PiecesFormat("json", lambda _: [encoded(as_dict(cut()), indent=1), "\n"]),
        PiecesFormat("csv", lambda _: csv(cut().answers[0])), PiecesFormat("html", html))}


def first(answers: Answers, top: int) -> Answers:
    """At most so many rows of each answer, of each severity."""
    return answers._replace(answers=tuple(answer.first(top) for answer in answers.answers))


def csv(answer: Answer) -> Iterator[str]:
    """A table for spreadsheets (RFC 4180)."""
    yield csv_row(column.name for column in answer.columns)
    for row in answer.rows:
        yield csv_row(map(_cell, row))


def _cell(value: AnswerValue) -> str | int | None:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.6f}" if isinstance(value, float) else value.isoformat() if isinstance(value, date) else value


def as_dict(answers: Answers) -> dict[str, Any]:
    """All answers for programs: rows as objects, shares from 0 to 1, null for what is not known."""
    return {"format": FORMAT, "httplint": __version__, "directory": answers.directory, "least": answers.least,
            "answers": {answer.name: {
                "title": answer.title, "question": answer.question,
                "columns": [column._asdict() for column in answer.columns],
                "rows": [{column.name: value.isoformat() if isinstance(value, date) else value
                          for column, value in zip(answer.columns, row, strict=True)} for row in answer.rows],
                "more": answer.more} for answer in answers.answers}}


def markdown(answers: Answers, top: int, rules: Rules) -> Iterator[str]:
    """A summary, such as for $GITHUB_STEP_SUMMARY."""
    yield f"## httplint: archive {code(answers.directory)}\n"
    for answer in answers.answers:
        shown = folded(answer, answers).first(top)
        yield f"\n### {prose(answer.title)}\n\n{prose(answer.question)}\n"
        if answer.name == OVERVIEW and answer.rows:
            values = [(prose(told(column, value, WIDTH)), prose(column.about)) for column, value in overview(answer)]
            yield table("", ("", ""), values, len(values))
            continue
        heads = [column.name.replace("_", " ") for column in shown.columns]
        known = shown.column("severity") is not None and any(column.kind == "rule" for column in shown.columns)
        cells = [(*map(_marked, shown.columns, row), *_demand(shown, row, rules) * known) for row in shown.rows]
        yield table("", (*heads, *("what it demands", "specification") * known), cells, len(cells) + shown.more) or (
            "\nnone\n")
    yield "\n"
    for command, what in next_steps(answers):
        yield f"- {code(command)}: {what}\n"


def _marked(column: AnswerColumn, value: AnswerValue) -> str:
    if column.kind == "severity":
        return SIGNS.get(str(value), code(str(value)))
    words = told(column, value, WIDTH)
    return words if column.kind in ("count", "share", "flag") else code(words)


def _demand(answer: Answer, row: tuple[AnswerValue, ...], rules: Rules) -> tuple[str, str]:
    """Title and section of the rule of a row."""
    number = answer.column("rule")
    rule = None if number is None else rules.get(str(row[number]))
    return ("", "") if rule is None else (prose(rule.title), section(rule.spec))

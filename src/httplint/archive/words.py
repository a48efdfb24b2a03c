"""Answers in words, as all reports for people have them."""
from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from httplint.archive.answers import Answer, AnswerColumn, Answers, AnswerValue
from httplint.archive.plots import percent
from httplint.archive.questions import PLACES
from httplint.report.escape import clipped

UNKNOWN = "(not known)"
STEPS = " ▁▂▃▄▅▆▇█"
"""What a course is made of: nothing, and eighths of the highest."""
COURSE = "course"
"""The column that has it."""
EXCEPTIONS = ("suppressed", "dead_letters", "repeated")
"""Numbers of the overview that are told unless they are 0."""
DRAWN = 24
"""Periods of a course, at most: the latest."""

LONGEST = 1000
"""Characters of a word of a command."""

FoldedKey = tuple[AnswerValue, AnswerValue]
"""Severity and rule."""


def overview(answer: Answer) -> Iterator[tuple[AnswerColumn, AnswerValue]]:
    """The values of the only row of an answer that are told."""
    for column, value in zip(answer.columns, answer.rows[0], strict=True):
        if value is not None and (value or column.name not in EXCEPTIONS):
            yield column, value


def told(column: AnswerColumn, value: AnswerValue, width: int) -> str:
    """A value in words, printable; texts have `width` characters at most."""
    if column.kind == "flag":
        return column.name if value else ""
    if value is None:
        return UNKNOWN if column.kind in ("text", "period") else ""
    if column.kind == "share" and isinstance(value, (int, float)):
        return percent(value)
    return f"{value:,}" if isinstance(value, (int, float)) else clipped(str(value), width)


def folded(answer: Answer, answers: Answers) -> Answer:
    """An answer about rules and periods with one row for each rule, and a course; other answers as they are."""
    if answer.column("rule") is None or answer.column("period") is None:
        return answer
    named = {column.name: number for number, column in enumerate(answer.columns)}
    shares: dict[FoldedKey, dict[AnswerValue, float]] = {}
    counts: dict[FoldedKey, int] = {}
    for row in answer.rows:
        key, share, count = (row[named["severity"]], row[named["rule"]]), row[named["share"]], row[named["responses"]]
        shares.setdefault(key, {})[row[named["period"]]] = share if isinstance(share, float) else 0.0
        counts[key] = counts.get(key, 0) + (count if isinstance(count, int) else 0)
    periods = _periods(answer, answers)
    rows = []
    for key, known in shares.items():
        course = [known.get(period, 0.0) for period in periods] or [0.0]
        rows.append((key[0], counts[key], course[0], course[-1], _course(course), key[1]))
    columns = (answer.columns[named["severity"]], answer.columns[named["responses"]],
               AnswerColumn("first", "share", "of the first period"), AnswerColumn("last", "share", "of the last one"),
               AnswerColumn(COURSE, "text", "the shares of all"), answer.columns[named["rule"]])
    return answer._replace(columns=columns, rows=rows)


def _periods(answer: Answer, answers: Answers) -> list[AnswerValue]:
    """The latest of the periods that are known, those too in which the rules found nothing."""
    periods = set((answers.named("periods") or answer).values("period")) - {None}
    return sorted(periods, key=str)[-DRAWN:]


def _course(shares: Sequence[float]) -> str:
    most = max(shares) or 1.0
    return "".join(STEPS[max(share > 0, round(8 * share / most))] for share in shares)


def next_steps(answers: Answers) -> Iterator[tuple[str, str]]:
    """(a command, what it tells)."""
    directory, places = _quoted(answers.directory), answers.named(PLACES)
    rule = next((_quoted(str(value)) for answer in answers.answers for column in answer.columns
                 if column.kind == "rule" for value in answer.values(column.name)), None)
    if rule is not None:
        yield f"httplint explain {rule}", "what the rule demands, and how to fix it"
    if places is None:
        if rule is not None:
            yield f"httplint archive report {directory} --rule {rule}", "the captures behind a row"
        yield f"httplint archive report {directory} --sql queries", "these questions as SQL files"
    elif rule is not None and "://" not in (capture := str(places.values("capture")[0])):
        yield f"httplint check {_quoted(capture)} --select {rule}", "what was sent, with the place"


def _quoted(text: str) -> str:
    """A word of a command, for a shell."""
    return shlex.quote(clipped(text, LONGEST))

"""What an archive answers: the shape that every form of its report is made of. It needs no package."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from httplint.model.named import NamedTuple

ValueKind = Literal["text", "rule", "severity", "period", "count", "share", "day", "flag"]
"""`rule` is the id of a rule, `period` a text such as 2024, 2024-05 or 2024-05-17, `share` a number from 0 to 1, `day`
a date, `flag` a truth value."""
AnswerValue = str | int | float | date | bool | None
"""None: not known, such as the host of a response whose request was not captured."""


class AnswerColumn(NamedTuple):
    """A column of an answer. `about`: what it means."""

    name: str
    kind: ValueKind
    about: str


class Answer(NamedTuple):
    """What came of one question: rows in the order that matters, the most important first.

    `name` is that of its file in `queries/`, such as `rules`; `title` a heading, `question` a sentence or some, which
    say also what is left out.
    """

    name: str
    title: str
    question: str
    columns: tuple[AnswerColumn, ...]
    rows: Sequence[tuple[AnswerValue, ...]]
    more: int = 0
    """Rows that there are beyond these."""

    def column(self, kind: ValueKind) -> int | None:
        """The number of the first column of that kind."""
        return next((number for number, column in enumerate(self.columns) if column.kind == kind), None)

    def few(self, row: Sequence[AnswerValue]) -> bool:
        """Whether the row has so few responses that its shares say little."""
        return any(column.name == "few" and value is True for column, value in zip(self.columns, row, strict=True))

    def values(self, name: str) -> list[AnswerValue]:
        """The values of the column of that name."""
        number = [column.name for column in self.columns].index(name)
        return [row[number] for row in self.rows]

    def first(self, most: int) -> Answer:
        """At most so many rows; where there are severities, of each of them. All periods of a row are one row."""
        severity, rule, period = self.column("severity"), self.column("rule"), self.column("period")
        seen: dict[AnswerValue, set[object]] = {}
        rows = []
        for number, row in enumerate(self.rows):
            alike = seen.setdefault(None if severity is None else row[severity], set())
            item = number if period is None else None if rule is None else row[rule]
            if item in alike or len(alike) < most:
                alike.add(item)
                rows.append(row)
        return self._replace(rows=rows, more=self.more + len(self.rows) - len(rows))


class Answers(NamedTuple):
    """All that was asked, in the order in which it is told; the one that is called `overview` has one row.

    `directory`: what was asked; `least`: from so many responses on, a share is taken to say something (rows with fewer
    have the flag `few`).
    """

    directory: str
    least: int
    answers: tuple[Answer, ...]

    def named(self, name: str) -> Answer | None:
        """The answer of that name, if it was asked."""
        return next((answer for answer in self.answers if answer.name == name), None)

    def rules(self) -> set[str]:
        """The ids of the rules that rows name."""
        return {str(value) for answer in self.answers for column in answer.columns if column.kind == "rule"
                for value in answer.values(column.name) if value is not None}

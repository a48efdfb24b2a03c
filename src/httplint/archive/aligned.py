"""Answers as tables for a terminal: columns aligned, numbers first, a bar for the first share, long texts last."""
from __future__ import annotations

from collections.abc import Iterator, Sequence

from httplint.archive.answers import Answer, AnswerColumn, Answers, AnswerValue
from httplint.archive.questions import OVERVIEW, PLACES
from httplint.archive.words import COURSE, folded, next_steps, overview, told
from httplint.model.named import NamedTuple
from httplint.model.severity import SEVERITIES
from httplint.report.escape import clipped
from httplint.report.lines import Part

BAR = 10
"""Characters of the longest bar."""
WIDEST, LONGEST = 80, 500
"""Characters of a text, and of one in the last column. On a narrow terminal, that goes on below, and there are no bars.
"""
NUMBERS, TEXTS = ("count", "share", "day"), ("flag", "text", "rule")
"""Kinds of columns that stand first, and last; a bar stands between them, and what is neither before them."""


class AlignedColumn(NamedTuple):
    """A column of a table. `head`: the words of its name, one below the other; `cells`: printable texts."""

    kind: str
    head: Sequence[str]
    cells: Sequence[str]

    @property
    def width(self) -> int:
        """Characters."""
        return max(map(len, (*self.head, *self.cells)))

    def laid(self, text: str) -> str:
        """A cell or a word of the head, as wide as the column."""
        return f"{text:{'>' if self.kind in ('count', 'share') else '<'}{self.width}}"


def text(answers: Answers, top: int, width: int | None, quiet: bool) -> Iterator[tuple[Part, ...]]:
    """All answers. `top`: rows of a table, of each severity; `width`: columns of the terminal; `quiet`: tables alone.
    """
    for answer in answers.answers:
        shown = folded(answer, answers).first(top)
        yield (("bold", answer.title),)
        if not quiet:
            yield "  ", ("dim", answer.question)
        if not answer.rows:
            yield ("  none",)
        elif answer.name == OVERVIEW:
            yield from _record(answer)
        else:
            yield from _places(shown) if answer.name == PLACES else _table(shown, width)
        if any(map(shown.few, shown.rows)):
            yield (f"  few: fewer than {answers.least:,} responses, whose shares say little (--least N)",)
        if shown.more:
            yield (f"  … and {shown.more:,} more (--top N)",)
        yield ()
    steps = () if quiet else tuple(next_steps(answers))
    for command, what in steps:
        yield f"{command:{max(len(step[0]) for step in steps)}}  ", ("dim", what)


def _record(answer: Answer) -> Iterator[tuple[Part, ...]]:
    """A row, a line for each value, with what it means."""
    for column, value in overview(answer):
        yield (f"  {told(column, value, WIDEST):>12}  {column.about}",)


def _places(answer: Answer) -> Iterator[tuple[Part, ...]]:
    """A line for each finding, as editors and grep like it."""
    names = [column.name for column in answer.columns]
    for row in answer.rows:
        of = {name: "" if value is None else str(value) for name, value in zip(names, row, strict=True)}
        path = of["capture"] + f"/{of['member']}" * bool(of["member"])
        at = f":{of['line']}:{of['at']}" if of["line"] else f":{of['entry']}"
        request = " ".join(one for one in (of["method"], of["host"] + of["path"]) if one)
        style = of["severity"] if of["severity"] in SEVERITIES else ""
        yield (f"{path}{at}: ", (style, f"{of['severity']}[{of['rule']}]"),
               f" {of['message']} ({clipped(request, 100)} → {of['status']})")


def _table(answer: Answer, width: int | None) -> Iterator[tuple[Part, ...]]:
    columns = _columns(answer)
    if width is not None and sum(column.width + 2 for column in columns) > width:
        columns = [column for column in columns if column.kind != "bar"]
    height = max(len(column.head) for column in columns)
    for line in range(-height, 0):
        words = (column.laid(column.head[line] if -line <= len(column.head) else "") for column in columns)
        yield "  ", ("bold", "  ".join(words).rstrip())
    severity = answer.column("severity")
    for number, row in enumerate(answer.rows):
        worst = "" if severity is None else str(row[severity])
        plain = "dim" if answer.few(row) else ""
        cells = [column.laid(column.cells[number]) for column in columns]
        styles = (worst if column.kind in ("severity", "bar") and worst in SEVERITIES else plain for column in columns)
        yield tuple((style, f"  {cell}") for style, cell in zip(styles, [*cells[:-1], cells[-1].rstrip()], strict=True))


def _columns(answer: Answer) -> list[AlignedColumn]:
    """In the order in which they stand; flags that no row has do not."""
    made = [_column(column, values, LONGEST if column is answer.columns[-1] else WIDEST)
            for column, values in zip(answer.columns, zip(*answer.rows, strict=True), strict=True)]
    made = [column for column in made if column.kind != "flag" or any(column.cells)]
    numbers = [column for column in made if column.kind in NUMBERS]
    flags, texts, rules = ([column for column in made if column.kind == kind] for kind in TEXTS)
    first = [column for column in made if column.kind not in (*NUMBERS, *TEXTS)]
    return [*first, *numbers, *_bars(answer), *flags, *texts, *rules]


def _column(column: AnswerColumn, values: Sequence[AnswerValue], widest: int) -> AlignedColumn:
    return AlignedColumn(column.kind, column.name.split("_"), [told(column, value, widest) for value in values])


def _bars(answer: Answer) -> Iterator[AlignedColumn]:
    """A bar for each share, the longest for the highest; none where there are no shares, or courses."""
    number = answer.column("share")
    if number is None or any(column.name == COURSE for column in answer.columns):
        return
    shares = [share if isinstance(share := row[number], float) and share > 0 else 0.0 for row in answer.rows]
    most = max(shares) or 1.0
    yield AlignedColumn("bar", ("",), ["█" * max(share > 0, round(BAR * share / most)) for share in shares])

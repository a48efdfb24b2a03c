"""The report of an archive as a page, which needs no script: plots, each with the table of its numbers folded below.

Periods are a course over time. All else is bars: a row of text for each row, so that names of any length and script
have room, with a bar beside each number. What a rule demands, and what to do, unfolds at the rule.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from httplint.archive.answers import Answer, AnswerColumn, Answers, AnswerValue
from httplint.archive.plots import BarPart, Curve, Period, bar, columns, course, percent, rounded, sample, scale
from httplint.archive.questions import OVERVIEW
from httplint.archive.words import next_steps
from httplint.archive.words import overview as of_overview
from httplint.archive.words import told as as_told
from httplint.engine.rule import Provision
from httplint.model.named import NamedTuple
from httplint.model.severity import SEVERITIES
from httplint.report.still import capital, cells, head, icon, said, scrolling, still_page
from httplint.report.webpage import inert

RULES, PERIODS, RULES_BY_PERIOD = "rules", "periods", "rules_by_period"
"""The answer in which rules unfold, and those over time."""
PERIOD = "period"
"""The column of these."""
AT_ONCE = 10
"""Rows that are drawn at once, of each severity; the rest of them is folded."""
DRAWN = 400
"""Periods that are drawn: the latest."""
UNKNOWN, NONE = '<span class="soft">not known</span>', '<span class="soft">none</span>'


class Measure(NamedTuple):
    """A column of shares or numbers. `words`: what is said after a value; `tone`: its class, unless the row has one."""

    column: str
    words: str
    tone: str = "count"


class Bars(NamedTuple):
    """How an answer is drawn: the measures that have bars, and the numbers that stand beside.

    `whole`: a full bar is the whole, and not what reads well above the longest of the same measure.
    """

    drawn: tuple[Measure, ...]
    beside: tuple[Measure, ...] = ()
    whole: bool = True


class Surroundings(NamedTuple):
    """What is known beside an answer.

    `rules`: those whose texts can be told, by their ids; `unfolding`: rule -> the severity of the row at which it
    unfolds; `periods`: the rows of all periods.
    """

    rules: Mapping[str, Provision]
    unfolding: Mapping[str, AnswerValue]
    periods: Sequence[Mapping[str, AnswerValue]]


UNJUDGED = "unjudged"
"""The tone of what could not be evaluated: beside it, the bar has what could."""
ERRORS, WARNINGS = Measure("error_share", "with errors", "error"), Measure("warning_share", "with warnings", "warning")
RESPONSES, HOSTS = Measure("responses", "responses"), Measure("hosts", "hosts")
CAPTURES, ENTRIES = Measure("captures", "captures"), Measure("entries", "entries")
NOT_EVALUATED = Bars((Measure("share", "not evaluated", UNJUDGED),), (RESPONSES,))
BARS = {
    "rules": Bars((Measure("share", "of responses"), Measure("host_share", "of hosts")),
                  (RESPONSES, HOSTS, Measure("findings", "findings"), Measure("unknown_share", "not evaluated")),
                  whole=False),
    "hosts": Bars((ERRORS, WARNINGS), (RESPONSES,)),
    "servers": Bars((ERRORS, WARNINGS, Measure("host_share", "of hosts with errors", "host")), (RESPONSES, HOSTS)),
    "rules_by_server": Bars((Measure("share", "of its responses"), Measure("overall", "of all responses")),
                            (RESPONSES,)),
    "not_evaluated": NOT_EVALUATED,
    "silent": NOT_EVALUATED,
    "captures": Bars((Measure("share", "of captures"),), (CAPTURES, ENTRIES)),
    "skipped": Bars((Measure("share", "of entries"),), (ENTRIES, CAPTURES)),
    "dead_letters": Bars((Measure("times", "times"),), (CAPTURES,)),
}
"""Answer -> its bars. What is not here is a table alone."""
PART_OF = {"with_errors": "error_share", "with_warnings": "warning_share"}
"""Numbers of the overview -> the shares that they make."""
BEFORE = {("hosts", "rule"): "most often", ("dead_letters", "capture"): "such as"}
"""Answer and column -> what is said before its value, which is left out where there is none."""
COURSE = (ERRORS, WARNINGS, Measure("host_share", "of hosts with errors", "host"))
"""The lines over time."""


def archive_page(told: Answers, rules: Mapping[str, Provision], version: str) -> Iterable[str]:
    """The page. `rules`: by their ids, those whose texts it can tell; `version`: of httplint."""
    broken = {str(row["rule"]): row.get("severity") for row in reversed(_rows(told.named(RULES)))}
    known = Surroundings(rules, {rule: severity for rule, severity in broken.items() if rule in rules},
                  _dated(told.named(PERIODS)))

    def body() -> Iterable[str]:
        overview = told.named(OVERVIEW)
        shown = [answer for answer in told.answers if answer is not overview]
        yield '<main id="findings" tabindex="-1">\n'
        if overview is not None and overview.rows:
            yield from _overview(told.directory, overview)
        else:
            yield f'<h1>Archive <bdi class="mono">{inert(told.directory)}</bdi></h1>\n'
        if len(shown) > 1:
            yield from _contents(shown)
        if any(answer.column("share") is not None for answer in shown):
            yield from _reading(told.least)
        for answer in shown:
            yield from _section(answer, known)
        yield from _next(told)
        yield "</main>\n"

    return still_page("httplint: archive", body(), version, "compared.css", "archive.css")


def _overview(directory: str, overview: Answer) -> Iterable[str]:
    """The headline, of when it is, and its numbers."""
    columns = {column.name: column for column in overview.columns}
    known = _rows(overview)[0]
    yield f"<h1>{_headline(known)}</h1>\n"
    days = [f"<b>{_cell(columns[name], known[name])}</b>" for name in ("first_day", "last_day") if known.get(name)]
    values = [*of_overview(overview)]
    texts = [f"{_words(column.name, capitals=False)} {_cell(column, value)}"
             for column, value in values if column.kind == "text"]
    scope = ", ".join([*[" to ".join(days)] * bool(days), *texts])
    yield f'<p class="scope"><b class="mono">{inert(directory)}</b>{": " if scope else ""}{scope}</p>\n'
    yield '<dl class="tiles">'
    for column, value in values:
        if column.kind == "count":
            share = known.get(PART_OF.get(column.name, ""))
            part = "" if share is None else f"<small>{percent(_number(share))} of responses</small>"
            yield (f'<div class="tile {_tone(column.name)}"><dt>{_words(column.name)}</dt>'
                   f"<dd><b>{_cell(column, value)}</b>{part}</dd></div>\n")
    yield "</dl>\n"


def _headline(known: Mapping[str, AnswerValue]) -> str:
    """What it comes to, in a line."""
    responses, share = int(_number(known.get("responses"))), known.get("error_share")
    if not responses:
        return "No responses were linted"
    if not known.get("with_errors"):
        return f"None of {_counted(responses, 'responses')} has an error"
    return f"{percent(_number(share))} of {_counted(responses, 'responses')} have errors"


def _contents(shown: Sequence[Answer]) -> Iterable[str]:
    yield '<nav class="contents" aria-label="Contents"><ul>\n'
    for answer in shown:
        yield f'<li><a href="#{inert(answer.name)}">{inert(answer.title)}</a></li>\n'
    yield "</ul></nav>\n"


def _reading(least: int) -> Iterable[str]:
    yield ('<details class="reading"><summary>How to read the shares</summary>\n'
           "<p>An error breaks a MUST of a specification, a warning a SHOULD, or has no effect by the specification; "
           "info is advice. A response counts once for a rule, however often the rule is broken in it, and so does a "
           "host, however many of its responses break the rule. What is suppressed (waived, or of other hosts) counts "
           "in no share.</p>\n"
           "<p>Shares are of all responses that were linted, those too on which the rule could not be evaluated as the "
           "capture did not show it. Such a response is neither a finding nor a pass: where rules say that they were "
           "not evaluated on some, the true share may be higher.</p>\n"
           f"<p>From fewer than {_counted(least, 'responses')}, a share says little: rows of so few have a mark.</p>"
           "</details>\n")


def _next(told: Answers) -> Iterable[str]:
    """What a reader may type after this."""
    yield '<section id="next"><h2>What next</h2>\n<dl class="next">'
    for command, what in next_steps(told):
        yield f"<div><dt><code>{inert(command, 2000)}</code></dt><dd>{inert(what)}</dd></div>\n"
    yield "</dl></section>\n"


def _section(answer: Answer, known: Surroundings) -> Iterable[str]:
    """An answer: what was asked, its plot and its table."""
    name = inert(answer.name)
    count = f' <span class="soft">{len(answer.rows):,} of {len(answer.rows) + answer.more:,}</span>' * bool(answer.more)
    yield (f'<section id="{name}"><h2 id="{name}-head">{inert(answer.title)}{count}</h2>\n'
           f'<p class="question">{inert(answer.question, 1000)}</p>\n')
    if not answer.rows:
        yield '<p class="nothing">None.</p>\n'
    else:
        if answer.name == PERIODS:
            yield from _course(answer)
        elif answer.name in BARS:
            yield from _bars(answer, BARS[answer.name], known)
        elif answer.name == RULES_BY_PERIOD:
            yield from _courses(answer, known)
        yield from _table(answer)
    yield "</section>\n"


def _course(answer: Answer) -> Iterable[str]:
    """Lines over time, and what tells them apart."""
    rows = _dated(answer)
    if not rows:
        return
    periods = [Period(_first(str(row[PERIOD])), inert(str(row[PERIOD])), int(_number(row["responses"])))
               for row in rows]
    telling = _telling(rows)
    days = {row[PERIOD] for row in telling}
    curves = [Curve(measure.tone, [_number(row[measure.column]) if row[PERIOD] in days
                                   and row[measure.column] is not None else None for row in rows])
              for measure in COURSE]
    latest = inert(str(telling[-1][PERIOD]))
    legend = [(measure, "none" if (share := telling[-1][measure.column]) is None else percent(_number(share)))
              for measure in COURSE]
    about = (f"{' to '.join(dict.fromkeys([periods[0].name, periods[-1].name]))}; in {latest}, "
             f"{', '.join(f'{last} {measure.words}' for measure, last in legend)}. The table below has the numbers.")
    yield (f'<figure class="card">{course(answer.name, periods, curves, inert(answer.title), about)}'
           f'<ul class="legend"><li class="soft">In {latest}:</li>')
    for measure, last in legend:
        yield f'<li class="{measure.tone}">{sample(measure.tone)}{last} {measure.words}</li>'
    responses = _counted(int(_number(telling[-1]["responses"])), "responses")
    yield f'<li class="crowd"><span class="swatch"></span>{responses}</li></ul></figure>\n'
    if len(telling) < len(rows):
        yield (f'<p class="question">{_counted(len(rows) - len(telling), "periods")} with few responses: no shares are '
               "drawn there, but the table has them.</p>\n")


def _dated(answer: Answer | None) -> list[dict[str, AnswerValue]]:
    """The rows of an answer whose period is known, in the order of time: the latest."""
    return sorted((row for row in _rows(answer) if row[PERIOD] is not None), key=lambda row: str(row[PERIOD]))[-DRAWN:]


def _telling(rows: Sequence[Mapping[str, AnswerValue]]) -> Sequence[Mapping[str, AnswerValue]]:
    """Those that are of enough responses for shares to say something, if there are any."""
    return [row for row in rows if not row["few"]] or rows


def _first(period: str) -> date:
    """The first day of a period: a day, a month or a year."""
    return date.fromisoformat(period + "-01-01"[:10 - len(period)] if len(period) == 4 else (period + "-01")[:10])


def _bars(answer: Answer, bars: Bars, known: Surroundings) -> Iterable[str]:
    """Rows with bars, those of a severity together; the rest of them is folded."""
    rows = _rows(answer)
    values = {measure.column: [_number(row[measure.column]) for row in rows] for measure in bars.drawn}
    ends = {name: max([1.0, *some]) if bars.whole else scale(some)[-1] for name, some in values.items()}
    if not bars.whole:
        told = ", ".join(f"{rounded(ends[measure.column])} {measure.words}" for measure in bars.drawn)
        yield f'<p class="question">A full bar is {told}.</p>\n'
    yield from _folded([(row.get("severity"), _item(answer, row, bars, ends, known)) for row in rows])


def _folded(items: Sequence[tuple[AnswerValue, str]]) -> Iterable[str]:
    """Rows, each after its severity, if it has one: the first of each, and the rest of them folded."""
    groups: dict[AnswerValue, list[str]] = {}
    for severity, item in items:
        groups.setdefault(severity, []).append(item)
    for severity, alike in groups.items():
        if severity in SEVERITIES:
            yield f'<h3 class="severity {severity}">{icon(str(severity))} {severity}</h3>\n'
        yield f'<ul class="bars">\n{"".join(alike[:AT_ONCE])}</ul>\n'
        if alike[AT_ONCE:]:
            yield (f'<details class="folded-list"><summary>Show {len(alike) - AT_ONCE:,} more</summary>\n'
                   f'<ul class="bars">\n{"".join(alike[AT_ONCE:])}</ul></details>\n')


def _courses(answer: Answer, known: Surroundings) -> Iterable[str]:
    """A small course for each rule: its share in each period that has one."""
    names = [str(row[PERIOD]) for row in _telling(known.periods)]
    courses: dict[tuple[AnswerValue, AnswerValue], dict[AnswerValue, float]] = {}
    for row in _rows(answer):
        courses.setdefault((row["severity"], row["rule"]), {})[row[PERIOD]] = _number(row["share"])
    if not names:
        return
    yield f'<p class="question">From {inert(names[0])} to {inert(names[-1])}, each in a scale of its own.</p>\n'
    rule_column = answer.columns[answer.column("rule") or 0]
    yield from _folded([(severity, _small_course(severity, _named(rule_column, rule, known), names,
                                                 [shares.get(name, 0.0) for name in names]))
                        for (severity, rule), shares in courses.items()])


def _small_course(severity: AnswerValue, named: str, names: Sequence[str], shares: Sequence[float]) -> str:
    """A row of it. `named`: the rule, as markup."""
    most = max(shares)
    told = f"<b>{percent(most)}</b> at most, in {inert(names[shares.index(most)])}"
    tone = str(severity) if severity in SEVERITIES else "count"
    return (f'<li class="item"><div class="of"><span class="what">{named}</span><span class="meters">'
            f'<span class="meter {tone}">{columns(shares)}</span></span><span class="beside">{told}; '
            f"{percent(shares[-1])} in {inert(names[-1])}</span></div></li>\n")


def _item(answer: Answer, row: Mapping[str, AnswerValue], bars: Bars, ends: Mapping[str, float],
          known: Surroundings) -> str:
    """A row: what it is about, its bars, and numbers beside. That of a rule that is broken unfolds."""
    rule = known.rules.get(str(row.get("rule"))) if answer.name == RULES else None
    titled = bars.drawn[0].tone != UNJUDGED                # a title says what was found
    names = "".join(_named(column, row[column.name], known, titled, answer.name != RULES, BEFORE.get(
        (answer.name, column.name), "")) for column in answer.columns if column.kind in ("text", "rule")
        and ((answer.name, column.name) not in BEFORE or row[column.name] is not None))
    beside = [f"{_amount(answer, measure, row)}" for measure in bars.beside if row[measure.column]]
    few = ' <span class="tag">few responses</span>' if row.get("few") else ""
    shown = (f'<span class="what">{names}</span>'
             f'<span class="meters">{"".join(_meter(answer, measure, row, ends) for measure in bars.drawn)}</span>'
             f'<span class="beside">{", ".join(beside)}{few}</span>')
    if rule is None:
        return f'<li class="item"><div class="of">{shown}</div></li>\n'
    place = f' id="rule-{inert(rule.id)}"' if known.unfolding[rule.id] == row.get("severity") else ""
    return (f'<li class="item"><details><summary class="of">{shown}{icon("chevron")}</summary>\n'
            f'<div class="detail rule"{place}>{said(rule)}'
            f'<p><code>httplint explain {inert(rule.id)}</code> <span class="soft">has examples</span></p></div>'
            "</details></li>\n")


def _named(column: AnswerColumn, value: AnswerValue, known: Surroundings, titled: bool = True,
           linked: bool = True, before: str = "") -> str:
    """A text that says what a row is about, or what else it has, with words of ours `before`; a rule has its title, and
    a link to where it unfolds.
    """
    shown, rule, title = _cell(column, value), known.rules.get(str(value)) if column.kind == "rule" else None, ""
    if rule is not None:
        title = f'<span class="says">{inert(rule.title)}</span>' * titled
        if linked and rule.id in known.unfolding:
            shown = f'<a href="#rule-{shown}">{shown}</a>'
    if before:
        shown = f'<span class="soft">{before}</span> {shown}'
    mono = " mono" * (column.kind == "rule" or column.name in ("host", "server", "capture"))
    return f'<bdi class="of-{inert(column.name)}{mono}">{shown}</bdi>{title}'


def _meter(answer: Answer, measure: Measure, row: Mapping[str, AnswerValue], ends: Mapping[str, float]) -> str:
    """A number with its bar."""
    share = _number(row[measure.column]) / ends[measure.column]
    tone = str(row["severity"]) if row.get("severity") in SEVERITIES else measure.tone
    parts = [BarPart("judged", 1 - share), BarPart("striped", share)] if tone == UNJUDGED else [BarPart("part", share)]
    return f'<span class="meter {tone}"><span class="amount">{_amount(answer, measure, row)}</span>{bar(*parts)}</span>'


def _amount(answer: Answer, measure: Measure, row: Mapping[str, AnswerValue]) -> str:
    column = next(column for column in answer.columns if column.name == measure.column)
    value = row[measure.column]
    words = measure.words if column.kind == "share" else _plural(measure.words, value)
    return f"<b>{_cell(column, value)}</b> {words}"


def _rows(answer: Answer | None) -> list[dict[str, AnswerValue]]:
    """The rows of an answer, each by the names of its columns."""
    if answer is None:
        return []
    names = [column.name for column in answer.columns]
    return [dict(zip(names, row, strict=True)) for row in answer.rows]


def _table(answer: Answer) -> Iterable[str]:
    """All numbers, folded where they are drawn, and what the columns mean."""
    name = inert(answer.name)
    if answer.name not in (PERIODS, RULES_BY_PERIOD, *BARS):
        yield from _numbers(answer, f"{name}-head")
        return
    yield f'<details class="folded-list"><summary id="{name}-table">All numbers as a table</summary>\n'
    yield from _numbers(answer, f"{name}-head {name}-table")
    yield "</details>\n"


def _numbers(answer: Answer, heading: str) -> Iterable[str]:
    """The table. `heading`: ids of what names it."""
    yield from scrolling(heading)
    yield head(*(_apart(column, _words(column.name)) for column in answer.columns))
    for row in answer.rows:
        yield cells(*(_apart(column, _cell(column, value)) for column, value in zip(answer.columns, row, strict=True)))
    yield '</tbody></table></div>\n<dl class="columns-of">'
    for column in answer.columns:
        yield f"<div><dt>{_words(column.name)}</dt><dd>{inert(column.about, 1000)}</dd></div>\n"
    yield "</dl>\n"


def _apart(column: AnswerColumn, shown: str) -> str:
    """A text of a table by itself, whichever way it runs; numbers as they are."""
    return shown if column.kind in ("count", "share", "flag", "day") else f"<bdi>{shown}</bdi>"


def _cell(column: AnswerColumn, value: AnswerValue) -> str:
    """A value as markup."""
    if value is None:
        return UNKNOWN if column.kind in ("text", "period", "day") else NONE
    return ("yes" if value else "no") if column.kind == "flag" else inert(as_told(column, value, 300))


def _number(value: AnswerValue) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _words(name: str, capitals: bool = True) -> str:
    """The name of a column in words."""
    words = name.replace("_", " ")
    return inert(capital(words) if capitals else words)


def _counted(number: int, words: str) -> str:
    return f"{number:,} {_plural(words, number)}"


def _plural(words: str, number: AnswerValue) -> str:
    """The plural of a noun, or its singular, if there is one."""
    return words if number != 1 else f"{words[:-3]}y" if words.endswith("ies") else words.removesuffix("s")


def _tone(name: str) -> str:
    """The class of what is counted under a name."""
    return next((severity for severity in SEVERITIES if severity in name), "count")

"""Comparisons as pages, which need no script: what is folded opens by itself, and charts are drawn here."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from httplint.model.severity import SEVERITIES, counted
from httplint.report.compared.chart import Line, chart, sample, spark
from httplint.report.compared.difference import UNCHANGED, WORDS, Difference, headline
from httplint.report.compared.series import Compared, Series
from httplint.report.compared.trend import OfRule, Trend, about, name_of, total, verdict
from httplint.report.still import capital, cells, head, icon, said, scrolling, still_page
from httplint.report.webpage import inert

LISTED = 1_000
"""Kinds that are listed of what became of them."""
RULES, RESULTS = 1_000, 12
"""Rules that are listed, and results whose numbers stand beside one another: the latest."""
DRAWN = 400
"""Results that a chart has: the latest."""
TONES = {"new": "bad", "more": "warning", "fewer": "good", "gone": "good", "unchanged": "suppressed"}
"""What became of a kind -> a class of `page.css`."""


def difference(shown: Difference) -> Iterable[str]:
    """What changed from one result to another."""
    def body() -> Iterable[str]:
        yield (f'<main id="findings" tabindex="-1">\n<h1>{inert(capital(headline(shown)))}</h1>\n'
               f'<p class="scope">From {_result(shown.old)} to {_result(shown.new)}</p>\n'
               f'{_notes(shown.notes)}<nav class="tiles">')
        for name in WORDS:
            yield _tile(name, shown.changed[name])
        yield "</nav>\n"
        for name in WORDS:
            yield from _section(name, shown.changed[name])
        yield "</main>\n"

    yield from still_page("httplint: what changed", body(), shown.new.version, "compared.css")


def _notes(notes: Sequence[str]) -> str:
    items = "".join(f"<li>{inert(note, 1000)}</li>" for note in notes)
    return f'<ul class="notes">{items}</ul>\n' if items else ""


def _result(result: Compared) -> str:
    return f'<b class="mono">{inert(result.name)}</b> ({inert(total(result))} in {inert(about(result))})'


def _tile(name: str, alike: Sequence[Series]) -> str:
    severities = Counter(series.severity for series in alike)
    if not alike:
        return f'<div class="tile suppressed"><span>{capital(name)}</span><b>0</b></div>\n'
    return (f'<a class="tile {TONES[name]}" href="#{name}"><span>{capital(name)}</span><b>{len(alike):,}</b>'
            f"<small>{', '.join(counted(severities))}</small></a>\n")


def _section(name: str, alike: Sequence[Series]) -> Iterable[str]:
    if not alike:
        return
    yield f'<section id="{name}"><h2>{capital(name)} <span class="soft">{len(alike):,}</span></h2>\n'
    if name == UNCHANGED:
        yield '<details class="folded-list"><summary>Show what is as it was</summary>\n'
    yield '<ul class="groups">\n'
    yield from map(_row, alike[:LISTED])
    yield "</ul>\n"
    if len(alike) > LISTED:
        yield f'<p class="soft">and {len(alike) - LISTED:,} more; the format json has all</p>\n'
    yield ("</details>" if name == UNCHANGED else "") + "</section>\n"


def _row(series: Series) -> str:
    kind, rule = series.kind, series.rule
    where = [f"{kind.method} {kind.host}{kind.path}".strip(), kind.field]
    places = "".join(f'<span class="mono">{inert(text)}</span>' for text in where if text)
    return (f'<li><details class="group {series.severity}"><summary class="row">'
            f'<span class="severity">{icon(series.severity)} {series.severity}</span>'
            f'<span class="what"><span class="says">{inert(series.message)}</span>'
            f'<span class="where"><span class="mono">{inert(kind.rule)}</span>{places}</span></span>'
            f'<span class="times">{_times(series)}</span>{icon("chevron")}</summary>\n'
            f'<div class="detail rule"><p class="title">{inert(rule.title)}</p>{said(rule)}</div></details></li>\n')


def _times(series: Series) -> str:
    if series.before == series.after:
        return f"&#215;{series.after:,}"
    return f'{series.before:,} <span aria-label="to">&#8594;</span> {series.after:,}'


def trend(shown: Trend) -> Iterable[str]:
    """How the findings went over several results."""
    def body() -> Iterable[str]:
        yield f'<main id="findings" tabindex="-1">\n<h1>{inert(capital(verdict(shown)))}</h1>\n{_notes(shown.notes)}'
        results = [step.result for step in shown.steps[-DRAWN:]]
        lines = [Line(severity, [result.findings[severity] for result in results]) for severity in SEVERITIES]
        if len(results) > 1 and shown.rules:
            label = f"Findings by severity over {len(results):,} results; the table below has the numbers"
            first, last = inert(results[0].name, 60), inert(results[-1].name, 60)
            yield (f'<figure class="card">{chart(lines, label)}<figcaption><span>{first}</span><span>{last}</span>'
                   f'</figcaption><ul class="legend">{"".join(map(_legend, lines))}</ul></figure>\n')
        yield from _results(shown)
        yield from _rules(shown)
        yield "</main>\n"

    yield from still_page("httplint: trend", body(), shown.steps[-1].result.version, "compared.css")


def _legend(line: Line) -> str:
    return f'<li class="{line.name}">{sample()}{icon(line.name)} {line.name}: {line.values[-1]:,}</li>'


def _results(shown: Trend) -> Iterable[str]:
    yield '<section><h2 id="results">Results</h2>\n'
    yield from scrolling("results")
    yield head("Result", *(severity.capitalize() for severity in SEVERITIES), "New kinds", "Gone kinds", "Exchanges",
               "Recorded", "httplint")
    for number, step in enumerate(shown.steps):
        findings = (f"{step.result.findings[severity]:,}" for severity in SEVERITIES)
        changes = (f"{step.new:,}", f"{step.gone:,}") if number else ("", "")
        yield cells(f'<span class="mono">{inert(step.result.name)}</span>', *findings, *changes,
                    f"{step.result.linted:,}", step.result.recorded, inert(step.result.version))
    yield "</tbody></table></div></section>\n"


def _rules(shown: Trend) -> Iterable[str]:
    latest = range(len(shown.steps))[-RESULTS:]
    more = f' <span class="soft">the latest {RESULTS} of {len(shown.steps):,} results</span>' if latest.start else ""
    yield f'<section><h2 id="rules">By rule{more}</h2>\n'
    if not shown.rules:
        yield '<p class="soft">None of the results has findings.</p></section>\n'
        return
    yield from scrolling("rules")
    yield head("Rule", "Severity", "Course", *(inert(name_of(shown, number), 30) for number in latest), "First in",
               "Gone since")
    yield from (_of_rule(shown, one, latest) for one in shown.rules[:RULES])
    yield "</tbody></table></div>"
    if len(shown.rules) > RULES:
        yield f'<p class="soft">and {len(shown.rules) - RULES:,} more; the format json has all</p>'
    yield "</section>\n"


def _of_rule(shown: Trend, one: OfRule, latest: range) -> str:
    name = f'<span class="mono">{inert(one.rule.id)}</span><small>{inert(one.rule.title)}</small>'
    severity = f'<span class="severity {one.severity}">{icon(one.severity)} {one.severity}</span>'
    return cells(name, severity, spark(one.counts[-DRAWN:]), *(f"{one.counts[number]:,}" for number in latest),
                 inert(name_of(shown, one.first)), inert(name_of(shown, one.gone)))

"""The page of an archive: its numbers are those that were asked for, its plots stay within themselves, whatever the
tables hold is text.
"""
from __future__ import annotations

import html
import re
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import pytest
from archive_maker import tables
from hypothesis import example, given
from hypothesis import strategies as st
from reading_pages import EVIL, Tags, harmless, policed

from httplint.archive import plots
from httplint.archive.answers import Answer, AnswerColumn, Answers
from httplint.archive.asking import ask
from httplint.archive.page import BARS, COURSE, archive_page
from httplint.archive.plots import BarPart, Curve, Period
from httplint.archive.questions import QUESTIONS, question
from httplint.library import built_in_rules

RULES = {rule.id: rule for rule in built_in_rules()}


def page_of(told: Answers) -> str:
    return "".join(archive_page(told, RULES, "1.0"))


def some(directory: Path, host: str = "a.example", rule: str = "etag.malformed", server: str = "nginx",
         cause: str = "not JSON", rows: int = 1) -> str:
    """An archive of a hundred responses on two hosts in two years: 16 break a rule, 4 of them in 2023."""
    responses = [
        {"capture": "a", "day": date(2023, 5, 1), "host": host, "server": server, "count": 40, "with_errors": 4},
        {"capture": "a", "day": date(2024, 5, 1), "host": "b.example", "count": 60, "with_errors": 12,
         "with_warnings": 3}]
    findings = [{"capture": "a", "entry": number, "pointer": f"/{number}", "rule": rule, "severity": "error",
                 "host": host if number < 4 else "b.example", "server": server if number < 4 else None,
                 "started": datetime(2023 if number < 4 else 2024, 5, 1, tzinfo=timezone.utc)}
                for number in range(16)]
    return tables(
        directory, responses=responses, findings=findings * rows,
        captures=[{"capture": "a", "outcome": "whole", "entries": 100, "linted": 100, "errors": 16, "octets": 7000,
                   "httplint": "0.2.0"}, {"capture": "b", "outcome": "unreadable", "httplint": "0.1.0"}],
        not_evaluated=[{"capture": "a", "rule": "date.missing", "reason": "no fields of proxies", "count": 25}],
        dead_letters=[{"capture": "b", "kind": "unreadable", "cause": cause}])


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    return page_of(ask(some(tmp_path_factory.mktemp("archive"))))


def section(page: str, name: str) -> str:
    """What a reader sees of the plot of an answer, in words."""
    markup = page[page.index(f'<section id="{name}"'):].partition("</section>")[0].partition("<table")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def test_its_plots_have_the_numbers(page: str) -> None:
    assert "<h1>16.0% of 100 responses have errors</h1>" in page
    assert "<b>2023-05-01</b> to <b>2024-05-01</b>, httplint 0.1.0, 0.2.0</p>" in page
    rules = section(page, "rules")
    assert "etag.malformed" in rules
    assert "16.0% of responses 100% of hosts 16 responses, 2 hosts, 16 findings" in rules
    assert "A full bar is 20% of responses, 100% of hosts." in rules
    hosts = section(page, "hosts")
    assert hosts.index("b.example") < hosts.index("a.example")
    assert "most often etag.malformed" in hosts
    assert "20.0% with errors 5.0% with warnings 60 responses" in hosts
    assert "10.0% with errors 0% with warnings 40 responses" in hosts
    assert "nginx 10.0% with errors 0% with warnings 100% of hosts with errors 40 responses, 1 host" in section(
        page, "servers")
    assert "20.0% at most, in 2024-05-01; 20.0% in 2024-05-01" in section(page, "rules_by_period")
    assert '<svg class="columns"' in page
    assert "25.0% not evaluated 25 responses" in section(page, "not_evaluated")
    assert "unreadable 50.0% of captures 1 capture" in section(page, "captures")
    assert "1 time 1 capture" in section(page, "dead_letters")
    assert "20.0% with errors 5.0% with warnings 100% of hosts with errors 60 responses" in section(page, "periods")


def test_its_tables_have_all_numbers(tmp_path: Path) -> None:
    """Each value of each answer stands in a table of the page, in its place."""
    told = ask(some(tmp_path))
    tags = Tags(page_of(told))
    shown = [answer for answer in told.answers if answer.name != "overview" and answer.rows]
    assert len(shown) == len(tags.tables) > 8
    for answer, table in zip(shown, tags.tables, strict=True):
        assert [name.lower().replace(" ", "_") for name in table[0]] == [column.name for column in answer.columns]
        for row, cells in zip(answer.rows, table[1:], strict=True):
            for column, value, cell in zip(answer.columns, row, cells, strict=True):
                if value is None:
                    assert cell == ("not known" if column.kind in ("text", "day") else "none")
                elif column.kind == "share":
                    assert float(cell.rstrip("%")) == pytest.approx(100 * float(str(value)), abs=0.051)
                else:
                    assert cell == {True: "yes", False: "no"}.get(value) or cell.replace(",", "") == str(value)


def test_a_broken_rule_unfolds_to_what_to_do(page: str) -> None:
    rule = RULES["etag.malformed"]
    unfolded = page[page.index('id="rule-etag.malformed"'):].partition("</details>")[0]
    for text in (rule.fix, rule.why, "https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3", "httplint explain"):
        assert html.escape(text) in unfolded


def test_addresses_within_it_lead_somewhere(page: str) -> None:
    tags = Tags(page)
    ids = tags.values("id")
    assert len(ids) == len(set(ids))
    named = [address[1:] for address in tags.values("href") if address.startswith("#")]
    named += [name for names in tags.values("aria-labelledby") for name in names.split()]
    assert set(named) <= set(ids)
    assert "rule-etag.malformed" in named


def test_texts_of_strangers_are_no_markup(page: str, tmp_path: Path) -> None:
    evil = page_of(ask(some(tmp_path, EVIL, EVIL, EVIL, EVIL))._replace(directory=EVIL))
    harmless(evil, page)
    harmless(page, page)
    policed(evil)


def test_names_of_any_script_keep_to_themselves(tmp_path: Path) -> None:
    """Text from right to left is isolated, and so does not move the numbers beside it."""
    page = page_of(ask(some(tmp_path, "\u0645\u062b\u0627\u0644.example")))
    assert re.search(r"<bdi[^>]*>&#1605;&#1579;&#1575;&#1604;\.example</bdi>", page)


def test_nothing_is_nothing_drawn(tmp_path: Path) -> None:
    page = page_of(ask(tables(tmp_path, captures=[])))
    tags = Tags(page)
    assert "<h1>No responses were linted</h1>" in page
    assert page.count(">None.</p>") == len(QUESTIONS) - 1
    assert not tags.tables
    assert 'class="course"' not in page
    policed(page)


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    told = ask(some(tmp_path))
    hosts = told.named("hosts")
    assert hosts is not None
    page = page_of(told._replace(answers=(hosts.first(1),)))
    assert "1 of 2" in section(page, "hosts")
    assert "a.example" not in page
    many = hosts._replace(rows=[(f"h{number}.example", *hosts.rows[0][1:]) for number in range(60)])
    assert "Show 50 more" in section(page_of(told._replace(answers=(many,))), "hosts")


def test_every_question_is_drawn_of_columns_that_it_has() -> None:
    assert set(BARS) == set(QUESTIONS) - {"overview", "periods", "rules_by_period"}
    for name, bars in BARS.items():
        assert {measure.column for measure in (*bars.drawn, *bars.beside)} <= set(question(name).about)
    assert {measure.column for measure in COURSE} <= set(question("periods").about)


def test_an_answer_that_is_not_known_is_a_table() -> None:
    columns = (AnswerColumn("method", "text", "request method"), AnswerColumn("responses", "count", "how many"))
    page = page_of(Answers("dir", 30, (Answer("methods", "By method", "Which?", columns, [("GET", 7)]),)))
    assert Tags(page).tables == [[["Method", "Responses"], ["GET", "7"]]]
    assert "dir" in re.findall("<h1>.*</h1>", page)[0]
    assert "<details" not in page, "it is not folded, and has no shares that are to be explained"


def test_periods_of_few_responses_are_told_and_not_drawn(tmp_path: Path) -> None:
    told = ask(tables(tmp_path, responses=[
        {"capture": "a", "day": date(2020 + number, 1, 1), "count": count, "with_errors": errors}
        for number, (count, errors) in enumerate(((100, 10), (1, 1), (100, 20), (2, 0)))]))
    periods = told.named("periods")
    assert periods is not None
    page = page_of(told._replace(answers=(periods,)))
    drawn = section(page, "periods")
    assert "2 periods with few responses" in drawn
    assert "In 2022-01: 20.0% with errors" in drawn
    assert re.findall(r'class="scale"[^>]*>([0-9.]*%)<', page)[-1] == "20%"


@given(shares=st.lists(st.floats(0, 1), max_size=3))
@example([1.0, 1.0])
@example([1e-9])
def test_bars_stay_within_their_track(shares: list[float]) -> None:
    end = 0
    for at, width in re.findall(r'd="M(\d+) \d+h(\d+)"', plots.bar(*(BarPart("part", share) for share in shares))):
        assert int(at) == end
        end += int(width)
    assert end <= plots.LENGTH
    assert bool(end) == any(shares), "what is not nothing is seen"


@given(shares=st.lists(st.floats(0, 1), max_size=5))
@example([0.21])
@example([1.0])
@example([1e-12])
def test_a_scale_reads_well_and_reaches_all(shares: list[float]) -> None:
    steps = plots.scale(shares)
    assert steps == sorted(set(steps))
    assert 2 <= len(steps) <= 6
    assert steps[0] == 0
    assert max([*shares, 0]) <= steps[-1] <= 1
    assert all(len(plots.rounded(step)) <= 6 for step in steps)


MONTHS = [date(2014 + number // 12, number % 12 + 1, 1) for number in range(120)]


@pytest.mark.parametrize("days", [
    [date(2024, 5, 1)], MONTHS[:2], MONTHS[:7], MONTHS, [date(2024, 1, 1) + timedelta(number) for number in range(400)],
    [date(1996, 1, 1), *MONTHS[-3:]], [date(2014, 1, 1), date(2014, 1, 2), date(2026, 1, 1)]],
    ids=["one month", "two", "seven", "ten years", "days", "a gap", "close"])
def test_courses_have_room_for_their_names(days: list[date]) -> None:
    periods = [Period(day, str(day)[:7], number % 5) for number, day in enumerate(days)]
    curves = [Curve(tone, [None if number % 4 == gap else number / len(days) for number in range(len(days))])
              for gap, tone in ((3, "error"), (5, "warning"), (1, "host"))]
    drawn = plots.course("c", periods, curves, "label", "about")
    Tags(drawn)
    named = [(float(x), "wide" in tone) for tone, x in re.findall(r'<text class="([ a-z]*)" x="([\d.]+)%"', drawn)]
    for phone, apart in ((False, plots.APART), (True, plots.APART_ON_PHONES)):
        shown = sorted(x for x, wide in named if not (phone and wide))
        assert shown, "the last one always"
        assert all(after - before >= apart for before, after in pairwise(shown))
    assert all(0 <= float(x) <= 100 for x in re.findall(r' (?:x|cx)="([\d.]+)%"', drawn))
    for points in re.findall(r'class="line" d="([^"]*)"', drawn):
        for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", points):
            assert 0 <= float(x) <= 1000
            assert plots.TOP <= float(y) <= plots.TOP + plots.HEIGHT


def test_columns_are_as_high_as_their_shares() -> None:
    """In four places, the second and the last have none."""
    drawn = re.findall(r"M([\d.]+) 40v-([\d.]+)h([\d.]+)", plots.columns([0.1, None, 0.2, 0]))
    assert [(float(x), float(height)) for x, height, _ in drawn] == [(0, 20), (500, 40)]
    assert all(0 < float(width) < 250 for *_, width in drawn)
    assert "M" not in plots.columns([])


def test_names_below_a_course_stay_within_it() -> None:
    drawn = plots.course("c", [Period(day, str(day), 1) for day in MONTHS[:3]], [], "label", "about")
    assert re.findall(r'<text class="([a-z]*)[^"]*" x="([\d.]+)%', drawn) == [
        ("last", "98.0"), ("within", "52.44"), ("first", "2.0")]


def test_a_line_is_broken_where_there_is_no_share() -> None:
    periods = [Period(day, str(day), 1) for day in MONTHS[:4]]
    drawn = plots.course("c", periods, [Curve("error", [0.1, 0.2, None, 0.1])], "label", "about")
    way, = re.findall(r'class="line" d="([^"]*)"', drawn)
    assert way.count("M") == 2
    assert way.count("L") == 1
    assert drawn.count('class="mark"') == 3


@pytest.mark.parametrize(("share", "said"), [
    (0, "0%"), (1, "100%"), (0.5, "50.0%"), (0.123, "12.3%"), (0.00501, "0.50%"), (1e-9, "<0.01%"),
    (0.99999, ">99.9%")])
def test_a_share_says_none_and_all_only_where_it_is_so(share: float, said: str) -> None:
    assert plots.percent(share) == said


@pytest.mark.parametrize(("number", "said"), [(0, "0"), (999, "999"), (1_000, "1k"), (1_250, "1.2k"), (572_000, "572k"),
                                              (3_400_000, "3.4M"), (12_000_000_000, "12G")])
def test_large_numbers_fit_beside_a_scale(number: int, said: str) -> None:
    assert plots.compact(number) == said

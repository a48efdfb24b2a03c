"""`httplint archive report`: its numbers are those that one counts by hand, in every format and as SQL."""
from __future__ import annotations

import csv
import html
import io
import json
import os
import re
import sys
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import duckdb
import pytest
from archive_maker import tables
from archive_reading import section
from har_maker import entry, har_of, headers, write
from reporting import house

from httplint import __version__
from httplint.archive import asking
from httplint.archive.aligned import text
from httplint.archive.answers import Answer, AnswerColumn
from httplint.archive.asking import ArchiveError, Filters, ask
from httplint.archive.forms import of_answers
from httplint.archive.questions import PLACES, QUESTIONS, question
from httplint.cli.main import run
from httplint.cli.verbs import ASKABLE
from httplint.report.lines import plain
from httplint.report.masker import Masker
from httplint.report.reporter import Options
from httplint.report.summary import Summary

Rows = list[dict[str, Any]]

NEVER = "http1.no-status-line"
"""A rule that no HAR lets be evaluated."""
GOOD = ("X-Request-Id", "1")


def answered(host: str, server: str, day: str, *lines: tuple[str, str]) -> dict[str, Any]:
    """An entry; without GOOD it breaks house.request-id (error), with X-Bad house.bad (warning), X-Note a note (info).
    """
    return entry(("Server", server), *lines, startedDateTime=f"{day}T12:00:00Z",
                 request={"url": f"https://{host}/a", "headers": headers(("Host", host))})


JANUARY = [answered("a.example", "nginx/1.25", "2026-01-10", *lines) for lines in (
    [("X-Bad", "1")], [GOOD, ("X-Bad", "1")], [GOOD], [GOOD, ("X-Note", "1")])]
FEBRUARY = [answered("a.example", "Apache", "2026-02-10"), answered("a.example", "Apache", "2026-02-28"),
            answered("b.example", "Apache/2.4 (Unix)", "2026-02-11", GOOD)]
MARCH = [answered("b.example", "Caddy", "2026-03-10", *lines) for lines in ([("X-Note", "1")], [GOOD], [GOOD])] + [
    entry(response={"status": 0})]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An archive of ten responses on two hosts, by three products, in three months, as httplint archive writes it."""
    top = tmp_path_factory.mktemp("archive")
    captures = top / "captures"
    captures.mkdir()
    for name, entries in (("1.har", JANUARY), ("2.har", FEBRUARY), ("3.har", MARCH)):
        write(captures / name, har_of(*entries))
    write(captures / "4.har", "{ not a capture")
    assert run(["archive", str(captures), "--out", str(top / "out"), "--jobs", "1", "--isolated", "--quiet",
                "--rules", str(house(top)), "--select", f"house,{NEVER}"]) == 0
    return str(top / "out")


class Reports:
    """Runs the command."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str, code: int = 0) -> str:
        self._capsys.readouterr()
        assert run(["archive", "report", *arguments]) == code
        out, err = self._capsys.readouterr()
        return out if code != 2 else out + err

    def rows(self, *arguments: str, code: int = 0) -> dict[str, Rows]:
        found = json.loads(self(*arguments, "--output-format", "json", code=code))
        return {name: answer["rows"] for name, answer in found["answers"].items()}


@pytest.fixture
def report(capsys: pytest.CaptureFixture[str]) -> Reports:
    return Reports(capsys)


def picked(rows: Rows, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


def test_the_numbers_are_those_that_one_counts(archive: str, report: Reports) -> None:
    found = report.rows(archive)
    (overview,) = found["overview"]
    assert overview == {
        "captures": 4, "entries": 11, "responses": 10, "hosts": 2, "first_day": "2026-01-10", "last_day": "2026-03-10",
        "with_errors": 4, "error_share": 0.4, "with_warnings": 2, "warning_share": 0.2, "findings": 8, "suppressed": 0,
        "dead_letters": 1, "repeated": 0, "httplint": __version__}
    assert picked(found["rules"], "severity", "rule", "responses", "share", "hosts", "host_share", "findings") == [
        ("error", "house.request-id", 4, 0.4, 2, 1.0, 4), ("warning", "house.bad", 2, 0.2, 1, 0.5, 2),
        ("info", "house.note", 2, 0.2, 2, 1.0, 2)]
    assert picked(found["hosts"], "host", "responses", "with_errors", "error_share", "with_warnings", "rule") == [
        ("a.example", 6, 3, 0.5, 2, "house.request-id"), ("b.example", 4, 1, 0.25, 0, "house.request-id")]
    assert picked(found["servers"], "server", "responses", "with_errors", "error_share", "with_warnings", "hosts",
                  "hosts_with_errors", "host_share") == [
        ("nginx", 4, 1, 0.25, 2, 1, 1, 1.0), ("Apache", 3, 2, 2 / 3, 0, 2, 1, 0.5),
        ("Caddy", 3, 1, 1 / 3, 0, 1, 1, 1.0)]
    assert picked(found["rules_by_server"], "rule", "server", "responses", "share", "overall") == [
        ("house.request-id", "Apache", 2, 2 / 3, 0.4), ("house.request-id", "Caddy", 1, 1 / 3, 0.4),
        ("house.request-id", "nginx", 1, 0.25, 0.4), ("house.bad", "nginx", 2, 0.5, 0.2),
        ("house.note", "Caddy", 1, 1 / 3, 0.2), ("house.note", "nginx", 1, 0.25, 0.2)]
    assert picked(found["periods"], "period", "responses", "with_errors", "error_share", "hosts", "host_share") == [
        ("2026-01", 4, 1, 0.25, 1, 1.0), ("2026-02", 3, 2, 2 / 3, 2, 0.5), ("2026-03", 3, 1, 1 / 3, 1, 1.0)]
    assert picked(found["rules_by_period"], "rule", "period", "responses", "share") == [
        ("house.request-id", "2026-01", 1, 0.25), ("house.request-id", "2026-02", 2, 2 / 3),
        ("house.request-id", "2026-03", 1, 1 / 3), ("house.bad", "2026-01", 2, 0.5),
        ("house.note", "2026-01", 1, 0.25), ("house.note", "2026-03", 1, 1 / 3)]


def test_what_could_not_be_checked_is_told(archive: str, report: Reports) -> None:
    found = report.rows(archive)
    reason = "the octets of the message were not captured"
    assert found["not_evaluated"] == [{"rule": NEVER, "reason": reason, "responses": 10, "share": 1.0}]
    assert found["silent"] == [{"rule": NEVER, "responses": 10, "share": 1.0, "never": True, "reason": reason}]
    assert picked(found["captures"], "outcome", "captures", "share", "entries", "linted") == [
        ("whole", 3, 0.75, 11, 10), ("unreadable", 1, 0.25, 0, 0)]
    assert found["skipped"] == [{"reason": "no response was captured", "entries": 1, "share": 1 / 11, "captures": 1}]
    (dead,) = found["dead_letters"]
    assert (dead["kind"], dead["times"], dead["captures"]) == ("unreadable", 1, 1)
    assert dead["capture"].endswith("4.har")


def cells(line: str) -> list[str]:
    """Those of a row of a table in Markdown, as it is shown."""
    return [html.unescape(re.sub(r"</?code>", "", cell)).strip() for cell in line.strip("|\n").split(" | ")]


def test_the_formats_say_the_same(archive: str, report: Reports, tmp_path: Path) -> None:
    outputs = [f"--output={name}:{tmp_path / name}" for name in ASKABLE if name != "csv"]
    report(archive, *outputs, f"--output=csv:{tmp_path}/tables/")
    found = json.loads((tmp_path / "json").read_text("utf-8"))["answers"]
    assert list(found) == list(QUESTIONS)
    assert sorted(os.listdir(tmp_path / "tables")) == sorted(f"{name}.csv" for name in QUESTIONS)
    for name, answer in found.items():
        assert [column["name"] for column in answer["columns"]] == list(question(name).about)
        with open(tmp_path / "tables" / f"{name}.csv", encoding="utf-8", newline="") as stream:
            told = list(csv.DictReader(stream))
        assert told == [{column: "" if value is None else str(value).lower() if isinstance(value, bool) else
                         f"{value:.6f}" if isinstance(value, float) else str(value) for column, value in row.items()}
                        for row in answer["rows"]]
    markdown = (tmp_path / "markdown").read_text("utf-8")
    tables_of = {title: [cells(line) for line in text.splitlines() if line.startswith("| ")]
                 for title, _, text in (part.partition("\n") for part in markdown.split("\n### "))}
    assert tables_of["By server product"][2:] == [
        ["nginx", "4", "1", "25.0%", "2", "50.0%", "1", "1", "100%", "few"],
        ["Apache", "3", "2", "66.7%", "0", "0%", "2", "1", "50.0%", "few"],
        ["Caddy", "3", "1", "33.3%", "0", "0%", "1", "1", "100%", "few"]]
    assert [row[:3] for row in tables_of["Most broken rules"][2:]] == [
        ["house.request-id", "🔴 error", "4"], ["house.bad", "🟠 warning", "2"], ["house.note", "🔵 info", "2"]]
    assert [row[-2] for row in tables_of["Rules over time"][2:]] == ["", "", ""], "whose titles this httplint knows not"
    assert "<h1" in (tmp_path / "html").read_text("utf-8")
    assert (tmp_path / "text").read_text("utf-8") == report(archive)


TEXT = """\
By server product
                                                       hosts
               with  error      with  warning           with   host
  responses  errors  share  warnings    share  hosts  errors  share              few  server
          4       1  25.0%         2    50.0%      1       1   100%  ████        few  nginx
          3       2  66.7%         0       0%      2       1  50.0%  ██████████  few  Apache
          3       1  33.3%         0       0%      1       1   100%  █████       few  Caddy
  few: fewer than 30 responses, whose shares say little (--least N)

Rules over time
  severity  responses  first   last  course  rule
  error             4  25.0%  33.3%  ▃█▄     house.request-id
  warning           2  50.0%     0%  █       house.bad
  info              2  25.0%  33.3%  ▆ █     house.note

"""


def test_text_is_aligned(archive: str, report: Reports) -> None:
    assert report(archive, "--quiet", "--only", "servers", "--only", "rules_by_period", "--only", "servers") == TEXT
    told = report(archive)
    assert "            10  responses that were linted" in told
    assert "captures that are there more than once" not in told, "there are none"
    assert "httplint explain house.request-id" in told
    assert f"httplint archive report {archive} --rule house.request-id" in told


def test_a_terminal_has_colours_and_a_width(archive: str, report: Reports) -> None:
    painted = report(archive, "--only", "rules", "--color", "always")
    assert "\033[1;31m  error" in painted
    answers = ask(archive, ["servers"])
    for width, bars in ((None, True), (100, True), (80, False)):
        lines = [plain(line) for line in text(answers, 10, width, True)]
        assert ("█" in "".join(lines)) is bars
        assert max(map(len, lines)) <= (width or 100)


def test_the_captures_behind_a_row(archive: str, report: Reports) -> None:
    lines = report(archive, "--rule", "house.request-id", "--server", "Apache", "--quiet").splitlines()
    assert [re.sub(r".*/(\d\.har):\d+:\d+: ", r"\1 ", line) for line in lines if ".har" in line] == [
        "2.har error[house.request-id] no X-Request-Id (GET a.example/a → 200)"] * 2
    told = report(archive, "--rule", "house.note")
    (command,) = re.findall(r"(?m)^httplint check (\S+/1\.har --select house\.note) ", told)
    assert run(["check", *command.split(), "--isolated", "--rules", str(Path(archive).parent / "house")]) == 0
    rows = report.rows(archive, "--host", "b.example")[PLACES]
    assert picked(rows, "rule", "entry", "day") == [
        ("house.request-id", 0, "2026-03-10"), ("house.note", 0, "2026-03-10")]
    assert report.rows(archive, "--host", "b.example", "--severity", "error")[PLACES] == rows[:1]
    assert report.rows(archive, "--rule", "house.note", "--top", "1")[PLACES][0]["host"] == "a.example"
    assert report.rows(archive, "--rule", "nothing.such")[PLACES] == []
    assert "say one of them" in report(archive, "--rule", "x", "--only", "rules", code=2)


def test_a_name_that_no_finding_has_is_told(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["archive", "report", archive, "--rule", "house", "--server", "apache"]) == 0
    told = capsys.readouterr()
    assert told.out.endswith("\n  none\n\n")
    assert told.err == "httplint: no finding is of these; names are whole ones, as the tables of the report have them\n"


def test_fewer_rows_severities_and_another_mark(archive: str, report: Reports) -> None:
    found = report.rows(archive, "--top", "1", "--severity", "warning", "--least", "4")
    assert picked(found["rules"], "rule") == [("house.request-id",), ("house.bad",)], "one of each severity"
    assert picked(found["hosts"], "host", "few") == [("a.example", False)]
    assert [len(found[name]) for name in ("periods", "rules_by_period")] == [3, 4], "no period is left out"
    assert picked(report.rows(archive, "--least", "4")["servers"], "few") == [(False,), (True,), (True,)]


def test_csv_is_one_table(archive: str, report: Reports, tmp_path: Path) -> None:
    hosts = report(archive, "--only", "hosts", "--output-format", "csv")
    assert hosts.split("\r\n")[1] == "a.example,6,3,0.500000,2,0.333333,house.request-id,true"
    for arguments in (["--output-format", "csv"], [f"--output=csv:{tmp_path}/a.csv"]):
        assert "say --only NAME, or --output csv:DIRECTORY/" in report(archive, *arguments, code=2)
    report(archive, "--only", "hosts", f"--output=csv:{tmp_path}/a.csv")
    assert (tmp_path / "a.csv").read_bytes() == hosts.encode()
    (tmp_path / "file").write_text("", "utf-8")
    assert "cannot be made" in report(archive, f"--output=csv:{tmp_path}/file/", code=2)


def test_the_formats_are_those_of_the_command_line(archive: str) -> None:
    assert set(of_answers(ask(archive, ["rules"]), dict)) == set(ASKABLE)


# SQL to take along

def asked(directory: str, queries: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[tuple[Any, ...]]]:
    """What a user gets who asks the files with DuckDB."""
    monkeypatch.chdir(directory)
    out = {}
    with duckdb.connect() as connection:
        for statement in connection.extract_statements((queries / "tables.sql").read_text("utf-8")):
            connection.execute(statement)
        for name in (*QUESTIONS, PLACES):
            out[name] = connection.execute((queries / f"{name}.sql").read_text("utf-8")).fetchall()
    return out


def test_the_questions_can_be_taken_along(archive: str, report: Reports, tmp_path: Path,
                                          monkeypatch: pytest.MonkeyPatch) -> None:
    told = report(archive, "--sql", str(tmp_path / "queries"))
    assert told == f"next: cd {archive} && cat {tmp_path}/queries/tables.sql {tmp_path}/queries/rules.sql | duckdb\n"
    assert sorted(os.listdir(tmp_path / "queries")) == sorted(f"{name}.sql" for name in ("tables", *QUESTIONS, PLACES))
    answers = {answer.name: list(answer.rows) for answer in ask(archive, (*QUESTIONS, PLACES)).answers}
    assert asked(archive, tmp_path / "queries", monkeypatch) == answers
    empty = tmp_path / "empty"
    (empty / "parts").mkdir(parents=True)
    assert asked(str(empty), tmp_path / "queries", monkeypatch)["rules"] == []


@pytest.mark.parametrize("name", [*QUESTIONS, PLACES])
def test_a_question_says_what_its_columns_are(name: str, archive: str) -> None:
    asked = question(name)
    (answer,) = ask(archive, [name]).answers
    assert [column.name for column in answer.columns] == list(asked.about)
    assert all(asked.about.values())
    assert asked.title
    assert asked.question[-1] in ".?"


# Tables that a test says

MARCH_1 = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


def finding(**more: Any) -> dict[str, Any]:
    return {"capture": "a.har", "entry": 0, "rule": "a.b", "severity": "error", "host": "a.example",
            "started": NOON} | more


def responses(count: int = 10, **more: Any) -> dict[str, Any]:
    return {"capture": "a.har", "day": MARCH_1, "host": "a.example", "count": count} | more


def answer_of(directory: str, name: str, **options: Any) -> Answer:
    return ask(directory, [name], **options).answers[0]


def test_a_response_counts_once_for_a_rule(tmp_path: Path) -> None:
    tables(tmp_path, "one", responses=[responses(4)], findings=[
        finding(), finding(message="again"), finding(entry=1), finding(member="x.har"), finding(suppressed="waiver"),
        finding(entry=7, suppressed="third-party"), finding(rule="c.d", severity="info"),
        finding(rule="c.d", severity="warning")])
    tables(tmp_path, "two", shard="-00000-of-00002", responses=[responses(4)], findings=[finding(capture="b.har")])
    tables(tmp_path, "two", shard="-00001-of-00002", responses=[responses(2)], findings=[finding(capture="c.har")])
    rows = answer_of(str(tmp_path), "rules").rows
    assert [row[:4] + row[6:7] for row in rows] == [
        ("a.b", "error", 5, 0.5, 6), ("c.d", "warning", 1, 0.1, 1), ("c.d", "info", 1, 0.1, 1)]
    assert len(answer_of(str(tmp_path), PLACES).rows) == 8, "all that count"


def test_rules_that_could_not_be_evaluated_everywhere(tmp_path: Path) -> None:
    directory = tables(
        tmp_path, responses=[responses(10)], findings=[finding(), finding(rule="quiet.waived", suppressed="waiver")],
        not_evaluated=[{"capture": "a.har", "rule": rule, "reason": reason, "count": count} for rule, reason, count in (
            ("a.b", "no request", 5), ("quiet.some", "no request", 2), ("quiet.some", "no trailers", 3),
            ("quiet.never", "no trailers", 10), ("quiet.waived", "no trailers", 1))])
    assert answer_of(directory, "rules").values("unknown_share") == [0.5]
    assert answer_of(directory, "silent").rows == [
        ("quiet.never", 10, 1.0, True, "no trailers"), ("quiet.some", 5, 0.5, False, "no trailers")]


@pytest.mark.parametrize(("days", "periods"), [
    ([date(2026, 2, 27), date(2026, 3, 1)], ["2026-02-27", "2026-03-01"]),
    ([date(2025, 12, 1), date(2026, 1, 31), date(2026, 2, 1)], ["2025-12", "2026-01", "2026-02"]),
    ([date(year, month, 1) for year in (2022, 2023, 2024, 2026) for month in range(1, 13)],
     ["2022", "2023", "2024", "2026"]),
    ([date(2026, 3, 1), None], ["2026-03-01", None])])
def test_time_is_told_by_day_month_or_year(days: list[date | None], periods: list[str], tmp_path: Path) -> None:
    directory = tables(tmp_path, responses=[responses(1, day=day) for day in days])
    assert answer_of(directory, "periods").values("period") == periods


def test_what_is_not_known_is_told_apart(tmp_path: Path, report: Reports) -> None:
    directory = tables(tmp_path, responses=[responses(3, host=None, day=None, with_errors=1), responses(1)],
                       findings=[finding(host=None, server=None, started=None)])
    (host, count, errors, *_, rule, few), _ = answer_of(directory, "hosts").rows
    assert (host, count, errors, rule, few) == (None, 3, 1, "a.b", True)
    assert answer_of(directory, "rules_by_period").rows == [("a.b", "error", None, 1, 1 / 3, True)]
    assert answer_of(directory, "rules_by_server").rows == [("a.b", "error", None, 1, 0.25, 0.25, True)]
    assert answer_of(directory, "overview").values("hosts") == [1]
    assert "(not known)" in report(directory)


def test_rows_beyond_the_first_of_each_severity() -> None:
    columns = (AnswerColumn("rule", "rule", ""), AnswerColumn("severity", "severity", ""))
    answer = Answer("x", "", "", columns, [("a", "error"), ("b", "error"), ("c", "info")], 5)
    assert answer.first(1).rows == [("a", "error"), ("c", "info")]
    assert answer.first(1).more == 6
    assert answer.first(2) == answer


def test_captures_that_are_there_twice_are_told(tmp_path: Path, report: Reports) -> None:
    for part in ("one", "two"):
        tables(tmp_path, part, captures=[{"capture": "a.har", "outcome": "whole"}], responses=[responses(1)])
    assert "1  captures that are there more than once" in report(str(tmp_path))


def test_tables_without_rows_have_no_file(tmp_path: Path, report: Reports) -> None:
    (tmp_path / "parts").mkdir()
    told = report(str(tmp_path), code=3)
    assert "Most broken rules" in told
    assert all(answer.rows == [] for answer in ask(str(tmp_path), QUESTIONS[1:]).answers)
    assert report.rows(str(tmp_path), "--only", "rules", code=3) == {"rules": []}
    tables(tmp_path, captures=[{"capture": "a.har", "outcome": "unreadable"}])
    report(str(tmp_path), code=3)
    tables(tmp_path, responses=[responses(5)])
    assert report.rows(str(tmp_path))["rules"] == []


def test_a_column_that_files_have_not_is_null(tmp_path: Path) -> None:
    tables(tmp_path, responses=[responses(5, with_errors=2, server="nginx")])
    path = str(tmp_path / "parts" / "one" / "responses.parquet")
    duckdb.sql(f"COPY (SELECT * EXCLUDE server, 1 AS later FROM '{path}') TO '{path}.parquet' (FORMAT parquet)")
    os.replace(f"{path}.parquet", path)
    assert answer_of(str(tmp_path), "servers").rows[0][:3] == (None, 5, 2)


# The guide

PART = section("The report")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The archive that the guide shows."""
    har = Path(__file__).parents[2] / "fixtures" / "har" / "mitmproxy-application-violating-4xx-5xx.har"
    out = str(tmp_path_factory.mktemp("guide") / "out")
    assert run(["archive", str(har), "--out", out, "--jobs", "1", "--isolated", "--quiet"]) == 0
    return out


def test_the_sample_is_what_the_command_prints(shown: str, report: Reports) -> None:
    (sample,) = re.findall(r"```text\n(.*?)```", PART, re.S)
    assert sample in report(shown, "--top", "2")


def test_the_own_questions_have_answers(shown: str, report: Reports, tmp_path: Path,
                                        monkeypatch: pytest.MonkeyPatch) -> None:
    report(shown, "--sql", str(tmp_path))
    monkeypatch.chdir(shown)
    paths, months, types = re.findall(r"```sql\n(.*?)```", PART, re.S)
    with duckdb.connect() as connection:
        connection.execute((tmp_path / "tables.sql").read_text("utf-8"))
        assert [row[2] for row in connection.execute(paths).fetchall()] == [1]
        assert [row[0::2] for row in connection.execute(months).fetchall()] == [("127.0.0.1", 32)]
        assert connection.execute(months).fetchall()[0][3] == 1 / 32
        assert connection.execute(types).fetchall() == [("text/plain", 15, 15 / 28), (None, 0, 0)]


# What is not to be trusted

EVIL = ("'; DROP TABLE responses; --", "\x1b[31mred\x1b]8;;https://evil.example\x07", "=1+cmd|' /C calc'!A0",
        "a | b\n| c <script>alert(1)</script>", "$(reboot) `reboot`", "\u202eevil\x00", "::error::x", "@everyone #1")


def test_hostile_texts_stay_texts(tmp_path: Path, report: Reports) -> None:
    top = tmp_path / "it's [1] * \x1b[31m"
    directory = tables(
        top, responses=[responses(40, host=evil, server=evil, with_errors=1) for evil in EVIL],
        findings=[finding(host=evil, server=evil, rule=evil, message=evil, capture=evil) for evil in EVIL],
        dead_letters=[{"capture": evil, "kind": evil, "cause": evil} for evil in EVIL],
        captures=[{"capture": evil, "outcome": evil, "httplint": evil} for evil in EVIL],
        not_evaluated=[{"capture": evil, "rule": evil, "reason": evil, "count": 1} for evil in EVIL])
    found = report.rows(directory)
    assert {row["host"] for row in found["hosts"]} == set(EVIL)
    for name in ("text", "markdown", "html"):
        for more in ((), ("--rule", EVIL[0])):
            told = report(directory, "--output-format", name, *more)
            assert not {"\x1b", "\u202e", "\x00"} & set(told)
            assert name == "text" or "<script>alert" not in told
            assert not any(line.lstrip().startswith("::") for line in told.splitlines())
    rows = [line for line in report(directory, "--output-format", "markdown", "--only", "hosts").splitlines()
            if line.startswith("|")]
    assert {line.count("|") for line in rows} == {9}
    assert len(rows) == 2 + len(EVIL)
    cells_of = csv.reader(io.StringIO(report(directory, "--output-format", "csv", "--only", "hosts")))
    assert not any(cell.lstrip().startswith("=") for row in cells_of for cell in row)
    for evil in EVIL:
        assert answer_of(directory, PLACES, filters=Filters(host=evil)).values("host") == [evil]
    command = next(line for line in report(directory).splitlines() if " --rule " in line)
    assert re.search(r"report '.*' --rule '.*'", command)


def test_a_newer_format_is_refused(archive: str, tmp_path: Path, report: Reports) -> None:
    directory = tables(tmp_path, responses=[responses(5)])
    path = f"{directory}/parts/one/responses-2.parquet"
    for number, code in ((1, 0), (99, 2)):
        duckdb.sql(f"COPY (SELECT 1 AS count) TO '{path}' "
                   f"(FORMAT parquet, KV_METADATA {{'httplint.format': '{number}'}})")
        told = report(directory, code=code)
    assert "has tables of format 99, and this one reads format 1" in told


def test_the_format_is_told_by_what_writes_tables(archive: str) -> None:
    found = duckdb.sql(f"SELECT DISTINCT value FROM parquet_kv_metadata('{archive}/parts/*/*.parquet') "
                       "WHERE key = 'httplint.format'::BLOB").fetchall()
    assert found == [(b"1",)]


def test_what_is_no_archive_is_refused(tmp_path: Path, report: Reports) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    for path, why in ((tmp_path, "has no directory parts"), (tmp_path / "nothing", "No such file"),
                      (tmp_path / "file", "Not a directory"), ("a\0b", "cannot be read"),
                      ("s3://bucket/out", "is not on this machine")):
        assert why in report(str(path), code=2)


@pytest.mark.skipif(sys.platform != "linux", reason="names are UTF-8")
def test_a_name_that_is_no_utf_8_is_told(tmp_path: Path, report: Reports) -> None:
    directory = os.path.join(tmp_path, os.fsdecode(b"a\xff"))
    os.rename(tables(tmp_path / "a", responses=[responses(5)]), directory)
    assert "has a name that is no UTF-8, which DuckDB wants: rename it" in report(directory, code=2)


@pytest.mark.parametrize("octets", [b"", b"PAR1", b"not Parquet at all", "cut", "flipped"])
def test_a_broken_file_is_named(octets: bytes | str, tmp_path: Path, report: Reports) -> None:
    directory = tables(tmp_path, responses=[responses(5, host=f"{number}.example") for number in range(500)])
    tables(tmp_path, "two", responses=[responses(5)])
    path = tmp_path / "parts" / "two" / "responses.parquet"
    whole = path.read_bytes()
    if isinstance(octets, str):
        octets = whole[:len(whole) // 2] if octets == "cut" else whole[:-40] + bytes(
            octet ^ 0xFF for octet in whole[-40:-8]) + whole[-8:]
    path.write_bytes(octets)
    told = report(directory, code=2)
    assert str(path) in told
    assert "Traceback" not in told
    assert len(told.splitlines()) == 1


def test_columns_of_other_types_are_an_error_or_words(tmp_path: Path) -> None:
    directory = tables(tmp_path, responses=[responses(5)])
    path = tmp_path / "parts" / "one" / "responses.parquet"
    for columns in ("'x' AS count", "[1] AS host", "{'a': 1} AS server", "DATE '9999-01-01' AS count", "-5 AS count",
                    "9223372036854775807 AS count, 0 AS with_errors", "'infinity'::DATE AS day",
                    "DATE '0044-03-15 (BC)' AS day, 1 AS count", "DATE '20000-01-01' AS day, 1 AS count"):
        duckdb.sql(f"COPY (SELECT {columns} FROM range(3)) TO '{path}' (FORMAT parquet)")
        try:
            answers = ask(directory)
        except ArchiveError as error:
            assert "cannot be asked" in str(error)
        else:
            for form in of_answers(answers, dict).values():
                form.reporter(str, Options()).end(Summary(0, Masker()))


def test_other_files_are_passed_over(tmp_path: Path) -> None:
    directory = tables(tmp_path, responses=[responses(5)])
    part = tmp_path / "parts" / "one"
    for path in (part / "notes.parquet", part / "responses.csv", part / ".responses.parquet",
                 tmp_path / "responses.parquet", tmp_path / "parts" / "responses.parquet"):
        path.write_text("x", "utf-8")
    (part / "responses-directory.parquet").mkdir()
    (tmp_path / "parts" / "empty").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(part / "responses-pipe.parquet")
    assert answer_of(directory, "hosts").rows[0][1] == 5


def test_nothing_elsewhere_is_read(tmp_path: Path, report: Reports) -> None:
    elsewhere = tables(tmp_path / "elsewhere", responses=[responses(5)])
    directory = tables(tmp_path / "here", responses=[responses(5)])
    path = Path(directory, "parts", "one", "responses-2.parquet")
    path.symlink_to(Path(elsewhere, "parts", "one", "responses.parquet"))
    assert f"{path} is a link that leads out of" in report(directory, code=2)
    with asking._connection([str(path.with_name("responses.parquet"))]) as connection:
        for statement in ("FROM read_csv('/etc/hosts')", "FROM glob('/etc/*')", "INSTALL httpfs", "LOAD httpfs",
                          f"COPY (SELECT 1) TO '{tmp_path}/x.csv'", f"ATTACH '{tmp_path}/x.db'",
                          "SET enable_external_access = true", "SET allowed_paths = ['/etc/hosts']",
                          f"FROM '{elsewhere}/parts/one/responses.parquet'", "FROM 'https://127.0.0.1/x.parquet'"):
            with pytest.raises(duckdb.Error):
                connection.execute(statement).fetchall()


def test_memory_has_a_bound_beyond_which_there_is_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MEMORY", 1 << 26)
    directory = tables(tmp_path, responses=[responses(5)])
    with asking._connection([]) as connection:
        assert connection.execute("SELECT current_setting('memory_limit')").fetchall() == [("64.0 MiB",)]
        (room,) = connection.execute("SELECT current_setting('temp_directory')").fetchone() or ()
        assert os.path.isdir(room)
    assert not os.path.exists(room)
    assert answer_of(directory, "hosts").rows[0][1] == 5


def test_what_is_fetched_has_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "LONGEST", 20)
    long = [letter * 1000 for letter in "ab"]
    directory = tables(tmp_path, responses=[responses(5, host=one, server=one, with_errors=1) for one in long],
                       findings=[finding(host=one, server=one, rule=one, message=one) for one in long])
    texts = [value for answer in (*ask(directory).answers, *ask(directory, [PLACES]).answers)
             for row in answer.rows for value in row if isinstance(value, str)]
    assert {20} == {len(text) for text in texts if set(text) in ({"a"}, {"b"})}


def test_who_interrupts_is_not_told_of_errors(archive: str, report: Reports, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*ignored: object) -> None:
        raise RuntimeError("Query interrupted")            # as DuckDB raises at Ctrl-C

    monkeypatch.setattr(asking, "_answer", interrupted)
    report(archive, code=130)


def test_a_missing_package_is_named_by_its_extra(archive: str, report: Reports,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    told = report(archive, code=2)
    assert "tables of archives are read with DuckDB: pip install" in told
    assert "[archive]" in told

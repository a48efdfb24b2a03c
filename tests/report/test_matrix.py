"""What became of each check of each resource: written, read back, and joined."""
from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reporting import EVIL, exchange, house, judged, written

from httplint.cli.main import run
from httplint.engine.report import NotJudged
from httplint.model.severity import SEVERITIES
from httplint.report.colour import Paint
from httplint.report.form import schema
from httplint.report.masker import Masker
from httplint.report.matrix import (
    BROKEN,
    KEPT,
    NOT_ANSWERED,
    NOT_APPLICABLE,
    NOT_ASKED,
    OUTCOMES,
    Cell,
    Check,
    Matrix,
    Row,
    joined,
)
from httplint.report.reporter import Options
from httplint.report.summary import Summary

CHECKS = (Check("get", "a plain GET"), Check("head", "HEAD against the GET"), Check("range", "the first octets"))
SITE = Matrix(CHECKS, (
    Row("https://a.example/", (Cell(KEPT, "", (0,)), Cell(BROKEN, "another ETag", (1,), ("head.differs",)),
                               Cell(NOT_APPLICABLE, "ranges are ignored", (2,)))),
    Row("https://a.example/b", (Cell(KEPT, "", (3,)), Cell(NOT_ANSWERED, "closed", (4,)), Cell(NOT_ASKED)))))

names = st.text("abc-", min_size=1, max_size=4)
cells = st.builds(Cell, st.sampled_from(OUTCOMES), st.text(max_size=20),
                  st.lists(st.integers(0, 50), max_size=3).map(tuple), st.lists(names, max_size=2).map(tuple),
                  st.sampled_from(["", *SEVERITIES]))


@st.composite
def matrices(draw: st.DrawFn) -> Matrix:
    checks = tuple(Check(name, draw(st.text(max_size=20)))
                   for name in draw(st.lists(names, min_size=1, max_size=4, unique=True)))
    resources = draw(st.lists(st.sampled_from(["/", "/b", "/c", "/\ud800"]), max_size=3, unique=True))
    return Matrix(checks, tuple(
        Row(f"https://a.example{path}", tuple(draw(cells) for _ in checks)) for path in resources))


def result(path: Path, matrix: Matrix | None, *exchanges: Any) -> str:
    path.write_text(written("json", judged(house(path.parent / "rules"), *exchanges) if exchanges else (),
                            matrix=matrix), "utf-8")
    return str(path)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    run(["report", *arguments, "--output-format", "json"])
    return json.loads(capsys.readouterr().out)


def test_a_result_has_no_matrix_unless_somebody_asked() -> None:
    assert "matrix" not in json.loads(written("json", ()))["summary"]


def test_the_json_form_tells_each_cell() -> None:
    matrix = json.loads(written("json", (), matrix=SITE))["summary"]["matrix"]
    assert matrix["checks"][1] == {"name": "head", "question": "HEAD against the GET"}
    assert [row["resource"] for row in matrix["rows"]] == ["https://a.example/", "https://a.example/b"]
    assert matrix["rows"][0]["cells"][1] == {
        "state": "broken", "why": "another ETag", "entries": [1], "rules": ["head.differs"]}
    assert matrix["rows"][1]["cells"][2] == {"state": "not asked", "why": "", "entries": [], "rules": []}


@given(matrix=matrices(), name=st.sampled_from(["json", "jsonl"]))
@settings(max_examples=25)
def test_what_is_written_is_of_the_schema_and_is_read_back(
        matrix: Matrix, name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    text, wanted = written(name, (), matrix=matrix), schema()
    jsonschema.Draft202012Validator(wanted if name == "json" else {"$ref": "#/$defs/line", "$defs": wanted["$defs"]}
                                    ).validate(json.loads(text))
    again = tmp_path_factory.mktemp("result")
    (again / "one").write_text(text, "utf-8")
    run(["report", "--from", str(again / "one"), "--output", f"{name}:{again / 'two'}", "--quiet"])
    first, second = (json.loads(one)["summary"]["matrix"] for one in (text, (again / "two").read_text("utf-8")))
    assert first == second


@given(st.lists(matrices(), min_size=1, max_size=3))
def test_joining_loses_no_cell(runs: list[Matrix]) -> None:
    base, moved = 0, []
    for number, one in enumerate(runs):
        moved.append((f"{number}.json", one.moved(base)))
        base += one.end()
    whole = joined(moved)
    assert whole is not None
    rows = iter(whole.rows)
    for (name, one), before in zip(moved, runs, strict=True):
        for row, was in zip(one.rows, before.rows, strict=True):
            found = next(rows)
            assert found.resource in (was.resource, f"{was.resource} (of {name})")
            cells = dict(zip((check.name for check in whole.checks), found.cells, strict=True))
            told = [cells.pop(check.name) for check in one.checks]
            assert told == list(row.cells)
            assert {cell.state for cell in cells.values()} <= {NOT_ASKED}
    assert next(rows, None) is None
    shared = [{entry for row in one.rows for cell in row.cells for entry in cell.entries} for _, one in moved]
    assert sum(map(len, shared)) == len(set().union(*shared)), "no two runs have an entry in common"


def test_entries_that_nobody_has_are_joined_to_a_result_that_can_be_read(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A result may be a stranger's, and say that its entries are nearly as many as numbers go."""
    paths, most = [], 2**53 - 20
    for name in "ab":
        (tmp_path / name / "rules").mkdir(parents=True)
        matrix = Matrix(CHECKS[:1], (Row(f"https://{name}.example/", (Cell(KEPT, "", (most,)),)),))
        paths.append(result(tmp_path / name / "r.json", matrix, exchange(entry=most)))
    (tmp_path / "both.json").write_text(json.dumps(told(capsys, "--merge", *paths)), "utf-8")
    assert len(told(capsys, "--from", str(tmp_path / "both.json"))["summary"]["matrix"]["rows"]) == 2


def test_secrets_of_urls_and_reasons_are_masked() -> None:
    matrix = Matrix(CHECKS[:1], (Row("https://a.example/?token=abcdef123456", (
        Cell(NOT_ANSWERED, "no response from https://a.example/?token=abcdef123456"),)),))
    assert "abcdef123456" not in written("json", (), matrix=matrix)
    assert matrix.masked(Masker(shows=True)) == matrix


@pytest.mark.parametrize("change", [
    lambda matrix: matrix["rows"][0]["cells"].pop(),
    lambda matrix: matrix["checks"].append({"name": "x", "question": ""}),
    lambda matrix: matrix["rows"][0]["cells"][0].update(state="fine"),
    lambda matrix: matrix["rows"][0]["cells"][0].update(entries=[-1]),
    lambda matrix: matrix.update(rows=None),
])
def test_what_is_no_matrix_is_told(change: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(written("json", (), matrix=SITE))
    change(data["summary"]["matrix"])
    (tmp_path / "x.json").write_text(json.dumps(data), "utf-8")
    assert run(["report", "--from", str(tmp_path / "x.json")]) == 2
    assert "matrix" in capsys.readouterr().err


def test_matrices_of_several_runs_are_joined(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = Matrix((CHECKS[0], Check("options", "OPTIONS")), (
        Row("https://a.example/", (Cell(KEPT, "", (0,)), Cell(KEPT, "", (1,)))),
        Row("https://c.example/", (Cell(BROKEN, "", (2,)), Cell(NOT_ASKED, "the budget was over")))))
    matrix = joined([("one.json", SITE), ("two.json", other)])
    assert matrix is not None
    assert [check.name for check in matrix.checks] == ["get", "head", "range", "options"]
    assert [row.resource for row in matrix.rows] == [
        "https://a.example/", "https://a.example/b", "https://a.example/ (of two.json)", "https://c.example/"]
    assert [cell.state for cell in matrix.rows[3].cells] == [BROKEN, NOT_ASKED, NOT_ASKED, NOT_ASKED]
    assert matrix.rows[0].cells[3] == Cell(NOT_ASKED, "the run did not have this check")
    assert joined([]) is None


def test_entries_of_joined_probes_are_still_those_of_their_exchanges(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = ["https://a.example/", "https://b.example/"]
    paths = []
    for number, page in enumerate(pages):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "rules").mkdir()
        matrix = Matrix(CHECKS[:2], (Row(page, (Cell(KEPT, "", (0,)), Cell(BROKEN, "", (1,)))),))
        paths.append(result(tmp_path / str(number) / "r.json", matrix, *(
            exchange(uri=page, method=method, path=page, entry=entry) for entry, method in enumerate(("GET", "HEAD")))))
    (tmp_path / "h").mkdir()
    (tmp_path / "h" / "rules").mkdir()
    paths.insert(1, result(tmp_path / "h" / "har.json", None, exchange(entry=0), exchange(entry=1), exchange(entry=2)))
    data = told(capsys, "--merge", *paths)
    by_entry = {one["source"]["entry"]: one["request"] for one in data["exchanges"]
                if one["source"]["path"].startswith("https:")}
    rows = data["summary"]["matrix"]["rows"]
    assert [[(by_entry[entry]["method"], by_entry[entry]["uri"]) for cell in row["cells"] for entry in cell["entries"]]
            for row in rows] == [[("GET", page), ("HEAD", page)] for page in pages]
    assert sorted(one["source"]["entry"] for one in data["exchanges"] if one["source"]["path"] == "a.har") == [0, 1, 2]
    assert len({one["source"]["entry"] for one in data["exchanges"]}) == len(data["exchanges"]) == 7


def matrix_lines(matrix: Matrix, width: int | None = None) -> list[str]:
    """The lines of the text report before its summary, without blanks at their ends."""
    text = written("text", (), Options(width=width), matrix=matrix)
    return [line.rstrip() for line in text[:text.index("nothing checked")].splitlines() if line.strip()]


def test_of_one_resource_each_check_has_a_line_with_a_sign_and_a_word() -> None:
    ignored = Cell(NOT_APPLICABLE, "ranges are ignored", (2, 3, 4, 7))
    row = Row("https://a.example/", (*SITE.rows[0].cells[:2], ignored))
    assert matrix_lines(Matrix(CHECKS, (row,))) == [
        "https://a.example/",
        "  + kept            get    a plain GET",
        "  x broken          head   HEAD against the GET (entry 1)",
        "      head.differs: another ETag",
        "  - not applicable  range  ranges are ignored",
    ]


def test_many_that_were_not_asked_for_one_reason_are_one_line() -> None:
    checks = (Check("get", "a plain GET"), *(Check(f"c{number}", "a question") for number in range(9)))
    unasked = Cell(NOT_ASKED, "the plain GET was not answered")
    cells = (Cell(NOT_ANSWERED, "it took too long"), *[unasked] * 6, Cell(NOT_ASKED, "--http2 asks in HTTP/2"), unasked,
             unasked)
    assert matrix_lines(Matrix(checks, (Row("https://a.example/", cells),))) == [
        "https://a.example/",
        "  ? not answered  get  a plain GET",
        "      it took too long",
        "  . not asked     c0   the plain GET was not answered",
        "  . not asked     and 5 more  the plain GET was not answered",
        "  . not asked     c6   --http2 asks in HTTP/2",
        "  . not asked     c7   the plain GET was not answered",
        "  . not asked     c8   the plain GET was not answered",
    ]


@pytest.mark.parametrize(("told", "entries"), [
    ("(entry 3)", (3,)), ("(entries 3-4)", (3, 4)), ("(entries 2-4, 7)", (2, 3, 4, 7)),
    ("(entries 1, 3, 5, 7, 9, 11, …)", range(1, 20, 2)), ("(entries 4, 2)", (4, 2))])
def test_entries_on_end_are_told_as_one(told: str, entries: Iterable[int]) -> None:
    row = Row("https://a.example/", (Cell(BROKEN, "", tuple(entries), ("a.b",)),))
    assert matrix_lines(Matrix(CHECKS[:1], (row,)))[1] == f"  x broken  get  a plain GET {told}"


def test_places_name_the_check_that_an_exchange_was_asked_for(tmp_path: Path) -> None:
    row = Row("https://a.example/", (Cell(KEPT, "", (0,)), Cell(BROKEN, "", (1,)), Cell(BROKEN, "", (3,))))
    found = judged(house(tmp_path), exchange(entry=0), exchange(entry=1), exchange(entry=3), exchange(entry=9))
    text = written("text", found, matrix=Matrix(CHECKS, (row,)))
    assert "(entry 0, get)" in text
    assert "also at entry 1 (head), entry 3 (range), entry 9\n" in text
    assert "also at entry 1, entry 3, entry 9\n" in written("text", found)


def test_a_probe_has_done_what_helps() -> None:
    summary = Summary(1)
    summary.lacked(NotJudged("a.b", "no earlier Allow of this resource was seen"), 1)
    summary.lacked(NotJudged("c.d", "the content was not captured"), 1)
    assert [remedy.endswith("(httplint probe does)") for remedy, _ in summary.remedies()] == [True, False]
    summary.lacked(NotJudged("e.f", "no earlier error in answer to the same request was seen"), 1)
    assert "send requests that failed again, unchanged" in dict(summary.remedies())
    summary.probed(SITE)
    assert [remedy.endswith("(httplint probe does)") for remedy, _ in summary.remedies()] == [False]


def test_of_several_resources_each_check_is_counted_and_names_those_to_look_at() -> None:
    assert matrix_lines(SITE) == [
        "2 resources of https://a.example",
        "  check  broken  not answered  kept  not applicable  not asked",
        "  get         -             -     2               -          -",
        "  head        1             1     -               -          -",
        "    x broken head.differs: another ETag at / (entry 1)",
        "    ? not answered closed at /b (entry 4)",
        "  range       -             -     -               1          1",
    ]
    rows = tuple(Row(f"https://{number}.example/", (Cell(BROKEN, "", (number,), ("a.b",)),)) for number in range(40))
    assert matrix_lines(Matrix(CHECKS[:1], rows))[-1] == (
        "    x broken a.b at https://0.example/ (entry 0), https://1.example/ (entry 1), https://2.example/ (entry 2), "
        "and 37 more")


def test_a_table_of_all_outcomes_fits_a_terminal() -> None:
    checks = tuple(Check(name, "a question") for name in ("if-none-match-weak-and-strong", *OUTCOMES))
    rows = tuple(Row(f"https://a.example/{number}", tuple(
        Cell(OUTCOMES[(number + at) % len(OUTCOMES)]) for at in range(len(checks)))) for number in range(1234))
    lines = matrix_lines(Matrix(checks, rows), 80)
    assert all(len(line) <= 80 for line in lines)
    assert sum(line.lstrip().startswith(tuple(check.name[:20] for check in checks)) for line in lines) == len(checks)


def test_the_summary_counts_cells() -> None:
    for name in ("text", "concise"):
        assert ("\n  probe: 3 checks of 2 resources: 1 broken, 1 not answered, 2 kept, 1 not applicable, 1 not asked\n"
                in written(name, (), matrix=SITE))
    assert "probe" not in written("text", (), Options(quiet=True), matrix=SITE)


@given(matrix=matrices(), width=st.sampled_from([None, 40, 80]))
def test_text_tells_of_every_check(matrix: Matrix, width: int | None) -> None:
    lines = matrix_lines(matrix, width)
    for check in matrix.checks if matrix.rows else ():
        assert any(check.name in line for line in lines)
    assert written("text", (), matrix=matrix).count("\n  probe: ") == 1


@given(matrix=matrices(), name=st.sampled_from(["html", "markdown", "junit", "concise"]))
@settings(max_examples=25)
def test_whatever_became_of_checks_can_be_written(matrix: Matrix, name: str) -> None:
    text = written(name, (), matrix=matrix)
    text.encode()
    if name == "junit":
        tests = ElementTree.fromstring(text).iter("testcase")
        assert len(list(tests)) == len(matrix.rows) * len(matrix.checks)


@pytest.mark.parametrize("rows", [1, 2])
@pytest.mark.parametrize("name", ["text", "markdown", "json", "html", "junit"])
def test_what_strangers_wrote_of_a_matrix_obeys_nobody(name: str, rows: int) -> None:
    cell = Cell(BROKEN, EVIL, (0,), (EVIL,))
    matrix = Matrix((Check(EVIL, EVIL), Check("x" * 5000, "")), tuple(
        Row(f"https://a.example/{EVIL}{number}?token=topsecret1", (cell, cell)) for number in range(rows)))
    text = written(name, (), matrix=matrix)
    assert "topsecret1" not in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e\ud800]", text)
    assert "##[" not in text
    assert not re.search(r"^\s*::", text, re.M)
    if name in ("markdown", "html", "junit"):
        assert "<img" not in text


def test_markdown_tells_what_to_look_at_and_folds_the_rest() -> None:
    one = written("markdown", (), matrix=Matrix(CHECKS, SITE.rows[:1]))
    assert "### Probe of <code>https&#58;//a.example/</code>\n" in one
    shown, _, folded = one.partition("<details><summary>All checks</summary>\n\n| ")
    assert ("| 🔴 broken | <code>head</code> | <code>head.differs</code> | <code>another ETag</code> "
            "| <code>/ (entry 1)</code> |\n" in shown)
    assert "| 🟢 kept | <code>get</code> | <code>a plain GET</code> | entry 0 |  |\n" in folded
    assert "🟢" not in shown
    shown, _, folded = written("markdown", (), matrix=SITE).partition("<details><summary>All checks</summary>\n\n| ")
    assert "| ❔ not answered | <code>head</code> |  | <code>closed</code> | <code>/b (entry 4)</code> |\n" in shown
    assert folded.startswith("check | broken | not answered | kept | not applicable | not asked |\n")
    assert "| <code>head</code> | 1 | 1 | 0 | 0 | 0 |\n" in folded


def cases(fail_on: str) -> dict[str, list[str]]:
    """Name of each test case of SITE -> what JUnit says of it."""
    rows = (Row("https://a.example/", (Cell(BROKEN, "", (0,), ("a.b", "c.d"), "warning"), *SITE.rows[1].cells[1:])),
            Row("https://a.example/b", (Cell(KEPT, "", (3,)), Cell(BROKEN, "", (4,), ("a.b",), "error"),
                                        Cell(NOT_APPLICABLE, "ranges are ignored", (5,)))))
    suites = ElementTree.fromstring(written("junit", (), Options(fail_on=fail_on), matrix=Matrix(CHECKS, rows)))
    assert [suite.get("name") for suite in suites] == [f"probe of {row.resource}" for row in rows]
    return {f"{case.get('name')} {case.get('classname')}": [
        f"{part.tag} {part.get('message', part.text)}" for part in case] for case in suites.iter("testcase")}


def test_junit_has_a_test_case_for_each_check_which_fails_as_the_run_does() -> None:
    assert cases("error") == {
        "get https://a.example/": ["system-out a.b, c.d"],
        "head https://a.example/": ["skipped not answered: closed"],
        "range https://a.example/": ["skipped not asked"],
        "get https://a.example/b": [],
        "head https://a.example/b": ["failure a.b"],
        "range https://a.example/b": ["skipped not applicable: ranges are ignored"],
    }
    assert cases("warning")["get https://a.example/"] == ["failure a.b, c.d"]
    assert cases("never")["head https://a.example/b"] == ["system-out a.b"]


def test_what_is_broken_looks_as_severe_as_it_is() -> None:
    for severity, style, sign in (("error", "1;31", "🔴"), ("warning", "1;33", "🟠")):
        matrix = Matrix(CHECKS[:1], (Row("https://a.example/", (Cell(BROKEN, "", (0,), ("a.b",), severity),)),))
        assert f"\x1b[{style}mx broken\x1b[0m" in written("text", (), Options(paint=Paint(True)), matrix=matrix)
        assert f"| {sign} broken |" in written("markdown", (), matrix=matrix)

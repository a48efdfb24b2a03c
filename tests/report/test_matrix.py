"""What became of each check of each resource: written, read back, and joined."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reporting import exchange, house, judged, written

from httplint.cli.main import run
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

CHECKS = (Check("get", "a plain GET"), Check("head", "HEAD against the GET"), Check("range", "the first octets"))
SITE = Matrix(CHECKS, (
    Row("https://a.example/", (Cell(KEPT, "", (0,)), Cell(BROKEN, "another ETag", (1,), ("head.differs",)),
                               Cell(NOT_APPLICABLE, "ranges are ignored", (2,)))),
    Row("https://a.example/b", (Cell(KEPT, "", (3,)), Cell(NOT_ANSWERED, "closed", (4,)), Cell(NOT_ASKED)))))

names = st.text("abc-", min_size=1, max_size=4)
cells = st.builds(Cell, st.sampled_from(OUTCOMES), st.text(max_size=20),
                  st.lists(st.integers(0, 50), max_size=3).map(tuple), st.lists(names, max_size=2).map(tuple))


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


@given(matrix=matrices())
@settings(max_examples=25)
def test_what_is_written_is_of_the_schema_and_is_read_back(
        matrix: Matrix, tmp_path_factory: pytest.TempPathFactory) -> None:
    text = written("json", (), matrix=matrix)
    jsonschema.Draft202012Validator(schema()).validate(json.loads(text))
    again = tmp_path_factory.mktemp("result")
    (again / "one.json").write_text(text, "utf-8")
    run(["report", "--from", str(again / "one.json"), "--output", f"json:{again / 'two.json'}", "--quiet"])
    first, second = (json.loads(one)["summary"]["matrix"] for one in (text, (again / "two.json").read_text("utf-8")))
    assert first == second


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

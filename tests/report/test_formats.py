"""The table of formats, where results go, and what all formats have in common."""
from __future__ import annotations

import csv
import io
import json
import os
import stat
from pathlib import Path

import pytest
from reporting import evil, exchange, house, judged, suppress, written

from httplint.engine.report import Finding
from httplint.model.unfinished import OutputError
from httplint.report.colour import Paint
from httplint.report.formats import FORMATS, FormatError, chosen, parse
from httplint.report.masker import Masker
from httplint.report.output import Outputs
from httplint.report.reporter import Options
from httplint.report.summary import Summary

NAMES = sorted(FORMATS)


def test_what_a_user_says() -> None:
    made, path = parse("json:C:\\results\\a.json")
    assert (made.name, path) == ("json", "C:\\results\\a.json")
    shown, files = chosen(["sarif:a.sarif", "html:b.html"], None)
    assert shown.name == "text"
    assert [(made.name, path) for made, path in files] == [("sarif", "a.sarif"), ("html", "b.html")]
    assert chosen(["jsonl:-", "csv:x"], None)[0].name == "jsonl"
    assert chosen(["json:-"], "json")[0].name == "json"


@pytest.mark.parametrize(("outputs", "stdout", "said"), [
    (["json"], None, "expected FORMAT:FILE"),
    (["json:"], None, "expected FORMAT:FILE"),
    ([":x"], None, "there is no format"),
    (["jsno:x"], None, "did you mean 'json'"),
    (["json:-", "sarif:-"], None, "only one report can go to standard output"),
    (["json:-"], "text", "only one report can go to standard output"),
    (["json:x", "sarif:x"], None, "two reports cannot both go to"),
])
def test_what_cannot_be(outputs: list[str], stdout: str | None, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        chosen(outputs, stdout)


def test_a_file_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    report, = judged(house(tmp_path), exchange())
    target = tmp_path / "out.json"
    target.write_text("old", "utf-8")
    target.chmod(0o640)
    with Outputs(None, [(FORMATS["json"], str(target))], Options(), pytest.fail) as outputs:
        outputs.report(report)
        assert target.read_text("utf-8") == "old"
        outputs.end(Summary(1))
    assert json.loads(target.read_text("utf-8"))["findings"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["house", "out.json"]


def test_a_run_that_breaks_leaves_what_was(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("old", "utf-8")
    with pytest.raises(RuntimeError), Outputs(None, [(FORMATS["json"], str(target))], Options(), pytest.fail):
        raise RuntimeError
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]
    assert target.read_text("utf-8") == "old"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old", "utf-8")
    (tmp_path / "link").symlink_to("real")
    with Outputs(None, [(FORMATS["json"], str(tmp_path / "link"))], Options(), pytest.fail) as outputs:
        outputs.end(Summary(1))
    assert (tmp_path / "link").is_symlink()
    assert json.loads((tmp_path / "real").read_text("utf-8"))


@pytest.mark.parametrize("path", ["nowhere/out.json", "."])
def test_what_cannot_be_opened_is_said_at_once(tmp_path: Path, path: str) -> None:
    kept = tmp_path / "kept.json"
    with pytest.raises(OutputError, match="cannot be written: "):
        Outputs(None, [(FORMATS["json"], str(kept)), (FORMATS["json"], str(tmp_path / path))], Options(), pytest.fail)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no device that is always full")
def test_a_file_that_fails_is_given_up_and_the_others_go_on(tmp_path: Path) -> None:
    reports = judged(house(tmp_path), *(exchange(X_Note="x" * 3000, entry=number) for number in range(300)))
    failures: list[str] = []
    files = [(FORMATS["jsonl"], "/dev/full"), (FORMATS["json"], str(tmp_path / "good.json"))]
    with Outputs(None, files, Options(), failures.append) as outputs:
        for report in reports:
            outputs.report(report)
        outputs.end(Summary(1))
    assert failures == ["/dev/full cannot be written: No space left on device"]
    assert len(json.loads((tmp_path / "good.json").read_text("utf-8"))["exchanges"]) == 300


@pytest.mark.parametrize("name", NAMES)
def test_hostile_traffic_breaks_nothing(name: str, tmp_path: Path) -> None:
    reports = evil(house(tmp_path))
    reports.append(suppress(judged(tmp_path / "house", exchange())[0], "waiver", "for | a <reason>"))
    text = written(name, reports, Options(show_not_evaluated=True), [("<evil>|.har", "broken <b>")], ["no <response>"])
    text.encode("utf-8")
    assert "topsecret" not in text
    for character in text:
        assert character.isprintable() or character in ("\r\n" if name == "csv" else "\n"), hex(ord(character))


@pytest.mark.parametrize("name", NAMES)
def test_a_clean_run_has_a_report(name: str, tmp_path: Path) -> None:
    clean = judged(house(tmp_path), exchange(X_Request_Id="1"))
    assert written(name, clean) == written(name, clean)
    assert written(name, clean)


@pytest.mark.parametrize("name", NAMES)
def test_secrets_show_only_if_asked_for(name: str, tmp_path: Path) -> None:
    report, = judged(house(tmp_path), exchange(uri="http://h.example/?token=abc123xyz", Set_Cookie="id=cookie123"))
    first = report.findings[0]
    report.findings[0] = Finding(first.rule, "http://h.example/?token=abc123xyz", first.location)
    masked = written(name, [report])
    assert "abc123xyz" not in masked
    assert "cookie123" not in masked
    assert "abc123xyz" in written(name, [report], Options(masker=Masker(shows=True)))


@pytest.mark.parametrize("name", NAMES)
def test_only_the_terminal_is_painted(name: str, tmp_path: Path) -> None:
    report, = judged(house(tmp_path), exchange())
    painted = written(name, [report], Options(paint=Paint(True)))
    assert ("\033[" in painted) == (name in ("text", "concise"))


def test_csv_is_a_row_each(tmp_path: Path) -> None:
    reports = judged(house(tmp_path), exchange(X_Note="1"), exchange(entry=1))
    reports[1] = suppress(reports[1], "baseline", "known, and old")
    text = written("csv", reports)
    assert text.count("\r\n") == text.count("\n") == 4
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["rule"], row["severity"], row["entry"], row["line"], row["suppressed"]) for row in rows] == [
        ("house.request-id", "error", "0", "10", ""), ("house.note", "info", "0", "10", ""),
        ("house.request-id", "error", "1", "11", "baseline: known, and old")]
    assert rows[0]["link"] == "https://www.rfc-editor.org/rfc/rfc9110#section-5.1"


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "a;=1", "a; +1", "＝1", "\t=1", "\r=1"])
def test_csv_has_no_formulas(value: str, tmp_path: Path) -> None:
    report, = judged(house(tmp_path), exchange(method=value, path=value))
    first = report.findings[0]
    report.findings[0] = Finding(first.rule, value, first.location)
    row = next(csv.DictReader(io.StringIO(written("csv", [report]), newline="")))
    for cell in (row["method"], row["path"], row["message"]):
        for part in cell.split(";"):
            assert part.lstrip()[:1] not in tuple("=+-@＝＋－＠")


def test_markdown_has_tables_and_no_markup_of_others(tmp_path: Path) -> None:
    text = written("markdown", evil(house(tmp_path)), problems=[("a|b.har", "<b>")])
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert tables
    widths = {line.count("|") for line in tables}
    assert widths <= {len(head.split("|")) - 1 for head in tables if "---" in head}
    for line in text.splitlines():
        outside = line.replace("<code>", "").replace("</code>", "").replace("<details>", "").replace(
            "</details>", "").replace("<summary>", "").replace("</summary>", "")
        assert "<" not in outside
        assert "javascript:" not in outside
        assert "@admin" not in outside


def test_markdown_of_a_mebibyte_at_most(tmp_path: Path) -> None:
    reports = judged(house(tmp_path), *(exchange(uri=f"http://h{number}.example/{'ab/' * 300}", X_Note="x" * 5000)
                                        for number in range(200)))
    text = written("markdown", reports)
    assert len(text.encode()) < 1 << 20
    assert "… and 350 more" in text                        # 400 kinds, of which 50 are shown


def test_statistics_count_by_rule_host_and_status(tmp_path: Path) -> None:
    from collections import Counter

    from httplint.report.statistics import StatisticsReport
    parts: list[str] = []
    reporter = StatisticsReport(parts.append, Options())
    summary = Summary(3)
    summary.places = Counter()
    for report in judged(house(tmp_path), exchange(), exchange(uri="http://shop.example/items/13", X_Note="1"),
                         exchange(404, uri="http://other.example/"), exchange(X_Request_Id="1")):
        summary.count(report)
        reporter.report(report)
    reporter.end(summary)
    lines = [line.split() for line in "".join(parts).splitlines() if line]
    assert ["3", "0", "0", "house.request-id", "no", "X-Request-Id", "|", "<b>"] in lines
    assert ["0", "0", "1", "house.note", "a", "title"] in lines
    assert ["2", "0", "1", "http://shop.example", "in", "3", "exchanges"] in lines
    assert ["1", "0", "0", "http://other.example", "in", "1", "exchange"] in lines
    assert ["2", "0", "1", "200", "in", "3", "exchanges"] in lines
    assert ["1", "0", "0", "404", "in", "1", "exchange"] in lines
    assert ["2", "0", "1", "GET", "http://shop.example/items/{id}"] in lines

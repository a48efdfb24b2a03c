"""JUnit XML, annotations of GitHub Actions, and the code quality report of GitLab."""
from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from junitparser import JUnitXml, Skipped
from reporting import EVIL, evil, exchange, house, judged, suppress, written

from httplint.engine.report import Report
from httplint.report.reporter import Options

# -- JUnit


def suites(reports: list[Report], fail_on: str = "error", **about: Any) -> dict[str, dict[str, Any]]:
    """Suite -> name of a test case -> the case, as the parser sees them."""
    parsed = JUnitXml.fromstring(written("junit", reports, Options(fail_on=fail_on), **about).encode())
    out: dict[str, dict[str, Any]] = {}
    for suite in parsed:
        cases = list(suite)
        assert suite.tests == len(cases)
        results = [kind._tag for case in cases for kind in case.result]
        assert (suite.failures, suite.errors, suite.skipped) == (
            results.count("failure"), results.count("error"), results.count("skipped"))
        assert len({case.name for case in cases}) == len(cases)
        out[suite.name] = {case.name: case for case in cases}
    return out


def test_a_case_is_a_kind_of_exchange(tmp_path: Path) -> None:
    found = suites(judged(house(tmp_path), exchange(), exchange(uri="http://shop.example/items/13"),
                          exchange(404), exchange(uri="http://a.example/", X_Request_Id="1")))
    assert {name: sorted(cases) for name, cases in found.items()} == {
        "http://a.example": ["GET / 200"], "http://shop.example": ["GET /items/{id} 200", "GET /items/{id} 404"]}
    assert found["http://a.example"]["GET / 200"].is_passed
    failure, = found["http://shop.example"]["GET /items/{id} 200"].result
    assert failure.message == "house.request-id: no X-Request-Id (×2)"
    assert failure.type == "house.request-id"
    assert "at a.har:10:5: entry 0" in failure.text
    assert "fix: Do it." in failure.text


def test_what_does_not_fail_the_run_does_not_fail_the_case(tmp_path: Path) -> None:
    pack = house(tmp_path)
    exchanges = [exchange(X_Request_Id="1", X_Bad="1")]
    case = suites(judged(pack, *exchanges))["http://shop.example"]["GET /items/{id} 200"]
    assert case.is_passed
    assert "warning[house.bad] something is bad" in case.system_out
    assert suites(judged(pack, *exchanges), "warning")["http://shop.example"]["GET /items/{id} 200"].is_failure
    assert suites(judged(pack, exchange()), "never")["http://shop.example"]["GET /items/{id} 200"].is_passed


def test_suppressed_findings_fail_no_case(tmp_path: Path) -> None:
    report, = judged(house(tmp_path), exchange())
    case = suites([suppress(report, "waiver", "agreed")])["http://shop.example"]["GET /items/{id} 200"]
    assert case.is_passed
    assert "no X-Request-Id (waiver: agreed)" in case.system_out


def test_unreadable_files_are_errors_and_skipped_entries_skipped(tmp_path: Path) -> None:
    found = suites(judged(house(tmp_path), exchange()), problems=[("b.har", "it breaks off")],
                   skipped=["no response", "no response"])
    error, = found["files"]["b.har"].result
    assert error.message == "3:4: it breaks off"
    skipped, = found["skipped entries"]["no response"].result
    assert isinstance(skipped, Skipped)
    assert skipped.message == "2 entries: no response"


def test_hostile_traffic_is_well_formed(tmp_path: Path) -> None:
    text = written("junit", evil(house(tmp_path)), problems=[(EVIL, EVIL)], skipped=[EVIL])
    assert text.isascii()
    assert not re.search("&#(x|[0-8];|1[0-9];|2[0-9];|5534|5535)", text)
    assert suites(evil(tmp_path / "house"), problems=[(EVIL, EVIL)], skipped=[EVIL])


# -- GitHub


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """(command, properties, value) as the runner reads them."""
    out = []
    for line in text.splitlines():
        assert "##[" not in line
        if line.lstrip().startswith("::"):
            found = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
            assert found, line
            properties = dict(pair.split("=", 1) for pair in found[2].split(","))
            for old, new in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
                properties = {name: value.replace(old, new) for name, value in properties.items()}
            value = found[3].replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
            out.append((found[1], properties, value))
    return out


def test_annotations(tmp_path: Path) -> None:
    text = written("github", judged(house(tmp_path), exchange(path="a,b:c%.har", X_Note="1", X_Bad="1")))
    (error, place, said), (warning, _, _), (notice, _, _) = commands(text)
    assert (error, warning, notice) == ("error", "warning", "notice")
    assert place == {"file": "a,b:c%.har", "line": "10", "col": "5", "title": "house.request-id"}
    assert said.splitlines() == ["no X-Request-Id", "GET http://shop.example/items/12 -> 200", "Fix: Do it.",
                                 "MUST: RFC 9110 §5.1"]
    assert text.splitlines()[-1].startswith("1 error, 1 warning, 1 info in 1 of 1 entry")


def test_no_more_annotations_than_are_shown(tmp_path: Path) -> None:
    reports = judged(house(tmp_path), *(exchange(uri=f"http://h{number:02}.example/") for number in range(25)),
                     *(exchange(uri="http://shop.example/", entry=number) for number in range(300)))
    text = written("github", reports, problems=[("b.har", "broken")])
    found = commands(text)
    assert [command for command, _, _ in found] == ["error"] * 10
    assert found[0][1]["title"] == "httplint: cannot be read"
    plain = [line for line in text.splitlines() if line.startswith("error[house.request-id]")]
    assert len(plain) == 26 - 9
    assert any("no X-Request-Id (×300)" in line for line in plain)


def test_traffic_gives_the_runner_no_commands(tmp_path: Path) -> None:
    many = judged(house(tmp_path), *(exchange(405, EVIL, f"http://h{number}.example/", EVIL, X_Bad=EVIL, X_Note=EVIL)
                                     for number in range(12)))
    for report in many:
        for finding in report.findings:
            finding.message = EVIL
    found = commands(written("github", many, problems=[(EVIL, EVIL)], skipped=[EVIL]))
    assert {command for command, _, _ in found} == {"error", "warning", "notice"}
    assert {name for _, properties, _ in found for name in properties} == {"file", "line", "col", "title"}


# -- GitLab


def quality(reports: list[Report], **about: Any) -> list[Any]:
    data = json.loads(written("gitlab", reports, **about))
    assert isinstance(data, list)
    for issue in data:
        assert isinstance(issue["description"], str)
        assert isinstance(issue["check_name"], str)
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert isinstance(issue["location"]["path"], str)
        assert issue["location"]["lines"]["begin"] >= 1
    assert len({issue["fingerprint"] for issue in data}) == len(data)
    return data


def test_code_quality(tmp_path: Path) -> None:
    issues = quality(judged(house(tmp_path), exchange(path="./sub/a.har", X_Note="1"), exchange(X_Bad="1")))
    assert [(one["check_name"], one["severity"], one["location"]) for one in issues] == [
        ("house.request-id", "major", {"path": "sub/a.har", "lines": {"begin": 10}}),
        ("house.bad", "minor", {"path": "a.har", "lines": {"begin": 10}}),
        ("house.note", "info", {"path": "sub/a.har", "lines": {"begin": 10}})]
    assert issues[0]["description"] == "no X-Request-Id (×2): GET http://shop.example/items/12"


def test_code_quality_keeps_fingerprints_and_leaves_out_what_is_suppressed(tmp_path: Path) -> None:
    pack = house(tmp_path)
    before, = quality(judged(pack, exchange()))
    after, = quality(judged(pack, exchange(uri="http://shop.example/items/9", path="new.har", entry=7)))
    assert before["fingerprint"] == after["fingerprint"]
    report, = judged(pack, exchange())
    assert quality([suppress(report, "baseline", "known")]) == []


def test_code_quality_of_hostile_traffic(tmp_path: Path) -> None:
    issues = quality(evil(house(tmp_path)), problems=[("b.har", "broken"), ("b.har", "broken")])
    assert [issue["severity"] for issue in issues[-2:]] == ["blocker", "blocker"]


@pytest.mark.parametrize("name", ["junit", "gitlab", "github", "sarif", "markdown"])
def test_the_order_of_exchanges_does_not_show(name: str, tmp_path: Path) -> None:
    pack = house(tmp_path)
    reports = judged(pack, exchange(X_Note="1"), exchange(uri="http://a.example/"), exchange(404, "POST", X_Bad="1"))
    options = Options(rules=[finding.rule for report in reports for finding in report.findings])
    reports = [report for report in reports if report.exchange.request is not None]
    text = written(name, reports, options)
    again = written(name, reports[::-1], options)
    assert sorted(text.splitlines()) == sorted(again.splitlines())

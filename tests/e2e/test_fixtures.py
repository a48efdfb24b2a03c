"""The recorded fixtures: every planted violation is found, and nothing is reported that is not one.

Of conforming recordings that holds for advice too; violating ones may get more advice than was planted. The
expectations beside each HAR were written by hand from the specifications; see fixtures/har/README.md.
"""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from httplint import lint_har
from httplint.cli.main import run
from httplint.library import built_in_rules

FIXTURES = Path(__file__).parents[2] / "fixtures" / "har"
HARS = sorted(FIXTURES.glob("*.har"))
RULES = {rule.id: rule for rule in built_in_rules()}


def expected(har: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(har.with_suffix(".expected.json").read_text("utf-8"))["entries"]
    return entries


def test_there_are_conforming_and_violating_fixtures() -> None:
    assert sum("-conforming" in har.name for har in HARS) >= 4
    assert sum("-violating" in har.name for har in HARS) >= 2


@pytest.mark.parametrize("har", HARS, ids=lambda har: har.stem)
def test_findings_are_those_expected(har: Path) -> None:
    visible: dict[int, set[str]] = {}
    hidden: dict[int, set[str]] = {}
    for entry in expected(har):
        for violation in entry["violations"]:
            assert violation["rule"] in RULES, violation
            assert violation["level"] == RULES[violation["rule"]].level, violation
            group = visible if violation["visible"] else hidden
            group.setdefault(entry["entry"], set()).add(violation["rule"])
    found: dict[int, set[str]] = {}
    for _, report in lint_har(har):
        for finding in report.findings:
            assert finding.location.entry is not None
            planted = visible.get(finding.location.entry, ())
            if finding.severity != "info" or "-conforming" in har.name or finding.rule_id in planted:
                found.setdefault(finding.location.entry, set()).add(finding.rule_id)
    missed = {entry: rules - found.get(entry, set()) for entry, rules in visible.items()}
    false = {entry: rules - visible.get(entry, set()) for entry, rules in found.items()}
    assert {entry: rules for entry, rules in missed.items() if rules} == {}
    assert {entry: rules for entry, rules in false.items() if rules} == {}
    assert not {(entry, rule) for entry, rules in hidden.items() for rule in rules & found.get(entry, set())}


@pytest.mark.parametrize("har", [har for har in HARS if "-conforming" in har.name], ids=lambda har: har.stem)
def test_conforming_fixtures_have_no_errors(har: Path, capsys: pytest.CaptureFixture[str]) -> None:
    errors = [violation for entry in expected(har) for violation in entry["violations"]
              if violation["level"].startswith("MUST") and violation["visible"]]
    assert run(["check", str(har)]) == (1 if errors else 0)
    assert "entries from 1 file" in capsys.readouterr().out

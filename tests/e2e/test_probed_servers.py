"""`httplint probe` asks real servers on loopback: each error and warning was read against the specification.

All of them are true, and stand in probed/expected.toml, with the section that is broken and the reason.
"""
from __future__ import annotations

import json
import os
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from real_servers import KINDS, RESOURCES, serving, version

from httplint.cli.main import run
from httplint.library import Linter

EXPECTED: dict[str, Any] = tomllib.loads((Path(__file__).parent / "probed" / "expected.toml").read_text("utf-8"))

Found = tuple[str, str, str]
"""Rule, check and path."""


def expected(server: dict[str, Any]) -> Iterator[Found]:
    for rule, told in server["found"].items():
        for line in told["at"]:
            checks, _, paths = line.partition(": ")
            for path in RESOURCES if paths == "*" else paths.split():
                for check in checks.split():
                    yield rule, check, path


def found(server: dict[str, Any], report: dict[str, Any]) -> Iterator[Found]:
    same = {told["or"]: rule for rule, told in server["found"].items() if "or" in told}
    checks = [check["name"] for check in report["summary"]["matrix"]["checks"]]
    asked = {entry: check for row in report["summary"]["matrix"]["rows"]
             for check, cell in zip(checks, row["cells"], strict=True) for entry in cell["entries"]}
    for finding in report["findings"]:
        if finding["severity"] != "info":
            path = "/" + finding["request"]["uri"].split("/", 3)[3]
            yield same.get(finding["rule"], finding["rule"]), asked[finding["location"]["entry"]], path


def test_what_is_expected_names_servers_rules_and_sections() -> None:
    rules = {rule.id: rule for rule in Linter().rules}
    assert {rule: told["section"] for rule, told in EXPECTED["rules"].items()} == {
        rule: rules[rule].spec for rule in EXPECTED["rules"]}
    assert list(EXPECTED["servers"]) == list(KINDS)
    assert {rule for server in EXPECTED["servers"].values() for rule in server["found"]} == set(EXPECTED["rules"])


@pytest.mark.server
@pytest.mark.parametrize("name", EXPECTED["servers"])
def test_what_is_found_at_a_real_server_is_true(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    server, installed = EXPECTED["servers"][name], version(name)
    if server["version"] not in installed and not os.environ.get("CI"):
        pytest.skip(f"what is expected is that of {name} {server['version']}, and here is {installed.strip()}")
    with serving(name) as url:
        code = run(["probe", *[url + path for path in RESOURCES], "--unsafe", "--follow", "--pause", "0", "--isolated",
                    "--output-format", "json"])
    report = json.loads(capsys.readouterr().out)
    before, now = Counter(expected(server)), Counter(found(server, report))
    assert (list(now - before), list(before - now)) == ([], []), f"(new, gone) at {installed}"
    assert code == (1 if any(finding["severity"] == "error" for finding in report["findings"]) else 0)
    cells = [cell for row in report["summary"]["matrix"]["rows"] for cell in row["cells"]]
    assert [cell for cell in cells if cell["state"] == "not answered"] == []
    assert report["summary"]["entries"]["skipped"] == 0
    assert len(report["summary"]["matrix"]["rows"]) == len(RESOURCES)

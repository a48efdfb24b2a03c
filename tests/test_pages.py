"""docs/versioning.md is true of the program."""
from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import httplint
from httplint.cli.main import parser, run
from httplint.engine import catalogue
from httplint.engine.rule import SEVERITY, STAGES
from httplint.report.formats import FORMATS

ROOT = Path(__file__).parents[1]
VERSIONING = (ROOT / "docs" / "versioning.md").read_text("utf-8")
HAR = ROOT / "fixtures" / "har" / "mitmproxy-application-violating-4xx-5xx.har"


def row(what: str) -> str:
    """What a table of the page says behind a first cell."""
    found = re.search(rf"^\| {re.escape(what)} \| (.*) \|$", VERSIONING, re.M)
    assert found, what
    return found[1]


# --- what a release may change --------------------------------------------------------------------------------------

def test_the_numbers_of_formats_are_those_that_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result, sarif, baseline = (tmp_path / name for name in ("result.json", "sarif.json", "baseline.json"))
    assert run(["check", str(HAR), "--isolated", f"--output=json:{result}", f"--output=sarif:{sarif}"]) == 1
    assert run(["baseline", "create", str(HAR), "--isolated", "--baseline", str(baseline)]) == 0
    capsys.readouterr()
    assert f'`"format": {json.loads(result.read_text("utf-8"))["format"]}`' in row("`json`, `jsonl`")
    known = json.loads(baseline.read_text("utf-8"))["httplint-baseline"]
    assert f'`"httplint-baseline": {known}`' in row("baselines")
    assert f"`language = {catalogue.LANGUAGE}`" in row("the rule language")
    log = json.loads(sarif.read_text("utf-8"))
    assert f"SARIF is {log['version']}," in VERSIONING
    known = log["runs"][0]["results"][0]["partialFingerprints"].keys() - {"primaryLocationLineHash"}
    assert known == set(re.findall(r"`([\w/]+)` in SARIF", row("fingerprints")))


def test_each_format_is_one_to_rely_on_or_one_to_look_at() -> None:
    programs = row("`sarif`, `junit`, `gitlab`, `github`, `csv`")
    assert programs
    rest = re.search(r"^- (.*?) are for eyes", VERSIONING, re.M)
    assert rest
    told = {"json", "jsonl", "sarif", "junit", "gitlab", "github", "csv", *re.findall(r"`(\w+)`", rest[1])}
    assert told == set(FORMATS)


def test_levels_stages_and_names_are_those_of_the_program() -> None:
    severities = re.findall(r"`(\w+)`", row("severities"))
    assert {SEVERITY[level] for level in severities} == {"error", "warning", "info"}
    assert set(severities) | {f"{level} NOT" for level in ("MUST", "SHOULD")} == set(SEVERITY)
    assert set(re.findall(r"`(\w+)`", row("stages"))) == set(STAGES) - {"stable"}
    for name in re.findall(r"`httplint\.(\w+)`", row("Python")):
        assert name == "__all__" or (Path(httplint.__file__).parent / f"{name}.py").is_file()


def test_its_commands_and_links_are_there() -> None:
    for command in re.findall(r"`httplint ([^`]+)`", VERSIONING):
        words = command.split()
        assert parser().parse_args([*words, "x"]).verb == words[0]
    for target in re.findall(r"\]\(([^):]+)\)", VERSIONING):
        assert target == "configuration.md" or (ROOT / "docs" / target).is_file(), target

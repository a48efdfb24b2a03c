"""docs/architecture.md and docs/versioning.md are true of the program."""
from __future__ import annotations

import ast
import json
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest
from test_layers import ALLOWED

import httplint
from httplint.archive import forms, tables
from httplint.cli.main import parser, run
from httplint.engine import catalogue
from httplint.engine.rule import Rule
from httplint.model.severity import SEVERITY
from httplint.report.formats import FORMATS

ROOT = Path(__file__).parents[1]
PACKAGE = Path(httplint.__file__).parent
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
VERSIONING = (ROOT / "docs" / "versioning.md").read_text("utf-8")
HAR = ROOT / "fixtures" / "har" / "mitmproxy-application-violating-4xx-5xx.har"


def row(what: str) -> str:
    """What a table of the page says behind a first cell."""
    found = re.search(rf"^\| {re.escape(what)} \| (.*) \|$", VERSIONING, re.M)
    assert found, what
    return found[1]


OF_USERS = {".httplint-schema.json", "httplint.toml", ".httplint-baseline.json", "har/", ".postman_collection.json",
            "__files/", "out/archive.json"}
TOPS = (".", "*", "*/*", "src/httplint/*", "src/httplint/*/*")
"""Where the files are that pages name by the end of their paths."""


def block(heading: str, number: int = 0) -> list[str]:
    """The lines of an indented block below a heading of the architecture."""
    section = ARCHITECTURE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return str(re.findall(r"(?:^    .*\n)+", section, re.M)[number]).splitlines()


# --- the architecture -----------------------------------------------------------------------------------------------

def test_the_layers_are_those_that_are_held() -> None:
    rows = [line.partition("│")[0].split() for line in block("Who may import whom")]
    level = {room: -number for number, rooms in enumerate(rows) for room in rooms}
    assert sorted(room for rooms in rows for room in rooms) == sorted(ALLOWED)
    for room, allowed in ALLOWED.items():
        below = {name.partition(".")[0] for name in allowed} - {room, ""}
        assert all(level[other] < level[room] for other in below), room


def test_the_tree_is_the_tree() -> None:
    drawn = [word for line in block("The tree") for word in re.findall(r"\b[\w-]+(?:/|\.py\b)", line[:50])]
    rooms = {path.name + "/" * path.is_dir() for path in PACKAGE.iterdir()
             if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert rooms - set(drawn) <= {"__init__.py", "__main__.py", "pytest_plugin.py", "mitmproxy_script.py"}


@pytest.mark.parametrize("page", [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "rules" / "README.md"],
                         ids=lambda page: page.name)
def test_each_file_that_a_page_names_is_there(page: Path) -> None:
    """By its path, or the end of it: `plan.py` within a line about src/httplint/engine/."""
    for name in re.findall(r"`([\w./-]*\w(?:/|\.(?:py|md|toml|csv|yml|json)))`", page.read_text("utf-8")):
        assert name in OF_USERS or any(found for top in TOPS for found in ROOT.glob(f"{top}/{name}")), name


def way(number: int) -> list[tuple[str, str]]:
    """The steps of a list of the architecture: (module, function, method or class)."""
    steps = [tuple(line.split()[:2]) for line in block("One exchange's way, from file to finding", number)]
    return [(module, name) for module, name in steps]


@pytest.mark.parametrize(("number", "arguments", "status"), [
    (0, ["check", "site.har"], 1), (1, ["archive", "site.har", "--out", "out", "--jobs", "1"], 0)])
def test_a_capture_goes_this_way(tmp_path: Path, number: int, arguments: list[str], status: int) -> None:
    """In this order: as they are first called, in a process in which nothing else has been."""
    if number:
        pytest.importorskip("pyarrow")
    (tmp_path / "httplint.toml").write_text('severity = "info"\n', "utf-8")
    har = json.loads(HAR.read_text("utf-8"))
    har["log"]["entries"] = har["log"]["entries"][4:5]     # one with a finding
    (tmp_path / "site.har").write_text(json.dumps(har), "utf-8")
    steps = way(number)
    names = {(module, name if name[0].islower() or "." in name else f"{name}.__init__"): (module, name)
             for module, name in steps}
    done = subprocess.run([sys.executable, ROOT / "tests" / "programs" / "called.py", "called.json", *arguments,
                           "--no-progress"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == status, done
    called = [tuple(each) for each in json.loads((tmp_path / "called.json").read_text("utf-8"))]
    assert [names[each] for each in called if each in names] == steps


def test_what_becomes_of_rules_is_there() -> None:
    for module, name in way(2):
        tree = ast.parse((PACKAGE / module).read_text("utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}


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
    of_archives = row("tables of archives")
    assert f"`httplint.format` in each file is {tables.FORMAT}." in of_archives
    assert f'`"format": "{forms.FORMAT}"`' in of_archives
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
    assert set(re.findall(r"`(\w+)`", row("stages"))) == set(Rule.stage.choices) - {"stable"}
    for name in re.findall(r"`(httplint\.[\w.]+)`", row("Python")):
        assert pkgutil.resolve_name(name)


def test_its_commands_and_links_are_there() -> None:
    commands = re.findall(r"`httplint ([^`]+)`", VERSIONING)
    targets = re.findall(r"\]\(([^):]+)\)", VERSIONING + ARCHITECTURE)
    assert commands
    assert targets
    for command in commands:
        words = command.split()
        assert parser().parse_args([*words, "x"]).verb == words[0]
    for target in targets:
        assert target == "configuration.md" or (ROOT / "docs" / target).is_file(), target

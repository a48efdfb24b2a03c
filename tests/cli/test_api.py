"""Descriptions of an API: findings belong to its operations, and reports say what of it the traffic has shown."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from har_maker import entry, har_of, write

from httplint.capture import har_stretch
from httplint.cli.main import run
from httplint.jobs import workers

ROOT = Path(__file__).parents[2]
DESCRIPTION = """\
openapi: 3.1.0
info: {title: Shop, version: '1'}
servers: [{url: 'https://shop.example/v1'}]
paths:
  /items/{id}:
    get:
      operationId: getItem
      tags: [Items]
      responses: {200: {description: one}, 404: {description: none}, 4XX: {description: no}}
    delete:
      operationId: dropItem
      responses: {204: {description: gone}, default: {description: not}}
  /items:
    post:
      responses: {201: {description: made}}
"""
TRAFFIC = [("GET", "items/apple", 200), ("GET", "items/pear", 405), ("GET", "items/plum", 405), ("GET", "items/x", 500),
           ("GET", "items/x", 500), ("DELETE", "items/x", 503), ("PUT", "items/x", 405), ("PUT", "items/x", 200),
           ("HEAD", "items/x", 200), ("GET", "health", 200), ("GET", "nothing", 404)]


def traffic(*asked: tuple[str, str, int], base: str = "http://127.0.0.1:8000/v1/") -> dict[str, Any]:
    return har_of(*(entry(request={"method": method, "url": base + path}, response={"status": status})
                    for method, path, status in asked))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "openapi.yaml").write_text(DESCRIPTION, "utf-8")
    write(tmp_path / "a.har", traffic(*TRAFFIC))
    return tmp_path


def check(*arguments: str) -> int:
    return run(["check", "a.har", "--no-progress", "--select=405.allow-missing", *arguments])


def result(*arguments: str) -> dict[str, Any]:
    check("--api=openapi.yaml", "--output=json:result.json", *arguments)
    told: dict[str, Any] = json.loads(Path("result.json").read_text("utf-8"))
    return told


def section(text: str) -> list[str]:
    """The lines about the API."""
    lines = text.splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("  api: "))
    return lines[begin:next((number for number in range(begin + 1, len(lines)) if not lines[number].startswith("    ")),
                            len(lines))]


EXPECTED = """\
  api: 2 of 3 documented operations exercised, 3 of 6 documented status codes seen
    operations never exercised: 1
      POST /v1/items
    status codes never seen: 2
      GET /v1/items/{id}: 404
      DELETE /v1/items/{id}: 204
    status codes not documented: 1
      GET /v1/items/{id}: 500 ×2
    operations not documented: 2
      GET /v1/health: 200 ×1
      PUT /v1/items/{id}: 200 ×1"""


def test_the_report_ends_with_what_the_traffic_has_shown(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check("--api=openapi.yaml") == 1
    assert "\n".join(section(capsys.readouterr().out)) == EXPECTED
    check()
    assert "api:" not in capsys.readouterr().out


def test_findings_belong_to_operations(here: Path) -> None:
    told = result()
    assert {tuple(one["place"].values()) for one in told["exchanges"]} == {
        ("http://127.0.0.1:8000", "GET", "/v1/items/{id}"), ("http://127.0.0.1:8000", "PUT", "/v1/items/{id}")}
    assert run(["baseline", "create", "a.har", "--no-progress", "--select=405.allow-missing", "--api=openapi.yaml",
                "--baseline=known.json"]) == 0
    known = json.loads((here / "known.json").read_text("utf-8"))
    assert [(one["path"], one["method"], one["count"]) for one in known["findings"]] == [
        ("/v1/items/{id}", "GET", 2), ("/v1/items/{id}", "PUT", 1)]
    write(here / "a.har", traffic(("GET", "items/grape", 405), ("GET", "items/fig", 405)))
    assert check("--api=openapi.yaml", "--baseline=known.json") == 0
    assert check("--baseline=known.json") == 1, "without the description these are other places"


def test_the_result_tells_of_operations(here: Path) -> None:
    summary = result()["summary"]
    assert summary["operations"] == [
        {"id": "getItem", "method": "GET", "path": "/v1/items/{id}", "statuses": ["200", "404", "4XX"],
         "group": "Items", "seen": {"200": 1, "405": 2, "500": 2}},
        {"id": "dropItem", "method": "DELETE", "path": "/v1/items/{id}", "statuses": ["204", "default"], "group": None,
         "seen": {"503": 1}},
        {"id": None, "method": "POST", "path": "/v1/items", "statuses": ["201"], "group": None, "seen": {}}]
    assert [(one["method"], one["path"], one["status"], one["count"]) for one in summary["undocumented"]] == [
        ("GET", "/v1/health", 200, 1), ("PUT", "/v1/items/{id}", 200, 1)]


@pytest.mark.parametrize("format_", ["json", "jsonl"])
def test_a_result_makes_the_same_reports_again(here: Path, format_: str, capsys: pytest.CaptureFixture[str]) -> None:
    made = ("text", "json", "markdown", "gitlab", "sarif", "html")
    check("--api=openapi.yaml", f"--output={format_}:result", *(f"--output={name}:1.{name}" for name in made))
    assert run(["report", "--from", "result", *(f"--output={name}:2.{name}" for name in made)]) == 0
    for name in made:
        assert (here / f"2.{name}").read_bytes() == (here / f"1.{name}").read_bytes(), name


def test_merged_results_tell_what_one_run_would(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / "b.har", traffic(("POST", "items", 201), ("GET", "items/a", 404), ("GET", "health", 200)))
    for name in ("a", "b"):
        run(["check", f"{name}.har", "--no-progress", "--api=openapi.yaml", f"--output=json:{name}.json"])
    run(["check", "a.har", "b.har", "--no-progress", "--api=openapi.yaml", "--output=json:both.json"])
    capsys.readouterr()
    told = []
    for source in (["--from", "both.json"], ["--merge", "a.json", "b.json"]):
        run(["report", *source])
        told.append(section(capsys.readouterr().out))
    assert told[0] == told[1]
    assert "3 of 3 documented operations" in told[0][0]
    assert "      GET /v1/health: 200 ×2" in told[0]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are copies of this one")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("fork", [True, False])
def test_several_processes_tell_the_same(here: Path, monkeypatch: pytest.MonkeyPatch, fork: bool) -> None:
    monkeypatch.setattr(workers, "_may_fork", lambda: fork)
    for worth in (1 << 30, 4000):                          # whole captures, then stretches of them
        monkeypatch.setattr(har_stretch, "WORTH", worth)
        monkeypatch.setattr(har_stretch, "SIZE", 3000)
        write(here / "b.har", traffic(*TRAFFIC * 3))
        told = []
        for jobs in ("1", "2"):
            assert run(["check", "a.har", "b.har", "--no-progress", "--api=openapi.yaml", "--jobs", jobs,
                        "--output=json:result.json", "--output=html:r.html"]) == 1
            told.append(((here / "result.json").read_bytes(), (here / "r.html").read_bytes()))
        assert told[0] == told[1]


def test_all_is_listed_if_that_is_asked_for(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = "".join(f"  /p{number}: {{get: {{}}}}\n" for number in range(8))
    (here / "openapi.yaml").write_text("openapi: 3.0.0\npaths:\n" + paths, "utf-8")
    check("--api=openapi.yaml")
    assert section(capsys.readouterr().out) == [
        "  api: 0 of 8 documented operations exercised, 0 of 0 documented status codes seen",
        "    no exchange belongs to any: do their paths begin with the base path of the API's servers?",
        "    operations never exercised: 8", *(f"      GET /p{number}" for number in range(5)),
        "      … and 3 more (--show api lists them)"]
    check("--api=openapi.yaml", "--show=api")
    assert section(capsys.readouterr().out)[3:] == [f"      GET /p{number}" for number in range(8)]


def test_markdown_tells_of_it(here: Path) -> None:
    check("--api=openapi.yaml", "--output=markdown:a.md")
    text = (here / "a.md").read_text("utf-8")
    assert "### API\n\n2 of 3 documented operations exercised, 3 of 6 documented status codes seen.\n" in text
    assert "<summary>operations never exercised: 1</summary>\n\n- <code>POST /v1/items</code>\n" in text


def test_the_configuration_names_descriptions(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "docs").mkdir()
    (here / "openapi.yaml").rename(here / "docs" / "openapi.yaml")
    (here / "httplint.toml").write_text('api = "docs/openapi.yaml"\nshow = "api"\n', "utf-8")
    (here / "below").mkdir()
    check("--config=httplint.toml")
    assert "\n".join(section(capsys.readouterr().out)) == EXPECTED
    (here / "other.json").write_text('{"openapi": "3.0.0", "paths": {"/v1/items/{x}": {"get": {}}}}', "utf-8")
    check("--api=other.json")
    assert "1 of 1 documented operations" in capsys.readouterr().out, "what the command line names is instead of it"


def test_several_descriptions(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, host in (("a.json", "one.example"), ("b.json", "two.example")):
        (here / name).write_text(json.dumps({"openapi": "3.0.0", "servers": [{"url": f"https://{host}"}],
                                             "paths": {"/health": {"get": {"operationId": host}}}}), "utf-8")
    write(here / "a.har", traffic(("GET", "health", 200), base="https://two.example/"))
    check("--api=a.json", "--api=b.json", "--output=json:result.json")
    told = json.loads((here / "result.json").read_text("utf-8"))["summary"]["operations"]
    assert [(one["id"], one["seen"]) for one in told] == [("one.example", {}), ("two.example", {"200": 1})]


def test_hosts_of_third_parties_are_not_the_api(here: Path) -> None:
    ours = traffic(("GET", "items/a", 200), base="http://api.test/v1/")["log"]["entries"]
    theirs = traffic(("GET", "items/a", 500), base="http://cdn.test/v1/")["log"]["entries"]
    write(here / "a.har", har_of(*ours, *theirs))
    assert result()["summary"]["operations"][0]["seen"] == {"200": 1, "500": 1}
    (here / "httplint.toml").write_text('first-party = "api.test"\n', "utf-8")
    assert result()["summary"]["operations"][0]["seen"] == {"200": 1}


def test_names_of_hosts_go_together_with_operations(here: Path) -> None:
    (here / "httplint.toml").write_text('first-party = "app"\n[hosts]\napp = ["127.0.0.1", "shop.example"]\n', "utf-8")
    told = result()
    assert {tuple(one["place"].values()) for one in told["exchanges"]} == {
        ("app", "GET", "/v1/items/{id}"), ("app", "PUT", "/v1/items/{id}")}
    assert told["summary"]["operations"][0]["seen"] == {"200": 1, "405": 2, "500": 2}


def test_what_is_told_of_traffic_has_no_secrets(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secret = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"
    write(here / "a.har", traffic(("GET", "items/a", 200), ("GET", f"{secret}", 200), ("GET", "\x1b[31mred", 200)))
    check("--api=openapi.yaml", "--output=json:result.json")
    for text in (capsys.readouterr().out, (here / "result.json").read_text("utf-8")):
        assert "not documented: 2" in text or "undocumented" in text
        assert secret not in text
        assert "\x1b" not in text


@pytest.mark.parametrize("form", ["json", "jsonl", "html", "text"])
def test_what_is_no_text_in_a_description_can_be_written(
        here: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    (here / "odd.json").write_text(json.dumps({"openapi": "3.2.0", "servers": [{"url": "/\ud800"}], "paths": {
        "/a": {"additionalOperations": {"LOCK\udfff": {}}}}}), "utf-8")
    check("--api=odd.json", f"--output={form}:out")
    assert "fault of httplint" not in capsys.readouterr().err
    assert (here / "out").stat().st_size


@pytest.mark.parametrize(("text", "told"), [
    (None, "httplint: openapi.yaml: cannot be read: No such file or directory\n"),
    ("a: [\n", "httplint: openapi.yaml:2: not YAML: "),
    ("log: {}\n", "httplint: openapi.yaml: this is no description of an API: it has no key 'openapi', nor 'swagger'\n"),
    ("openapi: \x1b[31m\n", "httplint: openapi.yaml:1: not YAML: "),
    ('{"openapi": "\x1b[31m"}', "httplint: openapi.yaml:1: not YAML: "),
])
@pytest.mark.parametrize("verb", [["check", "a.har"], ["baseline", "create", "a.har"],
                                  ["fetch", "http://127.0.0.1:9"]], ids=lambda verb: verb[0])
def test_what_is_no_description_ends_the_run(here: Path, text: str | None, told: str, verb: list[str],
                                             capsys: pytest.CaptureFixture[str]) -> None:
    if text is None:
        (here / "openapi.yaml").unlink()
    else:
        (here / "openapi.yaml").write_text(text, "utf-8")
    assert run([*verb, "--api=openapi.yaml"]) == 2
    error = capsys.readouterr().err
    assert error.startswith(told)
    assert "\x1b" not in error


def test_nothing_of_it_is_loaded_without_a_description(here: Path) -> None:
    program = ("import sys; from httplint.cli.main import run; run(['check', 'a.har', *sys.argv[1:]]); "
               "print([name for name in sys.modules if name in ('yaml', 'referencing', 'httplint.report.operations')"
               " or name.startswith('httplint.description')], file=sys.stderr)")

    def loaded(*arguments: str) -> str:
        return subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True,
                              check=True).stderr.splitlines()[-1]

    assert loaded() == "[]"
    assert "'yaml'" in loaded("--api=openapi.yaml")
    assert "referencing" not in loaded("--api=openapi.yaml")


def test_the_recorded_application(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """fixtures/api describes it; what was recorded is in the HARs beside."""
    captures = sorted(map(str, (ROOT / "fixtures" / "har").glob("*-application-conforming-*.har")))
    assert len(captures) == 6
    assert run(["check", *captures, "--no-progress", f"--api={ROOT / 'fixtures' / 'api' / 'openapi.yaml'}",
                "--output=json:result.json"]) in (0, 1)
    told = {one["id"]: one for one in json.loads((here / "result.json").read_text("utf-8"))["summary"]["operations"]}
    assert told["change"] == {"id": "change", "method": "PUT", "path": "/conforming/never/{id}", "statuses": ["200"],
                              "group": "Changes", "seen": {}}
    asked = [(one["request"]["method"], one["request"]["url"].split("?")[0].rpartition("/conforming")[2],
              one["response"]["status"]) for capture in captures
             for one in json.loads(Path(capture).read_text("utf-8"))["log"]["entries"] if one["response"]["status"] > 0]
    for name, method, path in (("showPage", "GET", "/page"), ("showSequence", "GET", "/sequence")):
        seen = [str(status) for verb, place, status in asked if (verb, place) == (method, path)]
        assert told[name]["seen"] == {status: seen.count(status) for status in sorted(set(seen))}


def test_the_sample_of_the_guide(capsys: pytest.CaptureFixture[str]) -> None:
    sample = (ROOT / "docs" / "guides" / "api.md").read_text("utf-8").partition("```text\n")[2].partition("```")[0]
    run(["check", str(ROOT / "fixtures" / "har" / "mitmproxy-application-violating-4xx-5xx.har"), "--no-progress",
         f"--api={ROOT / 'fixtures' / 'api' / 'openapi.yaml'}"])
    assert section(capsys.readouterr().out) == sample.splitlines()

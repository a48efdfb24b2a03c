"""`httplint report`, and the outputs of `httplint check`, as their users call them."""
from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from reporting import EVIL, house

from httplint.cli.main import run
from httplint.report.form import schema
from httplint.report.formats import FORMATS

pytestmark = pytest.mark.usefixtures("packaged")

SCHEMA = schema()
LINE = {"$schema": SCHEMA["$schema"], "$ref": "#/$defs/line", "$defs": SCHEMA["$defs"]}
DATE = {"name": "Date", "value": "Tue, 01 Jul 2025 12:00:00 GMT"}


def entry(status: int = 200, method: str = "GET", url: str = "http://shop.example/items/12", text: str = "text",
          **headers: str) -> Any:
    fields = [DATE] + [{"name": name.replace("_", "-"), "value": value} for name, value in headers.items()]
    return {"startedDateTime": "2025-07-01T12:00:00Z",
            "request": {"method": method, "url": url, "httpVersion": "HTTP/1.1", "bodySize": 0,
                        "headers": [{"name": "Host", "value": "shop.example"}]},
            "response": {"status": status, "statusText": "", "httpVersion": "HTTP/1.1", "headers": fields,
                         "content": {"size": 4, "mimeType": "text/plain", "text": text}, "bodySize": 4}}


def har(path: Path, *entries: Any) -> str:
    log = {"version": "1.2", "creator": {"name": "mitmproxy", "version": "12"}, "entries": list(entries)}
    path.write_text(json.dumps({"log": log}, indent=1), "utf-8")
    return str(path)


ENTRIES = [entry(X_Note="1"), entry(405, "PATCH", "http://a.example/?token=abcdef", Set_Cookie="id=secretsecret"),
           entry(X_Bad="é\u202e", text="größe " * 400), entry(status=0), entry(ETag=EVIL.replace("\ud800", "")),
           entry(url="http://shop.example/items/13")]


@pytest.fixture
def pack(tmp_path: Path) -> str:
    return str(house(tmp_path))


@pytest.fixture
def results(tmp_path: Path, pack: str, capsys: pytest.CaptureFixture[str]) -> Path:
    """A directory with a report of the same run in each format."""
    out = tmp_path / "out"
    out.mkdir()
    outputs = [f"--output={name}:{out / name}" for name in FORMATS]
    assert run(["check", har(tmp_path / "a.har", *ENTRIES), "--isolated", "--rules", pack, *outputs]) == 1
    assert "error[house.request-id] ×4" in capsys.readouterr().out
    return out


def test_json_and_json_lines_are_of_their_schema(results: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    data = json.loads((results / "json").read_text("utf-8"))
    jsonschema.validate(data, SCHEMA)
    assert data["format"] == 1
    assert all(finding["exchange"] < len(data["exchanges"]) for finding in data["findings"])
    for finding in data["findings"]:
        exchange = data["exchanges"][finding["exchange"]]
        assert exchange["source"]["entry"] == finding["location"]["entry"]
        assert finding["rule"] in data["rules"]
    lines = [json.loads(line) for line in (results / "jsonl").read_text("utf-8").splitlines()]
    for line in lines:
        jsonschema.validate(line, LINE)
    assert [line["type"] for line in lines] == ["exchange"] * 5 + ["summary"]
    assert [finding for line in lines[:-1] for finding in line["findings"]] == [
        {key: value for key, value in finding.items() if key != "exchange"} for finding in data["findings"]]
    assert lines[-1]["summary"] == data["summary"]
    assert sum(place["count"] for place in data["summary"]["places"]) == data["summary"]["entries"]["linted"] == 5


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA


@pytest.mark.parametrize("change", [
    lambda data: data.pop("summary"),
    lambda data: data.update(more=1),
    lambda data: data.update(format=2),
    lambda data: data["findings"][0].pop("exchange"),
    lambda data: data["findings"][0].pop("level"),
    lambda data: data["findings"][0].update(severity="fatal"),
    lambda data: data["findings"][0]["location"].update(part="line"),
    lambda data: data["findings"][0]["location"].update(line=0),
    lambda data: data["findings"][0].pop("request"),
    lambda data: data["suppressed"].append(data["findings"][0]),
    lambda data: data["exchanges"][0].update(type="exchange"),
    lambda data: data["exchanges"][0]["response"]["fields"].append(["Age"]),
    lambda data: data["exchanges"][0]["response"].pop("trailers"),
    lambda data: data["exchanges"][0]["interim"].append({"status": 103, "reason": None, "version": None}),
    lambda data: data["exchanges"][0]["response"]["content"].update(size=-1),
    lambda data: data["rules"]["house.request-id"].update(once="path"),
    lambda data: data["rules"]["house.request-id"].update(confidence="none"),
    lambda data: data["summary"]["findings"].pop("info"),
    lambda data: data["summary"]["findings"].update(fatal=1),
    lambda data: data["summary"]["suppressed"].update(luck=1),
    lambda data: data["summary"]["places"][0].pop("host"),
    lambda data: data.update(not_evaluated=[{"path": None, "entry": None}]),
])
def test_what_is_not_of_the_form_is_not_of_the_schema(change: Callable[[Any], object], results: Path) -> None:
    data = json.loads((results / "json").read_text("utf-8"))
    jsonschema.validate(data, SCHEMA)
    change(data)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, SCHEMA)


@pytest.mark.parametrize("source", ["json", "jsonl"])
def test_every_report_can_be_made_of_a_result(source: str, results: Path, tmp_path: Path,
                                              capsys: pytest.CaptureFixture[str]) -> None:
    again = tmp_path / "again"
    again.mkdir()
    outputs = [f"--output={name}:{again / name}" for name in FORMATS]
    assert run(["report", "--from", str(results / source), *outputs]) == 0
    capsys.readouterr()
    for name in FORMATS:
        if name == "html":                                 # which tells also which rules were put to the test
            assert (again / name).read_text("utf-8").startswith("<!doctype html>")
        else:
            assert (again / name).read_text("utf-8") == (results / name).read_text("utf-8"), name


def test_a_report_on_standard_output(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "--from", str(results / "json"), "--output-format", "sarif"]) == 0
    assert capsys.readouterr().out == (results / "sarif").read_text("utf-8")
    assert run(["report", "--from", str(results / "json"), "--output", "csv:-"]) == 0
    assert capsys.readouterr().out.replace("\r", "") == (results / "csv").read_text("utf-8")


@pytest.mark.parametrize(("change", "said"), [
    (lambda data: [], "it has no format that is a number; httplint check --output json:FILE writes results"),
    (lambda data: {}, "this is no result of httplint: it has no format that is a number"),
    (lambda data: data | {"format": 2}, "the result has format 2, expected 1"),
    (lambda data: data | {"findings": [1]}, "findings[0]: Expected `object`, got `int`"),
    (lambda data: data | {"findings": data["findings"][::-1]}, "]: its exchange is not there"),
    (lambda data: data | {"exchanges": []}, "findings[0]: its exchange is not there"),
    (lambda data: data | {"rules": {}}, "is not among the rules"),
    (lambda data: data | {"exchanges": [data["exchanges"][0] | {"response": None}]}, "exchanges[0]: Expected `object`"),
    (lambda data: data | {"summary": None}, "$.summary"),
])
def test_what_is_no_result_is_said(change: Any, said: str, results: Path, tmp_path: Path,
                                   capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(change(json.loads((results / "json").read_text("utf-8")))), "utf-8")
    kept = tmp_path / "kept.sarif"
    assert run(["report", "--from", str(path), "--output", f"sarif:{kept}"]) == 2
    err = capsys.readouterr().err
    assert f"httplint: {path}: " in err
    assert said in err
    assert not kept.exists()


@pytest.mark.parametrize("text", ["", "{", "nonsense\x1b[2J", "[" * 100_000, '{"type":"exchange"}\n', "\udcff",
                                  '{"type":"summary"}\n', '{"log": {"entries": []}}'])
def test_what_is_no_json_is_said(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert run(["report", "--from", str(path)]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"httplint: {path}: ")
    assert err.rstrip("\n").isprintable()


def test_a_missing_result_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "--from", str(tmp_path / "no.json")]) == 2
    assert "no.json: cannot be read: No such file" in capsys.readouterr().err


def test_json_lines_that_break_off_are_no_result(results: Path, tmp_path: Path,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    whole = (results / "jsonl").read_bytes()
    for end in (len(whole) - 2, whole.rindex(b"\n", 0, -1), whole.index(b"\n") + 1, 100):
        path = tmp_path / "part.jsonl"
        path.write_bytes(whole[:end])
        assert run(["report", "--from", str(path)]) == 2
        assert str(path) in capsys.readouterr().err


@pytest.mark.parametrize("source", ["json", "jsonl"])
def test_damaged_results_crash_nothing(source: str, results: Path, tmp_path: Path,
                                       capsys: pytest.CaptureFixture[str]) -> None:
    whole = (results / source).read_bytes()
    chance = random.Random(6)
    path = tmp_path / "damaged"
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(damaged))
            damaged[at:at + chance.randint(0, 4)] = chance.choice(
                [b"", b"null", b'"', b"-1", b"{}", b"\x00", b"\\u001b", b"\xff", b"1e400", b"99999999999999999999999"])
        path.write_bytes(damaged)
        assert run(["report", "--from", str(path), "--output", f"jsonl:{tmp_path / 'o'}"]) in (0, 2)
        captured = capsys.readouterr()
        for text in (captured.out, captured.err):
            assert all(character.isprintable() or character == "\n" for character in text)


def test_texts_of_a_strange_result_do_not_reach_the_terminal_raw(results: Path, tmp_path: Path,
                                                                 capsys: pytest.CaptureFixture[str]) -> None:
    text = (results / "json").read_text("utf-8")
    for word in ("Do it.", "House §1", "a title", "no X-Request-Id", "shop.example", "a.har"):
        text = text.replace(json.dumps(word)[1:-1], json.dumps(f"{word}\x1b[2J\u202e")[1:-1])
    path = tmp_path / "strange.json"
    path.write_text(text, "utf-8")
    for name in ("text", "concise", "github"):
        assert run(["report", "--from", str(path), "--output-format", name, "--statistics"]) == 0
        captured = capsys.readouterr()
        assert all(character.isprintable() or character == "\n" for character in captured.out + captured.err)


def test_the_difference_of_two_results(results: Path, tmp_path: Path, pack: str,
                                       capsys: pytest.CaptureFixture[str]) -> None:
    new = tmp_path / "new.json"
    run(["check", har(tmp_path / "b.har", entry(X_Note="1"), entry(url="http://new.example/")), "--isolated",
         "--rules", pack, "--output", f"json:{new}"])
    capsys.readouterr()
    assert run(["report", "--diff", str(results / "json"), str(results / "jsonl")]) == 0
    assert capsys.readouterr().out.startswith("no differences: ")
    assert run(["report", "--diff", str(results / "json"), str(new)]) == 1
    assert "error[house.request-id GET http://new.example/]" in capsys.readouterr().out
    assert run(["report", "--diff", str(new), str(results / "json"), "--fail-on", "never",
                "--output-format", "json"]) == 0
    assert {change["change"] for change in json.loads(capsys.readouterr().out)} == {"new", "gone", "more", "unchanged"}
    assert run(["report", "--diff", str(new), str(tmp_path / "no.json")]) == 2


def test_outputs_that_cannot_be_are_bad_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = har(tmp_path / "a.har", entry())
    for arguments, said in (
            (["--output", "jsn:x"], "there is no format 'jsn'; did you mean 'json'?"),
            (["--output", "json"], "expected FORMAT:FILE"),
            (["--output", f"json:{tmp_path}/no/x"], "cannot be written: No such file or directory"),
            (["--output", "json:-", "--output", "csv:-"], "only one report can go to standard output")):
        assert run(["check", path, "--isolated", *arguments]) == 2
        captured = capsys.readouterr()
        assert said in captured.err
        assert captured.out == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
def test_an_output_that_fails_in_the_end_is_trouble(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = har(tmp_path / "a.har", entry())
    assert run(["check", path, "--isolated", "--fail-on", "never", "--output", "json:/dev/full",
                "--output", f"csv:{tmp_path / 'good.csv'}"]) == 2
    captured = capsys.readouterr()
    assert "httplint: /dev/full cannot be written: No space left on device" in captured.err
    assert "in 1 of 1 entry" in captured.out
    assert (tmp_path / "good.csv").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_standard_output_that_fails_is_trouble(name: str, tmp_path: Path) -> None:
    path = har(tmp_path / "a.har", *(entry(url=f"http://h{number}.example/") for number in range(50)))
    kept = tmp_path / "kept.csv"
    with open("/dev/full", "wb") as full:
        done = subprocess.run([sys.executable, "-m", "httplint", "check", path, "--isolated", "--output-format", name,
                               "--output", f"csv:{kept}"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1, done.stderr.decode()
    assert b"cannot be written: No space left on device" in done.stderr


def test_files_are_written_though_nobody_reads_standard_output(tmp_path: Path) -> None:
    path = har(tmp_path / "a.har", *(entry(url=f"http://h{number}.example/") for number in range(2000)))
    done = subprocess.run(f"{sys.executable} -m httplint check {path} --isolated --output json:{tmp_path}/o.json "
                          "| head -n 1", shell=True, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr
    assert json.loads((tmp_path / "o.json").read_text("utf-8"))["summary"]["entries"]["linted"] == 2000


def test_statistics_go_where_they_spoil_nothing(tmp_path: Path, pack: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = har(tmp_path / "a.har", entry(), entry(404))
    arguments = ["check", path, "--isolated", "--rules", pack, "--select", "house", "--statistics"]
    run(arguments)
    captured = capsys.readouterr()
    assert "       2        0        0  house.request-id" in captured.out
    assert "house" not in captured.err
    run([*arguments, "--output-format", "json"])
    captured = capsys.readouterr()
    assert json.loads(captured.out)["findings"]
    assert "       2        0        0  house.request-id" in captured.err


def test_the_time_of_rules_is_told_when_asked_for(tmp_path: Path, pack: str,
                                                  capsys: pytest.CaptureFixture[str]) -> None:
    path = har(tmp_path / "a.har", entry(), entry(404))
    arguments = ["check", path, "--isolated", "--rules", pack, "--select", "house,405"]
    run(arguments)
    plain = capsys.readouterr()
    assert "house" not in plain.err
    run([*arguments, "--profile-rules"])
    timed = capsys.readouterr()
    assert timed.out == plain.out
    rows = [line.split() for line in timed.err.splitlines()[2:]]
    # once to see whether there is something to say of such responses, and to say it of each of the two
    assert {row[-1]: row[2] for row in rows}["house.request-id"] == "3"
    seconds = [float(row[0]) for row in rows]
    assert seconds == sorted(seconds, reverse=True)


def test_reports_do_not_depend_on_the_order_of_files(tmp_path: Path, pack: str) -> None:
    paths = [har(tmp_path / "b.har", *ENTRIES), har(tmp_path / "a.har", *ENTRIES[::-1])]
    outputs = set()
    for seed, order in (("1", paths), ("2", paths[::-1])):
        made = {name: tmp_path / f"{seed}.{name}" for name in ("text", "json", "sarif", "junit", "html")}
        subprocess.run([sys.executable, "-m", "httplint", "check", *order, "--isolated", "--rules", pack,
                        *(f"--output={name}:{path}" for name, path in made.items())], capture_output=True, check=False,
                       env={"PYTHONHASHSEED": seed, "PYTHONPATH": os.environ["PYTHONPATH"]})
        outputs.add(tuple(path.read_bytes() for path in made.values()))
    assert len(outputs) == 1


def test_machines_get_utf_8_whatever_the_terminal_is(tmp_path: Path, pack: str) -> None:
    path = har(tmp_path / "a.har", *ENTRIES)
    for name in ("json", "jsonl", "csv", "markdown", "junit"):
        done = subprocess.run([sys.executable, "-m", "httplint", "check", path, "--isolated", "--rules", pack,
                               "--output-format", name], capture_output=True, check=False,
                              env={"PYTHONIOENCODING": "ascii", "PYTHONPATH": os.environ["PYTHONPATH"]})
        assert done.returncode == 1, done
        done.stdout.decode("utf-8")
        if name == "json":
            assert json.loads(done.stdout)["exchanges"]


def test_sarif_tells_what_is_new_and_of_which_job_it_is(tmp_path: Path, pack: str,
                                                        capsys: pytest.CaptureFixture[str]) -> None:
    known, new = har(tmp_path / "known.har", entry()), har(tmp_path / "new.har", entry(url="http://new.example/"))
    always = ["--isolated", "--rules", pack, "--select", "house", "--fail-on", "never"]
    baseline = str(tmp_path / "baseline.json")
    assert run(["baseline", "create", known, "--baseline", baseline, *always[:-2]]) == 0
    sarif, result = tmp_path / "out.sarif", tmp_path / "out.json"
    assert run(["check", known, new, *always, "--baseline", baseline, "--category", "linux", f"--output=sarif:{sarif}",
                f"--output=json:{result}"]) == 0
    capsys.readouterr()
    assert run(["report", "--from", str(result), "--category", "linux", "--output-format", "sarif"]) == 0
    assert capsys.readouterr().out == sarif.read_text("utf-8")
    told, = json.loads(sarif.read_text("utf-8"))["runs"]
    assert told["automationDetails"] == {"id": "linux/"}
    assert [(one["baselineState"], len(one["suppressions"])) for one in told["results"]] == [
        ("new", 0), ("unchanged", 1)]

"""`httplint check` as its users call it."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from httplint.capture.reading import READERS
from httplint.cli.main import parser, run
from httplint.report.form import schema

pytestmark = pytest.mark.usefixtures("packaged")

SCHEMA = schema()
DATE = {"name": "Date", "value": "Tue, 01 Jul 2025 12:00:00 GMT"}


def entry(status: Any = 405, method: str = "PATCH", url: str = "http://shop.example/items/12", **headers: str) -> Any:
    fields = [DATE] + [{"name": name.replace("_", "-"), "value": value} for name, value in headers.items()]
    return {"startedDateTime": "2025-07-01T12:00:00Z",
            "request": {"method": method, "url": url, "httpVersion": "HTTP/1.1", "bodySize": 0,
                        "headers": [{"name": "Host", "value": "shop.example"}]},
            "response": {"status": status, "statusText": "", "httpVersion": "HTTP/1.1", "headers": fields,
                         "content": {"size": 4, "mimeType": "text/plain", "text": "text"}, "bodySize": 4}}


@pytest.fixture
def har(tmp_path: Path) -> Any:
    def make(*entries: Any, name: str = "a.har", indent: int | None = 1) -> str:
        path = tmp_path / name
        log = {"version": "1.2", "creator": {"name": "mitmproxy", "version": "12"}, "entries": list(entries)}
        path.write_text(json.dumps({"log": log}, indent=indent), "utf-8")
        return str(path)
    return make


def test_text_names_everything(har: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = har(entry(), entry(url="http://shop.example/items/13"), entry(Allow="GET", Content_Type="text/plain"))
    assert run(["check", path, "--select", "405.allow-missing"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("error[405.allow-missing] ×2 ")
    assert f"--> {path}:9:4 (entry 0) PATCH http://shop.example/items/12\n" in out
    assert "| < HTTP/1.1 405\n" in out
    assert "> PATCH" not in out
    assert "= fix: " in out
    assert ("= MUST: RFC 9110 §15.5.6  https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6  "
            "httplint explain 405.allow-missing\n") in out
    assert "= also at entry 1\n" in out
    assert "1 error" not in out
    assert "2 errors in 3 of 3 entries from 1 file, by 1 rule\n" in out
    assert "\033" not in out


def test_exit_codes(har: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = har(entry(), name="bad.har")
    good = har(entry(Allow="GET", Content_Type="text/plain", Content_Length="4"), name="good.har")
    empty = har(name="empty.har")
    skipped = har(entry(status=0), name="skipped.har")
    broken = tmp_path / "broken.har"
    broken.write_text("{", "utf-8")
    assert run(["check", good, "--select", "405"]) == 0
    assert run(["check", bad, "--select", "405"]) == 1
    assert run(["check", bad, "--select", "405", "--fail-on", "never"]) == 0
    assert run(["check", good, bad, "--select", "405.allow-missing", "--fail-on", "info"]) == 1
    assert run(["check", empty]) == 3
    assert capsys.readouterr().out.splitlines()[-1].startswith("nothing checked in 0 of 0 entries")
    assert run(["check", skipped]) == 3
    assert run(["check", str(broken)]) == 2
    assert run(["check", str(broken), bad]) == 2
    assert run(["check", str(tmp_path / "missing.har")]) == 2
    assert run(["check", bad, "--select", "nonsense"]) == 2
    assert run(["check", bad, "--rules", str(tmp_path / "nowhere")]) == 2
    assert "missing.har: no such file" in capsys.readouterr().err
    for arguments in ([], ["check"], ["frobnicate"], ["check", bad, "--output-format", "xml"]):
        with pytest.raises(SystemExit) as caught:
            run(arguments)
        assert caught.value.code == 2


def test_without_a_verb_it_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run([])
    error = capsys.readouterr().err
    assert "lint captures" in error
    assert "exit status:" in error
    with pytest.raises(SystemExit):
        run(["check", "a.har", "--outpt", "x"])
    error = capsys.readouterr().err
    assert "there is no option --outpt; did you mean '--output'? (httplint check --help lists what there is)" in error


def test_a_directory_and_several_files(har: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    har(entry(), name="a.har")
    (tmp_path / "sub").mkdir()
    har(entry(), name="sub/b.har")
    (tmp_path / "notes.txt").write_text("not a capture", "utf-8")
    assert run(["check", str(tmp_path), "--select", "405.allow-missing"]) == 1
    assert "2 errors in 2 of 2 entries from 2 files" in capsys.readouterr().out


def test_what_is_skipped_is_counted_and_named(har: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = har(entry(), entry(status=0), None, entry(status=None), entry(url="data:text/plain,x"))
    assert run(["check", path, "--select", "405.allow-missing"]) == 1
    out = capsys.readouterr().out
    assert "in 1 of 5 entries" in out
    assert sum(int(line.split()[1].rstrip(":")) for line in out.splitlines() if line.startswith("  skipped ")) == 4


def test_a_truncated_file_still_gives_its_readable_entries(har: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = har(entry(), entry(), entry())
    text = Path(path).read_text("utf-8")
    Path(path).write_text(text[:text.rindex('"response"')], "utf-8")
    assert run(["check", path, "--select", "405.allow-missing"]) == 2
    captured = capsys.readouterr()
    assert "2 errors in 2 of 2 entries" in captured.out
    assert f"unreadable {path}:" in captured.out
    assert path in captured.err


def test_json_is_valid_and_whole(har: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = har(entry(Retry_After="x\u202e\x1b[31m"), entry(Allow="GET"), entry(status=0))
    assert run(["check", path, "--output-format", "json", "--show", "not-evaluated"]) == 1
    data = json.loads(capsys.readouterr().out)
    jsonschema.validate(data, SCHEMA)
    assert data["summary"]["entries"] == {"read": 3, "linted": 2, "skipped": 1}
    found, = (one for one in data["findings"] if one["rule"] == "405.allow-missing")
    assert found["location"]["pointer"] == "/log/entries/0"
    assert found["location"]["line"] == 9
    assert found["request"] == {"method": "PATCH", "uri": "http://shop.example/items/12"}
    assert data["not_evaluated"][0]["rules"]
    assert sum(data["summary"]["findings"].values()) == len(data["findings"])


def test_json_without_findings_is_valid_too(har: Any, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", har(), "--output-format", "json"])
    data = json.loads(capsys.readouterr().out)
    jsonschema.validate(data, SCHEMA)
    assert data["findings"] == []


def test_concise_is_a_line_each(har: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = har(entry(), entry())
    assert run(["check", path, "--output-format", "concise", "--select", "405.allow-missing"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{path}:9:4: error[405.allow-missing] ")
    assert lines[0].endswith("(PATCH http://shop.example/items/12)")
    assert len(lines) == 3


def test_severity_hides_and_says_so(har: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = har(entry(status=503, method="GET"))
    assert run(["check", path, "--severity", "error", "--select", "503.retry-after-missing"]) == 0
    out = capsys.readouterr().out
    assert "503.retry-after-missing" not in out
    assert "(1 below the severity or confidence shown)" in out


@pytest.mark.parametrize("kind", ["text", "concise"])
def test_nothing_of_the_traffic_reaches_the_terminal_raw(kind: str, har: Any,
                                                         capsys: pytest.CaptureFixture[str]) -> None:
    evil = "\x1b]0;pwned\x07\u202e\u200b\r\x9b31m"
    path = har(entry(url=f"http://shop.example/{evil}?token=topsecret", Retry_After=evil, ETag=evil),
               entry(method=evil), entry(status=799, **{f"X{evil}": evil, "Date": evil}))
    run(["check", path, "--output-format", kind, "--show", "not-evaluated"])
    captured = capsys.readouterr()
    for text in (captured.out, captured.err):
        assert all(character.isprintable() or character == "\n" for character in text)
        assert "topsecret" not in text


def test_secrets_are_masked_unless_asked_for(har: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = har(entry(url="http://user:pass@shop.example/x?access_token=abc123"))
    run(["check", path, "--select", "405.allow-missing"])
    masked = capsys.readouterr().out
    assert "abc123" not in masked
    assert "user:pass" not in masked
    run(["check", path, "--select", "405.allow-missing", "--show-secrets"])
    assert "abc123" in capsys.readouterr().out


def test_colour(har: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    path = har(entry())
    run(["check", path, "--color", "always"])
    assert "\033[1;31merror[405.allow-missing]\033[0m" in capsys.readouterr().out
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    run(["check", path])
    assert "\033" not in capsys.readouterr().out


def test_rules_of_ones_own(har: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = tmp_path / "rules"
    pack.mkdir()
    (pack / "house.toml").write_text(
        '[[rule]]\nid = "house.request-id-missing"\ntitle = "no X-Request-Id"\nlevel = "advice"\nspec = "House §1"\n'
        'require = "\'X-Request-Id\' in response"\nmessage = "no X-Request-Id"\nwhy = "W."\nfix = "F."\n'
        'bad = ["< HTTP/1.1 200 OK"]\ngood = ["< HTTP/1.1 200 OK\\n< X-Request-Id: 1"]\n', "utf-8")
    path = har(entry(Allow="GET"))
    assert run(["check", path, "--rules", str(pack), "--select", "house", "--fail-on", "info"]) == 1
    assert "info[house.request-id-missing] no X-Request-Id" in capsys.readouterr().out
    (pack / "house.toml").write_text("[[rule]]\nid = 1\n", "utf-8")
    assert run(["check", path, "--rules", str(pack)]) == 2
    assert "house.toml:2: id" in capsys.readouterr().err


def test_standard_input(har: Any) -> None:
    for text, code in ((Path(har(entry(), indent=None)).read_bytes(), 1), (b"", 2), (b"< HTTP/1.1 204 No Content", 0),
                       (b"> GET / HTTP/1.1\n< HTTP/1.1 405 No\n", 1), (b"nonsense", 2)):
        done = subprocess.run([sys.executable, "-m", "httplint", "check", "-", "--select", "405.allow-missing"],
                              input=text, capture_output=True, check=False)
        assert done.returncode == code, (text, done)
        assert b"Traceback" not in done.stderr


def test_output_is_the_same_from_run_to_run(har: Any) -> None:
    path = har(entry(Retry_After="x", Age="y", Vary="é", ETag="z"), entry(status=206), entry(status=799))
    packaged = {"PYTHONPATH": os.environ["PYTHONPATH"]}    # the rules are compiled here, and by another process
    outputs = {subprocess.run([sys.executable, "-m", "httplint", "check", path, "--show", "not-evaluated"],
                              capture_output=True, check=False, env={"PYTHONHASHSEED": seed, **where}).stdout
               for seed, where in (("1", packaged), ("2", packaged), ("3", {}))}
    assert len(outputs) == 1


def test_a_reader_that_goes_away_is_no_crash(har: Any) -> None:
    path = har(*[entry(url=f"http://h{number}.example/") for number in range(3000)])
    done = subprocess.run(f"{sys.executable} -m httplint check {path} | head -n 1", shell=True, capture_output=True,
                          check=False)
    assert b"Traceback" not in done.stderr


def loaded(*arguments: str) -> set[str]:
    """The modules that a start loads."""
    done = subprocess.run([sys.executable, "-X", "importtime", "-m", "httplint", *arguments], capture_output=True,
                          encoding="utf-8", check=False)
    assert done.returncode in (0, 1), done.stderr
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}


NOT_AT_FIRST = {"msgspec", "http_sf", "h11", "tomllib", "dataclasses", "inspect", "ast", "pathlib", "shutil", "signal",
                "threading", "platform", "traceback", "multiprocessing", "importlib.metadata", "pkgutil",
                "urllib.parse", "copy"}


def test_version_needs_no_rules() -> None:
    names = loaded("--version")
    assert names.isdisjoint(NOT_AT_FIRST)
    assert [name for name in names if name.startswith(("httplint.engine", "httplint.grammar", "httplint.cli."))
            and name not in ("httplint.cli.main", "httplint.cli.streams")] == []


@pytest.mark.usefixtures("packaged")
def test_one_entry_needs_little(har: Any) -> None:
    names = loaded("check", "--isolated", str(har(entry())))
    assert "httplint.engine.linter" in names
    assert names.isdisjoint(NOT_AT_FIRST)
    assert not any(name.startswith("httplint.configuration.") for name in names - {"httplint.configuration.finding"})


LOW = ("--select", "200.no-validator,405.allow-missing", "--fail-on", "info")


def test_confidence_hides_and_says_so(har: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """What is hidden counts, as that below the severity does."""
    path = har(entry(status=200, method="GET", Cache_Control="max-age=60", Content_Type="text/plain"))
    assert run(["check", path, *LOW]) == 1
    assert "advice, low confidence: RFC 9110 §15.3.1" in capsys.readouterr().out
    for confidence in ("medium", "high"):
        assert run(["check", path, *LOW, "--confidence", confidence]) == 1
        out = capsys.readouterr().out
        assert "info[" not in out
        assert "1 info (1 below the severity or confidence shown) in 1 of 1 entry" in out
    (Path(path).parent / "httplint.toml").write_text("confidence = 'high'\n", "utf-8")
    assert run(["check", path, *LOW, "--config", str(Path(path).parent / "httplint.toml")]) == 1
    assert "info[" not in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["text", "concise"])
def test_quiet_is_findings_alone(kind: str, har: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "httplint.toml").write_text("[[waiver]]\nrule = '503'\nreason = 'x'\nexpires = 2020-01-01\n", "utf-8")
    bad = har(entry())
    options = ["--config", str(tmp_path / "httplint.toml"), "--select", "405.allow-missing", "--output-format", kind]
    assert run(["check", bad, *options]) == 1
    loud, notes = capfd.readouterr()
    assert "expired" in notes
    assert "1 error" in loud
    for option in ("-q", "--quiet"):
        assert run(["check", bad, *options, option]) == 1
        out, err = capfd.readouterr()
        assert loud.startswith(out)
        assert "error[405.allow-missing]" in out
        assert "1 error" not in out
        assert err == ""
    assert run(["check", har(entry(Allow="GET")), *options, "-q"]) == 0
    assert capfd.readouterr() == ("", "")
    assert run(["check", str(tmp_path / "none.har"), *options, "-q"]) == 2
    assert "none.har" in capfd.readouterr().err


@pytest.mark.parametrize(("choice", "blocks"), [(None, 2), ("rule", 2), ("endpoint", 3), ("finding", 4)])
def test_blocks_are_as_wanted(choice: str | None, blocks: int, har: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = har(entry(), entry(), entry(url="http://shop.example/carts"), entry(url="http://b.example/items/12"))
    run(["check", path, "--select", "405.allow-missing", *([] if choice is None else ["--group-by", choice])])
    assert capsys.readouterr().out.count("error[405.allow-missing]") == blocks


@pytest.mark.parametrize(("spelled", "shown"), [
    ("HTTP/1.1", "HTTP/1.1"), ("h2", "HTTP/2"), ("h3-29", "HTTP/3"), ("spdy/3.1", "spdy/3.1"),
    ("http/2+quic/46", "http/2+quic/46"), ("", "HTTP/?"), ("unknown", "HTTP/?"), (7, "HTTP/?"),
    ("x\x1b[31m/1", "HTTP/?"), ("HTTP/1.1" * 20, "HTTP/?"),
])
def test_a_version_that_proves_nothing_is_shown(spelled: Any, shown: str, tmp_path: Path, har: Any,
                                                capsys: pytest.CaptureFixture[str]) -> None:
    """Proxyman writes one version for all, so no rule may rely on it; people see what the file says, now and later."""
    one = entry()
    one["response"]["httpVersion"] = spelled
    text = Path(har(one)).read_text("utf-8").replace('"mitmproxy"', '"Proxyman"')
    (tmp_path / "p.har").write_text(text, "utf-8")
    result = tmp_path / "result.json"
    run(["check", str(tmp_path / "p.har"), "--select", "405.allow-missing", "--output", f"json:{result}"])
    assert f"| < {shown} 405\n" in capsys.readouterr().out
    response = json.loads(result.read_text("utf-8"))["exchanges"][0]["response"]
    assert response["version"] is None
    jsonschema.validate(json.loads(result.read_text("utf-8")), SCHEMA)
    run(["report", "--from", str(result)])
    assert f"| < {shown} 405\n" in capsys.readouterr().out


def test_the_help_names_all_that_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    """By the names that readers have: those of tools, and of kinds that have none."""
    with pytest.raises(SystemExit):
        parser().parse_args(["check", "--help"])
    shown = " ".join(capsys.readouterr().out.lower().split())
    for reader in READERS:
        if reader.kind:
            names = reader.of.split(", ") if reader.of else reader.name.split()[:1]
            assert [name for name in names if name.lower() not in shown] == []

"""Bad input ends well: a clear message, the right exit code, and every readable entry still linted."""
from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from httplint.cli.main import run

RULE = "405.allow-missing"


def entry(**changes: Any) -> dict[str, Any]:
    """A 405 without Allow, which one error is to be reported about."""
    response = {"status": 405, "statusText": "", "httpVersion": "HTTP/1.1", "bodySize": 4,
                "headers": [{"name": "Date", "value": "Tue, 01 Jul 2025 12:00:00 GMT"}],
                "content": {"size": 4, "mimeType": "text/plain", "text": "text"}}
    return {"startedDateTime": "2025-07-01T12:00:00Z",
            "request": {"method": "PUT", "url": "http://a.example/", "httpVersion": "HTTP/1.1", "bodySize": 0,
                        "headers": [{"name": "Host", "value": "a.example"}]},
            "response": {**response, **changes}}


def document(*entries: Any) -> bytes:
    creator = {"name": "mitmproxy", "version": "12"}
    return json.dumps({"log": {"version": "1.2", "creator": creator, "entries": list(entries)}}).encode()


def with_fields(*fields: Any) -> dict[str, Any]:
    return entry(headers=list(fields))


GOOD = entry()
WHOLE = document(GOOD, GOOD)

CASES: dict[str, tuple[bytes, int, int, int]] = {
    # name: (content of the file, exit code, errors found, entries skipped)
    "empty file": (b"", 2, 0, 0),
    "only whitespace": (b" \n\t" * 3000, 2, 0, 0),
    "not JSON": (b"<html>", 2, 0, 0),
    "no HAR": (b'{"a": 1}', 2, 0, 0),
    "a list": (b"[1, 2]", 2, 0, 0),
    "a number": (b"42", 2, 0, 0),
    "binary": (bytes(range(256)) * 10, 2, 0, 0),
    "truncated within an entry": (WHOLE[:-40], 2, 1, 0),
    "truncated behind an entry": (WHOLE[:-3], 2, 2, 0),
    "a comma too much": (WHOLE.replace(b'"entries": [', b'"entries": [,'), 2, 2, 0),
    "JSONP": (b"onInputData(" + WHOLE + b");", 1, 2, 0),
    "byte order mark": (b"\xef\xbb\xbf" + WHOLE, 1, 2, 0),
    "gzip": (gzip.compress(WHOLE), 1, 2, 0),
    "gzip, truncated": (gzip.compress(WHOLE)[:-8], 2, 2, 0),
    "UTF-16": (WHOLE.decode().encode("utf-16"), 1, 2, 0),
    "no entries": (document(), 3, 0, 0),
    "log is null": (b'{"log": null}', 2, 0, 0),
    "log is a list": (b'{"log": []}', 2, 0, 0),
    "entries is an object": (b'{"log": {"entries": {}}}', 2, 0, 0),
    "entries is null": (b'{"log": {"entries": null}}', 2, 0, 0),
    "null entry": (document(None, GOOD), 1, 1, 1),
    "entries of other types": (document(1, "x", [], True, {}, GOOD), 1, 1, 5),
    "request null": (document({**GOOD, "request": None}, GOOD), 1, 1, 1),
    "response null": (document({**GOOD, "response": None}, GOOD), 1, 1, 1),
    "response a list": (document({**GOOD, "response": [1]}, GOOD), 1, 1, 1),
    "status null": (document(entry(status=None), GOOD), 1, 1, 1),
    "status 0": (document(entry(status=0), GOOD), 1, 1, 1),
    "status -1": (document(entry(status=-1), GOOD), 1, 1, 1),
    "status a text": (document(entry(status="405"), GOOD), 1, 2, 0),
    "status a list": (document(entry(status=[405]), GOOD), 1, 1, 1),
    "status 799": (document(entry(status=799), GOOD), 1, 1, 0),
    "status huge": (document(entry(status=10 ** 30), GOOD), 1, 1, 1),
    "headers null": (document(entry(headers=None), GOOD), 1, 1, 0),
    "headers an object": (document(entry(headers={"a": "b"}), GOOD), 1, 1, 0),
    "header null": (document(with_fields(None), GOOD), 1, 1, 0),
    "header values of other types": (document(with_fields(
        {"name": "X", "value": 1}, {"name": "Y", "value": True}, {"name": "Z", "value": 1.5}), GOOD), 1, 2, 0),
    "header value of 1 MB": (document(with_fields({"name": "X", "value": "a," * 500_000}), GOOD), 1, 2, 0),
    "Vary of 1 MB": (document(with_fields({"name": "Vary", "value": "a," * 500_000}), GOOD), 1, 2, 0),
    "100,000 headers": (document(with_fields(
        *({"name": f"X-{number}", "value": "v"} for number in range(100_000))), GOOD), 1, 2, 0),
    "a header 100,000 times": (document(with_fields(*[{"name": "Vary", "value": "a"}] * 100_000), GOOD), 1, 2, 0),
    "invalid base64": (document(entry(content={"size": 4, "text": "***", "encoding": "base64"}), GOOD), 1, 2, 0),
    "content of other types": (document(entry(content=7), entry(content={"size": "x", "text": {}}), GOOD), 1, 3, 0),
    "lone surrogates": (document(with_fields({"name": "X", "value": "\udce9"}), GOOD), 1, 2, 0),
    "control characters": (document(with_fields({"name": "X\x00\x1b", "value": "\x1b[2J\x07\x00"}), GOOD), 1, 2, 0),
    "raw control characters": (WHOLE.replace(b"text/plain", b"te\x01\tt"), 1, 2, 0),
    "names with a meaning elsewhere": (document(with_fields(
        {"name": "__proto__", "value": "a"}, {"name": "constructor", "value": "b"},
        {"name": "__class__", "value": "c"}), GOOD), 1, 2, 0),
    "empty names": (document(with_fields({"name": "", "value": ""}, {"name": " ", "value": " "}), GOOD), 1, 2, 0),
    "deep nesting": (document({**GOOD, "_x": json.loads("[" * 500 + "]" * 500)}, GOOD), 1, 2, 0),
    "very deep nesting": (document(GOOD).replace(b'"entries": [', b'"entries": [{"a":' + b"[" * 200_000
                                                 + b"]" * 200_000 + b"},"), 1, 1, 1),
    "a huge number": (document(GOOD).replace(b'"bodySize": 4', b'"bodySize": ' + b"9" * 6000), 1, 1, 0),
    "NaN": (document(GOOD).replace(b'"size": 4', b'"size": NaN'), 1, 1, 0),
    "duplicate keys": (document(GOOD).replace(b'"status": 405', b'"status": 200, "status": 405'), 1, 1, 0),
    "URL of 100 kB": (document({**GOOD, "request": {**GOOD["request"], "url": "http://a/" + "x" * 100_000}}), 1, 1, 0),
    "URL that is none": (document({**GOOD, "request": {**GOOD["request"], "url": "http://[::1/%zz"}}), 1, 1, 0),
    "method null": (document({**GOOD, "request": {**GOOD["request"], "method": None}}), 1, 1, 0),
    "binary content": (document(entry(content={"size": 256, "encoding": "base64", "text": base64.b64encode(
        bytes(range(256))).decode()})), 1, 1, 0),
}


@pytest.mark.parametrize("kind", ["text", "json"])
@pytest.mark.parametrize("name", CASES)
def test_bad_input(name: str, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content, code, errors, skipped = CASES[name]
    path = tmp_path / "bad.har"
    path.write_bytes(content)
    assert run(["check", str(path), "--select", RULE, "--output-format", kind]) == code
    captured = capsys.readouterr()
    if kind == "json":
        summary = json.loads(captured.out)["summary"]
        assert summary["findings"]["error"] == errors
        assert summary["entries"]["skipped"] == skipped
        assert summary["entries"]["read"] == summary["entries"]["linted"] + skipped
        assert bool(summary["problems"]) == (code == 2)
        assert all(problem["cause"] for problem in summary["problems"])
    assert all(character.isprintable() or character == "\n" for character in captured.out + captured.err)
    if code == 2:
        assert captured.err.startswith(f"httplint: {path}:")
        assert len(captured.err) < 500


@pytest.mark.parametrize("name", CASES)
def test_bad_input_and_all_rules(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.har"
    path.write_bytes(CASES[name][0])
    assert run(["check", str(path), "--fail-on", "never", "--output-format", "concise"]) in (0, 2, 3)
    assert "internal.rule-failed" not in capsys.readouterr().out


HEAD = '[[rule]]\nid = "my.rule"\ntitle = "t"\nlevel = "MUST"\nspec = "RFC 9110 §1"\n'
TAIL = 'message = "m"\nwhy = "W."\nfix = "F."\nbad = ["< HTTP/1.1 200 OK"]\ngood = ["< HTTP/1.1 200 OK"]\n'


@pytest.mark.parametrize(("text", "line", "why"), [
    ("[[rule]\n", 1, "not TOML"),
    (HEAD + 'require = "1 == 1"\nreqiure = "x"\n' + TAIL, 7, "unknown key 'reqiure'; did you mean 'require'?"),
    (HEAD + 'require = "response.__class__ == 1"\n' + TAIL, 6, "no attribute '__class__'"),
    (HEAD + 'require = "(lambda f: f(f))(lambda f: f(f))"\n' + TAIL, 6, "unknown function"),
    (HEAD + 'require = "all(x == 1 for x in iter(int, 1))"\n' + TAIL, 6, "unknown function iter"),
    (HEAD + 'require = "9 ** 9 ** 9 == 1"\n' + TAIL, 6, "only + and -"),
    (HEAD + "require = '''\n" + "(" * 500 + "'''\n" + TAIL, 6, ""),
    (HEAD + 'require = "\\u0000"\n' + TAIL, 6, ""),
    ("\udcff", 1, "not TOML"),
])
def test_bad_rule_files(text: str, line: int, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    har = tmp_path / "a.har"
    har.write_bytes(document(GOOD))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "broken.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert run(["check", str(har), "--rules", str(tmp_path / "mine")]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"httplint: broken.toml:{line}: ")
    assert why in error
    assert len(error) < 400

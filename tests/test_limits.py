"""The page of limits tells the truth: its numbers are those of the code, and what is said to happen beyond does."""
from __future__ import annotations

import ast
import gzip
import importlib
import io
import json
import logging
import os
import re
import sys
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from flow_maker import state, tnetstring
from har_maker import entry, har_of
from proxy_maker import burp, item, zap_text
from reporting import rule
from warc_maker import info, record

import httplint
from httplint import Exchange, Linter, Request, Response
from httplint.cli.main import run
from httplint.library import built_in_rules

PAGE = Path(__file__).resolve().parent.parent / "docs" / "guides" / "limits.md"
SOURCE = Path(httplint.__file__).parent
FIXTURES = PAGE.parents[2] / "fixtures" / "captures"
UNITS = {"": 1, " KiB": 1 << 10, " MiB": 1 << 20, " GiB": 1 << 30}
ROWS = {found[4]: found for found in
        re.finditer(r"(?m)^\| (.+?) \| ([\d,]+)((?: [KMG]iB)?) \| .+? \| `([\w.]+)` \|$", PAGE.read_text("utf-8"))}
BEYOND = {name: re.split(r"(?<!\\)\|", found[0])[3].strip() for name, found in ROWS.items()}


def constant(name: str) -> tuple[Any, str]:
    module, _, attribute = name.rpartition(".")
    return importlib.import_module(f"httplint.{module}"), attribute


def test_every_row_is_read() -> None:
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    assert len(ROWS) == len(lines) - sum("constant" in line for line in lines)


@pytest.mark.parametrize("name", ROWS)
def test_the_number_is_that_of_the_code(name: str) -> None:
    number = int(ROWS[name][2].replace(",", "")) * UNITS[ROWS[name][3]]
    assert getattr(*constant(name)) == number


def test_the_bounds_of_readers_and_rules_are_on_the_page() -> None:
    """Each constant that is called a limit, but for those that are seen nowhere."""
    limit = re.compile(r"(\w+_)?(LIMIT|RATIO|LAYERS)|MOST(_\w+)?|MAX_\w+|(DEEP|LARG)EST")
    found = set()
    for path in SOURCE.rglob("*.py"):
        module = path.relative_to(SOURCE).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.Assign | ast.AnnAssign):
                for target in ast.walk(node.targets[0] if isinstance(node, ast.Assign) else node.target):
                    if isinstance(target, ast.Name) and limit.fullmatch(target.id):
                        found.add(f"{module}.{target.id}")
    assert found - set(ROWS) - UNSEEN == set()
    assert found >= UNSEEN, "stale"


UNSEEN = {
    "capture.saz.REMARKS_LIMIT",                           # notes of Fiddler, read for the time alone
    "capture.http1._LINE_LIMIT",                           # where to look for a request line in unreadable octets
    "capture.har_exchange.MAX_STATUS",                     # beyond it, no status code
    "grammar.common.LARGEST",                              # what INTEGER_DIGITS means
    "report.concise.LIMIT",                                # a count beside the lines, all of which are written
    "report.form.MOST",                                    # what a number of a result may be
    "report.html.MOST",                                    # items of lists that the summary counts
}


# What happens beyond

class Run(NamedTuple):
    """What `check` ended with, and said on both streams."""

    code: int
    text: str


class Tools:
    """Writes captures, checks them, and makes limits small where a capture beyond the real one would be large."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.directory, self.monkeypatch, self.capsys = directory, monkeypatch, capsys

    def small(self, value: int) -> None:
        """The limit of the row that is tried is this one."""
        self.monkeypatch.setattr(*constant(self.name), value)

    name = ""

    def check(self, octets: bytes, *arguments: str, name: str = "a.txt") -> Run:
        (self.directory / name).write_bytes(octets)
        return self.run("check", str(self.directory / name), "--isolated", *arguments)

    def run(self, *arguments: str) -> Run:
        code = run(list(arguments))
        out, err = self.capsys.readouterr()
        return Run(code, out + err)

    def piped(self, octets: bytes) -> Run:
        """What comes out of a pipe on standard input: no more octets than a pipe holds."""
        reader, writer = os.pipe()
        os.write(writer, octets)
        os.close(writer)
        with open(reader, encoding="utf-8") as stream:
            self.monkeypatch.setattr(sys, "stdin", stream)
            return self.run("check", "-", "--isolated")

    def pack(self, *texts: str) -> Run:
        pack = self.directory / "pack"
        pack.mkdir()
        for number, text in enumerate(texts):
            (pack / f"{number}.toml").write_text(text, "utf-8")
        return self.run("rules", "list", "--rules", str(pack))


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tools:
    return Tools(tmp_path, monkeypatch, capsys)


ASKED = b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"


def answer(*fields: str, content: bytes = b"", status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", "Date: Sun, 01 Mar 2026 12:00:00 GMT", *fields]
    if not any("chunked" in line for line in fields):
        lines.append(f"Content-Length: {len(content)}")
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n" + content


def octets(*fields: str, content: bytes = b"") -> bytes:
    return ASKED + answer(*fields, content=content)


LISTED = ("--show", "not-evaluated")
CHECKS: dict[str, Callable[[Tools], None]] = {}


def beyond(*names: str) -> Callable[[Callable[[Tools], None]], Callable[[Tools], None]]:
    def put(check: Callable[[Tools], None]) -> Callable[[Tools], None]:
        CHECKS.update(dict.fromkeys(names, check))
        return check
    return put


@beyond("capture.octets.LIMIT")
def _(tools: Tools) -> None:
    tools.small(1 << 20)
    assert tools.check(octets(content=b"x" * (1 << 19))).code < 2
    got = tools.check(octets(content=b"x" * (1 << 20)))
    assert got.code == 2
    assert "more than 1 MiB" in got.text


@beyond("capture.curl.LIMIT")
def _(tools: Tools) -> None:
    tools.small(1 << 20)
    got = tools.check(b"> GET / HTTP/1.1\n> Host: a\n>\n< HTTP/1.1 200 OK\n<\n" + b"x" * (1 << 20))
    assert got.code == 2
    assert "more than 1 MiB" in got.text


@beyond("capture.files.UTF16_LIMIT")
def _(tools: Tools) -> None:
    text = ("\ufeff" + json.dumps(har_of(entry()))).encode("utf-16-le")
    assert tools.check(text, name="a.har").code == 1
    tools.small(100)
    got = tools.check(text, name="a.har")
    assert got.code == 2
    assert "too large" in got.text


@beyond("capture.har_stream.LIMIT")
def _(tools: Tools) -> None:
    from httplint.capture import har_stream
    tools.small(10_000)
    tools.monkeypatch.setattr(har_stream, "WINDOW", 1000)
    got = tools.check(json.dumps(har_of(entry(), entry(text="x" * 5_000_000), entry())).encode(), name="a.har")
    assert got.code == 2
    assert "a single value of more than" in got.text
    assert "2 of 2 entries" in got.text


@beyond("capture.files.COPY_LIMIT")
def _(tools: Tools) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.har", json.dumps(har_of(entry())))
    assert "1 of 1 entry" in tools.piped(packed.getvalue()).text
    tools.small(100)
    got = tools.piped(packed.getvalue())
    assert got.code == 2
    assert "out of a pipe" in got.text


@beyond("capture.har_stream.COPY_LIMIT")
def _(tools: Tools) -> None:
    document = har_of(*[entry()] * 20)
    document["log"] = {"entries": document["log"]["entries"], "creator": document["log"]["creator"]}
    octets = json.dumps(document).encode()
    assert "20 of 20 entries" in tools.piped(octets).text
    tools.small(1000)
    got = tools.piped(octets)
    assert got.code == 2
    assert "make a file of it first" in got.text


@beyond("capture.files.INFLATED_MIN", "capture.files.INFLATED_RATIO")
def _(tools: Tools) -> None:
    from httplint.capture import files
    tools.monkeypatch.setattr(files, "INFLATED_MIN", 1000)
    plain = json.dumps(har_of(entry())).replace('"log":', '"log":' + " " * 5_000_000).encode()
    bomb = gzip.compress(plain)
    assert len(plain) > files.INFLATED_RATIO * len(bomb)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.har", plain)
    for one in (bomb, packed.getvalue()):
        got = tools.check(one, name="a.har")
        assert got.code == 2
        assert "inflates to more than" in got.text


@beyond("capture.files.ATTACHMENT_LIMIT")
def _(tools: Tools) -> None:
    (tools.directory / "content.json").write_bytes(b"{" * 1000)
    one = entry(("Content-Type", "application/json"))
    one["response"]["content"] |= {"_file": "content.json", "size": 1000}
    har = json.dumps(har_of(one, creator="Playwright")).encode()
    assert "json.invalid" in tools.check(har, name="a.har").text
    tools.small(999)
    got = tools.check(har, *LISTED, name="a.har")
    assert "error[json.invalid]" not in got.text
    assert "the content was not captured" in got.text


@beyond("capture.traces.LINE_LIMIT")
def _(tools: Tools) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("trace.network", b"".join(
            json.dumps({"type": "resource-snapshot", "snapshot": one}).encode() + b"\n"
            for one in (entry(), entry(("X-A", "a" * 5000)), entry())))
    tools.small(5000)
    got = tools.check(packed.getvalue(), name="trace.zip")
    assert "skipped 1: the entry has more than" in got.text
    assert "2 of 3 entries" in got.text


@beyond("capture.arc.LINE_LIMIT")
def _(tools: Tools) -> None:
    tools.small(200)
    records = b"".join(b"http://a.example/%b 192.0.2.1 20050101000000 text/plain %d\n%b\n" % (
        b"a" * length, len(answer()), answer()) for length in (1, 200, 1))
    got = tools.check(records, name="a.arc")
    assert got.code == 2
    assert "are no record" in got.text
    assert "2 of 2 entries" in got.text


@beyond("capture.warc.RECORD_LIMIT")
def _(tools: Tools) -> None:
    pytest.importorskip("fastwarc")
    large = info("x") + record("response", answer("Content-Type: application/json", content=b"{" * 2000), 1)
    assert "error[json.invalid]" in tools.check(large, name="a.warc").text
    tools.small(1000)
    got = tools.check(large, *LISTED, name="a.warc")
    assert "error[json.invalid]" not in got.text
    assert "the content was not captured" in got.text


@beyond("capture.saz.PART_LIMIT")
def _(tools: Tools) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("raw/1_c.txt", ASKED.replace(b"GET /", b"GET http://a.example/"))
        archive.writestr("raw/1_s.txt", answer("Content-Type: application/json", content=b"{" * 2000))
    assert "error[json.invalid]" in tools.check(packed.getvalue(), name="a.saz").text
    tools.small(1000)
    got = tools.check(packed.getvalue(), *LISTED, name="a.saz")
    assert "error[json.invalid]" not in got.text
    assert "the content was not captured" in got.text


def cassette(*bodies: str) -> bytes:
    return b"interactions:\n" + "".join(
        f"- request: {{method: GET, uri: 'http://a.example/'}}\n  response: {{status: {{code: 405}}, body: {body}, "
        "headers: {Date: ['Sun, 01 Mar 2026 12:00:00 GMT'], Content-Type: [text/plain]}}\n"
        for body in bodies).encode() + b"version: 1\n"


@beyond("capture.yaml_items.ITEM_LIMIT")
def _(tools: Tools) -> None:
    tools.small(1 << 17)
    assert "3 of 3 entries" in tools.check(cassette("a", "b" * (1 << 16), "c")).text
    got = tools.check(cassette("a", "b" * (1 << 18), "c"))
    assert got.code == 2
    assert "error[405.allow-missing]" in got.text
    assert "1 of 1 entry" in got.text
    assert "an item of more than 0 MiB; what follows is not read" in got.text


@beyond("capture.yaml_items.MOST_VALUES", "capture.yaml_items.ALIAS_LIMIT")
def _(tools: Tools) -> None:
    named, many = "&named " + "y" * 300, "{" + ", ".join(f"k{number}: v" for number in range(30)) + ", long: *named}"
    tools.small(50 if "VALUES" in tools.name else 500)
    assert "2 of 2 entries" in tools.check(cassette(named, "*named")).text
    got = tools.check(cassette(named, "*named", many, "d"))
    assert got.code < 2
    assert "3 of 4 entries" in got.text


@beyond("capture.xml_walk.TEXT_LIMIT")
def _(tools: Tools) -> None:
    large = burp(item(ASKED, answer("Content-Type: application/json", content=b"{" * 2000)))
    assert "error[json.invalid]" in tools.check(large).text
    tools.small(1000)
    got = tools.check(large, *LISTED)
    assert "error[json.invalid]" not in got.text
    assert "the content was not captured" in got.text


def broken_off(tools: Tools, put: bytes, told: str) -> None:
    got = tools.check(burp(item(ASKED, answer()), put, item(ASKED, answer())), "--fail-on", "never")
    assert got.code == 2
    assert "1 of 1 entry" in got.text
    assert told in got.text


@beyond("capture.xml_walk.TAG_LIMIT")
def _(tools: Tools) -> None:
    broken_off(tools, b"<!--" + b"x" * (2 << 20) + b"-->", "a tag or comment of more than 1 MiB")


@beyond("capture.xml_walk.DEEPEST")
def _(tools: Tools) -> None:
    assert "2 of 2 entries" in tools.check(burp(item(), b"<a>" * 99 + b"</a>" * 99, item())).text
    broken_off(tools, b"<a>" * 100 + b"</a>" * 100, "nested more than 100 deep")


@beyond("capture.xml_walk.MOST_DECLARED")
def _(tools: Tools) -> None:
    def declaring(count: int) -> bytes:
        declared = b"".join(b'<!ATTLIST item a%d CDATA "x">' % number for number in range(count))
        return b"<!DOCTYPE items [%b]><items>%b</items>" % (declared, item(ASKED, answer()))

    assert "1 of 1 entry" in tools.check(declaring(1000)).text
    got = tools.check(declaring(1001))
    assert got.code == 2
    assert "it declares more than 1000" in got.text


@beyond("capture.xml_walk.MOST_BREAKS")
def _(tools: Tools) -> None:
    tools.small(3)
    broken_off(tools, b"<item>\0</item>" * 3, "not read any further: 3 places are no XML")
    assert "2 of 2 entries" in tools.check(burp(item(), b"<item>\0</item>" * 2, item())).text


@beyond("capture.zap.PART_LIMIT")
def _(tools: Tools) -> None:
    tools.small(1 << 20)
    got = tools.check(zap_text((ASKED, answer()), (ASKED, answer(content=b"x" * (3 << 20)))), "--fail-on", "never")
    assert got.code == 2
    assert "1 of 1 entry" in got.text
    assert "more than 1 MiB of messages" in got.text


@beyond("capture.postman.DEEPEST")
def _(tools: Tools) -> None:
    def folders(depth: int) -> bytes:
        made: dict[str, Any] = {"response": [{"code": 200, "header": []}]}
        for _ in range(depth):
            made = {"item": [made]}
        return json.dumps({"info": {"name": "a"}, "item": [made, {"response": [{"code": 200, "header": []}]}]}).encode()

    assert "2 of 2 entries" in tools.check(folders(50)).text
    got = tools.check(folders(51))
    assert got.code == 2
    assert "1 of 1 entry" in got.text
    assert "folders within more than 50 others are not read" in got.text


@beyond("capture.schemathesis.LIMIT")
def _(tools: Tools) -> None:
    kept = (FIXTURES / "schemathesis.yaml").read_bytes()
    assert "skipped" not in tools.check(kept).text
    tools.small(1 << 10)
    assert ": the interaction has more than 0 MiB" in tools.check(kept).text
    events = tools.check((FIXTURES / "schemathesis.ndjson").read_bytes())
    assert events.code == 2
    assert "more than 0 MiB in this line" in events.text


EXAMPLE = b"$kind: http-example\nresponse:\n  statusCode: 200\n"


@beyond("capture.postman_yaml.LIMIT")
def _(tools: Tools) -> None:
    pytest.importorskip("yaml")
    tools.small(1 << 20)
    assert "1 of 1 entry" in tools.check(EXAMPLE).text
    got = tools.check(EXAMPLE + b"#" * (1 << 20))
    assert got.code == 2
    assert "more than 1 MiB" in got.text


@beyond("capture.postman_yaml.MOST_VALUES")
def _(tools: Tools) -> None:
    pytest.importorskip("yaml")
    got = tools.check(EXAMPLE + b"a:\n" + b"- 1\n" * 100_000)
    assert got.code == 2
    assert "more than 100,000 values" in got.text


@beyond("capture.wiremock.LIMIT")
def _(tools: Tools) -> None:
    journal = (FIXTURES / "wiremock.journal.json").read_bytes()
    assert tools.check(journal).code == 1
    tools.small(1 << 10)
    got = tools.check(journal)
    assert got.code == 2
    assert "a capture of this kind is read as a whole" in got.text


@beyond("capture.flows.FLOW_LIMIT")
def _(tools: Tools) -> None:
    tools.small(5000)
    got = tools.check(tnetstring(state(content=b"x" * 5000)) + tnetstring(state()), name="a.flow")
    assert "skipped 1: a flow of more than" in got.text
    assert "1 of 2 entries" in got.text


@beyond("capture.flows.LIST_LIMIT")
def _(tools: Tools) -> None:
    tools.small(5000)
    many = tuple((b"X-A", b"b" * 100) for _ in range(100))
    got = tools.check(tnetstring(state(fields=many)) + tnetstring(state()), name="a.flow")
    assert "skipped 1: not a flow: a list that is too long" in got.text
    assert "1 of 2 entries" in got.text


@beyond("capture.http1_syntax.HEAD_LIMIT")
def _(tools: Tools) -> None:
    got = tools.check(octets("X-A: " + "a" * (1 << 20), "Content-Type: application/json", content=b"{"), *LISTED)
    assert "error[json.invalid]" not in got.text
    assert "the content was not captured" in got.text


@beyond("capture.http1_syntax.CHUNK_LINE_LIMIT")
def _(tools: Tools) -> None:
    fields = ("Content-Type: application/json", "Transfer-Encoding: chunked")
    for size, judged in ((100, True), (1 << 14, False)):
        got = tools.check(octets(*fields, content=b"1;a=" + b"b" * size + b"\r\n{\r\n0\r\n\r\n"), *LISTED)
        assert ("error[json.invalid]" in got.text) is judged
        assert ("the content was not captured" in got.text) is not judged


@beyond("capture.outcome.INTERIM_LIMIT")
def _(tools: Tools) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nContent-Length: 0\r\n\r\n"
    assert tools.check(ASKED + early * 100 + answer(), "--fail-on", "never").code == 0
    got = tools.check(ASKED + early * 101 + answer(), "--fail-on", "never")
    assert got.code == 2
    assert "more interim responses than the 100" in got.text


def coded(tools: Tools, content: bytes, codings: str, reason: str) -> None:
    got = tools.check(octets("Content-Type: text/plain", f"Content-Encoding: {codings}", content=content), *LISTED)
    assert got.code == 0
    assert reason in got.text


@beyond("grammar.codings.LIMIT", "grammar.codings.FLOOR", "grammar.codings.RATIO")
def _(tools: Tools) -> None:
    from httplint.grammar import codings
    large = "the content is too large once gzip is decoded"
    below = octets("Content-Type: text/plain", "Content-Encoding: gzip", content=gzip.compress(b"a" * codings.FLOOR))
    assert large not in tools.check(below, *LISTED).text
    bomb = gzip.compress(b"a" * (2 * codings.FLOOR))
    assert codings.FLOOR + codings.RATIO * len(bomb) < 2 * codings.FLOOR
    coded(tools, bomb, "gzip", large)
    tools.monkeypatch.setattr(codings, "RATIO", 10**6)
    coded(tools, gzip.compress(b"a" * (codings.LIMIT + 1)), "gzip", large)


@beyond("grammar.codings.LAYERS")
def _(tools: Tools) -> None:
    coded(tools, b"a", "gzip, gzip, gzip, gzip, gzip", "there are more than 4 codings on the content")


@beyond("vocabulary.codings.LARGEST")
def _(tools: Tools) -> None:
    from httplint.vocabulary.codings import LARGEST
    for more, judged in ((0, True), (1, False)):
        content = b'"' + b"a" * (LARGEST - 1 + more)
        got = tools.check(octets("Content-Type: application/json", content=content), *LISTED)
        assert ("error[json.invalid]" in got.text) is judged
        assert ("the content is large" in got.text) is not judged


@beyond("model.nesting.DEEPEST")
def _(tools: Tools) -> None:
    from httplint.model import nesting
    tools.monkeypatch.setattr(nesting, "bounded", True)
    for levels, told in ((400, 0), (401, 1)):
        content = b"[" * levels + b"x" + b"]" * levels
        got = tools.check(octets("Content-Type: application/json", content=content), *LISTED)
        assert got.text.count("error[json.invalid]") == 1 - told
        assert got.text.count("the content is nested too deeply") == told
        deep = {"deep": json.loads("[" * (levels - 1) + "]" * (levels - 1))}
        got = tools.check(json.dumps(har_of(entry(), entry() | deep, entry())).encode(), name="a.har")
        assert got.text.count("the entry is nested too deeply") == told
        assert f"×{3 - told} 200 carries no Date" in got.text


def findings(tools: Tools, response: bytes, rule_id: str) -> int:
    got = tools.check(ASKED + response, "--output-format", "concise", "--select", rule_id)
    return got.text.count(f"[{rule_id}]")


@beyond("vocabulary.caching.MOST")
def _(tools: Tools) -> None:
    for count in (50, 51):
        value = ", ".join(f"max-age=x{number}" for number in range(count))
        assert findings(tools, answer(f"Cache-Control: {value}"), "cache-control.not-seconds") == 50


@beyond("vocabulary.csp.MOST")
def _(tools: Tools) -> None:
    value = "; ".join(f"x{number} 'self'" for number in range(101))
    fields = answer("Content-Type: text/html", f"Content-Security-Policy: {value}", content=b"<p>")
    assert findings(tools, fields, "content-security-policy.unknown-directive") == 100


@beyond("engine.language.code.MAX_FINDINGS")
def _(tools: Tools) -> None:
    fields = [f"Set-Cookie: a{number}=b; SameSite=x" for number in range(101)]
    assert findings(tools, answer(*fields), "set-cookie.samesite-unknown") == 100


@beyond("vocabulary.ranges.MANY")
def _(tools: Tools) -> None:
    from httplint.vocabulary.ranges import MANY
    for count, judged in ((MANY, True), (MANY + 1, False)):
        asked = b"GET / HTTP/1.1\r\nHost: a.example\r\nRange: bytes=" + b",".join([b"0-1"] * count) + b"\r\n\r\n"
        sent = answer("Content-Range: bytes 5-6/9", "Content-Type: text/plain", content=b"ab", status="206 OK")
        got = tools.check(asked + sent, "--select", "206", *LISTED)
        assert ("error[206.not-requested]" in got.text) is judged
        assert ("the request asks for more than 1,000 ranges" in got.text) is not judged


@beyond("grammar.common.INTEGER_DIGITS")
def _(tools: Tools) -> None:
    from httplint.grammar.common import LARGEST, integer
    assert integer("9" * 1000) < LARGEST
    assert integer("1" * 1001) == integer("9" * 5000) == LARGEST


def sent(method: str, uri: str, status: int, *fields: tuple[str, str]) -> Exchange:
    return Exchange(Response(status, headers=fields, content=b""), Request(method, uri))


@beyond("engine.history.LIMIT")
def _(tools: Tools) -> None:
    from httplint.engine.history import LIMIT
    for others, found in ((LIMIT - 1, True), (LIMIT, False)):
        linter = Linter(select="allow.lacks-successful")
        seen = [sent("PUT", "https://a.example/x", 200),
                *(sent("PUT", f"https://a.example/{number}", 200) for number in range(others)),
                sent("OPTIONS", "https://a.example/x", 200, ("Allow", "GET"))]
        assert any(report.findings for report in linter.lint_all(seen)) is found


@beyond("engine.history.LONGEST_CHAIN")
def _(tools: Tools) -> None:
    from httplint.engine.history import LONGEST_CHAIN
    for length, found in ((LONGEST_CHAIN // 2, True), (LONGEST_CHAIN // 2 + 1, False)):
        seen = [sent("GET", f"https://a.example/{number % length}", 302, ("Location", f"/{(number + 1) % length}"))
                for number in range(2 * length + 1)]       # seen on the third round
        assert any(report.findings for report in Linter(select="3xx.loop").lint_all(seen)) is found


def kinds(count: int) -> bytes:
    """As many kinds of findings: a response without Date at one path each."""
    return json.dumps(har_of(*(entry(("Content-Type", "text/plain"), text="x", response={"status": 405},
                                     request={"url": f"https://a.example/{'abcdefgh'[number]}"})
                               for number in range(count)))).encode()


KIND = ("--select", "405.allow-missing", "--fail-on", "never")


@beyond("report.alike.LIMIT")
def _(tools: Tools) -> None:
    tools.small(2)
    many = har_of(*(entry(text="x", response={"status": status}) for status in (401, 405, 407, 426)))
    got = tools.check(json.dumps(many).encode(), "--select", "401,405.allow-missing,407,426", name="a.har")
    assert got.text.count("error[") == 2, got.text
    assert "… and 2 findings in more blocks" in got.text
    for name in ("sarif", "gitlab", "github", "junit"):
        got = tools.check(kinds(4), *KIND, "--output-format", name, name="a.har")
        assert "2 findings of more kinds than the 2" in got.text, name


@beyond("report.quiet.MOST")
def _(tools: Tools) -> None:
    tools.small(2)
    four = json.dumps(har_of(*(entry() for _ in range(4)))).encode()
    whole = json.loads(tools.check(four, "--select", "405", "--output-format", "json", name="a.har").text)
    assert [len(whole["others"]), whole["summary"]["entries"]["linted"]] == [2, 4]
    lines = tools.check(four, "--select", "405", "--output-format", "jsonl", name="a.har").text.splitlines()
    assert len(lines) == 2 + 1
    page = tools.check(four, "--select", "405", "--output-format", "html", name="a.har").text
    rows, = re.findall(r'data-island="places">(.*?)</script>', page, re.DOTALL)
    assert len(json.loads(rows)) == 2


@beyond("report.summary.PROBLEMS_LIMIT")
def _(tools: Tools) -> None:
    tools.small(2)
    good, bad = json.dumps(entry(text="x")), '{"request": !}'
    for name, count in (("text", 3), ("json", 3), ("markdown", 3), ("junit", 3)):
        octets = f'{{"log": {{"creator": {{"name": "x"}}, "entries": [{", ".join([good, bad] * 9)}]}}}}'
        got = tools.check(octets.encode(), "--output-format", name, name="a.har")
        assert got.code == 2
        assert "9 of 9 entries" in got.text or name != "text"
        assert got.text.count("further problems are not listed") == 1, name
        assert got.text.count("Expecting value") == 9 + count - 1, name


@beyond("report.form.VALUE_SHOWN", "report.escape.CONTENT_SHOWN")
def _(tools: Tools) -> None:
    one = entry(("X-A", "a" * 5000), ("Content-Type", "text/plain"), text="x" * 1001, response={"status": 405})
    got = tools.check(json.dumps(har_of(one)).encode(), *KIND, "--output-format", "json", name="a.har")
    response = json.loads(got.text)["exchanges"][0]["response"]
    assert response["fields"][0][1] == "a" * 4095 + "…"
    assert response["content"] == {"text": "x" * 1000, "size": 1001, "clipped": True}


@beyond("report.csv_report.LONGEST")
def _(tools: Tools) -> None:
    one = entry(text="x", response={"status": 405}, request={"method": "A" * 3000})
    got = tools.check(json.dumps(har_of(one)).encode(), *KIND, "--output-format", "csv", name="a.har")
    assert "A" * 1999 + "…" in got.text
    assert "A" * 2000 not in got.text


@beyond("report.result.LIMIT")
def _(tools: Tools) -> None:
    from httplint.report import result
    tools.monkeypatch.setattr(result, "IN_MEMORY", 100)
    path = tools.directory / "result.json"
    path.write_text(tools.check(kinds(1), *KIND, "--output-format", "json", name="a.har").text, "utf-8")
    assert "1 error" in tools.run("report", "--from", str(path)).text
    tools.small(200)
    got = tools.run("report", "--from", str(path))
    assert got.code == 2
    assert "the result has more than" in got.text


@beyond("report.compared.series.LIMIT")
def _(tools: Tools) -> None:
    path = tools.directory / "result.json"
    path.write_text(tools.check(kinds(4), *KIND, "--output-format", "json", name="a.har").text, "utf-8")
    tools.small(2)
    got = tools.run("report", "--diff", str(path), str(path), "--output-format", "json")
    first, *_ = json.loads(got.text)
    assert (first["host"], first["before"]) == ("(others)", 2)


@beyond("configuration.finding.SHARED_LIMIT")
def _(tools: Tools) -> None:
    tools.monkeypatch.chdir(tools.directory)
    (tools.directory / "pyproject.toml").write_text("#" * 1000 + "\n[tool.httplint]\nprofile = 'strict'\n", "utf-8")
    assert "strict" in tools.run("config", "show").text
    tools.small(100)
    got = tools.run("config", "show")
    assert got.code == 2
    assert "pyproject.toml" in got.text


@beyond("configuration.settings.MOST_DEEP", "configuration.settings.MOST_FILES")
def _(tools: Tools) -> None:
    for number in range(3):
        (tools.directory / f"{number}.toml").write_text(f'extends = "{number + 1}.toml"\n', "utf-8")
    (tools.directory / "3.toml").write_text("profile = 'strict'\n", "utf-8")
    show = "config", "show", "--config", str(tools.directory / "0.toml")
    tools.small(3)
    assert "strict" in tools.run(*show).text
    tools.small(2)
    got = tools.run(*show)
    assert got.code == 2
    assert "2.toml:1: extends: " in got.text


@beyond("configuration.baseline.LIMIT")
def _(tools: Tools) -> None:
    tools.small(2)
    (tools.directory / "a.har").write_bytes(kinds(4))
    got = tools.run("baseline", "create", str(tools.directory / "a.har"), "--isolated", *KIND[:2],
                    "--baseline", str(tools.directory / "known.json"))
    assert got.code == 2
    assert "more than 2 kinds of findings" in got.text


@beyond("configuration.baseline.SIZE")
def _(tools: Tools) -> None:
    tools.small(1000)
    (tools.directory / "known.json").write_bytes(b" " * 1001)
    got = tools.check(kinds(1), "--baseline", str(tools.directory / "known.json"), name="a.har")
    assert got.code == 2
    assert "this is no baseline" in got.text


@beyond("model.toml.LARGEST", "model.toml.DEEPEST", "engine.catalogue.MOST_FILES", "engine.catalogue.MOST_RULES",
        "engine.rule.MOST_EXAMPLES", "engine.catalogue.MOST_ENTRIES", "engine.rule.LONGEST_TEXT",
        "engine.language.check.MAX_NODES", "engine.language.check.MAX_DEPTH", "engine.language.check.MAX_LENGTH",
        "engine.language.check.MAX_NUMBER")
def _(tools: Tools) -> None:
    whole = {"name": "a", "level": "MUST", "require": "response.status > 0", "message": "m"}
    texts: dict[str, tuple[str, ...]] = {
        "LARGEST": ("#" * (1 << 20) + "\n" + rule(**whole),),
        "DEEPEST": ("a" + ".a" * 20 + " = 1\n",),
        "MOST_FILES": tuple(rule(**whole | {"name": f"a{number}"}) for number in range(3)),
        "MOST_RULES": ("".join(rule(**whole | {"name": f"a{number}"}) for number in range(3)),),
        "MOST_EXAMPLES": (rule(**whole).replace("bad = [", "bad = [" + '"< HTTP/1.1 200 OK", ' * 100),),
        "MOST_ENTRIES": tuple(rule(**whole | {"name": f"a{number}"}) for number in range(3)),
        "LONGEST_TEXT": (rule(**whole, why="w" * 10_001),),
        "MAX_NODES": (rule(**whole | {"require": " or ".join(["response.status > 0"] * 60)}),),
        "MAX_DEPTH": (rule(**whole | {"require": "not (" * 21 + "response.status > 0" + ")" * 21}),),
        "MAX_LENGTH": (rule(**whole | {"require": "response.status > 0" + " " * 100 + "+ 0" * 2000}),),
        "MAX_NUMBER": (rule(**whole | {"require": f"response.status < {10**18 + 1}"}),),
    }
    attribute = tools.name.rpartition(".")[2]
    if attribute in ("MOST_FILES", "MOST_RULES", "MOST_ENTRIES"):
        built_in_rules()                                   # of which there are more: they are read once
        tools.small(2)
    got = tools.pack(*texts[attribute])
    assert got.code == 2
    assert re.match(r"httplint: (0\.toml|.*pack):\d+: ", got.text)


@beyond("description.document.LIMIT", "description.document.MOST_VALUES", "model.yaml.DEEPEST",
        "description.reading.MOST_FILES", "description.reading.MOST_OPERATIONS", "description.reading.MOST_SEGMENTS")
def _(tools: Tools) -> None:
    attribute = tools.name.rpartition(".")[2]
    small = {"LIMIT": 500, "MOST_VALUES": 20, "MOST_FILES": 1, "MOST_OPERATIONS": 2}
    paths = {"LIMIT": "/a: {get: {summary: " + "w" * 500 + "}}",
             "MOST_VALUES": "/a: {get: {responses: {" + ", ".join(f"{status}: x" for status in range(200, 210)) + "}}}",
             "DEEPEST": "/a: " + "{b: " * 500 + "c" + "}" * 500,
             "MOST_FILES": "/a: {$ref: a.yaml}, /b: {$ref: b.yaml}",
             "MOST_OPERATIONS": "/a: {get: {}, put: {}, post: {}}",
             "MOST_SEGMENTS": "/a" * 101 + ": {get: {}}"}
    for name in ("a.yaml", "b.yaml"):
        (tools.directory / name).write_text("get: {}\n", "utf-8")
    described = tools.directory / "api.yaml"
    described.write_text("openapi: 3.1.0\npaths: {/fine: {get: {}}}\n", "utf-8")
    if attribute in small:
        tools.small(small[attribute])
    assert tools.check(octets(), "--api", str(described)).code < 2
    described.write_text(f"openapi: 3.1.0\npaths: {{{paths[attribute]}}}\n", "utf-8")
    got = tools.check(octets(), "--api", str(described))
    assert got.code == 2
    assert re.match(r"httplint: .*api\.yaml(:\d+)?: ", got.text)


@beyond("capture.fetching.JUDGING")
def _(tools: Tools) -> None:
    from httplint.capture.fetching import Wait
    wait = Wait(timeout=0)
    wait.begin()
    assert wait.is_over()
    wait.judge()
    assert 0 < wait.left <= 2
    tools.small(0)
    wait.begin()
    wait.judge()
    assert wait.is_over()
    assert wait.exceeded


@beyond("probe.sitemap.LIMIT")
def _(tools: Tools) -> None:
    path = tools.directory / "sitemap.xml"
    path.write_text("<urlset><url><loc>http://a.example/</loc></url></urlset>", "utf-8")
    probe = ("probe", "--dry-run", "--isolated", "--host", "a.example", "--sitemap", str(path))
    assert "http://a.example/" in tools.run(*probe).text
    tools.small(50)
    got = tools.run(*probe)
    assert got.code == 2
    assert "cannot be read: more than 0 MiB" in got.text


@beyond("probe.sitemap.MOST_SITEMAPS")
def _(tools: Tools) -> None:
    path = tools.directory / "sitemap.xml"
    path.write_text(f"<sitemapindex>{'<sitemap><loc>x</loc></sitemap>' * 21}</sitemapindex>", "utf-8")
    got = tools.run("probe", "--dry-run", "--isolated", "--host", "a.example", "--sitemap", str(path))
    assert got.code == 2
    assert "more than 20 sitemaps" in got.text


@beyond("cli.credentials.LIMIT")
def _(tools: Tools) -> None:
    path = tools.directory / "fields.txt"
    path.write_text("X-Kind: " + "a" * 100, "utf-8")
    probe = ("probe", "--dry-run", "--isolated", "http://a.example/", "--header", f"@{path}")
    assert tools.run(*probe).code == 0
    tools.small(100)
    got = tools.run(*probe)
    assert got.code == 2
    assert "cannot be read: it is larger than 0 MB" in got.text


@beyond("report.har_report.CONTENT_LIMIT")
def _(tools: Tools) -> None:
    from httplint.report.formats import SAVED
    from httplint.report.masker import Masker
    from httplint.report.reporter import Options

    def saved(masker: Masker) -> str:
        out: list[str] = []
        report = Linter().lint(Exchange(Response(200, content="words " * 100), Request("GET", "http://a.example/")))
        SAVED.reporter(out.append, Options(masker=masker)).report(report)
        return "".join(out)

    assert "words words" in saved(Masker())
    tools.small(599)
    assert "words words" not in saved(Masker())
    assert "words words" in saved(Masker(shows=True))


@beyond("middleware.LIMIT")
def _(tools: Tools) -> None:
    from httplint.middleware import WSGI
    seen: list[str] = []
    logger = logging.Logger("limits")
    logger.addHandler(SimpleNamespace(level=0, handle=lambda record: seen.append(record.getMessage())))

    def app(environ: Any, start: Any) -> list[bytes]:
        start("200 OK", [("Content-Type", "application/json")])
        return [b'"' + b"a" * (int(environ["PATH_INFO"][1:]) - 1)]

    for size, judged in ((1 << 20, True), ((1 << 20) + 1, False)):
        seen.clear()
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": f"/{size}", "wsgi.url_scheme": "http",
                   "SERVER_NAME": "a.example", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1"}
        assert len(b"".join(WSGI(app, logger=logger)(environ, lambda *ignored: None))) == size
        assert any("json.invalid" in text for text in seen) is judged


@beyond("testing.interception.READ_LIMIT")
def _(tools: Tools) -> None:
    from httplint.testing.interception import _read
    read: list[int] = []
    for length in (1 << 20, (1 << 20) + 1):
        _read(None, SimpleNamespace(headers={"Content-Length": str(length)}, is_sequence=False,
                                    get_data=partial(read.append, length)))
    assert read == [1 << 20]


@beyond("archive.asking.MOST_ROWS")
def _(tools: Tools) -> None:
    pytest.importorskip("duckdb")
    from archive_maker import tables

    from httplint.archive.asking import ask
    directory = tables(tools.directory, responses=[{"capture": "a.har", "host": f"{letter}.example", "count": 1}
                                                   for letter in "abc"])
    tools.small(2)
    (hosts,) = ask(directory, ["hosts"]).answers
    assert (hosts.values("host"), hosts.more) == (["a.example", "b.example"], 1)


def test_each_row_is_tried() -> None:
    assert set(CHECKS) == set(ROWS)


@pytest.mark.parametrize("name", CHECKS)
def test_beyond(name: str, tools: Tools) -> None:
    tools.name = name
    CHECKS[name](tools)

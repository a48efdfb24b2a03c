"""Texts of strangers in whatever leaves the program: none is obeyed, hides anything, or becomes markup or a link."""
from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from httplint.cli.main import run
from httplint.engine import catalogue
from httplint.engine.linter import RuleLinter
from httplint.model.exchange import Exchange, Source
from httplint.model.fields import Fields
from httplint.model.message import Request, Response
from httplint.report import sarif
from httplint.report.formats import FORMATS
from httplint.report.lines import line
from httplint.report.links import link
from httplint.report.markup import commonmark, markdown, prose
from httplint.report.masker import Masker
from httplint.report.reporter import Options
from httplint.report.summary import Summary

EVIL = ("=e \x1b[31m\x1b]8;;http://evil.example\x07\x85\x7f\x00\u202e\u200b\u3164\u2028 \n::error::pwned\n"
        "  ::warning::pwned\r::notice::pwned\n##[error]p ##vso[task.x]p ##teamcity[p] "
        "</script><script>alert(1)</script>\n"
        "](javascript:alert(1)) <img src=x onerror=alert(1)> `x` **b** @everyone #1 https://evil.example "
        "www.evil.example | p")
TOML_EVIL = EVIL.replace("\x00", "")                       # which TOML has no escape for in a text
URI = re.compile(r"(?:https?://|file:///)?(?:[A-Za-z0-9._~!$&'()*+,;=@:/?\[\]-]|%[0-9A-Fa-f]{2})*")

MARKUP = re.compile(r"(?i)(?<!\\)<(?:script|img)|(?<!\\)\]\(javascript|https://evil|www\.evil")


def harmless(text: str, where: str = "") -> None:
    """What holds for each text that may come to a terminal or a log."""
    for shown in re.split(r"\r?\n", text):
        assert shown.isprintable(), (where, shown)
        assert "\u3164" not in shown, (where, shown)
        assert not shown.lstrip().startswith("::"), (where, shown)
        assert not re.search(r"##(\[|vso|teamcity)", shown), (where, shown)


def no_markup(text: str, where: str = "") -> None:
    """What holds for Markdown outside of blocks of code."""
    for shown in text.split("\n"):
        if not shown.startswith("    "):
            assert not MARKUP.search(shown), (where, shown)
            assert "\u202e" not in shown, (where, shown)


def pack(directory: Path, **changed: str) -> Path:
    """A pack of one rule, each of whose texts is evil."""
    directory.mkdir()
    texts = dict.fromkeys(("title", "spec", "why", "fix"), TOML_EVIL)
    texts |= {"id": "evil.rule", "level": "MUST", "require": "response.status == 1",
              "message": TOML_EVIL.replace("{", "") + " {response.reason} {request.uri}", **changed}
    lines = [f"{name} = {json.dumps(value)}" for name, value in texts.items()]
    lines += [f"{name} = [{json.dumps(TOML_EVIL)}]" for name in ("tags", "bad", "good", "requirement")]
    (directory / "evil.toml").write_text("[[rule]]\n" + "\n".join(lines), "ascii")
    return directory


def exchange() -> Exchange:
    """An exchange, each of whose texts is evil."""
    fields = Fields([(EVIL, EVIL), ("Location", EVIL), ("Cookie", EVIL)])
    request = Request(EVIL, f"http://evil.example/{EVIL}", None, fields, EVIL.encode())
    return Exchange(Response(200, "1.1", EVIL, fields, EVIL.encode()), request, [],
                    source=Source(f"a::b%,{EVIL}.har", 0, 1, 2))


def reported(name: str, where: Path) -> str:
    """What a format makes of the evil rule on the evil exchange."""
    rules = catalogue.load(pack(where / "pack"))
    parts: list[str] = []
    options = Options(masker=Masker(shows=True), show_not_evaluated=True, rules=rules)
    reporter = FORMATS[name].reporter(parts.append, options)
    summary = Summary(1)
    report = RuleLinter(rules).lint(exchange())
    assert len(report.findings) == 1
    summary.count(report)
    summary.skip(EVIL)
    summary.notes = [EVIL]
    summary.problem(f"c:d,%{EVIL}", EVIL, 3, 4)
    reporter.report(report)
    reporter.end(summary)
    return "".join(parts)


@pytest.mark.parametrize("name", [*FORMATS])
def test_every_format_escapes_every_text(name: str, tmp_path: Path) -> None:
    out = reported(name, tmp_path)
    assert "evil.rule" in out
    if name == "github":
        commands = [shown for shown in out.split("\n") if shown.lstrip().startswith("::")]
        assert [re.match(r"::error file=a%3A%3Ab%25%2C[^:]*,line=1,col=2,title=evil.rule::", one) is not None
                for one in commands] == [False, True]      # the first one tells of what cannot be read
        assert commands[0].startswith("::error file=c%3Ad%2C%25")
        out = "\n".join(shown for shown in out.split("\n") if shown not in commands)
    harmless(out, name)
    if name in ("html", "markdown"):
        assert not re.search(r"<img|<script>alert|</script><script>a", out)
    if name == "markdown":
        no_markup(out)
        assert "@everyone" not in out
    if name == "csv":
        for row in csv.reader(io.StringIO(out)):
            assert not any(re.match(r"\s*[=+@-]", cell) for cell in row), row
    if name == "junit":
        ET.fromstring(out)
    if name in ("json", "gitlab", "sarif"):
        json.loads(out)
    if name == "sarif":
        (made,) = json.loads(out)["runs"]
        (rule,) = made["tool"]["driver"]["rules"]
        no_markup(rule["help"]["markdown"])
        assert "helpUri" not in rule
        uris = re.findall(r'"uri": "([^"]*)"', out)
        assert uris
        assert all(URI.fullmatch(uri) for uri in uris), uris


@pytest.mark.parametrize(("path", "uri"), [
    ("a::b.har", "a%3A%3Ab.har"), ("-x y%41,#?.har", "-x%20y%2541%2C%23%3F.har"), ("\udcff.har", "%FF.har"),
    ("javascript://x/%0aalert(1)", "javascript%3A/x/%250aalert%281%29"),
    ("tests/a.py::T::test_x[a::b.har]", "tests/a.py"), ("tests/a.py::b.har", "tests/a.py%3A%3Ab.har"),
    ("https://[::1]:80/a b%4[#x#y", "https://[::1]:80/a%20b%254%5B%23x%23y"),
    ("/a:b.har", "file:///a%3Ab.har"),
])
def test_a_capture_of_any_name_has_a_reference(path: str, uri: str) -> None:
    assert sarif.uri_of(path) == uri
    assert URI.fullmatch(uri)


@pytest.mark.parametrize(("spec", "address"), [
    ("RFC 9110 §15.5.6", "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6"),
    ("RFC 9110 §B.1", "https://www.rfc-editor.org/rfc/rfc9110#appendix-B.1"),
    ("Fetch §x-content-type-options-header", "https://fetch.spec.whatwg.org/#x-content-type-options-header"),
    ("RFC 9110 §15) [x](javascript:alert(1)", "https://www.rfc-editor.org/rfc/rfc9110#section-15"),
    ("RFC 9110 §15](javascript:alert(1))", None), ("RFC 9110 §15\"><script>", None), ("RFC ٩ §1", None),
    ("Fetch §\"><script>", None), ("javascript:alert(1)", None), ("https://evil.example §1", None),
])
def test_only_sections_of_known_documents_are_links(spec: str, address: str | None) -> None:
    assert link(spec) == address


def test_markup_of_any_dialect() -> None:
    assert markdown("a_b *c* <i> [x](y)") == "a&#95;b &#42;c&#42; &#60;i&#62; &#91;x&#93;(y)"
    assert commonmark("- x") == "\\- x"
    assert commonmark("1. x") == "1\\. x"
    assert markdown("405.allow-missing") == "405.allow-missing"
    assert prose("@all #1 a#b GH-1") == "&#64;<!-- -->all &#35;<!-- -->1 a&#35;<!-- -->b GH-<!-- -->1"


def test_a_line_is_one_line_and_no_command() -> None:
    assert line("::error::x") == "\\x3a:error::x"
    assert line("  ", ("bold", ":"), ":x") == "  \\x3a:x"
    assert line("a\nb\x1b[0m\r\u2028") == "a\\nb\\x1b[0m\\r\\u2028"


# -- the command line

CAPTURE = ("> GET http://evil.example/{0} HTTP/1.1\n> Cookie: {0}\n< HTTP/1.1 405 {0}\n< X-{0}: {0}\n"
           "< Content-Type: {0}\n")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with an evil pack, and a capture with an evil name and evil texts."""
    monkeypatch.chdir(tmp_path)
    pack(tmp_path / "pack")
    evil = re.sub(r"[\r\n\0/]", " ", EVIL)
    (tmp_path / f"a::b%,{evil[:60]}\n::error::x.txt").write_text(CAPTURE.format(evil), "utf-8")
    return tmp_path


def both(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Standard output and error of a command, which must be harmless."""
    try:
        run(arguments)
    except SystemExit:
        pass
    out = capsys.readouterr()
    harmless(out.err, f"stderr of {arguments}")
    if "github" not in arguments:
        harmless(out.out, str(arguments))
    return out.out + out.err


@pytest.mark.parametrize("arguments", [
    ("explain", "evil.rule"), ("explain", "evil"), ("rules", "list"), ("rules", "list", "--json"),
    ("explain", "nothing\n::error::x\x1b[0m"), ("check", "nowhere\n::error::x\x1b[0m"),
    ("check", "x", "--\n::error::x\x1b[0m"),
    ("explain", "--field", "nothing\n::error::x\x1b[0m"), ("check", "x", "--select", "\n::error::x\x1b[0m"),
])
def test_verbs_escape_what_a_pack_says(arguments: tuple[str, ...], place: Path,
                                       capsys: pytest.CaptureFixture[str]) -> None:
    assert both(capsys, *arguments, "--rules", "pack")


def test_traces_and_tests_of_rules(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (capture,) = place.glob("a::b*")
    assert "evil.rule: violated" in both(capsys, "explain", "evil.rule", "--rules", "pack", "--trace", str(capture))
    assert "not in the notation" in both(capsys, "rules", "test", "pack")


def test_pages_of_a_pack(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    both(capsys, "rules", "docs", "site", "--rules", "pack")
    pages = [path.read_text("utf-8") for path in place.glob("site/**/*.md")]
    assert any("pwned" in page for page in pages)
    for page in pages:
        if "pwned" in page:
            assert all(shown.isprintable() for shown in page.split("\n")), page
            no_markup(page)


@pytest.mark.parametrize("name", [*FORMATS])
def test_a_capture_and_its_name(name: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = both(capsys, "check", str(next(place.glob("a::b*"))), "--rules", "pack", "--output-format", name,
               "--statistics", "--show", "not-evaluated", "--isolated")
    assert "evil.rule" in out


FIXED = {"severity", "level", "confidence", "basis", "part", "kind", "version", "type", "httplint", "once", "state"}
"""Keys of a result whose values are of a fixed set, or say what it is."""


def poisoned(data: Any, key: str = "") -> Any:
    """A result with evil in each of its texts."""
    if isinstance(data, str):
        return data if key in FIXED or (key == "message" and data in ("response", "request")) else EVIL
    if isinstance(data, list):
        return [poisoned(one, key) for one in data]
    if isinstance(data, dict):
        return {EVIL if key == "rules" and isinstance(value, dict) else name: poisoned(value, name)
                for name, value in data.items()}
    return data


def test_results_of_strangers(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capture = str(next(place.glob("a::b*")))
    run(["check", capture, "--rules", "pack", "--select", "evil", "--output-format", "json", "--isolated"])
    clean = json.loads(capsys.readouterr().out)
    evil = poisoned(clean)
    assert EVIL in evil["rules"]
    (place / "clean.json").write_text(json.dumps(clean), "utf-8")
    (place / "evil.json").write_text(json.dumps(evil), "utf-8")
    for name in FORMATS:
        out = both(capsys, "report", "--from", "evil.json", "--output-format", name, "--statistics")
        assert "pwned" in out, name
        if name == "markdown":
            no_markup(out)
    for pair in (("clean.json", "evil.json"), ("evil.json", "clean.json")):
        for name in FORMATS:
            out = both(capsys, "report", "--merge", *pair, "--output-format", name)
            assert "pwned" in out, name
        for option in ("--diff", "--trend"):
            for name in ("text", "json", "markdown", "html"):
                out = both(capsys, "report", option, *pair, "--output-format", name)
                assert "pwned" in out, name
                if name == "markdown":
                    no_markup(out)
    both(capsys, "baseline", "create", "--from", "evil.json", "--baseline", "known.json", "--isolated")
    assert "gone" in both(capsys, "baseline", "check", "--from", "clean.json", "--baseline", "known.json",
                          "--isolated")


@pytest.mark.parametrize("text", [
    f"[[waiver]]\nrule = 'all'\nreason = {json.dumps(TOML_EVIL)}",
    f"[[waiver]]\nrule = '405'\nreason = 'x'\nhost = {json.dumps(TOML_EVIL.replace('/', '').replace('@', ''))}",
    *(f"{key} = [{json.dumps(TOML_EVIL)}]" for key in (
        "select", "ignore", "profile", "show", "rules", "outputs", "first-party", "fields", "methods", "schemes")),
    *(f"{key} = {json.dumps(TOML_EVIL)}" for key in (
        "severity", "fail-on", "baseline", "allow-silencing-field", "level", "nothing")),
    f"{json.dumps(TOML_EVIL)} = 1", f"[level]\n{json.dumps(TOML_EVIL)} = 'error'", f"x = {json.dumps(TOML_EVIL)[:-1]}",
    f"[level]\n405 = {json.dumps(TOML_EVIL)}", f"[[override]]\n{json.dumps(TOML_EVIL)} = 1",
])
def test_configurations_of_strangers(text: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "httplint.toml").write_text(text, "utf-8")
    assert both(capsys, "config", "show", "--rules", "pack")
    assert both(capsys, "check", str(next(place.glob("a::b*"))), "--rules", "pack")


def test_baselines_of_strangers(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kind = dict.fromkeys(("rule", "host", "method", "path", "field"), EVIL)
    capture = str(next(place.glob("a::b*")))
    for document in ({"httplint-baseline": 1, "findings": [{**kind, "count": 3}]},
                     {"httplint-baseline": 1, "findings": [{**kind, "count": 3, EVIL: 1}]},
                     {"httplint-baseline": EVIL}, {"httplint-baseline": 1, EVIL: []}):
        (place / "known.json").write_text(json.dumps(document), "utf-8")
        for action in ("check", "update"):
            assert both(capsys, "baseline", action, capture, "--baseline", "known.json", "--isolated")

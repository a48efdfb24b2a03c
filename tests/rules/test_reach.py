"""A rule that no capture can fire is no rule: each one's bad examples, written down as other tools would write them.

An example is transcribed into a HAR, the octets of a connection, what `curl -v` prints, and a library call, and read
by the readers that users have. Each stable rule must find one of its bad examples in one of these.
"""
from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from har_maker import har_of

from httplint.capture.kinds import KINDS
from httplint.capture.notation import notation
from httplint.capture.reading import read
from httplint.coverage import shown_by
from httplint.engine.linter import RuleLinter
from httplint.engine.rule import Rule
from httplint.library import built_in_rules
from httplint.model.exchange import Exchange
from httplint.model.message import Message, Request, Response

HARS = Path(__file__).parents[2] / "fixtures" / "har"
RULES = [rule for rule in built_in_rules() if rule.stage == "stable"]

_HTTP2 = "what `fetch --http2` asks for: tests/e2e/test_fetch.py"
BY_OTHER_TESTS = {
    "http2.upper-case-name": _HTTP2, "http2.unknown-pseudo-field": _HTTP2, "http2.late-pseudo-field": _HTTP2,
    "http2.repeated-pseudo-field": _HTTP2, "http2.status-missing": _HTTP2,
}
"""Rule -> where it is shown to fire, if none of these transcriptions can."""

Transcribed = Iterator[Exchange]


def _har(creator: str, exchanges: list[Exchange], directory: Path) -> Transcribed:
    entries = []
    for number, one in enumerate(exchanges):
        request, response = one.request or Request("GET", "/"), one.response
        started = one.started if one.started is not None else 1_760_000_000 + number
        content = response.content or b""
        entries.append({
            "startedDateTime": datetime.fromtimestamp(started, timezone.utc).isoformat(), "time": 1,
            "serverIPAddress": "192.0.2.1", "cache": {}, "timings": {},
            "request": {"method": request.method, "url": _url(request), "httpVersion": _named(request),
                        "headers": _headers(request), "bodySize": len(request.content or b""),
                        "postData": {"mimeType": "", "text": (request.content or b"").decode("latin-1")}},
            "response": {"status": response.status, "statusText": response.reason or "",
                         "httpVersion": _named(response), "headers": _headers(response), "bodySize": len(content),
                         "content": {"size": len(content), "mimeType": "", "encoding": "base64",
                                     "text": _base64(content)}},
        })
    path = directory / "a.har"
    path.write_text(json.dumps(har_of(*entries, creator=creator)), "utf-8")
    yield from _read(path)


def _octets(exchanges: list[Exchange], directory: Path, wire: bool) -> Transcribed:
    asked: list[bytes] = []
    answered: list[bytes] = []
    for one in exchanges:
        if one.response.version not in ("1.0", "1.1"):
            return
        if one.request is not None:
            head = f"{one.request.method} {one.request.target} HTTP/{one.request.version or '1.1'}"
            asked.append(_message(head, one.request))
        answered += [_message(f"HTTP/{each.version} {each.status} {each.reason or 'x'}", each)
                     for each in (*one.interim, one.response)]
    path = directory / "a.raw"
    path.write_bytes(b"".join(asked + answered))
    yield from _read(path, wire=wire)


def _curl(exchanges: list[Exchange], directory: Path) -> Transcribed:
    lines: list[str] = []
    for one in exchanges:
        if one.request is not None:
            lines += [f"> {one.request.method} {one.request.target} HTTP/{one.request.version}",
                      *(f"> {name}: {value}" for name, value in one.request.fields or ()), "> "]
        for response in (*one.interim, one.response):
            lines += [f"< HTTP/{response.version} {response.status} {response.reason or ''}",
                      *(f"< {name}: {value}" for name, value in response.fields or ()), "< "]
        lines += [(one.response.content or b"").decode("latin-1"), "* Connection #0 to host left intact"]
    path = directory / "a.txt"
    path.write_text("\n".join(lines), "utf-8", "replace")
    yield from _read(path)


def _call(exchanges: list[Exchange], directory: Path) -> Transcribed:
    """What a program would hand over: no evidence but what is there."""
    for one in exchanges:
        asked, got = one.request, one.response
        request = asked and Request(asked.method, asked.target, asked.version, asked.fields, asked.content,
                                    scheme=asked.scheme)
        content = got.content if one.evidence.knows("content") else None
        response = Response(got.status, got.version, got.reason, got.fields, content, got.trailers)
        interim = [Response(each.status, each.version, each.reason, each.fields) for each in one.interim]
        yield Exchange(response, request, interim, one.started)


def _read(path: Path, wire: bool = False) -> Transcribed:
    for outcome in read(str(path), wire=wire):
        if isinstance(outcome, Exchange):
            yield outcome


def _url(request: Request) -> str:
    """The target URI, of some host if the example names none."""
    return request.uri.replace(":///", "://a.example/")


def _headers(message: Message) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in message.fields or ()]


def _named(message: Message) -> str:
    return f"HTTP/{message.version}" if message.version else ""


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _message(head: str, message: Message) -> bytes:
    lines = [head, *(f"{name}: {value}" for name, value in message.fields or ()), "", ""]
    text = "\r\n".join(lines).encode("latin-1", "replace")
    content = message.content or b""
    if message.trailers:
        end = "".join(f"{name}: {value}\r\n" for name, value in message.trailers).encode("latin-1")
        return text + (b"%x\r\n%b\r\n" % (len(content), content) if content else b"") + b"0\r\n" + end + b"\r\n"
    return text + content


TOOLS: dict[str, Callable[[list[Exchange], Path], Transcribed]] = {
    "a HAR of mitmproxy": lambda exchanges, directory: _har("mitmproxy", exchanges, directory),
    "a HAR of Chrome": lambda exchanges, directory: _har("WebInspector", exchanges, directory),
    "octets of a file": lambda exchanges, directory: _octets(exchanges, directory, wire=False),
    "octets of the wire": lambda exchanges, directory: _octets(exchanges, directory, wire=True),
    "curl -v": _curl,
    "a library call": _call,
}


_IN_OCTETS = "octets:"
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|(.))")


def _written_out(text: str) -> bytes:
    """The octets of an example that is a capture already."""
    lines = "".join(text.strip().removeprefix(_IN_OCTETS).lstrip().removesuffix("…").splitlines())
    one = {"r": "\r", "n": "\n", "t": "\t", "\\": "\\"}
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else one[found[2]], lines).encode("latin-1")


def _reaching(rule: Rule, directory: Path) -> Iterator[str]:
    """The tools whose captures show the rule one of its bad examples."""
    for text in rule.bad:
        if text.lstrip().startswith(_IN_OCTETS):
            path = directory / "a.raw"
            path.write_bytes(_written_out(text))
            ways = {"octets of a file": list(_read(path)), "octets of the wire": list(_read(path, wire=True))}
        else:
            ways = {tool: list(write(notation(text), directory)) for tool, write in TOOLS.items()}
        for tool, exchanges in ways.items():
            reports = RuleLinter([rule]).lint_all(exchanges)
            if any(finding.rule_id == rule.id for report in reports for finding in report.findings):
                yield tool


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_some_capture_shows_the_flaw(rule: Rule, tmp_path: Path) -> None:
    found = next(_reaching(rule, tmp_path), None)
    assert (found is None) == (rule.id in BY_OTHER_TESTS), BY_OTHER_TESTS.get(rule.id, "no capture shows it")


KIND = {"a HAR of mitmproxy": "HAR", "a HAR of Chrome": "HAR", "octets of a file": "octets",
        "octets of the wire": "fetch", "curl -v": "curl", "a library call": "library call"}
"""Tool of TOOLS -> the kind of capture that it writes."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_coverage_table_says_so(rule: Rule, tmp_path: Path) -> None:
    """Where a rule fires, the table does not call it impossible."""
    assert {KIND[tool] for tool in _reaching(rule, tmp_path)} <= set(shown_by(rule))


@pytest.mark.parametrize("path", sorted(HARS.glob("*.har")), ids=lambda path: path.stem)
def test_no_har_proves_more_than_its_kind(path: Path) -> None:
    best = next(kind.facts for kind in KINDS if kind.name == "HAR")
    assert [one for one in _read(path) if one.evidence.bits & ~best] == []

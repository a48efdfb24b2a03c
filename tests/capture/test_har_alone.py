"""`read_har_entries`, `read_har_entry`: entries that archives keep as rows are what they are in their HAR."""
from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest import mock

import pytest

from httplint import Exchange, Linter, Problem, Skipped, Source, read, read_har_entries, read_har_entry
from httplint.capture import har

HARS = sorted((Path(__file__).parents[2] / "fixtures").glob("*/*.har"))
DEEP = 100_000
DATE = ("Date", "Sun, 01 Mar 2026 12:00:00 GMT")
DECODERS = (0, 1 << 40)
"""How many octets of text were begun, so that the one decoder is used, or the other."""

Outcome = Exchange | Skipped | Problem


def entry(*lines: tuple[object, object], **response: Any) -> dict[str, Any]:
    """A PATCH answered 405 over HTTP/1.1 with these field lines."""
    return {"startedDateTime": "2026-03-01T12:00:00Z",
            "request": {"method": "PATCH", "url": "https://a.example/report", "httpVersion": "HTTP/1.1", "headers": []},
            "response": {"status": 405, "httpVersion": "HTTP/1.1", "content": {}, "bodySize": 5,
                         "headers": [{"name": name, "value": value} for name, value in lines]} | response}


def read_entry(one: Any, creator: Any = "mitmproxy") -> Exchange:
    found = read_har_entry(one, creator=creator)
    assert isinstance(found, Exchange), found
    return found


def told(outcome: Outcome) -> object:
    """All of an outcome but its place, in a form that compares."""
    if isinstance(outcome, Exchange):
        request, response = outcome.request, outcome.response
        assert request is not None
        return (outcome.started, outcome.duration, outcome.evidence, request.method, request.target, request.version,
                request.fields, request.content, response.status, response.version, response.reason, response.fields,
                response.content, response.size)
    return outcome.category if isinstance(outcome, Skipped) else outcome.cause


def ids(outcomes: Iterator[Any], linter: Linter) -> list[list[tuple[str, str]]]:
    """What is found in each exchange, with what earlier ones tell."""
    return [[(finding.rule_id, finding.message) for finding in report.findings]
            for report in linter.lint_all(one for one in outcomes if isinstance(one, Exchange))]


@pytest.mark.parametrize("path", HARS, ids=lambda path: path.stem)
def test_rows_are_what_their_har_is(path: Path) -> None:
    log = json.loads(path.read_bytes())["log"]
    heads = {"creator": log["creator"], "browser": log.get("browser")}
    wanted = list(map(told, read(path)))
    assert len(wanted) == len(log["entries"])
    assert list(map(told, read_har_entries(log["entries"], **heads))) == wanted
    texts = [json.dumps(one, ensure_ascii=False) for one in log["entries"]]
    for begun in DECODERS:
        with mock.patch.object(har._Begun, "octets", begun):
            assert list(map(told, read_har_entries(texts, **heads))) == wanted
            octets_of = (text.encode("utf-8", "surrogateescape") for text in texts)
            assert list(map(told, read_har_entries(octets_of, **heads))) == wanted


def test_rows_are_judged_as_their_har_is() -> None:
    linter = Linter(select="3")
    path, = (path for path in HARS if path.stem == "chromium-application-violating-3xx")
    log = json.loads(path.read_bytes())["log"]
    found = ids(read(path), linter)
    assert any(found)
    assert found == ids(read_har_entries(log["entries"], creator=log["creator"]), linter)


def test_one_entry_and_its_place() -> None:
    exchange = read_har_entry(entry(DATE), creator="mitmproxy",
                              source=Source("https://a.example/ (row 7)", 7))
    assert isinstance(exchange, Exchange)
    finding, = Linter(select="405").lint(exchange).findings
    assert finding.rule_id == "405.allow-missing"
    assert exchange.source is not None
    assert (exchange.source.path, exchange.source.place) == ("https://a.example/ (row 7)", "entry 7")


def test_rows_of_a_page_are_numbered(tmp_path: Path) -> None:
    for path, wanted in (({}, "<entries>"), ({"path": tmp_path}, str(tmp_path))):
        places = [one.source for one in read_har_entries(iter([entry(), None, "{}"]), creator=None, **path)]
        assert [place and (place.path, place.entry, place.line) for place in places] == [
            (wanted, number, None) for number in range(3)]


@pytest.mark.parametrize("creator", ["mitmproxy", {"name": "mitmproxy", "version": "12"},
                                     MappingProxyType({"name": "mitmproxy"})])
def test_who_wrote_the_har_decides_what_is_proved(creator: str | Mapping[str, object]) -> None:
    assert read_entry(entry(), creator).evidence.knows("request_fields")
    for other in (None, {}, {"name": None}, "WebPageTest", {"name": 3}):
        assert not read_entry(entry(), other).evidence.knows("request_fields")


def test_the_browser_tells_what_playwright_does() -> None:
    for browser, lines in (("chromium", True), ({"name": "chromium", "version": "1"}, True), ("firefox", False),
                           (None, False)):
        found = read_har_entry(entry(DATE), creator="Playwright", browser=browser)
        assert isinstance(found, Exchange)
        assert found.evidence.knows("lines") is lines


def test_rows_of_one_har_show_together_what_their_tool_does() -> None:
    repeated = entry(("Link", "</a>"), ("Link", "</b>"), DATE)
    found = read_har_entries([entry(DATE), repeated, entry(DATE)], creator=None)
    assert [isinstance(one, Exchange) and one.evidence.knows("lines") for one in found] == [False, True, True]
    assert not read_entry(entry(DATE), None).evidence.knows("lines")


class Lazy(Mapping[str, object]):
    """What database drivers have for documents: no dict, nor within."""

    def __init__(self, value: dict[str, Any]) -> None:
        self._value = value

    def __getitem__(self, key: str) -> object:
        found = self._value[key]
        if isinstance(found, list):
            return tuple(Lazy(one) if isinstance(one, dict) else one for one in found)
        return Lazy(found) if isinstance(found, dict) else found

    def __iter__(self) -> Iterator[str]:
        return iter(self._value)

    def __len__(self) -> int:
        return len(self._value)


@pytest.mark.parametrize("made", [OrderedDict, MappingProxyType, Lazy], ids=lambda made: made.__name__)
def test_any_mapping_is_an_object(made: Callable[[object], Mapping[str, object]]) -> None:
    one = entry(("Allow", "GET"), ("Content-Type", "text/plain"), content={"text": "a", "size": 1}, bodySize=1)
    assert told(read_entry(made(one))) == told(read_entry(one)) == told(read_entry(json.dumps(one)))


def brief(value: object) -> str:
    """What a test is called by its argument, however long that is."""
    return value[:20] if isinstance(value, str) else type(value).__name__


class Broken(dict[str, object]):
    def get(self, key: str, default: object = None) -> object:
        raise KeyError(key)


@pytest.mark.parametrize(("one", "reason"), [
    (None, "the entry is not an object"), (float("nan"), "the entry is not an object"),
    ([entry()], "the entry is not an object"), (True, "the entry is not an object"),
    ("null", "the entry is not an object"), ("[]", "the entry is not an object"),
    ({}, "the entry has no request"), ("{}", "the entry has no request"), ({1: 2}, "the entry has no request"),
    ({"log": {"entries": []}}, "the entry has no request"), ({"request": []}, "the entry has no request"),
    ({"request": {"url": 5}}, "the request has no URL"),
    (Broken(), "the entry cannot be read: its mapping does not hand out its members"),
    ({"request": Broken()}, "the entry cannot be read: its mapping does not hand out its members"),
    ("", "the entry cannot be read: the text breaks off here (line 1, column 1 of its text)"),
    (b"\xff\xfe", "the entry cannot be read: not JSON: Expecting value (line 1, column 1 of its text)"),
    ('{"request":\n {"url": "x"', "the entry cannot be read: the text breaks off here (line 2, column 13 of its text)"),
    ("{} {}", "the entry cannot be read: something follows the end of the entry (line 1, column 4 of its text)"),
    ('{"request":' * DEEP, "the entry cannot be read: the text breaks off here (line 1, column 1100001 of its text)"),
    ('{"request": ' * DEEP + "1" + "}" * DEEP, "the entry is nested too deeply"),
    (entry(status=10 ** 10_000), "the status is not a number"), (entry(status=[[[]]]), "no response was captured"),
    (entry(status=float("nan")), "the status is not a number"),
    (entry(status=600_000), "the status is not a status code"),
], ids=brief)
def test_what_is_no_exchange_says_why(one: object, reason: str) -> None:
    for begun in DECODERS:
        with mock.patch.object(har._Begun, "octets", begun):
            found = read_har_entry(one, creator="mitmproxy")  # type: ignore[arg-type]
        assert isinstance(found, Skipped)
        assert found.reason == reason


def deep() -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(DEEP):
        value = {"x": value}
    return value


@pytest.mark.parametrize("more", [
    {"_custom": deep()}, {5: 6, None: {}, (): []}, {"_a": "\ud800", "\ud800": 1}, {"time": float("inf")},
    {"time": 10 ** 10_000}, {"_unknown": 10 ** 10_000}, {"connection": -10 ** 10_000},
], ids=["deep", "keys", "surrogates", "infinite", "huge", "unknown", "negative"])
def test_what_is_odd_elsewhere_costs_nothing(more: dict[Any, Any]) -> None:
    assert read_entry(entry() | more).response.status == 405


@pytest.mark.parametrize("odd", [10 ** 10_000, -10 ** 10_000, float("nan"), "\ud800\udc80", "\0", deep(), Broken],
                         ids=brief)
def test_what_is_odd_in_its_place_is_judged(odd: object) -> None:
    """Nothing is raised, and there is something to say of whatever became an exchange."""
    one = entry(("Allow", odd), ("X", "\ud800"), (odd, "x"), bodySize=odd, httpVersion=odd, statusText=odd,
                content={"size": odd, "text": odd}, _transferSize=odd)
    one["request"] |= {"httpVersion": odd, "bodySize": odd, "postData": {"text": odd}}
    for creator in ("mitmproxy", "WebPageTest", "httplint", None):
        for report in Linter().lint_all([read_entry(one | {"startedDateTime": odd, "time": odd}, creator)]):
            assert report.held


def test_contents_beside_a_har_are_not_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_text("a", "utf-8")
    one = entry(content={"_file": "secret", "size": 1}, bodySize=1)
    assert read_entry(one).response.content is None


def test_a_byte_order_mark_and_undecodable_octets() -> None:
    text = json.dumps(entry(("X", "caf\u00e9")), ensure_ascii=False)
    for octets in (b"\xef\xbb\xbf" + text.encode(), text.encode("latin-1"), "\ufeff" + text, bytearray(text.encode())):
        fields = read_entry(octets).response.fields
        assert fields is not None
        assert fields.combined("x") in ("caf\u00e9", "caf\u00c3\u00a9")

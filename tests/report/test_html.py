"""The HTML report as text: what is in the file, and what can never be. What it does in a browser: tests/e2e."""
from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Iterable
from html.parser import HTMLParser
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from httplint import Exchange, Linter, Report, Request, Response, lint_har
from httplint.engine.report import Suppression
from httplint.library import built_in_rules
from httplint.report import html
from httplint.report.exercise import STATES, Exercise
from httplint.report.html import FILE, HtmlReport
from httplint.report.json_report import JsonReport
from httplint.report.masker import Masker
from httplint.report.reporter import Options
from httplint.report.result import Result
from httplint.report.summary import Summary

FIXTURES = Path(__file__).parents[2] / "fixtures" / "har"
HAR = FIXTURES / "mitmproxy-application-violating-4xx-5xx.har"
HEAD = 11
"""Items of a row before its findings."""
BAD_DATE = "Tue, 1 Jul 2025 12:00:00 GMT"                   # the day has two digits (RFC 9110 §5.6.7)


def page_of(reports: Iterable[Report], options: Options | None = None) -> str:
    """The page of some reports."""
    out = io.StringIO()
    html = HtmlReport(out.write, options or Options(rules=built_in_rules()))
    summary = Summary(len(built_in_rules()))
    summary.places, summary.exercise = Counter(), Exercise()
    for report in reports:
        summary.count(report)
        html.report(report)
    html.end(summary)
    return out.getvalue()


def of(*exchanges: Exchange, select: str = "date.malformed") -> list[Report]:
    linter = Linter(select)
    return [linter.lint(exchange) for exchange in exchanges]


def dated(uri: str = "http://a.example/x", status: int = 200, **more: Any) -> Exchange:
    return Exchange(Response(status, headers=[("Date", BAD_DATE), *more.pop("fields", [])], **more),
                    Request("GET", uri))


class Markup(HTMLParser):
    """The tags of a page with their attributes, as a browser sees them that runs no scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.ends = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.ends += 1


def islands(page: str) -> dict[str, Any]:
    """The data of a page: `data`, and the lists `places` and `messages` of an item an exchange."""
    out: dict[str, Any] = {"places": [], "messages": []}
    for kind, text in re.findall(r'<script type="application/json" data-island="(\w+)">(.*?)</script>', page, re.S):
        if kind == "data":
            out["data"] = json.loads(text)
        elif kind == "places":
            out["places"] += json.loads(text)
        else:
            out["messages"] += [json.loads(line) if line else None for line in text.split("\n")]
    return out


def texts(data: dict[str, Any], value: Any) -> Any:
    return data["data"]["strings"][value] if isinstance(value, int) else value


def total(data: dict[str, Any]) -> int:
    return sum(count for group in data["data"]["groups"] for count in group[-1][1::2])


def test_the_policy_allows_this_script_and_this_style_only() -> None:
    page = page_of(of(dated()))
    markup = Markup(page)
    policy, = (attrs["content"] for tag, attrs in markup.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))

    def digest(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    script, = re.findall(r"<script>(.*?)</script>", page, re.S)
    style, = re.findall(r"<style>(.*?)</style>", page, re.S)
    assert directives.pop("script-src") == digest(script)
    assert directives.pop("style-src") == digest(style)
    assert directives == {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'",
                          "require-trusted-types-for": "'script'", "trusted-types": "'none'"}
    assert page.index("Content-Security-Policy") < page.index("<style>") < page.index("<script")


def test_nothing_is_loaded() -> None:
    page = page_of(of(dated()))
    for tag, attrs in Markup(page).tags:
        assert not {"src", "srcset", "data", "action", "style"} & attrs.keys(), tag
        assert not any(name.startswith("on") for name in attrs), tag
        assert attrs.get("href", "#").startswith("#"), tag
        assert tag not in ("link", "base", "iframe", "object", "embed", "form", "img")
    assert not re.search(r"@import|url\(", page)
    script = page[page.rindex("<script>"):]
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|Function\(|fetch\(|XMLHttp|"
                         r"WebSocket|sendBeacon|import\(", script)


def test_the_page_is_ascii_and_the_same_each_time() -> None:
    def made() -> str:
        return page_of(report for _, report in lint_har(HAR))

    assert made() == made()
    assert made().isascii()


def test_what_it_says_of_a_finding() -> None:
    report, = of(dated("http://a.example/items/4?x=1", reason="OK", fields=[("X-Test", "x")], content=b"hello"))
    data = islands(page_of([report]))
    finding, = report.findings
    group, = data["data"]["groups"]
    assert [texts(data, value) for value in group[1:11]] == [
        "date.malformed", finding.level, finding.confidence, finding.rule.basis, "", "Date", "http://a.example", "GET",
        "/items/{id}", finding.message]
    assert group[11] == [200, 1]
    place, = data["places"]
    assert place[0] == 200
    assert place[2] == "http://a.example/items/4?x=1"
    number, message, side, part, index, offset, reason = place[HEAD]
    assert (number, message, index, offset) == (0, 0, 0, BAD_DATE.index(" Jul"))
    assert [texts(data, value) for value in (side, part, reason)] == ["response", "field", ""]
    (request, interim, response), = data["messages"]
    assert request[0] == "1.1"
    assert interim == []
    assert [texts(data, value) for value in response[2][1:]] == ["Date", BAD_DATE, "X-Test", "x"]
    assert texts(data, response[1]) == "OK"
    assert texts(data, response[3][0]) == "hello"
    told = data["data"]["rules"]["date.malformed"]
    assert told["why"] == finding.rule.why
    assert told["bad"] == list(finding.rule.bad)
    assert told["good"] == list(finding.rule.good)


def test_alike_findings_are_one_group_and_none_is_lost() -> None:
    reports = [report for har in sorted(FIXTURES.glob("*.har")) for _, report in lint_har(har)]
    data = islands(page_of(reports))
    wanted = sum(len(report.findings) for report in reports)
    assert wanted > 100
    assert total(data) == wanted
    assert sum(len(place) - HEAD for place in data["places"]) == wanted
    assert len(data["places"]) == len(data["messages"]) == len(reports)
    assert [len(place) > HEAD for place in sorted(data["places"], key=itemgetter(HEAD - 1))] == [
        bool(report.findings) for report in reports]
    assert None not in data["messages"]
    alike = islands(page_of(of(*(dated(f"http://a.example/items/{number}", 200 + 4 * (number % 2))
                                 for number in range(372)))))
    assert [group[-1] for group in alike["data"]["groups"]] == [[200, 186, 204, 186]]


def test_suppressed_findings_are_told_apart() -> None:
    reports = of(dated(), dated())
    reports[0].suppressed = [(reports[0].findings.pop(), Suppression("waiver", "the gateway is replaced in May"))]
    data = islands(page_of(reports))
    assert [texts(data, group[5]) for group in data["data"]["groups"]] == ["waiver", ""]
    assert texts(data, data["places"][0][HEAD][6]) == "the gateway is replaced in May"
    assert data["data"]["summary"]["suppressed"] == {"waiver": 1}
    assert data["data"]["summary"]["findings"]["error"] == 1


def test_how_many_exchanges_and_requirements() -> None:
    fine = Exchange(Response(200, headers=[("Date", "Tue, 01 Jul 2025 12:00:00 GMT")]), Request("GET", "http://a.example/"))
    data = islands(page_of(of(dated(), fine, dated(status=404))))["data"]
    assert data["exchanges"] == {"status": {"200": 2, "404": 1}, "host": {"http://a.example": 3}}
    own = {name for rule in built_in_rules() if rule.id == "date.malformed" for name in rule.requirement}
    states = {name: state for name, document, section, state, rules in data["statements"]}
    assert {name for name, state in states.items() if STATES[state] == "broken"} == own
    assert "kept" not in {STATES[state] for state in states.values()}
    assert len(states) > 400
    kept = islands(page_of(of(fine)))["data"]["statements"]
    assert {name for name, _, _, state, _ in kept if STATES[state] == "kept"} == own
    name, document, section, _, rules = next(row for row in data["statements"] if row[0] in own)
    assert (document, name) == ("RFC 9110", f"9110-{section}-{name.rpartition('-')[2]}")
    assert "date.malformed" in rules


def test_kinds_of_exchanges_have_what_was_found_in_them() -> None:
    fine = Exchange(Response(200, headers=[("Date", "Tue, 01 Jul 2025 12:00:00 GMT")]), Request("GET", "http://a.example/items/7"))
    reports = of(dated("http://a.example/items/1"), dated("http://a.example/items/2", 404), fine)
    data = islands(page_of(reports))["data"]
    error = [int(reports[0].findings[0].severity == severity) for severity in ("error", "warning", "info")]
    assert data["cells"] == [["GET http://a.example/items/{id}", 200, 2, *error],
                             ["GET http://a.example/items/{id}", 404, 1, *error]]


def test_secrets_are_masked_unless_asked_for() -> None:
    exchange = dated("http://u:geheim1@a.example/x?token=geheim2", fields=[("Set-Cookie", "id=geheim3; Path=/")])
    page = page_of(of(exchange))
    assert "geheim" not in page
    assert "[masked]" in page
    open_page = page_of(of(exchange), Options(rules=built_in_rules(), masker=Masker(shows=True)))
    assert all(f"geheim{number}" in open_page for number in (1, 2, 3))


def test_a_page_without_findings_or_requests() -> None:
    data = islands(page_of([]))
    assert data["data"]["groups"] == []
    data = islands(page_of(of(Exchange(Response(200, None, headers=[("Date", "x")], content=None)))))
    assert data["places"][0][1:3] == [0, 0]
    assert data["messages"][0][0] == 0
    assert data["messages"][0][2][3] is None


HOSTILE = ("</script><script>alert(1)</script>", "<!--<script>", "]]>", "<img src=x onerror=alert(1)>",
           "</noscript></title></style>", '"\'`&amp;&#60;', "\u2028\u2029\u202e\u200b\ufeff", "\x00\x1b[31m\x7f\x9b",
           "javascript:alert(1)", "__proto__", "constructor", "\ud800")
hostile = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(max_codepoint=0x2fff), max_size=30))


@settings(max_examples=40)
@given(name=hostile, value=hostile, uri=hostile, method=hostile, reason=hostile, content=hostile, path=hostile)
def test_values_never_become_markup(name: str, value: str, uri: str, method: str, reason: str, content: str,
                                    path: str) -> None:
    control = re.compile(r"[\x00-\x1f\x7f]")                # those have a rule of their own

    def made(*values: str) -> str:
        name, value, uri, method, reason, content, path = values
        return page_of(of(Exchange(
            Response(200, reason=reason, headers=[("Date", "x" + control.sub("", value)), (name, value)],
                     content=content.encode("utf-8", "surrogatepass")),
            Request(method, f"http://a.example/{path}{uri}", headers=[(name, value)]))))

    page, plain = made(name, value, uri, method, reason, content, path), made(*"abcdefg")
    assert page.isascii()
    seen, wanted = Markup(page), Markup(plain)
    assert seen.tags == wanted.tags
    assert seen.ends == wanted.ends
    data = islands(page)
    fields = [texts(data, text) for text in data["messages"][0][2][2][1:]]
    assert fields[0] == "Date"
    assert fields[2] == name.encode("utf-8", "backslashreplace").decode()
    visible = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.S)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", visible)


def test_a_hostile_rule_of_a_result(tmp_path: Path) -> None:
    """Rules come from whoever wrote the result; their texts and links are no better than the traffic."""
    rule = '''[[rule]]
id = "house.x"
title = "</script><b>t"
level = "MUST"
spec = "</script> §1"
require = "'X' in response"
message = "</script><b>m"
why = "</noscript><b>w"
fix = "</noscript><script>f"
bad = ["< HTTP/1.1 200 OK"]
good = ["< HTTP/1.1 200 OK\\n< X: y"]
'''
    (tmp_path / "house.toml").write_text(rule, "utf-8")
    report = Linter("house", rules=tmp_path).lint(dated())
    page = page_of([report])
    assert [tag for tag, _ in Markup(page).tags if tag in ("b", "script")] == ["script"] * 4
    assert islands(page)["data"]["rules"]["house.x"]["title"] == "</script><b>t"


def test_a_result_that_is_read_back_gives_the_same_page(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    reports = [report for _, report in lint_har(HAR)]
    summary = Summary(len(built_in_rules()))
    with path.open("w", encoding="utf-8") as out:
        writer = JsonReport(out.write, Options(rules=built_in_rules()))
        for report in reports:
            summary.count(report)
            writer.report(report)
        writer.end(summary)
    result = Result(str(path))
    live, later = islands(page_of(reports)), islands(page_of(result.reports(), Options(rules=result.rules)))
    for key in ("places", "messages"):
        assert later[key] == live[key]
    for key in ("groups", "rules", "strings", "order"):
        assert later["data"][key] == live["data"][key]


def test_the_file_stays_small_however_much_there_is() -> None:
    """Every finding is counted; the first of each group keep their messages, also when there is no room for all."""
    filler = [(f"X-{number}", f"{number}" * 200 + "\x80" * 400) for number in range(40)]
    linter = Linter("date.malformed")
    sizes = []

    def reports() -> Iterable[Report]:
        for number in range(600):
            filler[0] = ("X-0", str(number))
            kept = [(name, f"{number} {value}") for name, value in filler]
            uri = "http://z.example/last" if number > 590 else "http://a.example/x"
            report = linter.lint(dated(uri, fields=kept))
            sizes.append(sum(len(name) + len(value) for name, value in kept))
            yield report

    page = page_of(reports())
    assert sum(sizes) > FILE / 3
    assert len(page) < FILE
    data = islands(page)
    assert total(data) == 600
    kept = [index for index, messages in enumerate(data["messages"]) if messages]
    assert 0 in kept
    assert len(kept) < 600
    assert {591, 592, 593} <= set(kept)                     # the first of the group that came late


def test_groups_without_end_are_counted_still(monkeypatch: pytest.MonkeyPatch) -> None:
    room = html.GROUP_ROOM // 4
    monkeypatch.setattr(html, "GROUP_ROOM", room)
    linter = Linter("date.malformed")
    word = "".join(chr(ord("a") + number % 26) for number in range(300))

    def reports() -> Iterable[Report]:
        for number in range(3_000):
            letters = "".join(chr(ord("a") + int(digit)) for digit in str(number))
            yield linter.lint(dated(f"http://{letters}.example/{letters}{word}/{letters}"))

    page = page_of(reports())
    assert len(page) < FILE - 3 * room
    data = islands(page)
    assert total(data) == 3_000
    assert data["data"]["left_out"] == {}
    others, = (group for group in data["data"]["groups"] if texts(data, group[7]) == "(others)")
    assert texts(data, others[10]) == data["data"]["rules"]["date.malformed"]["title"]
    assert 0 < others[-1][1] < 3_000
    assert len(data["data"]["groups"]) == 3_000 - others[-1][1] + 1


@pytest.mark.parametrize("name", ["frame.html", "page.css", "elements.js", "report.html", *html.PARTS])
def test_the_parts_of_the_page_are_in_the_package(name: str) -> None:
    from importlib.resources import files
    assert (files("httplint") / "report" / "page" / name).read_bytes().isascii()

"""Each check: kept by a server that answers as it should, broken by one that does not, not applicable, not answered."""
from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from site_on_loopback import CONTENT, Answer, Asked, Site, response, sound, text

from httplint.coverage import BY_GET, BY_PROBE
from httplint.library import built_in_rules
from httplint.probe.checks import CHECKS
from httplint.probe.reach import reach

ASKED_ON_DEMAND = {"redirect", "unknown-method", "http2"}
NOT_BY_THIS_SERVER = {"coding-br", "coding-zstd", "coding-nothing", "accept-nothing"}

Probe = Callable[..., Any]


def test_a_sound_server_keeps_all_checks(site: Site, probe: Probe) -> None:
    made = probe("--unsafe")
    states = {name: cell["state"] for name, cell in made.cells().items()}
    assert states == {
        **{check.name: "kept" for check in CHECKS}, **dict.fromkeys(NOT_BY_THIS_SERVER, "not applicable"),
        "redirect": "not applicable", "http2": "not asked"}
    assert (made.code, made.err, made.report["findings"]) == (0, "", [])
    assert made.report["summary"]["entries"]["linted"] == site.reached == len(CHECKS) - 2


def when(fits: Callable[[Asked], object], answer: Answer) -> Answer:
    """The sound server, but for the requests that fit."""
    return lambda asked: answer(asked) if fits(asked) else sound(asked)


def has(name: str, value: str = "") -> Callable[[Asked], object]:
    return lambda asked: name in asked.fields and value in asked.get(name)


def without(name: str) -> Answer:
    """The sound answer without the lines of a field."""
    def answer(asked: Asked) -> bytes:
        head, _, content = sound(asked).partition(b"\r\n\r\n")
        kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(name.encode() + b":")]
        return b"\r\n".join([*kept, b"", content])
    return answer


def unconditional(asked: Asked) -> bytes:
    return sound(asked._replace(fields={name: values for name, values in asked.fields.items()
                                        if not name.startswith("if-")}))


def confirms(asked: Asked) -> bytes:
    return response("304 Not Modified", b"", 'ETag: "bottles"', "Vary: Accept-Encoding")


def chunked(asked: Asked) -> bytes:
    return without("content-length")(asked).replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n", 1)[
        :-len(CONTENT)] + b"hello\r\n0\r\n\r\n"


def changed(old: bytes, new: bytes) -> Answer:
    def answer(asked: Asked) -> bytes:
        made = sound(asked)
        assert old in made
        return made.replace(old, new, 1)
    return answer


def get(asked: Asked) -> bool:
    return asked.method == "GET" and not {"range", "origin", "accept-encoding"} & asked.fields.keys()


BROKEN: list[tuple[str, Callable[[Asked], object], Answer, str]] = [
    ("get", get, changed(b'"bottles"', b"bottles"), "etag.malformed"),
    ("head", lambda asked: asked.method == "HEAD", changed(b"Content-Length: 1", b"Content-Length: 9"),
     "head.content-length"),
    ("head", lambda asked: asked.method == "HEAD", changed(b"text/plain", b"text/html"), "head.content-type"),
    ("if-none-match", has("if-none-match", '"bottles"'), unconditional, "if-none-match.ignored"),
    ("if-none-match-other", has("if-none-match", "other"), confirms, "304.etag-not-asked-for"),
    ("if-none-match-any", has("if-none-match", "*"), unconditional, "if-none-match.ignored"),
    ("if-modified-since", has("if-modified-since", "2025"), unconditional, "if-modified-since.ignored"),
    ("if-modified-since-old", has("if-modified-since", "2000"),
     lambda asked: response("304 Not Modified", b"", 'ETag: "bottles"', "Vary: Accept-Encoding",
                            "Last-Modified: Tue, 04 Mar 2025 10:20:30 GMT"), "304.modified-since"),
    ("if-match", has("if-match", "bottles"), lambda asked: text("412 Precondition Failed", 'ETag: "bottles"'),
     "412.if-match-held"),
    ("if-match-other", has("if-match", "other"), unconditional, "if-match.ignored"),
    ("if-unmodified-since-old", has("if-unmodified-since"), unconditional, "if-unmodified-since.ignored"),
    ("range", has("range", "0-9"), changed(b"Content-Range: bytes 0-9", b"Content-Range: bytes 5-14"),
     "206.octets-differ"),
    ("range-suffix", has("range", "=-10"), without("content-range"), "206.content-range-missing"),
    ("range-beyond", lambda asked: asked.get("range").endswith("-") and "range" in asked.fields,
     changed(b"Content-Range: bytes */", b"Content-Range: bytes */9"), "416.satisfiable"),
    ("range-several", has("range", "0-0,-1"), changed(b"bytes 0-0/", b"bytes 0-1/"), "206.content-length"),
    ("range-head", lambda asked: asked.method == "HEAD" and "range" in asked.fields,
     lambda asked: sound(asked._replace(method="GET")).partition(b"\r\n\r\n")[0] + b"\r\n\r\n", "206.head"),
    ("range-unit", has("range", "httplint-probe"), lambda asked: text("400 Bad Request"), "range.unknown-unit"),
    ("if-range", has("if-range", '"bottles"'), without("etag"), "206.field-missing"),
    ("if-range-other", has("if-range", "other"), unconditional, "206.if-range-false"),
    ("coding-identity", has("accept-encoding", "identity"), changed(b"Vary", b"Content-Encoding: gzip\r\nVary"),
     "content-encoding.not-applied"),
    ("coding-gzip", has("accept-encoding", "gzip"), changed(b'"bottles-gzip"', b'"bottles"'),
     "etag.shared-by-codings"),
    ("coding-gzip-match", has("if-none-match", "gzip"), unconditional, "if-none-match.ignored"),
    ("coding-br", has("accept-encoding", "br"),
     changed(b'"bottles"\r\nVary', b'"bottles-br"\r\nContent-Encoding: br\r\nVary'), "content-encoding.not-applied"),
    ("coding-zstd", has("accept-encoding", "zstd"),
     changed(b'"bottles"\r\nVary', b'"bottles-zstd"\r\nContent-Encoding: zstd\r\nVary'),
     "content-encoding.not-applied"),
    ("coding-refused", has("accept-encoding", "gzip;q=0"),
     lambda asked: sound(asked._replace(fields={**asked.fields, "accept-encoding": ["gzip"]})), "200.coding-refused"),
    ("coding-nothing", has("accept-encoding", "identity;q=0"), lambda asked: response("406 Not Acceptable"),
     "406.alternatives-missing"),
    ("accept-nothing", has("accept", "nothing"), lambda asked: response("406 Not Acceptable"),
     "406.alternatives-missing"),
    ("origin", has("origin", "probe"), changed(b"Allow-Origin: *", b"Allow-Origin: https://a/"),
     "access-control-allow-origin.malformed"),
    ("origin-other", has("origin", "other"), changed(b"Allow-Origin: *", b"Allow-Origin: https://a/"),
     "access-control-allow-origin.malformed"),
    ("preflight", has("access-control-request-method"),
     lambda asked: text("404 Not Found", "Access-Control-Allow-Origin: *"),
     "access-control-allow-origin.preflight-status"),
    ("options", lambda asked: asked.method == "OPTIONS", lambda asked: response("204 No Content", b"", "Allow: G ET"),
     "allow.malformed"),
    ("trace", lambda asked: asked.method == "TRACE", without("allow"), "405.allow-missing"),
    ("unknown-method", lambda asked: asked.method == "HTTPLINT", lambda asked: text("405 Method Not Allowed"),
     "405.allow-missing"),
    ("expect", has("expect"), lambda asked: response("204 No Content", b"", "Allow: G ET"), "allow.malformed"),
    ("http-1.0", lambda asked: asked.version == "HTTP/1.0", chunked, "transfer-encoding.to-http10"),
    ("target-absolute", lambda asked: asked.target.startswith("http"), lambda asked: text("404 Not Found"),
     "http1.absolute-form-refused"),
    ("host-missing", lambda asked: "host" not in asked.fields,
     lambda asked: sound(asked._replace(fields={"host": ["a"]})), "400.host-missing"),
    ("host-twice", lambda asked: len(asked.fields.get("host", [])) == 2,
     lambda asked: sound(asked._replace(fields={"host": ["a"]})), "400.host-invalid"),
]


@pytest.mark.parametrize(("check", "fits", "answer", "rule"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_check_is_broken(site: Site, probe: Probe, check: str, fits: Callable[[Asked], object], answer: Answer,
                           rule: str) -> None:
    site.answer = when(fits, answer)
    made = probe("--unsafe", "--check", check)
    cell = made.cells()[check]
    assert (cell["state"], rule in cell["rules"]) == ("broken", True), (cell, made.report["findings"])
    assert {name for name, one in made.cells().items() if one["state"] == "broken"} == {check}
    entries = {finding["location"]["entry"] for finding in made.report["findings"] if finding["rule"] == rule}
    assert entries == set(cell["entries"])


def test_each_check_that_asks_by_itself_was_seen_broken() -> None:
    assert {row[0] for row in BROKEN} == {check.name for check in CHECKS} - {"redirect", "http2"}


def test_the_guide_names_each_check() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guides" / "probe.md").read_text("utf-8")
    part = guide.partition("## What is asked")[2].partition("\n## ")[0]
    assert set(re.findall(r"`([a-z][a-z0-9.-]+)`", part)) == {check.name for check in CHECKS}


@pytest.mark.parametrize("rule", sorted({row[3] for row in BROKEN}))
def test_what_breaks_a_check_is_said_to_be_shown_by_probe(rule: str) -> None:
    one, = (one for one in built_in_rules() if one.id == rule)
    assert reach(one) in (BY_GET, BY_PROBE)


NOT_APPLICABLE: list[tuple[str, Answer, str]] = [
    ("if-none-match", without("etag"), "it has no ETag to ask with"),
    ("if-none-match", lambda asked: sound(asked).replace(b'"bottles"', f'"{id(asked)}"'.encode()),
     "its ETag is another each time"),
    ("if-modified-since", without("last-modified"), "it has no Last-Modified to ask with"),
    ("if-none-match", when(get, lambda asked: text("404 Not Found")), "the plain GET was answered with 404"),
    ("range", lambda asked: sound(asked._replace(fields={
        name: values for name, values in asked.fields.items() if name != "range"})), "it ignores Range"),
    ("range", when(get, changed(CONTENT, b"")), "its content is empty"),
    ("if-range", lambda asked: sound(asked).replace(b'"bottles"', b'W/"bottles"'), "it has no strong validator"),
    ("if-range", without("etag"), "it sends the whole, though If-Range has its validator"),
    ("coding-gzip", lambda asked: sound(asked._replace(fields={
        name: values for name, values in asked.fields.items() if name != "accept-encoding"})), "it sends no gzip"),
    ("coding-br", sound, "it sends no br"),
    ("coding-gzip-match", without("content-encoding"), "it has no ETag for content in gzip"),
    ("accept-nothing", sound, "it disregards Accept"),
    ("if-match", lambda asked: sound(asked).replace(b'"bottles"', b'W/"bottles"'), "it has no strong ETag"),
    ("coding-nothing", sound, "it disregards Accept-Encoding"),
    ("origin", without("access-control-allow-origin"), "it shares nothing with other origins"),
    ("preflight", without("access-control-allow-origin"), "it shares nothing with other origins"),
    ("options", when(lambda asked: asked.method == "OPTIONS",
                     lambda asked: text("405 Method Not Allowed", "Allow: GET, HEAD")), "it was answered with 405"),
    ("trace", when(lambda asked: asked.method == "TRACE", lambda asked: text("403 Forbidden")),
     "it was answered with 403"),
    ("http-1.0", when(lambda asked: asked.version == "HTTP/1.0",
                      lambda asked: text("426 Upgrade Required", "Upgrade: HTTP/1.1", "Connection: upgrade")),
     "it was answered with 426"),
    ("redirect", sound, "it redirects nowhere"),
]


@pytest.mark.parametrize(("check", "answer", "why"), NOT_APPLICABLE,
                         ids=[f"{row[0]}-{row[2]}" for row in NOT_APPLICABLE])
def test_a_check_is_not_applicable(site: Site, probe: Probe, check: str, answer: Answer, why: str) -> None:
    site.answer = answer
    assert probe("--check", check).cell(check) == ("not applicable", why)


def test_a_unit_that_a_resource_does_not_support_may_be_refused(site: Site, probe: Probe) -> None:
    """RFC 9110 §14.2 wants what is not understood ignored, and, at its end, a 416 to what is not supported."""
    site.answer = when(has("range", "httplint-probe"),
                       lambda asked: text("416 Range Not Satisfiable", "Content-Range: bytes */1000"))
    assert probe("--check", "range-unit").cell("range-unit") == ("kept", "")


def test_last_modified_is_a_strong_validator_if_it_is_a_minute_older_than_the_response(
        site: Site, probe: Probe) -> None:
    def answer(asked: Asked) -> bytes:
        condition = asked.get("if-range")
        made = asked._replace(fields={**asked.fields, "if-range": ['"bottles"']}) if "2025" in condition else asked
        return without("etag")(made)

    site.answer = answer
    assert probe("--check", "if-range").cell("if-range")[0] == "kept"
    assert site.asked[-1].get("if-range") == "Tue, 04 Mar 2025 10:20:30 GMT"


@pytest.mark.parametrize("check", [check for check in CHECKS if check.name not in ("get", "redirect", "http2")],
                         ids=lambda check: check.name)
def test_a_check_is_not_answered(site: Site, probe: Probe, check: Any) -> None:
    asked: list[int] = []

    def answer(one: Asked) -> bytes | None:
        asked.append(1)
        return None if len(asked) == wanted else sound(one)

    names = [other.name for other in CHECKS if other.name in needed(check)]
    wanted = names.index(check.name) + 1
    site.answer = answer
    made = probe("--unsafe", "--check", check.name)
    assert made.cell(check.name) == ("not answered", "no answer: the server closed the connection")
    assert made.code == 0
    assert made.report["summary"]["skipped"] == [{"reason": "no answer: the server closed the connection", "count": 1}]


def needed(check: Any) -> set[str]:
    from httplint.probe.checks import chosen
    return {one.name for one in chosen([check.name])}


def test_what_the_plain_get_has_is_its_own_alone(site: Site, probe: Probe) -> None:
    site.answer = without("date")
    made = probe("--check", "head,options,coding-identity")
    assert {name: cell["state"] for name, cell in made.cells().items()} == {
        "get": "broken", "head": "kept", "coding-identity": "kept", "options": "kept"}
    assert made.cells()["get"]["rules"] == ["date.missing"]
    assert made.code == 1


def test_without_an_answer_to_the_plain_get_nothing_else_is_asked(site: Site, probe: Probe) -> None:
    site.answer = lambda asked: None
    made = probe(urls=("/a", "/b"))
    assert made.cell("get") == ("not answered", "no answer: the server closed the connection")
    assert {made.cell(check.name, row) for check in CHECKS[1:] for row in (0, 1)} == {
        ("not asked", "the plain GET was not answered")}
    assert made.code == 2
    assert made.err.count("no answer: the server closed the connection") == site.reached == 2


def test_a_server_that_takes_no_part_is_not_blamed_again(site: Site, probe: Probe) -> None:
    """Without Vary, all answers that differ by coding are at fault: of br, which it does not send, no more is known."""
    site.answer = without("vary")
    made = probe("--check", "coding-gzip,coding-br,coding-zstd,coding-refused")
    assert made.cells()["coding-gzip"]["rules"] == ["vary.accept-encoding-missing"]
    assert made.cell("coding-br") == ("not applicable", "it sends no br")
    assert made.cell("coding-zstd") == ("not applicable", "it sends no zstd")


def test_what_is_not_shown_breaks_a_check_all_the_same(site: Site, probe: Probe) -> None:
    site.answer = without("vary")
    made = probe("--check", "coding-gzip", "--severity", "error")
    assert made.report["findings"] == []
    assert made.cells()["coding-gzip"]["rules"] == ["vary.accept-encoding-missing"]


def test_what_is_found_belongs_to_the_host_that_was_asked(site: Site, probe: Probe, tmp_path: Path) -> None:
    """Whatever Host said: test suites, endpoints and baselines go by hosts."""
    site.answer = lambda asked: sound(asked._replace(fields={"host": ["a"]}))
    made = probe("--check", "host-missing,host-twice", "--output", f"junit:{tmp_path / 'junit.xml'}")
    assert {made.cells()[check]["state"] for check in ("host-missing", "host-twice")} == {"broken"}
    suites = {re.sub(r":\d+", "", name) for name in re.findall(r'<testsuite name="([^"]+)"',
                                                              (tmp_path / "junit.xml").read_text("utf-8"))}
    assert suites == {"http://127.0.0.1", "probe of http://127.0.0.1/"}


def test_that_probe_asks_again_is_nobodys_fault(site: Site, probe: Probe) -> None:
    """Another form of a request that was answered 400 has the same method and fields."""
    site.answer = lambda asked: text("400 Bad Request")
    made = probe("--check", "http-1.0")
    assert (made.report["findings"], site.reached) == ([], 2)


def test_that_probe_reads_no_further_is_nobodys_fault(site: Site, probe: Probe) -> None:
    site.answer = lambda asked: response("200 OK", bytes(1_100_000), "Content-Type: application/octet-stream")
    made = probe("--check", "target-absolute", "--max-size", "1")
    assert made.report["findings"] == []
    assert made.cell("get") == ("kept", "the answer was not read to its end: more than 1 MB")

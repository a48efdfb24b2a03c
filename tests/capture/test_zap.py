"""What ZAP exports of messages, and what its reports hold of them."""
from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from proxy_maker import ANSWER, ASKED, one, read, zap_messages, zap_report, zap_text, zap_xml

from httplint.capture import zap, zap_json
from httplint.capture import zap_xml as zap_xml_reader
from httplint.capture.outcome import Problem, Skipped
from httplint.model.exchange import Exchange

ALWAYS = {"wire", "interim", "trailers", "target"}
GAPS = {"content-encoding", "transfer-encoding"}
PAIR = ASKED, ANSWER
FORMS: dict[str, Any] = {"text": zap_text, "old text": lambda *pairs: zap_text(*pairs, old=True), "xml": zap_xml,
                         "report": zap_report, "api": zap_messages}


def answer(content: bytes, *fields: bytes, status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 " + status + b"\r\n" + b"".join(line + b"\r\n" for line in fields) + b"\r\n" + content


@pytest.mark.parametrize("form", FORMS)
def test_an_exchange(form: str) -> None:
    exchange = one(FORMS[form](PAIR))
    assert exchange.request is not None
    assert (exchange.request.method, exchange.request.uri) == ("GET", "http://a.example/a")
    response = exchange.response
    assert (response.status, response.version, response.reason, response.content) == (200, "1.1", "OK", b"{}")
    assert response.irregularities == ()
    assert set(exchange.evidence.missing(-1)) == ALWAYS | ({"time"} if form != "api" else set()) | (
        {"pair", "resource"} if form in ("xml", "report") else set())
    assert exchange.evidence.response_gaps == GAPS
    assert exchange.started == (1753180002.123 if form == "api" else None)


@pytest.mark.parametrize("form", FORMS)
def test_several_in_their_order(form: str) -> None:
    pairs = [(ASKED.replace(b"/a", b"/%d" % number), ANSWER.replace(b"200", b"20%d" % number)) for number in range(4)]
    found = read(FORMS[form](*pairs))
    assert [exchange.response.status for exchange in found] == [200, 201, 202, 203]
    assert [exchange.request.target for exchange in found] == [f"http://a.example/{number}" for number in range(4)]
    assert [exchange.source.entry for exchange in found] == [0, 1, 2, 3]


def test_places() -> None:
    octets = zap_text(PAIR, PAIR)
    assert [octets.split(b"\n")[outcome.source.line - 1] for outcome in read(octets)] == [
        b"===7 ==========", b"===8 =========="]
    assert [outcome.source.column for outcome in read(octets)] == [1, 1]
    assert [outcome.source.pointer for outcome in read(zap_report(PAIR))] == ["/site/0/alerts/0/instances/0"]
    assert [outcome.source.pointer for outcome in read(zap_messages(PAIR))] == ["/messages/0"]
    octets = zap_xml(PAIR, (ASKED, ANSWER + b" "))
    assert [octets.split(b"\n")[outcome.source.line - 1][outcome.source.column - 1:][:10] for outcome in read(octets)
            ] == [b"<instance>"] * 2


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("content", ["", "é", "{}x" * 9, "\u4e2d"])
def test_a_content_that_was_made_text_may_be_another(form: str, content: str) -> None:
    """Not ASCII, or not as long as Content-Length says: decoded, or cut off."""
    exchange = one(FORMS[form]((ASKED, answer(content.encode(), b"Content-Length: 2"))))
    assert {"content", "octets", "size"} <= set(exchange.evidence.missing(-1))


@pytest.mark.parametrize("fields", [(), (b"Content-Length: 2", b"Content-Encoding: gzip"),
                                    (b"Transfer-Encoding: chunked",)])
def test_a_content_without_a_length_of_its_own(fields: tuple[bytes, ...]) -> None:
    exchange = one(zap_text((ASKED, answer(b"{}", *fields))))
    assert not exchange.evidence.knows("content")


def test_a_content_that_looks_like_messages() -> None:
    inner = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    asked = b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(b"a=1") + b"a=1"
    for form in FORMS.values():
        exchange = one(form((asked, answer(inner, b"Content-Length: %d" % len(inner)))))
        assert exchange.response.status == 200
        assert exchange.request is not None
        assert exchange.request.content == b"a=1"


def test_a_line_of_signs_within_a_content() -> None:
    first, second, third = read(zap_text((ASKED, answer(b"\n===5 ==========\nx", b"Content-Length: 18")), PAIR))
    assert not first.evidence.knows("content")
    assert isinstance(second, Skipped)
    assert "no request begins" in second.reason
    assert third.evidence.knows("content")


@pytest.mark.parametrize("form", FORMS)
def test_a_request_without_a_response_is_skipped(form: str) -> None:
    first, second = read(FORMS[form]((ASKED, b""), PAIR))
    assert isinstance(first, Skipped)
    assert (first.category, first.reason) == ("no-response", "no response was captured")
    assert isinstance(second, Exchange)


@pytest.mark.parametrize("form", FORMS)
def test_http_2(form: str) -> None:
    exchange = one(FORMS[form]((ASKED.replace(b"HTTP/1.1", b"HTTP/2"), ANSWER.replace(b"HTTP/1.1", b"HTTP/2"))))
    assert (exchange.response.version, exchange.request and exchange.request.version) == ("2", "2")
    assert {"reason", "name_case"} <= set(exchange.evidence.missing(-1))


@pytest.mark.parametrize("form", [zap_xml, zap_report])
def test_messages_of_a_report_are_judged_once(form: Any) -> None:
    first, second, third = read(form(PAIR, PAIR, (ASKED, ANSWER.replace(b"200", b"201"))))
    assert isinstance(first, Exchange)
    assert isinstance(second, Skipped)
    assert second.category == "repeated"
    assert isinstance(third, Exchange)


@pytest.mark.parametrize("form", [zap_xml, zap_report])
def test_reports_have_a_request_with_the_response_behind_redirects(form: Any) -> None:
    """ZAP's scanner follows redirects, and puts the last response in the place of the first one."""
    found, redirect = read(form(PAIR, (ASKED, b"HTTP/1.1 301 Moved Permanently\r\nLocation: /b\r\n\r\n")))
    for fact in ("pair", "resource"):
        assert not found.evidence.knows(fact)
        assert redirect.evidence.knows(fact)


def test_what_was_met_long_ago_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zap, "REMEMBERED", 2)
    pairs = [(ASKED, ANSWER.replace(b"200", b"20%d" % number)) for number in (0, 1, 2, 1, 2, 0)]
    assert [type(outcome) for outcome in read(zap_xml(*pairs))] == [Exchange] * 3 + [Skipped] * 2 + [Exchange]


@pytest.mark.parametrize("form", [zap_xml, zap_report])
def test_a_report_without_messages_has_a_clear_word(form: Any) -> None:
    skipped, = read(form(PAIR, plus=False))
    assert isinstance(skipped, Skipped)
    assert skipped.reason == 'the report has no messages; make one "with requests and responses"'


def test_responses_alone_have_a_clear_word() -> None:
    skipped, = read(b"\n===7 ==========\n<html></html>")
    assert isinstance(skipped, Skipped)
    assert "without their fields" in skipped.reason


def test_octets_of_heads() -> None:
    """ZAP reads heads as ISO 8859-1."""
    pair = ASKED, answer(b"", b"X-A: \xe9", b"Content-Length: 0")
    for form in (zap_xml, zap_report, zap_messages):
        assert one(form(pair)).response.fields is not None
        assert ("X-A", "\xe9") in list(one(form(pair)).response.fields or ())
    octets = zap_xml(pair).replace(b"\xe9", b"&#xe9;")
    assert ("X-A", "\xe9") in list(one(octets).response.fields or ())


def test_characters_that_are_no_octets() -> None:
    """As many as Content-Length says, and not what was sent."""
    octets = zap_xml((ASKED, answer(b"?", b"Content-Length: 1"))).replace(b"<responsebody>?", b"<responsebody>&#x416;")
    assert not one(octets).evidence.knows("content")


@pytest.mark.parametrize("time", ["", "soon", "-1", "0", "9" * 20, None, [], True, 1e400, 1e30])
def test_a_time_that_is_none(time: Any) -> None:
    assert one(zap_messages(PAIR, timestamp=time)).started is None


@pytest.mark.parametrize("window", [1, 7, 100])
def test_windows_make_no_difference(window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    octets = zap_text(PAIR, (ASKED, answer(b"x" * 300, b"Content-Length: 300")), PAIR)
    wanted = [outcome.source.line for outcome in read(octets)]
    monkeypatch.setattr(zap, "WINDOW", window)
    assert [outcome.source.line for outcome in read(octets)] == wanted
    assert len(wanted) == 3


@pytest.mark.parametrize("made", [None, 5, [], "x", {}, {"requestHeader": 5},
                                  {"requestHeader": "x", "responseHeader": "y"},
                                  {"requestHeader": "\udfff", "responseHeader": "HTTP/1.1 200 \udfff\n\n"}])
def test_nothing_is_raised_whatever_stands_there(made: Any) -> None:
    document = json.loads(zap_messages(PAIR, PAIR))
    document["messages"].insert(1, made)
    first, second, third = read(json.dumps(document).encode())
    assert isinstance(first, Exchange)
    assert isinstance(third, Exchange)
    assert [first.source.entry, second.source.entry, third.source.entry] == [0, 1, 2]  # type: ignore[union-attr]


@pytest.mark.parametrize("octets", [b'{"site": 5, "@programName": "ZAP"}', b'{"messages": {"requestHeader": 5}}',
                                    b'{"@programName": "ZAP", "site": [[[[]]], 5, {"alerts": [5, {"instances": 5}]}]}'])
def test_other_shapes_hold_nothing(octets: bytes) -> None:
    assert read(octets) == []


def test_what_stands_behind_a_break_is_read() -> None:
    for form in (zap_report, zap_messages):
        octets = form(PAIR, (ASKED, ANSWER + b"1"), (ASKED, ANSWER + b"22")).replace(b"{}1", b'{}"')
        first, problem, third = read(octets)
        assert isinstance(problem, Problem)
        assert [first.source.entry, third.source.entry] == [0, 2]


@given(st.sampled_from(sorted(FORMS)), st.data())
def test_a_mutilated_file_loses_nothing_silently(form: str, data: st.DataObject) -> None:
    octets = FORMS[form](*((ASKED.replace(b"/a", b"/%d" % number), ANSWER) for number in range(4)))
    begin = data.draw(st.integers(octets.index(b"GET"), len(octets)))
    end = data.draw(st.integers(begin, min(len(octets), begin + 20)))
    put = data.draw(st.sampled_from([b"", b"\n", b"=", b"<", b'"', b"{", b"}", b"\x00", b"\xff"]))
    module = {"xml": zap_xml_reader, "report": zap_json, "api": zap_json}.get(form, zap)
    found = list(module.read(io.BytesIO(octets[:begin] + put + octets[end:]), path="f"))
    told = any(isinstance(outcome, Problem) for outcome in found)
    line = b"==" in octets[begin - 30:end + 30]            # without it, what follows is content
    assert len(found) >= 4 or told or ("text" in form and line)


@given(st.binary(max_size=200))
def test_any_octets_are_read_without_a_fault(octets: bytes) -> None:
    list(zap.read(io.BytesIO(b"===1 ==========\n" + octets), path="f"))
    list(zap_json.read(io.BytesIO(b'{"messages": [{"requestHeader": "' + octets), path="f"))
    list(zap_xml_reader.read(io.BytesIO(b"<OWASPZAPReport><instance>" + octets), path="f"))

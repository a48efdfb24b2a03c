"""What Burp Suite saves as XML."""
from __future__ import annotations

import io
import re
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from proxy_maker import ANSWER, ASKED, burp, issue, issues, item, one, read

from httplint.capture import burp as reader
from httplint.capture import reading, xml_walk
from httplint.capture.outcome import Problem, Skipped
from httplint.model.exchange import Exchange

ALWAYS = {"wire", "interim", "trailers", "target", "octets", "size"}
GAPS = {"content-encoding", "transfer-encoding"}


def test_an_item() -> None:
    octets = burp(item(protocol="https"))
    exchange = one(octets)
    assert exchange.request is not None
    assert (exchange.request.method, exchange.request.uri) == ("GET", "https://a.example/a")
    response = exchange.response
    assert (response.status, response.version, response.reason, response.content) == (200, "1.1", "OK", b"{}")
    assert set(exchange.evidence.missing(-1)) == ALWAYS
    assert exchange.evidence.response_gaps == GAPS
    assert exchange.started == 1753180002
    source = exchange.source
    assert source is not None
    assert octets.decode().splitlines()[(source.line or 0) - 1] == "  <item>"
    assert (source.entry, source.column) == (0, 3)


def test_connection_in_requests_is_not_known() -> None:
    """Burp may send another one than its client."""
    exchange = one(burp(item(ASKED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))))
    assert exchange.request is not None
    assert list(exchange.request.fields or ()) == [("Host", "a.example")]
    assert "connection" in exchange.evidence.request_gaps


@pytest.mark.parametrize(("time", "known"), [
    ("Tue Jul 22 10:26:42 GMT 2025", True), ("Tue Jul  2 10:26:42 UTC 2025", True),
    ("Tue Jul 22 10:26:42 EST 2025", False), ("Tue Jul 22 10:26:42 IST 2025", False), ("", False), ("now", False),
    ("Tue Jux 22 10:26:42 UTC 2025", False), ("Tue Jul 32 10:26:42 UTC 2025", False),
    ("Thu Jan 01 00:00:00 UTC 1970", False)])
def test_an_abbreviation_of_a_time_zone_may_stand_for_several(time: str, known: bool) -> None:
    assert (one(burp(item(time=time))).started is not None) is known


def test_text_has_lost_its_line_ends() -> None:
    """XML knows LF alone; a content is known that is ASCII and as long as Content-Length says."""
    exchange = one(burp(item(coded=False)))
    assert exchange.response.content == b"{}"
    assert not exchange.response.irregularities
    assert set(exchange.evidence.missing(-1)) == ALWAYS
    for content in (b"\xe9!", b"{", b"{}\nx", b""):
        exchange = one(burp(item(answer=ANSWER.replace(b"{}", content), coded=False)))
        assert set(exchange.evidence.missing(-1)) == ALWAYS | {"content"}, content
    exchange = one(burp(item(answer=ANSWER.replace(b"{}", b"{\r\n}").replace(b": 2", b": 4"), coded=False)))
    assert set(exchange.evidence.missing(-1)) == ALWAYS | {"content"}
    exchange = one(burp(item(answer=ANSWER.replace(b"Content-Length: 2\r\n", b""), coded=False)))
    assert not exchange.evidence.knows("content")


def test_octets_that_are_no_utf_8_come_out_as_they_were_put_in() -> None:
    answer = ANSWER.replace(b"\r\n\r\n", b"\r\nX-A: \xe9\xff\r\n\r\n")
    for coded in (True, False):
        assert one(burp(item(answer=answer, coded=coded))).response.fields is not None
        assert ("X-A", "\xe9\xff") in list(one(burp(item(answer=answer, coded=coded))).response.fields or ())


@pytest.mark.parametrize("coded", [True, False])
@pytest.mark.parametrize("spelt", [b"HTTP/2", b"HTTP/2.0", b"HTTP/3"])
def test_messages_of_http_2_are_shown_in_another_form(spelt: bytes, coded: bool) -> None:
    asked, answer = (octets.replace(b"HTTP/1.1", spelt) for octets in (ASKED, ANSWER))
    exchange = one(burp(item(asked, answer, coded=coded)))
    version = spelt[5:6].decode()
    assert exchange.request is not None
    assert (exchange.response.version, exchange.request.version) == (version, version)
    assert not exchange.response.irregularities
    assert not exchange.request.irregularities
    assert exchange.response.content == b"{}"
    assert set(exchange.evidence.missing(-1)) == ALWAYS | {"reason", "name_case"}


def test_issues_have_messages_too() -> None:
    first, second, third = read(issues(issue(), issue(redirected="true"), issue(answer=b"")))
    assert first.request.uri == "http://a.example/a"
    assert first.evidence.knows("pair")
    assert first.evidence.knows("resource")
    assert not second.evidence.knows("pair")
    assert not second.evidence.knows("resource")
    assert isinstance(third, Skipped)
    assert third.category == "no-response"


def test_an_item_without_a_response_is_skipped() -> None:
    first, second = read(burp(item(answer=b""), item()))
    assert isinstance(first, Skipped)
    assert first.category == "no-response"
    assert second.source.entry == 1


@pytest.mark.parametrize("broken", [b"=", b"R0VU=R0VU", b"R0V", b"\xe9\xe9\xe9\xe9", b"%%%%"])
def test_what_is_no_base64_is_skipped(broken: bytes) -> None:
    octets = re.sub(rb'(<response base64="true"><!\[CDATA\[)[^\]]*', rb"\1" + broken, burp(item()))
    first, second = read(octets.replace(b"</items>", item() + b"</items>"))
    assert isinstance(first, Skipped)
    assert first.category == "unreadable"
    assert isinstance(second, Exchange)


def test_base64_over_several_lines() -> None:
    octets = re.sub(rb"CDATA\[(\w{20})(\w{20})", rb"CDATA[\n  \1\r\n  \2", burp(item()))
    assert one(octets).response.content == b"{}"


def test_entities_are_refused() -> None:
    """As soon as one is declared: nothing is expanded, and no file is opened."""
    for declared in ('<!ENTITY a "b">', '<!ENTITY a SYSTEM "file:///etc/passwd">', '<!ENTITY % a SYSTEM "http://a/">%a;',
                     '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'):
        octets = burp(item()).replace(b"]>\n<items", declared.encode() + b"]>\n<items")
        problem, = read(octets)
        assert isinstance(problem, Problem)
        assert "it declares entities, which are not read" in problem.cause
    problem, = read(burp(b"<item>&a;</item>"))
    assert "undefined entity" in problem.cause


def test_a_declaration_elsewhere_is_not_looked_at() -> None:
    octets = re.sub(rb"<!DOCTYPE items \[.*?\]>", b'<!DOCTYPE items SYSTEM "http://a.example/items.dtd">', burp(item()),
                    flags=re.DOTALL)
    assert one(octets).response.status == 200


@pytest.mark.parametrize(("put", "told"), [
    (b"<a>" * 200, "nested more than 100 deep"),
    (b"<a b='" + b"x" * (2 << 20) + b"'/>", "a tag or comment of more than 1 MiB"),
    (b"<!--" + b"x" * (2 << 20) + b"-->", "a tag or comment of more than 1 MiB")])
def test_what_takes_too_much_is_not_read_any_further(put: bytes, told: str) -> None:
    first, problem = read(burp(item(), put, item()))
    assert isinstance(first, Exchange)
    assert isinstance(problem, Problem)
    assert told in problem.cause


def test_declarations_are_counted() -> None:
    """Each attribute with a default value costs time with each tag."""
    many = b"".join(b'<!ATTLIST item a%d CDATA "x">' % number for number in range(1001))
    problem, = read(burp(item()).replace(b"]>\n<items", many + b"]>\n<items"))
    assert "it declares more than 1000" in problem.cause


def test_what_stands_behind_a_break_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Burp writes text as it is: a control character in it is no XML."""
    broken = item(answer=ANSWER + b"\x00", coded=False)
    octets = burp(item(), broken, item(), item(answer=ANSWER.replace(b"200", b"201")))
    for window in (xml_walk.WINDOW, 1, 7, 100, 1000):
        monkeypatch.setattr(xml_walk, "WINDOW", window)
        first, problem, third, fourth = read(octets)
        assert isinstance(problem, Problem)
        assert problem.cause == "not XML: not well-formed (invalid token); the entry is lost"
        assert octets.split(b"\n")[(problem.line or 0) - 1].find(b"\x00") == (problem.column or 0) - 1
        assert [each.source.entry for each in (first, third, fourth)] == [0, 2, 3]
        assert [each.response.status for each in (first, third, fourth)] == [200, 200, 201]
        for each in (third, fourth):
            assert octets.decode("latin-1").split("\n")[each.source.line - 1] == "  <item>"


def test_breaks_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_walk, "MOST_BREAKS", 3)
    found = read(burp(*[b"<item>\x00</item>"] * 10, item()))
    assert [type(outcome) for outcome in found] == [Problem] * 3
    assert "not read any further" in found[-1].cause


def test_what_breaks_off_is_told() -> None:
    octets = burp(item(), item())
    first, problem = read(octets[:-200])
    assert isinstance(first, Exchange)
    assert isinstance(problem, Problem)
    assert "the entry is lost" in problem.cause


def test_each_month() -> None:
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    found = read(burp(*(item(time=f"Tue {month} 03 10:26:42 UTC 2025") for month in months)))
    assert [exchange.started for exchange in found] == [
        datetime(2025, month, 3, 10, 26, 42, tzinfo=timezone.utc).timestamp() for month in range(1, 13)]


def test_octets_and_texts_without_a_length() -> None:
    """Octets end where the connection did; a text may have lost or won what no one can tell."""
    answer = ANSWER.replace(b"Content-Length: 2\r\n", b"")
    for coded in (True, False):
        assert one(burp(item(answer=answer, coded=coded))).evidence.knows("content") is coded


@pytest.mark.parametrize(("content", "known"), [(b"a=1", True), (b"\xe9=1", False), (b"", True)])
def test_the_content_of_a_request_as_text(content: bytes, known: bool) -> None:
    asked = ASKED.replace(b"GET", b"POST").replace(b"\r\n\r\n", b"\r\nContent-Length: %d\r\n\r\n" % len(content))
    exchange = one(burp(item(asked + content, coded=False)))
    assert exchange.evidence.knows("request_content") is known
    assert one(burp(item(asked + content))).evidence.knows("request_content")


def test_a_request_of_another_version() -> None:
    exchange = one(burp(item(ASKED.replace(b"HTTP/1.1", b"HTTP/2"))))
    assert exchange.request is not None
    assert (exchange.request.version, exchange.response.version) == ("2", "1.1")
    exchange = one(burp(item(answer=ANSWER.replace(b"HTTP/1.1", b"HTTP/2"))))
    assert exchange.request is not None
    assert (exchange.request.version, exchange.response.version) == ("1.1", "2")


def test_a_file_of_any_length() -> None:
    """It is the single tag that may be too long."""
    octets = burp(*[item()] * 3000)
    assert len(octets) > 2 * xml_walk.TAG_LIMIT
    found = read(octets)
    assert len(found) == 3000
    assert all(isinstance(outcome, Exchange) for outcome in found)


@pytest.mark.parametrize("limit", [1000, 1001, 1003])
def test_a_message_that_is_too_long(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_walk, "TEXT_LIMIT", limit)
    first, second = read(burp(item(answer=ANSWER.replace(b"Length: 2", b"Length: 2002").replace(b"{}", b"x" * 2002)),
                              item()))
    assert set(first.evidence.missing(-1)) == ALWAYS | {"content", "request_content"}
    assert second.evidence.knows("content")


@pytest.mark.parametrize("octets", [
    burp(item()), b"\xef\xbb\xbf" + burp(item()), burp(item()).decode().encode("utf-16"),
    burp(item()).replace(b"<!DOCTYPE", b"<!-- made - by hand -->\n<!-- again -->\n<!DOCTYPE"),
    re.sub(rb"<!DOCTYPE.*?\]>\n", b"", burp(item()), flags=re.DOTALL), issues(issue()),
    burp(item()).removeprefix(b'<?xml version="1.0"?>\n')])
def test_files_of_burp_are_recognised(octets: bytes) -> None:
    assert [type(outcome) for outcome in read(octets)] == [Exchange]


@pytest.mark.parametrize("octets", [b"<items><item/></items>", b"<html>", b"<?xml version='1.0'?><rss><item/></rss>",
                                    b"<!-- burpVersion= --><a/>"])
def test_other_xml_is_not(octets: bytes) -> None:
    assert next(each.name for each in reading.READERS if each.recognises(reading.Start(octets))) == "something else"


def test_many_small_entries() -> None:
    assert len(read(burp(b"<item/>" * 20_000))) == 20_000


@given(st.data())
def test_a_mutilated_file_loses_nothing_silently(data: st.DataObject) -> None:
    octets = burp(*(item(answer=ANSWER.replace(b"200", b"20%d" % number)) for number in range(4)))
    begin = data.draw(st.integers(octets.index(b"<items"), len(octets)))
    end = data.draw(st.integers(begin, min(len(octets), begin + 200)))
    put = data.draw(st.sampled_from([b"", b"<", b">", b"&", b"]]>", b"\x00", b"</item>", b"<item>", b"<![CDATA["]))
    found = list(reader.read(io.BytesIO(octets[:begin] + put + octets[end:]), path="f"))
    assert len(found) >= 4 or any(isinstance(outcome, Problem) for outcome in found)


@given(st.binary(max_size=200))
def test_any_octets_are_read_without_a_fault(octets: bytes) -> None:
    list(reader.read(io.BytesIO(b"<items burpVersion=''><item>" + octets), path="f"))

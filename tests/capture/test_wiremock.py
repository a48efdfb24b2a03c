"""Stubs and journals of WireMock: what was recorded proves more than what people wrote."""
from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.capture import files, reading, wiremock
from httplint.capture.outcome import Problem, Skipped
from httplint.model.evidence import REASONS
from httplint.model.exchange import Exchange

FIXTURES = Path(__file__).parents[2] / "fixtures" / "captures"
STUBS, JOURNAL = ((FIXTURES / name).read_bytes() for name in ("wiremock.json", "wiremock.journal.json"))
NEVER = {"wire", "interim", "trailers", "target", "name_case", "version", "request_version", "reason"}
OF_STUB = NEVER | {"octets", "size", "time", "request_fields", "request_content"}
UUID = "14104653-a0c5-4ba2-b6c8-e29664aef92d"


def outcomes(value: Any) -> list[Any]:
    octets = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(reading.read(io.BytesIO(octets), path="a.json"))


def stub(asked: dict[str, Any] | None = None, name: str = "a_b", **answered: Any) -> dict[str, Any]:
    """As WireMock records it."""
    return {"id": UUID, "name": name, "request": {"url": "/a/B?c=d", "method": "GET"} | (asked or {}),
            "response": {"status": 200, "body": "ab", "headers": {
                "Date": "Sun, 01 Mar 2026 12:00:00 GMT", "Vary": ["Accept", "Origin"], "Content-Type": "text/plain"}}
            | answered, "uuid": UUID, "persistent": True}


def served(behind: str | None = "http://b.example:8080/", **more: Any) -> dict[str, Any]:
    asked = {"url": "/a", "absoluteUrl": "http://w.example/a", "method": "POST", "bodyAsBase64": "YT0x",
             "headers": {"Host": "w.example", "Accept": ["*/*", "a/b"], "Connection": "close"},
             "loggedDate": 1772366401500}
    definition = {"status": 200} | ({"proxyBaseUrl": behind} if behind else {"fromConfiguredStub": True})
    answered = {"status": 200, "headers": {"Content-Encoding": "gzip", "Matched-Stub-Id": UUID},
                "bodyAsBase64": base64.b64encode(b"\x1f\x8bxyz").decode()}
    return {"id": UUID, "request": asked, "responseDefinition": definition, "response": answered,
            "wasMatched": True} | more


def journal(*events: Any) -> dict[str, Any]:
    return {"requests": list(events), "meta": {"total": len(events)}, "requestJournalDisabled": False}


def lacks(found: Exchange) -> set[str]:
    return {fact for fact in REASONS if not found.evidence.knows(fact)}


def one(value: Any) -> Exchange:
    found, = outcomes(value)
    assert isinstance(found, Exchange), found
    return found


def test_what_a_recorded_stub_proves() -> None:
    found = one(stub())
    assert lacks(found) == OF_STUB
    assert {"content-encoding", "content-length", "transfer-encoding"} <= found.evidence.response_gaps
    assert found.response.content == b"ab"
    assert found.response.fields is not None
    assert found.response.fields.values("vary") == ["Accept", "Origin"]
    assert found.request is not None
    assert (found.request.method, found.request.target) == ("GET", "/a/B?c=d")


@pytest.mark.parametrize("value", [
    stub(name="what a test needs"), stub({"url": None, "urlPattern": "/a/.*"}), stub({"method": "ANY"}),
    stub(headers={"Vary": "Accept"}),
])
def test_what_is_absent_from_a_stub_that_people_wrote_proves_nothing(value: dict[str, Any]) -> None:
    found = one(value)
    assert {"response_fields", "exact"} <= lacks(found)
    assert found.response.content == b"ab"


@pytest.mark.parametrize(("answered", "content"), [
    ({"body": None, "base64Body": "/w=="}, b"\xff"), ({"body": None, "base64Body": "/w="}, None),
    ({"body": None}, b""), ({"body": None, "jsonBody": {"a": 1}}, None), ({"body": "caf\u00e9"}, "café".encode()),
    ({"body": "caf\u00e9", "headers": {"Content-Type": 'text/html; charset="ISO-8859-1"'}}, b"caf\xe9"),
    ({"body": "\u20ac", "headers": {"Content-Type": "text/html; charset=ISO-8859-1"}}, None),
    ({"body": "a", "headers": {"Content-Type": "text/html; charset=windows-1252"}}, None),
    ({"body": "\ufffd"}, None), ({"body": "{{request.path}}"}, None), ({"headers": {"content-encoding": "gzip"}}, None),
    ({"status": 204, "body": None}, None), ({"body": None, "bodyFileName": "a.txt"}, None),
])
def test_contents_of_stubs(answered: dict[str, Any], content: bytes | None) -> None:
    assert one(stub(**answered)).response.content == content


def test_contents_beside_stubs(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "w" / "mappings" / "more").mkdir(parents=True)
    (tmp_path / "w" / "__files").mkdir()
    (tmp_path / "w" / "__files" / "a.txt").write_bytes(b"ab")
    (tmp_path / "w" / "__files" / "link").symlink_to(tmp_path / "secret")
    found = {}
    for name in ("a.txt", "missing", "../../secret", "/etc/hostname", str(tmp_path / "secret"), "link", "", "a\0"):
        for place in (tmp_path / "w" / "mappings" / "more" / "1.json", tmp_path / "w" / "1.json"):
            place.write_text(json.dumps(stub(body=None, bodyFileName=name)), "utf-8")
            exchange, = reading.read(str(place))
            assert isinstance(exchange, Exchange)
            found[name] = exchange.response.content
    assert found == dict.fromkeys(found, None) | {"a.txt": b"ab"}
    assert list(reading.captures([str(tmp_path / "w" / "mappings")])) == [
        str(tmp_path / "w" / "mappings" / "more" / "1.json")]


@pytest.mark.parametrize(("value", "category"), [
    (stub(proxyBaseUrl="http://b.example"), "no-response"), (stub(fault="CONNECTION_RESET_BY_PEER"), "no-response"),
    (stub(transformers=["response-template"]), "synthetic"), (stub(status="200"), "unreadable"),
    (stub(status=7), "unreadable"), (stub(status=True), "unreadable"), (stub() | {"response": []}, "no-response"),
    (journal(served(wasMatched=False)), "synthetic"),
    (journal(served(response={"fault": "EMPTY_RESPONSE"})), "no-response"),
    (journal({"id": UUID, "request": {"url": "/"}}), "no-response"),
])
def test_what_is_no_exchange_is_skipped(value: dict[str, Any], category: str) -> None:
    skipped, = outcomes(value)
    assert isinstance(skipped, Skipped)
    assert skipped.category == category


def test_what_the_journal_proves_of_a_request_that_was_passed_on() -> None:
    found = one(journal(served()))
    assert lacks(found) == NEVER
    assert found.response.content == b"\x1f\x8bxyz", "as it came, with its coding"
    assert found.request is not None
    assert (found.request.uri, found.request.content) == ("http://b.example:8080/a", b"a=1")
    assert found.request.fields is not None
    assert found.request.fields.lines == (("Accept", "*/*"), ("Accept", "a/b"))
    assert {"host", "connection"} <= found.evidence.request_gaps
    assert "transfer-encoding" in found.evidence.response_gaps
    assert "content-length" not in found.evidence.response_gaps
    assert found.started == 1772366401.5


def test_an_answer_out_of_a_stub_has_not_met_a_server() -> None:
    found = one(journal(served(None)))
    assert {"response_fields", "exact"} <= lacks(found)
    assert {"date", "content-length"} <= found.evidence.response_gaps
    assert found.request is not None
    assert found.request.uri == "http://w.example/a"
    assert found.response.fields is not None
    assert "matched-stub-id" not in found.response.fields


def test_the_newest_comes_first_in_the_file_and_last_of_it() -> None:
    found = outcomes(journal(*[served(id=f"{number:08}{UUID[8:]}") for number in range(3)]))
    assert [exchange.source.pointer for exchange in found] == ["/requests/2", "/requests/1", "/requests/0"]
    stubs = outcomes({"mappings": [stub(), stub(fault="x"), stub()], "meta": {"total": 3}})
    assert [type(each) for each in stubs] == [Exchange, Skipped, Exchange]
    assert [each.source.entry for each in stubs] == [0, 1, 2]


def test_masked_and_templated_values_are_not_known() -> None:
    found = one(stub(headers={"Date": "{{now}}", "Set-Cookie": ["a=1", "[REDACTED]"], "X-A": 5, "X-B": [],
                              "X-C": [None], "ETag": '"v"'}))
    assert found.response.fields is not None
    assert found.response.fields.lines == (("ETag", '"v"'),)
    assert {"date", "set-cookie", "x-a", "x-b", "x-c"} <= found.evidence.response_gaps


@pytest.mark.parametrize("value", [
    {"version": 3, "mappings": "AAAA;", "sources": []}, {"mappings": ["a"]}, {"request": {}, "response": {}},
    {"requests": [{"id": 1}]}, {"request": {"method": "GET"}, "response": {}, "cursor": {}},
    {"startedDateTime": "x", "request": {"method": "GET", "url": "http://a.example/"}, "response": {"status": 200}},
    {"log": {"entries": [], "creator": {"name": "x"}}, "request": {"url": "/"}, "response": {}},
])
def test_what_is_not_of_wiremock(value: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(value), "utf-8")
    assert reading.recognised(str(path)) != "WireMock"


@pytest.mark.parametrize("octets", [
    b'{"mappings": [{"request": {"url": "/"}, "response": ' + b"[" * 100_000,
    b'{"mappings": [{"method": 1}, 5, null, []]}',
    b'{"request": {"url": "/\\ud800"}, "response": {"headers": {"\\ud800": "\\ud800"}, "body": "\\ud800"}}',
    b'{"request": {"method": 5, "url": []}, "response": {"status": 200, "headers": [], "body": 5, "base64Body": []}}',
    b'{"request": {"method": "GET"}, "response": {"status": 1e999, "headers": {"a": {"b": {}}}}}',
    b'{"mappings": [' + b",".join([b'{"request": {"method": "GET"}, "response": {}}'] * 5_000) + b"]}",
    b'{"mappings": [{"request": {"method": "GET"}, "response": {"status": 200}}', JOURNAL[:-5], STUBS[:9000],
])
def test_hostile_files(octets: bytes) -> None:
    found = list(wiremock.read(io.BytesIO(octets), path="a"))
    assert found
    assert all(isinstance(each, Exchange | Skipped | Problem) for each in found)


def test_a_file_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiremock, "LIMIT", 1000)
    with pytest.raises(files.Unreadable, match="read as a whole"):
        list(wiremock.read(io.BytesIO(JOURNAL), path="a"))


@given(st.sampled_from([STUBS, JOURNAL]), st.data())
def test_whatever_is_changed_the_others_are_read(octets: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(100, len(octets)))
    change = data.draw(st.binary(max_size=4) | st.sampled_from([b'"', b"{", b"}", b"[", b"]", b",", b'\\', b"null"]))
    changed = octets[:at] + change + octets[at + data.draw(st.integers(0, 20)):]
    found = list(wiremock.read(io.BytesIO(changed), path="a"))
    assert len([each for each in found if isinstance(each, Exchange)]) >= 45

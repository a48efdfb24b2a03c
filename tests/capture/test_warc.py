"""WARC files."""
from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from warc_maker import info, record

from httplint.capture import reading, warc
from httplint.capture.outcome import Problem, Skipped
from httplint.model.exchange import Exchange

pytest.importorskip("fastwarc", reason="fastwarc is not installed")

GET = b"GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CONTENT = {"content", "octets", "size"}
REQUEST = {"request", "request_fields", "request_content", "request_version", "target"}
MADE_UP = {"wire", "lines", "repeats", "name_case", "exact", "version", "reason", "octets", "size", "trailers"}
"""What is not known of a head that somebody made of what a browser, a HAR or a library tells."""


def read(tmp_path: Path, *records: bytes, name: str = "a.warc") -> list[Any]:
    path = tmp_path / name
    path.write_bytes(b"".join(gzip.compress(one) for one in records) if name.endswith(".gz") else b"".join(records))
    return list(reading.read(str(path)))


def lacks(exchange: Exchange) -> set[str]:
    return set(exchange.evidence.missing(-1))


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
@pytest.mark.parametrize("records", [
    (record("response", OK, 1), record("request", GET, 2, 1)),         # warcio, Heritrix
    (record("request", GET, 2), record("response", OK, 1, 2)),         # Wget, Nutch
    (record("request", GET, 2), record("response", OK, 1)),            # no ids, the same URI
    (record("response", OK, 1), record("request", GET, 2)),
    (record("response", OK, 1), record("metadata", b"x", 3, 1), record("request", GET, 2, 1)),
    (record("response", OK, 1, 2), record("request", GET, 2)),
    (record("response", OK, 1, WARC_Target_URI="<https://a.example/a>"),               # early writers
     record("request", GET, 2, WARC_Target_URI="<https://a.example/a>")),
])
def test_request_and_response_are_paired(tmp_path: Path, records: tuple[bytes, ...], name: str) -> None:
    exchange, = read(tmp_path, info("Wget/1.21.3 (linux-gnu)"), *records, name=name)
    assert exchange.request is not None
    assert exchange.request.uri == "https://a.example/a"
    assert (exchange.response.status, exchange.response.content) == (200, b"ok")
    assert exchange.started == 1751371200.0
    assert lacks(exchange) == {"interim"}


def test_records_of_several_requests_may_mix(tmp_path: Path) -> None:
    records = [record("response", OK.replace(b"ok", str(10 + n).encode()), n) for n in range(5)]
    records += [record("request", GET.replace(b"/a", f"/{10 + n}".encode()), 50 + n, n) for n in (3, 0, 1, 4)]
    found = read(tmp_path, *records)
    assert [(one.request and one.request.target, one.response.content) for one in found] == [
        ("/10", b"10"), ("/11", b"11"), (None, b"12"), ("/13", b"13"), ("/14", b"14")]
    assert [one.source.entry for one in found] == list(range(5))


def paired(tmp_path: Path, *records: bytes) -> list[str | None]:
    return [one.request and one.request.target for one in read(tmp_path, *records)]


OTHER = {"WARC_Target_URI": "https://a.example/b"}


@pytest.mark.parametrize(("records", "targets"), [
    # neighbours belong together if neither names another record, and their target URI is the same
    ((record("response", OK, 1, 77), record("request", GET, 2)), [None]),
    ((record("response", OK, 1), record("request", GET, 2, 77)), [None]),
    ((record("request", GET, 2), record("response", OK, 1, 77)), [None]),
    ((record("request", GET, 2, 77), record("response", OK, 1)), [None]),
    ((record("response", OK, 1), record("request", GET, 2, **OTHER)), [None]),
    # and each once
    ((record("request", GET, 2), record("response", OK, 1), record("response", OK, 3)), ["/a", None]),
    ((record("response", OK, 1), record("request", GET, 2), record("response", OK, 3)), ["/a", None]),
    ((record("response", OK, 1), record("response", OK, 3), record("request", GET, 2)), [None, "/a"]),
    ((record("response", OK, 1), record("request", GET, 2), record("request", GET.replace(b"/a", b"/b"), 3)), ["/a"]),
    # names count for more than the neighbourhood
    ((record("response", OK, 1), record("response", OK, 3), record("request", GET, 2, 1)), ["/a", None]),
    ((record("request", GET.replace(b"/a", b"/x"), 4, 3), record("request", GET, 2), record("response", OK, 3)),
     ["/x"]),
    ((record("response", OK, 1), record("response", OK, 3), record("request", GET, 2, 3),
      record("request", GET.replace(b"/a", b"/x"), 4, 3)), [None, "/a"]),
])
def test_which_records_are_a_pair(tmp_path: Path, records: tuple[bytes, ...], targets: list[str | None]) -> None:
    assert paired(tmp_path, *records) == targets


@pytest.mark.parametrize("count", [8, 9])
def test_eight_records_wait_for_each_other(tmp_path: Path, count: int) -> None:
    found = paired(tmp_path, *(record("response", OK, n, 50 + n) for n in range(count)), record("request", GET, 50))
    assert found == ["/a" if count == 8 else None] + [None] * (count - 1)
    found = paired(tmp_path, *(record("request", GET, 50 + n) for n in range(count)), record("response", OK, 1, 50))
    assert found == ["/a" if count == 8 else None]


def test_a_response_without_its_request(tmp_path: Path) -> None:
    found = read(tmp_path, record("request", GET, 2, WARC_Target_URI="https://a.example/other"), *(
        record("response", OK, n) for n in range(10, 30)))
    assert len(found) == 20
    assert all(one.request is None for one in found)


def test_truncated_and_revisited_records_have_no_content(tmp_path: Path) -> None:
    cut, revisit, short = read(
        tmp_path, record("response", OK, 1, WARC_Truncated="length"),
        record("revisit", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 2),
        record("response", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nok", 3))
    for exchange in (cut, revisit):
        assert lacks(exchange) == CONTENT | REQUEST | {"trailers", "interim"}
    assert lacks(short) >= CONTENT
    for exchange in (cut, revisit, short):
        assert exchange.response.irregularities == ()


@pytest.mark.parametrize("less", [0, 1])
def test_a_record_beyond_the_limit_has_no_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, less: int) -> None:
    monkeypatch.setattr(warc, "RECORD_LIMIT", len(OK) - less)
    exchange, = read(tmp_path, record("response", OK, 1))
    assert exchange.evidence.knows("content") == exchange.evidence.knows("size") == (not less)


def test_a_record_beyond_the_limit_that_breaks_off_is_said_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "RECORD_LIMIT", len(OK) - 3)
    problem, = read(tmp_path, record("response", OK, 1)[:-len("?\r\n\r\n")])
    assert str(problem).endswith("the file breaks off within a record")


def test_contents_that_the_crawler_took_apart(tmp_path: Path) -> None:
    unchunked, decoded, renamed = read(
        tmp_path, record("response", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<p>ok", 1),
        record("response", b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 50\r\n\r\n<p>ok", 2),
        record("response", b"HTTP/1.1 200 OK\r\nX-Crawler-Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok", 3))
    for exchange in (unchunked, decoded, renamed):
        assert lacks(exchange) >= {"octets", "size", "wire"}
        assert exchange.response.irregularities == ()
    assert renamed.evidence.response_gaps == {"content-encoding", "transfer-encoding", "content-length"}
    assert lacks(renamed) == REQUEST | {"wire", "octets", "size", "trailers", "interim"}


@pytest.mark.parametrize(("records", "wanted"), [
    *(((info(tool), record("response", OK, 1)), MADE_UP) for tool in (
        "Browsertrix-Crawler 1.5", "warcio.js 2.2", "ArchiveWeb.page 0.11", "replayweb.page", "har2warc 1.0",
        "StormCrawler 2.10", "scrapy-webarchive", "Puppeteer", "playwright-python")),
    ((info("Webrecorder Platform v3.7"), record("response", OK, 1)), {"wire"}),
    ((info("pywb 2.8"), record("response", OK, 1)), {"wire"}),
    ((info("Wget/1.21.3"), record("response", OK, 1)), set()),
    ((info("pywb".rjust(4096 - len("software: "))), record("response", OK, 1)), {"wire"}),
    ((info("pywb".rjust(4097 - len("software: "))), record("response", OK, 1)), set()),
    *(((record("response", OK, 1, WARC_Protocol=protocol),), MADE_UP) for protocol in (
        "h2", " H2C", "h3", "http/2", "HTTP/3", "spdy/3.1", "quic/46")),
    *(((record("response", OK, 1, WARC_Protocol=protocol),), set()) for protocol in ("http/1.1", "tls/1.3", "xh2")),
    ((record("response", OK.replace(b"C", b"c").replace(b"L", b"l"), 1),), {"wire", "version", "reason", "name_case"}),
    ((record("response", OK.replace(b"\r\n\r\n", b"\r\nx: y\r\n\r\n"), 1),), set()),
    ((record("response", b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", 1),), {"wire", "octets", "size"}),
])
def test_heads_that_were_put_together(tmp_path: Path, records: tuple[bytes, ...], wanted: set[str]) -> None:
    exchange, = read(tmp_path, *records)
    assert lacks(exchange) == wanted | REQUEST | {"interim"}


@pytest.mark.parametrize("kind", ["warcinfo", "request", "metadata", "resource", "conversion", "continuation"])
def test_records_that_hold_no_response(tmp_path: Path, kind: str) -> None:
    assert read(tmp_path, record(kind, GET, 1)) == []


def test_records_that_no_reader_takes_for_any(tmp_path: Path) -> None:
    for octets in (record("response", OK, 1).replace(b"WARC-Type: response\r\n", b""),
                   record("response", OK, 1).replace(b"\r\n", b"\n"), record("frobbed", OK, 1)):
        problem, = read(tmp_path, octets)
        assert isinstance(problem, Problem)
        assert "have to end with CR" in problem.cause


@pytest.mark.parametrize(("date", "started"), [
    ("2025-07-01T12:00:00.5Z", 1751371200.5), ("2025-07-01T12:00:00", None), ("yesterday", None),
    ("0001-01-01T00:00:00+14:00", None),
])
def test_dates_of_records(tmp_path: Path, date: str, started: float | None) -> None:
    exchange, = read(tmp_path, record("response", OK, 1, WARC_Date=date))
    assert exchange.started == started
    assert exchange.evidence.knows("time") == (started is not None)


@pytest.mark.parametrize(("request_line", "uri", "added"), [
    (b"GET /x HTTP/1.1", "https://a.example/a", True),     # the recorder wrote it anew, without Host
    (b"GET http://b.example/x HTTP/1.1", "http://b.example/x", False),
    (b"GET /x HTTP/1.1\r\nHost: b.example", "https://b.example/x", False),
])
def test_requests_without_host(tmp_path: Path, request_line: bytes, uri: str, added: bool) -> None:
    exchange, = read(tmp_path, record("response", OK, 1), record("request", request_line + b"\r\n\r\n", 2, 1))
    assert exchange.request.uri == uri
    assert exchange.evidence.request_gaps == ({"host"} if added else set())
    assert exchange.evidence.knows("target") == (not added)


def test_the_scheme_is_that_of_the_target_uri(tmp_path: Path) -> None:
    plain = {"WARC_Target_URI": "HTTP://a.example/a"}
    exchange, = read(tmp_path, record("response", OK, 1, **plain), record("request", GET, 2, 1, **plain))
    assert exchange.request.uri == "http://a.example/a"


@pytest.mark.parametrize("before", [(), (info("Browsertrix-Crawler 1.5"),)])
def test_a_request_that_was_put_together_proves_no_version(tmp_path: Path, before: tuple[bytes, ...]) -> None:
    answer = OK.replace(b"C", b"c").replace(b"L", b"l")
    asked = record("request", b"GET /a HTTP/1.1\r\naccept: */*\r\n\r\n", 2)
    exchange, = read(tmp_path, *before, record("response", answer, 1), asked)
    assert exchange.request is not None
    assert "request_version" in lacks(exchange)


def test_records_from_the_wire_show_irregularities(tmp_path: Path) -> None:
    exchange, = read(tmp_path, record("response", b"HTTP/1.1 200 OK\r\nAllow : GET\r\nContent-Length: 2\r\n\r\nok", 1))
    assert [flaw.kind for flaw in exchange.response.irregularities] == ["space-before-colon"]
    assert exchange.evidence.knows("wire")


def test_what_is_not_http_is_skipped(tmp_path: Path) -> None:
    dns, empty, odd = read(
        tmp_path, record("response", b"20250701120000\na.example. 60 IN A 192.0.2.1", 1,
            WARC_Target_URI="dns:a.example"),
        record("response", b"", 2), record("response", b"<html>", 3))
    assert all(isinstance(one, Skipped) for one in (dns, empty, odd))
    assert [one.category for one in (dns, empty, odd)] == ["not-http", "unreadable", "not-http"]


def test_a_file_that_breaks_off(tmp_path: Path) -> None:
    whole = record("response", OK, 1) + record("response", OK, 2)
    first, problem = read(tmp_path, whole[:-8])
    assert isinstance(first, Exchange)
    assert isinstance(problem, Problem)
    assert problem.cause == "the file breaks off within a record"
    packed = gzip.compress(record("response", OK, 1)) + gzip.compress(record("response", OK, 2))[:-60]
    path = tmp_path / "b.warc.gz"
    path.write_bytes(packed)
    assert isinstance(next(iter(reading.read(str(path)))), Exchange)


def test_progress_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(record("response", OK, n) for n in range(3)))
    told: list[tuple[int, int]] = []
    assert len(list(reading.read(str(path), lambda done, total: told.append((done, total))))) == 3
    assert told[-1][0] <= told[-1][1] == path.stat().st_size

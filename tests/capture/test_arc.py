"""ARC files, as https://archive.org/web/researcher/ArcFileFormat.php has them, and as Heritrix wrote them."""
from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.capture import arc, reading, warc
from httplint.capture.outcome import Problem, Skipped
from httplint.model.evidence import bits
from httplint.model.exchange import Exchange

OK = b"HTTP/1.1 200 OK\r\nDate: Sat, 25 Sep 2004 00:12:16 GMT\r\nContent-Length: 2\r\n\r\nok"
GONE = b"HTTP/1.0 404 Not Found\r\nContent-Type: text/html\r\n\r\n<h1>Not Found</h1>"
REQUEST = {"request", "request_fields", "request_content", "request_version", "target"}


def record(octets: bytes, uri: str = "http://a.example/", date: str = "20040925001013", length: int | None = None,
           more: str = "") -> bytes:
    """A record of version 1; of version 2 with `more` between the type and the length."""
    length = len(octets) if length is None else length
    return f"{uri} 192.0.2.1 {date} text/html {more}{length}\n".encode() + octets + b"\n"


def first(software: str = "Heritrix 1.0.5-20040923164426 http://crawler.archive.org") -> bytes:
    about = (b"1 1 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n"
             b'<?xml version="1.0" encoding="UTF-8"?>\n<arcmetadata>\n<arc:software>%b</arc:software>\n'
             b"</arcmetadata>\n")
    return record(about % software.encode(), "filedesc://A-00000.arc")


def read(*records: bytes) -> list[Any]:
    return list(reading.read(io.BytesIO(b"".join(records)), path="a.arc"))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_records(pack: Any) -> None:
    """In a compressed file each record is compressed by itself."""
    found = read(*map(pack, (first(), record(OK), record(GONE, "https://a.example/two words?a=b c"),
                             record(b"20040925001013\n1.2.3.4\n", "dns:a.example"))))
    assert [type(one) for one in found] == [Exchange, Exchange, Skipped]
    assert [one.source.entry for one in found] == [0, 1, 2]
    assert [one.response.status for one in found[:2]] == [200, 404]
    assert found[0].response.content == b"ok"
    assert found[0].started == 1096071013.0
    assert found[2].category == "not-http"
    assert set(found[0].evidence.missing(-1)) == REQUEST | {"interim"}


def test_a_crawler_may_leave_off_before_the_connection_ends() -> None:
    until_the_end, chunked = read(first(), record(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"), record(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n\r\n"))
    assert {"content", "octets", "size"} <= set(until_the_end.evidence.missing(-1))
    assert chunked.evidence.knows("content")


def test_records_of_version_2() -> None:
    found = read(first(), record(OK, more="200 0123456789 - 1234 A-00000.arc "), record(GONE, more="404 - - 0 A "))
    assert [one.response.status for one in found] == [200, 404]


@pytest.mark.parametrize(("software", "wanted"), [
    ("Heritrix 1.14.4 http://crawler.archive.org", 0), ("another crawler", warc.SYNTHETIC), ("", warc.SYNTHETIC),
])
def test_the_crawler_decides_what_octets_prove(software: str, wanted: int) -> None:
    exchange, = read(first(software), record(OK))
    assert exchange.evidence.bits & warc.SYNTHETIC == (warc.SYNTHETIC & ~wanted) & ~bits("request_version")
    exchange, = read(record(OK))
    assert not exchange.evidence.knows("wire")


@pytest.mark.parametrize(("date", "started"), [
    ("20040925001013", 1096071013.0), ("200409250010", 1096071000.0), ("20049925001013", None),
    ("00000000000000", None),
])
def test_dates(date: str, started: float | None) -> None:
    exchange, = read(first(), record(OK, date=date))
    assert exchange.started == started


@pytest.mark.parametrize("noise", [b"\n\n", b"\r\n", b" \n"])
def test_empty_lines_between_records_are_nothing(noise: bytes) -> None:
    assert len(read(first(), record(OK), noise, record(GONE), noise)) == 2


@pytest.mark.parametrize("noise", [
    b"noise\n", b"http://a.example/ 192.0.2.1 2004 text/html 5\n", b"a\nb\n\nc\n", b"\xff" * 100_000 + b"\n",
    b"http://a.example/ 192.0.2.1 20040925001013 text/html -5\n", b"http://a.example/ x 20040925001013 text/html 5\n",
    b"no scheme 192.0.2.1 20040925001013 text/html 5\n",
    b"http://a.example/ 192.0.2.1 20040925001013 text/html " + b"9" * 5000 + b"\n",
])
def test_it_is_read_on_behind_what_is_no_record(noise: bytes) -> None:
    one, problem, two = read(first(), record(OK), noise, record(GONE))
    assert (one.response.status, two.response.status) == (200, 404)
    assert problem.cause.startswith(f"{len(noise):,} octets before entry 1 are no record")
    assert read(first(), record(OK), noise)[-1].cause.startswith(f"{len(noise):,} octets at the end")


@pytest.mark.parametrize(("length", "whole"), [(len(OK) - 2, False), (len(OK) - 20, False), (len(OK) + 1, True)])
def test_a_length_that_is_wrong_does_not_lose_what_follows(length: int, whole: bool) -> None:
    found = read(first(), record(OK, length=length), record(GONE))
    assert [one.response.status for one in found if isinstance(one, Exchange)] == [200, 404]
    assert any(isinstance(one, Problem) for one in found) is not whole


@pytest.mark.parametrize("length", [len(OK) + 2, 10**6, 10**15 - 1])
def test_a_file_that_breaks_off(length: int) -> None:
    problem, = read(first(), record(OK, length=length))
    assert problem.cause == "the file breaks off within a record"


def test_a_record_beyond_the_limit_has_no_content(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "RECORD_LIMIT", len(OK) - 1)
    large, next_one = read(record(OK), record(GONE[:-20]))
    assert not large.evidence.knows("content")
    assert next_one.response.status == 404


def test_a_stream_may_have_read_alone(tmp_path: Path) -> None:
    (tmp_path / "a.arc").write_bytes(first() + record(OK))
    with io.FileIO(tmp_path / "a.arc") as stream:
        assert len(list(arc.read(stream, path="a.arc"))) == 1  # type: ignore[arg-type]


def test_what_holds_no_response_is_skipped() -> None:
    found = read(first(), record(b""), record(b"<html>"), record(OK))
    assert [type(one) for one in found] == [Skipped, Skipped, Exchange]


def test_one_is_taken_from_a_directory_if_it_begins_so(tmp_path: Path) -> None:
    for name, octets in (("a.arc", first()), ("b.arc.gz", gzip.compress(first())), ("c.arc", b"\x1a\x08old.txt"),
                         ("d.arc", b"http://a.example/ 192.0.2.1 20040925001013 text/html 5\n")):
        (tmp_path / name).write_bytes(octets)
    assert [Path(path).name for path in reading.captures([tmp_path])] == ["a.arc", "b.arc.gz", "d.arc"]


WHOLE = b"".join((first(), record(OK), record(GONE), record(OK)))


@given(st.integers(0, len(WHOLE) - 1), st.binary(max_size=20), st.integers(0, 20))
def test_a_mutilated_file_loses_no_record_silently(at: int, octets: bytes, less: int) -> None:
    made = WHOLE[:at] + octets + WHOLE[at + less:]
    found = list(arc.read(io.BytesIO(made), path="a.arc"))
    told = any(isinstance(one, Problem) for one in found)
    assert told or len(found) >= 3 or made.count(b"filedesc:") > 1

"""Which reader a capture comes to."""
from __future__ import annotations

import gzip
import io
import sys
import zipfile
from pathlib import Path

import pytest

from httplint.capture.reading import READERS, Start, captures, read
from httplint.model.exchange import Exchange

OCTETS = b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\nHTTP/1.1 405 \r\nContent-Length: 2\r\n\r\nno"


def name(start: bytes, *members: str) -> str:
    return next(reader.name for reader in READERS if reader.recognises(Start(start, members)))


@pytest.mark.parametrize(("start", "wanted"), [
    (b'{"log": {}}', "HAR"), (b"\xef\xbb\xbf{", "HAR"), (b"onInputData({", "HAR"), (b"<html>", "something else"),
    (b"*bullet", "something else"), (b"var har = {", "HAR"), (b"Server: a\nDate: b\n", "something else"),
    (b"WARC/1.1\r\nWARC-Type: warcinfo\r\n", "WARC"),
    (b"HTTP/1.1 200 OK\r\nA: b\r\n", "HTTP/1.x octets"), (b"HTTP/1.0 404\r\n", "HTTP/1.x octets"),
    (b"GET / HTTP/1.1\r\n", "HTTP/1.x octets"), (b"PROPFIND /a HTTP/1.1\nHost: a\n", "HTTP/1.x octets"),
    (b"HTTP/1.1 200 OK\nA: b\n", "output of curl"), (b"HTTP/2 200 \r\nA: b\r\n", "output of curl"),
    (b"> GET / HTTP/1.1\n", "output of curl"), (b"< HTTP/1.1 200 OK\n", "output of curl"),
    (b"* Connected", "output of curl"),
    (b"\n< HTTP/2 200", "output of curl"), (b"octets: HTTP/1.1 200", "output of curl"),
])
def test_the_first_octets_tell(start: bytes, wanted: str) -> None:
    assert name(start) == wanted


def test_the_members_of_a_zip_tell() -> None:
    assert name(b"PK\x03\x04", "raw/", "raw/01_c.txt", "raw/01_s.txt", "[Content_Types].xml") == "Fiddler archive"
    assert name(b"PK\x03\x04", "a.har", "draw/1_s.txt") == "HAR"
    assert name(b"PK\x03\x04") == "HAR"


def outcomes(path: Path) -> list[str]:
    return [str(outcome.response.status) if isinstance(outcome,
        Exchange) else str(outcome) for outcome in read(str(path))]


def test_compressed_octets_are_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(OCTETS, mtime=0))
    assert outcomes(path) == ["405"]


@pytest.mark.parametrize(("octets", "wanted"), [
    (b"", "the file is empty"), (b"\xef\xbb\xbf\n", "the file is empty"),
    (gzip.compress(OCTETS, mtime=0)[:40], "cannot be read"),
    (gzip.compress(gzip.compress(OCTETS, mtime=0), mtime=0), "a packed file within a gzip file"),
    (gzip.compress(b"PK\x03\x04 and more", mtime=0), "a packed file within a gzip file"),
    (b"PK\x03\x04broken", "the zip file is broken"), (b"\x1f\x8bbroken", "cannot be read"),
])
def test_what_cannot_be_read_is_said(tmp_path: Path, octets: bytes, wanted: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(octets)
    found = outcomes(path)
    assert len(found) == 1
    assert wanted in found[0]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("raw/1_c.txt", OCTETS[:35])
        archive.writestr("raw/1_s.txt", OCTETS[35:])

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    for octets in (OCTETS, gzip.compress(OCTETS, mtime=0), packed.getvalue()):
        for stream in (io.BytesIO, Pipe):
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(stream(octets)), "utf-8"))
            assert [type(one) for one in read("-")] == [Exchange], (octets[:10], stream)


def test_directories_yield_the_captures_of_all_readers(tmp_path: Path) -> None:
    for file in ("a.har", "b.warc", "c.warc.gz", "d.saz", "e.txt", "f.WARC", "g.zip"):
        (tmp_path / file).touch()
    with zipfile.ZipFile(tmp_path / "g.zip", "w") as archive:
        archive.writestr("a.har", "{}")
    assert [Path(path).name for path in captures([tmp_path])] == ["a.har", "b.warc", "c.warc.gz", "d.saz", "f.WARC",
        "g.zip"]


def test_what_is_called_json_is_taken_if_it_begins_as_a_har(tmp_path: Path) -> None:
    for name, text in {
        "a.json": '{"log": {"version": "1.2", "creator": {"name": "harfile"}, "entries": []}}',
        "b.json": '{ "log":\n{"creator": {"name": "x"}, "entries": []}}',
        "c.json": '{"log": {"version": 1, "level": "debug"}}', "d.json": '{"log": {"level": "debug"}}',
        "e.json": '[{"log": {"version": "1.2"}}]', "f.json": "{}",
    }.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert [Path(path).name for path in captures([tmp_path])] == ["a.json", "b.json"]

"""`httplint.read`: what stands in a capture, of whatever kind, from wherever it comes."""
from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from httplint import CaptureError, Exchange, Problem, Skipped, Source, lint_har, read

OCTETS = b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n"
TEXT = "> PATCH /report HTTP/1.1\n> Host: a.example\n>\n< HTTP/1.1 405 Method Not Allowed\n< Content-Length: 0\n<\n"


def har(*statuses: int) -> bytes:
    entries = [{"startedDateTime": "2025-07-01T00:00:00Z",
                "request": {"method": "GET", "url": "https://a.example/", "httpVersion": "HTTP/1.1", "headers": []},
                "response": {"status": status, "statusText": "", "httpVersion": "HTTP/1.1", "headers": [],
                             "content": {}}} for status in statuses]
    log = {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": entries}
    return json.dumps({"log": log}).encode()


@pytest.mark.parametrize("octets", [OCTETS, TEXT.encode(), har(405)], ids=["octets", "text", "har"])
def test_a_path_octets_and_a_stream_hold_the_same(octets: bytes, tmp_path: Path) -> None:
    path = tmp_path / "capture"
    path.write_bytes(octets)
    with open(path, "rb") as stream:
        sources = (path, str(path), octets, io.BytesIO(octets), stream)
        told = [list(read(source)) for source in sources]
        assert not stream.closed
    for outcomes in told:
        found, = outcomes
        assert isinstance(found, Exchange)
        assert found.response.status == 405


@pytest.mark.parametrize(("name", "wanted"), [({}, ["<file>", "<bytes>", "<stream>", "<file>", "<stream>"]),
                                              ({"path": "here"}, ["here"] * 5),
                                              ({"path": Path("here")}, ["here"] * 5)])
def test_what_outcomes_call_a_capture(name: dict[str, str | Path], wanted: list[str], tmp_path: Path) -> None:
    path = tmp_path / "capture"
    path.write_bytes(OCTETS)
    with open(path, "rb") as stream, open(os.open(path, os.O_RDONLY), "rb") as nameless:
        sources = [path, OCTETS, io.BytesIO(OCTETS), stream, nameless]
        found = [one for source in sources for one in read(source, **name)]  # type: ignore[arg-type]
    paths = [one.source.path for one in found if isinstance(one, Exchange) and isinstance(one.source, Source)]
    assert paths == [str(path) if one == "<file>" else one for one in wanted]


def test_a_stream_is_read_from_where_it_stands() -> None:
    stream = io.BytesIO(b"something else\n" + OCTETS)
    stream.readline()
    assert [type(one) for one in read(stream)] == [Exchange]


def test_a_stream_that_has_read_alone() -> None:
    class Stream:
        read = io.BytesIO(OCTETS).read

    assert [type(one) for one in read(Stream())] == [Exchange]  # type: ignore[arg-type]


def test_a_pipe() -> None:
    inlet, outlet = os.pipe()
    os.write(outlet, OCTETS)
    os.close(outlet)
    with open(inlet, "rb") as stream:
        assert [type(one) for one in read(stream, path="pipe")] == [Exchange]


def test_standard_input() -> None:
    program = "import httplint; print([type(one).__name__ for one in httplint.read('-')])"
    done = subprocess.run([sys.executable, "-c", program], input=OCTETS, capture_output=True, check=True)
    assert done.stdout.split() == [b"['Exchange']"]


def test_what_cannot_be_judged_says_so_in_its_place() -> None:
    first, second, third, last = read(har(200, 0, 404)[:-2] + b"]", path="a.har")
    assert isinstance(first, Exchange)
    assert isinstance(second, Skipped)
    assert second.reason
    assert isinstance(third, Exchange)
    assert isinstance(last, Problem)
    assert str(last).startswith("a.har:1:")


@pytest.mark.parametrize("make", [
    lambda path: path / "missing.har", lambda path: path, lambda path: "\0", lambda path: b"", lambda path: b"\0\xff",
    lambda path: io.BytesIO(b"")], ids=["missing", "directory", "no name", "nothing", "no capture", "empty stream"])
def test_what_is_no_capture_is_a_problem(make: object, tmp_path: Path) -> None:
    problem, = read(make(tmp_path))  # type: ignore[operator]
    assert isinstance(problem, Problem)
    assert problem.cause


@pytest.mark.parametrize("source", [io.StringIO(TEXT), None, 3, [OCTETS]])
def test_anything_else_is_refused_at_once(source: object) -> None:
    with pytest.raises(TypeError, match="binary stream"):
        read(source)  # type: ignore[arg-type]


def test_entries_that_lint_har_leaves_out_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.har"
    path.write_bytes(har(200, 0))
    left_out: list[Skipped] = []
    assert [exchange.response.status for exchange, _ in lint_har(path, on_skip=left_out.append)] == [200]
    assert [one.source.entry for one in left_out] == [1]
    with pytest.raises(CaptureError):
        list(lint_har(tmp_path / "missing.har"))

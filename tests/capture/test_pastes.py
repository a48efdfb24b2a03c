"""Texts as people keep them: pastes, output of several clients, several captures in one file."""
from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from httplint.capture import curl, octets
from httplint.capture.outcome import Problem, Skipped
from httplint.capture.reading import captures, read
from httplint.model.exchange import Exchange

HEAD = ["HTTP/1.1 503 Service Unavailable", "Retry-After: 30s", "Content-Length: 0", ""]
VERBOSE = ["*   Trying 192.0.2.1:80...", "* Connected to a.example (192.0.2.1) port 80", "> GET / HTTP/1.1",
           "> Host: a.example", "> ", *(f"< {line}" for line in HEAD), "* Connection #0 to host a.example left intact"]


def text(*lines: str) -> bytes:
    return "\n".join(lines).encode() + b"\n"


def outcomes(octets: bytes, tmp_path: Path) -> list[Exchange | Skipped | Problem]:
    path = tmp_path / "capture"
    path.write_bytes(octets)
    return list(read(str(path)))


def exchanges(octets: bytes, tmp_path: Path) -> list[Exchange]:
    found = outcomes(octets, tmp_path)
    assert all(isinstance(one, Exchange) for one in found), found
    return [one for one in found if isinstance(one, Exchange)]


@pytest.mark.parametrize("octets", [
    text("$ curl -sv http://a.example/", *VERBOSE),
    text("user@host:~$ curl -sv http://a.example/", *VERBOSE),
    text(*(f"    {line}" for line in VERBOSE)),
    text("Like so:", "", "```console", *VERBOSE, "```", "That is all."),
    text(*(f"12:00:00.123456 {line}" for line in VERBOSE)),
    text(*(f"12:00:00.123456 [0-0] {line}" for line in VERBOSE)),
    text("Warning: -v, --verbose overrides an earlier trace/verbose option", *VERBOSE),
    b"\xff\xfe" + "\r\n".join(VERBOSE).encode("utf-16-le"),
    b"\xfe\xff" + "\n".join(VERBOSE).encode("utf-16-be"),
    text("== Info: Connected to a.example (192.0.2.1) port 80", "=> Send header, 77 bytes (0x4d)",
         "0000: GET / HTTP/1.1", "0010: Host: a.example", "0021: ", "<= Recv header, 34 bytes (0x22)",
         "0000: HTTP/1.1 503 Service Unavailable", "<= Recv header, 18 bytes (0x12)", "0000: Retry-After: 30s",
         "<= Recv header, 2 bytes (0x2)", "0000: "),
    text("== Info: Connected", "<= Recv header, 18 bytes (0x12)",
         "0000: 48 54 54 50 2f 31 2e 31 20 35 30 33 20 58 0d 0a HTTP/1.1 503 X..", "<= Recv header, 18 bytes (0x12)",
         "0000: 52 65 74 72 79 2d 41 66 74 65 72 3a 20 33 30 73 Retry-After: 30s", "0010: 0d 0a ..",
         "<= Recv header, 2 bytes (0x2)", "0000: 0d 0a ..", ""),
    text("--2025-07-01 12:00:00--  http://a.example/", "Resolving a.example (a.example)... 192.0.2.1",
         "HTTP request sent, awaiting response... ", *(f"  {line}" for line in HEAD[:3]),
         "2025-07-01 12:00:00 ERROR 503: Service Unavailable."),
    text("$ http -v a.example", "GET / HTTP/1.1", "Host: a.example", "", "", "", *HEAD),
    text("$ xh -v a.example", "GET / HTTP/1.1", "Host: a.example", "", *HEAD),
    text("$ curl -si http://a.example/", *HEAD),
    text("$ http -v a.example",
         "\x1b[32mGET\x1b[39;49;00m \x1b[36m/\x1b[39;49;00m \x1b[34mHTTP\x1b[39;49;00m/\x1b[34m1.1\x1b[39m",
         "\x1b[36mHost\x1b[39;49;00m: a.example", "", "", "", *HEAD),
    text("POST / HTTP/1.1", "Host: a.example", "Content-Type: application/json", "Content-Length: 10", "", "{",
         '    "a": "b"', "}", "", "", *HEAD),
    text(*(f"  {line}" for line in HEAD[:3]), "what was not asked for"),
    text("Setting --output-document (outputdocument) to -", "DEBUG output created by Wget 1.21.3 on linux-gnu.", "",
         "--2025-07-01 12:00:00--  https://a.example/", "---request begin---", "GET / HTTP/1.1", "Host: a.example", "",
         "---request end---", "HTTP request sent, awaiting response... ", "---response begin---",
         "HTTP/1.1 103 Early Hints", "Link: </a.css>; rel=preload", "", "---response end---", "Ignoring response", "",
         "---response begin---", *HEAD, "---response end---", "503 Service Unavailable"),
    text(*VERBOSE[:5], "< HTTP/1.1 103 Early Hints", "< Link: </a.css>; rel=preload", *VERBOSE[5:]),
    text(*VERBOSE[:5], "< HTTP/1.1 100 Continue", "} [4 bytes data]", "* We are completely uploaded and fine",
         *VERBOSE[5:]),
])
def test_a_paste_is_read(octets: bytes, tmp_path: Path) -> None:
    exchange, = exchanges(octets, tmp_path)
    assert exchange.response.status == 503
    assert ("Retry-After", "30s") in list(exchange.response.fields or ())
    assert not exchange.evidence.knows("name_case") or exchange.request is not None


@pytest.mark.parametrize("behind", [
    "%", "\n* Excess found: excess = 5 url = / (zero-length body)\ncurl: (56) Recv failure\n",
    "\nWarning: Binary output can mess up your terminal.\n* Failed writing body\n", "\nuser@host:~$ \n",
    "\r100    25    0    25    0     0  14277      0 --:--:-- --:--:-- --:--:-- 25000\n",
    "* Found bundle for host: 0x55 [serially]\n* Re-using existing connection #0 with host a\n",
])
@pytest.mark.parametrize("length", ["", "< Content-Length: 7\n"])
def test_remarks_are_no_content(behind: str, length: str) -> None:
    printed = ("* Connected to a (1) port 443\n> GET / HTTP/1.1\n> Host: a\n> \n< HTTP/1.1 200 OK\n" + length
               + "< Content-Type: application/json\n< \n{ [7 bytes data]\n" + '{"a":1}' + behind)
    exchange, = curl.outcomes(printed.encode(), "-")
    assert isinstance(exchange, Exchange)
    assert (exchange.response.content or b'{"a":1}').strip() == b'{"a":1}'
    assert exchange.request is not None
    assert exchange.request.uri == "https://a/"
    if length:
        assert exchange.response.content == b'{"a":1}'


QUOTED = "use:\n> DELETE /x HTTP/1.1\n> Host: b\n>\n< HTTP/1.1 401 No\n<\nHTTP/1.1 401 No\nDate: x\n\n"


@pytest.mark.parametrize("start", ["* Connected to a\n> GET / HTTP/1.1\n> Host: a\n>\n< HTTP/1.1 200 OK\n< {}\n<\n",
                                   "HTTP/2 200\n{}\n\n"])
def test_a_quoted_message_is_no_entry(start: str) -> None:
    known, = curl.outcomes((start.replace("{}", f"Content-Length: {len(QUOTED)}") + QUOTED).encode(), "-")
    assert isinstance(known, Exchange)
    assert known.response.content == QUOTED.encode()
    found = list(curl.outcomes((start.replace("{}", "A: b") + QUOTED).encode(), "-"))
    assert [type(one) for one in found].count(Exchange) == 1
    exchange = next(one for one in found if isinstance(one, Exchange))
    assert not exchange.evidence.knows("content")
    assert any(isinstance(one, Problem) and one.line for one in found)


def test_a_content_that_is_cut_off_is_not_known() -> None:
    for start in ("HTTP/1.1 200 OK", "HTTP/2 200"):
        exchange, = curl.outcomes(f'{start}\nContent-Length: 5000\n\n{{"a":1,\n...\n'.encode(), "-")
        assert isinstance(exchange, Exchange)
        assert not exchange.evidence.knows("content")
        assert [flaw.kind for flaw in exchange.response.irregularities] == ["cut-off"]


def test_trailers_of_curl() -> None:
    printed = ("* Trying\n> GET /t HTTP/1.1\n> Host: a\n> \n< HTTP/1.1 200 OK\n< Transfer-Encoding: chunked\n< \n"
               "{ [20 bytes data]\nhello\n< X-Sum: 1\n* Connection #0 to host a left intact\n")
    exchange, = curl.outcomes(printed.encode(), "-")
    assert isinstance(exchange, Exchange)
    assert exchange.evidence.knows("trailers")
    assert list(exchange.response.trailers or ()) == [("X-Sum", "1")]


def test_responses_in_parallel_are_not_paired() -> None:
    printed = ("* Connected\n> GET /a HTTP/1.1\n> Host: a\n>\n> GET /b HTTP/1.1\n> Host: a\n>\n"
               "< HTTP/1.1 200 OK\n< A: b\n<\n< HTTP/1.1 404 No\n< A: b\n<\n* left intact\nhello")
    found = list(curl.outcomes(printed.encode(), "-"))
    assert [one.response.status for one in found if isinstance(one, Exchange)] == [200, 404]
    assert all(isinstance(one, Exchange) and one.request is None and not one.evidence.knows("content")
               for one in found)


def test_versions_mixed_with_cr_lf(tmp_path: Path) -> None:
    found = exchanges(b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 301 M\r\nContent-Length: 169\r\n\r\n"
                      b"HTTP/2 503 \r\nretry-after: 1\r\n\r\nno\r\n", tmp_path)
    assert [one.response.status for one in found] == [200, 301, 503]


@pytest.mark.parametrize(("octets", "said"), [
    (b"Server: a\nDate: b\n\n", "without a status line"), (b"<!DOCTYPE html>", "HTML"), (b"%PDF-1.7", "PDF"),
    (b"hello\n", "'hello'"), (b"Content-Type: text/html\r\n", "without a status line"),
    (b"https://example.com/\n", "this is an address"), (b"http://a.example/\nhttp://b.example/\n", "'http://a.example/'"),
])
def test_what_is_no_capture_is_named(octets: bytes, said: str, tmp_path: Path) -> None:
    problem, = outcomes(octets, tmp_path)
    assert isinstance(problem, Problem)
    assert said in problem.cause
    assert "not a HAR" not in problem.cause
    assert "curl -v" in problem.cause


def test_pipes_in_directories_are_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.har")
    (tmp_path / "a.har").touch()
    assert list(captures([tmp_path])) == [str(tmp_path / "a.har")]


RECORD = b"HTTP/1.1 405 No\r\nA: b\r\n\r\n"
REQUEST = b"GET /p HTTP/1.1\r\nA: b\r\n\r\n"


def warc(*records: tuple[str, bytes]) -> bytes:
    out = b""
    for number, (kind, record) in enumerate(records):
        out += (f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:x:{number}>\r\nWARC-Target-URI: https://a.example/p"
                f"\r\nContent-Length: {len(record)}\r\n\r\n").encode() + record + b"\r\n\r\n"
    return out


def test_archives_of_browsers(tmp_path: Path) -> None:
    exchange, = exchanges(warc(("response", RECORD), ("request", REQUEST)), tmp_path)
    assert exchange.request is not None
    assert exchange.request.uri == "https://a.example/p"
    assert "host" in exchange.evidence.request_gaps
    assert exchange.source is not None
    assert exchange.source.place == "entry 0"
    with_lf = warc(("response", RECORD), ("response", RECORD)).replace(RECORD, b"|").replace(b"\r\n", b"\n")
    assert [type(one) for one in outcomes(with_lf.replace(b"|", RECORD), tmp_path)] == [Problem]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.warc", warc(("response", RECORD), ("response", RECORD)))
    assert len(exchanges(packed.getvalue(), tmp_path)) == 2


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 12), st.binary(max_size=40), st.integers(0, 4000), st.booleans())
def test_joined_archives_are_read_or_reported(tmp_path: Path, count: int, noise: bytes, at: int, cut: bool) -> None:
    """However damaged: what is missing is told."""
    joined = warc(("response", RECORD), ("request", REQUEST)) * count
    at %= len(joined)
    octets = joined[:at] if cut and at > 40 else joined[:at] + noise + joined[at:]
    found = outcomes(octets, tmp_path)
    answers = [one for one in found if isinstance(one, Exchange | Skipped)]
    assert len(answers) >= octets.count(b"WARC-Type: response") or any(isinstance(one, Problem) for one in found), found


PIECES = st.lists(st.tuples(st.sampled_from(["HTTP/1.1", "HTTP/2"]), st.sampled_from(["none", "length", "chunked"]),
                            st.sampled_from(["", "hello", '{"a": 1}\n', "x\ny"])), min_size=1, max_size=4)


def accounted(found: list[Exchange | Skipped | Problem], count: int) -> None:
    entries = [one for one in found if isinstance(one, Exchange)]
    assert len(entries) == count or (len(entries) < count and any(isinstance(one, Problem) for one in found)), found


@settings(deadline=None)
@given(PIECES, st.sampled_from(["\n", "\r\n"]))
def test_joined_responses_are_read_or_reported(pieces: list[tuple[str, str, str]], end: str) -> None:
    printed = verbose = ""
    for version, framing, content in pieces:
        fields = {"none": [], "length": [f"Content-Length: {len(content)}"],
                  "chunked": ["Transfer-Encoding: chunked"]}[framing]
        head = [f"{version} 405 No" if version == "HTTP/1.1" else "HTTP/2 405 ", "Server: a", *fields, ""]
        printed += "".join(line + end for line in head) + content
        verbose += "".join(line + end for line in (
            "* Connected to a (1) port 80", f"> GET / {version}", "> Host: a", "> ", *(f"< {line}" for line in head)
        )) + content
    accounted(list(curl.outcomes(printed.encode(), "-")), len(pieces))
    accounted(list(octets.read(io.BytesIO(printed.encode()), path="-")), len(pieces))
    accounted(list(curl.outcomes(verbose.encode(), "-")), len(pieces))


@pytest.mark.parametrize("shown", ['{\n    "a": 1,\n    "b": 2\n}', '{\n    "a": 1\n}',
                                   '{\n    "a": [\n        1\n    ]\n}'])
@pytest.mark.parametrize("start", ["", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\nHost: a\n\n\n",
                                   "POST / HTTP/1.1\nHost: a\nContent-Length: 7\n\n{\n    \"x\": 1\n}\n\n\n"])
def test_json_that_httpie_laid_out_anew_is_not_known(shown: str, start: str, tmp_path: Path) -> None:
    end = "\r\n" if "\r" in start or not start else "\n"
    head = end.join(["HTTP/1.1 200 OK", "Content-Type: application/json", f"Content-Length: {len(shown) - 3}", "", ""])
    exchange, = exchanges((start + head + shown + "\n").encode(), tmp_path)
    assert exchange.response.status == 200
    assert not exchange.evidence.knows("content")
    assert "excess" not in [flaw.kind for flaw in exchange.response.irregularities]


def test_trailers_behind_the_content_of_curl_i_are_no_content(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    for behind, known in ((b"hello worldX-Sum: 11\r\n", False), (b'{"a": 1}\r\n', True)):
        exchange, = exchanges(head + behind, tmp_path)
        assert exchange.evidence.knows("content") == known


def test_what_was_not_printed_is_not_cut_off(tmp_path: Path) -> None:
    printed = text("--2025-07-01 12:00:00--  http://a.example/", "HTTP request sent, awaiting response... ",
                   "  HTTP/1.1 200 OK", "  Content-Length: 5", "Length: 5", "Saving to: a")
    exchange, = exchanges(printed, tmp_path)
    assert not exchange.evidence.knows("content")
    assert exchange.response.irregularities == ()


EDITOR = b"""GET http://127.0.0.1:5555/a

HTTP/1.1 200 OK
transfer-encoding: chunked
Content-Type: application/json

[1,
  2]

Response code: 200 (OK); Time: 321ms (321 ms); Content length: 2 bytes (2 B)
"""


def test_what_an_editor_shows_of_responses(tmp_path: Path) -> None:
    """As JetBrains' HTTP Client writes it: contents laid out anew or in a file, and a summary behind them."""
    saved = (b"HTTP/1.1 500 Server Error\nContent-Length: 118\n\nResponse file saved.\n> 2023-11-03T171215.500.json\n\n"
             b"Response code: 500 (Server Error); Time: 35ms (35 ms); Content length: 118 bytes (118 B)\n")
    first, second, third = outcomes(EDITOR + saved + saved, tmp_path)
    assert [one.response.status for one in (first, second, third)] == [200, 500, 500]
    assert first.response.fields.values("content-type") == ["application/json"]
    assert first.source.line == 3
    for one in (first, second, third):
        assert not any(one.evidence.knows(fact) for fact in ("content", "octets", "size", "request", "time"))
        assert one.evidence.knows("response_fields")
    alone, = outcomes(EDITOR.partition(b"\n\n")[2], tmp_path)
    assert alone.response.content is None, "the summary is no part of it"

"""The notation of the examples, and what curl prints."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.capture.curl import outcomes
from httplint.capture.notation import NotationError, notation
from httplint.capture.outcome import Problem
from httplint.model.exchange import Exchange


def read(text: str) -> list[Exchange]:
    """The exchanges of a text that is understood as a whole."""
    found = list(outcomes(text.encode(), "-"))
    assert all(isinstance(one, Exchange) for one in found), found
    return [one for one in found if isinstance(one, Exchange)]


def test_a_whole_exchange() -> None:
    exchange, = notation("* started 2025-07-01T12:00:00Z\n> GET /f HTTP/1.1\n> Host: a\n>\nsent\n"
                         "< HTTP/1.1 103 Early Hints\n< Link: <a>\n<\n"
                         "< HTTP/1.1 206 Partial Content\n< Content-Range: bytes 0-1/9\n<\nab\ncd\n"
                         "<<\n<< Digest: x\n")
    request, response = exchange.request, exchange.response
    assert request is not None
    assert (request.method, request.target, request.version, request.content) == ("GET", "/f", "1.1", b"sent")
    assert request.uri == "http://a/f"
    assert [(one.status, one.reason, list(one.fields or ())) for one in exchange.interim] == [
        (103, "Early Hints", [("Link", "<a>")])]
    assert exchange.interim[0].interim
    assert not response.interim
    assert (response.status, response.content, response.size) == (206, b"ab\r\ncd", 6)
    assert list(response.trailers or ()) == [("Digest", "x")]
    assert exchange.started == 1751371200.0
    assert exchange.evidence.missing(-1) == ["wire"]


def test_what_is_not_written_is_not_captured() -> None:
    exchange, = notation("< HTTP/2 405")
    assert exchange.request is None
    assert exchange.response.version == "2"
    assert exchange.response.content is None
    assert {"request", "request_fields", "content", "size", "time"} <= set(exchange.evidence.missing(-1))
    exchange, = notation("< HTTP/1.1 405 No\n<")
    assert exchange.response.content == b""
    assert exchange.evidence.knows("content")


def test_values_are_octets() -> None:
    exchange, = notation('< HTTP/1.1 200 OK\n< A: \u20ac\n< B: \u00e9')
    assert list(exchange.response.fields or ()) == [("A", "\u00e2\u0082\u00ac"), ("B", "\u00e9")]


def test_several_exchanges_know_their_lines() -> None:
    first, second = notation("< HTTP/1.1 200 OK\n---\n\n> GET / HTTP/1.0\n< HTTP/1.0 200 OK\n---\n")
    assert (first.source.entry, first.source.line) == (0, 1)  # type: ignore[union-attr]
    assert (second.source.entry, second.source.line) == (1, 3)  # type: ignore[union-attr]


@pytest.mark.parametrize(("text", "line"), [
    ("> GET / HTTP/1.1", 1), ("< 200 OK", 1), ("> GET /\n< HTTP/1.1 200 OK", 1), ("hello", 1), ("< HTTP/1.1 2000 x", 1),
    ("< HTTP/1.1 200 OK\n---\n< HTTP/1.1 200 OK\n< no colon", 4), ("* started yesterday\n< HTTP/1.1 200 OK", 1),
])
def test_what_cannot_be_read_names_its_line(text: str, line: int) -> None:
    with pytest.raises(NotationError) as caught:
        notation(text)
    assert caught.value.line == line


VERBOSE = """\
* Host localhost:8080 was resolved.
*   Trying 127.0.0.1:8080...
* Connected to localhost (127.0.0.1) port 8080
> PATCH /item HTTP/1.1
> Host: localhost:8080
> Content-Length: 2
>\x20
} [2 bytes data]
* upload completely sent off: 2 bytes
< HTTP/1.1 100 Continue
<\x20
< HTTP/1.1 405 Method Not Allowed
< Content-Type: text/plain
<\x20
{ [5 bytes data]
nope
< not a field
* Connection #0 to host localhost left intact
"""


def test_curl_verbose() -> None:
    exchange, = read(VERBOSE)
    assert exchange.request is not None
    assert (exchange.request.method, exchange.request.uri) == ("PATCH", "http://localhost:8080/item")
    assert [one.status for one in exchange.interim] == [100]
    assert exchange.response.status == 405
    assert exchange.response.content == b"nope\n< not a field\n"
    assert exchange.source is not None
    assert exchange.source.line == 4
    assert not exchange.evidence.knows("octets")
    assert exchange.evidence.knows("response_fields")


def test_curl_verbose_without_a_line_end_after_the_content() -> None:
    text = VERBOSE.replace("nope\n< not a field\n", "nope")
    exchange, = read(text)
    assert exchange.response.content == b"nope"


def test_curl_verbose_with_the_content_elsewhere() -> None:
    exchange, = read(VERBOSE.replace("nope\n< not a field\n", ""))
    assert not exchange.evidence.knows("content")
    assert exchange.response.content is None


def test_curl_verbose_with_headers_included_too() -> None:
    exchange, = read(VERBOSE.replace("nope\n< not a field\n",
                                     "HTTP/1.1 405 Method Not Allowed\nContent-Type: text/plain\n\nnope\n"))
    assert exchange.response.content == b"nope\n"
    exchange, = read(VERBOSE.replace("PATCH", "HEAD").replace("nope\n< not a field\n", "HTTP/1.1 405 No\nA: b\n\n"))
    assert exchange.response.content is None
    assert not exchange.evidence.knows("content")


def test_curl_verbose_following_a_redirect() -> None:
    text = ("* Connected\n> GET /a HTTP/2\n> Host: x\n>\n< HTTP/2 301\n< location: /b\n<\n* Issue another request\n"
            "> GET /b HTTP/2\n> Host: x\n>\n< HTTP/2 200\n<\nhello\n")
    first, second = read(text)
    assert (first.response.status, first.response.version, second.response.status) == (301, "2", 200)
    assert second.response.content == b"hello\n"


def test_curl_include() -> None:
    text = ("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n"
            "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n")
    first, second = read(text)
    assert first.response.status == 200
    assert second.response.status == 204
    assert [one.status for one in second.interim] == [103]
    assert list(second.response.fields or ()) == [("Content-Length", "0")]
    assert second.request is None
    assert not second.evidence.knows("content"), "an empty content may have been asked for with HEAD"


ASKED = ("* Connected to a.example (192.0.2.1) port 80\n> GET / HTTP/1.1\n> Host: a.example\n> \n"
         "< HTTP/1.1 200 OK\n< Content-Type: application/json\n< \n")


@pytest.mark.parametrize("prompt", ["me@host:~/x$ exit", "root@abc:/# ls -l", "[me@host x]$ ",
                                    "\nPS C:\\Users\\me> exit",
                                    "\nC:\\Users\\me>", "\nbash-5.1$ "])
def test_a_prompt_is_no_content(prompt: str) -> None:
    exchange, = read(ASKED + '{"a": 1}' + prompt)
    assert not exchange.evidence.knows("content") or exchange.response.content in (b'{"a": 1}', b'{"a": 1}\n')


@pytest.mark.parametrize("content", ["a@b.example: $5", "me@host.example", "price: $5"])
def test_what_resembles_a_prompt_within_content(content: str) -> None:
    exchange, = read(ASKED + f'{{"a": "{content}"}}')
    assert exchange.response.content == f'{{"a": "{content}"}}'.encode()


def test_an_interim_response_without_its_end() -> None:
    exchange, = read("> POST / HTTP/1.1\n> Expect: 100-continue\n> \n< HTTP/1.1 100 Continue\n"
                     "* We are completely uploaded and fine\n< HTTP/1.1 201 Created\n< Location: /a\n< \n")
    assert exchange.request is not None
    assert [one.status for one in exchange.interim] == [100]
    assert exchange.response.status == 201


def test_remarks_that_somebody_took_out() -> None:
    answer = "< HTTP/1.1 204 No Content\n< Content-Length: 0\n< \n"
    first, second = read("> GET /a HTTP/1.1\n> \n> GET /b HTTP/1.1\n> \n" + 2 * answer)
    assert (first.response.status, second.response.status) == (204, 204)
    assert first.response.content is None, "the second response is none"


@given(st.text() | st.lists(st.sampled_from(
    ["> GET / HTTP/1.1", "< HTTP/1.1 200 OK", "< HTTP/1.1 100 Continue", "<", ">", "---", "<<", "< A: b", "> A: b",
     "<< A: b", "* started 2025-01-01", "* remark", "{ [1 bytes data]", "text", "HTTP/1.1 200 OK", "", "< bad"]),
    max_size=14).map("\n".join))
def test_any_text_gives_exchanges_or_the_error(text: str) -> None:
    for one in outcomes(text.encode("utf-8", "surrogatepass"), "-"):
        assert not isinstance(one, Problem) or (one.line or 0) >= 1

"""The notation of the examples, and what curl prints."""
from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.capture.curl import outcomes
from httplint.capture.notation import NotationError, notation
from httplint.capture.outcome import INTERIM_LIMIT, Problem, Skipped
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


def test_repetitions_are_written_out() -> None:
    (exchange,) = notation("< HTTP/1.1 200 OK\n< A: «4096×x», «2×ab»\n<\n«3×é»«0×-»«x×3»")
    assert list(exchange.response.fields.values("a")) == ["x" * 4096 + ", abab"]
    assert exchange.response.content == "ééé«x×3»".encode("latin-1")


@pytest.mark.parametrize("text", ["«9999999×x»", "«1048577×x»", "«1000000×x»" * 2, "«65536×0123456789abcdefg»"])
def test_no_more_is_written_out_than_is_good(text: str) -> None:
    with pytest.raises(NotationError, match="more than 1,048,576 characters"):
        notation(f"< HTTP/1.1 200 OK\n< A: {text}")


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
    assert lacks(first) == lacks(second) == {"content"}


@given(st.text() | st.lists(st.sampled_from(
    ["> GET / HTTP/1.1", "< HTTP/1.1 200 OK", "< HTTP/1.1 100 Continue", "<", ">", "---", "<<", "< A: b", "> A: b",
     "<< A: b", "* started 2025-01-01", "* remark", "{ [1 bytes data]", "text", "HTTP/1.1 200 OK", "", "< bad"]),
    max_size=14).map("\n".join))
def test_any_text_gives_exchanges_or_the_error(text: str) -> None:
    for one in outcomes(text.encode("utf-8", "surrogatepass"), "-"):
        assert not isinstance(one, Problem) or (one.line or 0) >= 1


@pytest.mark.parametrize(("cookies", "known"), [
    (["a=b; path=/,c=d; path=/"], False), (["a=b,c=d"], False), (["a=b", "c=d,e=f"], True),
    (["a=b; expires=Mon, 30 Nov 2026 10:00:00 GMT; path=/"], True), (["a=b"], True),
])
def test_rest_client_joins_cookies(cookies: list[str], known: bool) -> None:
    found, = read("\n".join(("HTTP/1.1 200 OK", *(f"set-cookie: {value}" for value in cookies), "server: a", "", "b")))
    assert found.response.fields is not None
    assert found.response.fields.values("set-cookie") == (cookies if known else [])
    assert ("set-cookie" in found.evidence.response_gaps) != known
    assert found.response.fields.values("server") == ["a"]


# -- what printed texts prove

PRINTED = {"request_content", "name_case", "octets", "size", "trailers", "time", "wire", "exact", "reason"}
"""What no text proves that a client has printed and a person has copied."""
UNASKED = {"request", "request_fields", "request_version", "target"}


def included(content: str, *fields: str, start: str = "HTTP/1.1 200 OK") -> str:
    """As curl -i prints it."""
    return "\n".join((start, *fields, "", content))


def verbose(content: str, *fields: str, start: str = "HTTP/1.1 200 OK", method: str = "GET") -> str:
    """As curl -v prints it."""
    return "\n".join(("* Connected to a (1) port 80", f"> {method} / HTTP/1.1", "> Host: a", "> ",
                      *(f"< {line}" for line in (start, *fields, "")), content))


def lacks(exchange: Exchange) -> set[str]:
    """What is not known beyond what no printed text proves."""
    always = PRINTED | (UNASKED if exchange.request is None else set())
    missing = set(exchange.evidence.missing(-1))
    assert missing >= always - {"trailers"}
    return missing - always


@pytest.mark.parametrize(("content", "length", "read_as", "flaws"), [
    ("abc", "3", "abc", []),
    ("abc\n", "3", "abc", []),                             # an editor ended the line
    ("abc\n", "4", "abc\n", []),
    ("abc\n", "5", "abc\n", []),                           # sent with CR LF, of which the CR got lost
    ("abc\n", "6", None, []),                              # one more may be what was trimmed
    ("abc\n", "7", None, ["abc\n"]),                       # cut off
    ("x" * 50, "60", None, ["x" * 40]),
    ("abc\n", "2", None, []),
    ("ab\n\n", "2", "ab", []),
    ("abc%", "3", "abc", []),                              # zsh marks a line without end
    ("abc%\n", "3", "abc", []),
    ("abc\n$ ", "3", "abc", []),
    ("abc\n", "x", "abc\n", []),
    ("abc\n", "", "abc\n", []),
    ("abc", "9" * 16, "abc", []),
    ("abc", "3".zfill(15), "abc", []),
])
@pytest.mark.parametrize("make", [included, verbose])
def test_where_a_content_ends(make: Callable[..., str], content: str, length: str, read_as: str | None,
                              flaws: list[str]) -> None:
    exchange, = read(make(content, f"Content-Length: {length}"))
    assert exchange.response.content == (None if read_as is None else read_as.encode())
    assert lacks(exchange) == ({"content"} if read_as is None else set())
    assert [flaw.text for flaw in exchange.response.irregularities] == flaws


@pytest.mark.parametrize("framing", ["Transfer-Encoding: chunked", "Content-Encoding: gzip"])
def test_the_length_of_what_is_not_printed_tells_nothing(framing: str) -> None:
    for make in (included, verbose):
        exchange, = read(make("abcdef\n", framing, "Content-Length: 3"))
        assert exchange.response.content == b"abcdef\n"
        exchange, = read(make("abcd", "Content-Encoding: Identity", "Content-Length: 3"))
        assert exchange.response.content is None


@pytest.mark.parametrize(("content", "read_as"), [
    ("x...", None), ("x%", None), ("me@host:~$ ", None), ("x me@host:~$ exit", None),
    ("x\n[me@host ~]$ ", b"x\n"), ("* y\n* z\n", None), ("\n\n", None), ("a\n\nb\n", b"a\n\nb\n"),
    ("curl: (56) x\n", None), ("Note: x\n", None), ("Warning: x\n", None), ("a\n* b\nc\n", None),
    ("{ [3 bytes data]\nabc\n", b"abc\n"), ("100% of all", b"100% of all"), ("x\n* y\n", b"x\n"),
])
@pytest.mark.parametrize("make", [included, verbose])
def test_contents_whose_length_is_not_told(make: Callable[..., str], content: str, read_as: bytes | None) -> None:
    exchange, = read(make(content))
    assert exchange.response.content == read_as
    assert lacks(exchange) == (set() if read_as else {"content"})


@pytest.mark.parametrize(("start", "method", "bare"), [
    ("HTTP/1.1 204 No", "GET", True), ("HTTP/1.1 304 Same", "GET", True), ("HTTP/1.1 101 Switch", "GET", True),
    ("HTTP/1.1 205 Reset", "GET", False), ("HTTP/1.1 203 Else", "GET", False), ("HTTP/1.1 305 Proxy", "GET", False),
    ("HTTP/1.1 200 OK", "HEAD", True), ("HTTP/1.1 200 OK", "CONNECT", True), ("HTTP/1.1 299 OK", "CONNECT", True),
    ("HTTP/1.1 300 No", "CONNECT", False),
])
def test_text_behind_a_response_without_content(start: str, method: str, bare: bool) -> None:
    if method == "CONNECT":
        text = verbose("abc\n* x\n", start=start, method=method).replace("CONNECT /", "CONNECT a:443")
    else:
        text = verbose("abc\n* x\n", start=start, method=method)
    exchange, = read(text)
    assert exchange.response.content == (None if bare else b"abc\n")
    assert lacks(exchange) == ({"content"} if bare else set())
    if method == "GET":
        found = list(outcomes(included("abc\n", start=start).encode(), "-"))
        assert isinstance(found[0], Exchange)
        assert found[0].response.content == (None if bare else b"abc\n")
        said = [str(one) for one in found[1:]]
        assert said == ([f"-:3:1: text behind a response {start[9:12]}, which has no content; it is not read"] if bare
                        else [])


@pytest.mark.parametrize(("fields", "kept", "place"), [
    (["A: b", "nothing", "C: d"], [("A", "b"), ("C", "d")], 2), ([": x", "A: b"], [("A", "b")], 1),
    (["A: b", " c", "\td "], [("A", "b c d")], 0), ([" c", "A: b"], [("A", "b")], 1), (["A:b:c\t"], [("A", "b:c")], 0),
])
def test_field_lines_that_curl_prints(fields: list[str], kept: list[tuple[str, str]], place: int) -> None:
    for make, before in ((included, 1), (verbose, 5)):
        *problems, exchange = sorted(outcomes(make("x\n", *fields).encode(), "-"), key=lambda one: isinstance(
            one, Exchange))
        assert isinstance(exchange, Exchange)
        assert list(exchange.response.fields or ()) == kept
        broken = {"response_fields", "lines"} | ({"content"} if make is included else set())
        assert lacks(exchange) == (broken if place else set())
        assert [str(one) for one in problems][:1] == (
            [f"-:{before + place}:1: this is no field line; the response is read without it"] if place else [])


def test_a_response_within_a_content() -> None:
    exchange, gap = sorted(outcomes(verbose("use:\n< HTTP/1.1 401 No\n< A: b\n").encode(), "-"),
                           key=lambda one: isinstance(one, Problem))
    assert isinstance(exchange, Exchange)
    assert lacks(exchange) == {"content"}
    assert str(gap) == ("-:8:1: what looks like a message stands within a content whose end is not known; "
                        "it is not read")


def test_a_method_of_one_letter() -> None:
    exchange, = read(verbose("x\n", method="M"))
    assert exchange.request is not None
    assert exchange.request.method == "M"


@pytest.mark.parametrize("mark", ["> ", "< "])
def test_where_nothing_begins(mark: str) -> None:
    problem, exchange = outcomes(f"* remark\n{mark}nothing\n{verbose('x')}".encode(), "-")
    assert str(problem) == "-:2:1: neither a request nor a response begins here"
    assert isinstance(exchange, Exchange)


def test_field_lines_of_a_request() -> None:
    for line in ("> nothing", ">x"):
        text = verbose("x\n").replace("> Host: a", f"> Host: a\n{line}\n> A: b")
        problem, exchange = outcomes(text.encode(), "-")
        assert str(problem) == "-:4:1: this is no field line; the request is read without it"
        assert isinstance(exchange, Exchange)
        assert exchange.request is not None
        assert list(exchange.request.fields or ()) == [("Host", "a"), ("A", "b")]
        assert lacks(exchange) == {"request_fields"}


@pytest.mark.parametrize(("remark", "scheme"), [
    ("* SSL connection using TLSv1.3", "https"), ("* ALPN: curl offers h2", "https"), ("* ALPN, offering h2", "https"),
    ("* TLSv1.3 (OUT), TLS handshake", "https"), ("* (304) (OUT), TLS handshake", "https"),
    ("* SSL certificate verify ok.", "https"), ("* Server certificate:", "https"),
    ("* Re-using existing https: connection with host a", "https"),
    ("* Reusing existing https: connection with host a", "https"),
    ("* Connected to a (1) port 443 (#0)", "https"), ("*   Trying 192.0.2.1:443...", "https"),
    ("* Connected to a (1) port 4430", "http"), ("* Re-using existing http: connection with host a", "http"),
    ("* TLS is not in use", "http"), ("* TLSv1.3 (OUT)\n* Connected to a (1) port 80", "http"),
    ("* TLSv1.3 (OUT)\n*   Trying 192.0.2.1:80...", "http"),
])
def test_the_scheme_by_curls_remarks(remark: str, scheme: str) -> None:
    exchange, = read(verbose("x\n").replace("* Connected to a (1) port 80", remark))
    assert exchange.request is not None
    assert exchange.request.uri == f"{scheme}://a/"


@pytest.mark.parametrize("remark", ["Connection died, retrying a fresh connect", "Empty reply from server",
                                    "Recv failure: x", "Connection reset by peer", "Operation timed out",
                                    "Closing connection 0", "schannel: failure"])
def test_requests_that_curl_gave_up(remark: str) -> None:
    asked = "* Connected to a (1) port 80\n> GET /first HTTP/1.1\n> Host: a\n> \n"
    first, second = outcomes((asked + f"* {remark}\n" + verbose("x\n")).encode(), "-")
    assert isinstance(first, Skipped)
    assert first.reason == "no response was captured"
    assert first.source is not None
    assert (first.source.entry, first.source.line) == (0, 2)
    assert isinstance(second, Exchange)
    assert second.source is not None
    assert (second.source.entry, second.source.line) == (1, 7)
    assert second.request is not None
    assert second.request.uri == "http://a/"
    kept, = read(asked + "* upload completely sent off\n" + "< HTTP/1.1 200 OK\n< \nx\n")
    assert kept.request is not None
    assert kept.request.uri == "http://a/first"


@pytest.mark.parametrize("remark", [
    "* Connection #0 to host a left intact", "* Closing connection 0", "* Found bundle for host", "* Re-using existing",
    "* Can not multiplex", "* Issue another request to this URL", "* Excess found", "* Hostname a was found",
    "* Host a:80 was resolved.", "*   Trying 192.0.2.1:80...", "* Leftovers after chunking", "curl: (56) Recv failure",
])
def test_remarks_behind_content_without_a_line_end(remark: str) -> None:
    exchange, = read(verbose("a * b" + remark + "\n"))
    assert exchange.response.content == b"a * b"


def test_trailers_are_printed_behind_the_content() -> None:
    text = verbose("abc\n< X-Sum: 1\n< \n* left\n", start="HTTP/2 200")
    exchange, = read(text)
    assert (exchange.response.content, list(exchange.response.trailers or ())) == (b"abc\n", [("X-Sum", "1")])
    assert exchange.evidence.knows("trailers")
    exchange, = read(verbose("abc\n< X-Sum: 1\n* left\n"))         # HTTP/1.1 without chunks has none
    assert (exchange.response.content, list(exchange.response.trailers or ())) == (b"abc\n< X-Sum: 1\n", [])
    assert not exchange.evidence.knows("trailers")


@pytest.mark.parametrize("more", [0, 1])
def test_very_many_interim_responses(more: int) -> None:
    count = INTERIM_LIMIT + more
    for text in ("HTTP/1.1 103 Early\nA: b\n\n" * count + included("x\n"),
                 verbose("x\n").replace("< HTTP/1.1", "< HTTP/1.1 103 Early\n< \n" * count + "< HTTP/1.1", 1)):
        exchange, = read(text)
        assert (exchange.response.status, len(exchange.interim)) == (200, INTERIM_LIMIT)
        assert lacks(exchange) == ({"interim"} if more else set())


@pytest.mark.parametrize("text", ["< HTTP/1.1 204 No\n< A: b\n< \n",
                                  "> GET / HTTP/1.1\n> \n< HTTP/1.1 204 No\n< A: b\n"])
def test_curl_ends_sections_with_a_mark_and_a_space(text: str) -> None:
    """So that what is left without its remarks is told from the notation of the rules."""
    exchange, = read(text)
    assert lacks(exchange) == {"content"}
    written, = read(text.replace("> \n", ">\n").replace("< \n", "<\n"))
    assert written.evidence.knows("exact")


def test_an_interim_response_at_the_end() -> None:
    for make in (included, verbose):
        exchange, = read(make("", start="HTTP/1.1 103 Early"))
        assert exchange.response.status == 103
        assert lacks(exchange) == {"interim", "content"}

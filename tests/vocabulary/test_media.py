from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from httplint.grammar.rfc9110 import media_type
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Response
from httplint.vocabulary.codings import LARGEST
from httplint.vocabulary.media import (
    bare_line_feeds,
    doubled_parameters,
    foreign_octet,
    has_byte_order_mark,
    has_charset,
    is_boundary,
    is_json,
    is_text,
    is_utf8,
    json_flaw,
    json_guard,
    multipart_flaw,
    obsolete_javascript,
    xml_error,
)
from httplint.vocabulary.registries import decoded_by_browsers, known_charset, registered, registered_type

GZIP = gzip.compress(b"a", mtime=0)


def response(content: bytes | None, **fields: str) -> Response:
    return Response(200, headers=[(name.replace("_", "-"), value) for name, value in fields.items()], content=content)


@pytest.mark.parametrize("content", [
    b"{}", b" [1, 2.5e-3, true, null]\n", b'"\\ud800"', b'"\xc3\xa4"', b"\xef\xbb\xbf[]",
    b"12345678901234567890123456789012",
    b"1" * 5000, b"1e999", b"[" * 200 + b"]" * 200, b'{"a":1,"a":2}',
])
def test_json(content: bytes) -> None:
    assert json_flaw(response(content)) is None


@pytest.mark.parametrize(("content", "flaw"), [
    (b"OK", "expecting value in line 1, column 1"),
    (b"{'a': 1}", "line 1, column 2"),
    (b"[1,\n2 , ]", "illegal trailing comma before end of array in line 2, column 3"),
    (b'{"a": 1,\n}', "illegal trailing comma before end of object in line 1, column 8"),
    (b"[,]", "expecting value in line 1, column 2"), (b"{,}", "line 1, column 2"),
    (b"[NaN]", "NaN is no JSON"), (b"-Infinity", "-Infinity is no JSON"), (b")]}',\n", "line 1, column 1"),
    (b"while(1);x", "line 1, column 1"), (b"for(;;) {}", "line 1, column 1"), (b"// [", "line 1, column 5"),
    (b"{} {}", "extra data"),
    (b'"\x01"', "invalid control character"), (b"01", "extra data"),
])
def test_no_json(content: bytes, flaw: str) -> None:
    assert flaw in str(json_flaw(response(content)))


@pytest.mark.parametrize(("content", "guard"), [
    (b")]}'\n[1]", ")]}'"), (b")]}',\r\n\r\n{}", ")]}',"), (b")]}\n{}", ")]}"), (b"for(;;);{}", "for(;;);"),
    (b"for (;;); {}", "for (;;);"), (b"while(1);[]", "while(1);"), (b"while (true);[]", "while (true);"),
    (b"throw 1; {}", "throw 1;"), (b"&&&START&&&{}", "&&&START&&&"), (b"{}&&{}", "{}&&"), (b"{} && []", "{} &&"),
    (b"//{}", "//"), (b"\xef\xbb\xbf)]}'\n1", ")]}'"),
    (b"{}", None), (b")]}'", None), (b")]}'\nno", None), (b"// note", None), (b")]}'" * 2 + b"1", None),
])
def test_json_guard(content: bytes, guard: str | None) -> None:
    assert json_guard(response(content)) == guard
    assert (json_flaw(response(content)) is None) == (guard is not None or content == b"{}")


@pytest.mark.parametrize("content", [b"\xff\xfe[\x00]\x00", b'"\xe4"', b"[" * 100_000, b"1" * (LARGEST + 1), None])
def test_json_that_cannot_be_judged(content: bytes | None) -> None:
    with pytest.raises(NotEvaluated):
        json_flaw(response(content))


PIECES = st.sampled_from([
    b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"0", b"1", b"-", b"+", b".", b"e", b"E", b" ", b"\n", b"/", b"'",
    b"\\u", b"d800", b"dc00", b"00e9", b"\\n", b"\\x", b"\\/", b'"a"', b'"a":1', b'"a":1,', b"[1]", b"{}", b"null",
    b"true", b"false", b"tru", b"NaN", b"Infinity", b"\x00", b"\x1f", b"\x7f", b"\xc3\xa9", b"\xe6\x9d\xb1",
    b"\xe2\x80\xa8", b"\xc2\xa0", b"\xef\xbb\xbf", b"1.5e-3", b"12345678901234567890123", b"1e999", b"-0", b"01",
    b"1.", b".5", b"\x0b", b"\x0c"])
WHOLE = st.sampled_from([
    b'{"a": [1, 2.5e-3, -0, "x\\u00e9\\ud83d\\ude00", null, true, false], "b": {"c": ""}}',
    b'["\xc3\xa9", "\\ud800", "\\n\\"\\\\", {"k" : 1 , "k" : 2}]', b"-1.5E+10", b'"text"', b"[[[]]]"])


@given(WHOLE | st.lists(PIECES, max_size=6).map(b"".join), st.integers(0, 80), st.integers(0, 3), PIECES | st.just(b""))
def test_json_is_what_a_reader_that_makes_objects_of_it_takes(whole: bytes, at: int, cut: int, put: bytes) -> None:
    content = whole[:at] + put + whole[at + cut:]
    assume(content and is_utf8(response(content)) and json_guard(response(content)) is None)
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8")

    def constant(name: str) -> None:
        raise ValueError(name)

    try:
        json.loads(text, parse_constant=constant)
        valid = True
    except ValueError:
        valid = False
    assert (json_flaw(response(content)) is None) is valid


@pytest.mark.parametrize("content", [
    b"[" * 1_000_000, b'{"a":' * 150_000, b"[" * 300_000 + b"]" * 300_000, b'[{"a":' * 100_000, b'[[1,"a",' * 100_000])
def test_json_of_any_depth_is_borne(content: bytes) -> None:
    with pytest.raises(NotEvaluated):
        json_flaw(response(content))


@given(st.binary(max_size=200))
def test_any_content_has_a_verdict(content: bytes) -> None:
    try:
        json_flaw(response(content))
    except (NotEvaluated, NotApplicable):
        pass


def test_coded_json_is_decoded_and_decoded_json_is_taken_as_it_is() -> None:
    assert json_flaw(response(gzip.compress(b"[1]"), Content_Encoding="gzip")) is None
    assert json_flaw(response(gzip.compress(b"[1"), Content_Encoding="gzip")) is not None
    assert json_flaw(response(b"[1]", Content_Encoding="gzip")) is None
    assert json_flaw(response(b"[1", Content_Encoding="br")) is not None
    with pytest.raises(NotEvaluated):
        json_flaw(response(b"\x8b\x02\x80[1]\x03", Content_Encoding="unheard-of"))
    with pytest.raises(NotEvaluated):
        json_flaw(response(b"WzFd", Content_Encoding="base64"))
    with pytest.raises(NotEvaluated):                      # a bomb
        json_flaw(response(gzip.compress(b" " * (LARGEST + 1)), Content_Encoding="gzip"))


def test_encodings() -> None:
    assert is_utf8(response(b"\xc3\xa4"))
    assert not is_utf8(response(b"\xe4"))
    assert has_byte_order_mark(response(b"\xef\xbb\xbf[]"))
    assert not has_byte_order_mark(response(b"[]"))


@pytest.mark.parametrize(("content", "found"), [
    (b"--b\n\na\n--b--", True), (b"--b\r\n\r\na\n\r\n--b--\r\n", False), (b"--b\r\n\r\na\r\n--b--\n", False),
    (b"no delimiter", False), (b"--b", False), (b"--bc\n", False), (b"--b \t\n", True),
    (b"--b\r\n\r\na --b\nb\r\n--b--", False), (b"--b\r\n--b\n\r\n", True), (b"--b--\r\n\n--b\n", False),
    (b"preamble\n--b\n", True),
])
def test_bare_line_feeds(content: bytes, found: bool) -> None:
    assert bare_line_feeds(response(content), "b") is found


def test_media_types() -> None:
    for name in ("application/json", "application/problem+json", "image/x+json"):
        assert is_json(media_type(name))
    for name in ("application/json-seq", "text/plain", "application/jsonp", "application/grpc+json",
                 "application/connect+json", "application/grpc-web+json", "application/stream+json"):
        assert not is_json(media_type(name))
    assert is_text(media_type("image/svg+xml"))
    assert not is_text(media_type("application/gzip"))
    assert doubled_parameters(media_type("a/b; c=1; C=2; d=1")) == ("c",)
    assert doubled_parameters(media_type("a/b; c=1; d=1")) == ()
    assert obsolete_javascript(media_type("application/X-JavaScript"))
    assert not obsolete_javascript(media_type("text/javascript"))


def test_registered_names() -> None:
    assert registered("coding", "GZIP")
    assert not registered("coding", "utf-8")
    assert registered("range unit", "bytes")
    assert registered("scheme", "Negotiate")
    assert registered("protocol", "HTTP")
    assert registered_type(media_type("text/html"))
    assert registered_type(media_type("application/vnd.any"))
    assert not registered_type(media_type("application/x-thing"))


@pytest.mark.parametrize(("name", "known"), [
    ("utf-8", True), ("UTF8", True), ("windows-1252", True), ("iso-8859-1", True), ("shift_jis", True),
    ("gb18030", True), ("windows-874", True), ("ISO-8859-8-I", True), ("x-user-defined", True), ("x-sjis", True),
    ("uft-8", False), ("rot13", False), ("base64", False), ("", False), ("\x00", False), ("../etc", False),
])
def test_charsets(name: str, known: bool) -> None:
    assert known_charset(name) is known


@pytest.mark.parametrize(("content", "kind", "flaw"), [
    (b"<a/>", "application/xml", None),
    (b"<a>", "image/svg+xml", "no element found"),
    (b" <?xml version='1.0'?><a/>", "text/xml", "not at start"),
    (b"<a>\xe4</a>", "text/xml; charset=utf-8", "not well-formed"),
    (b"<a>\xe4</a>", "text/xml; charset=iso-8859-1", None),
    ("<größe/>".encode(), "text/xml; charset=iso-8859-1", None),               # a capture has encoded it anew
    ('<?xml version="1.0" encoding="us-ascii"?><a>ä</a>'.encode(), "text/xml", None),
    (gzip.compress(b"<a/>", mtime=0), "text/xml", NotApplicable),
    (b"", "text/xml", NotApplicable),
    (b"<a>", "text/xml; charset=utf-7", NotEvaluated),
])
def test_xml(content: bytes, kind: str, flaw: str | type[Exception] | None) -> None:
    one = response(content, Content_Type=kind)
    if isinstance(flaw, type):
        with pytest.raises(flaw):
            xml_error(one)
    else:
        found = xml_error(one)
        assert (found is None) is (flaw is None)
        assert (flaw or "") in (found or "")


def test_coded_xml_is_decoded() -> None:
    assert xml_error(response(gzip.compress(b"<a>"), Content_Type="text/xml", Content_Encoding="gzip")) is not None


@pytest.mark.parametrize(("content", "charset", "found"), [
    (b"caf\xc3\xa9", "UTF-8", None), (b"caf\xe9", "utf-8", "octet 4, 0xE9"), (b"\xc0\xaf", "utf8", "octet 1, 0xC0"),
    (b"\xed\xa0\x80", "utf-8", "octet 1, 0xED"),                              # a surrogate: RFC 3629 §3
    (b"cut \xe2\x82", "utf-8", "octet 5, 0xE2"), (b"\xef\xbb\xbfa", "utf-8", None),
    (b"caf\xc3\xa9", "US-ASCII", "octet 4, 0xC3"), (b"a\x00b\x7f", "us-ascii", None)])
def test_octets_of_a_charset(content: bytes, charset: str, found: str | None) -> None:
    assert foreign_octet(response(content), charset) == found


def test_octets_that_are_not_judged() -> None:
    for content, charset in ((b"\x81", "windows-1252"), (b"\x80", "iso-8859-1"), (b"\xff", "shift_jis"), (b"", "utf-8"),
                             (gzip.compress(b"a"), "utf-8")):
        with pytest.raises(NotApplicable):
            foreign_octet(response(content), charset)
    assert foreign_octet(response(gzip.compress(b"\xe9"), Content_Encoding="gzip"), "utf-8") == "octet 1, 0xE9"


def test_types_with_a_charset() -> None:
    assert all(has_charset(media_type(one)) for one in ("text/plain", "text/css", "application/javascript"))
    assert not any(has_charset(media_type(one))
                   for one in ("text/xml", "application/json", "image/png", "image/svg+xml"))


def test_multiparts() -> None:
    """RFC 2046 §5.1.1."""
    kind = "multipart/mixed; boundary=B"
    assert multipart_flaw(response(b"preamble\r\n--B\r\n\r\na\r\n--B--\r\nepilogue", Content_Type=kind)) is None
    for content in (b"a", b"--B--", b"--B\r\n\r\na", b"--B\r\n\r\na\r\n--BB--",
                    b"--B\r\nno field\r\n\r\na\r\n--B--"):
        assert multipart_flaw(response(content, Content_Type=kind)) is not None
    for fields in ({}, {"Content_Type": "multipart/mixed"}, {"Content_Type": 'multipart/mixed; boundary=""'}):
        with pytest.raises(NotApplicable):
            multipart_flaw(response(b"a", **fields))
    assert all(is_boundary(one) for one in ("a", "gc0pJq0M:08jU534c0p", "a b", "'()+_,-./:=?", "x" * 70))
    assert not any(is_boundary(one) for one in ("", " ", "a ", "x" * 71, "a*b", "ä", "a\n"))


@pytest.mark.parametrize(("charset", "decoded"), [
    ("utf-8", True), ("UTF8", True), ("latin1", True), ("windows-31j", True), ("utf-16", True),
    ("x-user-defined", True),
    ("utf-7", False), ("utf-32", False), ("iso-2022-kr", False), ("hz-gb-2312", False), ("cesu-8", False)])
def test_labels_of_browsers(charset: str, decoded: bool) -> None:
    """Encoding §4.2; those of the encoding replacement decode nothing."""
    assert decoded_by_browsers(charset) is decoded

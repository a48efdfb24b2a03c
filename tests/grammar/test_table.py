from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.grammar import table
from httplint.grammar.dates import http_date
from httplint.grammar.rfc9110 import EntityTag
from httplint.grammar.syntax import Malformed
from httplint.grammar.table import FIELDS, Field, field, flaw, malformed, parsed
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.fields import Fields

DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
PARSERS = [one for one in FIELDS.values() if one.parser is not None]

VALUES: dict[str, tuple[str, ...]] = {
    "date": (DATE,), "trailer": ("ETag", "X-A"), "host": ("a:80",), "connection": ("close", "TE"),
    "max-forwards": ("5",),
    "via": ("1.1 a", "HTTP/2 b:80 (c)"), "upgrade": ("h2c", "websocket/1"), "content-type": ('text/html; charset="x"',),
    "content-encoding": ("gzip", "br"), "content-language": ("en", "de-CH-1996"), "content-length": ("5",),
    "content-location": ("/a?b",), "last-modified": (DATE,), "etag": ('W/"a"',),
    "expect": ("100-continue", 'a="b,c";d=e'), "referer": ("http://a/",), "te": ("trailers", "gzip;q=0.5"),
    "user-agent": ("a/1 (b, c)",), "allow": ("GET", "HEAD"), "location": ("http://a/b,c#d",), "retry-after": ("120",),
    "server": ("nginx/1.2 (x)",), "www-authenticate": ('Basic realm="a, b"', "Negotiate", "X abc=="),
    "authorization": ("Basic abc=",), "authentication-info": ('a="b"', "c=d"),
    "proxy-authenticate": ('X a="b", c=d', "Y"),
    "proxy-authorization": ("Basic abc=",), "proxy-authentication-info": ("a=b", "c=d"),
    "accept": ("text/*;q=0.5", "a/b;c=\"d,e\""), "accept-charset": ("utf-8", "*;q=0"),
    "accept-encoding": ("gzip", "br;q=0.1"), "accept-language": ("en", "*;q=0.1"), "vary": ("Accept", "*"),
    "if-match": ('"a"', 'W/"b,c"'), "if-none-match": ('"a"', '"b"'), "if-modified-since": (DATE,),
    "if-unmodified-since": (DATE,), "if-range": ('"a"',), "range": ("bytes=0-1, -5",), "accept-ranges": ("bytes", "x"),
    "content-range": ("bytes 0-1/2",), "age": ("5",), "cache-control": ("max-age=5", 'private="a, b"'),
    "expires": (DATE,),
    "pragma": ("no-cache", "a=b"), "warning": ('110 - "a, b"', f'112 - "x" "{DATE}"'),
    "transfer-encoding": ("gzip;a=b", "chunked"), "accept-patch": ("a/b;c=d", "e/f"), "accept-post": ("*/*", "a/b"),
    "link": ("<a,b>;rel=c", '<>;title="d, e"'), "sec-websocket-accept": ("YWI=",), "sec-websocket-key": ("YWI=",),
    "sec-websocket-protocol": ("a", "b"), "sec-websocket-extensions": ("a;b", 'c;d="e"'),
    "sec-websocket-version": ("13", "8"), "proxy-status": ("a;error=b", "c"), "priority": ("u=1", "i"),
    "early-data": ("?1",),
}
"""For each field with a grammar its members, or its one value."""


def test_every_grammar_has_values() -> None:
    assert VALUES.keys() == {one.name.lower() for one in PARSERS}


@pytest.mark.parametrize("one", PARSERS, ids=lambda one: one.name)
def test_values(one: Field) -> None:
    values = VALUES[one.name.lower()]
    assert one.parse(", ".join(values)) is not None
    if not one.list:
        assert len(values) == 1
        return
    whole = parsed(Fields(((one.name, ", ".join(values)),)), one.name.lower())
    lines = Fields(tuple((one.name.upper(), f" {value}\t") for value in values))
    assert parsed(lines, one.name.lower()) == whole
    assert flaw(lines, one.name.lower()) is None
    if one.structured is None:
        ragged = f", ,{values[0]}\t,,{','.join(values[1:])} ,"
        assert one.parse(ragged) == whole


pieces = st.sampled_from([*" \t,;=\"\\()<>[]{}/:?#%*-+._~'`|^&!@$", "W/", "bytes", "GMT", "q=", "\x00", "\x7f", "\xff",
                          "\u0100", "\u2028", "1", "a", "GET", "\n", DATE, "::", "0", '="', "\\\"", *(
                              value for values in VALUES.values() for value in values)])
texts = (st.lists(pieces, max_size=20).map("".join) | st.text(max_size=40)
         | st.text(st.characters(max_codepoint=255), max_size=40)
         | st.tuples(pieces, st.integers(1, 3000), pieces).map(lambda found: found[0] * found[1] + found[2]))


@given(texts)
def test_any_text_is_parsed_or_malformed(text: str) -> None:
    for one in PARSERS:
        try:
            value = one.parse(text)
        except Malformed as error:
            assert error.value == text
            assert 0 <= error.position <= len(text)
            assert error.expected
        else:
            assert value is not None
            assert value == one.parse(text)


@given(st.sampled_from(PARSERS), st.data())
def test_values_with_a_change_are_parsed_or_malformed(one: Field, data: st.DataObject) -> None:
    value = ", ".join(VALUES[one.name.lower()])
    place = data.draw(st.integers(0, len(value)))
    changed = value[:place] + data.draw(pieces) + value[place + data.draw(st.integers(0, 2)):]
    fields = Fields(((one.name, changed),))
    found = flaw(fields, one.name.lower())
    try:
        parsed(fields, one.name.lower())
    except NotEvaluated:
        assert found is not None
        assert found.position <= len(found.value)
    else:
        assert found is None


@pytest.mark.parametrize("one", PARSERS, ids=lambda one: one.name)
def test_long_values(one: Field) -> None:
    """One megabyte of whatever tempts a parser to go back."""
    for value in ('a="', "(", "a,", ",", "a=", '"\\', "W/", "a;", " \t", "<a>,", "0", "%41", "-1,", "a b ", "a/b;q=1,",
                  "a=b;c=d;", "A a=b,", "://", "a;a=\"b\\\"\";", "; ", "[::", '"a",', "1.1 a (", "x (a)", "bytes=0-"):
        try:
            one.parse("a" + value * (200_000 // len(value)))
            one.parse(value * (200_000 // len(value)))
        except Malformed:
            continue


def test_parsed() -> None:
    fields = Fields((("Date", DATE), ("ETag", '"a"'), ("X-Other", "1"), ("x-other", "2"), ("Allow", "")))
    assert parsed(fields, "date") == http_date(DATE)
    assert parsed(fields, "etag") == EntityTag("a", False)
    assert parsed(fields, "x-other") == "1, 2"
    assert parsed(fields, "allow") == ()
    assert parsed(fields, "date") is parsed(fields, "date")
    with pytest.raises(NotApplicable):
        parsed(fields, "age")
    assert fields.memo.keys() == {"date", "etag", "x-other", "allow"}


def test_values_are_shared_between_sections() -> None:
    one, other = Fields((("Vary", "A, B"),)), Fields((("vary", "A, B "),))
    assert parsed(one, "vary") is parsed(other, "vary")


def test_parsed_reports_flaws_each_time() -> None:
    fields = Fields((("Age", "x"), ("Content-Length", "5"), ("Content-Length", "6")))
    for _ in range(2):
        with pytest.raises(NotEvaluated, match="malformed Age"):
            parsed(fields, "age")
        with pytest.raises(NotEvaluated, match="Content-Length repeated with different values"):
            parsed(fields, "content-length")


def test_repeated_singletons() -> None:
    assert parsed(Fields((("Age", "5"), ("age", "5 "))), "age") == 5
    twice = Fields((("Age", "5"), ("Age", "x")))
    found = flaw(twice, "age")
    assert found is not None
    assert (found.line, found.value, found.position) == (1, "x", 0)
    assert flaw(Fields((("Age", "5"), ("Age", "6"))), "age") is None


def test_flaw() -> None:
    fields = Fields((("Server", "x"), ("allow", " GET;"), ("X", ""), ("Allow", "[")))
    found = flaw(fields, "allow")
    assert found is not None
    assert (found.name, found.line, found.value, found.position, found.source) == (
        "Allow", 1, "GET;", 3, "RFC 9110 §10.2.1")
    assert found.hint == "separate the members with commas"
    assert flaw(fields, "server") is None
    assert flaw(fields, "x") is None
    assert flaw(fields, "age") is None
    assert [one.line for one in malformed(fields)] == [1]


def test_flaw_of_lines_that_are_fine_alone() -> None:
    fields = Fields((("If-None-Match", '"a"'), ("X", ""), ("If-None-Match", "*")))
    found = flaw(fields, "if-none-match")
    assert found is not None
    assert (found.line, found.value, found.position) == (2, "*", 0)


def test_a_quoted_string_may_go_over_lines() -> None:
    """The combined value counts (RFC 9110 §5.3)."""
    fields = Fields((("Cache-Control", 'private="a'), ("Cache-Control", 'b"')))
    assert flaw(fields, "cache-control") is None


def test_names_and_sources() -> None:
    assert all(name == one.name.lower() for name, one in FIELDS.items())
    assert all(one.source for one in FIELDS.values() if one.parser or one.status != "unregistered")
    assert field("ETAG") is FIELDS["etag"]
    assert field("X-Nothing") is None
    assert not any(one.structured and one.parser is None for one in FIELDS.values() if one.response)


def test_importing_the_table_is_cheap() -> None:
    code = ("import sys, httplint.grammar.table; "
            "print([name for name in sys.modules if name in ('dataclasses', 'inspect', 'http_sf')])")
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_cache_is_bounded() -> None:
    for number in range(table.CACHED_VALUES + 100):
        parsed(Fields((("Server", f"x/{number}"),)), "server")
    assert table._parse_cached.cache_info().currsize <= table.CACHED_VALUES
    before = table._parse_cached.cache_info().misses
    parsed(Fields((("Server", "x " * 1000),)), "server")
    parsed(Fields((("ETag", '"x"'),)), "etag")
    assert table._parse_cached.cache_info().misses == before

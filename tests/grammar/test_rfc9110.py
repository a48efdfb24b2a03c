"""Example values are those of the sections named; near misses beside them."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from httplint.grammar import rfc9110
from httplint.grammar.common import LARGEST, empty_member, integer
from httplint.grammar.dates import http_date
from httplint.grammar.rfc9110 import (
    Challenge,
    ContentRange,
    EntityTag,
    EntityTags,
    Expectation,
    Host,
    IfRange,
    MediaType,
    Preference,
    Product,
    Protocol,
    Ranges,
    RangeSpec,
    Recipient,
    RetryAfter,
)
from httplint.grammar.syntax import Malformed

Parser = Callable[[str], object]


def refuses(parser: Parser, value: str, position: int, hint: str | None = None) -> None:
    with pytest.raises(Malformed) as error:
        parser(value)
    assert error.value.position == position
    assert error.value.value == value
    assert error.value.expected
    assert hint is None or hint in (error.value.hint or "")


# §5.6


@pytest.mark.parametrize(("value", "expected"), [
    ("foo,bar", ("foo", "bar")), ("foo ,bar,", ("foo", "bar")), ("foo , ,bar,charlie", ("foo", "bar", "charlie")),
    ("", ()), (",", ()), (",   ,", ()), ("GET, get", ("GET", "get")), ("GET,\tHEAD", ("GET", "HEAD")),
    ("!#$%&'*+-.^_`|~0aZ", ("!#$%&'*+-.^_`|~0aZ",)),
])
def test_lists_of_tokens(value: str, expected: tuple[str, ...]) -> None:
    assert rfc9110.tokens(value) == expected
    assert rfc9110.lower_tokens(value) == tuple(one.lower() for one in expected)


@pytest.mark.parametrize(("value", "position", "hint"), [
    ("GET HEAD", 4, "commas"), ("GET; HEAD", 3, "commas"), ('"GET"', 0, "quotes"), ("GET, [HEAD]", 5, None),
    ("caf\u00e9", 3, None), ("a,(b)", 2, None), ("a/b", 1, None), ("a\n", 1, None)])
def test_flawed_lists_of_tokens(value: str, position: int, hint: str | None) -> None:
    refuses(rfc9110.tokens, value, position, hint)
    refuses(rfc9110.lower_tokens, value, position, hint)


@pytest.mark.parametrize(("value", "position"), [
    ("", None), ("a", None), ("a,b", None), ("a , b", None), (",a", 0), ("a,", 2), ("a,,b", 2), ("a, ,b", 3), (",", 0),
    ('"a,,b"', None), (r'"\",,"', None), ("1.1 x (a,,b)", None), ("<a,,b>, <c>", None), ('a="b",', 6)])
def test_empty_members(value: str, position: int | None) -> None:
    assert empty_member(value) == position


def test_numerals_without_limit() -> None:
    assert integer("0" * 5000 + "7") == 7
    assert integer("9" * 1000) == int("9" * 1000)
    assert integer("9" * 100_000) == LARGEST
    assert rfc9110.content_length("9" * 100_000) == LARGEST


# §7, §8


def test_content_length() -> None:
    assert rfc9110.content_length("3495") == 3495
    assert rfc9110.content_length("00") == 0
    refuses(rfc9110.content_length, "42, 42", 2, "combined")
    for value, position in (("", 0), ("-1", 0), ("+1", 0), ("1.5", 1), ("0x1", 1), ("1 ", 1), ("\u0663", 0),
                            ("1_0", 1)):
        refuses(rfc9110.content_length, value, position)


def test_max_forwards() -> None:
    assert rfc9110.max_forwards("10") == 10
    refuses(rfc9110.max_forwards, "ten", 0)


def test_host() -> None:
    assert rfc9110.host("www.example.org") == Host("www.example.org", None)
    assert rfc9110.host("EXAMPLE.org:8080") == Host("example.org", 8080)
    assert rfc9110.host("[2001:db8::7]:80") == Host("[2001:db8::7]", 80)
    assert rfc9110.host("") == Host("", None)
    assert rfc9110.host("a:") == Host("a", None)
    refuses(rfc9110.host, "a/b", 1, "host and port")
    refuses(rfc9110.host, "u@a", 1)
    refuses(rfc9110.host, "a:b", 2)
    refuses(rfc9110.host, "a b", 1)


def test_via() -> None:
    assert rfc9110.via("1.0 fred, 1.1 p.example.net") == (
        Recipient("HTTP", "1.0", "fred", None, None), Recipient("HTTP", "1.1", "p.example.net", None, None))
    assert rfc9110.via("HTTP/2.0 x:80 (a (b\\)), c)") == (Recipient("HTTP", "2.0", "x", 80, "a (b\\)), c"),)
    assert len(rfc9110.via("1.0 ricky, 1.1 ethel, 1.1 fred, 1.0 lucy")) == 4
    assert rfc9110.via("2 a:,") == (Recipient("HTTP", "2", "a", None, None),)
    refuses(rfc9110.via, "1.1", 3)
    refuses(rfc9110.via, "HTTP/ x", 5)
    refuses(rfc9110.via, "1.1 [::1]", 4, "pseudonym")
    refuses(rfc9110.via, "1.1 a (b", 8)
    refuses(rfc9110.via, "1.1 a(b)", 5)
    refuses(rfc9110.via, "1.1 a b", 6)


def test_upgrade() -> None:
    assert rfc9110.upgrade("websocket, IRC/6.9, RTA/x11") == (
        Protocol("websocket", None), Protocol("IRC", "6.9"), Protocol("RTA", "x11"))
    refuses(rfc9110.upgrade, "HTTP/", 5)
    refuses(rfc9110.upgrade, "HTTP/2/3", 6)


@pytest.mark.parametrize("value", [
    "text/html;charset=utf-8", 'Text/HTML;Charset="utf-8"', 'text/html; charset="utf-8"', "text/html;charset=UTF-8",
    "text/html ; charset=utf-8;", "text/html;;\tcharset=\"ut\\f-8\""])
def test_media_type(value: str) -> None:
    found = rfc9110.media_type(value)
    assert (found.essence, found.type, found.subtype, found.charset) == ("text/html", "text", "html", "utf-8")


def test_media_type_parts() -> None:
    found = rfc9110.media_type('multipart/byteranges; boundary="a b;c"; x=1; X=2')
    assert found == MediaType("multipart", "byteranges", (("boundary", "a b;c"), ("x", "1"), ("x", "2")))
    assert found.boundary == "a b;c"
    assert found.charset is None
    assert rfc9110.media_type("application/problem+json").suffix == "json"
    assert rfc9110.media_type("application/+json").suffix is None
    assert rfc9110.media_type("text/html").suffix is None


@pytest.mark.parametrize(("value", "position", "hint"), [
    ("", 0, None), ("text", 4, "two parts"), ("text/", 5, None), ("/html", 0, None), ("text /html", 4, None),
    ("text/html, text/html", 9, "not a list"), ("text/html charset=utf-8", 10, "semicolon"),
    ("text/html; charset", 18, None), ("text/html; charset=", 19, None), ("text/html; charset =x", 18, "whitespace"),
    ("text/html; charset= x", 19, "whitespace"), ('text/html; charset="x', 21, None),
    ("text/html; charset='x y'", 22, "semicolon"), ("text/html; =x", 11, None), ('text/html; a="b"c', 16, None),
    ('text/html; a="\x7f"', 14, None), ('text/html; a="\\\x01"', 15, None), ("text/html; a=b/c", 14, None)])
def test_flawed_media_type(value: str, position: int, hint: str | None) -> None:
    refuses(rfc9110.media_type, value, position, hint)


def test_lists_of_media_types() -> None:
    assert rfc9110.accept_patch("text/example;charset=utf-8") == (
        MediaType("text", "example", (("charset", "utf-8"),)),)
    assert rfc9110.media_types("*/*, text/*") == (MediaType("*", "*", ()), MediaType("text", "*", ()))
    assert rfc9110.media_types("") == ()
    refuses(rfc9110.accept_patch, "", 0)
    refuses(rfc9110.accept_patch, " ,", 2)


@pytest.mark.parametrize(("value", "expected"), [
    ("da", ("da",)), ("mi, en", ("mi", "en")),
    ("fr, en-US, es-419, az-Arab, x-pig-latin, man-Nkoo-GN",
     ("fr", "en-us", "es-419", "az-arab", "x-pig-latin", "man-nkoo-gn")),
    # RFC 5646 appendix A
    *[(tag, (tag.lower(),)) for tag in (
        "de", "i-enochian", "zh-Hant", "sr-Cyrl", "zh-cmn-Hans-CN", "cmn-Hans-CN", "zh-yue-HK", "yue-HK",
        "zh-Hans-CN", "sr-Latn-RS", "sl-rozaj", "sl-rozaj-biske", "sl-nedis", "de-CH-1901", "sl-IT-nedis",
        "hy-Latn-IT-arevela", "de-DE", "es-419", "de-CH-x-phonebk", "az-Arab-x-AZE-derbend", "x-whatever",
        "qaa-Qaaa-QM-x-southern", "de-Qaaa", "sr-Latn-QM", "sr-Qaaa-RS", "en-US-u-islamcal",
        "zh-CN-a-myext-x-private", "en-a-myext-b-another", "en-GB-oed", "sgn-CH-DE", "zh-min-nan", "ABCDEFGH",
        # §2.1, irregular and regular
        "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak", "i-klingon", "i-lux", "i-mingo", "i-navajo", "i-pwn",
        "i-tao", "i-tay", "i-tsu", "sgn-BE-FR", "sgn-BE-NL", "art-lojban", "cel-gaulish", "no-bok", "no-nyn",
        "zh-guoyu", "zh-hakka", "zh-min", "zh-xiang",
        # each part as long and as often as §2.1 has it
        "ab-abc-abc-abc-Abcd-AB-abcde-1abc-abcdefgh-a-ab-abcdefgh-0-12-x-a-abcdefgh", "abcd", "abc-123", "x-1-12345678",
        # well-formed though not valid, §2.2.9
        "ar-a-aaa-b-bbb-a-ccc", "de-1996-1996")],
])
def test_content_language(value: str, expected: tuple[str, ...]) -> None:
    assert rfc9110.content_language(value) == expected


@pytest.mark.parametrize(("value", "position", "hint"), [
    ("en_US", 2, "hyphens"), ("de-419-DE", 7, None), ("a-DE", 0, None), ("en-", 3, None), ("en-a", 3, None),
    ("english-x", 8, None), ("*", 0, None), ("toolonglanguage", 0, None), ("en US", 3, None), ("en-us\u017f", 5, None),
    ("\u212aa", 0, None), ("_", 0, "hyphens"), ("x", 0, None), ("en-x", 3, None), ("i-klingon-x", 0, None),
    ("ab-abc-abc-abc-abc", 15, None), ("abcd-abc", 5, None), ("ab-Abcd-Abcd", 8, None), ("ab-AB-AB", 6, None),
    ("en-x-abcdefghi", 3, None), ("en-a-abcdefghi", 3, None), ("en-a-b", 3, None), ("ab-12", 3, None),
    ("x-123456789", 0, None), ("en-1ab", 3, None), ("en-\u017fA", 3, None)])
def test_flawed_content_language(value: str, position: int, hint: str | None) -> None:
    refuses(rfc9110.content_language, value, position, hint)


def test_content_location() -> None:
    assert rfc9110.partial_uri("/a?b").path == "/a"
    assert rfc9110.partial_uri("http://www.example.org/hypertext/Overview.html").host == "www.example.org"
    assert rfc9110.partial_uri("about:blank").scheme == "about"
    refuses(rfc9110.partial_uri, "/a#b", 2, "fragment")
    refuses(rfc9110.partial_uri, "/a b", 2, "%20")


def test_location() -> None:
    assert rfc9110.location("/People.html#tim").fragment == "tim"
    assert rfc9110.location("http://www.example.net/index.html").host == "www.example.net"
    assert rfc9110.location("").text == ""
    refuses(rfc9110.location, "/caf\u00e9", 4, "%E9")


# §8.8.3, §13.1


@pytest.mark.parametrize(("value", "expected"), [
    ('"xyzzy"', EntityTag("xyzzy", False)), ('W/"xyzzy"', EntityTag("xyzzy", True)), ('""', EntityTag("", False)),
    ('"a\\"', EntityTag("a\\", False)), ('"\u00e9,\x21"', EntityTag("\u00e9,!", False))])
def test_entity_tag(value: str, expected: EntityTag) -> None:
    assert rfc9110.entity_tag(value) == expected
    assert expected.text == value


@pytest.mark.parametrize(("value", "position", "hint"), [
    ("", 0, None), ("xyzzy", 0, "double quotes"), ("W/xyzzy", 2, "double quotes"), ('w/"xyzzy"', 0, "upper-case"),
    ('"a b"', 2, "whitespace"), ('"a', 2, None), ('"a"b', 3, None), ('"a", "b"', 3, "one entity tag"), ("W", 1, None),
    ('"\x7f"', 1, None), ("'a'", 0, "double quotes"), ("*", 0, "asterisk"), ('"a"-gzip', 3, None)])
def test_flawed_entity_tag(value: str, position: int, hint: str | None) -> None:
    refuses(rfc9110.entity_tag, value, position, hint)


def test_entity_tags() -> None:
    assert rfc9110.entity_tags("*") == EntityTags(True, ())
    assert rfc9110.entity_tags('"xyzzy", "r2d2xxxx", "c3piozzzz"').tags[2] == EntityTag("c3piozzzz", False)
    assert rfc9110.entity_tags('W/"xyzzy", W/"r2d2xxxx",, W/"c3,piozzzz"').tags == (
        EntityTag("xyzzy", True), EntityTag("r2d2xxxx", True), EntityTag("c3,piozzzz", True))
    assert rfc9110.entity_tags("") == EntityTags(False, ())
    refuses(rfc9110.entity_tags, '*, "a"', 0, "alone")
    refuses(rfc9110.entity_tags, '"a" "b"', 4)
    refuses(rfc9110.entity_tags, '"a", b', 5, "double quotes")


def test_if_range() -> None:
    date = "Sat, 29 Oct 1994 19:43:31 GMT"
    assert rfc9110.if_range('"abc"') == IfRange(EntityTag("abc", False), None)
    assert rfc9110.if_range('W/"abc"') == IfRange(EntityTag("abc", True), None)
    assert rfc9110.if_range(date) == IfRange(None, http_date(date))
    refuses(rfc9110.if_range, "abc", 0)


# §10, §11


def test_retry_after() -> None:
    date = "Fri, 31 Dec 1999 23:59:59 GMT"
    assert rfc9110.retry_after(date) == RetryAfter(None, http_date(date))
    assert rfc9110.retry_after("120") == RetryAfter(120, None)
    refuses(rfc9110.retry_after, "1.5", 1, "fraction")
    refuses(rfc9110.retry_after, "-1", 0, "negative")
    refuses(rfc9110.retry_after, "5s", 1, "unit")
    refuses(rfc9110.retry_after, "120, 120", 3)
    refuses(rfc9110.retry_after, "", 0)
    refuses(rfc9110.retry_after, "soon", 0)


def test_products() -> None:
    assert rfc9110.products("CERN/3.0 libwww/2.17") == (Product("CERN", "3.0"), Product("libwww", "2.17"))
    assert rfc9110.products("CERN-LineMode/2.15 libwww/2.17b3")[1] == Product("libwww", "2.17b3")
    assert rfc9110.products("Apache/2.4.1 (Unix) (a (b)) \t OpenSSL/1.0 (x)") == (
        Product("Apache", "2.4.1", ("Unix", "a (b)")), Product("OpenSSL", "1.0", ("x",)))
    assert rfc9110.products("nginx") == (Product("nginx", None),)
    for value, position in (("", 0), ("(x)", 0), ("a/", 2), ("a/b/c", 3), ("a,b", 1), ("a (x", 4), ("a(x)", 1),
                            ("a (x)b", 5), ("a (\\", 4), ("a \u00e9", 2)):
        refuses(rfc9110.products, value, position)


def test_deep_comments() -> None:
    deep = "(" * 50_000 + ")" * 50_000
    assert rfc9110.products("a " + deep)[0].comments == (deep[1:-1],)


def test_expect() -> None:
    assert rfc9110.expect("100-Continue") == (Expectation("100-continue", None, ()),)
    assert rfc9110.expect('a="B";c=d, e') == (Expectation("a", "b", (("c", "d"),)), Expectation("e", None, ()))
    refuses(rfc9110.expect, "a=", 2)


def challenge(scheme: str, *parameters: tuple[str, str], token68: str | None = None, quoted: str = "") -> Challenge:
    return Challenge(scheme, token68, parameters, frozenset(quoted.split()))


@pytest.mark.parametrize(("value", "expected"), [
    ('Basic realm="simple", Newauth realm="apps",\t type=1, title="Login to \\"apps\\""',
     (challenge("Basic", ("realm", "simple"), quoted="realm"),
      challenge("Newauth", ("realm", "apps"), ("type", "1"), ("title", 'Login to "apps"'), quoted="realm title"))),
    ('Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"',
     (challenge("Newauth", ("realm", "apps"), ("type", "1"), ("title", 'Login to "apps"'), quoted="realm title"),
      challenge("Basic", ("realm", "simple"), quoted="realm"))),
    ("", ()), (", ,", ()), ("Negotiate", (challenge("Negotiate"),)),
    ("Negotiate, NTLM", (challenge("Negotiate"), challenge("NTLM"))),
    ("Negotiate abc==", (challenge("Negotiate", token68="abc=="),)),
    ("Negotiate a/b+c=, Basic REALM = x",
     (challenge("Negotiate", token68="a/b+c="), challenge("Basic", ("realm", "x")))),
    ("Basic realm=", (challenge("Basic", token68="realm="),)),
    ("X realm= ,", (challenge("X", token68="realm="),)),
    ("X abc", (challenge("X", token68="abc"),)),
    ("X a=b,,c=d,, ,Y", (challenge("X", ("a", "b"), ("c", "d")), challenge("Y"))),
    ("X , a=b", (challenge("X", ("a", "b")),)),
    ("X , Y", (challenge("X"), challenge("Y"))),
    ('X a="b, Y c=d", e', (challenge("X", ("a", "b, Y c=d"), quoted="a"), challenge("e"))),
])
def test_challenges(value: str, expected: tuple[Challenge, ...]) -> None:
    assert rfc9110.challenges(value) == expected


@pytest.mark.parametrize(("value", "position", "hint"), [
    ('Basic, realm="x"', 12, "no comma"), ('realm="x"', 5, "scheme"), ("Basic realm=a b", 14, "commas"),
    ('Basic realm="x" charset="UTF-8"', 16, "commas"), ('Basic realm="x"; a=b', 15, "commas"),
    ("Basic realm=a/b", 13, "double quotes"), ('Basic realm="x', 14, None), ("Basic\trealm=x", 6, "tab"),
    ("Basic (x)", 6, None), ("Negotiate abc==x", 15, None), ("Negotiate abc==, a=b", 18, None),
    ("Basic realm= x/", 14, None),
    ('"Basic"', 0, None), ("Basic realm=\u00e9", 12, None), ('Basic realm="a\x00"', 14, None)])
def test_flawed_challenges(value: str, position: int, hint: str | None) -> None:
    refuses(rfc9110.challenges, value, position, hint)


def test_challenge_properties() -> None:
    found = rfc9110.challenges('Digest realm="r", qop="auth, auth-int", algorithm=SHA-256, nonce="n", stale=TRUE, '
                               'charset=UTF-8, error="e", scope="s"')[0]
    assert (found.name, found.realm, found.qop, found.algorithm, found.nonce, found.stale, found.charset, found.error,
            found.scope) == ("digest", "r", "auth, auth-int", "SHA-256", "n", "TRUE", "UTF-8", "e", "s")
    assert found.names[:2] == ("realm", "qop")


def test_credentials() -> None:
    assert rfc9110.credentials("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==") == challenge(
        "Basic", token68="QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
    assert rfc9110.credentials("Digest a=b,, c=d,").parameters == (("a", "b"), ("c", "d"))
    assert rfc9110.credentials("Negotiate") == challenge("Negotiate")
    for value, position in (("", 0), ("Bearer a, Bearer b", 8), ("Bearer,", 6), ("Bearer a b", 9),
                            ("Digest a=b, c", 13),
                            (",Basic x", 0)):
        refuses(rfc9110.credentials, value, position)


# §12


def test_accept() -> None:
    assert rfc9110.accept("audio/*; q=0.2, audio/basic") == (Preference("audio/*", 0.2), Preference("audio/basic", 1.0))
    assert [(one.value, one.weight, one.parameters) for one in rfc9110.accept(
        "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed,\ttext/plain;format=fixed;q=0.4, */*;Q=0.5")] == [
        ("text/*", 0.3, ()), ("text/plain", 0.7, ()), ("text/plain", 1.0, (("format", "flowed"),)),
        ("text/plain", 0.4, (("format", "fixed"),)), ("*/*", 0.5, ())]
    assert rfc9110.accept("") == ()
    assert rfc9110.accept("a/b;q=0.5;c=d")[0] == Preference("a/b", 0.5, (("c", "d"),))
    for weight in ("0", "0.", "0.999", "1", "1.", "1.000"):
        assert rfc9110.accept(f"a/b;q={weight}")[0].weight == float(weight)
    refuses(rfc9110.accept, "*", 1, "two parts")
    refuses(rfc9110.accept, "bytes", 5, "Accept-Ranges")
    refuses(rfc9110.accept, "a/b;q=.2", 6, "digit")
    refuses(rfc9110.accept, "a/b;q=0.1234", 11, "three digits")
    refuses(rfc9110.accept, "a/b;q=1.001", 10, "0 to 1")
    refuses(rfc9110.accept, "a/b;q=2", 6, "0 to 1")
    refuses(rfc9110.accept, "a/b;q=x", 6)


@pytest.mark.parametrize(("value", "expected"), [
    ("compress, gzip", [("compress", 1.0), ("gzip", 1.0)]), ("", []), ("*", [("*", 1.0)]),
    ("compress;q=0.5, gzip;q=1.0", [("compress", 0.5), ("gzip", 1.0)]),
    ("gzip;q=1.0, identity; q=0.5, *;q=0", [("gzip", 1.0), ("identity", 0.5), ("*", 0.0)]),
    ("iso-8859-5, Unicode-1-1 ;\tQ=0.8", [("iso-8859-5", 1.0), ("unicode-1-1", 0.8)])])
def test_accept_tokens(value: str, expected: list[tuple[str, float]]) -> None:
    assert [(one.value, one.weight) for one in rfc9110.accept_tokens(value)] == expected


@pytest.mark.parametrize(("value", "position"), [
    ("gzip;foo=1", 5), ("gzip;", 5), ("gzip;q", 6), ("gzip;q =1", 6), ("gzip;q=", 7), ("gzip;q=1;", 8), ("gzip q=1", 5),
    ('gzip;q="1"', 7), ("gzip;q=1x", 8)])
def test_flawed_accept_tokens(value: str, position: int) -> None:
    refuses(rfc9110.accept_tokens, value, position)


def test_accept_language() -> None:
    assert rfc9110.accept_language("da, en-gb;q=0.8, en;q=0.7, *;q=0") == (
        Preference("da", 1.0), Preference("en-gb", 0.8), Preference("en", 0.7), Preference("*", 0.0))
    assert rfc9110.accept_language("i-x-1")[0].value == "i-x-1"
    refuses(rfc9110.accept_language, "en_US", 2, "hyphens")
    refuses(rfc9110.accept_language, "abcdefghi", 8)
    refuses(rfc9110.accept_language, "en-", 3)
    refuses(rfc9110.accept_language, "1", 0)


# §14


@pytest.mark.parametrize(("value", "expected", "valid"), [
    ("bytes 42-1233/1234", ContentRange("bytes", 42, 1233, 1234), True),
    ("bytes 42-1233/*", ContentRange("bytes", 42, 1233, None), True),
    ("Bytes 0-499/1234", ContentRange("bytes", 0, 499, 1234), True),
    ("bytes 734-1233/1234", ContentRange("bytes", 734, 1233, 1234), True),
    ("bytes */1234", ContentRange("bytes", None, None, 1234), True),
    ("exampleunit 1.2-4.3/25", ContentRange("exampleunit", None, None, None), True),
    ("bytes 5-4/10", ContentRange("bytes", 5, 4, 10), False),
    ("bytes 0-10/10", ContentRange("bytes", 0, 10, 10), False),
    ("bytes 5-4/*", ContentRange("bytes", 5, 4, None), False),
])
def test_content_range(value: str, expected: ContentRange, valid: bool) -> None:
    found = rfc9110.content_range(value)
    assert found == expected
    assert found.valid is valid


def test_content_range_properties() -> None:
    assert rfc9110.content_range("bytes 42-1233/1234").length == 1192
    assert rfc9110.content_range("bytes 5-4/9").length is None
    assert rfc9110.content_range("bytes */1234").unsatisfied
    assert rfc9110.content_range("bytes */1234").length is None
    assert not rfc9110.content_range("x 1").unsatisfied


@pytest.mark.parametrize(("value", "position", "hint"), [
    ("", 0, None), ("bytes", 5, None), ("bytes=0-1/2", 5, "equals"), ("0-1/2", 3, "unit"), ("bytes  0-1/2", 6, None),
    ("bytes 0-499", 11, None), ("bytes 0 - 1/2", 7, "whitespace"), ("bytes */*", 8, "known"), ("bytes 0-1/", 10, None),
    ("bytes -1/2", 6, None), ("bytes 0-/2", 8, None), ("bytes 0-1/2, bytes 0-1/2", 11, None),
    ("byte\u017f 0-1/2", 4, None),
    ("x a b", 3, None), ("bytes\t0-1/2", 5, None)])
def test_flawed_content_range(value: str, position: int, hint: str | None) -> None:
    refuses(rfc9110.content_range, value, position, hint)


@pytest.mark.parametrize(("value", "specs"), [
    ("bytes=0-499", [(0, 499)]), ("bytes=500-999", [(500, 999)]), ("bytes=-500", [(None, 500)]),
    ("bytes=9500-", [(9500, None)]), ("bytes=0-0,-1", [(0, 0), (None, 1)]),
    ("bytes= 0-999, 4500-5499, -1000", [(0, 999), (4500, 5499), (None, 1000)]),
    ("bytes=500-600,601-999", [(500, 600), (601, 999)]), ("Bytes=500-700,,601-999", [(500, 700), (601, 999)])])
def test_ranges(value: str, specs: list[tuple[int | None, int | None]]) -> None:
    found = rfc9110.ranges(value)
    assert found == Ranges("bytes", tuple(RangeSpec(first, last) for first, last in specs))
    assert found.valid
    assert [spec.suffix for spec in found.specs] == [first is None for first, _ in specs]


def test_ranges_of_other_kinds() -> None:
    assert not rfc9110.ranges("bytes=5-4").valid
    assert rfc9110.ranges("chapters=i-iv,2-3").specs == (RangeSpec(None, None), RangeSpec(2, 3))
    assert not rfc9110.ranges("chapters=i-iv").specs[0].suffix
    for value, position in (("bytes", 5), ("bytes 0-1", 5), ("bytes=", 6), ("bytes=,", 7), ("bytes=-", 7),
                            ("bytes=5", 7),
                            ("bytes=a-b", 6), ("bytes=0-1-2", 9), ("bytes=0-1 2-3", 10), ("x=\u00e9", 2)):
        refuses(rfc9110.ranges, value, position)


def test_accept_ranges() -> None:
    assert rfc9110.range_units("Bytes") == ("bytes",)
    assert rfc9110.range_units("none") == ("none",)
    refuses(rfc9110.range_units, "", 0)
    refuses(rfc9110.range_units, ",", 1)


@pytest.mark.parametrize(("parser", "value", "position", "expected", "hint"), [
    (rfc9110.if_range, 'abc"', 0, "a day of the week", None),
    (rfc9110.if_range, 'ab"c"', 0, "a double quote", "quotes"),
    (rfc9110.retry_after, "S5", 1, "a day of the week", None), (rfc9110.retry_after, "-", 0, "a digit", None),
    (rfc9110.retry_after, "-5", 0, "a digit", "not negative"), (rfc9110.retry_after, "5 days", 1, "a digit", "whole"),
    (rfc9110.retry_after, "5, 5", 1, "a digit", None), (rfc9110.retry_after, "5 ", 1, "a digit", None),
    (rfc9110.retry_after, "5s", 1, "a digit", "whole"), (rfc9110.retry_after, "5  s", 1, "a digit", None),
    (rfc9110.retry_after, "+5", 0, "a digit", "whole"),
    (rfc9110.challenges, "Basic =", 6, "a parameter or a token68", None),
    (rfc9110.challenges, "Basic a=b c", 10, "a comma or the end", "separate the parameters"),
    (rfc9110.challenges, "Basic a b", 8, "a comma or the end", None),
    (rfc9110.challenges, "X a=b/c", 5, "a comma or the end", "put in double quotes"),
    (rfc9110.challenges, "X a=b;c=d", 5, "a comma or the end", "separate the parameters"),
    (rfc9110.challenges, 'X a=b"c"', 5, "a comma or the end", "separate the parameters"),
    (rfc9110.challenges, 'X a="b"c', 7, "a comma or the end", "put in double quotes"),
    (rfc9110.challenges, "X a b=c", 4, "a comma or the end", None), (rfc9110.challenges, "X a = ", 6, "a token", None),
    (rfc9110.challenges, "X \ta=b", 3, "a comma or the end", "not a tab"),
    (rfc9110.challenges, "X\ta=b", 2, "a comma or the end", "not a tab"),
    (rfc9110.challenges, "X, a=b", 4, "a comma or the end", "no comma between"),
    (rfc9110.challenges, "X a=b, Y, c=d", 11, "a comma or the end", "no comma between"),
    (rfc9110.challenges, "X abc, d=e", 8, "a comma or the end", None),
    (rfc9110.challenges, "X abc d=e", 6, "a comma or the end", None),
    (rfc9110.challenges, "a=b", 1, "a comma or the end", "scheme comes first"),
    (rfc9110.challenges, "X a/b==c", 7, "a comma or the end", None),
    (rfc9110.challenges, "X a/b (", 6, "a comma or the end", None),
    (rfc9110.challenges, "X a=b=(", 5, "a comma", "put in double quotes"),
    (rfc9110.credentials, "X a=b c", 6, "a comma or the end", "separate the parameters"),
    (rfc9110.credentials, "X\tb", 2, "the end", "one set"), (rfc9110.credentials, "X a,b", 3, "the end", "one set"),
    (rfc9110.credentials, "X a=b, Y c=d", 9, "the end", "one set"),
    (rfc9110.credentials, "X,", 1, "the end", "one set"),
    (rfc9110.credentials, "a=b", 1, "the end", "scheme comes first"),
    (rfc9110.host, "u@a", 1, "a host", "only host and port"), (rfc9110.host, "a:b", 2, "a host", None),
    (rfc9110.host, "a:1/", 3, "a host", "only host and port"),
    (rfc9110.content_range, "bytes 0-1", 9, "a slash and the complete length, or *", None),
    (rfc9110.content_range, "bytes 0 -1/2", 7, "a hyphen", "without whitespace"),
    (rfc9110.content_range, "bytes */", 8, "the complete length", None),
    (rfc9110.content_range, "bytes *", 7, "a slash", None), (rfc9110.content_range, "bytes x", 6, "a digit or *", None),
    (rfc9110.content_range, "bytes */*", 8, "the complete length", "one of the two"),
    (rfc9110.content_range, "bytes 0-x", 8, "the last position", None),
    (rfc9110.content_range, "bytes 0-1/x", 10, "the complete length, or *", None),
    (rfc9110.content_range, "*/5", 1, "a space", "unit comes first"),
    (rfc9110.content_range, "bytes", 5, "a space", None),
    (rfc9110.content_range, "9-5", 3, "a space", "unit comes first"),
    (rfc9110.content_range, "bytes=1", 5, "a space", "equals sign"),
    (rfc9110.content_range, "bytes 0-1/2x", 11, "the end", None), (rfc9110.content_range, "x ", 2, "a range", None),
    (rfc9110.content_range, "bytes 0-1/* ", 11, "the end", None), (rfc9110.content_range, "x a b", 3, "a range", None),
    (rfc9110.ranges, "bytes=a", 6, "a range like", None), (rfc9110.ranges, "bytes=5", 7, "a hyphen", None),
    (rfc9110.ranges, "bytes=5-6x", 9, "a comma or the end", None), (rfc9110.ranges, "x= ", 3, "a range", None),
    (rfc9110.ranges, "bytes=-5 6", 9, "a comma or the end", None), (rfc9110.ranges, "bytes=-", 7, "a digit", None),
    (rfc9110.entity_tag, "W", 1, "a double quote", "double quotes"), (rfc9110.entity_tag, "W*", 1, "a", "asterisk"),
    (rfc9110.entity_tag, "W/", 2, "a double quote", "double quotes"),
    (rfc9110.entity_tag, "a", 0, "a double quote or W/", "double quotes"),
    (rfc9110.entity_tag, '"a"x', 3, "the end", None), (rfc9110.entity_tag, '"a",b', 3, "the end", "one entity tag"),
    (rfc9110.entity_tag, 'W/"a', 4, "a closing double quote", None),
    (rfc9110.entity_tag, 'W/"a b"', 4, "a closing double quote", "no whitespace"),
    (rfc9110.entity_tags, '"a", *', 5, "a double quote or W/", "asterisk"),
    (rfc9110.media_type, "text/html,a", 9, "a semicolon or the end", "not a list"),
    (rfc9110.media_type, "text/html x", 10, "a semicolon or the end", "a semicolon separates"),
    (rfc9110.media_type, "text/html\tx", 10, "a semicolon or the end", "a semicolon separates"),
    (rfc9110.media_type, "text/html(", 9, "a semicolon or the end", None),
    (rfc9110.media_type, "text/(", 5, "a subtype", None), (rfc9110.media_type, "text", 4, "a slash", "two parts"),
    (rfc9110.accept, "a/b;q=", 6, "a token", None), (rfc9110.accept, "a/b;q=0.5x", 9, "a weight", "three digits"),
    (rfc9110.accept, "a/b;x=1;q=2", 10, "a weight", "0 to 1"), (rfc9110.accept, "none", 4, "a slash", "Accept-Ranges"),
    (rfc9110.accept, "bytes, a", 5, "a slash", "two parts"), (rfc9110.accept, 'a/b;q="2"', 7, "a weight", "0 to 1"),
    (rfc9110.accept, 'a/b;q=""', 7, "a weight", "0 to 1"),
    (rfc9110.accept, "a/b;q=1, c/d;\tQ=.5", 16, "a weight", "point"),
    (rfc9110.accept_tokens, "a;q=.5", 4, "a weight", "a digit precedes"),
    (rfc9110.accept_tokens, "a;q=1.5", 6, "a weight", "0 to 1"),
    (rfc9110.accept_tokens, "a;q=00", 5, "a", "three digits"),
    (rfc9110.accept_tokens, "a;q=1.0000", 9, "a weight", "0 to 1"), (rfc9110.accept_tokens, "a;q=2", 4, "a", "0 to 1"),
    (rfc9110.accept_tokens, "a; q", 4, "an equals sign and a weight", None),
    (rfc9110.accept_tokens, "a; Q x", 4, "an equals sign and a weight", None),
    (rfc9110.accept_tokens, "a;\tx", 3, "q= and a weight", None),
    (rfc9110.accept_language, "*-a", 1, "a language range", None),
    (rfc9110.accept_language, "en_US", 2, "a language range", "hyphens"),
    (rfc9110.accept_language, "en;q", 4, "an equals sign and a weight", None),
    (rfc9110.accept_language, "en-abcdefghi", 11, "a language range", None),
    (rfc9110.content_language, "en_US", 2, "a subtag", "hyphens"), (rfc9110.content_language, "x-", 0, "a lang", None),
    (rfc9110.via, "1.1 ", 4, "the recipient", None), (rfc9110.via, "1.1", 3, "a space", None),
    (rfc9110.via, "1.1\t[::1]", 4, "the recipient", "pseudonym"), (rfc9110.via, "1.1/", 4, "a protocol version", None),
    (rfc9110.via, "HTTP/1.1 [::1]", 9, "the recipient", "pseudonym"),
    (rfc9110.via, "1.1 a:b", 6, "a comma", "separate the members"),
    (rfc9110.products, "a,b", 1, "a space or the end", "separated by spaces"),
    (rfc9110.products, "a(b)", 1, "a space or the end", "a space precedes"),
    (rfc9110.products, "a b;", 3, "a space or the end", None), (rfc9110.products, "a (b)c", 5, "a space", None),
    (rfc9110.products, "a [", 2, "a product or a comment", None), (rfc9110.products, "[", 0, "a product", None),
    (rfc9110.expect, "a=(", 2, "a token or a quoted string", None), (rfc9110.expect, "(", 0, "an expectation", None),
    (rfc9110.upgrade, "(", 0, "a protocol", None), (rfc9110.upgrade, "a/(", 2, "a version", None),
])
def test_what_is_said(parser: Parser, value: str, position: int, expected: str, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        parser(value)
    assert (error.value.position, error.value.hint is None) == (position, hint is None)
    assert expected in error.value.expected
    assert (hint or "") in (error.value.hint or "")

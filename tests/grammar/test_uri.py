from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.grammar import rfc9110, uri
from httplint.grammar.syntax import Malformed
from httplint.grammar.uri import UriReference, normalise, remove_dot_segments, resolve, uri_reference

BASE = "http://a/b/c/d;p?q"


@pytest.mark.parametrize(("reference", "target"), [
    # RFC 3986 §5.4.1
    ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
    ("/g", "http://a/g"), ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"),
    ("#s", "http://a/b/c/d;p?q#s"), ("g#s", "http://a/b/c/g#s"), ("g?y#s", "http://a/b/c/g?y#s"),
    (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"), ("g;x?y#s", "http://a/b/c/g;x?y#s"),
    ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"),
    ("../", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../", "http://a/"),
    ("../../g", "http://a/g"),
    # RFC 3986 §5.4.2
    ("../../../g", "http://a/g"), ("../../../../g", "http://a/g"), ("/./g", "http://a/g"), ("/../g", "http://a/g"),
    ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"), ("g..", "http://a/b/c/g.."), ("..g", "http://a/b/c/..g"),
    ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"),
    ("g/../h", "http://a/b/c/h"), ("g;x=1/./y", "http://a/b/c/g;x=1/y"), ("g;x=1/../y", "http://a/b/c/y"),
    ("g?y/./x", "http://a/b/c/g?y/./x"), ("g?y/../x", "http://a/b/c/g?y/../x"),
    ("g#s/./x", "http://a/b/c/g#s/./x"), ("g#s/../x", "http://a/b/c/g#s/../x"), ("http:g", "http:g"),
])
def test_resolution(reference: str, target: str) -> None:
    assert resolve(BASE, reference) == target
    uri_reference(reference)


def test_resolution_against_an_empty_path() -> None:
    assert resolve("http://a", "g") == "http://a/g"
    assert resolve("mailto:x@y", "z") == "mailto:z"


def dot_segments_by_the_letter(path: str) -> str:
    """The two buffers of RFC 3986 §5.2.4."""
    output: list[str] = []
    while path:
        if path.startswith(("../", "./")):
            path = path.partition("/")[2]
        elif path.startswith("/./") or path == "/.":
            path = "/" + path[3:]
        elif path.startswith("/../") or path == "/..":
            path = "/" + path[4:]
            if output:
                output.pop()
        elif path in (".", ".."):
            path = ""
        else:
            match = re.match("/?[^/]*", path)
            assert match
            output.append(match.group())
            path = path[match.end():]
    return "".join(output)


@given(st.text("./a", max_size=24))
def test_dot_segments(path: str) -> None:
    assert remove_dot_segments(path) == dot_segments_by_the_letter(path)


def test_dot_segments_of_the_specification() -> None:
    assert remove_dot_segments("/a/b/c/./../../g") == "/a/g"
    assert remove_dot_segments("mid/content=5/../6") == "mid/6"


@pytest.mark.parametrize("value", [
    # RFC 3986 §1.1.2
    "ftp://ftp.is.co.za/rfc/rfc1808.txt", "http://www.ietf.org/rfc/rfc2396.txt",
    "ldap://[2001:db8::7]/c=GB?objectClass?one", "mailto:John.Doe@example.com",
    "news:comp.infosystems.www.servers.unix", "tel:+1-816-555-1212", "telnet://192.0.2.16:80/",
    "urn:oasis:names:specification:docbook:dtd:xml:4.1.2",
    "", "?", "#", "//", "//h", "//h:", "a:", "a//b", "./a:b", "http://u:p@h:80/", "http://[v1.a:b]/", "http://[::]/",
    "http://[1:2:3:4:5:6:7:8]/", "http://[1::8]/", "http://[::ffff:192.0.2.1]/", "http://[1:2:3:4:5:6:7::]/",
    "http://999.999.999.999/", "/a%20b", "/?a/b?c", "#a/b?c", "about:blank", "http://h?q", "http://h#f",
])
def test_legal(value: str) -> None:
    found = uri_reference(value)
    assert found.text == value
    assert found.relative == (found.scheme is None)


def test_parts() -> None:
    assert uri_reference("foo://u@example.com:8042/over/there?name=ferret#nose") == UriReference(
        "foo://u@example.com:8042/over/there?name=ferret#nose", "foo", "u@example.com:8042", "u", "example.com", 8042,
        "/over/there", "name=ferret", "nose")
    assert uri_reference("urn:example:animal:ferret:nose").path == "example:animal:ferret:nose"
    assert uri_reference("//h:").port is None


@pytest.mark.parametrize(("value", "position"), [
    ("a b", 1), ("/a|b", 2), ("/{x}", 1), ("/%zz", 2), ("/%2", 3), ("/%2g", 3), ("#a#b", 2), ("1a:b", 2), (":a", 0),
    ("http://h:x/", 9), ("http://h:80x/", 11), ("http://[::g]/", 8), ("http://[::1/", 8), ("http://a[b]/", 8),
    ("/caf\u00e9", 4), ("/[a]", 1), ("/a\\b", 2), ("/a^b", 2), ("\t", 0), ("/a ", 2), ('/"', 1), ("<a>", 0),
    ("http://[1::2::3]/", 8), ("a_b:c", 3), ("/\u0661", 1), ("http://h\u017f/", 8),
])
def test_illegal(value: str, position: int) -> None:
    with pytest.raises(Malformed) as error:
        uri_reference(value)
    assert error.value.position == position


@pytest.mark.parametrize(("value", "position", "expected", "hint"), [
    ("/%zz", 2, "two hexadecimal digits", "written %25"), ("/%2", 3, "two hexadecimal digits", "written %25"),
    ("http://[::g]/", 8, "an IPv6 address", None), ("http://u@[::g]/", 10, "an IPv6 address", None),
    ("//[", 3, "an IPv6 address", None), ("/[", 1, "a character allowed in a URI", "%5B"), ("#a#", 2, "the end", "%23"),
    ("http://h:x/", 9, "a port number", None), ("http://h:80x/", 11, "a port number", None),
    ("//u:p@h:x", 8, "a port number", None), ("//[::1]:x", 8, "a port number", None),
    ("//:x", 3, "a port number", None),
    ("//h:8:9", 5, "a port number", None), ("1a:b", 2, "a path without colon", "a scheme starts with a letter"),
    ("/a:|", 3, "a character allowed in a URI", "%7C"), ("//a/:|", 5, "a character allowed in a URI", "%7C"),
    ("//h?:|", 5, "a character allowed in a URI", "%7C"), ("/a b", 2, "a character allowed in a URI", "written %20"),
    ("/a\tb", 2, "a character allowed in a URI", "written %20"),
    ("/a ", 2, "a character allowed in a URI", "at the end"),
    ("/caf\u00e9", 4, "a character allowed in a URI", "%E9"), ("/\u0100", 1, "a character allowed in a URI", "%C4%80"),
    ("/\u00ff", 1, "a character allowed in a URI", "%FF"), ("/\ud800", 1, "a character allowed in a URI", "%3F"),
    ("//u@v@h:|", 5, "a character allowed in a URI", "%40"), ("//a[b]:x", 3, "a character allowed in a URI", "%5B"),
])
def test_what_is_said(value: str, position: int, expected: str, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        uri_reference(value)
    assert (error.value.position, error.value.hint is None) == (position, hint is None)
    assert expected in error.value.expected
    assert (hint or "") in (error.value.hint or "")


@pytest.mark.parametrize(("uri", "expected"), [
    # RFC 3986 §6.2.2, §6.2.3; RFC 9110 §4.2.3
    ("HTTP://u%3a%7E@H%7e.Example:80?A%3d%41#%7eB", "http://u%3A~@h~.example/?A%3DA#~B"), ("//H:80", "//h:80/"),
    ("http://[::A]:80", "http://[::a]/"), ("http://[::A]", "http://[::a]/"), ("https://h:80/", "https://h:80/"),
    ("wss://h:443/", "wss://h/"), ("ws://h:80/", "ws://h/"), ("x://h:1/", "x://h:1/"), ("http://h:/", "http://h/"),
    ("/a/../%62", "/a/../b"), ("x:a/../b", "x:/b"), ("http://h:8a/", "http://h:8a/"), ("mailto:A@B", "mailto:A@B"),
    ("http://h/?", "http://h/?"), ("http://h/#", "http://h/#"), ("http://a@@b:80/", "http://a@@b/"),
])
def test_normal_forms(uri: str, expected: str) -> None:
    assert normalise(uri) == expected


@pytest.mark.parametrize(("one", "other"), [
    # RFC 9110 §4.2.3, RFC 3986 §6.2.2
    ("http://example.com:80/~smith/home.html", "http://EXAMPLE.com/%7Esmith/home.html"),
    ("http://EXAMPLE.com/%7Esmith/home.html", "http://EXAMPLE.com:/%7esmith/home.html"),
    ("example://a/b/c/%7Bfoo%7D", "eXAMPLE://a/./b/../b/%63/%7bfoo%7d"),
    ("http://example.com", "http://example.com/"), ("HTTP://h/", "http://h/"), ("https://h:443/", "https://h/"),
])
def test_equivalent(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(("one", "other"), [
    ("http://h/a", "http://h/A"), ("http://h/%2F", "http://h//"), ("http://h:81/", "http://h/"),
    ("http://h/?", "http://h/"), ("https://h:80/", "https://h/"), ("http://U@h/", "http://u@h/"),
])
def test_different(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@given(st.text(max_size=30), st.text(max_size=30))
def test_nothing_is_refused_in_comparisons(base: str, reference: str) -> None:
    assert isinstance(normalise(resolve(base, reference)), str)


@given(st.text("aZ9:/?#@%4é .-~&", max_size=20))
def test_the_short_patterns_say_the_same_where_there_is_no_bracket(text: str) -> None:
    for whole, short in ((uri._reference, uri._named_reference), (rfc9110._host, rfc9110._named_host)):
        one, other = whole.match(text), short.match(text)
        assert (one and (one.groups(), one.end())) == (other and (other.groups(), other.end()))

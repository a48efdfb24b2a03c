from __future__ import annotations

import pytest

from httplint.grammar import rfc6455
from httplint.grammar.rfc6455 import Extension
from httplint.grammar.syntax import Malformed


def test_key_and_accept() -> None:
    key = "dGhlIHNhbXBsZSBub25jZQ=="
    assert rfc6455.key(key) == key
    assert rfc6455.key("AQIDBAUGBwgJCgsMDQ4PEC==") == "AQIDBAUGBwgJCgsMDQ4PEC=="
    assert rfc6455.accept_for(key) == rfc6455.accept("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    assert rfc6455.accept("YWI=") == "YWI="
    assert rfc6455.accept("YWJj") == "YWJj"
    assert rfc6455.accept_for("\t" + key + " ") == rfc6455.accept_for(key)
    assert len(rfc6455.accept_for("\u20ac")) == 28         # whatever a capture says the key was


@pytest.mark.parametrize(("value", "position", "expected"), [
    ("", 0, "a base64 character"), ("a", 1, "a base64 character"), ("ab", 2, "padding"), ("abc", 3, "padding"),
    ("abcd=", 4, "a base64 character"), ("ab=", 3, "padding"), ("a===", 1, "a base64 character"),
    ("ab==c", 4, "the end"), ("ab===", 4, "the end"), ("abc==", 4, "the end"), ("ab-_", 2, "padding"),
    ("abc= ", 4, "the end"), ("ab cd", 2, "padding")])
def test_flawed_keys(value: str, position: int, expected: str) -> None:
    for parser in (rfc6455.key, rfc6455.accept):
        with pytest.raises(Malformed) as error:
            parser(value)
        assert error.value.position == position
        assert expected in error.value.expected


def test_protocols_and_versions() -> None:
    assert rfc6455.protocols("chat, Superchat") == ("chat", "Superchat")
    assert rfc6455.versions("13") == (13,)
    assert rfc6455.versions("13, 8,0,255") == (13, 8, 0, 255)
    bounds = (0, 9, 10, 99, 100, 199, 200, 249, 250, 255)
    assert rfc6455.versions(", ".join(map(str, bounds))) == bounds
    for value, position in (("", 0), ("256", 0), ("260", 0), ("300", 0), ("013", 0), ("-1", 0), ("x", 0), ("13 8", 3),
                            ("1x", 1), ("1, 300", 3), ("1000", 0)):
        with pytest.raises(Malformed) as error:
            rfc6455.versions(value)
        assert error.value.position == position
    for value, position in (("", 0), ("a b", 2), ("(", 0)):
        with pytest.raises(Malformed) as error:
            rfc6455.protocols(value)
        assert error.value.position == position


def test_extensions() -> None:
    assert rfc6455.extensions("deflate-stream") == (Extension("deflate-stream", ()),)
    assert rfc6455.extensions("mux; max-channels=4; flow-control, deflate-stream") == (
        Extension("mux", (("max-channels", "4"), ("flow-control", None))), Extension("deflate-stream", ()))
    assert rfc6455.extensions('foo, bar ; baz = "2"') == (Extension("foo", ()), Extension("bar", (("baz", "2"),)))
    for value, position in (("", 0), ("a;", 2), ("a;b=", 4), ('a;b="c d"', 4), ('a;b=""', 4), ("a b", 2), ("a;b c", 4),
                            ('a;b="c', 6), ("a;b = (", 6), ("a;b =", 5), ("a;b=(", 4), ("a;(", 2), ("a;b (", 4),
                            ("a (", 2),
                            ("a;b=c d", 6), ('a;b="c" e', 8), ("a;b=c;", 6), (";", 0), ("a ; b\t=\tc d", 10)):
        with pytest.raises(Malformed) as error:
            rfc6455.extensions(value)
        assert error.value.position == position
    assert rfc6455.extensions('a\t;\tb\t=\t"c"\t;d,e') == (
        Extension("a", (("b", "c"), ("d", None))), Extension("e", ()))

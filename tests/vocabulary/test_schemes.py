"""What authentication schemes want of responses."""
from __future__ import annotations

import pytest

from httplint.grammar.rfc7616 import authentication_info
from httplint.grammar.rfc8053 import authentication_control
from httplint.grammar.rfc9110 import credentials
from httplint.vocabulary import schemes


@pytest.mark.parametrize(("value", "misquoted", "missing"), [
    ('rspauth="a", cnonce="b", nc=00000001, qop=auth', (), ()),
    ('nextnonce="a"', (), ()),
    ("nextnonce=a, x=y", ("nextnonce",), ()),
    ('qop="auth", nc="00000001"', ("qop", "nc"), ("rspauth", "cnonce")),
    ("qop=x", (), ()),
    ("", (), ()),
])
def test_info(value: str, misquoted: tuple[str, ...], missing: tuple[str, ...]) -> None:
    assert schemes.misquoted_info(authentication_info(value)) == misquoted
    assert schemes.missing_info(authentication_info(value)) == missing


def test_counts() -> None:
    assert [schemes.eight_digits(text) for text in ("00000001", "0000000F", "1", "000000001", "0000000g", "")] == [
        True, True, False, False, False, False]


def test_of_digest() -> None:
    assert schemes.of_digest(credentials("digest qop=auth"), "qop") == "auth"
    assert schemes.of_digest(credentials("Digest a=b"), "qop") is None
    assert schemes.of_digest(credentials("Newauth qop=auth"), "qop") is None


@pytest.mark.parametrize(("value", "expected"), [
    ('Basic realm="a", x=1, Basic realm="b", x=1', ()), ('Basic realm="a", x=1, basic realm="a", x=2', ("x",)),
    ('Basic realm="a", x=1, Digest realm="a", x=1', ()), ("Basic realm=\"a\", x=1, x*=UTF-8''b", ("x*",)),
])
def test_repeated_controls(value: str, expected: tuple[str, ...]) -> None:
    assert schemes.repeated_controls(authentication_control(value)) == expected

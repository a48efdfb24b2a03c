from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.grammar.rfc7838 import AltService, AltSvc, alt_svc
from httplint.grammar.syntax import Malformed


@pytest.mark.parametrize(("value", "expected"), [
    # RFC 7838 §3, §3.1
    ("clear", AltSvc(True, ())),
    ('h2=":8000"', AltSvc(False, (AltService("h2", None, 8000, ()),))),
    ('h2="new.example.org:80"', AltSvc(False, (AltService("h2", "new.example.org", 80, ()),))),
    ('h2="alt.example.com:8000", h2=":443"',
     AltSvc(False, (AltService("h2", "alt.example.com", 8000, ()), AltService("h2", None, 443, ())))),
    ('h2=":443"; ma=3600', AltSvc(False, (AltService("h2", None, 443, (("ma", "3600"),)),))),
    ('h2=":443"; ma=2592000; persist=1',
     AltSvc(False, (AltService("h2", None, 443, (("ma", "2592000"), ("persist", "1"))),))),
    # forms that the grammar allows, and what servers send
    (',w%3Dx%3Ay#z="[2001:db8::1]:1" ;a="b;\\"c\\"",,', AltSvc(False, (
        AltService("w%3Dx%3Ay#z", "[2001:db8::1]", 1, (("a", 'b;"c"'),)),))),
    ('h3-29="\\:443"', AltSvc(False, (AltService("h3-29", None, 443, ()),))),
    ('hq=":443"; ma=2592000; quic=51303431; quic=51303339,quic=":443"; v="46,43"', AltSvc(False, (
        AltService("hq", None, 443, (("ma", "2592000"), ("quic", "51303431"), ("quic", "51303339"))),
        AltService("quic", None, 443, (("v", "46,43"),))))),
])
def test_services(value: str, expected: AltSvc) -> None:
    assert alt_svc(value) == expected


def test_properties() -> None:
    one, two, three = alt_svc('h3=":443";ma="60";persist=1, h3-29=":1";ma=1d, x=":2";ma="\xb2"').services
    assert (one.ma, one.seconds, one.persist, one.current) == ("60", 60, "1", True)
    assert (two.ma, two.seconds, two.persist, two.current) == ("1d", None, None, False)
    assert (three.ma, three.seconds, three.current) == ("\xb2", None, True)
    assert alt_svc('h3=":1"').services[0].seconds is None


@pytest.mark.parametrize(("protocol", "current"), [
    # drafts of HTTP/3, and QUIC of Google; other names are as good as any
    ("h3-29", False), ("h3-Q050", False), ("h3-T051", False), ("hq", False), ("hq-29", False), ("quic", False),
    ("h3", True), ("h3-", True), ("hq-", True), ("quick", True), ("h2", True)])
def test_protocols_that_were_drafts(protocol: str, current: bool) -> None:
    assert alt_svc(f'{protocol}=":1"').services[0].current is current


@pytest.mark.parametrize(("written", "name", "canonical"), [
    # the table of §3
    ("h2", "h2", "h2"), ("w%3Dx%3Ay#z", "w=x:y#z", "w%3Dx%3Ay#z"), ("x%25y", "x%y", "x%25y"),
    # other spellings of the same
    ("w%3dx", "w=x", "w%3Dx"), ("h%32", "h2", "h2"), ("x%y", "x%y", "x%25y"), ("%ff", "\xff", "%FF")])
def test_spelling_of_protocols(written: str, name: str, canonical: str) -> None:
    service = alt_svc(f'{written}=":1"').services[0]
    assert (service.protocol, service.name, service.canonical) == (written, name, canonical)


@pytest.mark.parametrize(("value", "position", "hint"), [
    ("", 0, None), ("Clear", 0, "lower case"), ('clear, h2=":443"', 5, "alone"), ("h3=:443", 3, "double quotes"),
    ('h3="443"', 7, "never left out"), ('h3="a.example"', 13, "never left out"), ('h3=":"', 5, None),
    ('h3=":443', 8, None), ('h3=":44x"', 7, None), ('h2="a b:1"', 5, None),
    ('h2="a}:1"', 5, None), ('h3=":4\xb2"', 6, None), ('h3=":443";,', 10, "semicolon"), ('h3=":443"; a=(', 13, None),
    ('h3=":443"; a="b', 15, None), ('h3=":443"; (', 11, None), ('h3="\\a b"', 3, None), ('h3="a:x"', 6, None),
    ("h3", 2, None), ("h3\t", 2, "whitespace"), ("clear x", 5, "whitespace"), ("(", 0, None),
    ('h3 =":443"', 2, "whitespace"), ('h3=":443"; ma', 13, None),
    ('h3=":443";', 10, "semicolon"), ('h3=":443"; ma=86400;', 20, "semicolon"),
    ('h3=":443" ma=5', 10, "separate the members"),
    ('h2="gr\u00fcn.example:1"', 6, "xn--"), ('h3=":443"; ma=;', 14, None), ('h3=":443";ma=1/2', 14, None),
    ('h3=":443", clear', 16, "alone"), ('h3=":443"; =5', 11, None)])
def test_flaws(value: str, position: int, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        alt_svc(value)
    assert error.value.position == position
    assert error.value.value == value
    assert (hint or "") in (error.value.hint or "")
    assert (error.value.hint is None) is (hint is None)


@given(st.text(st.sampled_from('h3="clear:40;,ma \\%\u00fc'), max_size=30))
def test_any_text(value: str) -> None:
    try:
        found = alt_svc(value)
    except Malformed as error:
        assert 0 <= error.position <= len(value)
    else:
        assert found.clear or found.services

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.grammar.rfc6797 import TransportPolicy, transport_policy
from httplint.grammar.syntax import Malformed


@pytest.mark.parametrize(("value", "directives"), [
    # RFC 6797 §6.2
    ("max-age=31536000", [("max-age", "31536000")]),
    ("max-age=15768000 ; includeSubDomains", [("max-age", "15768000"), ("includesubdomains", None)]),
    ('max-age="31536000"', [("max-age", "31536000")]),
    ("max-age=0", [("max-age", "0")]),
    ("max-age=0; includeSubDomains", [("max-age", "0"), ("includesubdomains", None)]),
    # empty directives, and whitespace between any two words, as the grammar of RFC 2616 has it
    ("", []), (";; ;", []), (";MAX-AGE = 1 ;", [("max-age", "1")]),
    ('later="a; b\\"";preload;x=y', [("later", 'a; b"'), ("preload", None), ("x", "y")]),
    ("max-age=1;max-age=2", [("max-age", "1"), ("max-age", "2")]),
    ('max-age="\\31"', [("max-age", "31")]),
])
def test_directives(value: str, directives: list[tuple[str, str | None]]) -> None:
    assert transport_policy(value) == TransportPolicy(tuple(directives))


def test_properties() -> None:
    found = transport_policy("max-age=60; IncludeSubDomains; Preload; max-age=70; x; X")
    assert (found.max_age, found.include_subdomains, found.preload) == (60, True, True)
    assert found.repeated == ("max-age", "x")
    assert found.unknown == ("x", "x")
    assert transport_policy("later=5; max-age=7").max_age == 7
    bare = transport_policy("later")
    assert (bare.max_age, bare.include_subdomains, bare.preload, bare.repeated) == (None, False, False, ())


@pytest.mark.parametrize(("value", "position", "hint"), [
    ("max-age=31536000, includeSubDomains", 16, "semicolons"), ("max-age=31536000 includeSubDomains", 17, "missing"),
    ("max-age:31536000", 7, "equals sign"), ("max-age", 7, "31536000"), ("max-age=", 8, None),
    ("max-age=-1", 8, "digits"), ("max-age ; x", 7, "31536000"), ("includeSubDomains =true", 18, "no value"),
    ("a=b\tc", 4, "missing"), ('a="b" c', 6, "missing"), ("a = (", 4, None), ('a = "b', 6, None),
    ("a b=c", 2, "missing"), ('"', 0, "quotes"),
    ("max-age=1y", 9, "digits"), ('max-age="1y"', 10, "digits"), ('max-age=""', 9, "digits"),
    ("max-age=1.5", 9, "digits"),
    ("includeSubDomains=true", 17, "no value"), ("includeSubDomains; x; max-age", 29, "31536000"),
    ('"max-age=1"', 0, "quotes"), (",max-age=1", 0, "semicolons"), ('max-age="1', 10, None), ("a=b c", 4, "missing"),
    ("max-age=1; =x", 11, None), ("max-age=1; caf\xe9", 14, None), ("max-age=1/2", 9, None),
])
def test_flaws(value: str, position: int, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        transport_policy(value)
    assert error.value.position == position
    assert (hint or "") in (error.value.hint or "")


ODD = st.text(alphabet=st.sampled_from('maxge-=;, \t"\\019:\x00\xe9'), max_size=30)


@given(ODD | st.text(max_size=20))
def test_nothing_else_is_raised(value: str) -> None:
    try:
        found = transport_policy(value)
    except Malformed as error:
        assert 0 <= error.position <= len(value)
    else:
        assert found.max_age is None or found.max_age >= 0

"""Extended parameter values."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.grammar.rfc8187 import ExtendedValue, extended_value, scan_extended_value
from httplint.grammar.syntax import Malformed


@pytest.mark.parametrize(("value", "expected"), [
    # RFC 8187 §3.2.3, §4.2
    ("utf-8'en'%C2%A3%20rates", ExtendedValue("utf-8", "en", "\u00a3 rates")),
    ("UTF-8''%c2%a3%20and%20%e2%82%ac%20rates", ExtendedValue("utf-8", None, "\u00a3 and \u20ac rates")),
    ("utf-8''%e2%82%ac%20exchange%20rates", ExtendedValue("utf-8", None, "\u20ac exchange rates")),
    # RFC 5987 §3.2.2
    ("iso-8859-1'en'%A3%20rates", ExtendedValue("iso-8859-1", "en", "\u00a3 rates")),
    ("UTF-8'de-CH'", ExtendedValue("utf-8", "de-ch", "")),
    ("UTF-8''%FC", ExtendedValue("utf-8", None, None)),
    ("KOI8-R''%C1", ExtendedValue("koi8-r", None, None)),
    ("UTF-8''!#$&+-.^_`|~aZ9", ExtendedValue("utf-8", None, "!#$&+-.^_`|~aZ9")),
])
def test_values(value: str, expected: ExtendedValue) -> None:
    assert extended_value(value) == expected


@pytest.mark.parametrize(("value", "position", "hint"), [
    ("", 0, None), ("'en'a", 0, None), ('"UTF-8\'\'a"', 0, "quotes"), ("name.txt", 4, "UTF-8''name"),
    ("UTF-8'a", 6, None), ("UTF-8'en", 8, None),
    ("UTF-8'en x'a", 8, None), ("UTF-8''a b", 8, "%20"), ("UTF-8''a%2", 10, "%25"), ("UTF-8''a%zz", 9, "%25"),
    ("UTF-8''a'b", 8, "%27"), ("UTF-8''a*", 8, "%2A"), ("UTF-8''\u00e9", 7, "percent-encoded"),
    ("UTF-8''a;b", 8, "%3B"), ("UTF-8''a\x7f", 8, "%7F"), ("UTF-8''a\x80", 8, "percent-encoded"),
])
def test_flaws(value: str, position: int, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        extended_value(value)
    assert error.value.position == position
    assert (hint or "") in (error.value.hint or "")
    assert (error.value.hint is None) is (hint is None)


def test_what_follows_is_left_to_the_field() -> None:
    assert scan_extended_value("a; b*=UTF-8''c; d", 6) == (ExtendedValue("utf-8", None, "c"), 14)
    for separator in "\t ;,":
        assert scan_extended_value(f"UTF-8''c{separator}d", 0) == (ExtendedValue("utf-8", None, "c"), 8)


@given(st.text(max_size=30))
def test_what_is_encoded_is_read_back(text: str) -> None:
    encoded = "".join(f"%{octet:02x}" for octet in text.encode("utf-8", "replace"))
    assert extended_value(f"utf-8''{encoded}").text == text.encode("utf-8", "replace").decode()


@given(st.text(st.sampled_from("UTF-8'%2aé é\";*"), max_size=30))
def test_any_text(text: str) -> None:
    try:
        extended_value(text)
    except Malformed as error:
        assert 0 <= error.position <= len(text)

"""Prefer and Preference-Applied."""
from __future__ import annotations

import pytest

from httplint.grammar.rfc7240 import Wish, prefer, preference_applied
from httplint.grammar.syntax import Malformed


@pytest.mark.parametrize(("value", "expected"), [
    # RFC 7240 §2, §2.1, §4
    ("foo; bar", [Wish("foo", None, (("bar", None),))]),
    ('foo; bar=""', [Wish("foo", None, (("bar", None),))]),
    ('foo=""; bar', [Wish("foo", None, (("bar", None),))]),
    ("respond-async, wait=100, handling=lenient",
     [Wish("respond-async", None), Wish("wait", "100"), Wish("handling", "lenient")]),
    ("Lenient", [Wish("lenient", None)]),
    ('return=minimal; foo="some parameter"', [Wish("return", "minimal", (("foo", "some parameter"),))]),
    ('a = "b, c" ;D= e;; f,', [Wish("a", "b, c", (("d", "e"), ("f", None)))]),
    ("a;", [Wish("a", None)]), ("a;,b", [Wish("a", None), Wish("b", None)]),
    ("a ; ; b\t=\t\"c\";d, e", [Wish("a", None, (("b", "c"), ("d", None))), Wish("e", None)]),
])
def test_prefer(value: str, expected: list[Wish]) -> None:
    assert prefer(value) == tuple(expected)


def test_preference_applied() -> None:
    assert preference_applied("return=representation") == (Wish("return", "representation"),)
    assert preference_applied('Respond-Async, a = "b;c"') == (Wish("respond-async", None), Wish("a", "b;c"))


@pytest.mark.parametrize(("value", "position", "hint"), [
    ("", 0, None), (",", 1, None), ("a b", 2, "commas"), ("a=", 2, None), ('"a"', 0, "quotes"), ("a=b=c", 3, "commas"),
    ("a; =b", 3, None), ("a = (", 4, None), ("a =", 3, None), ("a=b (", 4, "commas"), ('a = "b" c', 8, "commas"),
    ("a; b c", 5, "commas"), ("a; b=(", 5, None)])
def test_flaws(value: str, position: int, hint: str | None) -> None:
    for parse in (prefer, preference_applied):
        if ";" in value and parse is preference_applied:
            continue
        with pytest.raises(Malformed) as error:
            parse(value)
        assert error.value.position == position
        assert (hint or "") in (error.value.hint or "")
        assert (error.value.hint is None) is (hint is None)


def test_no_parameters_in_what_was_applied() -> None:
    with pytest.raises(Malformed) as error:
        preference_applied("return=minimal; foo")
    assert error.value.position == 14
    assert "parameters" in (error.value.hint or "")

"""IM, A-IM and Delta-Base."""
from __future__ import annotations

import pytest

from httplint.grammar.rfc3229 import DELTA_CODINGS, Manipulation, a_im, delta_base, im
from httplint.grammar.rfc9110 import EntityTag
from httplint.grammar.syntax import Malformed


def test_im() -> None:
    """RFC 3229 §10.5.2."""
    assert im("vcdiff") == (Manipulation("vcdiff", (), 1.0),)
    assert [one.name for one in im("diffe, deflate, range")] == ["diffe", "deflate", "range"]
    assert [one.delta for one in im("range, VCDIFF;a=\"b\"")] == [False, True]
    assert im("") == ()


def test_a_im() -> None:
    """RFC 3229 §10.5.3."""
    assert [(one.name, one.weight) for one in a_im("vcdiff, gdiff;q=0.3 , identity ; Q=0")] == [
        ("vcdiff", 1.0), ("gdiff", 0.3), ("identity", 0.0)]
    assert a_im("x;a;b=c;q=1.000")[0].parameters == (("a", None), ("b", "c"), ("q", "1.000"))


def test_delta_codings() -> None:
    """RFC 3229 §10.1."""
    assert {"vcdiff", "diffe", "gdiff"} == DELTA_CODINGS


def test_delta_base() -> None:
    assert delta_base('"abc"') == EntityTag("abc", False)


@pytest.mark.parametrize(("value", "position"), [
    ("vcdiff gzip", 7), ('"vcdiff"', 0), ("vcdiff;", 7), ("a;q=2", 4), ("a;q=0.1234", 9), ("a;q=x", 4), ("a;b=", 4)])
def test_flaws(value: str, position: int) -> None:
    with pytest.raises(Malformed) as error:
        a_im(value)
    assert error.value.position == position

from __future__ import annotations

import pytest

from httplint.grammar.rfc9110 import Preference
from httplint.grammar.rfc9112 import TransferCoding, te, transfer_encoding
from httplint.grammar.syntax import Malformed


def test_transfer_encoding() -> None:
    assert transfer_encoding("gzip, chunked") == (TransferCoding("gzip", ()), TransferCoding("chunked", ()))
    assert transfer_encoding('X ; A = "b;c" ; d=e, Chunked') == (
        TransferCoding("x", (("a", "b;c"), ("d", "e"))), TransferCoding("chunked", ()))
    assert transfer_encoding("") == ()
    assert transfer_encoding('x\t;\ta\t=\t"b"\t;c=d') == (TransferCoding("x", (("a", "b"), ("c", "d"))),)


@pytest.mark.parametrize(("value", "position"), [
    ("chunked chunked", 8), ("x;", 2), ("x;a", 3), ("x;a=", 4), ("x; a b", 5), ('x;a="b', 6), ("[chunked]", 0),
    ("chunked;,", 8), ("x;a=b c", 6), ("x;a=(", 4), ("x;(", 2), ("x;a=b;", 6), ("x;a =", 5), ("x ; a\t=\t(", 8),
    ("x;a=b ; c", 9), ("x/", 1)])
def test_flawed_transfer_encoding(value: str, position: int) -> None:
    with pytest.raises(Malformed) as error:
        transfer_encoding(value)
    assert error.value.position == position


def test_te() -> None:
    assert te("deflate") == (Preference("deflate", 1.0),)
    assert te("") == ()
    assert te("trailers, deflate;q=0.5") == (Preference("trailers", 1.0), Preference("deflate", 0.5))
    assert te("X;a=b;Q=0.25") == (Preference("x", 0.25, (("a", "b"),)),)
    with pytest.raises(Malformed) as error:
        te("trailers, gzip;q = 1.5")
    assert error.value.position == 21

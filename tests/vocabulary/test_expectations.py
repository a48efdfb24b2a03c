from __future__ import annotations

import pytest

from httplint.model.evidence import NotEvaluated
from httplint.model.message import Request
from httplint.vocabulary.expectations import awaits_continue, expects_continue


def post(version: str = "1.1", **fields: str) -> Request:
    return Request("POST", "/", version, headers=[(name.replace("_", "-"), value) for name, value in fields.items()])


def test_expects_continue() -> None:
    assert expects_continue(post(Expect="100-Continue"))
    assert expects_continue(post(Expect="foo=bar, 100-continue"))
    assert not expects_continue(post(Expect="100-continue=yes"))
    assert not expects_continue(post())
    with pytest.raises(NotEvaluated):
        expects_continue(post(Expect="100 continue"))


def test_awaits_continue() -> None:
    assert awaits_continue(post(Expect="100-continue", Content_Length="3"))
    assert awaits_continue(post(Expect="100-continue", Transfer_Encoding="chunked"))
    assert not awaits_continue(post(Expect="100-continue", Content_Length="0"))
    assert not awaits_continue(post(Expect="100-continue"))
    assert not awaits_continue(post(Content_Length="3"))
    assert not awaits_continue(post("1.0", Expect="100-continue", Content_Length="3"))
    assert not awaits_continue(Request("POST", "/", headers=None))

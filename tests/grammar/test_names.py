from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.grammar.names import SHORTEST, meant_name, one_slip
from httplint.grammar.table import FIELDS


@pytest.mark.parametrize(("name", "meant"), [
    ("content-lenght", "Content-Length"), ("cache-contro", "Cache-Control"), ("cache-controll", "Cache-Control"),
    ("referer-policy", "Referrer-Policy"), ("content_type", "Content-Type"), ("contenttype", "Content-Type"),
    ("cache-contral", "Cache-Control"), ("xontent-type", "Content-Type"), ("ocntent-type", "Content-Type"),
    ("cache-contrlo", "Cache-Control"), ("accesscontrolalloworigin", "Access-Control-Allow-Origin"),
    ("access control allow origin", "Access-Control-Allow-Origin"),
    ("content_security_policy", "Content-Security-Policy"), ("serv_er", "Server"),
    ("x-frame-option", "X-Frame-Options"), ("access-control-allow-header", "Access-Control-Allow-Headers"),
])
def test_a_slip_is_seen(name: str, meant: str) -> None:
    assert meant_name(name) == meant


def test_how_long_names_are_that_are_judged() -> None:
    assert meant_name("content" + "-" * 51 + "length") == "Content-Length"
    assert meant_name("content" + "-" * 52 + "length") is None
    assert (meant_name("srever"), meant_name("srver")) == ("Server", None)


def test_one_slip() -> None:
    assert one_slip("abcd", "abdc")
    assert one_slip("abcd", "abd")
    assert one_slip("abd", "abcd")
    assert one_slip("abcd", "abxd")
    for one, other in (("abab", "baba"), ("abcd", "badc"), ("abcd", "axcy"), ("abcd", "ab"), ("abc", "axcd")):
        assert not one_slip(one, other)


@pytest.mark.parametrize("name", [
    "etag", "page", "links", "x-cache-key", "x-total", "traceid", "grpc-status", "x-robots-header", "expired-at", "",
    "cache-control", "user-agents", "x-powered-bi", "content-yxpe", "cache-contrxx", "se_rv_er", "acche-contrlo",
    "allows", "public-key-pin", "content-md",              # what they resemble is short, or obsolete
])
def test_other_names_mean_themselves(name: str) -> None:
    assert meant_name(name) is None


@given(st.text())
def test_any_text_is_a_name_or_not(name: str) -> None:
    assert meant_name(name) is None or name not in FIELDS


@given(st.data())
def test_every_dropped_letter_is_found_again(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(
        name for name, one in FIELDS.items()
        if len(name) > SHORTEST and one.response and not one.obsolete and one.status != "unregistered")))
    place = data.draw(st.integers(0, len(name) - 1))
    slip = name[:place] + name[place + 1:]
    assert slip in FIELDS or meant_name(slip) is not None

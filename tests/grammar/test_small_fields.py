"""Fields of specifications that have just one or two: Keep-Alive, Memento-Datetime, Forwarded and the like."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from httplint.grammar import rfc2068, rfc7089, rfc7239, rfc7616, rfc8053, rfc8555, rfc9297, rfc9652, rfc10008
from httplint.grammar.syntax import Malformed


def test_keep_alive() -> None:
    assert rfc2068.keep_alive("timeout=5, Max = 1000") == (
        rfc2068.KeepAliveParameter("timeout", "5"), rfc2068.KeepAliveParameter("max", "1000"))
    assert rfc2068.keep_alive("") == ()


def test_memento_datetime() -> None:
    assert rfc7089.memento_datetime("Wed, 30 May 2007 18:47:52 GMT").timestamp == 1180550872


def test_forwarded() -> None:
    """RFC 7239 §4."""
    assert [one.pairs for one in rfc7239.forwarded('For="[2001:db8:cafe::17]:4711"')] == [
        (("for", "[2001:db8:cafe::17]:4711"),)]
    assert [one.pairs for one in rfc7239.forwarded("for=192.0.2.60;proto=http;by=203.0.113.43")] == [
        (("for", "192.0.2.60"), ("proto", "http"), ("by", "203.0.113.43"))]
    assert len(rfc7239.forwarded('for=192.0.2.43, for="_gazonk";')) == 2


def test_replay_nonce() -> None:
    assert rfc8555.replay_nonce("oFvnlFP1wIhRlYS2jTaXbA") == "oFvnlFP1wIhRlYS2jTaXbA"


def test_authentication_info() -> None:
    found = rfc7616.authentication_info('nextnonce="x", QOP = auth,, nc=00000001, cnonce="y"')
    assert found.names == ("nextnonce", "qop", "nc", "cnonce")
    assert found.quoted == {"nextnonce", "cnonce"}
    assert (found.qop, found.nc, found.cnonce, found.parameter("rspauth")) == ("auth", "00000001", "y", None)


def test_authentication_control() -> None:
    """RFC 8053 §4.2, §4.7."""
    (one,) = rfc8053.authentication_control('Digest realm="protected space", auth-style=modal')
    assert (one.name, one.parameters) == ("digest", (("realm", "protected space"), ("auth-style", "modal")))
    assert len(rfc8053.authentication_control('Basic username="admin", Mutual username*=UTF-8\'\'Ren%C3%89e')) == 2
    assert rfc8053.optional_challenges('Basic realm="xxxx"')[0].realm == "xxxx"


def test_structured_ones() -> None:
    found = rfc10008.accept_query('"application/jsonpath", application/sql;charset="UTF-8"')
    assert [(one.value, one.names) for one in found] == [("application/jsonpath", ()),
    ("application/sql", ("charset",))]
    (link,) = rfc9652.link_template('"/author"; rel="author"; title=%"Bj%c3%b6rn"')
    assert (link.value, link.parameter("title")) == ("/author", "Bj\u00f6rn")
    assert rfc9297.capsule_protocol("?1;a=b").value is True


@pytest.mark.parametrize(("parse", "value", "position", "hint"), [
    (rfc2068.keep_alive, "300", 3, "timeout=5"), (rfc2068.keep_alive, "timeout=", 8, None),
    (rfc7089.memento_datetime, "Wednesday, 30-May-07 18:47:52 GMT", 0, "rfc850"),
    (rfc7089.memento_datetime, "2007", 0, None),
    (rfc7239.forwarded, "", 0, None), (rfc7239.forwarded, "for = a", 3, "whitespace"),
    (rfc7239.forwarded, "for=[::1]", 4, None), (rfc7239.forwarded, "for=192.0.2.1:80", 13, "double quotes"),
    (rfc8555.replay_nonce, "", 0, None), (rfc8555.replay_nonce, "ab==", 2, "padding"),
    (rfc8555.replay_nonce, "a+b", 1, "-"),
    (rfc7616.authentication_info, "a", 1, None), (rfc8053.optional_challenges, "", 0, None),
    (rfc8053.authentication_control, "Basic", 5, None), (rfc8053.authentication_control, "Basic abc==", 6, None),
    (rfc8053.authentication_control, "Basic realm=a, x*=b", 19, "UTF-8''"),
    (rfc10008.accept_query, "a/b, json", 5, None), (rfc10008.accept_query, '"a/b;c=d"', 0, "behind the string"),
    (rfc10008.accept_query, "a/b, (c/d)", 5, None), (rfc10008.accept_query, "*/b", 0, None),
    (rfc10008.accept_query, "a/b;c", 0, "neither"), (rfc9652.link_template, "</a>", 0, None),
    (rfc9652.link_template, '"/a,b", x', 8, None), (rfc9652.link_template, '"/a";rel=x', 0, None),
    (rfc9297.capsule_protocol, "1", 0, None),
])
def test_flaws(parse: Callable[[str], object], value: str, position: int, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        parse(value)
    assert error.value.position == position
    assert hint is None or hint in (error.value.hint or "")

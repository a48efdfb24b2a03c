"""Fields of specifications that have just one or two: Keep-Alive, Memento-Datetime, Forwarded and the like."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from httplint.grammar import (
    odata,
    rfc2045,
    rfc2068,
    rfc5323,
    rfc7089,
    rfc7239,
    rfc7469,
    rfc7616,
    rfc8053,
    rfc8473,
    rfc8555,
    rfc8607,
    rfc8613,
    rfc9163,
    rfc9297,
    rfc9449,
    rfc9652,
    rfc10008,
)
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


def test_forwarded_elements_may_have_empty_pairs() -> None:
    """RFC 7239 §4: `[ forwarded-pair ] *( ";" [ forwarded-pair ] )`."""
    assert [one.pairs for one in rfc7239.forwarded(";for=a")] == [(("for", "a"),)]
    assert [one.pairs for one in rfc7239.forwarded("for=a;;by=b")] == [(("for", "a"), ("by", "b"))]
    assert [one.pairs for one in rfc7239.forwarded("for=a;, for=b")] == [(("for", "a"),), (("for", "b"),)]
    assert [one.pairs for one in rfc7239.forwarded("for=a ; by=b")] == [(("for", "a"), ("by", "b"))]


def test_accept_query_is_of_tokens_and_strings() -> None:
    """RFC 10008 §3."""
    for value in ("5", "?1", "1.5", "@5", ":YQ==:", '%"a/b"', "(a/b)"):
        with pytest.raises(Malformed) as error:
            rfc10008.accept_query(value)
        assert error.value.expected == "a media range as a token or a string"
    with pytest.raises(Malformed) as error:
        rfc10008.accept_query("json")
    assert error.value.hint is None


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
    (link,) = rfc9652.link_template('"/{a}";rel="x";anchor="#a";var-base="/b";title="c"')
    assert link.names == ("rel", "anchor", "var-base", "title")
    assert rfc9297.capsule_protocol("?1;a=b").value is True


def test_mime_version() -> None:
    """RFC 2045 §4 has four ways of writing the same."""
    for value in ("1.0", "1.0 (produced by MetaSend Vx.x)", "(produced by MetaSend Vx.x) 1.0",
                  "1.(produced by MetaSend Vx.x)0"):
        assert rfc2045.mime_version(value) == "1.0"


def test_content_base() -> None:
    assert rfc2068.content_base("http://a.example/b/").host == "a.example"


def test_dasl() -> None:
    assert rfc5323.dasl("<DAV:basicsearch>, <http://foo.bar.example/syntax1>") == (
        "DAV:basicsearch", "http://foo.bar.example/syntax1")


def test_key_pins() -> None:
    """RFC 7469 §2.1.5."""
    first, second = "d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM=", "E9CZ9INDbd+2eRQozYqqbQ2yXLVKB9+xcprMF+44U1g="
    found = rfc7469.key_pins(f'pin-sha256="{first}"; PIN-sha256="{second}";max-age=10000; includeSubDomains')
    assert found.pins == (("sha256", first), ("sha256", second))
    assert found.directives[2:] == (("max-age", "10000"), ("includesubdomains", None))
    assert rfc7469.key_pins('; ;max-age=5; pin-sha256=""').pins == ()
    assert rfc7469.key_pins('report-uri="http://example.com/pkp-report";;max-age="5" ;') == rfc7469.KeyPins(
        (("report-uri", "http://example.com/pkp-report"), ("max-age", "5")))


def test_expect_ct() -> None:
    """RFC 9163 §2.1.4."""
    assert rfc9163.expect_ct("max-age=86400, enforce") == (("max-age", "86400"), ("enforce", None))
    assert rfc9163.expect_ct('max-age=86400,report-uri="https://foo.example/report"')[1].value == (
        "https://foo.example/report")


def test_opaque_ones() -> None:
    assert rfc9449.dpop_nonce("eyJ7S_zG.eyJH0-Z.HX4w-7v") == "eyJ7S_zG.eyJH0-Z.HX4w-7v"
    assert rfc8613.oscore("CSU") == "CSU"
    assert rfc8613.oscore("AA") == "AA"                    # RFC 8613 §11.1: an empty option
    assert rfc8607.cal_managed_id("aUNhbGVuZGFy") == "aUNhbGVuZGFy"
    assert rfc8473.include_referred("true")


def test_odata() -> None:
    assert [odata.odata_version(value) for value in ("4.0", "4.01")] == ["4.0", "4.01"]
    assert [odata.repeatability_result(value) for value in ("Accepted", "REJECTED")] == ["accepted", "rejected"]


@pytest.mark.parametrize(("parse", "value", "position", "hint"), [
    (rfc2045.mime_version, "", 0, "1.0"), (rfc2045.mime_version, "1", 1, "1.0"),
    (rfc2045.mime_version, "1.0.0", 3, "1.0"), (rfc2045.mime_version, "1,0", 1, "1.0"),
    (rfc2045.mime_version, "10", 2, "1.0"), (rfc2045.mime_version, "1 0", 2, "1.0"),
    (rfc2045.mime_version, "1.(b", 4, None), (rfc2045.mime_version, "1.x", 2, "1.0"),
    (rfc2045.mime_version, ".1", 0, "1.0"),
    (rfc2045.mime_version, "1.0 (a", 6, None), (rfc2068.content_base, "/a/", 0, None),
    (rfc2068.content_base, "http://a/ b", 9, "%20"), (rfc5323.dasl, "", 0, None),
    (rfc5323.dasl, "DAV:basicsearch", 0, "angle brackets"), (rfc5323.dasl, "<basicsearch>", 1, None),
    (rfc5323.dasl, "<DAV:basicsearch> <a:b>", 18, None),
    (rfc7469.key_pins, "", 0, None), (rfc7469.key_pins, "max-age", 7, "max-age=5184000"),
    (rfc7469.key_pins, "max-age=5d", 7, "max-age"), (rfc7469.key_pins, 'max-age=""', 7, "max-age"),
    (rfc7469.key_pins, "includeSubDomains=1", 17, "no value"),
    (rfc7469.key_pins, "pin-sha256=YWJj", 11, None), (rfc7469.key_pins, "pin-sha256", 10, None),
    (rfc7469.key_pins, "max-age=5, includeSubDomains", 9, "semicolons"), (rfc7469.key_pins, "a =b", 2, None),
    (rfc8473.include_referred, "", 0, "leave the field out"), (rfc8607.cal_managed_id, '"a"', 0, "quotes"),
    (rfc8607.cal_managed_id, "a;b", 1, None), (rfc8613.oscore, "", 0, None), (rfc8613.oscore, "A", 1, "AA"),
    (rfc8613.oscore, "CSU=", 3, "padding"), (rfc9163.expect_ct, "", 0, None),
    (rfc9163.expect_ct, "max-age=5; enforce", 9, "commas"), (rfc9163.expect_ct, "max-age", 7, "86400"),
    (rfc9163.expect_ct, 'max-age=""', 7, "86400"), (rfc9163.expect_ct, "max-age=5d", 7, "86400"),
    (rfc9163.expect_ct, "enforce=1", 7, "no value"), (rfc9163.expect_ct, "report-uri", 10, None),
    (rfc9163.expect_ct, "report-uri=https://a.example/", 16, "double quotes"), (rfc9449.dpop_nonce, "", 0, None),
    (rfc9449.dpop_nonce, '"a"', 0, "quotes"), (rfc9449.dpop_nonce, "a b", 1, None),
    (odata.odata_version, "v4", 0, None), (odata.odata_version, ".0", 0, None), (odata.odata_version, "4.", 1, "4.0"),
    (odata.odata_version, "4", 1, "4.0"), (odata.odata_version, "4.0;NetFx", 3, "nothing else"),
    (odata.repeatability_result, "done", 0, None),
    (rfc2068.keep_alive, "300", 3, "timeout=5"), (rfc2068.keep_alive, "timeout=", 8, None),
    (rfc7089.memento_datetime, "Wednesday, 30-May-07 18:47:52 GMT", 0, "RFC 850"),
    (rfc7089.memento_datetime, "2007", 0, "not a date"),
    (rfc7239.forwarded, "", 0, None), (rfc7239.forwarded, "for = a", 3, "whitespace"),
    (rfc7239.forwarded, "for=[::1]", 4, None), (rfc7239.forwarded, "for=192.0.2.1:80", 13, "double quotes"),
    (rfc7239.forwarded, 'for="[::1]":80', 11, None),
    (rfc7239.forwarded, "for=a[", 5, "double quotes"), (rfc7239.forwarded, "for=a b", 6, "separate the members"),
    (rfc7239.forwarded, "for=a; (", 7, None), (rfc7239.forwarded, "for=a,;for", 10, "whitespace"),
    (rfc8555.replay_nonce, "", 0, None), (rfc8555.replay_nonce, "ab==", 2, "padding"),
    (rfc8555.replay_nonce, "a+b", 1, "-"),
    (rfc7616.authentication_info, "a", 1, None), (rfc8053.optional_challenges, "", 0, None),
    (rfc8053.authentication_control, "Basic", 5, None), (rfc8053.authentication_control, "Basic abc==", 6, None),
    (rfc8053.authentication_control, "Basic realm=a, x*=b", 19, "UTF-8''"),
    (rfc8053.authentication_control, 'Basic x*="a\\"b"', 1, "UTF-8''"),
    (rfc10008.accept_query, "a/b, json", 5, None), (rfc10008.accept_query, '"a/b;c=d"', 0, "behind the string"),
    (rfc10008.accept_query, "a/b, (c/d)", 5, None), (rfc10008.accept_query, "*/b", 0, None),
    (rfc10008.accept_query, "a/b;c", 0, "neither"), (rfc10008.accept_query, '%"a/b"', 0, None),
    (rfc9652.link_template, "</a>", 0, "no item begins"),
    (rfc9652.link_template, '"/a,b", x', 8, None), (rfc9652.link_template, '"/a";rel=x', 0, None),
    *((rfc9652.link_template, f'"/a";{parameter}', 0, None)
      for parameter in ('rel=%"x"', 'anchor=%"x"', 'var-base=%"x"', "title=5", "title", "title=x", "title=:YQ==:")),
    (rfc9297.capsule_protocol, "1", 0, None),
])
def test_flaws(parse: Callable[[str], object], value: str, position: int, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        parse(value)
    assert error.value.position == position
    assert (hint or "") in (error.value.hint or "")
    assert (error.value.hint is None) is (hint is None)

from __future__ import annotations

import pytest

from httplint.grammar.policies import (
    REFERRER_POLICIES,
    Feature,
    FrameOptions,
    NoVarySearch,
    PolicyToken,
    Refresh,
    feature_policy,
    frame_options,
    no_vary_search,
    nosniff,
    origin_trials,
    permissions_policy,
    policy_flag,
    policy_token,
    policy_tokens,
    referrer_policy,
    refresh,
    rule_sets,
)
from httplint.grammar.syntax import Malformed


def feature(name: str, *allowed: str, ignored: tuple[str, ...] = (), quoted: tuple[str, ...] = (),
            lost: tuple[str, ...] = ()) -> Feature:
    return Feature(name, allowed, ignored, quoted, lost)


@pytest.mark.parametrize(("value", "expected"), [
    # Permissions Policy §2
    ("fullscreen=(), geolocation=()", [feature("fullscreen"), feature("geolocation")]),
    ('geolocation=(self "https://example.com")', [feature("geolocation", "self", "https://example.com")]),
    ('geolocation=(self "https://example.com" "https://*.example.com")',
     [feature("geolocation", "self", "https://example.com", "https://*.example.com")]),
    ('geolocation=(self "https://example.com:*")', [feature("geolocation", "self", "https://example.com:*")]),
    # §5.2
    ('usb=*, midi="https://a.example", camera=self;report-to="a"',
     [feature("usb", "*"), feature("midi", "https://a.example"),
      feature("camera", "self")._replace(report_to="a")]),
    ("usb=none, midi=(self src 5 ?1), camera", [
        feature("usb", ignored=("none",)), feature("midi", "self", ignored=("src", "5", "?1")),
        feature("camera", ignored=("?1",))]),
    ("a=(?0 1.5 :YQ==: @5 %\"b\"), b=5", [
        feature("a", ignored=("?0", "1.5", ":YQ==:", "@5", '%"b"')), feature("b", ignored=("5",))]),
    ("a=(* self);b;report-to=x;c", [feature("a", "*", "self", lost=("b", "c"))._replace(report_to="x")]),
    ("a=(\"self\" \"none\" \"src\" \"'SELF'\" \"https://x\")", [
        feature("a", "https://x", quoted=("self", "none", "src", "'SELF'"))]),
    ("usb=(\"self\"), midi=\"'none'\"", [feature("usb", quoted=("self",)), feature("midi", quoted=("'none'",))]),
    ("usb=self; midi=self", [feature("usb", "self", lost=("midi",))]),
    ("", []),
])
def test_permissions(value: str, expected: list[Feature]) -> None:
    assert permissions_policy(value) == tuple(expected)


@pytest.mark.parametrize(("value", "position", "hint"), [
    ("geolocation 'self'; camera 'none'", 12, "Feature-Policy"), ("camera *", 7, "Feature-Policy"),
    ("geolocation=('self')", 13, "without quotes"),
    ("geolocation=(), camera=(self 'https://a.example')", 29, "double quotes"),
    ("geolocation=(); camera=()", 23, "commas"), ("a=();", 5, "commas"), ("a=(self, b)", 7, "spaces"),
    ("a=b,,c", 4, "a key begins"), ("a=(self", 7, "end of inner list not found"), ("a=;b", 2, "no item begins"),
    ("a=b;C", 4, "commas"),
    ("a='self'", 2, "without quotes"), ("a=(x 'self')", 5, "without quotes"), ("a=(), Camera=()", 6, "lower case"),
    ("Camera=()", 0, "lower case"), ("camera=(),", 10, "trailing comma")])
def test_permissions_flaws(value: str, position: int, hint: str) -> None:
    with pytest.raises(Malformed) as error:
        permissions_policy(value)
    assert error.value.position == position
    assert hint in (error.value.hint or "")


def test_feature_policy() -> None:
    assert feature_policy("geolocation 'self' https://a.example; camera 'none', midi *;") == (
        feature("geolocation", "'self'", "https://a.example"), feature("camera", "'none'"), feature("midi", "*"))
    assert feature_policy("camera 'none';; , \tmidi") == (feature("camera", "'none'"), feature("midi"))
    for value, position, hint in (("midi *; geolocation=(self)", 19, "Permissions-Policy"),
                                  (", b=", 3, "Permissions-Policy"), ("a_b c", 1, None), ("x;  a! b", 5, None)):
        with pytest.raises(Malformed) as error:
            feature_policy(value)
        assert error.value.position == position
        assert (hint or "") in (error.value.hint or "")
        assert (error.value.hint is None) is (hint is None)


@pytest.mark.parametrize(("value", "expected"), [
    # Referrer Policy §4.1.1, §11.1
    ("no-referrer", ("no-referrer",)), ("no-referrer,unsafe-url", ("no-referrer", "unsafe-url")),
    (" Origin ,, a-new-one", ("origin", "a-new-one"))])
def test_referrer_policies(value: str, expected: tuple[str, ...]) -> None:
    assert referrer_policy(value) == expected


def test_names_of_referrer_policies() -> None:
    """Referrer Policy §3."""
    assert {"no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin", "unsafe-url",
            "origin-when-cross-origin", "strict-origin-when-cross-origin"} == REFERRER_POLICIES


@pytest.mark.parametrize(("value", "position", "hint"), [
    ('"no-referrer"', 0, "quotes"), ("'origin'", 0, "quotes"), ("origin; unsafe-url", 6, "commas"),
    ("origin unsafe-url", 7, "commas"), ("no_referrer", 2, None), ("", 0, None), (",", 1, None),
    ("origin\tx", 7, "commas"), ("(a)", 0, None), ("a(b", 1, None), ("a;", 1, "commas")])
def test_referrer_policy_flaws(value: str, position: int, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        referrer_policy(value)
    assert error.value.position == position
    assert (hint or "") in (error.value.hint or "")
    assert (error.value.hint is None) is (hint is None)


@pytest.mark.parametrize(("value", "expected"), [
    # RFC 7034 §2.2.1
    ("DENY", FrameOptions("DENY", None)), ("SAMEORIGIN", FrameOptions("SAMEORIGIN", None)),
    ("ALLOW-FROM https://example.com/", FrameOptions("ALLOW-FROM", "https://example.com/")),
    ("sameOrigin", FrameOptions("SAMEORIGIN", None)), ("deny, DENY", FrameOptions("DENY", None, 2)),
    ("allow-from \thttps://a", FrameOptions("ALLOW-FROM", "https://a"))])
def test_frame_options(value: str, expected: FrameOptions) -> None:
    assert frame_options(value) == expected


@pytest.mark.parametrize(("value", "position", "hint"), [
    ("ALLOWALL", 0, "leave the field out"), ("SAMEORIGIN, DENY", 10, "one value"), ("SAMEORIGIN;", 10, None),
    ("SAME-ORIGIN", 0, "no hyphen"), ('"DENY"', 0, "quotes"), ("ALLOW-FROM", 0, "frame-ancestors"),
    ("ALLOW-FROM: https://a", 0, "frame-ancestors"), ("ALLOW-FROM a b", 0, "frame-ancestors"),
    ("none", 0, "value of frame-ancestors"), ("Self", 0, "value of frame-ancestors"), ("DENY x", 4, None),
    ("DENY, SAMEORIGIN", 4, "one value"), ("ALLOW FROM a", 0, "browsers know no"), ("x", 0, None), (",", 0, None),
    ("allow_from a", 0, "browsers know no"), ("ALLOWFROM a", 0, "browsers know no"), ("same origin", 0, "no hyphen"),
    ("SAME_ORIGIN", 0, "no hyphen"), ("ALLOW", 0, "leave the field out"), ("'DENY'", 0, "quotes"),
    ("SAMEORIGIN DENY", 10, None), ("ALLOW-FROM a, b", 0, "browsers know no"), ("x, DENY", 0, None),
    ("", 0, None)])
def test_frame_options_flaws(value: str, position: int, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        frame_options(value)
    assert error.value.position == position
    assert error.value.expected == ("the end" if position else "DENY or SAMEORIGIN")
    assert (hint or "") in (error.value.hint or "")
    assert (error.value.hint is None) is (hint is None)


def test_nosniff() -> None:
    assert nosniff("NoSniff") == ("nosniff",)
    assert nosniff("nosniff, NOSNIFF") == ("nosniff", "nosniff")
    for value, position, hint in (
            ("nosniff, none", 7, "one value"), ("nosniff \t, x", 7, "one value"), ("nosniff;", 7, None),
            ("nosniff x", 7, None), ("no-sniff", 0, None), ('"nosniff"', 0, "quotes"), ("'nosniff'", 0, "quotes"),
            ("", 0, None), (", none", 0, None)):
        with pytest.raises(Malformed) as error:
            nosniff(value)
        assert error.value.position == position
        assert (hint or "") in (error.value.hint or "")
        assert (error.value.hint is None) is (hint is None)


def test_policy_tokens_and_flags() -> None:
    assert policy_token("same-origin") == PolicyToken("same-origin")
    assert policy_token('require-corp; report-to="a";b') == PolicyToken("require-corp", "a", ("report-to", "b"))
    assert policy_token("require-corp; report-to=a").report_to is None
    assert policy_tokens("credentialed-prerender, fenced-frame") == ("credentialed-prerender", "fenced-frame")
    assert rule_sets('"/a.json", "/b"') == ("/a.json", "/b")
    assert policy_flag("?1") is True
    assert policy_flag("?0;a") is False
    assert origin_trials('YWJj+/==, "YWJj"') == ("YWJj+/==", "YWJj")
    assert origin_trials("a-_9") == ("a-_9",)
    assert policy_token("a") == PolicyToken("a", None, ())


@pytest.mark.parametrize(("parse", "value", "position", "hint"), [
    (policy_token, '"same-origin"', 0, "quotes"), (policy_token, "same-origin, same-origin", 11, "one value"),
    (policy_token, "same-origin;", 12, "semicolon"), (policy_token, "'same-origin'", 0, "quotes"),
    (policy_token, "5", 0, ""), (policy_token, "a; ", 3, "no semicolon at the end"),
    (policy_token, "a ;", 2, "something stands behind"), (policy_token, ";", 0, "no item begins"),
    (policy_token, "a 'b'", 2, "not put in quotes"), (policy_token, "a b", 2, "something stands behind"),
    (policy_token, "a; B;", 3, "a key begins"), (rule_sets, "./a", 0, "URLs are put in double quotes"),
    (rule_sets, "<a>", 0, "URLs are put in double quotes"), (rule_sets, "'a'", 0, "strings are put"),
    (rule_sets, '"a" "b"', 4, "members are separated"), (policy_tokens, "/a", 0, "no item begins"),
    (policy_flag, "1", 0, "?1"), (policy_flag, "true", 0, "?1"), (policy_flag, "?1, ?1", 2, "one value"),
    (policy_flag, "?2", 1, ""), (policy_flag, "", 0, "?1"), (policy_tokens, 'a, "b"', 3, "quotes"),
    (policy_tokens, "(a)", 0, ""), (rule_sets, "/a.json", 0, "double quotes"),
    (rule_sets, '"/a", b', 6, "double quotes"),
    (origin_trials, "<a>", 0, "")])
def test_policy_flaws(parse: object, value: str, position: int, hint: str) -> None:
    assert callable(parse)
    with pytest.raises(Malformed) as error:
        parse(value)
    assert error.value.position == position
    assert hint in (error.value.hint or "")


@pytest.mark.parametrize(("value", "expected"), [
    ("5", Refresh(5, None)), ("0; url=/a", Refresh(0, "/a")), ("0;URL = '/a b' c", Refresh(0, "/a b")),
    ("1.9,/a", Refresh(1, "/a")), (".5 https://a.example/?b=c;d", Refresh(0, "https://a.example/?b=c;d")),
    ("5;", Refresh(5, None)),
    ("5;url=", Refresh(5, None)), ("5;URL", Refresh(5, "URL")), ("5, x", Refresh(5, "x")), ("5.", Refresh(5, None)),
    ("5; 'a' b", Refresh(5, "a")), ("..", Refresh(0, None)), ("5\t/a", Refresh(5, "/a")), ("5;;a", Refresh(5, ";a")),
    ("5;url\t=\ta ", Refresh(5, "a")), ("5;uRl= 'a;b'", Refresh(5, "a;b")), ("5;ur=a", Refresh(5, "ur=a")),
    ("5 ,\ta", Refresh(5, "a")), ("10", Refresh(10, None)),
    ('5; url="/a', Refresh(5, "/a")), ("5; urls", Refresh(5, "urls"))])
def test_refresh(value: str, expected: Refresh) -> None:
    assert refresh(value) == expected


@pytest.mark.parametrize(("value", "position"), [
    ("url=/a", 0), ("", 0), ("-1", 0), ("5s", 1), ("5/a", 1), ("5.x", 2), ("  5", 0), ("1.5.9x", 5), (";", 0)])
def test_refresh_flaws(value: str, position: int) -> None:
    with pytest.raises(Malformed) as error:
        refresh(value)
    assert error.value.position == position
    assert error.value.expected == ("a semicolon or the end" if position else "a number of seconds")
    assert error.value.hint is None


@pytest.mark.parametrize(("value", "expected"), [
    # draft-ietf-httpbis-no-vary-search §5.2.1
    ('params=("a")', NoVarySearch(False, ("a",), None, "")), ('except=("x")', NoVarySearch(False, None, ("x",), "")),
    ("params=()", NoVarySearch(False, (), None, "")), ("except=()", NoVarySearch(False, None, (), "")),
    ("key-order=?1", NoVarySearch(True, None, None, "")),
    ('except=("x"), key-order', NoVarySearch(True, None, ("x",), "")),
    ("key-order=?0", NoVarySearch(False, None, None, ""))])
def test_no_vary_search(value: str, expected: NoVarySearch) -> None:
    assert no_vary_search(value) == expected


@pytest.mark.parametrize(("value", "flaw"), [
    ('key-order="not a boolean"', "key-order"), ('params="not an inner list"', "params is"),
    ("params=(not-a-string)", "params is"),
    ("params=?0", "params is"), ('except=("a"), params', "params is"), ("params=(a), except=(b)", "params is"),
    ("key-order=(a)", "key-order"), ("key-order=1, params=(a)", "key-order"), ('except=("a" b)', "except is"),
    ("params=?1", "params is"), ('params=?1, except=("x")', "params is"),
    ('params=("a"), except=("x")', "both"), ("params=(), except=()", "both"),
    ('except="not an inner list"', "except is"),
    ("except=(not-a-string)", "except is"), ("except=?1", "except is")])
def test_no_vary_search_flaws(value: str, flaw: str) -> None:
    assert no_vary_search(value).flaw.startswith(flaw if flaw != "both" else "it has both")

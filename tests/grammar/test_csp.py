from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.grammar.csp import (
    DIGESTS,
    DIRECTIVES,
    ContentSecurityPolicy,
    Directive,
    content_security_policy,
    digest,
    kind,
    misfit,
    nonce,
)
from httplint.grammar.syntax import Malformed
from httplint.grammar.table import parsed
from httplint.model.fields import Fields


def policy(*directives: tuple[str, ...]) -> ContentSecurityPolicy:
    return ContentSecurityPolicy(tuple(Directive(name, tuple(values)) for name, *values in directives))


@pytest.mark.parametrize(("value", "expected"), [
    # CSP §2.2.1, §3.1, §6.2.1, §8.1, §8.2, §8.5
    ("script-src 'self'; report-to csp-reporting-endpoint",
     [policy(("script-src", "'self'"), ("report-to", "csp-reporting-endpoint"))]),
    ("script-SRC 'none'", [policy(("script-src", "'none'"))]),
    ("webrtc 'block'", [policy(("webrtc", "'block'"))]),
    ("default-src 'self' http://example.com http://example.net; connect-src 'none';, "
     "connect-src http://example.com/; script-src http://example.com/",
     [policy(("default-src", "'self'", "http://example.com", "http://example.net"), ("connect-src", "'none'")),
      policy(("connect-src", "http://example.com/"), ("script-src", "http://example.com/"))]),
    ("script-src 'strict-dynamic' 'nonce-{RANDOM}'; base-uri 'self';",
     [policy(("script-src", "'strict-dynamic'", "'nonce-{RANDOM}'"), ("base-uri", "'self'"))]),
    ("img-src 'none'; script-src 'none'; font-src 'none'",
     [policy(("img-src", "'none'"), ("script-src", "'none'"), ("font-src", "'none'"))]),
    # forms that the grammar allows, and one that only browsers do
    ("sandbox", [policy(("sandbox",))]), ("a;;b;", [policy(("a",), ("b",))]),
    (" \t; img-src\n*", [policy(("img-src", "*"))]),
    ("script-src a; script-src b", [policy(("script-src", "a"), ("script-src", "b"))]),
    (",,a,,", [policy(("a",))]),
])
def test_policies(value: str, expected: list[ContentSecurityPolicy]) -> None:
    assert content_security_policy(value) == tuple(expected)


def test_the_first_of_repeated_directives_counts() -> None:
    (found,) = content_security_policy("default-src c; script-src a; script-src b")
    assert found.directive("script-src") == Directive("script-src", ("a",))
    assert found.directive("script-src-elem", "script-src", "default-src") == Directive("script-src", ("a",))
    assert found.directive("img-src", "default-src") == Directive("default-src", ("c",))
    assert found.directive("img-src") is None
    assert found.names == ("default-src", "script-src", "script-src")


@pytest.mark.parametrize(("value", "position", "hint"), [
    ("default-src: 'self'", 11, "a space separates"), ("default-src=self", 11, "a space separates"),
    ("default-src 'self'; img_src *", 23, "a semicolon ends"), ("img-src a.example, b.example", 20, "a comma starts"),
    ("\"default-src 'self'\"", 0, "not put in quotes"), ("default-src 'self'; 'unsafe-inline'", 20, "semicolon"),
    ("Content-Security-Policy: default-src 'self'", 23, "behind the name"), ("https://a.example", 5, None),
    ("img-src b\xfccher.example", 9, "Punycode"), ("script-src \xe2\x80\x98self\xe2\x80\x99", 11, "straight"),
    ("", 0, "restricts nothing"), (" ; , ;", 6, "restricts nothing"), ("img-src a\x00", 9, None)])
def test_flaws(value: str, position: int, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        content_security_policy(value)
    assert (error.value.position, error.value.value) == (position, value)
    assert (hint or "") in (error.value.hint or "")


@pytest.mark.parametrize(("source", "expected"), [
    # CSP §2.3.1
    ("'none'", "none"), ("'NONE'", "none"), ("'self'", "keyword"), ("'Strict-Dynamic'", "keyword"),
    ("'report-sha384'", "keyword"), ("https://example.com/path/to/file.js", "host"), ("https://example.com/", "host"),
    ("https:", "scheme"), ("custom-scheme:", "scheme"), ("another.custom-scheme:", "scheme"), ("example.com", "host"),
    ("*.example.com", "host"), ("https://*.example.com:12/path/to/file.js", "host"), ("*", "host"),
    ("https://*:*", "host"),
    ("example.com.", "host"), ("localhost:8080", "host"), ("'nonce-ch4hvvbHDpv7xCSvXCs3BrNggHdTzxUA'", "nonce"),
    ("'NONCE-a+b/-_=='", "nonce"), ("'sha256-abc123'", "hash"), ("'SHA512-321cba='", "hash"), ("a_b.example", "host"),
    ("'unsafe-inlin'", "word"), ("self", "host"),
    # near misses
    ("'nonce-'", ""), ("'nonce-a=b'", ""), ("'nonce-a==='", ""), ("'sha1-abc'", ""), ("'sha256-'", ""),
    ("sha256-abc=", ""),
    ("'self", ""), ("\"self\"", ""), ("*.*.a", ""), ("a.*", ""), ("*a", ""), ("https:a.example", ""),
    ("//a.example", ""),
    ("a.example?b", ""), ("a.example/b#c", ""), ("a.example/%zz", ""), ("[::1]", ""), ("a..b", ""), (":80", ""),
    ("a:b", "")])
def test_sources(source: str, expected: str) -> None:
    assert kind(source) == expected


def test_values_of_nonces_and_hashes() -> None:
    assert nonce("'Nonce-aB='") == "aB="
    assert nonce("'self'") is None
    assert digest("'SHA256-aB+='") == ("sha256", "aB+")
    assert digest("'nonce-a'") is None


@pytest.mark.parametrize(("name", "text", "fits"), [
    ("script-src", "'unsafe-eval'", True), ("script-src", "{nonce}", False), ("frame-ancestors", "'self'", True),
    ("frame-ancestors", "https://a.example", True), ("frame-ancestors", "'none'", True),
    ("frame-ancestors", "'unsafe-inline'", False), ("frame-ancestors", "'nonce-abc'", False),
    ("upgrade-insecure-requests", "1", False), ("webrtc", "'Allow'", True), ("webrtc", "'BLOCK'", True),
    ("webrtc", "allow", False),
    ("report-to", "a", True), ("report-to", "a/b", False), ("sandbox", "allow-scripts", True), ("sandbox", "<", False),
    ("report-uri", "/a?b", True), ("report-uri", "https://a.example/{b}", False), ("trusted-types", "<x>", True)])
def test_misfits(name: str, text: str, fits: bool) -> None:
    assert (misfit(DIRECTIVES[name], text) is None) is fits


@pytest.mark.parametrize(("name", "text", "expected", "hint"), [
    ("frame-ancestors", "'nonce-a'", "a host, a scheme, 'self' or 'none'", ""),
    ("frame-ancestors", "a?b", "a host, a scheme, 'self' or 'none'", "no query"),
    ("report-uri", "{", "a character allowed in a URI", "%7B"), ("report-uri", "http://a:b", "a port number", ""),
    ("script-src", "nonce-{}", "a source", "a nonce is"), ("script-src", "'nonce-", "a source", "a nonce is"),
    ("script-src", "'sha256-'", "a source", "a hash is"), ("script-src", "'sha384-'", "a source", "a hash is"),
    ("script-src", "'sha512-?'", "a source", "a hash is"), ("script-src", "sha256-{", "a source", "a hash is"),
    ("script-src", "'sha1-a'", "a source", "hashes are of"), ("script-src", "'sha224-a'", "a source", "hashes are of"),
    ("script-src", "'md5-a'", "a source", "hashes are of"), ("script-src", "'sha-1'", "a source", None),
    ("script-src", "'self", "a source", "keywords are"), ("script-src", '"self', "a source", "keywords are"),
    ("script-src", 'self"', "a source", "keywords are"), ("script-src", "`self", "a source", "keywords are"),
    ("script-src", "self`", "a source", "keywords are"), ("script-src", "self'", "a source", "keywords are"),
    ("script-src", "a?b", "a source", "no query"), ("script-src", "a#b", "a source", "no query"),
    ("script-src", "*a", "a source", "an asterisk"), ("script-src", ":80", "a source", ""),
    ("webrtc", "x", "'allow' or 'block'", ""), ("report-to", "/", "a token", ""),
    ("upgrade-insecure-requests", "1", "no value", "none"),
])
def test_why_a_word_does_not_fit(name: str, text: str, expected: str, hint: str | None) -> None:
    """CSP §2.3.1, §6: what the value of each directive is made of."""
    found = misfit(DIRECTIVES[name], text)
    if hint is None:
        assert found is None
        return
    assert found is not None
    assert found[0] == expected
    assert hint in found[1]
    assert bool(found[1]) is bool(hint)


def test_lengths_of_digests() -> None:
    """In base64 without padding."""
    assert {name: -(-hashlib.new(name).digest_size * 8 // 6) for name in DIGESTS} == DIGESTS


def test_what_a_policy_that_only_reports_knows() -> None:
    """CSP §6.3.2: sandbox is ignored where a policy only reports."""
    assert not DIRECTIVES["sandbox"].monitored
    assert DIRECTIVES["script-src"].monitored
    assert DIRECTIVES["script-src"].name == "script-src"


@pytest.mark.parametrize("text", ["https:", "'none'", "'NONE'", "'later'", "https://a.example:8443", "'SELF'"])
def test_ancestors(text: str) -> None:
    """CSP §6.4.2; a word in quotes that is unknown may become known."""
    assert misfit(DIRECTIVES["frame-ancestors"], text) is None


words = st.sampled_from(["default-src", "IMG-SRC", "'self'", "'nonce-ab'", "https:", "*", "a.example/b", ";", ";;",
" ", "\t",
                         "script-src 'none'", "'", "=", "\xe9", "{"])


@given(st.lists(words, max_size=12).map(" ".join), st.lists(words, max_size=12).map(" ".join))
def test_lines_are_lists(one: str, other: str) -> None:
    try:
        found = content_security_policy(one), content_security_policy(other)
    except Malformed:
        return
    name = "content-security-policy"
    assert parsed(Fields(((name, one), (name, other))), name) == found[0] + found[1]
    assert content_security_policy(f"{one},{other}") == found[0] + found[1]


@given(st.text(max_size=30))
def test_sources_are_of_one_kind(text: str) -> None:
    for word in text.split():
        assert kind(word) in ("none", "keyword", "nonce", "hash", "scheme", "host", "word", "")
        for directive in DIRECTIVES.values():
            found = misfit(directive, word)
            assert found is None or found[0]

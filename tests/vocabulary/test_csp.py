from __future__ import annotations

import pytest

from httplint.grammar.csp import content_security_policy
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Response
from httplint.vocabulary.csp import (
    MOST,
    allows_eval,
    blocks_all_scripts,
    framers,
    inline_scripts,
    inline_styles,
    named_endpoints,
    nonces,
    policy_directives,
    policy_values,
    script_rules,
    sources_over_http,
    trusts_marked_scripts,
    unheard_policies,
    wide_scripts,
)

ENFORCED = "Content-Security-Policy"
MONITORED = "Content-Security-Policy-Report-Only"
BOTH = ENFORCED, MONITORED


def response(*lines: tuple[str, str]) -> Response:
    return Response(200, headers=lines)


def flaws(value: str, name: str = ENFORCED) -> list[tuple[str, str]]:
    return [(one.text, one.flaw) for one in policy_values(response((name, value)), *BOTH) if one.flaw]


REAL = (
    # helmet 8
    "default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';frame-ancestors 'self';img-src "
    "'self' data:;object-src 'none';script-src 'self';script-src-attr 'none';style-src 'self' https: 'unsafe-inline';"
    "upgrade-insecure-requests",
    # Google
    "object-src 'none';base-uri 'self';script-src 'nonce-4aPMBzpMPRGQwxkEWk2jVg' 'strict-dynamic' 'report-sample' "
    "'unsafe-eval' 'unsafe-inline' https: http:;report-uri https://csp.withgoogle.com/csp/gws/other-hp",
    # GitHub
    "default-src 'none'; base-uri 'self'; child-src github.githubassets.com github.com/assets-cdn/worker/; connect-src "
    "'self' uploads.github.com wss://alive.github.com; font-src github.githubassets.com; form-action 'self'; "
    "frame-ancestors 'none'; img-src 'self' data: blob: *.githubusercontent.com; manifest-src 'self'; media-src "
    "github.com user-images.githubusercontent.com/; style-src 'unsafe-inline' github.githubassets.com; "
    "upgrade-insecure-requests; worker-src github.githubassets.com",
    # what else there is
    "script-src 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='; require-trusted-types-for 'script'; "
    "trusted-types a b 'allow-duplicates'; sandbox allow-scripts allow-same-origin; webrtc 'block'; report-to a; "
    "img-src chrome-extension:",
)


@pytest.mark.parametrize("value", REAL)
@pytest.mark.parametrize("name", [ENFORCED, MONITORED])
def test_policies_of_the_wild_have_no_flaw(value: str, name: str) -> None:
    assert flaws(value, name) == []
    found = policy_directives(response((name, value)), *BOTH)
    assert all(one.known and not one.repeated and not one.withdrawn for one in found)


@pytest.mark.parametrize(("value", "expected"), [
    ("default-src 'self' script-src a", [("script-src", "directive")]),
    ("sandbox report-uri", [("report-uri", "directive")]),
    ("img-src self 'self' data data:", [("self", "unquoted"), ("data", "unquoted")]),
    ("script-src unsafe-inline nonce-abc https:*", [("unsafe-inline", "unquoted"), ("nonce-abc", "unquoted"),
                                                    ("https:*", "unquoted")]),
    ("img-src data:8080 self.example https://self", []), ("frame-ancestors NONE", [("NONE", "unquoted")]),
    ("object-src 'none'", []), ("object-src 'None' a.example", [("'None'", "none")]),
    ("script-src 'unsafe-inlin'", [("'unsafe-inlin'", "word")]), ("sandbox allow-script", [("allow-script", "word")]),
    ("script-src 'sha256-abc123'", [("'sha256-abc123'", "digest")]),
    ("script-src 'nonce-{a}' 'self", [("'nonce-{a}'", "grammar"), ("'self", "grammar")]),
    ("frame-ancestors 'unsafe-inline'", [("'unsafe-inline'", "grammar")]), ("report-to a b", [("b", "grammar")]),
    ("upgrade-insecure-requests a", [("a", "grammar")]), ("a-new-one self; plugin-types self", []),
    ("img-src a; img-src self", []),
])
def test_values(value: str, expected: list[tuple[str, str]]) -> None:
    assert flaws(value) == expected


def test_values_say_what_was_meant() -> None:
    (one,) = policy_values(response((ENFORCED, "script-src 'unsafe-inlin'")), *BOTH)
    assert one.hint == "; did you mean \"'unsafe-inline'\"?"
    (one,) = policy_values(response((ENFORCED, "img-src data")), *BOTH)
    assert one.expected == "data:"
    (one,) = policy_values(response((ENFORCED, "script-src 'sha384-abc'")), *BOTH)
    assert one.expected == "64"


def test_directives() -> None:
    found = policy_directives(response(
        ("X-A", "b"), (MONITORED, "sandbox; upgrade-insecure-requests; report-uri /r"),
        (ENFORCED, "IMG-SRC a; plugin-types b; defualt-src c; img-src d, img-src e"), (ENFORCED, "unsafe-inline")),
        *BOTH)
    assert [(one.line, one.name) for one in found] == [
        (2, "img-src"), (2, "plugin-types"), (2, "defualt-src"), (2, "img-src"), (2, "img-src"), (3, "unsafe-inline"),
        (1, "sandbox"), (1, "upgrade-insecure-requests"), (1, "report-uri")]
    assert [one.known for one in found] == [True, True, False, True, True, False, True, True, True]
    assert [one.repeated for one in found] == [False, False, False, True, *[False] * 5]
    assert [one.withdrawn for one in found] == [False, True, *[False] * 7]
    assert [one.monitored for one in found] == [*[True] * 6, False, False, True]
    assert [one.deprecated for one in found] == [*[False] * 8, True]
    assert found[2].like == "; did you mean 'default-src'?"
    assert "semicolon" in found[5].like
    assert found[1].instead == "object-src"


def test_lines_without_a_policy() -> None:
    found = policy_directives(response((ENFORCED, ";"), (ENFORCED, "img-src a")), *BOTH)
    assert [one.line for one in found] == [1]
    with pytest.raises(NotEvaluated):
        policy_directives(response((ENFORCED, "a.b")), *BOTH)
    assert policy_directives(response(("X-A", "b")), *BOTH) == ()


def test_a_megabyte_of_mistakes_is_told_in_part() -> None:
    huge = response((ENFORCED, "x;" * 50_000), (MONITORED, "img-src " + "self " * 50_000))
    assert len(policy_directives(huge, *BOTH)) == MOST
    assert len(policy_values(huge, *BOTH)) == MOST


def test_reports() -> None:
    assert [one.known for one in unheard_policies(response(
        (MONITORED, "img-src a"), (MONITORED, "report-to b, report-uri /c; img-src d"), (ENFORCED, "img-src e")),
        MONITORED)] == [False, True, True]
    assert [(one.line, one.text) for one in named_endpoints(response(
        (MONITORED, "report-to c"), (ENFORCED, "report-to a, report-to b d, img-src c")), *BOTH)] == [
            (1, "a"), (0, "c")]


@pytest.mark.parametrize(("value", "inline", "wide"), [
    # CSP §6.7.3.2
    ("script-src 'unsafe-inline' http://a.com http://b.com", True, ()), ("script-src 'unsafe-inline'", True, ()),
    ("script-src 'sha512-321cba' 'nonce-abc'", False, ()),
    ("script-src http://example.com 'unsafe-inline' 'nonce-abc'", False, ()),
    ("script-src 'unsafe-inline' 'strict-dynamic'", False, ()), ("default-src 'Unsafe-Inline' *", True, ("*",)),
    ("default-src 'unsafe-inline' https:; script-src 'self'", False, ()), ("img-src *", False, ()),
    ("script-src", False, ()),
    ("script-src DATA: https: 'self', img-src *", False, ("data:", "https:")),
    ("script-src *, script-src 'self'", False, ()),
    ("script-src https: 'strict-dynamic' 'nonce-a'", False, ()), ("script-src 'unsafe-inline', img-src a", True, ()),
    ("script-src a; script-src-elem *", False, ("*",))])
def test_scripts(value: str, inline: bool, wide: tuple[str, ...]) -> None:
    policies = content_security_policy(value)
    assert inline_scripts(policies) is inline
    assert wide_scripts(policies) == wide


@pytest.mark.parametrize(("value", "styles", "evaluates"), [
    ("style-src 'unsafe-inline'", True, False), ("style-src 'Unsafe-Inline' 'nonce-abc'", False, False),
    ("default-src 'unsafe-inline' 'unsafe-eval'", True, True), ("style-src 'unsafe-inline', style-src a", False, False),
    ("script-src 'UNSAFE-EVAL' 'nonce-abc'", False, True), ("default-src 'unsafe-eval'; script-src a", False, False),
    ("script-src 'unsafe-eval', script-src a", False, False), ("img-src 'unsafe-eval' 'unsafe-inline'", False, False)])
def test_unsafe(value: str, styles: bool, evaluates: bool) -> None:
    policies = content_security_policy(value)
    assert inline_styles(policies) is styles
    assert allows_eval(policies) is evaluates


@pytest.mark.parametrize(("value", "blocks", "rules"), [
    ("script-src 'strict-dynamic'", True, True), ("default-src 'STRICT-dynamic' https:", True, True),
    ("script-src 'strict-dynamic' 'nonce-a'", False, True), ("script-src 'strict-dynamic' 'sha256-a'", False, True),
    ("default-src 'strict-dynamic'; script-src a", False, True), ("style-src 'strict-dynamic'", False, False),
    ("img-src a, default-src b", False, True), ("sandbox", False, False)])
def test_script_sources(value: str, blocks: bool, rules: bool) -> None:
    policies = content_security_policy(value)
    assert blocks_all_scripts(policies) is blocks
    assert script_rules(policies) is rules


def test_nonces() -> None:
    assert nonces(content_security_policy("script-src 'nonce-a' b 'nonce-c', style-src 'NONCE-a' 'self'")) == ("a", "c")


@pytest.mark.parametrize(("value", "expected"), [
    ("frame-ancestors 'none'", "none"), ("frame-ancestors", "none"), ("frame-ancestors 'SELF'", "self"),
    ("frame-ancestors 'self' https://b.example", "some"), ("frame-ancestors * 'self'", "any"),
    ("frame-ancestors *, frame-ancestors 'none'", "none"), ("frame-ancestors *, frame-ancestors 'self'", "some")])
def test_framers(value: str, expected: str) -> None:
    """§6.4.2: an empty list matches nothing; every policy has to permit."""
    assert framers(content_security_policy(value)) == expected
    with pytest.raises(NotApplicable):
        framers(content_security_policy("default-src 'self'"))


@pytest.mark.parametrize(("value", "expected"), [
    ("script-src 'nonce-abc'", True), ("default-src 'self'", False), ("img-src 'nonce-abc'", False),
    ("script-src 'sha256-q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA='", False),
    ("script-src 'strict-dynamic' 'sha256-q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA='", True)])
def test_marked_scripts(value: str, expected: bool) -> None:
    assert trusts_marked_scripts(content_security_policy(value)) is expected


@pytest.mark.parametrize(("value", "expected"), [
    ("img-src http: https:; script-src http: http://B.example", ("img-src http:", "script-src http://b.example")),
    ("img-src http:, upgrade-insecure-requests", ()), ("connect-src http://localhost:8080 http://127.0.0.1", ()),
    ("frame-ancestors http://b.example; report-uri http://b.example", ()),
    ("connect-src http://localhost.b.example", ("connect-src http://localhost.b.example",))])
def test_sources_over_http(value: str, expected: tuple[str, ...]) -> None:
    assert sources_over_http(content_security_policy(value)) == expected

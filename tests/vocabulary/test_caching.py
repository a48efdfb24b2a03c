"""Cache directives, freshness, and what Age tells of a cache."""
from __future__ import annotations

import pytest

from httplint.grammar.rfc9111 import cache_control
from httplint.grammar.rfc9213 import targeted_control
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Response
from httplint.vocabulary.caching import (
    directive_flaws,
    expires_in,
    freshness,
    infinite,
    intended,
    stale_allowance,
    targets_caches,
)
from httplint.vocabulary.targeted import intended_directive, mistyped_directives

DATE = ("Date", "Tue, 01 Jul 2025 12:00:00 GMT")


def response(*lines: tuple[str, str]) -> Response:
    return Response(200, headers=lines)


@pytest.mark.parametrize(("value", "kinds"), [
    ("", [""]), ("no-store, max-age=0, private=\"Set-Cookie\", stale-if-error=1, no-transform", [""]),
    ("max-age", ["no argument"]), ("s-maxage=\"\"", ["no argument"]), ("stale-while-revalidate", ["no argument"]),
    ("max-age=720h0m0s", ["not seconds"]), ("max-age=-1", ["not seconds"]), ("max-age=\"1.5\"", ["not seconds"]),
    ("max-age=\"5\"", ["quoted"]), ("no-store=1, immutable=\"\"", ["needless argument"] * 2),
    ("no-cache=Set-Cookie", ["not quoted"]), ("private=\"a b\"", ["not names"]), ("no-cache=\"\"", [""]),
    ("no-cache=\" , a,\tb ,, \"", [""]), ("max-stale, min-fresh=1, only-if-cached", ["request"] * 3),
    ("pre-check=0", ["outdated"]), ("s-max-age=1", ["misspelt"]), ("community=\"UCI\"", ["unknown"]),
    ("public, public", ["repeated"]), ("max-age=1, max-age=01", ["repeated"]), ("max-age=1, max-age=2", ["conflict"]),
    ("private, private=\"a\"", [""]), ("no-cache, no-cache", ["repeated"]),
    ("odd=a, odd=b", ["unknown"] * 2), ("max-stale=1, max-stale=2", ["request"] * 2 + ["conflict"]),
])
def test_directive_flaws(value: str, kinds: list[str]) -> None:
    assert [flaw.kind for flaw in directive_flaws(cache_control(value))] == kinds


def test_flaws_tell_what_is_meant() -> None:
    assert directive_flaws(cache_control("max-age=720h0m0s"))[0].hint == ", without unit or fraction"
    assert directive_flaws(cache_control("max-age=-1"))[0].hint == ", which is never negative"
    assert directive_flaws(cache_control("maxage=60"))[0].hint == "; max-age is"
    assert directive_flaws(cache_control("max-age=1, max-age=2"))[0].argument == "1 and 2"
    control = cache_control("max-age")
    assert directive_flaws(control) is directive_flaws(control)


@pytest.mark.parametrize(("name", "meant"), [
    ("s-max-age", "s-maxage"), ("maxage", "max-age"), ("max_age", "max-age"), ("smaxage", "s-maxage"),
    ("nocache", "no-cache"), ("no-stor", "no-store"), ("no-cahce", "no-cache"), ("must-revalidated", "must-revalidate"),
    ("publc", "public"), ("privat", "private"), ("imutable", "immutable"),
    ("dynamic", None), ("publish", None), ("age", None), ("community", None), ("x" * 100, None), ("none", None)])
def test_intended(name: str, meant: str | None) -> None:
    assert intended(name) == meant
    assert intended_directive(name) == meant


def test_known_directives_are_not_misspelt() -> None:
    assert intended_directive("max-age") is None


@pytest.mark.parametrize(("lines", "seconds"), [
    ([], None), ([("Cache-Control", "max-age=60")], 60), ([("Cache-Control", "max-age=60, s-maxage=5")], 5),
    ([("Cache-Control", "no-store")], None), ([DATE, ("Expires", "Tue, 01 Jul 2025 12:01:00 GMT")], 60),
    ([DATE, ("Expires", "Tue, 01 Jul 2025 12:01:00 GMT"), ("Cache-Control", "max-age=5")], 5),
    ([DATE, ("Expires", "0")], 0), ([DATE, ("Expires", "Tue, 01 Jul 2025 11:59:00 GMT")], -60),
    ([("Cache-Control", "max-age=1, max-age=2")], 1)])
def test_freshness(lines: list[tuple[str, str]], seconds: int | None) -> None:
    assert freshness(response(*lines)) == seconds


def test_freshness_that_cannot_be_told() -> None:
    for lines in ([("Cache-Control", "max-age=x")], [("Expires", "0")], [("Cache-Control", "max-age=;")]):
        with pytest.raises(NotEvaluated):
            freshness(response(*lines))
    with pytest.raises(NotEvaluated):
        freshness(Response(200, headers=None))
    with pytest.raises(NotApplicable):
        expires_in(response(DATE))
    hour = response(DATE, ("Expires", "Tue, 01 Jul 2025 13:00:00 GMT"), ("Cache-Control", "max-age=5"))
    assert expires_in(hour) == 3600


def test_stale_allowance() -> None:
    assert stale_allowance(response()) == 0
    assert stale_allowance(response(("Cache-Control", "stale-while-revalidate=5, stale-if-error=7"))) == 7
    assert stale_allowance(response(("Cache-Control", "stale-while-revalidate, max-age=60"))) == 0


def test_targets_caches() -> None:
    for name in ("CDN-Cache-Control", "Surrogate-Control", "Fastly-Cache-Control", "X-Accel-Expires"):
        assert targets_caches(response((name, "x")))
    assert not targets_caches(response(("Cache-Control", "x"), ("X-Cache", "HIT")))


@pytest.mark.parametrize(("value", "wrong"), [
    ("max-age=60, no-store, no-cache, private=\"a\", odd=x, none", ()), ("max-age=1.5", ("max-age has a decimal",)),
    ("max-age=-1, no-store=?0", ("max-age is negative", "no-store is false")),
    ("private=a, public=(b)", ("private has a token", "public has an inner list")),
    ("max-age", ("max-age has no value",)),
    ("no-cache=5", ("no-cache has an integer",))])
def test_mistyped_directives(value: str, wrong: tuple[str, ...]) -> None:
    assert mistyped_directives(targeted_control(value)) == wrong


@pytest.mark.parametrize(("seconds", "expected"), [
    (2147483648, True), (2147483647, True), (9223372036854775807, True), (2147483646, False), (31536000, False)])
def test_infinite(seconds: int, expected: bool) -> None:
    """RFC 9111 §1.2.2."""
    assert infinite(seconds) is expected

from __future__ import annotations

import pytest

from httplint.grammar import rfc9111
from httplint.grammar.common import LARGEST
from httplint.grammar.dates import http_date
from httplint.grammar.rfc9111 import CacheControl, CacheControlDirective, WarningValue
from httplint.grammar.syntax import Malformed


def test_age() -> None:
    assert rfc9111.age("0") == 0
    assert rfc9111.age("2147483648") == 2147483648
    for value, position, hint in (("", 0, None), ("-1", 0, None), ("1, 2", 1, "the field carries one number"),
                                  ("1.5", 1, None)):
        with pytest.raises(Malformed) as error:
            rfc9111.age(value)
        assert (error.value.position, error.value.hint) == (position, hint)


def test_directives() -> None:
    assert rfc9111.cache_control('Private="Set-Cookie, X" , community="UCI",, max-age=5') == CacheControl((
        CacheControlDirective("private", "Set-Cookie, X", True), CacheControlDirective("community", "UCI", True),
        CacheControlDirective("max-age", "5", False)))
    assert rfc9111.cache_control("") == CacheControl(())
    assert rfc9111.cache_control("max-age=5").names == ("max-age",)


def test_properties() -> None:
    found = rfc9111.cache_control("max-age=5, max-age=6, s-maxage=\"7\", max-stale, min-fresh=x, no-store, public, "
                                  "stale-while-revalidate=8, stale-if-error=9")
    assert (found.max_age, found.s_maxage, found.max_stale, found.min_fresh) == (5, 7, None, None)
    assert (found.stale_while_revalidate, found.stale_if_error) == (8, 9)
    assert found.no_store
    assert found.public
    assert not any((found.no_cache, found.private, found.must_revalidate, found.proxy_revalidate,
                    found.must_understand, found.no_transform, found.only_if_cached, found.immutable))
    whole = rfc9111.cache_control("no-cache, private, must-revalidate, proxy-revalidate, must-understand, "
                                  "no-transform, only-if-cached, immutable")
    assert all((whole.no_cache, whole.private, whole.must_revalidate, whole.proxy_revalidate,
                whole.must_understand, whole.no_transform, whole.only_if_cached, whole.immutable))
    parts = rfc9111.cache_control('no-cache="Set-Cookie, ,X", private=Y')
    assert (parts.no_cache, parts.no_cache_fields) == (False, ("set-cookie", "x"))
    assert (parts.private, parts.private_fields) == (False, ("y",))
    assert rfc9111.cache_control("max-age=" + "9" * 5000).max_age == LARGEST
    assert rfc9111.cache_control('max-age="\u00b2"').max_age is None
    assert rfc9111.cache_control('max-age=""').max_age is None
    assert rfc9111.cache_control("max-stale=5").max_stale == 5
    assert rfc9111.cache_control("min-fresh=6").min_fresh == 6
    assert rfc9111.cache_control("a, no-cache=X, no-cache").no_cache
    assert not rfc9111.cache_control("no-cache=X, private").no_cache
    assert rfc9111.cache_control("a=x, no-cache=X, private=Y, no-cache=Z").no_cache_fields == ("x", "z")
    assert rfc9111.cache_control('private="\t, A\t,"').private_fields == ("a",)
    assert rfc9111.cache_control("private").private_fields == ()
    assert repr(rfc9111.cache_control("a")) == (
        "CacheControl((CacheControlDirective(name='a', argument=None, quoted=False),))")
    assert rfc9111.cache_control("a").judged is None


@pytest.mark.parametrize(("value", "lasting"), [
    ("max-age=1", True), ("s-maxage=1", True), ("immutable", True), ("no-store, public", True),
    ("public, no-cache", False), ("no-store", False), ("max-age=2", True), ("s-maxage=2", True), ("s-maxage=x", False),
    ("max-age=0, s-maxage=0", False), ("max-age=x", False), ("", False)])
def test_lasting(value: str, lasting: bool) -> None:
    found = rfc9111.cache_control(value)
    assert found.lasting is lasting
    assert found.has_shared_lifetime is ("s-maxage" in value)
    assert found == rfc9111.cache_control(value)
    assert hash(found) == hash(rfc9111.cache_control(value))
    assert found != value


@pytest.mark.parametrize(("value", "position", "hint"), [
    ("max-age = 60", 8, "whitespace"), ("max-age= 60", 8, "whitespace"), ("max-age=60; public", 10, "commas"),
    ("max-age=60 public", 11, "commas"), ("a=b/c", 3, "double quotes"), ('a="b', 4, None), ("max-age=", 8, None),
    ("=5", 0, None), ("max-age:86400", 7, "colon"), ("max-age : 5", 8, "colon"), ("max-age =60", 8, "whitespace"),
    ("max-age=\t60", 8, "whitespace"), ("max-age\t=60", 8, "whitespace"), ("a=b;c", 3, "commas"),
    ("a=b\tc", 4, "commas"),
    ("a=b/ c", 3, "double quotes"), ("a=b ( c", 4, "commas"), ("a/", 1, "commas"), ('a="b" c', 6, "commas"),
    ("a,=", 2, None),
    ("a=(", 2, None), ("a=b  :", 5, "colon"), ("a=b:", 3, "colon"), ("a=b=", 3, "whitespace"),
    ('"public"', 0, "quotes"), ("public;", 6, "commas"), ('a="b"c', 5, "double quotes")])
def test_flawed_directives(value: str, position: int, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        rfc9111.cache_control(value)
    assert error.value.position == position
    assert (hint or "") in (error.value.hint or "")
    assert (error.value.hint is None) is (hint is None)


def test_pragma() -> None:
    assert rfc9111.pragma('no-cache, x="y"') == (
        CacheControlDirective("no-cache", None, False), CacheControlDirective("x", "y", True))
    assert rfc9111.pragma("") == ()
    with pytest.raises(Malformed):
        rfc9111.pragma("no cache")


def test_warning() -> None:
    date = "Sat, 25 Aug 2012 23:34:45 GMT"
    assert rfc9111.warning(f'112 - "network down" "{date}"') == (
        WarningValue(112, "-", "network down", http_date(date)),)
    assert rfc9111.warning('110 a: "x"') == (WarningValue(110, "a:", "x", None),)      # the port may be empty
    assert rfc9111.warning('110 a:80 "x", 214 [::1] "\\"y\\""') == (
        WarningValue(110, "a:80", "x", None), WarningValue(214, "[::1]", '"y"', None))


@pytest.mark.parametrize(("value", "position"), [
    ("", 0), ("11", 2), ("110", 3), ("110 a b", 6), ("110 a/1 \"x\"", 5), ('110 - "x', 8), ('110 - "x" "y"', 11),
    ('110 - "x" "Sat, 25 Aug 2012 23:34:45 UTC"', 37), ('110 - "x"  "Sat"', 11), ('110  - "x"', 5),
    ('110 - "x" "Sat, 25 Aug 2012 23:34:45 GMT" y', 42), ("110 - x", 6), ("110 -", 5), ('11x - "x"', 2), ('1', 1),
    ("110 [::1] x", 10), ("110 a:8 x", 8), ("110 a:x", 5), ('110 - "x" "', 11), ("110 - 'x'", 6), ("110  x", 5),
    ('110 - "x" "Sat', 14), ('110 - "x" y', 10), ('1100 - "x"', 3)])
def test_flawed_warning(value: str, position: int) -> None:
    with pytest.raises(Malformed) as error:
        rfc9111.warning(value)
    assert error.value.position == position
    assert error.value.value == value

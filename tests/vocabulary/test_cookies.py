from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

import pytest

from httplint.grammar.cookies import Cookie, received
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Request, Response
from httplint.vocabulary import cookies

DATE = ("Date", "Tue, 01 Jul 2025 12:00:00 GMT")


def response(*values: str, fields: tuple[tuple[str, str], ...] = ()) -> Response:
    return Response(200, headers=[*fields, *(("Set-Cookie", value) for value in values)])


def cookie(value: str) -> Cookie:
    found = received(value)
    assert found is not None
    return found


def test_the_lines_of_a_response() -> None:
    answer = response("a=b", "c", "d=e f", "g=h; Path=/, i=j", "k=\x00", fields=(DATE,))
    found = cookies.set_cookies(answer, "Set-Cookie")
    assert cookies.set_cookies(answer, "Set-Cookie") is found
    assert [(line.line, line.sound, line.kept, line.folded) for line in found] == [
        (1, True, True, False), (2, False, False, False), (3, False, True, False), (4, True, True, True),
        (5, False, False, False)]
    assert [line.cookie.name if line.cookie else None for line in found] == ["a", "", "d", None, None]
    assert [line.octet for line in found] == [None, 2, 4, None, 3]
    assert "name=value" in found[1].hint
    assert cookies.set_cookies(response(), "Set-Cookie") == ()


@pytest.mark.parametrize(("values", "expected"), [
    (["a=1", "a=2"], [("a", 2, True)]), (["a=1", "A=2"], []), (["a=1; Path=/", "a=2"], [("a", 2, False)]),
    (["a=1; Domain=.x.example", "b=1", "a=2; domain=X.example"], [("a", 2, True)]),
    (["a=1; Path=/", "a=2; Path=/x", "a=3; path=/"], [("a", 2, True)]), (["a", "b"], []), (["a=1"], []),
    (["a=1; Path=/, b=2", "a=3; Path=/"], []),
    (["a=; Path=/; Secure; Max-Age=0", "a=2; Path=/; Secure; Partitioned"], [("a", 2, False)])])
def test_repeated_cookies(values: list[str], expected: list[tuple[str, int, bool]]) -> None:
    found = cookies.repeated_cookies(response(*values), "Set-Cookie")
    assert [(one.name, one.times, one.same) for one in found] == expected


@pytest.mark.parametrize(("value", "expected"), [
    ("a=b; Secure; secure; Path=/; Path=/", ("secure", "path")), ("a=b; Secure; HttpOnly", ()), ("a=b", ())])
def test_repeated_attributes(value: str, expected: tuple[str, ...]) -> None:
    assert cookies.repeated_attributes(cookie(value)) == expected


def test_the_value_of_an_attribute() -> None:
    assert cookies.sent_as(cookie("a=b; Domain=.X.example"), "domain") == ".X.example"
    with pytest.raises(NotApplicable):
        cookies.sent_as(cookie("a=b"), "domain")


@pytest.mark.parametrize(("value", "expected"), [
    ("a=b; Http-Only", "HttpOnly"), ("a=b; HTTP_ONLY", "HttpOnly"), ("a=b; MaxAge=5", "Max-Age"),
    ("a=b; Same-Site=Lax", "SameSite"), ("a=b; Expire=x", "expires"), ("a=b; Securee", "secure"),
    ("a=b; Secure; HttpOnly; Priority=High; Version=1", None), ("a=b; sid=1; c=2", None), ("a=b; " + "x" * 99, None)])
def test_misspelt_attributes(value: str, expected: str | None) -> None:
    found = cookies.misspelt_attributes(cookie(value))
    assert not found if expected is None else expected in found[0]


@pytest.mark.parametrize(("domain", "host", "expected"), [
    # RFC 6265bis §4.1.2.3
    ("site.example", "foo.site.example", True), ("foo.site.example", "foo.site.example", True),
    ("bar.site.example", "foo.site.example", False), ("baz.foo.site.example", "foo.site.example", False),
    ("ite.example", "site.example", False), ("2.7", "192.0.2.7", False), ("192.0.2.7", "192.0.2.7", True),
])
def test_covers(domain: str, host: str, expected: bool) -> None:
    assert cookies.covers(domain, Request("GET", f"https://{host}:8443/")) is expected


@pytest.mark.parametrize(("fields", "expected"), [
    ({"Host": "www.site.example:8443"}, True), ({"X-Forwarded-Host": "www.site.example, inner"}, True),
    ({"X-Forwarded-Host": "[::1]:80"}, False), ({"Host": "other.example"}, False),
    # RFC 7239 §4, §5.3
    ({"Forwarded": 'for=192.0.2.60;proto=http;host="WWW.site.example:8443", for=192.0.2.61'}, True),
    ({"Forwarded": "for=192.0.2.60; host=site.example"}, True), ({"Forwarded": "for=site.example"}, False)])
def test_a_proxy_may_have_been_asked_for_another_host(fields: dict[str, str], expected: bool) -> None:
    asked = Request("GET", "http://127.0.0.1:8080/", headers=list(fields.items()))
    assert cookies.covers("site.example", asked) is expected


def test_a_host_that_is_not_written_as_it_is_sent() -> None:
    with pytest.raises(NotEvaluated):
        cookies.covers("a.example", Request("GET", "https://b\xfccher.example/"))


@pytest.mark.parametrize(("domain", "expected"), [
    ("a.example", True), ("a_b.example", True), ("localhost", True), ("[::1]", True), ("192.0.2.7", True),
    ("https://a.example", False), ("a.example:80", False), ("a..example", False), ("*.a.example", False),
    ("a b", False)])
def test_is_host(domain: str, expected: bool) -> None:
    assert cookies.is_host(domain) is expected


@pytest.mark.parametrize(("domain", "host", "expected"), [
    ("co.uk", "a.co.uk", True), ("com", "a.com", True), ("a.co.uk", "www.a.co.uk", False),
    ("github.io", "a.github.io", True),
    ("github.io", "github.io", False), ("internal", "www.internal", False),
    ("city.kawasaki.jp", "a.city.kawasaki.jp", False)])
def test_public_suffixes(domain: str, host: str, expected: bool) -> None:
    pytest.importorskip("publicsuffixlist", reason="the extra psl is not installed")
    assert cookies.for_everyone(domain, Request("GET", f"https://{host}/")) is expected


def test_without_the_list_of_suffixes(monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Any] = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name == "publicsuffixlist":
            raise ImportError(name)
        return real(name, *rest)

    cookies._suffix_of.cache_clear()
    monkeypatch.setattr(builtins, "__import__", refuse)
    try:
        with pytest.raises(NotEvaluated) as error:
            cookies.for_everyone("co.uk", Request("GET", "https://a.co.uk/"))
    finally:
        cookies._suffix_of.cache_clear()
    assert "psl" in error.value.reason


@pytest.mark.parametrize(("value", "lacks"), [
    # RFC 6265bis §4.1.3, §5.4
    ("__Secure-SID=12345; Domain=site.example", ("Secure",)), ("__SECURE-SID=12345; Domain=site.example; Secure", ()),
    ("__Host-SID=12345", ("Secure", "Path=/")), ("__host-SID=12345; Secure", ("Path=/",)),
    ("__Host-SID=12345; Domain=site.example", ("Secure", "Path=/", "no Domain")),
    ("__HOST-SID=12345; Secure; Domain=site.example; Path=/", ("no Domain",)),
    ("__Host-SID=12345; Secure; Path=/", ()), ("__Host-SID=12345; Secure; Path=/; Domain=", ()), ("SID=12345", ()),
])
def test_prefixes(value: str, lacks: tuple[str, ...]) -> None:
    assert cookies.broken_prefix(cookie(value)) == lacks


@pytest.mark.parametrize(("value", "fields", "expected"), [
    ("a=; Max-Age=0", (), True), ("a=; Max-Age=-1", (), True),
    ("a=b; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", (), False),
    ("a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", (), True),
    ("a=; Expires=Mon, 30 Jun 2025 12:00:00 GMT", (DATE,), True),

    ("a=b; Expires=Wed, 01 Jul 2026 12:00:00 GMT", (DATE,), False),
    ("a=", (), False), ("a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", (("Date", "?"),), True)])
def test_deletes(value: str, fields: tuple[tuple[str, str], ...], expected: bool) -> None:
    assert cookies.deletes(cookie(value), response(fields=fields)) is expected


def test_what_cannot_be_told_to_delete() -> None:
    with pytest.raises(NotEvaluated):
        cookies.deletes(cookie("a=; Expires=Mon, 30 Jun 2025 12:00:00 GMT"), response())


def test_lifetime() -> None:
    tomorrow = "Expires=Wed, 02 Jul 2025 12:00:00 GMT"
    assert cookies.lifetime(cookie(f"a=b; Max-Age=60; {tomorrow}"), response(fields=(DATE,))) == 60
    assert cookies.lifetime(cookie(f"a=b; {tomorrow}"), response(fields=(DATE,))) == 86400
    for value, fields in ((f"a=b; {tomorrow}", ()), ("a=b", (DATE,))):
        with pytest.raises(NotApplicable):
            cookies.lifetime(cookie(value), response(fields=fields))


def test_what_is_sent_back() -> None:
    # a pair, and what separates it from the next: RFC 6265bis §4.2.1
    answer = response("ab=cd; Path=/", "e=f", "g=h; Max-Age=0", "i=\x00")
    assert cookies.sent_back(answer, "Set-Cookie") == (4 + 3) + (2 + 3)


@pytest.mark.parametrize(("name", "expected"), [
    ("JSESSIONID", True), ("PHPSESSID", True), ("connect.sid", True), ("sid", True), ("_session_id", True),
    ("auth_token", True),
    ("remember_user_token", True), ("access_token", True), (".AspNetCore.Identity.Application", True),
    ("wordpress_logged_in", True),
    ("theme", False), ("_ga", False), ("author", False), ("csrf_session", False), ("XSRF-TOKEN", False),
    ("residence", False)])
def test_names_of_sessions(name: str, expected: bool) -> None:
    assert cookies.for_session(Cookie(name, "x")) is expected
    assert not cookies.for_session(Cookie(name, ""))


@pytest.mark.parametrize(("control", "expected"), [
    ("public", True), ("max-age=60", True), ("s-maxage=60, max-age=0", True), ("public, max-age=0", False),
    ("private, max-age=60", False),
    ("no-store, max-age=60", False), ("no-cache, max-age=60", False), ("s-maxage=0, max-age=60", False),
    ("max-age=0", False),
    ('max-age=60, private="Set-Cookie"', False), ('public, no-cache="X-A, set-cookie"', False),
    ('max-age=60, private="X-A"', True), ("", False)])
def test_shared_caches(control: str, expected: bool) -> None:
    assert cookies.for_shared_caches(response(fields=(("Cache-Control", control),))) is expected


def test_fields_for_certain_caches() -> None:
    with pytest.raises(NotEvaluated):
        cookies.for_shared_caches(response(fields=(("Cache-Control", "public"), ("CDN-Cache-Control", "no-store"))))
    with pytest.raises(NotApplicable):
        cookies.for_shared_caches(response())


@pytest.mark.parametrize(("text", "fits"), [
    ("Wed, 21 Oct 2026 07:28:00 GMT", True), ("Tue, 21 Oct 2026 07:28:00 GMT", False),
    ("Tue, 21-Oct-2026 07:28:00 GMT", True), ("0", True),  # other forms have rules of their own
])
def test_fits_weekday(text: str, fits: bool) -> None:
    assert cookies.fits_weekday(text) is fits

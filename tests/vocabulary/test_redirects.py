"""Where redirects lead."""
from __future__ import annotations

import pytest

from httplint.grammar.uri import uri_reference
from httplint.model.message import Request, Response
from httplint.vocabulary.redirects import (
    goes_round,
    leads_to_itself,
    resumes_upload,
    upgrade_flaw,
    web_userinfo,
)


def redirect(location: str | None, status: int = 302, **fields: str) -> Response:
    lines = [(name.replace("_", "-"), value) for name, value in fields.items()]
    return Response(status, headers=lines if location is None else [*lines, ("Location", location)])


@pytest.mark.parametrize(("text", "expected"), [
    ("http://user:pass@a/", True), ("HTTPS://user@a", True), ("//user@a/b", True), ("http://@a/", True),
    ("http://a/", False), ("//a", False), ("/user@a", False), ("http://a/@b?c@d#e@f", False), ("", False),
    ("ftp://user@a/", False), ("ssh://git@a", False), ("mailto:a@b", False),
])
def test_web_userinfo(text: str, expected: bool) -> None:
    assert web_userinfo(uri_reference(text)) is expected


def test_resumes_upload() -> None:
    assert resumes_upload(redirect(None, 308, Range="bytes=0-4"))
    assert resumes_upload(Response(308, reason="Resume Incomplete"))
    assert not resumes_upload(Response(308, reason="Permanent Redirect"))
    assert not resumes_upload(Response(308, reason=None))
    assert not resumes_upload(redirect("/a", 308, Range="bytes=0-4"))
    assert not resumes_upload(Response(308, headers=None))


@pytest.mark.parametrize(("target", "location", "expected"), [
    ("https://a.example/b?c", "/b?c", True),
    ("https://a.example/b?c", "?c", True),
    ("https://a.example/b?c", "https://A.example:443/b?c#top", True),
    ("https://a.example/b?c", "//a.example/b?c", True),
    ("https://a.example", "/", True),
    ("https://a.example/b?c", "#top", True),
    ("https://a.example/b?c", "/b", False),
    ("https://a.example/b?c", "/b?C", False),
    ("https://a.example/b", "/b/", False),
    ("https://a.example/b", "/b?", False),
    ("https://a.example/b", "http://a.example/b", False),
    ("https://a.example/b", "https://www.a.example/b", False),
    ("https://a.example/%7eb", "/~b", False),
    ("https://a.example/%7eb", "/%7Eb", False),
    ("https://a.example/b", "", False),                    # 3xx.location-empty
    ("https://a.example/b", "/b c", False),                # malformed: others say so
    ("https://a.example/b", None, False),
    ("/b", "/b", True),
    ("/b", "//h.example/b", True),
    ("/b", "http://h.example/b", False),                   # was it https?
    ("/b", "https://h.example/b", False),
])
def test_leads_to_itself(target: str, location: str | None, expected: bool) -> None:
    request = Request("GET", target, headers=[("Host", "h.example")])
    assert leads_to_itself(request, redirect(location)) is expected


@pytest.mark.parametrize(("method", "status", "expected"), [
    ("GET", 301, True), ("HEAD", 303, True), ("GET", 308, True), ("POST", 307, True), ("PUT", 308, True),
    ("POST", 301, False), ("POST", 302, False), ("POST", 303, False), ("PUT", 302, False), ("OPTIONS", 302, False),
])
def test_only_the_same_method_leads_to_itself(method: str, status: int, expected: bool) -> None:
    assert leads_to_itself(Request(method, "http://a/"), redirect("/", status)) is expected


@pytest.mark.parametrize("field", ["Set-Cookie", "Retry-After", "Clear-Site-Data", "Accept-CH", "Critical-CH"])
def test_what_changes_the_next_request(field: str) -> None:
    assert not leads_to_itself(Request("GET", "http://a/"), Response(302, headers=[("Location", "/"), (field, "x")]))


A, B, C = "http://a/", "http://b/", "http://c/"


@pytest.mark.parametrize(("chain", "location", "expected"), [
    ((A, B, A, B), B, True),
    ((B, A, C, A), C, True),
    ((A, B), B, False),                                    # the first return may find a cookie set
    ((A, B, A), C, False),                                 # it leads on
    ((A, A), A, False),                                    # left to leads_to_itself
    ((B, B), B, False),
    ((), B, False),
])
def test_goes_round(chain: tuple[str, ...], location: str, expected: bool) -> None:
    assert goes_round(Request("GET", A), redirect(location), chain) is expected


def test_waiting_and_unknown_fields_are_no_circle() -> None:
    assert not goes_round(Request("GET", A), redirect(B, Retry_After="1"), (A, B, A, B))
    assert not goes_round(Request("GET", A), Response(302, headers=None), (A, B, A, B))
    assert goes_round(Request("GET", A), redirect(A, Set_Cookie="a=b"), (A, A))


def test_a_scheme_that_is_known_need_not_be_in_the_target() -> None:
    def leads(location: str, scheme: str) -> bool:
        request = Request("GET", "/a?b", headers=[("Host", "a.example")], scheme=scheme)
        return leads_to_itself(request, redirect(location))

    assert leads("http://a.example/a?b", "http")
    assert leads("https://a.example/a?b", "https")
    assert not leads("https://a.example/a?b", "http")
    assert not leads("http://a.example/a?b", "")
    assert leads("/a?b", "")


@pytest.mark.parametrize(("location", "expected"), [
    ("https://a.example/", ""), ("https://A.example:8443/b", ""), ("//a.example/", "http"), ("/b", "http"),
    ("http://b.example/", "http"), ("https://www.a.example/", "host"), ("https://a.example.b/", "host"),
    ("mailto:a@b.example", ""), ("https://[::1/", ""), (None, "")])
def test_upgrades(location: str | None, expected: str) -> None:
    assert upgrade_flaw(Request("GET", "http://a.example/"), redirect(location)) == expected

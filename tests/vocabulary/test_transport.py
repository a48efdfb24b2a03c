from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.model.evidence import NotEvaluated
from httplint.model.message import Request
from httplint.vocabulary.transport import local_host, named_host, origin_key, secure


def request(target: str, *fields: tuple[str, str], scheme: str = "") -> Request:
    return Request("GET", target, headers=[("Host", "a.example"), *fields], scheme=scheme)


@pytest.mark.parametrize(("asked", "expected"), [
    (request("https://a.example/"), True), (request("HTTPS://a.example/"), True),
    (request("http://a.example/"), False),
    (request("/", scheme="https"), True), (request("/", scheme="http"), False), (request("*", scheme="https"), True),
    (request("wss://a.example/"), True), (request("ws://a.example/"), False),
    (request("http://a.example/", ("X-Forwarded-Proto", "https")), True),
    (request("/", ("X-Forwarded-Proto", "https, http")), True), (request("/", ("X-Forwarded-Proto", "http")), False),
    (request("/", ("Forwarded", 'for="[2001:db8::1]";proto=https;by=203.0.113.43')), True),
    (request("/", ("Forwarded", 'proto="http"')), False),
    (request("http://a.example/", ("Forwarded", "for=x")), False),
    (request("/", ("Front-End-Https", "on")), True), (request("http://a.example/", ("X-Scheme", "https")), True),
    (request("http://a.example/", ("X-ARR-SSL", "2048|256|CN=a|CN=a.example")), True),
    (request("http://a.example/", ("X-Forwarded-Ssl", "off")), False),
])
def test_secure(asked: Request, expected: bool) -> None:
    assert secure(asked) is expected


@pytest.mark.parametrize("asked", [
    request("/"), request("*"), request("/", ("Forwarded", "for=192.0.2.60")), request("/", ("X-Forwarded-Ssl", "off")),
    request("http://" + "u" * 3000 + "@a.example/"), request("http://u:" + "p" * 3000 + "@a.example/"),
    Request("GET", "/", headers=[]), Request("CONNECT", "a.example:443", headers=[])])
def test_what_the_capture_does_not_tell(asked: Request) -> None:
    with pytest.raises(NotEvaluated):
        secure(asked)


@pytest.mark.parametrize(("target", "named", "local"), [
    ("https://a.example/", True, False), ("https://u:p@A.example:8443/x", True, False),
    ("https://192.0.2.7/", False, False),
    ("https://[2001:db8::1]:8443/", False, False), ("http://localhost:8000/", True, True),
    ("http://app.localhost/", True, True), ("http://127.0.0.1/", False, True), ("http://127.example/", True, False),
    ("http://[::1]/", False, True), ("http://notlocalhost/", True, False),
])
def test_hosts(target: str, named: bool, local: bool) -> None:
    assert named_host(Request("GET", target, headers=[])) is named
    assert local_host(request(target)) is local


@given(st.sampled_from(("http", "HTTPS", "ws", "1x", "", "x:y")),
       st.lists(st.sampled_from(("http", ":", "://", "u:p@", "@", "a.example", "A.Example", "[::1]", "[", "]",
                                 "192.0.2.7", ":8443", "80x", "?", "#", "\xe4", " ", "a" * 150)),
                max_size=6).map("".join),
       st.sampled_from(("/", "/x", "//", "/a://b/c", "/?x=http://b.example/", "/#f", "/" + "y" * 1500)),
       st.sampled_from(("", "https")))
def test_the_origin_of_a_target_does_not_depend_on_its_path(said: str, place: str, path: str, scheme: str) -> None:
    begin = f"{said}://{place}"
    found = origin_key(request(begin + path, scheme=scheme))
    assert found == origin_key(request(begin, scheme=scheme)) == origin_key(request(f"{begin}?q", scheme=scheme))


def test_a_host_that_was_reached_by_its_address_has_a_name_nevertheless() -> None:
    for field in ("Host", "X-Forwarded-Host"):
        assert named_host(Request("GET", "https://192.0.2.7/", headers=[(field, "a.example:443")]))
        assert not named_host(Request("GET", "https://192.0.2.7/", headers=[(field, "[::1]:443")]))

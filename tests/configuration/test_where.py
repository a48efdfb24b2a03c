"""Which exchanges a pattern means."""
from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint import Exchange, Finding, Linter, Request, Response
from httplint.configuration.where import Hosts, Where
from httplint.model.target import PatternError, place


def exchange(target: str = "/", method: str = "GET", host: str | None = "shop.example", status: int = 200,
             **fields: str) -> Exchange:
    asked = Request(method, target, headers=[("Host", host)] if host is not None else [])
    return Exchange(Response(status, headers={name.replace("_", "-"): value for name, value in fields.items()}), asked)


def fits(one: Exchange, **keys: str) -> bool:
    return Where({name.replace("_", "-"): (pattern,) for name, pattern in keys.items()}).fits(one)


@pytest.mark.parametrize(("pattern", "host", "expected"), [
    ("shop.example", "shop.example", True),
    ("shop.example", "SHOP.example", True),
    ("Shop.Example", "shop.example", True),
    ("shop.example", "shop.example:8080", True),
    ("shop.example", "shop.example.", True),
    ("shop.example", "xshop.example", False),
    ("shop.example", "www.shop.example", False),
    ("*.shop.example", "www.shop.example", True),
    ("*.shop.example", "a.b.shop.example", True),
    ("*.shop.example", "shop.example", False),
    ("*.shop.example", "evilshop.example", False),
    ("*.shop.example", "www.shop.example.evil.test", False),
    ("*", "anything", True),
    ("api-*.shop.example", "api-1.shop.example", True),
    ("localhost:8080", "localhost:8080", True),
    ("localhost:8080", "localhost:8081", False),
    ("localhost:8080", "localhost", False),
    ("*:8080", "anything:8080", True),
    ("[::1]", "[::1]:8080", True),
    ("[::1]:8080", "[::1]:8080", True),
    ("[::1]:8080", "[::1]:8081", False),
    ("shop.example", "", False),
    ("shop\u200b.example", "shop.example", False),
    ("shop.example", "shop.example\n", False),
])
def test_hosts(pattern: str, host: str, expected: bool) -> None:
    assert fits(exchange(host=host), host=pattern) is expected


def test_the_host_is_that_of_the_target_uri() -> None:
    elsewhere = exchange("https://user@Other.Example:8443/x?y", host="shop.example")
    assert place(elsewhere.request) == ("other.example:8443", "/x")
    assert place(exchange("shop.example:443", "CONNECT").request) == ("shop.example:443", "")
    assert place(exchange("*", "OPTIONS").request) == ("shop.example", "")
    assert place(exchange("http://shop.example", host=None).request) == ("shop.example", "/")
    assert place(exchange(host=None).request) == ("", "/")
    assert place(Exchange(Response(200)).request) == ("", "")


@pytest.mark.parametrize(("pattern", "path", "expected"), [
    ("/", "/", True),
    ("/", "/a", False),
    ("/api", "/api", True),
    ("/api", "/api/", False),
    ("/api/*", "/api/x", True),
    ("/api/*", "/api/x/y", False),
    ("/api/*", "/api", False),
    ("/api/**", "/api", True),
    ("/api/**", "/api/", True),
    ("/api/**", "/api/x/y", True),
    ("/api/**", "/apix", False),
    ("/api/**", "/v1/api", False),
    ("**", "/anything/at/all", True),
    ("**/*.js", "/app.js", True),
    ("**/*.js", "/static/1/app.js", True),
    ("**/*.js", "/static/app.js/x", False),
    ("**/*.js", "/static/app.json", False),
    ("/a/**/z", "/a/z", True),
    ("/a/**/z", "/a/b/c/z", True),
    ("/a/**/z", "/a/b/z/c", False),
    ("/a/**/z", "/a/z/z", True),
    ("/a/**/b/**/c", "/a/b/c", True),
    ("/a/**/b/**/c", "/a/x/b/b/y/c", True),
    ("/a/**/b/**/c", "/a/x/c", False),
    ("/a/**/**/c", "/a/c", True),
    ("/x*y*z", "/xyz", True),
    ("/x*y*z", "/x1y2yz", True),
    ("/x*y*z", "/xz", False),
    ("/x*x", "/x", False),
    ("/a.b", "/aXb", False),
    ("/é%20[x]", "/é%20[x]", True),
    ("/Api", "/api", False),
    ("/api", "/api?x=/y", True),
    ("/items/{id}", "/items/7", True),
    ("/items/{id}", "/items/7/parts", False),
    ("/items/{id}", "/items/", False),
    ("/items/*", "/items/", True),
    ("/items/{id}/parts", "/items/a-b/parts", True),
    ("/{a}-{b}.{format}", "/1-2-3.tar.gz", True),
    ("/{a}-{b}", "/-2", False),
    ("/{a}-{b}", "/1-", False),
    ("/{a}{b}", "/12", True),
    ("/{a}{b}", "/1", False),
    ("/**/{id}", "/a/b/", False),
    ("/**/{id}", "/a/b", True),
    ("/{}", "/x", False),
])
def test_paths(pattern: str, path: str, expected: bool) -> None:
    assert fits(exchange(path), path=pattern) is expected


SEGMENT = st.text("ab*", max_size=4).filter(lambda text: "**" not in text)


def _segments(pattern: list[str], path: list[str]) -> bool:
    """The definition, by trying everything."""
    if not pattern:
        return not path
    if pattern[0] == "**":
        return any(_segments(pattern[1:], path[at:]) for at in range(len(path) + 1))
    return bool(path) and re.fullmatch(pattern[0].replace("*", "[^/]*"), path[0]) is not None and _segments(
        pattern[1:], path[1:])


@given(st.lists(st.one_of(SEGMENT, st.just("**")), min_size=1, max_size=5),
       st.lists(st.text("ab", max_size=4), min_size=1, max_size=5))
def test_paths_by_the_definition(pattern: list[str], path: list[str]) -> None:
    assert fits(exchange("/" + "/".join(path)), path="/" + "/".join(pattern)) is _segments(pattern, path)


@given(st.text("ab*.", min_size=1, max_size=8), st.text("ab.", min_size=1, max_size=8))
def test_names_by_the_definition(pattern: str, name: str) -> None:
    expected = re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), name) is not None
    assert fits(exchange(Content_Type=name), content_type=pattern) is expected


def test_no_pattern_tries_again_and_again() -> None:
    """Each of these would run for years if wildcards gave back what they took."""
    assert not fits(exchange("/" + "a" * 50_000), path="/" + "*a" * 20 + "*b")
    assert not fits(exchange("/a" * 50_000), path="/**" + "/a/**" * 20 + "/b")
    assert not fits(exchange(host="a" * 50_000), host="*a" * 20 + "*b")
    assert not fits(exchange(Content_Type="a" * 50_000), content_type="*a" * 20 + "*b")


def test_methods_status_and_content_type() -> None:
    one = exchange(method="PATCH", status=404, Content_Type="Text/HTML; charset=utf-8")
    assert fits(one, method="PATCH")
    assert not fits(one, method="patch")
    assert fits(one, status="404")
    assert fits(one, status="4xx")
    assert not fits(one, status="5xx")
    assert fits(one, content_type="text/html")
    assert fits(one, content_type="TEXT/*")
    assert not fits(one, content_type="application/*")
    assert not fits(exchange(), content_type="*")


def test_all_keys_must_fit_and_one_pattern_of_each() -> None:
    where = Where({"host": ("a.example", "b.example"), "status": ("404", "5xx")})
    assert where.fits(exchange(host="b.example", status=500))
    assert not where.fits(exchange(host="b.example", status=200))
    assert not where.fits(exchange(host="c.example", status=404))
    assert Where({}).fits(exchange())
    assert str(where) == "host a.example or b.example, status 404 or 5xx"


def test_what_is_not_known_fits_nothing() -> None:
    unknown = Exchange(Response(200, headers=None))
    for keys in ({"host": "*"}, {"path": "**"}, {"method": "GET"}, {"content_type": "*"}):
        assert not fits(unknown, **keys)
    assert fits(unknown, status="2xx")


def test_fields_of_findings() -> None:
    report = Linter(select="retry-after").lint(exchange(status=503, Retry_After="soon"))
    finding: Finding = report.findings[0]
    assert finding.location.name == "Retry-After"
    for pattern, expected in (("retry-after", True), ("RETRY-*", True), ("*", True), ("allow", False)):
        assert Where({"field": (pattern,)}).fits_finding(finding, report.exchange) is expected
    assert not Where({"field": ("retry-after",), "status": ("404",)}).fits_finding(finding, report.exchange)


@pytest.mark.parametrize(("key", "pattern"), [
    ("host", ""), ("host", " "), ("host", "https://shop.example"), ("host", "shop.example/x"), ("host", "a@b"),
    ("path", ""), ("path", "api"), ("path", "*.js"), ("path", "/a?b"), ("path", "/a**"), ("path", "/**.js"),
    ("path", "**x"), ("path", "/a#b"),
    ("method", ""), ("method", "GET POST"), ("method", "*"),
    ("status", "40"), ("status", "4XX"), ("status", "4*"), ("status", "0xx"), ("status", "1234"), ("status", "١٢٣"),
    ("content-type", ""), ("field", ""),
])
def test_what_is_no_pattern(key: str, pattern: str) -> None:
    with pytest.raises(PatternError, match=f"^{key}: "):
        Where({key: (pattern,)})


def test_lists_of_hosts() -> None:
    hosts = Hosts(["shop.example", "*.shop.example"])
    assert hosts.fits("shop.example")
    assert hosts.fits("www.shop.example:8080")
    assert not hosts.fits("shop.example.evil.test")
    with pytest.raises(PatternError):
        Hosts(["a/b"])

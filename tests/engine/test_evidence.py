"""What rules ask of a capture: no more than they need."""
from __future__ import annotations

import pytest

from httplint import Exchange, Linter, Request, Response
from httplint.library import built_in_rules
from httplint.model.evidence import ALL, INTERNED, Evidence, bits

DATE = ("Date", "Tue, 01 Jul 2025 12:00:00 GMT")
RULES = {rule.id: rule for rule in built_in_rules()}


def test_stored_responses_have_the_same_uri() -> None:
    """What looks at the target URI alone holds of a response out of a cache, too."""
    evidence = Evidence.of(ALL & ~bits("pair", "target", "wire"))
    response = Response(200, headers=[
        DATE, ("Strict-Transport-Security", "max-age=1"), ("Set-Cookie", "a=b; Domain=b.example"),
        ("Set-Cookie", "c=d; Secure"), ("Clear-Site-Data", '"cache"')])
    report = Linter().lint(Exchange(response, Request("GET", "http://a.example/", headers=[]), evidence=evidence))
    assert {"strict-transport-security.over-http", "set-cookie.domain-foreign", "set-cookie.secure-over-http",
            "clear-site-data.over-http"} <= {finding.rule_id for finding in report.findings}


@pytest.mark.parametrize("name", [
    "206.unasked", "304.unconditional", "date.far-off", "access-control-allow-methods.preflight",
    "etag.shared-by-codings", "www-authenticate.bearer-error-without-token"])
def test_what_the_request_asked_for_has_to_be_that_of_the_response(name: str) -> None:
    assert RULES[name].analysis.needs & bits("pair")


@pytest.mark.parametrize(("method", "target", "rule"), [
    ("GET", "https://a.example/a?access_token=b", "cache-control.query-token"),
    ("GET", "https://a.example/a?b=c&access_token=d", "cache-control.query-token"),
    ("OPTIONS", "https://a.example/", "options.accept-patch-missing"),
])
def test_path_and_query_of_a_uri_stand_for_the_target(method: str, target: str, rule: str) -> None:
    exchange = Exchange(Response(200, headers=[DATE, ("Allow", "GET, PATCH")]), Request(method, target, headers=[]))
    assert not exchange.evidence.knows("target")
    assert rule in {finding.rule_id for finding in Linter(select=rule).lint(exchange).findings}


@pytest.mark.parametrize(("target", "path", "query"), [
    ("/a/b?c=d?e", "/a/b", "c=d?e"), ("/", "/", ""), ("/a#b?c", "/a", ""), ("*", "*", ""), ("/?", "/", ""),
    ("https://a.example/b?c#d", "/b", "c"), ("https://a.example", "", ""), ("https://a.example?b", "", "b"),
    ("a.example:443", "", ""), ("/a://b/c", "/a://b/c", ""), ("", "", ""),
])
def test_parts_of_the_target(target: str, path: str, query: str) -> None:
    request = Request("GET", target)
    assert (request.path, request.query) == (path, query)


def found(response: Response, request: Request) -> set[str]:
    return {finding.rule_id for finding in Linter().lint(Exchange(response, request)).findings
            if finding.severity == "error"}


@pytest.mark.parametrize("request_", [
    Request("GET", "http://a.example/"), Request("GET", "/a"), Request("GET", "https://a.example/", "2"),
    Request("GET", "http://a.example/", headers=[("Accept", "text/html")]),
])
def test_a_request_without_host_in_a_library_call(request_: Request) -> None:
    assert found(Response(200, headers=[DATE, ("Content-Type", "text/plain")], content=b"x"), request_) == set()
    if request_.fields is not None and not len(request_.fields):
        for status in (206, 304):
            assert not any("un" in name for name in found(Response(status, headers=[DATE, ("ETag", '"a"')]), request_))


def test_host_is_missing_where_all_fields_are_there() -> None:
    response = Response(200, headers=[DATE, ("Content-Type", "text/plain")], content=b"x")
    assert found(response, Request("GET", "/a", headers=[])) == {"400.host-missing"}
    assert found(response, Request("GET", "/a", headers=[("Accept", "*/*")])) == {"400.host-missing"}


def test_the_case_of_names_is_not_told_by_a_library_call() -> None:
    response = Response(200, "2", headers=[DATE, ("Content-Type", "text/plain")], content=b"x")
    request = Request("GET", "https://a.example/", "2")
    assert found(response, request) == set()
    exact = Exchange(response, request, evidence=Evidence.of(ALL & ~bits("wire", "request_fields")))
    assert "http2.upper-case-name" in {finding.rule_id for finding in Linter().lint(exact).findings}


def test_evidence_without_end_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[object, Evidence] = {}
    monkeypatch.setattr(Evidence, "_interned", kept)
    for number in range(3 * INTERNED):
        made = Evidence.of(ALL, frozenset({f"x-{number}"}))
        assert made is Evidence.of(ALL, frozenset({f"x-{number}"}))
    assert len(kept) <= INTERNED

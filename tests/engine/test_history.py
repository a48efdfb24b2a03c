"""What earlier exchanges tell about a later one."""
from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest

from httplint.engine.case import Case
from httplint.engine.history import FOLLOWED_PLACES, History
from httplint.grammar.target import redirect_target, requested
from httplint.model.evidence import ALL, Evidence, NotApplicable, NotEvaluated
from httplint.model.exchange import Exchange
from httplint.model.message import Request, Response

Headers = Sequence[tuple[str, str]]


def exchange(method: str, target: str, status: int, headers: Headers | None = (), asked: Headers | None = (),
             started: float | None = None, evidence: Evidence | None = None, content: bytes = b"") -> Exchange:
    request = Request(method, target, headers=asked, content=content)
    return Exchange(Response(status, headers=headers, content=b""), request, started=started,
                    evidence=evidence or Evidence.of(ALL))


def facts(earlier: Sequence[Exchange], last: Exchange, limit: int = 100) -> Case:
    history = History(limit=limit)
    for one in earlier:
        history.remember(one)
    return Case(last, last.response, history)


def chain(earlier: Sequence[Exchange], last: Exchange) -> tuple[str, ...]:
    """The chain that led to the last exchange; empty if it followed no redirect."""
    case = facts(earlier, last)
    try:
        assert case.redirect.response.status in (301, 302, 303, 307, 308)
    except NotApplicable:
        with pytest.raises(NotApplicable):
            _ = case.chain
        return ()
    return case.chain


def moved(source: str, target: str, status: int = 302, started: float | None = None, method: str = "GET",
          asked: Headers = ()) -> Exchange:
    return exchange(method, source, status, [("Location", target)], asked, started)


def visit(target: str, started: float | None = None, method: str = "GET", asked: Headers = ()) -> Exchange:
    return exchange(method, target, 200, (), asked, started)


A, B, C = "http://a.example/", "http://b.example/", "http://c.example/"


# --- URIs -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("uri", "expected"), [
    ("HTTP://A.Example:80", "http://a.example/"),
    ("http://a.example/B/%7e?c%2f", "http://a.example/B/%7e?c%2f"),
    ("https://user:pass@a.example:443/b@c#d", "https://a.example/b@c"),
    ("https://a.example:8443?b/c", "https://a.example:8443/?b/c"),
    ("http://[::1]:80/a/../b", "http://[::1]/a/../b"),
    ("http:///a", "http:///a"),
    ("mailto:a#b", "mailto:a"),
    ("", ""),
])
def test_requested(uri: str, expected: str) -> None:
    assert requested(uri) == expected
    assert requested(expected) == expected


@pytest.mark.parametrize(("location", "expected"), [
    ("c#d", "http://a.example/b/c"), ("//C", "http://c/"), ("", "http://a.example/b/?q"), ("..", "http://a.example/"),
])
def test_redirect_target(location: str, expected: str) -> None:
    assert redirect_target("http://a.example/b/?q", Response(302, headers=[("Location", location)])) == expected


@pytest.mark.parametrize("headers", [[], None, [("Location", "/a b")], [("Location", "/a"), ("Location", "/b")]])
def test_no_redirect_target(headers: Headers | None) -> None:
    assert redirect_target("http://a.example/", Response(302, headers=headers)) is None


# --- redirects ------------------------------------------------------------------------------------------------------

def test_a_chain_of_redirects() -> None:
    assert chain([], visit(A)) == ()
    assert chain([moved(A, B)], visit(B)) == (A,)
    assert chain([moved(A, B), moved(B, C + "#top")], visit(C)) == (A, B)
    assert chain([moved(A, B), moved(B, A), moved(A, B)], moved(B, A)) == (A, B, A)
    assert chain([moved(A, B)], visit(C)) == ()
    assert chain([visit(A)], visit(B)) == ()
    assert chain([moved(A, "")], visit(A)) == (A,)


@pytest.mark.parametrize("status", range(300, 310))
def test_which_statuses_redirect(status: int) -> None:
    """RFC 9110 §15.4: those that send the client to Location; 305 and 306 have no meaning any more."""
    assert chain([moved(A, B, status)], visit(B)) == ((A,) if status in (301, 302, 303, 307, 308) else ())


def test_another_spelling_is_another_request() -> None:
    tilde = "http://a.example/%7Eb"
    assert chain([moved(tilde, "/~b")], visit(tilde)) == ()
    assert chain([moved(tilde, "/~b")], visit("http://a.example/~b")) == (tilde,)


def test_a_redirect_is_followed_once() -> None:
    assert chain([moved(A, B), visit(B)], visit(B)) == ()
    assert chain([moved(A, B), visit(C), visit(C)], visit(B)) == (A,)


def test_a_replayed_response_follows_a_redirect_too() -> None:
    replayed = exchange("GET", B, 200, evidence=Evidence.of(ALL).without("pair"))
    assert chain([moved(A, B)], replayed) == (A,)
    assert chain([moved(A, B), replayed], visit(B)) == ()


def test_a_preflight_does_not_follow_a_redirect() -> None:
    post = moved(A, B, 307, method="POST")
    assert chain([post], visit(B, method="OPTIONS")) == ()
    assert chain([post, visit(B, method="OPTIONS")], visit(B, method="POST")) == (A,)
    assert chain([moved(A, B, method="OPTIONS")], visit(B, method="OPTIONS")) == (A,)


@pytest.mark.parametrize(("started", "followed"), [(0.0, True), (29.0, True), (31.0, False), (-1.0, False)])
def test_a_redirect_is_followed_soon_by_time(started: float, followed: bool) -> None:
    between = [visit(C, started=1)] * FOLLOWED_PLACES
    assert chain([moved(A, B, started=0), *between], visit(B, started=started)) == ((A,) if followed else ())


@pytest.mark.parametrize(("places", "followed"), [(0, True), (FOLLOWED_PLACES - 1, True), (FOLLOWED_PLACES, False)])
def test_a_redirect_is_followed_soon_by_place(places: int, followed: bool) -> None:
    assert chain([moved(A, B), *[visit(C)] * places], visit(B)) == ((A,) if followed else ())


def test_a_redirect_is_followed_by_the_same_user_agent() -> None:
    first = moved(A, B, asked=[("User-Agent", "x")])
    assert chain([first], visit(B, asked=[("user-agent", "x")])) == (A,)
    assert chain([first], visit(B, asked=[("User-Agent", "y")])) == ()
    assert chain([first], visit(B)) == (A,)


def test_a_long_chain_is_cut() -> None:
    steps = [f"http://a.example/{number}" for number in range(80)]
    long = chain([moved(one, two) for one, two in pairwise(steps)], visit(steps[-1]))
    assert long == tuple(steps[-51:-1])


# --- the stored 200 -------------------------------------------------------------------------------------------------

def stored(earlier: Sequence[Exchange], last: Exchange) -> Response | str:
    try:
        return facts(earlier, last).stored
    except NotEvaluated as why:
        return why.reason


NONE = "no earlier 200 (OK) to the same request was seen"


def test_stored_is_the_latest_200_to_get() -> None:
    first, second = (exchange("GET", A, 200, [("ETag", tag)]) for tag in ('"a"', '"b"'))
    assert stored([first], visit(A)) is not NONE
    found = stored([first, second, exchange("GET", A, 304), visit(A, method="HEAD")], visit(A, method="HEAD"))
    assert isinstance(found, Response)
    assert found.fields == second.response.fields
    assert stored([exchange("GET", A, 206), exchange("GET", A, 404), visit(A, method="HEAD")], visit(A)) == NONE
    assert stored([first], visit(B)) == NONE
    assert stored([exchange("GET", A, 200, evidence=Evidence.of(ALL).without("pair"))], visit(A)) == NONE
    assert stored([exchange("GET", A, 200, None)], visit(A)) == NONE
    assert stored([exchange("GET", A, 200, asked=None)], visit(A)) == NONE


def test_an_unsafe_method_that_succeeds_ends_it() -> None:
    first = visit(A)
    assert stored([first, exchange("PUT", A, 204)], visit(A)) == NONE
    assert stored([first, exchange("POST", A, 303)], visit(A)) == NONE
    assert stored([first, exchange("PUT", A, 412)], visit(A)) != NONE
    assert stored([first, exchange("OPTIONS", A, 204), exchange("PROPFIND", A, 207)], visit(A)) != NONE


def test_it_ends_it_whatever_is_known_of_its_response() -> None:
    unpaired = Evidence.of(ALL).without("pair")
    assert stored([visit(A), exchange("PUT", A, 204, evidence=unpaired)], visit(A)) == NONE
    assert stored([visit(A), exchange("PUT", A, 204, None)], visit(A)) == NONE
    assert stored([visit(A), exchange("GET", A, 200, evidence=unpaired)], visit(A)) != NONE


def test_an_earlier_exchange_counts_if_it_told_as_much() -> None:
    """What is missing there proves nothing, though it would in the exchange under judgement."""
    gap = Evidence.of(ALL, response_gaps=frozenset({"content-encoding"}))
    assert stored([exchange("GET", A, 200, evidence=gap)], visit(A)) == NONE
    assert stored([exchange("GET", A, 200, evidence=gap)], exchange("GET", A, 304, evidence=gap)) != NONE
    assert stored([visit(A)], exchange("GET", A, 304, evidence=gap)) != NONE
    for asked in (Evidence.of(ALL).without("request_fields"), Evidence.of(ALL, request_gaps=frozenset({"accept"}))):
        with pytest.raises(NotApplicable):
            _ = facts([exchange("GET", A, 200, evidence=asked)], visit(A)).variant
        assert facts([exchange("GET", A, 200, evidence=asked)], exchange("GET", A, 200, evidence=asked)).variant


def test_vary_selects() -> None:
    first = exchange("GET", A, 200, [("Vary", "Accept, accept-encoding")], [("Accept", "a/b")])
    assert stored([first], visit(A, asked=[("accept", "a/b")])) != NONE
    assert stored([first], visit(A, asked=[("Accept", "c/d")])) == NONE
    assert stored([first], visit(A, asked=[("Accept", "a/b"), ("Accept-Encoding", "gzip")])) == NONE
    assert stored([exchange("GET", A, 200, [("Vary", "*")])], visit(A)) == NONE
    assert stored([exchange("GET", A, 200, [("Vary", "a b")])], visit(A)) == NONE, "malformed"
    assert stored([exchange("GET", A, 200, [("Vary", "")])], visit(A)) != NONE


def test_what_cannot_be_compared_selects_nothing() -> None:
    varying = [("Vary", "Accept")]
    partial = Evidence.of(ALL).without("request_fields")
    gaps = Evidence.of(ALL, request_gaps=frozenset({"accept"}))
    for doubtful in (partial, gaps):
        assert stored([exchange("GET", A, 200, varying, evidence=doubtful)], visit(A)) == NONE
        assert stored([exchange("GET", A, 200, varying)], exchange("GET", A, 304, evidence=doubtful)) == NONE
        assert stored([exchange("GET", A, 200, evidence=doubtful)], visit(A)) != NONE
    no_vary = Evidence.of(ALL, response_gaps=frozenset({"vary"}))
    assert stored([exchange("GET", A, 200, evidence=no_vary)], visit(A)) == NONE
    assert stored([exchange("GET", A, 200, varying)], exchange("GET", A, 304, asked=None)) == NONE


# --- the same request, Allow, bounds --------------------------------------------------------------------------------

def test_a_variant_is_any_200_to_get() -> None:
    first = exchange("GET", A, 200, [("Vary", "Accept"), ("ETag", '"1"')], [("Accept", "text/html")])
    case = facts([first], exchange("GET", A, 200, (), [("Accept", "text/plain")]))
    assert case.variant.request.method == "GET"
    assert case.variant.response.status == 200
    with pytest.raises(NotEvaluated):
        _ = case.stored
    for other in (exchange("GET", A, 404), exchange("POST", A, 200), exchange("GET", B, 200)):
        with pytest.raises(NotApplicable):
            _ = facts([other], first).variant


def test_methods_that_succeeded() -> None:
    case = facts([exchange("PUT", A, 201), exchange("GET", A, 200), exchange("PUT", A, 204), exchange("POST", A, 405),
                  exchange("DELETE", B, 204)], visit(A))
    assert case.succeeded == ("PUT", "GET")
    strange = [exchange(f"M{number}", A, 200) for number in range(50)]
    assert len(facts(strange, visit(A)).succeeded) == 20


def test_previous_is_the_same_request() -> None:
    first = exchange("POST", A, 400, asked=[("Content-Type", "a/b")], content=b"x")
    assert facts([first], first).previous.response.status == 400
    for other in (exchange("POST", A, 400, asked=[("Content-Type", "a/b")], content=b"y"),
                  exchange("POST", A, 400, asked=[("Content-Type", "a/c")], content=b"x"),
                  exchange("PUT", A, 400, asked=[("Content-Type", "a/b")], content=b"x"),
                  exchange("POST", B, 400, asked=[("Content-Type", "a/b")], content=b"x")):
        with pytest.raises(NotEvaluated):
            _ = facts([first], other).previous


def test_previous_asks_for_content_where_there_may_be_some() -> None:
    def asked(method: str, *headers: tuple[str, str]) -> Exchange:
        return Exchange(Response(403), Request(method, A, headers=[("Authorization", "Basic YTpi"), *headers]))

    for method in ("GET", "HEAD"):
        assert facts([asked(method)], asked(method)).previous.response.status == 403
    for one in (asked("POST"), asked("DELETE"), asked("GET", ("Content-Length", "5"))):
        with pytest.raises(NotEvaluated, match="content of the request"):
            _ = facts([one], one).previous
    unseen = Exchange(Response(400), Request("GET", A))
    with pytest.raises(NotEvaluated):
        _ = facts([unseen], unseen).previous


def test_a_content_that_is_not_there_is_no_content_that_is_the_same() -> None:
    one = Exchange(Response(400), Request("POST", A, headers=[]), evidence=Evidence.of(ALL))
    with pytest.raises(NotEvaluated, match="content of the request"):
        _ = facts([one], one).previous


def test_previous_is_forgotten_when_the_resource_changed() -> None:
    gone = exchange("GET", A, 410)
    assert facts([gone, exchange("PUT", B, 204), exchange("PUT", A, 409), exchange("OPTIONS", A, 204)],
                 visit(A)).previous.response.status == 410
    with pytest.raises(NotEvaluated):
        _ = facts([gone, exchange("PUT", A, 201)], visit(A)).previous


def test_contents_are_not_kept() -> None:
    first = exchange("POST", A, 400, content=b"x" * 1000)
    assert first.request is not None
    kept = facts([first], first).previous
    assert kept.request is not None
    assert kept.request.content is None
    assert kept.response.content is None


def test_allowed_is_the_latest_allow() -> None:
    allow = exchange("DELETE", A, 405, [("Allow", "GET, HEAD")])
    assert facts([allow], visit(A)).allowed == ("GET", "HEAD")
    assert facts([allow, exchange("OPTIONS", A, 204, [("Allow", "GET")])], visit(A)).allowed == ("GET",)
    for no_answer in (exchange("GET", A, 200, [("Allow", "GET")]), exchange("OPTIONS", A, 204)):
        with pytest.raises(NotEvaluated):
            _ = facts([no_answer], visit(A)).allowed


def test_memory_is_bounded() -> None:
    many = [visit(f"http://a.example/{number}") for number in range(5)]
    with pytest.raises(NotEvaluated):
        _ = facts(many, many[1], limit=3).stored
    assert facts(many, many[2], limit=3).stored


def test_without_a_request_nothing_is_known() -> None:
    alone = Exchange(Response(304))
    with pytest.raises(NotApplicable):
        _ = facts([alone, visit(A)], alone).redirect


def test_each_resource_has_an_earlier_response_of_its_own() -> None:
    history = History(limit=100)
    for target in (A, B):
        history.remember(exchange("GET", target, 200, [("ETag", f'"{target}"')], [("Host", "a.example")]))
    for target in (A, B, A):
        asked = exchange("GET", target, 304, (), [("Host", "a.example"), ("If-None-Match", f'"{target}"')])
        assert Case(asked, asked.response, history).stored.fields.lines == (("ETag", f'"{target}"'),)

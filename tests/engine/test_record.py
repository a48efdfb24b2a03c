"""What a history is told by records is what it is told by exchanges; and what it keeps is what is asked."""
from __future__ import annotations

import marshal
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.engine.case import Case
from httplint.engine.catalogue import make
from httplint.engine.history import FACTS, History, facts_in
from httplint.engine.linter import RuleLinter, complete
from httplint.engine.record import Earlier, Record, record_of
from httplint.grammar.target import requested
from httplint.model.evidence import ALL, Evidence, NotApplicable, NotEvaluated
from httplint.model.exchange import Exchange, Source
from httplint.model.message import Request, Response
from httplint.vocabulary.representation import Representation

NOW = "Wed, 02 Jul 2025 12:00:00 GMT"
TELLING = [("ETag", '"a"'), ("ETag", '"b"'), ("ETag", 'W/"a"'), ("Last-Modified", "Tue, 01 Jul 2025 12:00:00 GMT"),
           ("Last-Modified", "Wed, 02 Jul 2025 11:59:50 GMT"), ("Date", NOW), ("Vary", "Accept"), ("Vary", "*"),
           ("Content-Encoding", "gzip"), ("Content-Length", "3"), ("Allow", "GET"), ("Location", "/"),
           ("Location", "http://b.example/#a"), ("Content-Range", "bytes 0-2/5"), ("Content-Range", "bytes */5"),
           ("Transfer-Encoding", "chunked")]
EVIDENCE = [Evidence.of(ALL)] * 4 + [Evidence.of(ALL).without(fact) for fact in (
    "pair", "request_fields", "response_fields", "content", "size", "request_content")] + [
    Evidence.of(ALL, frozenset(("vary",))), Evidence.of(ALL, frozenset(), frozenset(("accept",)))]
REQUESTS = st.builds(
    Request, st.sampled_from(["GET", "GET", "GET", "HEAD", "POST", "PUT", "OPTIONS", "FOO"]),
    st.sampled_from(["/", "/#b", "http://B.example", "*"]), st.just("1.1"),
    st.one_of(st.none(), st.lists(st.sampled_from([("User-Agent", "a"), ("User-Agent", "b"), ("Accept", "x/y"),
                                                   ("If-Range", '"a"')]), max_size=2)),
    st.sampled_from([None, b"", b"x" * 80]), scheme=st.sampled_from(["", "http"]))
RESPONSES = st.builds(
    Response, st.sampled_from([200, 200, 200, 206, 204, 301, 304, 404, 405, 416]), st.just("1.1"), st.none(),
    st.one_of(st.none(), st.lists(st.sampled_from(TELLING), max_size=6)),
    st.sampled_from([None, b"", b"abc", b"abd", b"x" * 9000]))
EXCHANGES = st.builds(
    Exchange, RESPONSES, st.one_of(st.none(), REQUESTS, REQUESTS, REQUESTS), started=st.sampled_from([None, 0.0, 20.0]),
    evidence=st.sampled_from(EVIDENCE), source=st.sampled_from([None, Source("a", 1), Source("b", 2, 3, 4, "/log")]))


def parts(value: object) -> object:
    """What there is to see of a fact."""
    if isinstance(value, Exchange):
        return parts(value.request), parts(value.response), value.started, value.evidence, repr(value.source)
    if isinstance(value, (Request, Response)):
        return type(value), [getattr(value, name) for name in value._parts]
    if isinstance(value, Representation):
        return [getattr(value, name) for name in ("validator", "codings", "omission", "lengths", "contents", "one")]
    return [parts(one) for one in value] if isinstance(value, tuple) and type(value) is not tuple else value


def facts(history: History, exchange: Exchange) -> dict[str, object]:
    """The facts that the history tells an exchange; why there is none, as a text in a list."""
    told: dict[str, object] = {}
    for name in FACTS:
        try:
            told[name] = parts(getattr(Case(exchange, exchange.response, history), name))
        except (NotApplicable, NotEvaluated) as why:
            told[name] = [str(why)]
    return told


@given(st.lists(EXCHANGES, max_size=12), st.integers(1, 3))
def test_facts_from_records_are_those_from_exchanges(exchanges: list[Exchange], limit: int) -> None:
    whole, travelled = History(limit=limit), History(limit=limit)
    for one in exchanges:
        exchange = complete(one)
        record: Record = marshal.loads(marshal.dumps(record_of(one, FACTS)))
        assert facts(whole, exchange) == facts(travelled, exchange)
        assert whole.known(exchange) == travelled.known(record)
        whole.remember(one)
        travelled.take(record)


@given(st.lists(EXCHANGES, max_size=12), st.sets(st.sampled_from(sorted(FACTS))))
def test_a_history_of_some_facts_tells_these_as_one_of_all_does(exchanges: list[Exchange], asked: set[str]) -> None:
    whole, partial = History(), History(asked)
    for one in exchanges:
        exchange = complete(one)
        told, known = facts(whole, exchange), partial.known(exchange)
        some = facts(partial, exchange)
        assert {name: some[name] for name in asked} == {name: told[name] for name in asked}
        assert known & asked == whole.known(exchange) & asked
        whole.remember(one)
        partial.remember(one)


@given(st.lists(EXCHANGES, max_size=12))
def test_what_is_not_known_has_no_value(exchanges: list[Exchange]) -> None:
    history = History()
    for one in exchanges:
        exchange = complete(one)
        for name in FACTS.keys() - history.known(exchange):
            assert FACTS[name].derive(history, exchange) is None
        history.remember(one)


def rule(**keys: str) -> RuleLinter:
    return RuleLinter([make({"id": "a.b", "title": "t", "level": "MUST", "spec": "s", "message": "m", "why": "w",
                             "fix": "f", "bad": ["x"], "good": ["x"], **keys})])


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize("keys", [
    lambda fact: {"require": f"{fact} is not None"},
    lambda fact: {"when": "response.status == 999", "require": f"{fact} is not None"},
    lambda fact: {"when": f"response.status == 999 and {fact} is not None", "require": "response.status == 200"},
], ids=["require", "after when", "in when"])
def test_without_its_first_fact_a_rule_comes_out_as_the_row_says(
        fact: str, keys: Callable[[str], dict[str, str]]) -> None:
    """Whatever else stands in it: which rules need not be run is known before."""
    exchange = Exchange(Response(200, headers=[]), Request("GET", "http://a.example/", headers=[], content=b""))
    assert fact not in History().known(exchange)
    report, = rule(**keys(fact)).lint_all([exchange])
    lacking = FACTS[fact].lacking
    assert [one.reason for group in report.groups for one in group] == [lacking] * bool(lacking)
    assert report.findings == []


def test_facts_that_rules_read() -> None:
    assert facts_in([]) == frozenset()
    assert facts_in([frozenset(("response.age", "stored")), frozenset(("chain", "request.*"))]) == {"stored", "chain"}
    assert facts_in([frozenset(("response.age",)), frozenset(("*",))]) == FACTS.keys()


def test_for_rules_that_read_no_fact_nothing_is_remembered() -> None:
    exchange = Exchange(Response(200, headers=[("ETag", '"a"')]), Request("GET", "http://a.example/", headers=[]))
    history = History(())
    history.remember(exchange)
    assert history.known(exchange) == frozenset()


class Text(str):
    """A text of a program's own class, as frameworks have them for what is escaped already."""

    __slots__ = ()


def test_texts_of_any_class_are_remembered() -> None:
    asked = Request("GET", "http://a.example/", headers=[(Text("Accept"), Text("a/b"))])
    exchange = Exchange(Response(200, headers=[("ETag", Text('"a"'))]), asked)
    history = History()
    history.remember(exchange)
    told = history.variant(exchange)
    assert told is not None
    assert told.request.fields == asked.fields
    assert told.response.fields == exchange.response.fields


def test_a_trace_has_what_rules_may_read_of_an_earlier_exchange() -> None:
    exchange = Exchange(Response(200, "1.0", "OK", [("Vary", "*")], b"x"),
                        Request("GET", "/a", "2", [("Host", "a.example")], b"y", scheme="https"), started=5.0,
                        source=Source("a", 1, 2, 3, "/x"))
    trace = record_of(exchange, FACTS)[6][2]
    assert trace is not None
    earlier = Earlier(trace).exchange
    assert earlier.request is not None
    assert earlier.request.uri == "https://a.example/a"
    assert earlier.evidence is exchange.evidence
    assert (earlier.request.version, earlier.response.version, earlier.response.reason) == ("2", "1.0", "OK")
    assert (earlier.started, earlier.request.content, earlier.response.content) == (5.0, None, None)
    assert earlier.source is not None
    assert (earlier.source.path, earlier.source.place, earlier.source.pointer) == ("a", "2:3", "/x")


@given(st.lists(st.sampled_from(["http", "HTTPS", "://", "/", "?", "#", "@", ":80", "A.b", "[::1]", "x" * 310, "%7e"]),
                max_size=8).map("".join))
def test_the_form_of_a_uri_does_not_depend_on_how_it_is_found(uri: str) -> None:
    """It is found at once where the begin is an origin that was met; a fragment leads the other way."""
    assert requested(uri) == requested(uri + "#")
    assert requested(requested(uri)) == requested(uri)

"""What rules read is what they are said to read: by the checker of the language, and by the functions' declarations."""
from __future__ import annotations

import functools
import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mixtures import ANSWERED, TEXTS, mixture
from recording import RecordingCase, unforeseen
from transcription import read_all

from httplint import vocabulary
from httplint.capture.notation import notation
from httplint.engine.analysis import ANYTHING
from httplint.engine.case import Case
from httplint.engine.catalogue import make
from httplint.engine.history import History
from httplint.engine.judgement import Judgement, judgement
from httplint.engine.language.conditions import analyse
from httplint.engine.language.tree import Conditions
from httplint.engine.linter import complete
from httplint.engine.rule import Rule
from httplint.library import built_in_rules
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.exchange import Exchange
from httplint.model.fields import Fields
from httplint.model.message import Message, Request, Response
from httplint.vocabulary.transport import TELLING, origin_key, security_key

HARS = sorted((Path(__file__).parents[2] / "fixtures" / "har").glob("*.har"))
RULES = built_in_rules()


def rule(**keys: Any) -> Rule:
    source = {"id": "test.rule", "title": "a title", "level": "MUST", "spec": "RFC 9110 §1", "require": "1 == 2",
              "message": "a message", "why": "Why.", "fix": "Fix.", "bad": ["x"], "good": ["x"]}
    return make({**source, **keys})


def silent(one: Rule) -> Judgement:
    """The rule without its message, which is made after the verdict."""
    code = analyse(Conditions(one.require, "", one.title, one.when, one.foreach)).code
    return judgement(one.but(one.order, one.analysis._replace(code=code), one.renamed))


JUDGEMENTS = [silent(one) for one in RULES]


@functools.cache
def about(status: int) -> list[Judgement]:
    return [one for one in JUDGEMENTS if one.rule.about(status)]


def concerned(case: Case) -> Iterator[Judgement]:
    """The rules that a plan would run on a response."""
    request, response, evidence = case.exchange.request, case.response, case.evidence
    answered, asked = [frozenset(message.fields.index) if message is not None and message.fields is not None else set()
                       for message in (response, request)]
    for one in about(response.status):
        said = one.rule.analysis
        if (said.guards <= answered and said.asked <= asked
                and one.rule.applies(request, response.version)
                and not said.lacks(evidence)):
            yield one


def outcome(check: Callable[[object], object], case: Case) -> object:
    """What comes of a rule: whether something was found, how often it held, or why it was not judged."""
    try:
        found = check(case)
    except NotApplicable:
        return "not applicable"
    except NotEvaluated as why:
        return why.reason
    return "found" if isinstance(found, list) and found else found


def read_beyond(exchanges: Iterable[Exchange]) -> set[tuple[str, str]]:
    """(rule, what it read though it is not said to), on exchanges in a row."""
    beyond = set()
    history = History()
    for exchange in exchanges:
        whole = complete(exchange)
        for response in (*whole.interim, whole.response):
            case = RecordingCase(Case(whole, response, history))
            for one in concerned(case):
                for check, said in ((one.check, one.rule.analysis.reads), (one.entry, one.rule.analysis.entry)):
                    if said is not None:
                        outcome(check, case.anew())
                        beyond |= {(one.rule.id, what) for what in unforeseen(case.noted, said)}
        history.remember(exchange)
    return beyond


@pytest.mark.parametrize("part", range(8))
def test_rules_read_what_they_are_said_to_in_examples(part: int) -> None:
    assert [(text, beyond) for text in TEXTS[part::8] if (beyond := read_beyond(notation(text)))] == []


@pytest.mark.parametrize("har", HARS, ids=lambda har: har.stem)
def test_rules_read_what_they_are_said_to_in_fixtures(har: Path) -> None:
    assert read_beyond(read_all(har)) == set()


@settings(max_examples=100)
@given(st.integers(0, 2**32))
def test_rules_read_what_they_are_said_to_in_mixtures(seed: int) -> None:
    assert read_beyond([mixture(random.Random(seed))]) == set()


@pytest.mark.parametrize(("name", "reads", "beyond"), [
    ("freshness", {"response.cache-control", "response.expires"}, "response.date"),
    ("stale_allowance", {"response.cache-control?"}, "response.cache-control"),
    ("targets_caches", {"response.cache-control?"}, "response.*?"),
    ("delimited_by_closing", {"request:method", "response.content-length?", "response.transfer-encoding?"},
     "response:status"),
    ("judged_others", {"message.*?"}, "response.allow"),
    ("secure", {"request:method"}, "request:target"),
])
def test_what_is_read_beyond_a_declaration_is_noticed(name: str, reads: set[str], beyond: str,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary.get(name), "reads", frozenset(reads))
    given = ", ".join(vocabulary.get(name).parameters).replace("message", "response")
    made = silent(rule(require=f"{name}({given}) is not None"))
    response = Response(200, headers=[("Expires", "Sat, 29 Oct 1994 19:43:31 GMT"), ("Cache-Control", "public"),
                                      ("Date", "Sat, 29 Oct 1994 19:43:31 GMT"), ("Allow", "GET, ,")])
    case = RecordingCase(Case(Exchange(response, Request("GET", "/", headers=[])), response))
    outcome(made.check, case)
    assert beyond in unforeseen(case.noted, made.rule.analysis.reads)


def takes_message(kind: object) -> bool:
    return any(one.__name__ in str(kind) for one in (Message, Request, Response, Fields, Exchange))


def test_every_function_that_takes_a_message_says_what_it_reads_of_it() -> None:
    for name in vocabulary.homes():
        function = vocabulary.get(name)
        messages = {parameter for parameter, kind in function.parameters.items()
                    if takes_message(kind)} if name not in ("any", "all", "len") else set()
        if messages:
            assert function.reads is not None, name
            told = {one.partition(":")[0].partition(".")[0] for one in function.reads}
            # of a fact of the history, the name of the fact stands for all that is read
            assert messages - told <= {"stored", "variant"}, name
            assert told <= messages, name
        else:
            assert function.reads is None, name
        assert not function.fieldwise or function.reads, name


def test_no_rule_of_ours_reads_just_anything() -> None:
    assert [one.id for one in RULES if ANYTHING in one.analysis.reads] == []


@pytest.mark.parametrize(("keys", "reads"), [
    ({"require": "response['Age'] == 0"}, {"response.age"}),
    ({"require": "'Age' in response"}, {"response.age?"}),
    ({"require": "'Age' in response and response['Age'] == 0"}, {"response.age"}),
    ({"require": "'A' in request or 'A' in request.fields"}, {"request.a?"}),
    ({"require": "len(response.fields) == 0 or 'Age' in response"}, {"response.*"}),
    ({"require": "'A' in response.trailers or response.trailers['Age'] == 0"}, {"response:trailers"}),
    ({"require": "response.status == 1 and request.method == response.version"},
     {"response:status", "request:method", "response:version"}),
    ({"require": "request.path == request.query"}, {"request:target"}),
    ({"require": "request.uri == ''"}, {"request:target", "request:scheme", "request.host", "request.:authority"}),
    ({"require": "started > 0 and len(earlier) == 0"}, {"started", "earlier"}),
    ({"require": "any(one.status == 1 and 'A' in one for one in earlier)"}, {"earlier"}),
    ({"require": "previous.response.status == response.status and 'A' in stored"},
     {"previous", "stored", "response:status"}),
    ({"require": "has(response, 'A') and has(stored, 'B')"}, {"response.a?", "stored"}),
    ({"foreach": "name in ('A', 'B')", "require": "has(request, name)"}, {"request.a?", "request.b?"}),
    ({"foreach": "name in response['Vary']", "require": "has(request, name)"}, {"response.vary", "request.*?"}),
    ({"require": "varies_by(response, 'Origin')"}, {"response.vary"}),
    ({"require": "varies_by(stored, 'Origin')"}, {"stored"}),
    ({"require": "len(dropped_metadata(request, previous.response, response)) == 0"}, {ANYTHING}),
    ({"require": "len(judged(response, 'Allow')) == len(judged(request, 'TE'))"}, {"response.allow", "request.te"}),
    ({"require": "len(digest_fields(response)) == 0"},
     {"response.content-digest", "response.repr-digest", "response.unencoded-digest"}),
    ({"require": "offers_no_dictionary(request)"}, {"request.available-dictionary?"}),
    ({"require": "secure(request) and request.method == 'GET'"}, {"request:security", "request:method"}),
    ({"require": "len(short_lengths(request)) == 0"},
     {"request:target", "request:scheme", "request.host", "request.:authority"}),
    ({"require": "response['a?'] == ''"}, {"response.*"}),
    ({"foreach": "x in set_cookies(response, 'Set-Cookie')", "require": "x.line < 2"}, {ANYTHING}),
    ({"require": "repetition(response, 'A') == repetition(request, 'A')"}, {ANYTHING}),
    ({"foreach": "x in banners(response)", "require": "x in banners(response)"}, {ANYTHING}),
    ({"foreach": "x in digest_fields(response)", "require": "x.name == 'ETag'"},
     {"response.content-digest", "response.repr-digest", "response.unencoded-digest"}),
    ({"require": "has(response, 'a?')"}, {"response.*?"}),
    ({"require": "response.status == 1", "message": "{response.reason} {response['Age']}"}, {"response:status"}),
    ({"require": "response.status == 1", "message": "{stored.status}"}, {"response:status", "stored"}),
    ({"require": "response.status == 1 and known_hint(response['A'])"}, {"response:status", "response.a"}),
])
def test_what_is_read_is_inferred(keys: dict[str, str], reads: set[str]) -> None:
    assert rule(**keys).analysis.reads == reads


@pytest.mark.parametrize(("keys", "entry"), [
    ({"when": "'A' in response and response.size > 0", "require": "1 == 2"}, {"response.a?"}),
    ({"when": "'A' in response and request['B'] == '' and response.size > 0 and 'C' in response",
      "require": "1 == 2"}, {"response.a?", "request.b"}),
    ({"when": "response.size > 0 and 'A' in response", "require": "1 == 2"}, None),
    ({"when": "'A' in response or response.size > 0", "require": "1 == 2"}, None),
    ({"when": "secure(request) and request.version == '1.1'", "require": "response.size == 0"},
     {"request:security", "request:version"}),
    ({"when": "'A' in response", "require": "'B' in response"}, None),
    ({"when": "'A' in response", "require": "response.status == stored.status"}, {"response.a?"}),
    ({"when": "'A' in response and 'B' in response", "require": "response.status == stored.status"}, None),
    ({"when": "'A' in response and 'B' in response", "require": "started > 0"}, None),
    ({"when": "'A' in response and 'B' in response", "require": "response.size > 0", "message": "{started}"}, None),
    ({"when": "'A' in response and 'B' in response", "require": "len(earlier) > 0"}, {"response.a?", "response.b?"}),
    ({"require": "response.size > 0"}, None),
])
def test_the_begin_that_can_be_remembered_is_inferred(keys: dict[str, str], entry: set[str] | None) -> None:
    assert rule(**keys).analysis.entry == entry


def test_a_begin_is_what_when_begins_with() -> None:
    one = judgement(rule(when="'A' in response and response['B'] == 'b' and response.size > 0", require="1 == 2"))
    for headers, expected in (([("B", "b")], False), ([("A", "")], "not applicable"), ([("A", ""), ("B", "")], False),
                              ([("A", ""), ("B", "b")], True)):
        response = Response(200, headers=headers)
        assert outcome(one.entry, Case(Exchange(response), response)) == expected


def test_what_a_case_may_refuse_is_asked_for_first_unless_one_field_decides() -> None:
    def said(**keys: str) -> object:
        response = Response(200, headers=[("A", "a")])
        return outcome(silent(rule(**keys)).check, Case(Exchange(response), response))

    none = "no earlier exchanges were given"
    assert said(when="response['A'] == 'b'", require="stored.status == 200") is None
    assert said(when="response['A'] == 'a'", require="stored.status == 200") == none
    assert said(when="response['A'] == 'b' and 'B' in response", require="stored.status == 200") == none
    assert said(when="'B' in response", require="stored.status == 200") is None
    assert said(when="'B' not in response", require="stored.status == 200") == none
    assert said(when="request.method == 'PUT'", require="stored.status == 200") == none


def test_what_a_plugin_reads_is_not_known_unless_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def shouted(message: Message, name: str) -> bool:
        return False

    def loud(text: str) -> bool:
        return False

    monkeypatch.setattr(vocabulary, "_HOMES", {**vocabulary.homes(), "shouted": "house", "loud": "house"})
    monkeypatch.setattr(vocabulary, "_FUNCTIONS", dict(vocabulary._FUNCTIONS))
    for made in (shouted, loud):
        monkeypatch.setattr(made, "__module__", "house")
        monkeypatch.setitem(shouted.__globals__, "Message", Message)
        vocabulary.function()(made)
        call = "shouted(response, 'A')" if made is shouted else "loud(response['A'])"
        assert rule(require=call).analysis.reads == {ANYTHING}
    vocabulary.function(reads=("message.{name}",))(shouted)
    vocabulary.function(reads=())(loud)
    assert rule(require="shouted(response, 'A') or loud(response['B'])").analysis.reads == {"response.a", "response.b"}


# --- what is remembered rests on it --------------------------------------------------------------------------------

def _apart(fields: Fields, root: str, reads: frozenset[str], chance: random.Random) -> Fields:
    """Another section that a rule with these reads cannot tell from it."""
    if f"{root}.*" in reads:
        return fields
    lines = []
    for name, value in fields:
        plain = name.lower()
        if f"{root}.{plain}" in reads:
            lines.append((chance.choice((name, plain)), value))
        elif f"{root}.{plain}?" in reads or f"{root}.*?" in reads:
            lines.append((name, chance.choice((value, "", "1", "=,"))))
    if f"{root}.*?" not in reads:
        for name in chance.sample(sorted(ANSWERED), 8):
            if not reads & {f"{root}.{name}", f"{root}.{name}?"}:
                lines.insert(chance.randint(0, len(lines)), chance.choice(ANSWERED[name]))
    return Fields(tuple(lines))


def _other(exchange: Exchange, second: Exchange, reads: frozenset[str], chance: random.Random) -> Exchange:
    """The first exchange, and of the second one what a rule does not read."""
    def message(root: str, here: Any, there: Any) -> Any:
        assert here.fields is not None
        parts = {name: getattr(there, name) for name in here._parts
                 if f"{root}:{name}" not in reads and name not in ("fields", "status", "version", "method", "interim")}
        return here.but(**parts, fields=_apart(here.fields, root, reads, chance))

    request = exchange.request
    if not reads & {"request:origin", "request:security", "request.host", "request.:authority"}:
        request = message("request", request, second.request)
    return exchange.but(response=message("response", exchange.response, second.response), request=request)


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_what_is_not_read_makes_no_difference(seed: int) -> None:
    chance = random.Random(seed)
    exchange, second = mixture(chance), mixture(chance)
    case = Case(exchange, exchange.response)
    for one in concerned(case):
        reads = one.rule.analysis.reads
        if reads.isdisjoint(("started", "earlier")):
            other = _other(exchange, second, reads, chance)
            assert outcome(one.check, case) == outcome(one.check, Case(other, other.response)), one.rule.id


ABOUT_ORIGINS = [function for name in vocabulary.homes()
                 if {"request:origin", "request:security"} & ((function := vocabulary.get(name)).reads or set())]
hosts = st.sampled_from(("example.com", "EXAMPLE.com", "localhost", "127.0.0.1", "a.example.com:8080", "[::1]", "",
                         "é"))
targets = st.one_of(st.builds("{}{}{}".format, st.sampled_from(("https://", "http://", "wss://", "//", "")), hosts,
                              st.sampled_from(("", "/", "/a?b", "?", "#", "/" + "a" * 2000, "x" * 2000))),
                    st.sampled_from(("/", "*", "/a", "example.com:443")))
told = st.lists(st.tuples(st.sampled_from((*TELLING, "x-other", "cookie")),
                          st.one_of(hosts, st.sampled_from(("https", "on", "proto=https;host=a.example.com")))),
                max_size=3)
requests = st.builds(lambda target, lines, scheme: Request("GET", target, headers=lines, scheme=scheme), targets, told,
                     st.sampled_from(("", "http", "https")))


@settings(max_examples=300)
@given(requests, requests, st.booleans())
def test_requests_with_one_key_have_one_origin(one: Request, other: Request, near: bool) -> None:
    if near:                                               # so that the keys are often equal
        other = other.but(scheme=one.scheme, fields=Fields((*one.fields, ("x-other", "1"))),  # type: ignore[misc]
                          target=one.target.partition("?")[0] + "?" + "q" * len(other.target))
    assume(origin_key(one) == origin_key(other))
    for function in ABOUT_ORIGINS:
        def answer(request: Request, function: vocabulary.Function = function) -> object:
            given = {"request": request.but(fields=Fields((*(request.fields or ()), ("origin", "https://example.com")))),
                     "response": Response(200), "domain": "example.com"}
            return outcome(lambda _: function.call(**{name: given[name] for name in function.parameters}), None)  # type: ignore[arg-type]
        assert answer(one) == answer(other), function.name


def test_the_key_of_what_is_secure_is_all_that_is_said_of_it() -> None:
    said = {name for name in vocabulary.homes() if "request:security" in (vocabulary.get(name).reads or ())}
    assert said == {"secure", "local_host", "named_host"}
    assert security_key(Request("GET", "http://127.0.0.1/")) == (False, True, False)
    assert security_key(Request("GET", "https://a.example/")) == security_key(Request("GET", "https://b.example/"))
    assert security_key(Request("GET", "/", headers=[("Host", "a.example")], scheme="")) == (
        "whether the connection was secure does not show", False, True)


def test_other_origins_have_other_keys() -> None:
    def key(target: str, *lines: tuple[str, str], scheme: str = "https") -> object:
        return origin_key(Request("GET", target, headers=lines, scheme=scheme))

    one = key("https://a.example/x?y")
    assert one == key("HTTPS://A.example#z") == key("https://a.example/", ("cookie", "a=b"), scheme="")
    others = [one, key("http://a.example/x?y"), key("https://b.example/x?y"), key("https://a.example:8443/"), key("/"),
              key("/", ("host", "a.example")), key("/", ("host", "a.example"), scheme="http"),
              *[key("https://a.example/", (name, "on")) for name in TELLING],
              *[key("https://a.example/", (name, "off")) for name in TELLING]]
    assert len(set(others)) == len(others)


FIELDWISE = [one for one in JUDGEMENTS if one.rule.analysis.fieldwise]
names = st.one_of(
    st.sampled_from(("content-type", "content-typ", "bad name", "\u212a", ":status", "x-aspnet-version", "p3p", "age")),
    st.sampled_from(sorted({name for one in FIELDWISE for name in one.rule.analysis.among})))
lines = st.lists(st.builds(
    lambda name, case, value: (case(name), value), names, st.sampled_from((str, str.upper, str.title)), st.one_of(
        st.sampled_from(sorted({value for pairs in ANSWERED.values() for _, value in pairs if len(value) < 80})),
        st.text('ab1,;="\\ \t\r\x01?:()', max_size=8))), max_size=8)


def told_of(one: Judgement, lines: Iterable[tuple[str, str]], trailers: Fields | None,
            version: str | None) -> tuple[bool | None, list[list[str]]]:
    """Whether the rule holds (None: it does not apply), and the items that it finds fault with, wherever they stand."""
    response = Response(200, version, headers=list(lines), trailers=trailers)
    found = one.check(Case(Exchange(response, Request("GET", "/", headers=[])), response))
    if not isinstance(found, list):
        return found, []
    return False, sorted([f"{name} {getattr(item, name)}" for name in dir(item) if name[0] != "_" and name != "line"
                          and not callable(getattr(item, name))] for _, item in found)


@settings(max_examples=300)
@given(lines, st.one_of(st.none(), lines), st.sampled_from(("1.1", "2", None)))
def test_a_rule_that_judges_field_by_field_finds_no_more_than_in_each(
        whole: list[tuple[str, str]], trailers: list[tuple[str, str]] | None, version: str | None) -> None:
    section = Fields(tuple(whole))
    below = None if trailers is None else Fields(tuple(trailers))
    for one in FIELDWISE:
        each = [told_of(one, [whole[at] for at in numbers], None, version) for numbers in section.index.values()]
        each.append(told_of(one, (), below, version))
        verdicts = [verdict for verdict, _ in each]
        verdict = False if False in verdicts else True if True in verdicts else None
        told = told_of(one, whole, below, version)
        if one.rule.id == "field.misspelt" and verdict is False:   # what is meant may stand beside it
            assert all(item in [one for _, items in each for one in items] for item in told[1])
        else:
            assert told == (verdict, sorted(item for _, items in each for item in items)), one.rule.id


def test_which_rules_judge_field_by_field() -> None:
    assert {"field.malformed", "field.empty-member", "field.repeated", "field.bad-whitespace", "field.line-break",
            "structured.key-repeated", "security.banner-version"} <= {one.rule.id for one in FIELDWISE}
    assert rule(foreach="x in list_lines(response)", require="x.sound").analysis.fieldwise
    assert rule(when="response.status == 1", foreach="x in list_lines(response)", require="x.sound").analysis.fieldwise
    for keys in ({"foreach": "x in list_lines(request)"}, {"foreach": "x in list_lines(stored)"},
                 {"foreach": "x in list_lines(response)", "when": "'A' in response"},
                 {"foreach": "x in list_lines(response)", "require": "x.sound or 'A' in response"},
                 {"foreach": "x in list_lines(response)", "require": "x.line == 1"},
                 {"foreach": "x in misspelt(request)"}, {"require": "len(list_lines(response)) == 0"}):
        assert not rule(**{"require": "1 == 2", **keys}).analysis.fieldwise

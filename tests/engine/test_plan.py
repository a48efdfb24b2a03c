"""What is remembered of earlier exchanges changes nothing: reports are those of all rules run one after the other."""
from __future__ import annotations

import gc
import itertools
import random
import string
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixtures import SINGLE, mixture
from transcription import read_all

from httplint.engine import folds, verdicts
from httplint.engine.case import Case
from httplint.engine.catalogue import make
from httplint.engine.history import History, facts_in
from httplint.engine.judgement import judgement
from httplint.engine.linter import RuleLinter, complete
from httplint.engine.plainly import by_trigger, plainly
from httplint.engine.plan import MANY, role
from httplint.engine.report import Report, catalogue_order
from httplint.engine.rule import PROFILES, Rule
from httplint.engine.verdicts import LONGEST
from httplint.grammar import table
from httplint.grammar.registry.own import NONE, OwnNames
from httplint.library import built_in_rules
from httplint.model.evidence import ALL, BITS, Evidence, bits
from httplint.model.exchange import Exchange
from httplint.model.fields import Fields
from httplint.model.message import Request, Response

HARS = sorted((Path(__file__).parents[2] / "fixtures" / "har").glob("*.har"))
RULES = built_in_rules()
OWN = OwnNames(["X-Own", "X-Foo", "Contnet-Type"], ["OWN"], ["own"])
LOOK = Request("GET", "https://a.example/", headers=[("Host", "a.example")])


def house(number: int, require: str, **keys: Any) -> Rule:
    made = make({"id": f"house.rule-{number}", "title": "a title", "level": "MUST", "spec": "RFC 9110 §1",
                 "require": require, "message": "a message", "why": "Why.", "fix": "Fix.", "bad": ["x"],
                 "good": ["x"], **keys})
    return made.but(1000 + number, made.analysis, made.renamed)


HOUSE = [house(number, require, **keys) for number, (require, keys) in enumerate((
    ("response['Age'] < 100", {"message": "{response['Age']}"}),
    ("response['Content-Length'] == 7", {}),
    ("not response['ETag'].weak", {}),
    ("response['ETag'].weak or response.status == 404", {}),
    ("'a' in response['X-Foo']", {"message": "{response['X-Foo']}"}),
    ("'X-Foo' not in response", {"status": ["2xx", 404]}),
    ("'X-Foo' in response", {"method": ["GET", "OWN"]}),
    ("'X-Foo' in response or 'Cookie' in request", {"version": ["1.0", "2"]}),
    ("response['X-Foo'] == response['X-Own']", {}),
    ("request['X-Own'] == 'a'", {"message": "{request['X-Own']}"}),
    ("'Authorization' not in request", {"when": "'X-Foo' in response"}),
    ("len(request['Cookie']) == 1", {}),
    ("len(response.content) < 3", {"when": "'X-Foo' in response"}),
    ("len(response.content) < 3", {"when": "response['X-Foo'] == 'abc'"}),
    ("line.sound", {"foreach": "line in judged(response, 'X-Foo')"}),
    ("line.sound", {"foreach": "line in judged(response, 'Set-Cookie')", "once": "host"}),
    ("has(response, name)", {"foreach": "name in ('ETag', 'X-Foo', 'Vary')"}),
    ("secure(request)", {"when": "'Set-Cookie' in response"}),
    ("request['Host'].host == 'a.example'", {}),
    ("request.version == '1.1'", {}),
    ("response['Expires'] == response['Date']", {}),
    ("response['X-Foo'] == 'abc'", {"status": 200, "method": "GET", "version": "1.1"}),
    ("request.method == 'GET'", {}),
    ("response['Vary'] == ('a',)", {}),
    ("len(request.path) == 1", {}),
    ("'X-Foo' in response", {"host": "a.example"}),
    ("'X-Foo' in response", {"host": ["*.example", "localhost:8080"], "path": "/items/{id}"}),
    ("'X-Foo' not in response", {"path": ["/items/**", "/"], "method": "GET"}),
    ("line.sound", {"foreach": "line in judged(response, 'X-Foo')", "path": "/**"}),
    ("response['Age'] < 100", {"host": "b.example"}),
    ("len(response.content) < 3", {"when": "'X-Foo' in response", "host": "*.example"}),
    ("len(request['Cookie']) == 1", {"path": "/items/*"}),
    ("response.status == stored.status", {"when": "response['Age'] > 5"}),
    ("response.status == stored.status", {"when": "'ETag' in response"}),
    ("len(response.trailers) == 1 or 'Vary' in response", {"when": "'ETag' in response"}),
))]


def plainly_judged(rules: Iterable[Rule], exchange: Exchange, history: History | None, names: OwnNames) -> Report:
    """The report without any plan."""
    report = Report(exchange)
    whole = complete(exchange)
    for response in (*whole.interim, whole.response):
        case = Case(whole, response, history, names)
        plainly(by_trigger(rules, case.evidence.knows("request_fields")), judgement, case, report)
    report.findings.sort(key=catalogue_order)
    return report


def members(report: Report) -> tuple[object, ...]:
    """All that a report says; what failed in no order, as nothing tells one."""
    findings = [(finding.rule_id, finding.message, finding.values, finding.severity,
                 *[getattr(finding.location, part) for part in ("message", "part", "index", "name", "offset", "entry")])
                for finding in report.findings]
    failed = Counter(one for one in findings if one[0] == "internal.rule-failed")
    return ([one for one in findings if one not in failed], failed, report.held,
            sorted(Counter(one for group in report.groups for one in group).items()))


def differing(exchanges: Iterable[Exchange], rules: Sequence[Rule] = RULES, names: OwnNames = NONE,
              linter: RuleLinter | None = None) -> list[Exchange]:
    """The exchanges of a row that are judged otherwise than without a plan, each by itself."""
    linter = linter or RuleLinter(rules, names)
    return [one for one in exchanges
            if members(linter.lint(one)) != members(plainly_judged(rules, one, None, names))]


def differing_in_a_row(exchanges: Iterable[Exchange], rules: Sequence[Rule] = RULES,
                       names: OwnNames = NONE) -> list[Exchange]:
    """The same with a history."""
    history = History(facts_in(rule.analysis.reads for rule in rules))
    found = []
    judge = RuleLinter(rules, names).stream()
    for one in exchanges:
        if members(judge(one)) != members(plainly_judged(rules, one, history, names)):
            found.append(one)
        history.remember(one)
    return found


# -- values that differ from one to the next

NUMBERS = st.one_of(st.integers(0, 130), st.integers(0, 10**9), st.sampled_from((999_999_999, 1_104_537_600))).map(str)
CLOCKS = st.builds("{:02}:{:02}:{:02} GMT".format, st.sampled_from((0, 7, 23)), st.integers(0, 59),
                   st.sampled_from((0, 30, 59)))
DAYS = ("Tue, 15 Nov 1994 ", "Mon, 15 Nov 1994 ", "Thu, 01 Jan 1970 ", "Fri, 31 Dec 9999 ", "Mon, 01 Jan 0001 ",
        "Sun, 31 Feb 2025 ", "Thu, 29 Feb 2024 ", "Fri, 10 Oct 2025 ", "Fri, 10 oct 2025 ", "Tue,  5 Nov 1994 ",
        "x" * 17)
ODD_DATES = ("Tue, 15 Nov 1994 24:00:00 GMT", "Tue, 15 Nov 1994 23:59:60 GMT", "Tue, 15 Nov 1994 12:00:00 UTC",
             "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "0", "-1", "",
             " Tue, 15 Nov 1994 12:00:00 GMT",
             "Tue, 15 Nov 1994 1:00:00 GMT", "Tue, 15 Nov 1994 12:00:00 gmt", "Tue, 15 Nov 94 12:00:00 GMT")
TAGGED = st.one_of(
    st.text([*map(chr, (0x21, *range(0x23, 0x5C), *range(0x5D, 0x7F)))], min_size=1, max_size=80),
    st.sampled_from(("a-gzip", "a;gz", "W/", "*", ",", "a,b", "0", "'")))
ODD_TAGS = ('""', "a", 'w/"a"', '"a"b"', '"a\\b"', "W/a", '"a', f'"{"a" * 81}"', '"a", "b"', '"\xe9"', '"a b"', "*", "")
COOKIE_NAMES = ("sid", "PHPSESSID", "__Host-a", "__Secure-a", "__host-A", "__Http-a", "token", "Path", "Max-Age")
COOKIE_VALUES = st.one_of(
    st.text(string.ascii_letters + string.digits + "_.~%+/-", min_size=1, max_size=200),
    st.sampled_from(("deleted", "aGVsbG8=", "a==", "%22a%22", "%", "Wed", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
                     "Secure", "5f4dcc3b5aa765d61d8327deb882cf99", "0", "null")))
ATTRIBUTES = ("", "; Path=/", ";path=/;Secure", "; Secure; HttpOnly", "; EXPIRES=Wed, 21 Oct 2015 07:28:00 GMT",
              "; Max-Age=0", "; Max-Age=-1", "; Domain=.example", "; Domain=com", "; SameSite=None", "; Partitioned",
              "; Path=relative", "; SameSite=Lax; SameSite=Strict", ";", "; Path=/; Secure; Path=/a", "; a=b")
ODD_COOKIES = ("a", "=a", "a=", "a=b=c", "a===", 'a="b"', "a=b, c=d", "a b=c", "a=b\tc", "a=b; expires=Wed",
               "a=b; Expires=Wed, 21 Oct 2015 07:28:00 GMT", "a=b ; Path=/", " a=b", "a=\xe9", "a=b;\x01", "")
WORDS = st.one_of(
    st.text(string.ascii_letters + string.digits + "_.-", min_size=1, max_size=120),
    st.sampled_from(("nosniff", "true", "1", "0", "close", "-", "1.0", "PHP-8.1.2", "PHP", "4.0.30319", "gzip", "MISS",
                     "nginx-1.2.3", "Apache", "GET", "Basic", "a", "abc", "on", "en", "2025-01-01", "127.0.0.1")))
ODD_WORDS = ("", "a b", "a,b", "a, a", "a/1.2", '"a"', "\xe9", "a;b", "a=b", "?1", "x" * 121, "a,,b", "a\t", "\x01",
             "\n")
WORDY = ("X-Foo", "X-Own", "Contnet-Type", "Cache-Controll", "X-Powered-By", "X-AspNet-Version", "X-Generator",
         "Server",
         "Via", "Status", "DNT", "From", "Host", "User-Agent", "Authorization", "Referer", "Set-Cookie2", "Man", "Opt",
         "CDN-Loop", "Traceparent", "Pragma", "Warning", "Proxy-Connection", "Keep-Alive", "P3P", "X-XSS-Protection",
         "X-UA-Compatible", "MIME-Version", "URI", "Refresh", "Public", "X-Real-IP", "Content-Version", "Etag2",
         *sorted(name for name, field in table.FIELDS.items() if field.parser is None))

Folded = tuple[str, Callable[[str], object], list[str]]


def _of(names: Sequence[str], fold: Callable[[str], object] | None, values: st.SearchStrategy[list[str]]
        ) -> st.SearchStrategy[Folded]:
    """Some values of a field that are folded together."""
    return st.tuples(st.sampled_from(names), values).map(
        lambda drawn: (drawn[0], fold or folds.FOLDS[drawn[0].lower()], drawn[1]))


def _some(one: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(one, min_size=2, max_size=4)


ALIKE: dict[str, st.SearchStrategy[Folded]] = {
    "number": _of(("Age", "Content-Length"), None, _some(NUMBERS)),
    "date": _of(("Date", "Expires", "Last-Modified"), None, st.sampled_from(DAYS).flatmap(
        lambda day: _some(CLOCKS.map(day.__add__)))),
    "tag": _of(("ETag",), None, st.sampled_from(("", "W/")).flatmap(
        lambda weak: _some(TAGGED.map(lambda text: f'{weak}"{text}"')))),
    "cookie": _of(("Set-Cookie",), None, st.tuples(st.sampled_from(COOKIE_NAMES), st.sampled_from(ATTRIBUTES)).flatmap(
        lambda parts: _some(COOKIE_VALUES.map(lambda text: f"{parts[0]}={text}{parts[1]}")))),
    "plain_word": _of(WORDY, folds.plain_word, _some(WORDS)),
}
"""Fold -> fields and values that it takes for alike, or some of which it does."""
BEYOND = {"number": ("0", "07", "7", "99", "1" * 10, "-1", "1.5", "", "1, 1"), "date": ODD_DATES, "tag": ODD_TAGS,
          "cookie": ODD_COOKIES, "plain_word": ODD_WORDS}
"""Fold -> values that it leaves as they are."""


def with_field(exchange: Exchange, name: str, *values: str) -> Exchange:
    """The exchange with these lines of a field, and no others of it."""
    lines = [line for line in exchange.response.fields or () if line[0].lower() != name.lower()]
    return exchange.but(response=exchange.response.but(
        fields=Fields((*lines[:2], *[(name, value) for value in values], *lines[2:]))))


def test_each_fold_is_tried() -> None:
    assert {fold.__name__ for fold in (*folds.FOLDS.values(), folds.plain_word)} == set(ALIKE) == set(BEYOND)
    assert {name for name in folds.FOLDS if folds.FOLDS[name] is folds.number} == {"age", "content-length"}
    assert {name for name in folds.FOLDS if folds.FOLDS[name] is folds.date} == {"date", "expires", "last-modified"}


@pytest.mark.parametrize("fold", ALIKE)
@settings(max_examples=25)
@given(st.data(), st.integers(0, 2**32))
def test_values_that_are_folded_are_judged_alike(fold: str, data: st.DataObject, seed: int) -> None:
    name, _, values = data.draw(ALIKE[fold])
    base = mixture(random.Random(seed))
    assert differing([with_field(base, name, value) for value in values], names=OWN) == []


@pytest.mark.parametrize("fold", ALIKE)
@settings(max_examples=20)
@given(st.data())
def test_values_of_a_kind_are_folded(fold: str, data: st.DataObject) -> None:
    """What is held above is held of something."""
    _, key, values = data.draw(ALIKE[fold])
    alike = {value for value in values if not (fold == "number" and (len(value) < 3 or len(value) > 9))}
    assert len({key(value) for value in alike}) <= 1


@pytest.mark.parametrize(("fold", "value"), [(fold, value) for fold, values in BEYOND.items() for value in values])
def test_other_values_stay_what_they_are(fold: str, value: str) -> None:
    assert getattr(folds, fold)(value) == value


@settings(max_examples=50)
@given(st.sampled_from(sorted(ALIKE)), st.text(max_size=30) | st.sampled_from(list(itertools.chain(*BEYOND.values()))))
def test_what_stands_for_values_is_no_value(fold: str, value: str) -> None:
    key = getattr(folds, fold)(value)
    assert key == value or isinstance(key, tuple), "so that no other value is taken for it"


@pytest.mark.parametrize(("name", "fold", "values"), [
    ("Age", lambda value: (), ("7", "900")),
    ("Content-Length", lambda value: (), ("7", "7x")),
    ("Date", lambda value: value[:5], ("Tue, 15 Nov 1994 08:12:31 GMT", "Tue, 16 Nov 1994 08:12:31 GMT")),
    ("ETag", lambda value: (), ('"a"', '"a\\b"')),
    ("Set-Cookie", lambda value: value.partition("=")[0], ("a=b", "a=b; SameSite=None")),
    ("Set-Cookie", lambda value: value.partition(";")[2], ("a=b; Path=/a; Secure", "__Host-a=b; Path=/a; Secure")),
])
def test_a_fold_that_drops_too_much_shows(name: str, fold: Callable[[str], object], values: tuple[str, ...],
                                          monkeypatch: pytest.MonkeyPatch) -> None:
    exchanges = [with_field(Exchange(Response(200, headers=[]), LOOK.but(method="POST")), name, one) for one in values]
    assert differing(exchanges) == []
    monkeypatch.setitem(folds.FOLDS, name.lower(), fold)
    assert differing(exchanges) != []


def test_a_word_that_some_rule_reads_is_not_folded() -> None:
    """Rules that look at each field by itself read it as others do."""
    exchanges = [with_field(Exchange(Response(200), LOOK), "X-Powered-By", value) for value in ("PHP", "PHP-8.1.2")]
    assert differing(exchanges) == []
    assert [len(RuleLinter(RULES).lint(one).findings) - len(RuleLinter(RULES).lint(exchanges[0]).findings)
            for one in exchanges] == [0, 1]


# -- reports

@pytest.mark.parametrize("part", range(3))
def test_examples(part: int) -> None:
    assert differing(random.Random(part).sample(SINGLE, 100), [*RULES, *HOUSE]) == []


def test_fixtures() -> None:
    for har in HARS:
        assert differing_in_a_row(itertools.islice(read_all(har), 8)) == [], har.stem


def varied(exchange: Exchange, chance: random.Random) -> Exchange:
    """Another exchange, which differs by what traffic differs by; and now and then by what it seldom does."""
    response, request = exchange.response, exchange.request
    lines = list(response.fields or ())
    for number, (name, value) in enumerate(lines):
        if chance.random() < 0.2:
            lines[number] = name, chance.choice((value + "x", value[:-1], value.swapcase(), "abc", "", value + ", a"))
    for name, values in (("Age", ("7", "70", "700")), ("ETag", ('"a"', 'W/"a"', '"b"', '"a\\b"')),
                         ("X-Foo", ("abc", "a b")),
                         ("Set-Cookie", ("a=b", "a=c", "__Host-a=d", "a=b; Secure")), ("X-Own", ("abc", "a")),
                         ("Date", ("Tue, 15 Nov 1994 08:12:31 GMT", "Tue, 15 Nov 1994 09:12:31 GMT"))):
        if chance.random() < 0.3:
            lines += [(chance.choice((name, name.lower())), chance.choice(values))
                      for _ in range(chance.choice((1, 1, 2)))]
    if chance.random() < 0.2:
        chance.shuffle(lines)
    response = response.but(fields=Fields(tuple(lines)), trailers=chance.choice((
        response.trailers, None, Fields(), Fields((("Expires", "0"), ("X-Foo", "a"))))))
    interim = chance.choice(((), (), (), (Response(103, headers=[("X-Foo", "abc")]).but(interim=True),)))
    if request is not None:
        asked = [*(request.fields or ()), *[(name, chance.choice(values)) for name, values in (
            ("Host", ("a.example", "b.example", "a.example, b.example")), ("Cookie", ("a=b", "a=b; c=d")),
            ("X-Own", ("a", "b")), ("Origin", ("https://a.example", "null"))) if chance.random() < 0.3]]
        request = chance.choice((request, request, request.but(
            method=chance.choice(("GET", "OWN", "HEAD", "OPTIONS")), version=chance.choice(("1.0", "1.1", "2", None)),
            fields=Fields(tuple(asked)))))
    lost = [fact for fact in BITS if chance.random() < 0.02]
    evidence = exchange.evidence.without(*lost, *["trailers"] * (response.trailers is None))
    if chance.random() < 0.1:
        evidence = Evidence.of(evidence.bits, frozenset({"vary", "x-foo"}), frozenset({"host"}))
    if chance.random() < 0.1:
        request, evidence = None, evidence.without(
            "request", "request_fields", "request_content", "request_version", "target")
    return exchange.but(response=response, request=request, interim=interim, evidence=evidence)


def row(seed: int, length: int) -> list[Exchange]:
    """Exchanges as they come in a capture: many like one another."""
    chance = random.Random(seed)
    bases = [mixture(chance), mixture(chance), chance.choice(SINGLE)]
    return [varied(chance.choice(bases), chance) for _ in range(length)]


@settings(max_examples=20)
@given(st.integers(0, 2**32), st.sampled_from((NONE, OWN)))
def test_rows_of_varied_exchanges(seed: int, names: OwnNames) -> None:
    assert differing_in_a_row(row(seed, 8), [*RULES, *HOUSE], names) == []


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_rules_of_a_house(seed: int) -> None:
    assert differing(row(seed, 20), HOUSE, OWN) == []


@settings(max_examples=12)
@given(st.integers(0, 2**32), st.sampled_from(PROFILES), st.floats(0, 1))
def test_some_of_the_rules(seed: int, profile: str, share: float) -> None:
    """As select, ignore and profiles leave them."""
    chance = random.Random(seed)
    some = [rule for rule in RULES if profile in rule.profiles or chance.random() < share]
    assert differing_in_a_row(row(seed, 5), some) == []


@settings(max_examples=15)
@given(st.integers(0, 2**32), st.integers(0, 60))
def test_a_memory_that_is_full_in_between(seed: int, room: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verdicts, "REMEMBERED", room)
        assert differing(row(seed, 10), [*RULES[::5], *HOUSE], OWN) == []


@settings(max_examples=12)
@given(st.integers(0, 2**32), st.data())
def test_the_order_of_exchanges_does_not_matter(seed: int, data: st.DataObject) -> None:
    exchanges = row(seed, 6)
    linter = RuleLinter(RULES)
    told = [members(linter.lint(one)) for one in exchanges]
    other = RuleLinter(RULES)
    for number in data.draw(st.permutations(range(len(exchanges)))):
        assert members(other.lint(exchanges[number])) == told[number]


@pytest.mark.parametrize("exchanges", [
    [Exchange(Response(200, headers=[("X-Foo", "b")]), request, evidence=Evidence.of(ALL & ~bits("trailers")))
     for request in (None, Request("GET", "/", None, []), Request("GET", "/", "1.1", [("X-Own", "a")]))],
    [Exchange(Response(200, headers=[("A", "b")]), Request("GET", target, headers=lines))
     for target in ("/", "https://a.example/") for lines in (
         [("Host", "a.example, b.example")], [("Host", "a.example"), ("Host", "b.example")], [("host", "a.example")])],
    [Exchange(Response(200, headers=lines), LOOK) for lines in (
        [("X-Foo", "a, b")], [("X-Foo", "a"), ("X-Foo", "b")], [("X-Foo", "a"), ("x-foo", "b")], [("X-FOO", "a, b")])],
    [Exchange(Response(200, headers=[("X-Foo", "a")], trailers=trailers), LOOK)
     for trailers in (None, [], [("X-Foo", "b")], [("Expires", "0")])],
    [Exchange(Response(status, headers=[("X-Foo", "a")]), LOOK) for status in (0, 99, 200, 404, 999, 10**30)],
], ids=["requests", "hosts", "lines", "trailers", "statuses"])
def test_what_looks_alike_is_told_apart(exchanges: list[Exchange]) -> None:
    for some in (exchanges, exchanges[::-1]):
        assert differing(some, [*RULES, *HOUSE]) == []


# -- bounds

LARGE: dict[str, Callable[[int], Exchange]] = {
    "names": lambda size: Exchange(Response(200, headers=[(f"X-{number}", "a") for number in range(size)]), LOOK),
    "lines": lambda size: Exchange(Response(200, headers=[("Vary", "")] * size), LOOK),
    "value": lambda size: Exchange(Response(200, headers=[("X-Foo", "a" * size)]), LOOK),
    "name": lambda size: Exchange(Response(200, headers=[("X" * size, "a")]), LOOK),
    "method": lambda size: Exchange(Response(200, headers=[("A", "")]), LOOK.but(method="M" * size)),
    "asked": lambda size: Exchange(Response(200, headers=[("A", "")]),
                                   LOOK.but(fields=Fields((("Accept", ""),) * size))),
    "host": lambda size: Exchange(Response(200, headers=[("A", "")]),
                                  LOOK.but(fields=Fields((("Host", "a" * size),)))),
}


@pytest.mark.parametrize("what", LARGE)
def test_large_exchanges_are_judged_as_small_ones(what: str) -> None:
    sizes = (1, MANY - 1, MANY, MANY + 1, LONGEST - 1, LONGEST, LONGEST + 1, 2)
    assert differing([LARGE[what](size) for size in sizes for _ in range(2)], [*RULES[::7], *HOUSE]) == []


STRANGE: dict[str, Callable[[int], Exchange]] = {
    "names": lambda one: Exchange(Response(200, headers=[(f"X-{one}", "a")]), LOOK),
    "long names": lambda one: Exchange(Response(200, headers=[(f"X-{one:020000}", "a")]), LOOK),
    "values": lambda one: Exchange(Response(200, headers=[("Vary", f"x-{one}")]), LOOK),
    "long values": lambda one: Exchange(Response(200, headers=[("Vary", f"{one:0{LONGEST + one % 3 * 1000}}")]), LOOK),
    "methods": lambda one: Exchange(Response(200, headers=[("A", "")]), LOOK.but(method=f"M{one:0100000}")),
    "statuses": lambda one: Exchange(Response(one, headers=[("A", "")]), LOOK),
    "hosts": lambda one: Exchange(Response(200, headers=[("Set-Cookie", "a=b; Domain=b")]),
                                  Request("GET", f"https://{one:0200}.example/", headers=[("Host", f"{one:02000}")])),
    "evidence": lambda one: Exchange(Response(200, headers=[("A", "")]), LOOK,
                                     evidence=Evidence.of(ALL & ~bits("trailers"), frozenset({f"x-{one}"}))),
    "lines": lambda one: Exchange(Response(200, headers=[(f"{one:0500}", "") for _ in range(90)]), LOOK),
}


@pytest.mark.parametrize("what", STRANGE)
def test_what_is_remembered_of_strange_traffic_is_bounded(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "REMEMBERED", 150)
    linter = RuleLinter([*RULES[::10], *HOUSE])
    tracemalloc.start()
    try:
        for one in range(500):
            linter.lint(STRANGE[what](one))
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        linter.judging(judgement)                          # begins anew
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert before - after < 150 * EACH


EACH = 2_500
"""Octets that what is remembered takes at most, for each of `REMEMBERED`."""


def test_exchanges_that_differ_in_nothing_but_where_they_go_are_told_apart() -> None:
    targets = ["https://a.example/", "https://a.example/items/7", "https://a.example/items/7/parts", "/items/7", "*",
               "https://b.example/items/7", "http://localhost:8080/items/7", "http://localhost:81/items/7",
               "a.example:443"]
    answer = Response(200, headers=[("X-Own", "1"), ("Age", "200")], content=b"content")
    row = [Exchange(answer, Request("CONNECT" if target == "a.example:443" else "GET", target, headers=headers))
           for target in [*targets, *reversed(targets)] for headers in ([], [("Host", "b.example")])]
    placed = [rule for rule in HOUSE if rule.hosts or rule.paths]
    assert {"own", "remembered", "entered", "run"} > {role(rule).kind for rule in placed} > {"remembered", "run"}
    assert differing_in_a_row(row, HOUSE) == []
    assert differing_in_a_row([one.but(request=None, evidence=Evidence.of(ALL & ~bits("request"))) for one in row],
                              HOUSE) == []
    linter = RuleLinter(placed)
    found = {target: {finding.rule_id for finding in linter.lint(one).findings}
             for target, one in zip(targets, row[::2], strict=False)}
    names = [rule.id for rule in placed]
    assert found == {
        "https://a.example/": {names[0]}, "https://a.example/items/7": {names[0], names[1]},
        "https://a.example/items/7/parts": {names[0]}, "/items/7": set(), "*": set(),
        "https://b.example/items/7": {names[1], names[4]}, "http://localhost:8080/items/7": {names[1]},
        "http://localhost:81/items/7": set(), "a.example:443": {names[0]}}


def test_what_a_rule_needs_is_not_asked_where_it_does_not_apply() -> None:
    """An exchange that a rule is not about is nothing that could not be evaluated."""
    rule = house(0, "len(response.content) < 3", host="a.example", path="/items/*")
    unknown = Evidence.of(ALL & ~bits("content", "octets"))

    def groups(target: str) -> list[str]:
        one = Exchange(Response(200, headers=[("X-Foo", "a")]), Request("GET", target), evidence=unknown)
        assert differing_in_a_row([one], [rule]) == []
        return [name for group in RuleLinter([rule]).lint(one).groups for name, _ in group]

    assert groups("http://a.example/items/1") == [rule.id]
    assert groups("http://b.example/items/1") == groups("http://a.example/") == []
    blind = Exchange(Response(200, headers=[("X-Foo", "a")], content=b"content"))
    assert [name for group in RuleLinter([rule]).lint(blind).groups for name, _ in group] == [rule.id]

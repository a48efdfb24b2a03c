"""What goes from one process to another: linters, reports, exchanges, rules, as pickles."""
from __future__ import annotations

import copy
import functools
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from httplint import Exchange, Linter, Report, Request, Response, lint_har, read
from httplint.model.fields import Fields
from httplint.model.message import Composite

HARS = Path(__file__).parents[1] / "fixtures" / "har"
HAR = HARS / "chromium-apache-conforming.har"
OCTETS = (b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
          b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Etag\r\nVary : a\r\n\r\n"
          b"2\nab\r\n0\r\nETag: x\r\n\r\n")
CONFIGURATION = """
profile = "strict"
select = ["date", "server", "cache-control", "field", "103", "x-own"]
first-party = ["a.example", "*.test", "localhost:*", "127.0.0.1*"]
fields = ["X-Own"]
rules = ["pack"]

[level]
"date" = "info"

[[override]]
status = ["2xx"]
ignore = ["cache-control"]

[[waiver]]
rule = "server"
reason = "it is known"
"""
PACK = """
[[rule]]
id = "x-own.odd"
title = "X-Own is odd"
level = "advice"
spec = "house style"
require = "len(response.fields['X-Own']) != 3"
message = "{response.status} has an odd X-Own"
why = "W."
fix = "F."
bad = ["< HTTP/1.1 200 OK\\n< X-Own: abc"]
good = ["< HTTP/1.1 200 OK\\n< X-Own: ab"]
"""

Way = Callable[[Any], Any]


def pickled(protocol: int, held: Any) -> Any:
    return pickle.loads(pickle.dumps(held, protocol))


WAYS: list[Way] = [copy.copy, copy.deepcopy, *(
    functools.partial(pickled, protocol) for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1))]
NAMES = ["copy", "deepcopy", *(f"protocol-{protocol}" for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1))]
every_way = pytest.mark.parametrize("way", WAYS, ids=NAMES)


def plain(value: object) -> object:
    """All that a value holds, as plain data: what one member differs in, differs here."""
    if isinstance(value, (Composite, Fields, Report)) or type(value).__module__.startswith("httplint."):
        names = [name for kind in type(value).__mro__ for name in vars(kind).get("__slots__", ())]
        held = getattr(value, "__dict__", {})
        names += [name for name in ("said", "order", "path", "line", "analysis") if name in held]
        parts = {name: plain(getattr(value, name)) for name in names if name not in ("__weakref__", "memo", "_uri")}
        if parts:
            return type(value).__name__, parts
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value


@pytest.fixture(scope="module", params=["plain", "configured"])
def linter(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Linter:
    if request.param == "plain":
        return Linter()
    directory = tmp_path_factory.mktemp("project")
    (directory / "pack").mkdir()
    (directory / "pack" / "own.toml").write_text(PACK, "utf-8")
    (directory / "httplint.toml").write_text(CONFIGURATION, "utf-8")
    return Linter(config=directory / "httplint.toml")


def exchanges() -> Iterator[Exchange]:
    for one in (*islice(read(HAR), 2), *read(OCTETS, path="octets")):
        if isinstance(one, Exchange):
            yield one
    yield Exchange(Response(200, headers=[("X-Own", "abc"), ("Date", "never")]), Request("GET", "http://a.example/"))


def test_what_is_compared_tells_of_every_part() -> None:
    one, other = (Exchange(Response(200, content=content)) for content in (b"a", b"b"))
    assert plain(one) == plain(one)
    assert plain(one) != plain(other)
    assert plain(Linter().lint(one)) != plain(Linter(ignore="all,200").lint(one))


@pytest.mark.parametrize("way", [WAYS[1], WAYS[2], WAYS[-1]], ids=[NAMES[1], NAMES[2], NAMES[-1]])
def test_a_linter_judges_alike_where_it_arrives(linter: Linter, way: Way) -> None:
    list(linter.lint_all(exchanges()))                     # rules are compiled, and verdicts remembered
    arrived = way(linter)
    assert [rule.id for rule in arrived.rules] == [rule.id for rule in linter.rules]
    wanted = [plain(report) for report in linter.lint_all(exchanges())]
    assert [plain(report) for report in arrived.lint_all(exchanges())] == wanted
    assert linter.policy is None or "x-own.odd" in str(wanted[-1])


@every_way
def test_a_report_arrives_with_every_part(linter: Linter, way: Way) -> None:
    reports = list(linter.lint_all(exchanges()))
    assert any(report.findings for report in reports)
    assert any(report.not_evaluated for report in reports)
    for report in reports:
        arrived = way(report)
        assert plain(arrived) == plain(report)
        assert arrived.held == report.held
        assert arrived.not_evaluated == report.not_evaluated
        for made, finding in zip(arrived.findings, report.findings, strict=True):
            assert (made.rule.why, made.rule.good) == (finding.rule.why, finding.rule.good)


@every_way
def test_what_is_known_of_an_exchange_stays_the_same_object(way: Way) -> None:
    exchange, = (one for one in read(OCTETS) if isinstance(one, Exchange))
    arrived = way(exchange)
    assert arrived.evidence is exchange.evidence           # rules are planned by it
    assert arrived.interim[0].interim
    assert arrived.response.irregularities
    assert plain(arrived) == plain(exchange)


@every_way
def test_a_request_that_was_not_looked_at_stays_so(way: Way) -> None:
    request = way(Request("GET", "https://a.example/"))
    assert not Exchange(Response(200), request).evidence.knows("request_fields")
    request = way(Request("GET", "https://a.example/", headers=()))
    assert Exchange(Response(200), request).evidence.knows("request_fields")


def test_another_process_judges(linter: Linter) -> None:
    *_, exchange = exchanges()
    program = """if True:
        import pickle, sys
        linter, exchange = pickle.load(sys.stdin.buffer)
        pickle.dump(linter.lint(exchange), sys.stdout.buffer)
        """
    done = subprocess.run([sys.executable, "-c", program], input=pickle.dumps((linter, exchange)), capture_output=True,
                          check=True)
    assert plain(pickle.loads(done.stdout)) == plain(linter.lint(exchange))


def test_built_rules_travel(package: Path) -> None:
    program = """if True:
        import pickle, sys, httplint
        linter = httplint.Linter(select="405.allow-missing")
        exchange = httplint.Exchange(httplint.Response(405), httplint.Request("PATCH", "/"))
        arrived, report = pickle.loads(pickle.dumps((linter, linter.lint(exchange))))
        finding = arrived.lint(exchange).findings[0]
        print(type(arrived.rules[0].analysis.code).__name__, finding.rule_id)
        print(report.findings[0].rule.why == finding.rule.why)
        """
    done = subprocess.run([sys.executable, "-c", program], cwd=package, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["int", "405.allow-missing", "True"]


def test_fixtures_are_judged_alike_by_a_linter_that_travelled() -> None:
    linter = Linter()
    arrived = pickled(pickle.HIGHEST_PROTOCOL, linter)
    path = HARS / "chromium-application-violating-1xx-2xx.har"
    wanted, found = ([[(one.rule_id, one.message, str(one.location)) for one in report.findings]
                      for _, report in lint_har(path, each)] for each in (linter, arrived))
    assert any(wanted)
    assert found == wanted

"""What it takes to see a rule broken: a plain GET, the checks of a probe, or other requests."""
from __future__ import annotations

import pytest

from httplint.coverage import BY_GET, BY_OTHERS, BY_PROBE
from httplint.engine.catalogue import make
from httplint.engine.rule import Rule
from httplint.library import built_in_rules
from httplint.probe import reach as module
from httplint.probe.checks import CHECKS
from httplint.probe.reach import ANSWERS, reach

RULES = {rule.id: rule for rule in built_in_rules()}


@pytest.mark.parametrize(("rule", "by"), [
    ("date.missing", BY_GET),                               # any response
    ("405.allow-missing", BY_GET),                          # a resource may allow POST alone
    ("etag.malformed", BY_GET),
    ("206.unasked", BY_GET),                                # RFC 9110 §15.3.7: a 206 answers Range, and nothing else
    ("100.unexpected", BY_GET),
    ("206.content-range-missing", BY_PROBE),                # and with it, nobody but who sends Range sees one
    ("206.if-range-false", BY_PROBE),
    ("416.satisfiable", BY_PROBE),
    ("304.content", BY_PROBE),                              # §15.4.5: to a conditional GET or HEAD
    ("head.content-length", BY_PROBE),                      # §9.3.2
    ("trace.content-type", BY_PROBE),                       # §9.3.8
    ("vary.accept-encoding-missing", BY_PROBE),             # seen by comparison of two responses
    ("age.backwards", BY_PROBE),                            # seen by two GETs
    ("400.host-missing", BY_PROBE),                         # RFC 9112 §3.2
    ("405.unknown-method", BY_PROBE),
    ("if-match.ignored", BY_PROBE),                         # RFC 9110 §13.1.1: of any method, GET too
    ("http1.absolute-form-refused", BY_PROBE),              # RFC 9112 §3.2.2
    ("if-none-match.replaced", BY_OTHERS),                  # PUT, which is not safe
    ("propfind.no-multistatus", BY_OTHERS),
    ("vary.accept-language-missing", BY_OTHERS),            # no check asks for languages
    ("206.head", BY_PROBE),                                 # §14.2: to HEAD with Range
    ("101.upgrade-missing", BY_OTHERS),
])
def test_what_shows_a_rule_broken(rule: str, by: str) -> None:
    assert reach(RULES[rule]) == by


@pytest.mark.parametrize(("sent", "rule"), [
    ("range", "206.content-range-missing"), ("if-none-match", "304.etag-strength"), ("expect", "1xx.content-length"),
    ("accept-encoding", "vary.accept-encoding-missing"), ("origin", "access-control-allow-origin.varies")])
def test_the_table_of_checks_tells_what_probe_shows(monkeypatch: pytest.MonkeyPatch, sent: str, rule: str) -> None:
    assert reach(RULES[rule]) == BY_PROBE
    monkeypatch.setattr(module, "CHECKS", tuple(check for check in CHECKS if not any(
        name.lower() in (sent, "if-modified-since") for name, _ in check.fields)))
    assert reach(RULES[rule]) == BY_OTHERS


def house(*bad: str) -> Rule:
    return make({"id": "house.x", "title": "t", "level": "MUST", "spec": "House §1", "require": "'X' not in response",
                 "message": "m", "why": "w", "fix": "f", "bad": list(bad), "good": ["< HTTP/1.1 200 OK"]})


@pytest.mark.parametrize(("bad", "by"), [
    ("< HTTP/1.1 200 OK\n< X: y", BY_GET),
    ("< HTTP/1.1 304 Not Modified\n< X: y", BY_PROBE),
    ("< HTTP/1.1 412 Precondition Failed\n< X: y", BY_PROBE),
    ("< HTTP/1.1 101 Switching Protocols\n< X: y", BY_OTHERS),
    ("> GET / HTTP/1.1\n> Range: bytes=0-1\n< HTTP/1.1 206 Partial Content\n< X: y", BY_PROBE),
    ("> GET / HTTP/1.1\n< HTTP/1.1 206 Partial Content\n< X: y", BY_GET),
    ("> POST / HTTP/1.1\n>\n> a\n< HTTP/1.1 200 OK\n< X: y", BY_GET),
    ("> POST / HTTP/1.1\n> Expect: 100-continue\n>\n> a\n< HTTP/1.1 417 No\n< X: y", BY_OTHERS),
    ("> HEAD / HTTP/1.1\n< HTTP/1.1 200 OK\n< X: y", BY_PROBE),
    ("> HEAD / HTTP/1.1\n> Prefer: x\n< HTTP/1.1 200 OK\n< X: y", BY_OTHERS),
])
def test_what_an_example_takes(bad: str, by: str) -> None:
    assert reach(house(bad)) == by


def test_an_example_that_cannot_be_read_shows_nothing() -> None:
    assert reach(house("no exchange")) == BY_OTHERS
    assert reach(house("no exchange", "< HTTP/1.1 200 OK\n< X: y")) == BY_GET


def test_the_least_of_all_examples_counts() -> None:
    assert reach(house("< HTTP/1.1 304 Not Modified\n< X: y", "< HTTP/1.1 200 OK\n< X: y")) == BY_GET


def test_fields_that_responses_answer_are_sent_by_checks_or_cannot_be() -> None:
    """RFC 9110 §7.8: Upgrade changes the protocol of the connection."""
    sent = {name.lower() for check in CHECKS for name, _ in check.fields}
    assert frozenset().union(*ANSWERS.values()) - sent == {"upgrade"}

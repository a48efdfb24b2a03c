"""Which rules it takes such a conversation to see broken, by their own bad examples and the table of checks.

A plain GET shows a rule broken if an example is found still when a plain GET was the request of one of its exchanges,
with nothing before it. A probe does if each request of an example is one that some check makes. Where an example does
not say what was asked, or that is changed, its response has to be one that such a request may have: ANSWERS.
"""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import cache

from httplint.capture.fetching import HTTP_1_0, NO_HOST, PLAIN, TWO_HOSTS
from httplint.capture.notation import NotationError, notation
from httplint.coverage import BY_GET, BY_OTHERS, BY_PROBE
from httplint.engine.linter import RuleLinter
from httplint.engine.rule import Rule
from httplint.grammar.registry import methods
from httplint.model.exchange import Exchange
from httplint.model.fields import Fields
from httplint.model.message import Request
from httplint.model.named import NamedTuple
from httplint.probe.checks import CHECKS, UNKNOWN_METHOD, ProbeCheck

FRAMING = ("HEAD", "CONNECT")
"""Methods by which responses are framed otherwise (RFC 9112 §6.3)."""
USUAL = frozenset({"host", "user-agent", "accept", "connection"})
"""The fields of a plain GET, in lower case."""

ANSWERS = {
    100: frozenset({"expect"}),                            # RFC 9110 §15.2.1
    101: frozenset({"upgrade"}),                           # §15.2.2
    206: frozenset({"range"}),                             # §15.3.7
    304: frozenset({"if-none-match", "if-modified-since"}),    # §15.4.5
    412: frozenset({"if-match", "if-none-match", "if-modified-since", "if-unmodified-since"}),  # §15.5.13
    416: frozenset({"range"}),                             # §15.5.17
    417: frozenset({"expect"}),                            # §15.5.18
}
"""Status code -> the request fields one of which it answers."""


class Question(NamedTuple):
    """What tells requests apart."""

    method: str
    fields: frozenset[str]
    """In lower case, without the usual ones."""
    form: int
    content: bool

    def covers(self, other: Question) -> bool:
        """Whether whoever asks this has asked the other, too."""
        return (self.method == other.method and self.form == other.form and self.content >= other.content
                and self.fields >= other.fields)


PLAIN_GET = Question("GET", frozenset(), PLAIN, False)


def reach(rule: Rule) -> str:
    """What shows that a rule is broken: BY_GET, else BY_PROBE, else BY_OTHERS."""
    examples = list(_examples(rule))
    if any(_found(rule, [alone]) for example in examples for alone in _alone(example)):
        return BY_GET
    if any(_found(rule, made) for example in examples for made in _conversations(example)):
        return BY_PROBE
    return BY_OTHERS


def _examples(rule: Rule) -> Iterator[list[Exchange]]:
    """The bad ones that can be read."""
    for text in rule.bad:
        with suppress(NotationError):
            yield notation(text)


def _found(rule: Rule, exchanges: list[Exchange]) -> bool:
    return any(finding.rule_id == rule.id for report in RuleLinter([rule]).lint_all(exchanges)
               for finding in report.findings)


def _alone(example: list[Exchange]) -> Iterator[Exchange]:
    """Each exchange of an example, had a plain GET been its request."""
    for exchange in map(_hosted, example):
        request = exchange.request
        due = _due(exchange)
        if (PLAIN_GET.covers(_asked(request)) if request is not None else not due):
            yield exchange
        elif request is not None and request.method not in FRAMING and not any(
                fields & _asked(request).fields for fields in due):
            yield exchange.but(request=request.but(method="GET", content=b"", size=0, fields=Fields(tuple(
                line for line in (request.fields or Fields(())).lines if line[0].lower() in USUAL))))


def _conversations(example: list[Exchange]) -> Iterator[list[Exchange]]:
    """The example, with a Host wherever it left that out, and as it is; if checks ask so."""
    for made in ([_hosted(exchange) for exchange in example], example):
        if all(any(one.covers(_asked(exchange.request)) if exchange.request is not None
                   else all(fields & one.fields for fields in _due(exchange)) for one in _asked_by(CHECKS))
               for exchange in made):
            yield made


def _asked(request: Request) -> Question:
    fields = request.fields or Fields(())
    hosts = len(fields.values("host"))
    form = HTTP_1_0 if request.version == "1.0" else NO_HOST if not hosts else TWO_HOSTS if hosts > 1 else PLAIN
    method = request.method if request.method in methods() else UNKNOWN_METHOD
    return Question(method, frozenset(name.lower() for name, _ in fields.lines) - USUAL, form,
                 bool(request.content))


@cache
def _asked_by(checks: tuple[ProbeCheck, ...]) -> list[Question]:
    return [Question(check.method, frozenset(name.lower() for name, _ in check.fields), check.form,
                  check.content is not None) for check in checks]


def _due(exchange: Exchange) -> list[frozenset[str]]:
    """Of each response that answers some request fields only, these."""
    statuses = (exchange.response.status, *(interim.status for interim in exchange.interim))
    return [ANSWERS[status] for status in statuses if status in ANSWERS]


def _hosted(exchange: Exchange) -> Exchange:
    """The exchange, with a Host if its request was written without one."""
    request = exchange.request
    if request is None or (fields := request.fields or Fields(())).values("host"):
        return exchange
    return exchange.but(request=request.but(fields=Fields((("Host", "a.example"), *fields.lines))))

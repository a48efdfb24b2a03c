"""Runs rules over a response one after the other, without any plan or memory.

That is the meaning of a set of rules; `plan` comes to the same faster. It judges the responses that nothing is known
by, and tests hold `plan` against it, as does every run with HTTPLINT_CHECK_ENGINE=1.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from httplint.engine.analysis import Trigger
from httplint.engine.case import Case
from httplint.engine.judgement import Judge, Judgement, Outcome
from httplint.engine.report import Finding, Location, NotJudged, Report, locate
from httplint.engine.rule import Provision, Rule
from httplint.model.evidence import REASONS, NotApplicable, NotEvaluated
from httplint.model.printable import unmarked

Over = Callable[[], bool]
"""Whether the time is over."""

_COMMON = ("cookie", "accept-language", "accept", "user-agent", "accept-encoding", "host",
           "accept-ranges", "etag", "last-modified", "vary", "connection", "cache-control", "server",
           "content-length", "content-type", "date")
"""Fields that most messages have, the most common last: the last choice to look a rule up under."""


def trigger(rule: Rule, asked: bool) -> Trigger:
    """What a rule is looked up under: the rarest field that it cannot do without; `asked`: of the request, too."""
    if rule.role is not None:
        return rule.role.under if asked else rule.role.answered
    analysis = rule.analysis
    guards = [("response", name) for name in analysis.guards]
    if asked:
        guards += [("request", name) for name in analysis.asked]
    if guards:
        root, name = min(guards, key=lambda guard: (_COMMON.index(guard[1]) if guard[1] in _COMMON else -1, guard))
        return f"{root}.{name}"
    return analysis.among or None


def by_trigger(rules: Iterable[Rule], asked: bool) -> dict[Trigger, list[Rule]]:
    """Rules by what they are looked up under; `asked`: see `trigger`."""
    under: dict[Trigger, list[Rule]] = {}
    for rule in rules:
        under.setdefault(trigger(rule, asked), []).append(rule)
    return under


def plainly(under: Mapping[Trigger, Iterable[Rule]], judge: Judge, case: Case, report: Report,
            over: Over | None = None) -> None:
    """Runs the rules that concern a response, of those `by_trigger`. `over`: see `RuleLinter.stream`."""
    evidence = case.evidence
    late: list[NotJudged] = []
    for rule in _met(under, case):
        if not (rule.about(case.response.status) and rule.applies(case.request, case.response.version)):
            continue
        if lack := rule.analysis.lacks(evidence):
            report.groups.append(_group(rule.id, lack))
        elif late or (over is not None and over()):
            late.append(NotJudged(rule.id, "the time was over before it was its turn"))
        elif enters(judged := judge(rule), case):
            evaluate([judged], case, report)
    if late:
        report.groups.append(tuple(late))


def differences(report: Report, plain: Report) -> list[str]:
    """What two reports about one exchange do not have in common, a line each. Their order does not matter."""
    planned, told = _lines(report), _lines(plain)
    return sorted({*[f"only planned: {line}" for line in planned - told],
                   *[f"only plain: {line}" for line in told - planned]})


def _lines(report: Report) -> Counter[str]:
    lines = [f"finding {finding.rule_id}: {finding.message} at {finding.location!r}" for finding in report.findings]
    lines += [f"held {name}" for name in report.held]
    return Counter(lines + [f"not evaluated {name}: {why}" for group in report.groups for name, why in group])


def _met(under: Mapping[Trigger, Iterable[Rule]], case: Case) -> Iterator[Rule]:
    """The rules for which a response has that without which they have nothing to say."""
    response, request = case.response, case.request
    assert response.fields is not None
    names = response.fields.index.keys() | (response.trailers.index.keys() if response.trailers is not None else set())
    present = {f"response.{name}" for name in response.fields.index}
    if request is not None and request.fields is not None:
        present |= {f"request.{name}" for name in request.fields.index}
    for trigger, rules in under.items():
        if trigger is None or (trigger in present if isinstance(trigger, str) else not trigger.isdisjoint(names)):
            yield from rules


def enters(judged: Judgement, case: Case) -> bool:
    """Whether the beginning of a rule's condition lets it go on; what cannot be told, running it tells."""
    if judged.rule.analysis.entry is None:
        return True
    try:
        return judged.entry(case)
    except NotApplicable:
        return judged.rule.analysis.undecided(case.exchange.evidence)
    except Exception:
        return True


def says(judged: Judgement, case: Case) -> Outcome | NotJudged | Exception:
    """What a rule says of a response: an outcome, why it is not evaluated, or what it failed with."""
    try:
        return judged.check(case)
    except NotApplicable:
        undecided = judged.rule.analysis.undecided(case.exchange.evidence)
        return NotJudged(judged.rule.id, REASONS["request_fields"]) if undecided else None
    except NotEvaluated as why:
        return NotJudged(judged.rule.id, why.reason)
    except Exception as error:                             # a fault of ours must not lose the exchange
        return error


def evaluate(judgements: Iterable[Judgement], case: Case, report: Report) -> None:
    """Runs rules on one response: the innermost loop of the linter."""
    held: list[Rule] = []
    for judged in judgements:
        said = says(judged, case)
        if said is True:
            held.append(judged.rule)
        elif isinstance(said, NotJudged):
            report.groups.append(_group(*said))
        elif isinstance(said, Exception):
            report.findings.append(_internal(judged.rule, case, said))
        elif said:
            report.findings += [_finding(judged.rule, message, locate(judged.rule, case.exchange, case.response, item))
                                for message, item in said]
    if held:
        report.passes.append(tuple(held))


@lru_cache(2048)
def _group(rule_id: str, reason: str) -> tuple[NotJudged]:
    """A group of one; the same object each time, so that counting it is cheap."""
    return (NotJudged(rule_id, reason),)


def _finding(rule: Rule, said: str, where: Location) -> Finding:
    """`said`: the message with its values marked."""
    message, values = unmarked(said)
    return Finding(rule, message, where, values)


def _internal(rule: Rule, case: Case, error: Exception) -> Finding:
    """A rule that failed, as a finding of the linter about itself."""
    where = Location("response", "status", source=case.exchange.source)
    return Finding(FAULT, f"the rule {rule.id} failed on this exchange: {type(error).__name__}: {error!s:.200}", where)


FAULT = Provision({
    "id": "internal.rule-failed", "title": "a rule failed", "level": "advice", "spec": "httplint",
    "why": "The rule could not be evaluated; the other rules were.",
    "fix": "Report it, with the exchange: this is a fault of httplint or of your own rule."})
"""A fault of a rule, where the linter finds one."""

"""Runs rules over exchanges.

* An exchange is judged before the history takes it in: what a rule knows of others stood before it in the capture.
* An interim response is judged by itself, before the final one, with the same request.
* What was handed over is never changed: sections that were not captured are filled in a copy, so that a rule can read
  them and its evidence says that they prove nothing. A report names the exchange that was handed over.
* The order of findings is that of the catalogue, then of the lines: no order of fields, groups or sets shows in it.
* NotApplicable and NotEvaluated are how a condition ends that has nothing to judge. Any other exception is a fault of
  ours, or of a rule pack: it costs that rule on that response, is a finding about httplint, and the run goes on.
* Nothing here looks at a clock: the time that rules reckon with is that of the exchange. `over` alone may end a run.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from typing import TypeVar

from httplint.engine.case import Case
from httplint.engine.history import History, facts_in
from httplint.engine.judgement import Judge, Judgement, judgement
from httplint.engine.plan import Batch, Plans
from httplint.engine.report import Finding, Location, NotJudged, Report, catalogue_order, locate
from httplint.engine.rule import Provision, Rule
from httplint.grammar.registry.own import NONE, OwnNames
from httplint.model.evidence import REASONS, NotApplicable, NotEvaluated
from httplint.model.exchange import Exchange
from httplint.model.fields import Fields
from httplint.model.message import Request, Response
from httplint.model.printable import unmarked

M = TypeVar("M", Request, Response)

Over = Callable[[], bool]
"""Whether the time is over."""


class RuleLinter:
    """Judges exchanges by a list of rules. `names` are known to the project, beside the registered ones."""

    def __init__(self, rules: Iterable[Rule], names: OwnNames = NONE) -> None:
        self.rules = list(rules)
        self._names = names
        self._plans = Plans(self.rules, judgement)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.rules, self._names)       # conditions are compiled anew

    @cached_property
    def _facts(self) -> frozenset[str]:
        """The facts of the history that some rule reads: nothing else is remembered."""
        return facts_in(rule.analysis.reads for rule in self.rules)

    def judging(self, judge: Judge) -> None:
        """From here on, rules are run as that makes them ready."""
        self._plans = Plans(self.rules, judge)

    def lint(self, exchange: Exchange) -> Report:
        """Judges one exchange by itself."""
        return self._judge(exchange, None)

    def lint_all(self, exchanges: Iterable[Exchange], over: Over | None = None) -> Iterator[Report]:
        """Judges exchanges in the order of their capture, as a stream does."""
        return map(self.stream(over), exchanges)

    def stream(self, over: Over | None = None) -> Callable[[Exchange], Report]:
        """What judges the exchanges of one capture, one at a time in their order; remembers them, within a bound.

        `over`: whether the time to judge the exchange at hand is over; it is asked before each batch of rules, and
        those that were not reached are not evaluated. What judging fails on raises, and what follows is judged with a
        new history: nobody knows in which state the failure has left the old one.
        """
        history = History(self._facts)

        def judge(exchange: Exchange) -> Report:
            nonlocal history
            try:
                report = self._judge(exchange, history, over)
                history.remember(exchange)
            except Exception:
                history = History(self._facts)
                raise
            return report

        return judge

    def _judge(self, exchange: Exchange, history: History | None, over: Over | None = None) -> Report:
        report = Report(exchange)
        whole = complete(exchange)
        for response in whole.interim:
            self._run(Case(whole, response, history, self._names), report, over)
        self._run(Case(whole, whole.response, history, self._names), report, over)
        report.findings.sort(key=catalogue_order)         # the order of fields must not show
        return report

    def _run(self, case: Case, report: Report, over: Over | None) -> None:
        """Runs the plan for one response."""
        request, response = case.request, case.response
        plan = self._plans.plan((response.status, request.method if request is not None else None, response.version,
                                 case.evidence))
        batches = list(plan.always)
        assert response.fields is not None
        by_field = plan.response
        lines = response.fields.lines
        for name, numbers in response.fields.index.items():
            for batch in by_field.get(name, ()):
                batches.append(batch)
                if batch.by_value:
                    if over is not None and over():
                        report.groups.append(_unreached((*batch.alone.rules, *batch.gated.rules)))
                        continue
                    value = lines[numbers[0]][1] if len(numbers) == 1 else tuple([lines[at][1] for at in numbers])
                    if applying := self._by_value(batch, value, case, report):
                        _evaluate(applying, case, report)
        for names, batch in plan.among:
            if not names.isdisjoint(response.fields.index) or (
                    response.trailers and not names.isdisjoint(response.trailers.index)):
                batches.append(batch)
        if request is not None:
            assert request.fields is not None
            by_field = plan.request
            for name in request.fields.index:
                batches += by_field.get(name, ())
        for batch in batches:
            if batch.lacking:
                report.groups.append(batch.lacking)
            if batch.others.rules:
                if over is not None and over():
                    report.groups.append(_unreached(batch.others.rules))
                else:
                    _evaluate(batch.others.judgements, case, report)

    def _by_value(self, batch: Batch, value: str | tuple[str, ...], case: Case, report: Report) -> list[Judgement]:
        """Runs the rules that look at the value of a field alone, or takes what they said of it before.

        Returns the gated rules that apply.
        """
        verdicts = self._plans.verdicts
        known = verdicts.get((batch, value))
        if known is not None:
            report.passes += known[0]
            report.groups += known[1]
            return known[2]
        found, held, lacking = len(report.findings), len(report.passes), len(report.groups)
        _evaluate(batch.alone.judgements, case, report)
        applying = [judged for judged in batch.gated.judgements if _applies(judged, case)]
        # a finding names a place in its message
        if len(report.findings) == found and len(value if isinstance(value, str) else "".join(value)) <= LONGEST:
            if len(verdicts) >= REMEMBERED:
                verdicts.clear()
            verdicts[batch, value] = (report.passes[held:], report.groups[lacking:], applying)
        return applying


REMEMBERED = 8192
"""How many values the verdicts are remembered of."""
LONGEST = 512
"""Octets of a value beyond which they are not."""


def _applies(judged: Judgement, case: Case) -> bool:
    """Whether a gated rule has to be run; what cannot be told of its condition, running it tells."""
    try:
        return judged.gate(case)
    except NotApplicable:
        return False
    except Exception:
        return True


def _evaluate(judgements: list[Judgement], case: Case, report: Report) -> None:
    """Runs rules on one response: the innermost loop of the linter."""
    held: list[Rule] = []
    for judged in judgements:
        try:
            outcome = judged.check(case)
        except NotApplicable:
            if undecided(judged.rule, case):
                report.groups.append(_group(judged.rule.id, REASONS["request_fields"]))
        except NotEvaluated as why:
            report.groups.append(_group(judged.rule.id, why.reason))
        except Exception as error:                         # a fault of ours must not lose the exchange
            report.findings.append(_internal(judged.rule, case, error))
        else:
            if outcome is True:
                held.append(judged.rule)
            elif outcome:
                report.findings += [
                    _finding(judged.rule, message, locate(judged.rule, case.exchange, case.response, item))
                    for message, item in outcome]
    if held:
        report.passes.append(tuple(held))


def undecided(rule: Rule, case: Case) -> bool:
    """Whether a rule that does not apply, for lack of something, might if the capture had all request fields."""
    return rule.analysis.reads_request and not case.exchange.evidence.knows("request_fields")


@lru_cache(2048)
def _group(rule_id: str, reason: str) -> tuple[NotJudged]:
    """A group of one; the same object each time, so that counting it is cheap."""
    return (NotJudged(rule_id, reason),)


def _unreached(rules: Iterable[Rule]) -> tuple[NotJudged, ...]:
    return tuple([NotJudged(rule.id, "the time was over before it was its turn") for rule in rules])


def complete(exchange: Exchange) -> Exchange:
    """The exchange with an empty section where fields were not captured; its evidence says that they were not."""
    asked, answered = exchange.request, exchange.response
    if answered.fields is not None and (asked is None or asked.fields is not None) and all(
            response.fields is not None for response in exchange.interim):
        return exchange
    return exchange.but(request=asked and _filled(asked), response=_filled(answered),
                        interim=tuple([_filled(response) for response in exchange.interim]))


def _filled(message: M) -> M:
    return message if message.fields is not None else message.but(fields=Fields())


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

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

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from typing import TypeVar

from httplint.engine.case import Case
from httplint.engine.history import History, facts_in
from httplint.engine.judgement import Judge, Judgement, judgement
from httplint.engine.plainly import Over, differences, evaluate, plainly
from httplint.engine.plan import Plans, odd, unlike
from httplint.engine.report import Placing, Report, catalogue_order
from httplint.engine.rule import Rule
from httplint.engine.verdicts import Awaiting
from httplint.grammar.registry.own import NONE, OwnNames
from httplint.model.exchange import Exchange
from httplint.model.fields import Fields
from httplint.model.message import Request, Response

M = TypeVar("M", Request, Response)

CHECKED = bool(os.environ.get("HTTPLINT_CHECK_ENGINE"))
"""Whether each report is compared with what all rules say when they are run one after the other."""


class RuleLinter:
    """Judges exchanges by a list of rules. `names` are known to the project, beside the registered ones; `placing` says
    where findings belong, if not the request alone tells.
    """

    def __init__(self, rules: Iterable[Rule], names: OwnNames = NONE, placing: Placing | None = None) -> None:
        self.rules = list(rules)
        self._names = names
        self._placing = placing
        self.judging(judgement)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.rules, self._names, self._placing)       # conditions are compiled anew

    def only(self, wanted: Callable[[Rule], bool]) -> RuleLinter:
        """One that judges by those of its rules."""
        return RuleLinter(filter(wanted, self.rules), self._names, self._placing)

    @cached_property
    def facts(self) -> frozenset[str]:
        """The facts of the history that some rule reads: nothing else is remembered."""
        return facts_in(rule.analysis.reads for rule in self.rules)

    def judging(self, judge: Judge) -> None:
        """From here on, rules are run as that makes them ready."""
        self._judgement = cache(judge)
        self._plans = Plans(self.rules, self._judgement)
        self.__dict__.pop("_rare", None)

    @cached_property
    def _rare(self) -> Plans:
        """The plans for exchanges that are odd, which many captures have none of."""
        return Plans(self.rules, self._judgement, rare=True)

    def judge(self, exchange: Exchange, history: History) -> Report:
        """Judges one exchange by what a history knows, which is not told of it."""
        return self._judge(exchange, history)

    def lint(self, exchange: Exchange) -> Report:
        """Judges one exchange by itself."""
        return self._judge(exchange, None)

    def lint_all(self, exchanges: Iterable[Exchange], over: Over | None = None) -> Iterator[Report]:
        """Judges exchanges in the order of their capture, as a stream does."""
        return map(self.stream(over), exchanges)

    def stream(self, over: Over | None = None) -> Callable[[Exchange], Report]:
        """What judges the exchanges of one capture, one at a time in their order; remembers them, within a bound.

        `over`: whether the time to judge the exchange at hand is over; it is asked before each rule, and
        those that were not reached are not evaluated. What judging fails on raises, and what follows is judged with a
        new history: nobody knows in which state the failure has left the old one.
        """
        history = History(self.facts)

        def judge(exchange: Exchange) -> Report:
            nonlocal history
            try:
                report = self._judge(exchange, history, over)
                history.remember(exchange)
            except Exception:
                history = History(self.facts)
                raise
            return report

        return judge

    def _judge(self, exchange: Exchange, history: History | None, over: Over | None = None) -> Report:
        report = Report(exchange, None if self._placing is None else self._placing(exchange))
        whole = complete(exchange)
        cases = [Case(whole, response, history, self._names) for response in (*whole.interim, whole.response)]
        for case in cases:
            if over is not None or unlike(case):
                plainly(self._plans.under(case), self._judgement, case, report, over)
            else:
                self._run(case, report, history)
        report.findings.sort(key=catalogue_order)         # the order of fields must not show
        if CHECKED and over is None:
            self._check(report, cases)
        return report

    def _run(self, case: Case, report: Report, history: History | None) -> None:
        """Judges one response by its plan."""
        run: list[Judgement] = []
        awaiting: list[Awaiting] = []
        for one in (self._rare if odd(case) else self._plans).outlooks(case):
            report.passes += one.passes
            report.groups += one.groups
            run += one.run
            awaiting += one.awaiting
        if awaiting and history is not None:
            known = history.known(case.exchange)
            report.groups += [each.lacking for each in awaiting if each.lacking and each.fact not in known]
            run += [judged for each in awaiting if each.fact in known for judged in each.run]
        else:
            report.groups += [each.alone for each in awaiting]
        evaluate(run, case, report)

    def _check(self, report: Report, cases: list[Case]) -> None:
        """Raises RuntimeError where running all rules plainly says something else than a report."""
        plain = Report(report.exchange)
        for case in cases:
            plainly(self._plans.under(case), self._judgement, case, plain)
        if told := differences(report, plain):
            raise RuntimeError("\n".join((f"{report.exchange!r} is judged otherwise without a plan:", *told)))


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

"""Why does a rule come out as it does? The value of each part of its conditions on an exchange."""
from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from httplint import vocabulary
from httplint.engine.case import RUNTIME, Case
from httplint.engine.history import History
from httplint.engine.judgement import judgement
from httplint.engine.language.conditions import rewritten
from httplint.engine.language.types import ROOTS
from httplint.engine.linter import complete
from httplint.engine.rule import Rule, classes
from httplint.grammar.registry.own import NONE, OwnNames
from httplint.model.evidence import REASONS, NotApplicable, NotEvaluated
from httplint.model.exchange import Exchange
from httplint.model.named import NamedTuple
from httplint.model.printable import show, unmarked
from httplint.model.target import place

_SHOWN = (ast.Compare, ast.BoolOp, ast.Call, ast.UnaryOp, ast.IfExp, ast.Attribute, ast.Subscript)


class Step(NamedTuple):
    """A part of a condition and its value; or, with an outcome, what the rule says in the end.

    `name` and `item`: that of a loop for which the condition was evaluated, and its value; or empty texts.
    """

    text: str
    value: str
    depth: int = 0
    outcome: str = ""
    name: str = ""
    item: str = ""


def trace(rules: list[Rule], exchanges: Iterable[Exchange],
          names: OwnNames = NONE) -> Iterator[tuple[Exchange, list[Step]]]:
    """The exchanges in order, each with the steps of the rules that are about it, with a history.

    `names` are known to the project, beside the registered ones.
    """
    history = History()
    for exchange in exchanges:
        whole = complete(exchange)
        steps: list[Step] = []
        for response in (*whole.interim, whole.response):
            case = Case(whole, response, history, names)
            for rule in rules:
                if rule.about(response.status) and rule.applies(case.request, response.version):
                    steps += _steps(rule, case)
        yield exchange, steps
        history.remember(exchange)


def unconcerned(rule: Rule, exchange: Exchange) -> str:
    """Why a rule is not about an exchange, whatever its conditions say; empty if it is about one of its responses."""
    request = exchange.request
    responses = [one for one in (*exchange.interim, exchange.response) if rule.about(one.status)]
    if not responses:
        codes = ", ".join(map(str, classes(rule.statuses)))
        return f"the rule is about status {codes}, and this is {exchange.response.status}"
    if not any(rule.applies(None, one.version) for one in responses):
        versions = ", ".join(sorted(rule.versions or ()))
        return f"the rule is about HTTP/{versions}, and this is HTTP/{responses[-1].version}"
    if request is None or any(rule.applies(request, one.version) for one in responses):
        return ""
    if rule.methods and request.method not in rule.methods:
        return f"the rule is about {', '.join(sorted(rule.methods))}, and this is {show(request.method)}"
    host, path = place(request)
    wanted = [f"{key} {' or '.join(patterns)}" for key, patterns in (("host", rule.hosts), ("path", rule.paths))
              if patterns]
    return (f"the rule is about {' and '.join(wanted)}, and this goes to "
            f"{f'host {show(host)}' if host else 'a host that is not known (no Host in the request)'}, "
            f"{f'path {show(path)}' if path else 'without a path'}")


def _steps(rule: Rule, case: Case) -> list[Step]:
    if reason := rule.analysis.lacks(case.evidence):
        return [Step(rule.id, reason, outcome="not evaluated")]
    steps: list[Step] = []
    scope = _Scope(rule, case)
    for key, text in (("when", rule.when), ("foreach", rule.foreach and rule.foreach.partition(" in ")[2])):
        if text:
            steps.append(Step(f"{key} {text.strip()}", scope.value(_tree(text))))
            steps += _parts(_tree(text), scope, 1)
    for name, item in scope.items(rule.foreach):
        scope.names = {name: item} if name else {}
        steps.append(Step(f"require {rule.require.strip()}", scope.value(_tree(rule.require)), name=name,
                          item=show(item) if name else ""))
        steps += _parts(_tree(rule.require), scope, 1)
    return [*steps, _outcome(rule, case)]


def _outcome(rule: Rule, case: Case) -> Step:
    try:
        outcome = judgement(rule).check(case)
    except NotApplicable as why:
        if rule.analysis.undecided(case.exchange.evidence):
            return Step(rule.id, REASONS["request_fields"], outcome="not evaluated")
        return Step(rule.id, f"{why} is not there", outcome="does not apply")
    except NotEvaluated as why:
        return Step(rule.id, why.reason, outcome="not evaluated")
    except Exception as error:
        return Step(rule.id, f"{type(error).__name__}: {error!s:.200}", outcome="failed")
    if outcome is None:
        return Step(rule.id, "", outcome="does not apply")
    if isinstance(outcome, list):
        return Step(rule.id, "; ".join(unmarked(said)[0] for said, _ in outcome), outcome="violated")
    return Step(rule.id, "", outcome="holds")


def _parts(tree: ast.expr, scope: _Scope, depth: int) -> list[Step]:
    """The parts below a node, outermost first; nothing within a comprehension, whose name has no one value."""
    out: list[Step] = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.GeneratorExp) or not isinstance(node, ast.expr):
            continue
        if isinstance(node, _SHOWN):
            out.append(Step(ast.unparse(node), scope.value(node), depth))
        out += _parts(node, scope, depth + 1)
    return out


def _tree(text: str) -> ast.expr:
    return ast.parse(f"({text.strip()}\n)", mode="eval").body


class _Scope:
    """Evaluates parts of a rule's conditions, which the rule's own analysis has checked already."""

    def __init__(self, rule: Rule, case: Case) -> None:
        self.rule = rule
        self.case = case
        self.names: dict[str, Any] = {}

    def value(self, tree: ast.expr) -> str:
        """The value of a part as text; why there is none."""
        try:
            self._evaluate(tree)
            return show(self._evaluate(tree, shown=True))
        except NotApplicable as why:
            return f"({why} is not there)"
        except NotEvaluated as why:
            return f"(not evaluated: {why.reason})"
        except Exception as error:                         # of a function, or of types that only now are known
            return f"({type(error).__name__})"

    def items(self, foreach: str | None) -> list[tuple[str, Any]]:
        """(name, item) of the loop; one nameless item without a loop."""
        if foreach is None:
            return [("", None)]
        name, _, over = foreach.partition(" in ")
        try:
            return [(name.strip(), item) for item in self._evaluate(_tree(over))]
        except Exception:                                  # what the rule comes to says why
            return []

    def _evaluate(self, tree: ast.expr, shown: bool = False) -> Any:
        known = {name: type(value) for name, value in self.names.items()}
        code = compile(rewritten(tree, known, shown), f"<rule {self.rule.id}>", "eval")
        scope: dict[str, Any] = {"__builtins__": {}, "_case": self.case, **RUNTIME, **self.names}
        relies = self.rule.analysis
        scope |= {name: vocabulary.get(name).bound(relies.among) for name in relies.functions}
        for root in ROOTS:
            if any(isinstance(node, ast.Name) and node.id == root for node in ast.walk(tree)):
                scope[root] = getattr(self.case, root)
        return eval(code, scope)  # noqa: S307 - a part of a checked tree

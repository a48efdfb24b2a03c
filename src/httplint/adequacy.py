"""Are a rule's examples worth anything?

`examples` runs them: every bad one must be found, no good one. `survivors` replaces each sub-condition by true and by
false: some example must notice, by another verdict or by its being not evaluated. A mutant that no example notices
means that an example is missing, or that the condition says more than it needs to.
"""
from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from httplint.capture.notation import NotationError, notation
from httplint.engine.catalogue import make
from httplint.engine.errors import RuleError
from httplint.engine.linter import RuleLinter
from httplint.engine.plainly import FAULT
from httplint.engine.rule import KEYS, Rule
from httplint.model.evidence import is_for_want_of_package
from httplint.model.named import NamedTuple


class Oddity(NamedTuple):
    """An example that does not come out as it should."""

    kind: str
    """ "bad" or "good"."""
    text: str
    fault: str
    """What is wrong, in words that follow the example's name; or what is lacking."""
    lacking: bool = False
    """Whether nothing is wrong but that a package is not installed, without which the rule cannot be evaluated."""


def examples(rule: Rule) -> Iterator[Oddity]:
    """The examples that do not come out as they should."""
    for kind in ("bad", "good"):
        for text in getattr(rule, kind):
            try:
                found, lacking = _outcome(rule, text)
            except NotationError as error:
                yield Oddity(kind, text, f"is not in the notation: {error}")
                continue
            if FAULT.id in found:
                yield Oddity(kind, text, "is one that the rule fails on")
            elif kind == "good" and rule.id in found:
                yield Oddity(kind, text, "is found, though it is good")
            elif lacking and rule.id not in found:
                yield Oddity(kind, text, lacking, lacking=True)
            elif kind == "bad" and rule.id not in found:
                yield Oddity(kind, text, "is not found")


def _outcome(rule: Rule, text: str) -> tuple[list[str], str]:
    """The findings of one rule in one example, over all its exchanges; and for want of which package it said nothing
    of some.
    """
    reports = list(RuleLinter([rule]).lint_all(notation(text)))
    reasons = [reason for report in reports for group in report.groups for _, reason in group]
    return ([finding.rule_id for report in reports for finding in report.findings],
            next(filter(is_for_want_of_package, reasons), ""))


def _verdicts(rule: Rule) -> list[bool | str]:
    return [found[0] if (found := _outcome(rule, text)[0]) else "" for kind in ("bad", "good")
            for text in getattr(rule, kind)]


def survivors(rule: Rule) -> Iterator[tuple[str, str, bool]]:
    """(condition, replacement, whether an example notices) for each mutant of a rule."""
    truth = _verdicts(rule)
    for key in ("when", "require"):
        text = getattr(rule, key)
        if text is None:
            continue
        tree = ast.parse(f"({text.strip()}\n)", mode="eval")
        for place in range(len(_conditions(tree.body))):
            for value in (True, False):
                mutant = copy.deepcopy(tree)
                node = _conditions(mutant.body)[place]
                original = ast.unparse(node)
                _replace(mutant, node, ast.parse("1 == 1" if value else "1 == 2", mode="eval").body)
                source = {**rule.as_index(), key: ast.unparse(mutant.body)}
                source = {name: part for name, part in source.items() if name in KEYS and part}
                try:
                    changed = make(source)
                except RuleError as error:
                    raise RuleError(f"mutant of {original}: {error.why}", rule.path, rule.line) from None
                yield original, str(value).lower(), _verdicts(changed) != truth


def _conditions(tree: ast.expr) -> list[ast.expr]:
    """The nodes that stand where a truth value is wanted."""
    out = [tree]
    if isinstance(tree, ast.BoolOp):
        out += [node for part in tree.values for node in _conditions(part)]
    elif isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not):
        out += _conditions(tree.operand)
    elif (isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id in ("any", "all")
          and isinstance(tree.args[0], ast.GeneratorExp)):
        out += _conditions(tree.args[0].elt)
        out += [node for test in tree.args[0].generators[0].ifs for node in _conditions(test)]
    return out


def _replace(tree: ast.Expression, old: ast.expr, new: ast.expr) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
                return
            if isinstance(value, list) and any(item is old for item in value):
                value[[item is old for item in value].index(True)] = new
                return

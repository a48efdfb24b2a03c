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
from httplint.engine.rule import KEYS, Rule


def examples(rule: Rule) -> Iterator[tuple[str, str, str]]:
    """(kind, text, fault) for each example that does not come out as it should; kind is "bad" or "good"."""
    for kind in ("bad", "good"):
        for text in getattr(rule, kind):
            try:
                verdict = _verdict(rule, text)
            except NotationError as error:
                yield kind, text, f"not in the notation: {error}"
                continue
            if "internal.rule-failed" in verdict:
                yield kind, text, "the rule fails on it"
            elif kind == "bad" and rule.id not in verdict:
                yield kind, text, "not found"
            elif kind == "good" and rule.id in verdict:
                yield kind, text, "found, though it is good"


def _verdict(rule: Rule, text: str) -> list[str]:
    """The findings of one rule in one example, over all its exchanges."""
    linter = RuleLinter([rule])
    return [finding.rule_id for report in linter.lint_all(notation(text)) for finding in report.findings]


def _verdicts(rule: Rule) -> list[bool | str]:
    return [found[0] if (found := _verdict(rule, text)) else "" for kind in ("bad", "good")
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

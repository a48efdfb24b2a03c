"""Rules as they are run: their conditions as functions of Python, compiled when first wanted (the slow part).

What is compiled was written by `language` from a tree that it checked, never by the author of a rule, and it runs
without builtins: a case, RUNTIME and the functions that the analysis names are all that it reaches. A wheel has the
same code in a module of its own, which gets the same scope.
"""
from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import lru_cache
from types import FunctionType
from typing import Any

from httplint import vocabulary
from httplint.engine.analysis import CHECKS
from httplint.engine.case import RUNTIME
from httplint.engine.rule import Rule

Outcome = list[tuple[str, Any]] | bool | None
"""What a check says: a list of violations (message and item of the loop), True (holds) or None (does not apply)."""


class Judgement:
    """A rule and its conditions, ready to be run on cases. It has slots for the sake of the innermost loop."""

    __slots__ = ("check", "entry", "rule")

    def __init__(self, rule: Rule, check: Callable[[object], Outcome], entry: Callable[[object], bool]) -> None:
        self.rule = rule
        self.check = check
        self.entry = entry
        """The begin of `when`, of a rule whose analysis has an entry."""


Judge = Callable[[Rule], Judgement]
"""What makes rules ready."""

KEPT = 10_000
"""Compiled rules that are kept for the linters that come."""


@lru_cache(KEPT)
def judgement(rule: Rule) -> Judgement:
    """The rule, compiled."""
    analysis = rule.analysis
    scope: dict[str, Any] = {"__builtins__": {}, **RUNTIME}
    for name in analysis.functions:
        scope[name] = vocabulary.get(name).bound(analysis.among)
    if isinstance(analysis.code, int):
        built = importlib.import_module(CHECKS)
        for name in ("check", *["entry"] * (analysis.entry is not None)):
            scope[name] = FunctionType(getattr(built, f"{name}_{analysis.code}").__code__, scope)
    else:
        exec(compile(analysis.code, f"<rule {rule.id}>", "exec"), scope)  # noqa: S102 - written from a checked tree
    return Judgement(rule, scope["check"], scope.get("entry", bool))

"""The way of a rule's conditions from texts to an analysis."""
from __future__ import annotations

import ast
import warnings

from httplint.engine.analysis import ANYTHING, Analysis
from httplint.engine.errors import RuleError
from httplint.engine.language.check import ConditionChecker, Uses, checked, presentable, python_says
from httplint.engine.language.code import Positional, source
from httplint.engine.language.reads import entry_of, fieldwise, of_one_field, reads_of, refusable, rememberable
from httplint.engine.language.reliance import absent_fields, among_of, guarding, loop_constants, places_in
from httplint.engine.language.tree import Conditions
from httplint.engine.language.types import Type
from httplint.model.evidence import bits


def analyse(conditions: Conditions) -> Analysis:
    """Checks the conditions of one rule. Raises RuleError, whose `key` names the condition at fault."""
    try:
        analysis = _analysed(conditions)
        with warnings.catch_warnings():
            warnings.simplefilter("error")                 # what Python warns of is a mistake of the rule
            compile(str(analysis.code), "<rule>", "exec")  # what it refuses must not show at a response only
    except RecursionError:
        raise RuleError("nested too deep") from None
    except (SyntaxError, ValueError, MemoryError, OverflowError) as error:
        raise RuleError(f"Python cannot compile it: {python_says(error)}") from None
    return analysis


def _analysed(conditions: Conditions) -> Analysis:
    uses = Uses()
    spoken = Uses()                                        # what cannot be shown falls back to the title
    trees = checked(conditions, uses, spoken)
    when, loop, require, message = trees
    judged = [tree for tree in (when, loop and loop[1], require) if tree is not None]
    constants = loop_constants(loop)
    absences = {*absent_fields(require, False, constants),
                *(absent_fields(when, True, constants) if when is not None else ()),
                *(absent_fields(loop[1], None, constants) if loop else ())}
    absent_request = frozenset(name for root, name in absences if root == "request")
    absent_response = frozenset(name for root, name in absences if root in ("response", "stored"))
    needs = uses.needs | bits(*["request_fields"] * bool(absent_request), *["response_fields"] * bool(absent_response))
    guards = guarding(when, loop, require, "response")
    reads = frozenset((ANYTHING,)) if uses.numbered else reads_of(judged, constants) | refusable([message])
    entry = None
    if when is not None and not rememberable(reads) and not uses.numbered and (
            not refusable([*judged, message]) or of_one_field(reads_of([when], constants), guards)):
        entry = entry_of(when, constants)
    places = [place for tree in (require, loop and loop[1], when) if tree is not None for place in places_in(tree)]
    return Analysis(
        needs, guards, guarding(when, loop, require, "request"), among_of(loop[1]) if loop else frozenset(),
        absent_response, absent_request,
        tuple(dict.fromkeys(places + [("response", guard) for guard in sorted(guards)])),
        tuple(sorted(uses.functions | spoken.functions)),
        source(trees, conditions.title, "Exception" if spoken.needs & ~needs else "Unknown", entry),
        uses.reads_request, reads, None if entry is None else reads_of([entry], constants),
        fieldwise(when, loop, require) and not uses.numbered)


def rewritten(tree: ast.expr, names: dict[str, Type], shown: bool = False) -> ast.Expression:
    """A part of a condition, checked and ready to be compiled; `names` gives the type of a loop's name. `shown`: it
    comes to what people are shown of its value.
    """
    plain, kind = ConditionChecker(dict(names), Uses()).check(tree)
    plain = presentable(plain, kind) if shown else plain
    return ast.fix_missing_locations(ast.Expression(Positional().visit(plain)))

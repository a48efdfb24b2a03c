"""The source of the functions that checked conditions come to."""
from __future__ import annotations

import ast
import copy

from httplint import vocabulary
from httplint.engine.language.tree import Trees
from httplint.engine.language.types import ROOTS

MAX_FINDINGS = 100
"""Findings of one rule about one response; hostile values could have any number."""

def source(trees: Trees, title: str, missing: str, begin: ast.expr | None) -> str:
    """The text of check(case), and of entry(case), which is the begin of `when` by itself, if there is one.

    What a case may refuse to tell is asked for first of all, but where `when` as a whole is such a begin. One try
    around the message: what cannot be shown must not hide the finding. `missing` is what is raised then: anything,
    where the message reads what the capture need not know. Names of its own begin with an underscore, as no loop's
    does.
    """
    when, loop, require, message = trees
    judged = [tree for tree in (when, loop and loop[1], require, message) if tree is not None]
    first = [when] if when is not None and begin is when else judged
    lines = ["def check(_case):", *_named(first)]
    if when is not None:
        lines += [f"    if not ({_code(when)}):", "        return None"]
    lines += [line for line in _named(judged) if line not in lines]
    say = ["try:", f"    _said = {_code(message)}", f"except {missing}:", f"    _said = {title!r}"]
    if loop:
        name, over = loop
        # an item that cannot be judged must not hide what was found in the others
        lines += ["    _found = []", "    _met = _unknown = None", f"    for {name} in {_code(over)}:", "        try:",
                  f"            _holds = {_code(require)}", "        except NotApplicable:", "            continue",
                  "        except NotEvaluated as _why:", "            _unknown = _why", "            continue",
                  "        _met = True", "        if _holds:", "            continue"]
        lines += ["        " + line for line in say]
        lines += [f"        _found.append((_said, {name}))",
                  f"        if _found[{MAX_FINDINGS - 1}:]:", "            break",
                  "    if _unknown and not _found:", "        raise _unknown",
                  "    return _found or _met"]
    else:
        lines += [f"    if {_code(require)}:", "        return True"]
        lines += ["    " + line for line in say]
        lines += ["    return [(_said, None)]"]
    if begin is not None:
        lines += ["def entry(_case):", *_named([begin]), f"    return {_code(begin)}"]
    return "\n".join(lines) + "\n"


def _named(trees: list[ast.expr]) -> list[str]:
    """The lines that give what trees read of a case its name."""
    used = {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return [f"    {root} = _case.{root}" for root in ROOTS if root in used]


def _code(tree: ast.expr) -> str:
    return ast.unparse(ast.fix_missing_locations(Positional().visit(copy.deepcopy(tree))))


class Positional(ast.NodeTransformer):
    """Calls with positional arguments, which are faster, where the named ones stand in the function's order."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if not node.keywords or not isinstance(node.func, ast.Name):
            return node
        function = vocabulary.get(node.func.id)
        places = [keyword for keyword in node.keywords if keyword.arg not in function.given]
        if [keyword.arg for keyword in places] == list(function.parameters)[:len(places)]:
            return ast.Call(node.func, [keyword.value for keyword in places], node.keywords[len(places):])
        return node

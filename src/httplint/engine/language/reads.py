"""What a rule reads of a case: inferred from its checked conditions, and from what functions say that they read.

A verdict may be remembered by all that it depends on, so that this errs to one side: what is not seen to be read of one
part alone is read of all. Own names and the evidence are no part of it: they are the same for all that one plan judges.

Of what a rule reads there are items, texts: "response.age", the values of the lines of that field in the header
section; "response.age?", whether there are any; "response.*" and "response.*?", the same of all fields; likewise of
"request". "response:status" is another part of the message, "request:origin" and
"request:security" are what `transport` tells of it by their keys.
"started", "earlier" and the names of facts stand for all that is reached through them. ANYTHING is what it says.
"""
from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile

from httplint.engine.analysis import ANYTHING
from httplint.engine.history import FACTS
from httplint.engine.language.reliance import field_test, function_of, names_of, parsed_place
from httplint.engine.language.types import ROOTS
from httplint.vocabulary import Function

MESSAGES = ("request", "response")
PARTS = {"fields": (".*",), "path": (":target",), "query": (":target",),
         "uri": (":target", ":scheme", ".host", ".:authority")}
"""Attributes of messages that are made of other parts, and of which."""

KIND = frozenset(("response:status", "response:version", "request:method"))
"""What a plan is made for: the same for all responses that it is run on, but for the rules that it shares."""
_CHEAP = KIND | {"request:version", "request:origin", "request:security"}
_FIELD = re.compile(r"(?:request|response)\.[^*]")

Constants = Mapping[str, list[str]]
"""The name of a loop over constants, and these, in lower case."""


def reads_of(trees: Iterable[ast.expr], constants: Constants) -> frozenset[str]:
    """All that some conditions may look at; of a part and the whole of it, the whole."""
    found = {one for tree in trees for one in _read(tree, constants)}
    if ANYTHING in found:
        return frozenset((ANYTHING,))
    for root in MESSAGES:
        if f"{root}.*" in found:
            found = {one for one in found if not one.startswith(f"{root}.")} | {f"{root}.*"}
        elif f"{root}.*?" in found:
            found = {one for one in found if not (one.startswith(f"{root}.") and one.endswith("?"))} | {f"{root}.*?"}
    return frozenset([one for one in found if one.removesuffix("?") == one or one.removesuffix("?") not in found])


def rememberable(reads: Iterable[str]) -> bool:
    """Whether it is all fields that were named, and what is the same for many exchanges."""
    return all(one in _CHEAP or _FIELD.match(one) for one in reads)


def entry_of(when: ast.expr, constants: Constants) -> ast.expr | None:
    """The longest begin of a conjunction whose verdict may be remembered; None if there is none."""
    every = when.values if isinstance(when, ast.BoolOp) and isinstance(when.op, ast.And) else [when]
    begin = list(takewhile(lambda one: rememberable(reads_of([one], constants)), every))
    if len(begin) == len(every):
        return when
    return ast.BoolOp(ast.And(), begin) if begin[1:] else begin[0] if begin else None


def fieldwise(when: ast.expr | None, loop: tuple[str, ast.expr] | None, require: ast.expr) -> bool:
    """Whether a rule judges the fields of the response one by one, by a function that does."""
    function = function_of(loop[1]) if loop is not None else None
    if loop is None or function is None or not function.fieldwise:
        return False
    assert isinstance(loop[1], ast.Call)
    given = [keyword.value for keyword in loop[1].keywords if keyword.arg not in function.given]
    return (all(isinstance(one, ast.Constant) or (isinstance(one, ast.Name) and one.id == "response") for one in given)
            and reads_of([tree for tree in (when, require) if tree is not None], {}) <= KIND)


def _read(node: ast.AST, constants: Constants) -> Iterator[str]:
    test = field_test(node)
    place = test or parsed_place(node)
    if place and place[0] in MESSAGES:
        yield _field(*place, "?" if test else "")
    elif isinstance(node, ast.Name):
        if node.id in ROOTS:
            yield ANYTHING if node.id in MESSAGES else node.id
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in MESSAGES:
        yield from [node.value.id + part for part in PARTS.get(node.attr, (f":{node.attr}",))]
    elif isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Is, ast.IsNot)) and isinstance(
            node.left, ast.Name) and node.left.id in MESSAGES:
        return                                             # whether there is a request is not asked but of the evidence
    elif isinstance(node, ast.Call):
        yield from _called(node, constants)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _read(child, constants)


def _called(node: ast.Call, constants: Constants) -> Iterator[str]:
    function = function_of(node)
    if function is not None and function.reads is None and not function.ours:
        yield ANYTHING
    given = {str(keyword.arg): keyword.value for keyword in node.keywords}
    for parameter, value in given.items():
        if function is not None and isinstance(value, ast.Name) and value.id in MESSAGES:
            yield from _declared(function, parameter, value.id, given, constants)
        else:
            yield from _read(value, constants)
    for argument in node.args:
        yield from _read(argument, constants)


def _declared(function: Function, parameter: str, root: str, given: Mapping[str, ast.expr],
              constants: Constants) -> Iterator[str]:
    """What a function says that it reads of the message which it takes as that parameter."""
    mine = [one[len(parameter):] for one in function.reads or () if re.match(rf"{parameter}[.:]", one)]
    if not mine:
        yield ANYTHING
    for one in mine:
        named = re.match(r"\.\{(\w+)\}", one)
        if named is None:
            yield from [root + part for part in (PARTS.get(one[1:], (one,)) if one[0] == ":" else (one,))]
            continue
        for name in function.among if named[1] == "among" else names_of(given.get(named[1]), constants):
            yield _field(root, name, one[named.end():])


def _field(root: str, name: str, mark: str) -> str:
    """The value of a field or, with the mark "?", its presence; a name with that character is none of a field."""
    return f"{root}.{'*' if '?' in name else name}{mark}"


def of_one_field(reads: frozenset[str], guards: frozenset[str]) -> bool:
    """Whether it is the value or the presence of one response field that a rule cannot do without."""
    fields = reads - {"response:status"}
    return len(fields) == 1 and fields <= {f"response.{name}{mark}" for name in guards for mark in ("", "?")}


def refusable(trees: Iterable[ast.expr]) -> frozenset[str]:
    """What some conditions name that a case may refuse to tell: facts of the history, and the time.

    `check` looks at all of it before `when`, at what only the message names, too, unless `when` is about one field.
    """
    return frozenset([node.id for tree in trees for node in ast.walk(tree)
                      if isinstance(node, ast.Name) and (node.id in FACTS or node.id == "started")])

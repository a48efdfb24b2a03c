"""What a rule relies on, found in its checked conditions: which absences it takes as proof, what it cannot do without,
and what else of the exchange it looks at.

A field is a guard if no way through the conditions ends in a finding without it: the value is read (absent, the rule
does not apply), or its presence is what makes `when` true, or `require` false. The plan looks rules up under guards, so
that most exchanges never meet them. All of it errs to one side: what is not seen to be a guard is none, and what may
count as an absence does.
"""
from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from httplint import vocabulary
from httplint.engine.language.tree import root_of
from httplint.vocabulary import Function


def field_test(node: ast.AST) -> tuple[str, str] | None:
    """(root, name) of a rewritten 'Field-Name' in message."""
    if (isinstance(node, ast.Compare) and isinstance(node.comparators[0], ast.Attribute)
            and node.comparators[0].attr == "index" and isinstance(node.left, ast.Constant)):
        section = node.comparators[0].value
        # the sections of messages only: trailers and the fields of body parts are captured whole or not at all
        if isinstance(section, ast.Attribute) and section.attr == "fields" and isinstance(section.value, ast.Name):
            return section.value.id, str(node.left.value)
    return None


def loop_constants(loop: tuple[str, ast.expr] | None) -> dict[str, list[str]]:
    """The name of a loop over constants, and these, in lower case."""
    if loop and isinstance(loop[1], ast.Tuple) and all(isinstance(item, ast.Constant) for item in loop[1].elts):
        return {loop[0]: [str(item.value).lower() for item in loop[1].elts if isinstance(item, ast.Constant)]}
    return {}


def absent_fields(tree: ast.AST, want: bool | None,
                  constants: dict[str, list[str]]) -> Iterator[tuple[str | None, str]]:
    """The fields, (root, name), whose absence helps the tree to come out as `want` (None: either way)."""
    if isinstance(tree, ast.BoolOp):
        for value in tree.values:
            yield from absent_fields(value, want, constants)
        return
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not):
        yield from absent_fields(tree.operand, None if want is None else not want, constants)
        return
    if test := field_test(tree):
        assert isinstance(tree, ast.Compare)
        if want is None or isinstance(tree.ops[0], ast.NotIn) == want:
            yield test
        return
    if function := function_of(tree):
        assert isinstance(tree, ast.Call)
        if function.name == "has":
            arguments = {keyword.arg: keyword.value for keyword in tree.keywords}
            if want is not True:
                yield from ((root_of(arguments["message"]), name) for name in names_of(arguments["name"], constants))
            return
        for place in function.absent:
            root, _, name = place.partition(".")
            yield root, name
    for child in ast.iter_child_nodes(tree):
        yield from absent_fields(child, None, constants)


def function_of(node: ast.AST) -> Function | None:
    """The function of the vocabulary that a node calls; None if it calls none."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in vocabulary.homes():
        return vocabulary.get(node.func.id)
    return None


def names_of(node: ast.expr | None, constants: Mapping[str, list[str]]) -> list[str]:
    """The fields, in lower case, that the argument of a call names; "*" where that is not known."""
    if isinstance(node, ast.Constant):
        return [str(node.value).lower()]
    if isinstance(node, ast.Name) and node.id in constants:
        return constants[node.id]
    return ["*"]


def guarding(when: ast.expr | None, loop: tuple[str, ast.expr] | None, require: ast.expr,
            root: str) -> frozenset[str]:
    """The fields of a root (request or response) without which the rule cannot fire."""
    guards = _required(when, True, root) if when is not None else frozenset()
    return guards | (_read(loop[1], root) if loop else _required(require, False, root))


def _required(tree: ast.expr, truth: bool, root: str) -> frozenset[str]:
    """The fields of a root that must be present for the condition to come out as `truth`.

    The plan looks a rule up under one of them, so that it costs nothing where that field is absent.
    """
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not):
        return _required(tree.operand, not truth, root)
    if isinstance(tree, ast.BoolOp):
        each = [_required(value, truth, root) for value in tree.values]
        if isinstance(tree.op, ast.And) == truth:          # every operand must come out so
            return frozenset[str]().union(*each)
        return each[0].intersection(*each[1:]) | _read(tree.values[0], root)
    if test := field_test(tree):
        assert isinstance(tree, ast.Compare)
        present = isinstance(tree.ops[0], ast.In) == truth
        return frozenset({test[1]}) if present and test[0] == root else frozenset()
    return _read(tree, root)


def _read(tree: ast.AST, root: str) -> frozenset[str]:
    """The fields of a root whose values are read whenever the expression is evaluated (absent: not applicable)."""
    if place := parsed_place(tree):
        return frozenset({place[1]} if place[0] == root else ())
    if guard := _guarded(tree, root):
        return frozenset({guard})
    if isinstance(tree, ast.BoolOp):
        return _read(tree.values[0], root)
    if isinstance(tree, ast.IfExp):
        return _read(tree.test, root)
    if isinstance(tree, ast.GeneratorExp):
        return _read(tree.generators[0].iter, root)
    return frozenset[str]().union(*[_read(child, root) for child in ast.iter_child_nodes(tree)])


def parsed_place(node: ast.AST) -> tuple[str, str] | None:
    """(root, name) of a rewritten message['Field-Name']; root "" for the fields of something within a message."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "parsed":
        section, name = node.args
        assert isinstance(name, ast.Constant)
        whole = isinstance(section, ast.Attribute) and section.attr == "fields" and isinstance(section.value, ast.Name)
        root = section.value.id if whole else ""           # type: ignore[attr-defined]
        return root, str(name.value)
    return None


def _guarded(node: ast.AST, root: str) -> str | None:
    """The field of a root without which a call judges nothing, by its function's `guard`."""
    if function := function_of(node):
        assert isinstance(node, ast.Call)
        guard = function.guard
        arguments = {keyword.arg: keyword.value for keyword in node.keywords}
        name = arguments.get(guard)
        if guard and isinstance(name, ast.Constant) and any(
                isinstance(value, ast.Name) and value.id == root for value in arguments.values()):
            return str(name.value).lower()
    return None


def among_of(loop: ast.expr) -> frozenset[str]:
    """The response fields of which one must be there for a loop to have items, by its function's `among`."""
    function = function_of(loop)
    if function is None:
        return frozenset()
    assert isinstance(loop, ast.Call)
    of_response = any(isinstance(one.value, ast.Name) and one.value.id == "response" for one in loop.keywords)
    return function.among if of_response else frozenset()


def places_in(tree: ast.AST) -> list[tuple[str, str]]:
    """Every (root, field name) that a tree speaks of, in its order."""
    out: list[tuple[str, str]] = []
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        place = field_test(node) or parsed_place(node)
        if place and place[0] in ("request", "response"):
            out.append(place)
        elif isinstance(node, ast.Call):
            constants = [k.value for k in node.keywords if isinstance(k.value, ast.Constant)]
            roots = [root for k in node.keywords if (root := root_of(k.value)) in ("request", "response")]
            if roots:
                out += [(roots[0], str(c.value).lower()) for c in constants if isinstance(c.value, str)]
        stack.extend(reversed(list(ast.iter_child_nodes(node))))
    return out

"""Small changes of a module's source, each of which some test should notice."""
from __future__ import annotations

import ast
import copy
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

HIT = "__statement_is_run__"
"""The function that an instrumented module calls with the number of each statement."""

_SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add}

_SIMPLE = (ast.expr, ast.keyword, ast.Assign, ast.AugAssign, ast.Return)
_AROUND = 40                                               # characters shown on either side of what differs

_UNTOLD_DECORATORS = {"dataclass", "cache", "lru_cache", "overload", "total_ordering"}   # how, not what
_UNTOLD_NAMES = {"__slots__", "__all__", "T"}
_UNTOLD_CALLS = {"cast", "TypeVar", "NewType", "NamedTuple"}

_prose = re.compile(r"[a-z,:] [a-z]")                      # texts for people are for people to judge
_set_or_pair = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]|\\.|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: where it is, what the code was there and what it becomes.

    `node` and `statements` are numbers in the order of `ast.walk`. `statements` are those in functions whose tests tell
    of the change: the one that is changed, or those that use what is changed on import; None if any module may use it.
    """

    line: int
    text: str
    """The line of the source, stripped."""
    before: str
    after: str
    node: int
    statements: frozenset[int] | None
    new: ast.AST

    @property
    def change(self) -> str:
        return f"{self.before} → {self.after}"


def mutants(source: str) -> list[Mutant]:
    """All changes that are made to a module, in the order of its source."""
    tree = ast.parse(source)
    numbers = {id(node): number for number, node in enumerate(ast.walk(tree))}
    lines = source.splitlines()
    users = _users(tree, numbers)
    found = []

    def visit(node: ast.AST, parent: ast.AST, statements: frozenset[int] | None, called: bool) -> None:
        if isinstance(node, ast.stmt):
            if called:
                statements = frozenset([numbers[id(node)]])
            elif parent is tree:
                statements = _using(_assigned(node), users)
        for old, new in _changes(node):
            found.append(Mutant(old.lineno, lines[old.lineno - 1].strip(), *_shown(node, parent, old, new),
                                numbers[id(old)], statements, new))
        for child in _judged(node):
            body = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and child in node.body
            visit(child, node, statements, called or body)

    visit(tree, tree, None, False)
    return sorted(found, key=lambda one: one.line)


def _assigned(statement: ast.stmt) -> list[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return [node.id for target in targets if target is not None for node in ast.walk(target)
            if isinstance(node, ast.Name)]


def _users(tree: ast.Module, numbers: dict[int, int]) -> dict[str, tuple[set[int], set[str]]]:
    """For each name: the statements in functions that use it, and the names that are made of it on import."""
    users: dict[str, tuple[set[int], set[str]]] = {}

    def visit(node: ast.AST, statement: int | None, names: list[str]) -> None:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            within, made = users.setdefault(node.id, (set(), set()))
            if statement is None:
                made.update(names)
            else:
                within.add(statement)
        for child in ast.iter_child_nodes(node):
            body = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and child in node.body
            inner = numbers[id(child)] if isinstance(child, ast.stmt) and (body or statement is not None) else statement
            visit(child, inner, names)

    for one in tree.body:
        visit(one, None, _assigned(one) or [""])            # "": made by what has no name here
    return users


def _using(names: list[str], users: dict[str, tuple[set[int], set[str]]]) -> frozenset[int] | None:
    """The statements in functions that use these names, or what is made of them; None if others may, too."""
    found: set[int] = set()
    seen: set[str] = set()
    while names:
        name = names.pop()
        if not name.startswith("_"):
            return None
        if name not in seen:
            seen.add(name)
            within, made = users.get(name, (set(), set()))
            found |= within
            names = [*names, *made]
    return frozenset(found) or None


def changed(source: str, mutant: Mutant) -> ast.Module:
    """The module with that change."""
    tree = ast.parse(source)
    old = next(node for number, node in enumerate(ast.walk(tree)) if number == mutant.node)

    class Replace(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return ast.copy_location(mutant.new, old) if node is old else super().generic_visit(node)

    return ast.fix_missing_locations(Replace().visit(tree))


def instrumented(source: str, base: int) -> ast.Module:
    """The module, telling each statement of a function that is run: `base` and its number, to `HIT`."""
    tree = ast.parse(source)
    numbers = {id(node): number for number, node in enumerate(ast.walk(tree))}
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    blocks = {id(block): block for function in functions for node in ast.walk(function)
              for name in ("body", "orelse", "finalbody")
              if isinstance(block := getattr(node, name, None), list)}
    for block in blocks.values():
        block[:] = [part for statement in block for part in (
            *([] if _is_docstring(statement) else [_hit(statement, base + numbers[id(statement)])]), statement)]
    return ast.fix_missing_locations(tree)


def _hit(statement: ast.stmt, number: int) -> ast.stmt:
    call = ast.Call(ast.Name(HIT, ast.Load()), [ast.Constant(number)], [])
    return ast.copy_location(ast.Expr(call), statement)


def _shown(node: ast.AST, parent: ast.AST, old: ast.AST, new: ast.AST) -> tuple[str, str]:
    """The code before and after, with a little of what stands around what differs."""
    if isinstance(node, ast.Constant) and isinstance(parent, _SIMPLE):       # a number alone says nothing
        old, new = parent, _with(parent, old, new)
    before, after = (" ".join(ast.unparse(one).split()) for one in (old, new))
    if isinstance(new, ast.Pass):
        return _clipped(before, 0, len(before)), "nothing"
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    return _clipped(before, start, len(before) - end), _clipped(after, start, len(after) - end)


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _clipped(text: str, start: int, end: int) -> str:
    first, last = max(0, start - _AROUND), min(len(text), end + _AROUND)
    return ("…" if first else "") + text[first:last] + ("…" if last < len(text) else "")


def _with(parent: ast.AST, old: ast.AST, new: ast.AST) -> ast.AST:
    """The node with one of its children replaced."""
    copied = copy.copy(parent)
    for name, value in ast.iter_fields(parent):
        if value is old:
            setattr(copied, name, new)
        elif isinstance(value, list):
            setattr(copied, name, [new if one is old else one for one in value])
    return copied


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_assertion(node: ast.AST) -> bool:
    return isinstance(node, ast.Assert) or (
        isinstance(node, ast.Raise) and node.exc is not None and _name(node.exc) == "AssertionError")


def _name(node: ast.AST) -> str:
    """The last name of what is called or assigned to."""
    if isinstance(node, ast.Call):
        node = node.func
    return getattr(node, "attr", "") or getattr(node, "id", "")


def _judged(node: ast.AST) -> Iterator[ast.AST]:
    """The children that a test can tell of: no annotations, docstrings, assertions, names of slots."""
    if isinstance(node, ast.JoinedStr):
        yield from (part for part in node.values if isinstance(part, ast.FormattedValue))
        return
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "type_params") or (name == "format_spec" and value is not None):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _is_docstring(child) or _is_assertion(child):
                continue
            if name == "decorator_list" and _name(child) in _UNTOLD_DECORATORS:
                continue
            if isinstance(child, ast.Assign) and _name(child.targets[0]) in _UNTOLD_NAMES:
                continue
            if isinstance(child, ast.Call) and _name(child) in _UNTOLD_CALLS:
                continue
            if isinstance(child, ast.If) and _name(child.test) == "TYPE_CHECKING":
                continue
            yield child


def _changes(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, ast.expr | ast.stmt]]:
    """Parts of the node, or the node itself, with what may stand in their place."""
    match node:
        case ast.Compare():
            for number, operator in enumerate(node.ops):
                if type(operator) in _SWAPS:
                    new = copy.copy(node)
                    new.ops = [*node.ops[:number], _SWAPS[type(operator)](), *node.ops[number + 1:]]
                    yield node, new
        case ast.BoolOp():
            yield node, ast.BoolOp(_SWAPS[type(node.op)](), node.values)
            for number in range(len(node.values)):
                rest = node.values[:number] + node.values[number + 1:]
                yield node, rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
        case ast.BinOp(left, operator, right) if type(operator) in _SWAPS and not (_is_text(left) or _is_text(right)):
            yield node, ast.BinOp(left, _SWAPS[type(operator)](), right)
        case ast.UnaryOp(ast.Not(), operand):
            yield node, operand
        case ast.Constant(bool(value)):
            yield node, ast.Constant(not value)
        case ast.Constant(int(value)):
            yield node, ast.Constant(value + 1)
            if value:                                      # a position of -1 is one of 0 to a pattern
                yield node, ast.Constant(value - 1)
        case ast.Constant(str(value)) if value and not _prose.search(value):
            yield node, ast.Constant("")
            for text in _patterns(value):
                yield node, ast.Constant(text)
        case ast.JoinedStr(parts):
            for number, part in enumerate(parts):
                if isinstance(part, ast.Constant) and not _prose.search(part.value):
                    for text in _patterns(part.value):
                        yield node, ast.JoinedStr([*parts[:number], ast.Constant(text), *parts[number + 1:]])
        case ast.Return(ast.Constant(None | False | "")) | ast.Return(None):
            pass                                           # nothing, or what tests as None does
        case ast.Return():
            yield node, ast.Return(ast.Constant(None))
        case ast.Raise() | ast.Expr(ast.Call()):
            yield node, ast.Pass()
    for condition in (*getattr(node, "ifs", ()), getattr(node, "test", None)):
        if isinstance(condition, ast.expr) and not isinstance(condition, ast.Compare | ast.BoolOp | ast.Constant) \
                and not (isinstance(condition, ast.UnaryOp) and isinstance(condition.op, ast.Not)):
            yield condition, ast.UnaryOp(ast.Not(), condition)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _patterns(text: str) -> Iterator[str]:
    """A text that looks like a regular expression, with one of its quantifiers changed."""
    if not any(mark in text for mark in ("[", "(", "\\")):
        return
    before = ""
    for match in _set_or_pair.finditer(text):
        piece, start = match.group(), match.start()
        if piece in ("*", "+", "?") and before and before not in ("(", "|", "^", "*", "+", "?", "}"):
            new = {"*": "+", "+": "*", "?": ""}[piece]
            end = match.end()
            if not new and text[end:end + 1] in ("+", "?"):
                end += 1
            yield text[:start] + new + text[end:]
        before = piece

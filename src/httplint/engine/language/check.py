"""Conditions are parsed and checked, from the leaves up: nothing but the language gets through.

What comes out is a tree of plain Python: fields are looked up by their names in lower case, parts that may be missing
stand in `known(…)`, arguments have the names of their parameters. What was met on the way is in `Uses`.
"""
from __future__ import annotations

import ast
import io
import keyword
import re
import tokenize
import typing
import warnings
from collections.abc import Collection
from string import Formatter

from httplint import vocabulary
from httplint.engine.case import RUNTIME
from httplint.engine.errors import RuleError
from httplint.engine.language.foreign import METHODS, NODES, bound, foreign, where
from httplint.engine.language.reliance import parsed_place
from httplint.engine.language.tree import CLIPPED, Conditions, Trees, called, root_of, text_of
from httplint.engine.language.types import (
    ATTRIBUTES,
    NUMBER,
    ROOTS,
    Type,
    accepts,
    attributes_of,
    bare,
    comparable,
    element,
    field_type,
    is_collection,
    numbered,
    optional,
    orderable,
    parts_of,
    plain,
    type_name,
)
from httplint.grammar import table
from httplint.model.evidence import BITS
from httplint.model.fields import Fields
from httplint.model.likeness import meant
from httplint.model.message import Request, Response
from httplint.model.target import TargetURI

MAX_NODES = 200
MAX_DEPTH = 20
"""Brackets within one another."""
MAX_LENGTH = 4000
"""Characters of an expression, and of a message."""
MAX_NUMBER = 10**18
_PLAIN = (ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Load,
          ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Is, ast.IsNot, ast.Compare,
          ast.Tuple, ast.IfExp, ast.GeneratorExp, ast.comprehension, ast.Name, ast.Attribute, ast.Call,
          ast.Subscript, ast.Constant)
_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_OPENING = ("(", "[", "{")
_CLOSING = (")", "]", "}")
_FLAT = (*_CLOSING, ",", ":", "=", "==", "!=", "<", "<=", ">", ">=", "!")
"""Signs that make no node, or one for any number of them."""
_PREFIXES = ("not", "if", "lambda", "await", "yield")
"""Words of which each makes a node around what follows."""


class Uses:
    """What an expression was found to use, collected while it is checked."""

    __slots__ = ("functions", "needs", "numbered", "reads_request")

    def __init__(self) -> None:
        self.needs = 0
        """Facts (bits of model.evidence) that the capture must know."""
        self.reads_request = False
        """Whether it reads the value of some request field."""
        self.numbered = False
        """Whether the numbers of lines decide, which are others wherever fields are more or less."""
        self.functions: set[str] = set()


def checked(conditions: Conditions, uses: Uses, spoken: Uses) -> Trees:
    """The conditions, checked; `uses` and `spoken` take in what judging and the message use. Raises RuleError."""
    scope: dict[str, Type] = {}
    loop: tuple[str, ast.expr] | None = None
    key = "when"
    try:
        when = _condition(conditions.when, scope, uses) if conditions.when else None
        key = "foreach"
        if conditions.foreach:
            loop = _loop(conditions.foreach, scope, uses)
        key = "require"
        require = _condition(conditions.require, scope, uses)
        key = "message"
        return Trees(when, loop, require, _template(conditions.message, scope, spoken))
    except RuleError as error:
        error.key = key
        raise


def _parse(text: str, scope: Collection[str]) -> ast.expr:
    """The tree of an expression; `scope`: the names that stand for something in it. Raises RuleError."""
    stripped = text.strip()
    if len(stripped) > MAX_LENGTH:
        raise RuleError(f"an expression of more than {MAX_LENGTH:,} characters")
    source = f"({stripped}\n)"
    _not_deep(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = ast.parse(source, mode="eval").body
        if not source.isascii():
            _all_ascii(source)
        told = foreign(stripped, {*scope, *bound(tree)})
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        told = _unparsed(error, stripped, scope)
    if told:
        raise RuleError(told)
    return tree


def _not_deep(source: str) -> None:
    """Raises RuleError for an expression that Python's parser might take too much of the stack for: it calls itself for
    each bracket, and for each sign of which a node of its own is made, and does not everywhere know when to stop.
    """
    open_ = made = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            sign = token.string
            if token.type == tokenize.OP:
                open_ += (sign in _OPENING) - (sign in _CLOSING)
                made += sign not in _FLAT
            elif token.type == tokenize.NAME:
                made += sign in _PREFIXES
            if open_ > MAX_DEPTH + 1:                      # one is our own
                raise RuleError(f"brackets nested deeper than {MAX_DEPTH}: name a part, as a function")
            if made > MAX_NODES + 1:
                raise _too_many_nodes()
    except (SyntaxError, tokenize.TokenError):             # which the parser will say, and go no further
        pass


def _too_many_nodes() -> RuleError:
    return RuleError(f"an expression of more than {MAX_NODES} nodes: name it, as a function")


def _unparsed(error: Exception, text: str, scope: Collection[str]) -> str:
    """Why a text is no expression, and where."""
    said, at = python_says(error), None
    if isinstance(error, SyntaxError) and error.lineno and error.offset:
        lines = text.split("\n")[:error.lineno - 1]
        at = sum(len(line) + 1 for line in lines) + error.offset - (1 if lines else 2)
    if told := foreign(text, scope, at, "'=='" in said):
        return told
    if open_ := re.search(r"closing parenthesis '\)' does not match opening parenthesis '(.)'", said):
        return f"'{open_[1]}' was never closed: {text[:CLIPPED]!r}"
    if at is None:
        return f"{said}: {text[:CLIPPED]!r}"
    what = "no expression of the rule language" if said.startswith("invalid syntax") else said
    return f"{what}, at {where(text, max(0, min(at, len(text))))}"


def python_says(error: Exception) -> str:
    """What an exception of Python says, in plain words."""
    if isinstance(error, (RecursionError, MemoryError)):
        return "nested too deep"
    return getattr(error, "msg", None) or str(error) or type(error).__name__


def _all_ascii(source: str) -> None:
    """Raises SyntaxError for a name with other characters: Python takes some of them for letters of ASCII."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in (tokenize.STRING, tokenize.COMMENT) and not token.string.isascii():
            raise SyntaxError(f"names are written in ASCII, not as {token.string[:40]!r}")


def _condition(text: str, scope: dict[str, Type], uses: Uses) -> ast.expr:
    checker = ConditionChecker(scope, uses)
    tree, kind = checker.check(_parse(text, scope))
    if kind is not bool:
        raise RuleError(f"a condition must be true or false, this is {type_name(kind)}{_presence(tree)}: "
                        f"{text.strip()[:CLIPPED]!r}")
    return tree


def _loop(text: str, scope: dict[str, Type], uses: Uses) -> tuple[str, ast.expr]:
    name, separator, over = text.partition(" in ")
    name = name.strip()
    if not separator or not (name.isidentifier() and name.isascii()) or keyword.iskeyword(name):
        raise RuleError(f"foreach: write 'NAME in EXPRESSION', not {text.strip()[:CLIPPED]!r}")
    _fresh(name, scope)
    tree, kind = ConditionChecker(scope, uses).check(_parse(over, scope))
    scope[name] = element(kind, over)
    return name, tree


def _template(text: str, scope: dict[str, Type], uses: Uses) -> ast.expr:
    """A message with {expressions}: an f-string whose values are clipped and escaped."""
    if len(text) > MAX_LENGTH:
        raise RuleError(f"message: more than {MAX_LENGTH:,} characters")
    parts: list[ast.expr] = []
    checker = ConditionChecker(scope, uses)                        # which counts the nodes of all of them
    try:
        pieces = list(Formatter().parse(text))
    except ValueError as error:
        raise RuleError(f"message: {error}: {text[:CLIPPED]!r}") from None
    for literal, expression, form, conversion in pieces:
        if literal:
            parts.append(ast.Constant(literal))
        if expression is None:
            continue
        if form or conversion:
            raise RuleError(f"message: no formats within braces: {expression!r}; for a brace itself, write two")
        if not expression.strip():
            raise RuleError("message: within braces stands what is to be shown, as in {response['Allow']}; for a brace "
                            f"itself, write two: {text[:CLIPPED]!r}")
        tree, kind = checker.check(_parse(expression, scope))
        parts.append(ast.FormattedValue(called("shown", presentable(tree, kind)), -1, None))
    return ast.JoinedStr(parts)


def presentable(tree: ast.expr, kind: Type) -> ast.expr:
    """What people are shown of a value: of one that is made for conditions, how the field was sent."""
    if isinstance(tree, ast.Call) and parsed_place(tree) is not None and any(map(attributes_of, parts_of(kind))):
        return called("as_sent", *tree.args)
    return tree


def _fresh(name: str, scope: dict[str, Type]) -> None:
    if name in ROOTS or name in vocabulary.homes() or name in RUNTIME or name in scope or name.startswith("_"):
        raise RuleError(f"the name {name!r} is taken or reserved")


def _instead(name: str, kind: Type) -> str:
    """What to write in place of an attribute that is none."""
    attributes = attributes_of(kind)
    near = f"; write {METHODS[name]}" if name in METHODS else meant(name, list(attributes))
    if attributes:
        return f"{near}{'' if near.endswith('?') else ';'} it has {', '.join(attributes)}"
    if near:
        return near
    if any(map(attributes_of, parts_of(kind))):
        return "; go through its items: any(… for NAME in …)"
    return "; it has none"


def _presence(tree: ast.expr) -> str:
    """How to ask for the presence of a field, where it was meant."""
    place = parsed_place(tree)
    return f"; {place[1].title()!r} in {place[0] or 'message'} asks whether it is there" if place else ""


def _parts(*kinds: Type) -> str:
    """The attributes of values that cannot be what they are taken for."""
    items = "; VALUE in … asks for one of its items" if any(map(is_collection, map(bare, kinds))) else ""
    return items + "".join([f"; {type_name(kind)} has {', '.join(attributes)}"
                    for kind in map(bare, kinds) if (attributes := attributes_of(kind))])


class ConditionChecker:
    """Types an expression from the leaves up, refusing whatever is not part of the language."""

    def __init__(self, scope: dict[str, Type], uses: Uses) -> None:
        self.scope = scope
        self.uses = uses
        self.nodes = 0
        self.loops = 0

    def check(self, node: ast.expr) -> tuple[ast.expr, Type]:
        """The rewritten node and its type."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise _too_many_nodes()
        if not isinstance(node, _PLAIN):
            instead = NODES.get(type(node))
            raise RuleError(f"write {instead}: {text_of(node)}" if instead else
                            f"{type(node).__name__} is not part of the rule language: {text_of(node)}")
        method: typing.Callable[[typing.Any], tuple[ast.expr, Type]] = getattr(self, "_" + type(node).__name__.lower())
        return method(node)

    def _constant(self, node: ast.Constant) -> tuple[ast.expr, Type]:
        value = node.value
        if value is None:
            return node, type(None)
        if type(value) not in (str, int, bool, float):
            raise RuleError(f"no constants of {type(value).__name__}: {text_of(node)}")
        if isinstance(value, (int, float)) and not abs(value) <= MAX_NUMBER:
            raise RuleError(f"a number beyond {MAX_NUMBER:,}")
        return node, type(value)

    def _name(self, node: ast.Name) -> tuple[ast.expr, Type]:
        name = node.id
        if name in self.scope:
            return node, self.scope[name]
        if name not in ROOTS:
            raise RuleError(f"unknown name {name!r}{self._named(name)}")
        kind, needs = ROOTS[name]
        self._need(needs)
        return ast.Name(name, ast.Load()), kind

    def _named(self, name: str) -> str:
        """What was probably meant by a name that stands for nothing."""
        for root, kind in (("response", Response), ("request", Request)):
            if name in ATTRIBUTES[kind]:
                return f"; did you mean '{root}.{name}'?"
        field = name.lower()
        if any(one == field or one.startswith(f"{field}-") for one in table.FIELDS):
            return "; the name of a field stands in quotes: 'Field-Name' in response, response['Field-Name']"
        return meant(name, [*ROOTS, *self.scope, *vocabulary.homes()])

    def _attribute(self, node: ast.Attribute) -> tuple[ast.expr, Type]:
        value, kind = self._known(node.value)
        attributes = attributes_of(kind)
        if node.attr not in attributes:
            raise RuleError(f"{type_name(kind)} has no attribute {node.attr!r}{_instead(node.attr, kind)}: "
                            f"{text_of(node)}")
        found, needs = attributes[node.attr]
        self._need(needs)
        self.uses.numbered |= node.attr == NUMBER
        if kind is TargetURI:                              # which messages have as plain text
            value = called(TargetURI.__name__, value)
        return ast.Attribute(value, node.attr, ast.Load()), found

    def _subscript(self, node: ast.Subscript) -> tuple[ast.expr, Type]:
        """message['Field-Name'] -> the parsed value."""
        if not (isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)):
            raise RuleError(f"write message['Field-Name']: {text_of(node)}")
        fields = self._fields(node.value)
        name = node.slice.value.lower()
        if root_of(node.value) == "request":
            self._request_fields()
        return called("parsed", fields, ast.Constant(name)), field_type(name)

    def _compare(self, node: ast.Compare) -> tuple[ast.expr, Type]:
        if len(node.ops) == 1 and isinstance(node.ops[0], (ast.In, ast.NotIn)):
            return self._membership(node)
        operands = [node.left, *node.comparators]
        checked = [self.check(operand) for operand in operands]
        if any(isinstance(op, (ast.In, ast.NotIn)) for op in node.ops):
            raise RuleError(f"'in' does not chain: {text_of(node)}")
        for operand, op, (_, left), (_, right) in zip(operands, node.ops, checked, checked[1:], strict=False):
            if isinstance(op, (ast.Is, ast.IsNot)):
                if right is not type(None):
                    raise RuleError(f"'is' only asks for None: {text_of(node)}")
                if not any(isinstance(part, ast.Name) for part in ast.walk(operand)):
                    raise RuleError(f"a constant is never None: {text_of(node)}")
            elif isinstance(op, _ORDER):
                if not orderable(bare(left), bare(right)):
                    raise RuleError(f"{type_name(left)} and {type_name(right)} have no order: {text_of(node)}")
            elif not comparable(left, right):
                raise RuleError(f"{type_name(left)} is never equal to {type_name(right)}{_parts(left, right)}: "
                                f"{text_of(node)}")
            else:
                self.uses.numbered |= numbered(left)
        ordered = any(isinstance(op, _ORDER) for op in node.ops)
        trees = [called("known", tree) if ordered and optional(kind) else tree for tree, kind in checked]
        return ast.Compare(trees[0], node.ops, trees[1:]), bool

    def _membership(self, node: ast.Compare) -> tuple[ast.expr, Type]:
        """'Field-Name' in message, or VALUE in a tuple, set or text."""
        right = node.comparators[0]
        tree, kind = self._known(right)
        if kind in (Request, Response, Fields):
            left = node.left
            if not (isinstance(left, ast.Constant) and isinstance(left.value, str)):
                raise RuleError("write the name of a field in quotes, 'Field-Name' in response, or has(message, name): "
                                f"{text_of(node).replace(' - ', '-')}")
            if kind is Request:
                self._need(("pair",))
            fields = tree if kind is Fields else ast.Attribute(tree, "fields", ast.Load())
            index = ast.Attribute(fields, "index", ast.Load())
            return ast.Compare(ast.Constant(left.value.lower()), node.ops, [index]), bool
        value, member = self._known(node.left)
        kind, member = plain(kind), plain(member)
        if kind is str:
            if member is not str:
                raise RuleError(f"{type_name(member)} in text: {text_of(node)}")
        elif not comparable(member, element(kind, text_of(right))):
            raise RuleError(f"{type_name(member)} is never in {type_name(kind)}: {text_of(node)}")
        self.uses.numbered |= numbered(member)
        if self.scope and kind == tuple[str, ...] and not isinstance(tree, ast.Tuple):
            found = called("within", value, tree)
            return (found if isinstance(node.ops[0], ast.In) else ast.UnaryOp(ast.Not(), found)), bool
        return ast.Compare(value, node.ops, [tree]), bool

    def _boolop(self, node: ast.BoolOp) -> tuple[ast.expr, Type]:
        return ast.BoolOp(node.op, [self._truth(value) for value in node.values]), bool

    def _unaryop(self, node: ast.UnaryOp) -> tuple[ast.expr, Type]:
        if isinstance(node.op, ast.Not):
            return ast.UnaryOp(node.op, self._truth(node.operand)), bool
        tree, kind = self._known(node.operand)
        if not isinstance(node.op, ast.USub) or kind not in (int, float):
            raise RuleError(f"not a number: {text_of(node)}")
        return ast.UnaryOp(node.op, tree), kind

    def _binop(self, node: ast.BinOp) -> tuple[ast.expr, Type]:
        if not isinstance(node.op, (ast.Add, ast.Sub)):
            raise RuleError(f"only + and - are part of the rule language: {text_of(node)}")
        left, one = self._known(node.left)
        right, two = self._known(node.right)
        if one not in (int, float) or two not in (int, float):
            raise RuleError(f"{type_name(one)} and {type_name(two)} do not add: {text_of(node)}")
        return ast.BinOp(left, node.op, right), float if float in (one, two) else int

    def _ifexp(self, node: ast.IfExp) -> tuple[ast.expr, Type]:
        test = self._truth(node.test)
        body, one = self.check(node.body)
        other, two = self.check(node.orelse)
        if not comparable(one, two):
            raise RuleError(f"either {type_name(one)} or {type_name(two)}: {text_of(node)}")
        return ast.IfExp(test, body, other), one if not optional(two) else one | None

    def _tuple(self, node: ast.Tuple) -> tuple[ast.expr, Type]:
        checked = [self.check(item) for item in node.elts]
        kinds = {plain(kind) for _, kind in checked}
        if len(kinds) != 1:
            raise RuleError(f"a tuple holds values of one type: {text_of(node)}")
        return ast.Tuple([tree for tree, _ in checked], ast.Load()), tuple[kinds.pop(), ...]  # type: ignore[misc]

    def _call(self, node: ast.Call) -> tuple[ast.expr, Type]:
        if not isinstance(node.func, ast.Name) or node.func.id not in vocabulary.homes():
            name = text_of(node.func)
            method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            raise RuleError(f"{name} is no function; write {METHODS[method]}" if method in METHODS else
                            f"unknown function {name}" + (meant(name, list(vocabulary.homes())) or
                                                          "; httplint rules functions lists all"))
        function = vocabulary.get(node.func.id)
        self.uses.functions.add(function.name)
        self._need(function.needs)
        if any(keyword.arg is None for keyword in node.keywords):
            raise RuleError(f"no ** in calls: {text_of(node)}")
        if function.of_python:
            return self._builtin(node, function.name)
        names = list(function.parameters)
        given: dict[str, ast.expr] = dict(zip(names, node.args, strict=False))
        given |= {str(keyword.arg): keyword.value for keyword in node.keywords}
        if len(node.args) > len(names) or given.keys() - function.parameters.keys():
            raise RuleError(f"{function.name} takes {', '.join(names)}: {text_of(node)}")
        if lacking := [name for name in names if name not in given and name not in function.optional]:
            raise RuleError(f"{function.name} lacks {', '.join(lacking)}: {text_of(node)}")
        trees: dict[str, ast.expr] = {}
        for name, argument in given.items():
            wanted = function.parameters[name]
            tree, kind = self.check(argument)
            if optional(kind) and not optional(wanted):
                tree, kind = called("known", tree), bare(kind)
            if not accepts(wanted, kind):
                raise RuleError(
                    f"{function.name}({', '.join(names)}): {name} is {type_name(kind)}, not {type_name(wanted)}: "
                    f"{text_of(node)}")
            trees[name] = tree
        if function.paired and any(isinstance(argument, ast.Name) and argument.id == "request"
                                   for argument in given.values()):
            self._request_fields()
        if "names" in function.given:
            trees["names"] = ast.Attribute(ast.Name("_case", ast.Load()), "names", ast.Load())
        return ast.Call(ast.Name(function.name, ast.Load()), [],
                        [ast.keyword(name, tree) for name, tree in trees.items()]), function.returns

    def _builtin(self, node: ast.Call, name: str) -> tuple[ast.expr, Type]:
        if len(node.args) != 1 or node.keywords:
            raise RuleError(f"{name} takes one value: {text_of(node)}")
        argument = node.args[0]
        if name != "len":
            if not isinstance(argument, ast.GeneratorExp):
                raise RuleError(f"write {name}(CONDITION for NAME in …): {text_of(node)}")
            tree, kind = self._generator(argument)
            if kind is not bool:
                raise RuleError(f"{name} wants a condition: {text_of(node)}")
            return ast.Call(ast.Name(name, ast.Load()), [tree], []), bool
        tree, kind = self._known(argument)
        if plain(kind) not in (str, bytes, Fields):
            element(kind, text_of(argument))
        return ast.Call(ast.Name(name, ast.Load()), [tree], []), int

    def _generatorexp(self, node: ast.GeneratorExp) -> tuple[ast.expr, Type]:
        raise RuleError(f"a comprehension stands only within any(…) and all(…): {text_of(node)}")

    def _generator(self, node: ast.GeneratorExp) -> tuple[ast.expr, Type]:
        generator = node.generators[0]
        if self.loops or len(node.generators) != 1 or not isinstance(generator.target, ast.Name):
            raise RuleError(f"one 'for NAME in …' at a time: {text_of(node)}")
        name = generator.target.id
        _fresh(name, self.scope)
        over, kind = self._known(generator.iter)
        self.loops += 1
        self.scope[name] = element(kind, text_of(generator.iter))
        tests = [self._truth(test) for test in generator.ifs]
        tree, result = self.check(node.elt)
        del self.scope[name]
        self.loops -= 1
        target = ast.Name(name, ast.Store())
        return ast.GeneratorExp(tree, [ast.comprehension(target, over, tests, 0)]), result

    def _truth(self, node: ast.expr) -> ast.expr:
        tree, kind = self.check(node)
        if kind is not bool:
            raise RuleError(f"true or false is wanted, this is {type_name(kind)}{_presence(tree)}: {text_of(node)}")
        return tree

    def _known(self, node: ast.expr) -> tuple[ast.expr, Type]:
        """The node, made not applicable where its value is missing."""
        tree, kind = self.check(node)
        if kind is type(None):
            raise RuleError(f"None has no use here: {text_of(node)}")
        return (called("known", tree), bare(kind)) if optional(kind) else (tree, kind)

    def _fields(self, node: ast.expr) -> ast.expr:
        tree, kind = self._known(node)
        if kind is Fields:
            return tree
        if kind in (Request, Response):
            return ast.Attribute(tree, "fields", ast.Load())
        raise RuleError(f"{type_name(kind)} has no fields{_parts(kind)}: {text_of(node)}")

    def _request_fields(self) -> None:
        """The value of a request field is read: it must be this request that the response answers."""
        self.uses.reads_request = True
        self._need(("pair",))

    def _need(self, facts: tuple[str, ...]) -> None:
        for fact in facts:
            self.uses.needs |= BITS[fact]

"""The rules' expression language: a checked and typed subset of Python's expressions.

A rule reads the exchange and calls the registered functions; nothing else is in reach. `analyse` parses a rule's
conditions, refuses what is not part of the language, checks types, and finds out what the rule relies on: facts that
the capture must know, fields whose absence it takes as proof, and fields without which it cannot fire. The result is
the source of one Python function, which is compiled only when a plan first wants it.

Optional values: where an ordering, an arithmetic or an attribute meets a part that may be missing, the missing part
makes the rule not applicable; `is None` asks for it.

What has to stay true, since rule files are a stranger's and their code is run:

* What is not listed is refused: nodes of the syntax, roots, attributes by type, functions. Nothing is listed that
  reaches further than the message, and no name of a rule becomes a name of the code unchecked.
* What a rule relies on is inferred from what it reads. A new attribute or function says what it needs, and a new kind
  of node what becomes of absence and of guards below it: a need too few is a false alarm, a guard too many a rule that
  never runs.
* NotApplicable and NotEvaluated end the whole condition where they are met: what stands first in `and` and `or` decides
  whether the rest is asked.
* Expressions, numbers, messages and findings are bounded.
"""
from __future__ import annotations

import ast
import copy
import io
import keyword
import tokenize
import types
import typing
import warnings
from collections.abc import Iterator
from string import Formatter

from httplint import vocabulary
from httplint.engine.analysis import Analysis
from httplint.engine.case import RUNTIME
from httplint.engine.errors import RuleError
from httplint.grammar import table
from httplint.model.evidence import BITS, bits
from httplint.model.exchange import Exchange
from httplint.model.fields import Fields
from httplint.model.likeness import meant
from httplint.model.message import Irregularity, Request, Response
from httplint.vocabulary.knowledge import Variant
from httplint.vocabulary.representation import Representation

MAX_NODES = 200
MAX_LENGTH = 4000
"""Characters of an expression, and of a message."""
CLIPPED = 80
"""Characters of an expression that a message about it shows."""
MAX_NUMBER = 10**18
MAX_FINDINGS = 100
"""Findings of one rule about one response; hostile values could have any number."""

ROOTS: dict[str, tuple[object, tuple[str, ...]]] = {
    "request": (Request, ("request",)),
    "response": (Response, ()),
    "started": (float, ("time",)),
    "earlier": (tuple[Response, ...], ("interim",)),
    "stored": (Response, ("pair",)),
    "variant": (Variant, ("pair",)),
    "representation": (Representation, ("pair",)),
    "succeeded": (tuple[str, ...], ("pair",)),
    "previous": (Exchange, ("request_fields",)),
    "redirect": (Exchange, ()),
    "chain": (tuple[str, ...], ()),
    "allowed": (tuple[str, ...], ("pair",)),
}
"""Name -> type and the facts that its use needs. All but the first four come from the history."""

ATTRIBUTES: dict[object, dict[str, tuple[object, tuple[str, ...]]]] = {
    Request: {
        "method": (str, ()),
        "target": (str, ("target",)),
        "uri": (str, ()),
        "path": (str, ()),
        "query": (str, ()),
        "version": (str, ("request_version",)),
        "content": (bytes, ("request_content",)),
        "fields": (Fields, ()),
        "irregularities": (tuple[Irregularity, ...], ("wire",)),
    },
    Response: {
        "status": (int, ()),
        "version": (str, ("version",)),
        "reason": (str, ("reason",)),
        "content": (bytes, ("content", "octets")),
        "size": (int, ("size",)),
        "trailers": (Fields, ("trailers",)),
        "interim": (bool, ("interim",)),
        "fields": (Fields, ()),
        "irregularities": (tuple[Irregularity, ...], ("wire",)),
    },
    Variant: {"request": (Request, ()), "response": (Response, ())},
    Exchange: {"request": (Request, ()), "response": (Response, ()), "started": (float | None, ("time",))},
}

_PLAIN = (ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Load,
          ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Is, ast.IsNot, ast.Compare,
          ast.Tuple, ast.IfExp, ast.GeneratorExp, ast.comprehension, ast.Name, ast.Attribute, ast.Call,
          ast.Subscript, ast.Constant)
_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)

Type = typing.Any
"""Python's own type objects: int, str, a value class, tuple[T, ...], a union with None."""


class Uses:
    """What an expression was found to use, collected while it is checked."""

    __slots__ = ("functions", "needs", "reads_request")

    def __init__(self) -> None:
        self.needs = 0
        """Facts (bits of model.evidence) that the capture must know."""
        self.reads_request = False
        """Whether it reads the value of some request field."""
        self.functions: set[str] = set()


class Conditions(typing.NamedTuple):
    """The texts of a rule that hold expressions."""

    require: str
    message: str
    title: str
    when: str | None = None
    foreach: str | None = None


class Trees(typing.NamedTuple):
    """The conditions of a rule, checked and rewritten."""

    when: ast.expr | None
    loop: tuple[str, ast.expr] | None
    """The name of `foreach`, and what it goes over."""
    require: ast.expr
    message: ast.expr


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
        raise RuleError(f"Python cannot compile it: {_why(error)}") from None
    return analysis


def _analysed(conditions: Conditions) -> Analysis:
    uses = Uses()
    spoken = Uses()                                        # what cannot be shown falls back to the title
    trees = _checked(conditions, uses, spoken)
    when, loop, require, _ = trees
    judged = [tree for tree in (when, loop and loop[1], require) if tree is not None]
    constants = _loop_constants(loop)
    absences = {*(_absences(when, True, constants) if when is not None else ()), *_absences(require, False, constants),
                *(_absences(loop[1], None, constants) if loop else ())}
    absent_request = frozenset(name for root, name in absences if root == "request")
    absent_response = frozenset(name for root, name in absences if root in ("response", "stored"))
    needs = uses.needs | bits(*["request_fields"] * bool(absent_request), *["response_fields"] * bool(absent_response))
    guards = _guards(when, loop, require, "response")
    alone = _alone(judged, guards)
    gate = _alone([when], guards) if when is not None and alone is None else None
    places = [place for tree in (require, loop and loop[1], when) if tree is not None for place in _places(tree)]
    return Analysis(
        needs, guards, _guards(when, loop, require, "request"), _among(loop[1]) if loop else frozenset(),
        absent_response, absent_request,
        tuple(dict.fromkeys(places + [("response", guard) for guard in sorted(guards)])),
        tuple(sorted(uses.functions | spoken.functions)),
        _source(trees, conditions.title, "Exception" if spoken.needs & ~needs else "Unknown", gate is not None),
        alone, gate, uses.reads_request)


def _checked(conditions: Conditions, uses: Uses, spoken: Uses) -> Trees:
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


def rewritten(tree: ast.expr, names: dict[str, Type]) -> ast.Expression:
    """A part of a condition, checked and ready to be compiled; `names` gives the type of a loop's name."""
    checked, _ = _Checker(dict(names), Uses()).check(tree)
    return ast.fix_missing_locations(ast.Expression(_Positional().visit(checked)))


# --- reading ------------------------------------------------------------------------------------------------------

def _parse(text: str) -> ast.expr:
    stripped = text.strip()
    if len(stripped) > MAX_LENGTH:
        raise RuleError(f"an expression of more than {MAX_LENGTH:,} characters")
    source = f"({stripped}\n)"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = ast.parse(source, mode="eval").body
        if not source.isascii():
            _all_ascii(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise RuleError(f"{_why(error)}: {stripped[:CLIPPED]!r}") from None
    return tree


def _why(error: Exception) -> str:
    if isinstance(error, (RecursionError, MemoryError)):
        return "nested too deep"
    return getattr(error, "msg", None) or str(error) or type(error).__name__


def _all_ascii(source: str) -> None:
    """Raises SyntaxError for a name with other characters: Python takes some of them for letters of ASCII."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in (tokenize.STRING, tokenize.COMMENT) and not token.string.isascii():
            raise SyntaxError(f"names are written in ASCII, not as {token.string[:40]!r}")


def _condition(text: str, scope: dict[str, Type], uses: Uses) -> ast.expr:
    checker = _Checker(scope, uses)
    tree, kind = checker.check(_parse(text))
    if kind is not bool:
        raise RuleError(f"a condition must be true or false, this is {type_name(kind)}: {text.strip()[:CLIPPED]!r}")
    return tree


def _loop(text: str, scope: dict[str, Type], uses: Uses) -> tuple[str, ast.expr]:
    name, separator, over = text.partition(" in ")
    name = name.strip()
    if not separator or not (name.isidentifier() and name.isascii()) or keyword.iskeyword(name):
        raise RuleError(f"foreach: write 'NAME in EXPRESSION', not {text.strip()[:CLIPPED]!r}")
    _fresh(name, scope)
    tree, kind = _Checker(scope, uses).check(_parse(over))
    scope[name] = _element(kind, over)
    return name, tree


def _template(text: str, scope: dict[str, Type], uses: Uses) -> ast.expr:
    """A message with {expressions}: an f-string whose values are clipped and escaped."""
    if len(text) > MAX_LENGTH:
        raise RuleError(f"message: more than {MAX_LENGTH:,} characters")
    parts: list[ast.expr] = []
    checker = _Checker(scope, uses)                        # which counts the nodes of all of them
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
            raise RuleError(f"message: no formats within braces: {expression!r}")
        tree, _ = checker.check(_parse(expression))
        parts.append(ast.FormattedValue(_call("shown", tree), -1, None))
    return ast.JoinedStr(parts)


def _fresh(name: str, scope: dict[str, Type]) -> None:
    if name in ROOTS or name in vocabulary.homes() or name in RUNTIME or name in scope or name.startswith("_"):
        raise RuleError(f"the name {name!r} is taken or reserved")


class _Checker:
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
            raise RuleError(f"an expression of more than {MAX_NODES} nodes: name it, as a function")
        if not isinstance(node, _PLAIN):
            raise RuleError(f"{type(node).__name__} is not part of the rule language: {_text(node)}")
        method: typing.Callable[[typing.Any], tuple[ast.expr, Type]] = getattr(self, "_" + type(node).__name__.lower())
        return method(node)

    def _constant(self, node: ast.Constant) -> tuple[ast.expr, Type]:
        value = node.value
        if value is None:
            return node, type(None)
        if type(value) not in (str, int, bool, float):
            raise RuleError(f"no constants of {type(value).__name__}: {_text(node)}")
        if isinstance(value, (int, float)) and not abs(value) <= MAX_NUMBER:
            raise RuleError(f"a number beyond {MAX_NUMBER:,}")
        return node, type(value)

    def _name(self, node: ast.Name) -> tuple[ast.expr, Type]:
        name = node.id
        if name in self.scope:
            return node, self.scope[name]
        if name not in ROOTS:
            raise RuleError(f"unknown name {name!r}{meant(name, [*ROOTS, *self.scope, *vocabulary.homes()])}")
        kind, needs = ROOTS[name]
        self._need(needs)
        return ast.Name(name, ast.Load()), kind

    def _attribute(self, node: ast.Attribute) -> tuple[ast.expr, Type]:
        value, kind = self._known(node.value)
        attributes = ATTRIBUTES.get(kind) or {
            name: (found, ()) for name, found in value_attributes(kind).items()}
        if node.attr not in attributes:
            raise RuleError(f"{type_name(kind)} has no attribute {node.attr!r}{meant(node.attr, list(attributes))}")
        found, needs = attributes[node.attr]
        self._need(needs)
        return ast.Attribute(value, node.attr, ast.Load()), found

    def _subscript(self, node: ast.Subscript) -> tuple[ast.expr, Type]:
        """message['Field-Name'] -> the parsed value."""
        if not (isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)):
            raise RuleError(f"write message['Field-Name']: {_text(node)}")
        fields = self._fields(node.value)
        name = node.slice.value.lower()
        if _root(node.value) == "request":
            self._request_fields()
        return _call("parsed", fields, ast.Constant(name)), field_type(name)

    def _compare(self, node: ast.Compare) -> tuple[ast.expr, Type]:
        if len(node.ops) == 1 and isinstance(node.ops[0], (ast.In, ast.NotIn)):
            return self._membership(node)
        operands = [node.left, *node.comparators]
        checked = [self.check(operand) for operand in operands]
        if any(isinstance(op, (ast.In, ast.NotIn)) for op in node.ops):
            raise RuleError(f"'in' does not chain: {_text(node)}")
        for operand, op, (_, left), (_, right) in zip(operands, node.ops, checked, checked[1:], strict=False):
            if isinstance(op, (ast.Is, ast.IsNot)):
                if right is not type(None):
                    raise RuleError(f"'is' only asks for None: {_text(node)}")
                if not any(isinstance(part, ast.Name) for part in ast.walk(operand)):
                    raise RuleError(f"a constant is never None: {_text(node)}")
            elif isinstance(op, _ORDER):
                if not _orderable(_bare(left), _bare(right)):
                    raise RuleError(f"{type_name(left)} and {type_name(right)} have no order: {_text(node)}")
            elif not _comparable(left, right):
                raise RuleError(f"{type_name(left)} is never equal to {type_name(right)}: {_text(node)}")
        ordered = any(isinstance(op, _ORDER) for op in node.ops)
        trees = [_call("known", tree) if ordered and _optional(kind) else tree for tree, kind in checked]
        return ast.Compare(trees[0], node.ops, trees[1:]), bool

    def _membership(self, node: ast.Compare) -> tuple[ast.expr, Type]:
        """'Field-Name' in message, or VALUE in a tuple, set or text."""
        right = node.comparators[0]
        tree, kind = self._known(right)
        if kind in (Request, Response, Fields):
            left = node.left
            if not (isinstance(left, ast.Constant) and isinstance(left.value, str)):
                raise RuleError(f"write 'Field-Name' in message, or has(message, name): {_text(node)}")
            if kind is Request:
                self._need(("pair",))
            fields = tree if kind is Fields else ast.Attribute(tree, "fields", ast.Load())
            index = ast.Attribute(fields, "index", ast.Load())
            return ast.Compare(ast.Constant(left.value.lower()), node.ops, [index]), bool
        value, member = self._known(node.left)
        if kind is str:
            if member is not str:
                raise RuleError(f"{type_name(member)} in text: {_text(node)}")
        elif not _comparable(member, _element(kind, _text(right))):
            raise RuleError(f"{type_name(member)} is never in {type_name(kind)}: {_text(node)}")
        if self.scope and kind == tuple[str, ...] and not isinstance(tree, ast.Tuple):
            found = _call("within", value, tree)
            return (found if isinstance(node.ops[0], ast.In) else ast.UnaryOp(ast.Not(), found)), bool
        return ast.Compare(value, node.ops, [tree]), bool

    def _boolop(self, node: ast.BoolOp) -> tuple[ast.expr, Type]:
        return ast.BoolOp(node.op, [self._truth(value) for value in node.values]), bool

    def _unaryop(self, node: ast.UnaryOp) -> tuple[ast.expr, Type]:
        if isinstance(node.op, ast.Not):
            return ast.UnaryOp(node.op, self._truth(node.operand)), bool
        tree, kind = self._known(node.operand)
        if not isinstance(node.op, ast.USub) or kind not in (int, float):
            raise RuleError(f"not a number: {_text(node)}")
        return ast.UnaryOp(node.op, tree), kind

    def _binop(self, node: ast.BinOp) -> tuple[ast.expr, Type]:
        if not isinstance(node.op, (ast.Add, ast.Sub)):
            raise RuleError(f"only + and - are part of the rule language: {_text(node)}")
        left, one = self._known(node.left)
        right, two = self._known(node.right)
        if one not in (int, float) or two not in (int, float):
            raise RuleError(f"{type_name(one)} and {type_name(two)} do not add: {_text(node)}")
        return ast.BinOp(left, node.op, right), float if float in (one, two) else int

    def _ifexp(self, node: ast.IfExp) -> tuple[ast.expr, Type]:
        test = self._truth(node.test)
        body, one = self.check(node.body)
        other, two = self.check(node.orelse)
        if not _comparable(one, two):
            raise RuleError(f"either {type_name(one)} or {type_name(two)}: {_text(node)}")
        return ast.IfExp(test, body, other), one if not _optional(two) else one | None

    def _tuple(self, node: ast.Tuple) -> tuple[ast.expr, Type]:
        checked = [self.check(item) for item in node.elts]
        kinds = {kind for _, kind in checked}
        if len(kinds) != 1:
            raise RuleError(f"a tuple holds values of one type: {_text(node)}")
        return ast.Tuple([tree for tree, _ in checked], ast.Load()), tuple[kinds.pop(), ...]  # type: ignore[misc]

    def _call(self, node: ast.Call) -> tuple[ast.expr, Type]:
        if not isinstance(node.func, ast.Name) or node.func.id not in vocabulary.homes():
            name = _text(node.func)
            raise RuleError(f"unknown function {name}{meant(name, list(vocabulary.homes()))}")
        function = vocabulary.get(node.func.id)
        self.uses.functions.add(function.name)
        self._need(function.needs)
        if any(keyword.arg is None for keyword in node.keywords):
            raise RuleError(f"no ** in calls: {_text(node)}")
        if function.name in ("any", "all", "len"):
            return self._builtin(node, function.name)
        names = list(function.parameters)
        given: dict[str, ast.expr] = dict(zip(names, node.args, strict=False))
        given |= {str(keyword.arg): keyword.value for keyword in node.keywords}
        if len(node.args) > len(names) or given.keys() - function.parameters.keys():
            raise RuleError(f"{function.name} takes {', '.join(names)}: {_text(node)}")
        if lacking := [name for name in names if name not in given and name not in function.optional]:
            raise RuleError(f"{function.name} lacks {', '.join(lacking)}: {_text(node)}")
        trees: dict[str, ast.expr] = {}
        for name, argument in given.items():
            wanted = function.parameters[name]
            tree, kind = self.check(argument)
            if _optional(kind) and not _optional(wanted):
                tree, kind = _call("known", tree), _bare(kind)
            if not _accepts(wanted, kind):
                raise RuleError(f"{function.name}: {name} is {type_name(kind)}, not {type_name(wanted)}: {_text(node)}")
            trees[name] = tree
        if function.paired and any(isinstance(argument, ast.Name) and argument.id == "request"
                                   for argument in given.values()):
            self._request_fields()
        return ast.Call(ast.Name(function.name, ast.Load()), [],
                        [ast.keyword(name, tree) for name, tree in trees.items()]), function.returns

    def _builtin(self, node: ast.Call, name: str) -> tuple[ast.expr, Type]:
        if len(node.args) != 1 or node.keywords:
            raise RuleError(f"{name} takes one value: {_text(node)}")
        argument = node.args[0]
        if name != "len":
            if not isinstance(argument, ast.GeneratorExp):
                raise RuleError(f"write {name}(CONDITION for NAME in …): {_text(node)}")
            tree, kind = self._generator(argument)
            if kind is not bool:
                raise RuleError(f"{name} wants a condition: {_text(node)}")
            return ast.Call(ast.Name(name, ast.Load()), [tree], []), bool
        tree, kind = self._known(argument)
        if kind not in (str, bytes, Fields):
            _element(kind, _text(argument))
        return ast.Call(ast.Name(name, ast.Load()), [tree], []), int

    def _generatorexp(self, node: ast.GeneratorExp) -> tuple[ast.expr, Type]:
        raise RuleError(f"a comprehension stands only within any(…) and all(…): {_text(node)}")

    def _generator(self, node: ast.GeneratorExp) -> tuple[ast.expr, Type]:
        generator = node.generators[0]
        if self.loops or len(node.generators) != 1 or not isinstance(generator.target, ast.Name):
            raise RuleError(f"one 'for NAME in …' at a time: {_text(node)}")
        name = generator.target.id
        _fresh(name, self.scope)
        over, kind = self._known(generator.iter)
        self.loops += 1
        self.scope[name] = _element(kind, _text(generator.iter))
        tests = [self._truth(test) for test in generator.ifs]
        tree, result = self.check(node.elt)
        del self.scope[name]
        self.loops -= 1
        target = ast.Name(name, ast.Store())
        return ast.GeneratorExp(tree, [ast.comprehension(target, over, tests, 0)]), result

    def _truth(self, node: ast.expr) -> ast.expr:
        tree, kind = self.check(node)
        if kind is not bool:
            raise RuleError(f"true or false is wanted, this is {type_name(kind)}: {_text(node)}")
        return tree

    def _known(self, node: ast.expr) -> tuple[ast.expr, Type]:
        """The node, made not applicable where its value is missing."""
        tree, kind = self.check(node)
        if kind is type(None):
            raise RuleError(f"None has no use here: {_text(node)}")
        return (_call("known", tree), _bare(kind)) if _optional(kind) else (tree, kind)

    def _fields(self, node: ast.expr) -> ast.expr:
        tree, kind = self._known(node)
        if kind is Fields:
            return tree
        if kind in (Request, Response):
            return ast.Attribute(tree, "fields", ast.Load())
        raise RuleError(f"{type_name(kind)} has no fields: {_text(node)}")

    def _request_fields(self) -> None:
        """The value of a request field is read: it must be this request that the response answers."""
        self.uses.reads_request = True
        self._need(("pair",))

    def _need(self, facts: tuple[str, ...]) -> None:
        for fact in facts:
            self.uses.needs |= BITS[fact]


# --- types --------------------------------------------------------------------------------------------------------

def value_attributes(kind: Type) -> dict[str, Type]:
    """The public annotated attributes and properties of a value class of the grammar or the functions."""
    module = getattr(kind, "__module__", "")
    if not isinstance(kind, type) or module == "builtins":
        return {}
    out = {name: found for name, found in typing.get_type_hints(kind).items() if not name.startswith("_")}
    for name in dir(kind):
        member = getattr(kind, name, None)
        if isinstance(member, property) and member.fget and not name.startswith("_"):
            out[name] = typing.get_type_hints(member.fget).get("return", type(None))
    return out


def field_type(name: str) -> Type:
    """The type of the parsed value of a field; text for a field without a grammar."""
    entry = table.field(name)
    if entry is None or entry.parser is None:
        return str
    return typing.get_type_hints(entry.function).get("return", str)


def _optional(kind: Type) -> bool:
    return isinstance(kind, types.UnionType) and type(None) in kind.__args__


def _bare(kind: Type) -> Type:
    if not isinstance(kind, types.UnionType):
        return kind
    rest = [part for part in kind.__args__ if part is not type(None)]
    out = rest[0]
    for part in rest[1:]:
        out = out | part
    return out


def _element(kind: Type, text: str) -> Type:
    arguments = typing.get_args(kind)
    if _is_collection(kind) and arguments:
        return arguments[0]
    raise RuleError(f"{type_name(kind)} is not a collection: {text.strip()[:CLIPPED]}")


def _comparable(left: Type, right: Type) -> bool:
    if type(None) in (left, right):
        return True
    left, right = _bare(left), _bare(right)
    return bool(left == right) or (left in (int, float) and right in (int, float))


def _is_collection(kind: Type) -> bool:
    origin: object = typing.get_origin(kind)
    return origin in (tuple, frozenset, list)


def _orderable(left: Type, right: Type) -> bool:
    numbers = (int, float)
    return (left in numbers and right in numbers) or (left == right and left in (str, bytes))


def _accepts(wanted: Type, given: Type) -> bool:
    if wanted is typing.Any or wanted is object or wanted == given:
        return True
    if isinstance(wanted, types.UnionType):
        return all(any(_accepts(option, part) for option in wanted.__args__)
                   for part in (given.__args__ if isinstance(given, types.UnionType) else (given,)))
    if _is_collection(wanted) and typing.get_origin(given) is typing.get_origin(wanted):
        return _accepts(typing.get_args(wanted)[0], typing.get_args(given)[0])
    return (wanted is float and given is int) or (isinstance(wanted, type) and isinstance(given, type)
                                                  and issubclass(given, wanted) and given is not bool)


def type_name(kind: Type) -> str:
    if _optional(kind):
        return f"{type_name(_bare(kind))} or None"
    if typing.get_origin(kind):
        return f"{kind.__origin__.__name__} of {', '.join(type_name(a) for a in kind.__args__ if a is not ...)}"
    return {str: "text", int: "a number", float: "a number", bool: "a truth value", bytes: "octets",
            type(None): "None"}.get(kind) or getattr(kind, "__name__", str(kind))


def _text(node: ast.AST) -> str:
    try:
        return ast.unparse(node)[:CLIPPED]
    except (RecursionError, ValueError):                   # a number that is too long
        return "an expression that is too large to be shown"


# --- what an expression relies on -----------------------------------------------------------------------------------

def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def _root(node: ast.AST) -> str | None:
    """request for request, request.fields, known(request.trailers) …"""
    while True:
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Attribute):
            node = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "known":
            node = node.args[0]
        else:
            return None


def _field_test(node: ast.AST) -> tuple[str, str] | None:
    """(root, name) of a rewritten 'Field-Name' in message."""
    if (isinstance(node, ast.Compare) and isinstance(node.comparators[0], ast.Attribute)
            and node.comparators[0].attr == "index" and isinstance(node.left, ast.Constant)):
        section = node.comparators[0].value
        # the sections of messages only: trailers and the fields of body parts are captured whole or not at all
        if isinstance(section, ast.Attribute) and section.attr == "fields" and isinstance(section.value, ast.Name):
            return section.value.id, str(node.left.value)
    return None


def _loop_constants(loop: tuple[str, ast.expr] | None) -> dict[str, list[str]]:
    if loop and isinstance(loop[1], ast.Tuple) and all(isinstance(item, ast.Constant) for item in loop[1].elts):
        return {loop[0]: [str(item.value).lower() for item in loop[1].elts if isinstance(item, ast.Constant)]}
    return {}


def _absences(tree: ast.AST, want: bool | None, constants: dict[str, list[str]]) -> Iterator[tuple[str | None, str]]:
    """The fields, (root, name), whose absence helps the tree to come out as `want` (None: either way)."""
    if isinstance(tree, ast.BoolOp):
        for value in tree.values:
            yield from _absences(value, want, constants)
        return
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not):
        yield from _absences(tree.operand, None if want is None else not want, constants)
        return
    if test := _field_test(tree):
        assert isinstance(tree, ast.Compare)
        if want is None or isinstance(tree.ops[0], ast.NotIn) == want:
            yield test
        return
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name):
        function = vocabulary.get(tree.func.id) if tree.func.id in vocabulary.homes() else None
        if function and function.name == "has":
            arguments = {keyword.arg: keyword.value for keyword in tree.keywords}
            if want is not True:
                yield from ((_root(arguments["message"]), name) for name in _names(arguments["name"], constants))
            return
        for place in function.absent if function else ():
            root, _, name = place.partition(".")
            yield root, name
    for child in ast.iter_child_nodes(tree):
        yield from _absences(child, None, constants)


def _names(node: ast.expr, constants: dict[str, list[str]]) -> list[str]:
    if isinstance(node, ast.Constant):
        return [str(node.value).lower()]
    if isinstance(node, ast.Name) and node.id in constants:
        return constants[node.id]
    return ["*"]


def _guards(when: ast.expr | None, loop: tuple[str, ast.expr] | None, require: ast.expr,
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
    if test := _field_test(tree):
        assert isinstance(tree, ast.Compare)
        present = isinstance(tree.ops[0], ast.In) == truth
        return frozenset({test[1]}) if present and test[0] == root else frozenset()
    return _read(tree, root)


def _read(tree: ast.AST, root: str) -> frozenset[str]:
    """The fields of a root whose values are read whenever the expression is evaluated (absent: not applicable)."""
    if place := _parsed(tree):
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


def _parsed(node: ast.AST) -> tuple[str, str] | None:
    """(root, name) of a rewritten message['Field-Name']; root "" for the fields of something within a message."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "parsed":
        section, name = node.args
        assert isinstance(name, ast.Constant)
        whole = isinstance(section, ast.Attribute) and section.attr == "fields" and isinstance(section.value, ast.Name)
        root = section.value.id if whole else ""           # type: ignore[attr-defined]
        return root, str(name.value)
    return None


def _guarded(node: ast.AST, root: str, alone: bool = False) -> str | None:
    """The field of a root without which a call judges nothing, by its function's `guard`; `alone`: and no other."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in vocabulary.homes():
        function = vocabulary.get(node.func.id)
        guard = function.guard if function.alone or not alone else None
        arguments = {keyword.arg: keyword.value for keyword in node.keywords}
        name = arguments.get(guard)
        if guard and isinstance(name, ast.Constant) and any(
                isinstance(value, ast.Name) and value.id == root for value in arguments.values()):
            return str(name.value).lower()
    return None


def _among(loop: ast.expr) -> frozenset[str]:
    """The response fields of which one must be there for a loop to have items, by its function's `among`."""
    if isinstance(loop, ast.Call) and isinstance(loop.func, ast.Name) and loop.func.id in vocabulary.homes() and any(
            isinstance(keyword.value, ast.Name) and keyword.value.id == "response" for keyword in loop.keywords):
        return vocabulary.get(loop.func.id).among
    return frozenset()


_PLANNED = {("response", "status")}
"""What a group of rules is made for, so that it is the same for all responses that they are run on."""


def _alone(trees: list[ast.expr], guards: frozenset[str]) -> str | None:
    """The one response field whose value decides, if nothing else of the exchange is looked at."""
    fields: set[str] = set()
    stack: list[ast.AST] = list(trees)
    while stack:
        node = stack.pop()
        place = _field_test(node) or _parsed(node)
        name = place[1] if place and place[0] == "response" else _guarded(node, "response", alone=True)
        if name is not None:
            fields.add(name)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (
                node.value.id, node.attr) in _PLANNED:
            continue
        elif isinstance(node, ast.Name) and node.id in ROOTS:
            return None
        else:
            stack += ast.iter_child_nodes(node)
    return fields.pop() if len(fields) == 1 and fields <= guards else None


def _places(tree: ast.AST) -> list[tuple[str, str]]:
    """Every (root, field name) that a tree speaks of, in its order."""
    out: list[tuple[str, str]] = []
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        place = _field_test(node) or _parsed(node)
        if place and place[0] in ("request", "response"):
            out.append(place)
        elif isinstance(node, ast.Call):
            constants = [k.value for k in node.keywords if isinstance(k.value, ast.Constant)]
            roots = [root for k in node.keywords if (root := _root(k.value)) in ("request", "response")]
            if roots:
                out += [(roots[0], str(c.value).lower()) for c in constants if isinstance(c.value, str)]
        stack.extend(reversed(list(ast.iter_child_nodes(node))))
    return out


# --- code ---------------------------------------------------------------------------------------------------------

def _source(trees: Trees, title: str, missing: str, gated: bool) -> str:
    """The text of check(case), and of gate(case), which is `when` by itself, if it is wanted.

    One try around the message: what cannot be shown must not hide the finding. `missing` is what is raised then:
    anything, where the message reads what the capture need not know. Names of its own begin with an underscore, as no
    loop's does.
    """
    when, loop, require, message = trees
    judged = [tree for tree in (when, loop and loop[1], require, message) if tree is not None]
    used = {node.id for tree in judged for node in ast.walk(tree) if isinstance(node, ast.Name)}
    lines = ["def check(_case):"]
    lines += [f"    {root} = _case.{root}" for root in ROOTS if root in used]
    if when is not None:
        lines += [f"    if not ({_code(when)}):", "        return None"]
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
    if gated and when is not None:
        used = {node.id for node in ast.walk(when) if isinstance(node, ast.Name)}
        lines += ["def gate(_case):", *[f"    {root} = _case.{root}" for root in ROOTS if root in used],
                  f"    return {_code(when)}"]
    return "\n".join(lines) + "\n"


def _code(tree: ast.expr) -> str:
    return ast.unparse(ast.fix_missing_locations(_Positional().visit(copy.deepcopy(tree))))


class _Positional(ast.NodeTransformer):
    """Calls with positional arguments, which are faster, where the named ones stand in the function's order."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if not node.keywords or not isinstance(node.func, ast.Name):
            return node
        names = [keyword.arg for keyword in node.keywords]
        if names == list(vocabulary.get(node.func.id).parameters)[:len(names)]:
            return ast.Call(node.func, [keyword.value for keyword in node.keywords], [])
        return node


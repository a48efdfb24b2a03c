"""The types of the rule language: what a rule may name, what has which attributes, and what fits where.

They are Python's own type objects, and come from the annotations of whatever is read: of messages here, of values from
their classes in the grammar, of functions from the vocabulary, of facts from the history. With an attribute stands what
a capture must know for its use.
"""
from __future__ import annotations

import types
import typing

from httplint.engine.errors import RuleError
from httplint.engine.history import FACTS
from httplint.engine.language.tree import CLIPPED
from httplint.grammar import table
from httplint.model.exchange import Exchange
from httplint.model.fields import Fields
from httplint.model.message import Irregularity, Request, Response
from httplint.model.target import TargetURI
from httplint.vocabulary.knowledge import Variant

Type = typing.Any
"""Python's own type objects: int, str, a value class, tuple[T, ...], a union with None."""


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


def parts_of(kind: Type) -> tuple[Type, ...]:
    """The classes that a type is made of: those of its items, and of each alternative."""
    arguments = typing.get_args(kind)
    return tuple(part for one in arguments for part in parts_of(one)) if arguments else (kind,)


NUMBER = "line"
"""The attribute under which items of the vocabulary have the number of a field line."""


def numbered(kind: Type) -> bool:
    """Whether values of the type, or items of such a collection, hold numbers of lines: if so, equal ones have equal
    numbers.
    """
    kind = bare(kind)
    return NUMBER in value_attributes(typing.get_args(kind)[0] if is_collection(kind) else kind)


def field_type(name: str) -> Type:
    """The type of the parsed value of a field; text for a field without a grammar."""
    entry = table.field(name)
    if entry is None or entry.parser is None:
        return str
    return typing.get_type_hints(entry.function).get("return", str)


def optional(kind: Type) -> bool:
    """Whether a value of the type may be missing."""
    return isinstance(kind, types.UnionType) and type(None) in kind.__args__


def bare(kind: Type) -> Type:
    """The type of a value that is there."""
    if not isinstance(kind, types.UnionType):
        return kind
    rest = [part for part in kind.__args__ if part is not type(None)]
    out = rest[0]
    for part in rest[1:]:
        out = out | part
    return out


def element(kind: Type, text: str) -> Type:
    """The type of the items of a collection. Raises RuleError, with the text, for what is none."""
    arguments = typing.get_args(kind)
    if is_collection(kind) and arguments:
        return arguments[0]
    attributes = "; it has " + ", ".join(attributes_of(kind)) if attributes_of(kind) else ""
    raise RuleError(f"{type_name(kind)} is not a collection{attributes}: {text.strip()[:CLIPPED]}")


def plain(kind: Type) -> Type:
    """The type as which values are compared: a target URI is text, whatever parts it has."""
    return str if kind is TargetURI else kind


def comparable(left: Type, right: Type) -> bool:
    """Whether values of the types may ever be equal."""
    if type(None) in (left, right):
        return True
    left, right = plain(bare(left)), plain(bare(right))
    return bool(left == right) or (left in (int, float) and right in (int, float))


def is_collection(kind: Type) -> bool:
    """Whether values of the type have items to go through."""
    origin: object = typing.get_origin(kind)
    return origin in (tuple, frozenset, list)


def orderable(left: Type, right: Type) -> bool:
    """Whether one of two values may be the lesser."""
    numbers = (int, float)
    left, right = plain(left), plain(right)
    return (left in numbers and right in numbers) or (left == right and left in (str, bytes))


def accepts(wanted: Type, given: Type) -> bool:
    """Whether a parameter of one type takes a value of another."""
    if wanted is typing.Any or wanted is object or wanted == given:
        return True
    if isinstance(wanted, types.UnionType):
        return all(any(accepts(option, part) for option in wanted.__args__)
                   for part in (given.__args__ if isinstance(given, types.UnionType) else (given,)))
    if is_collection(wanted) and typing.get_origin(given) is typing.get_origin(wanted):
        return accepts(typing.get_args(wanted)[0], typing.get_args(given)[0])
    return (wanted is float and given is int) or (isinstance(wanted, type) and isinstance(given, type)
                                                  and issubclass(given, wanted) and given is not bool)


def type_name(kind: Type) -> str:
    """The type in plain words."""
    if optional(kind):
        return f"{type_name(bare(kind))} or None"
    if isinstance(kind, types.UnionType):
        return " or ".join(map(type_name, kind.__args__))
    if typing.get_origin(kind):
        parts = [type_name(part) for part in kind.__args__ if part is not ...]
        fixed = kind.__origin__ is tuple and ... not in kind.__args__
        return f"pair of {' and '.join(parts)}" if fixed else f"{kind.__origin__.__name__} of {', '.join(parts)}"
    return {str: "text", int: "a number", float: "a number", bool: "a truth value", bytes: "octets",
            type(None): "None"}.get(plain(kind)) or getattr(kind, "__name__", str(kind))


ROOTS: dict[str, tuple[object, tuple[str, ...]]] = {
    "request": (Request, ("request",)),
    "response": (Response, ()),
    "started": (float, ("time",)),
    "earlier": (tuple[Response, ...], ("interim",)),
    **{name: (bare(one.returns), one.needs) for name, one in FACTS.items()},
}
"""Name -> type and the facts of the evidence that its use needs."""

ATTRIBUTES: dict[object, dict[str, tuple[object, tuple[str, ...]]]] = {
    Request: {
        "method": (str, ()),
        "target": (str, ("target",)),
        "uri": (TargetURI, ()),
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


def attributes_of(kind: Type) -> dict[str, tuple[object, tuple[str, ...]]]:
    """The attributes of a value: type, and the facts of the evidence that its use needs."""
    return ATTRIBUTES.get(kind) or {name: (found, ()) for name, found in value_attributes(kind).items()}

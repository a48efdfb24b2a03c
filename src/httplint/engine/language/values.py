"""What the values of the language offer, in words: their attributes, with types and a sentence each.

The words are those of the classes themselves: their docstrings, those of properties, and those behind annotations.
"""
from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterable, Iterator

from httplint import vocabulary
from httplint.engine.history import FACTS
from httplint.engine.language.types import (
    ATTRIBUTES,
    ROOTS,
    Type,
    attributes_of,
    field_type,
    parts_of,
    type_name,
)
from httplint.grammar import table
from httplint.model.named import NamedTuple
from httplint.model.target import TargetURI


class Offer(NamedTuple):
    """An attribute that conditions may read of a value."""

    name: str
    kind: str
    """Its type in words."""
    told: str
    """A sentence; empty where the description of the value says all."""


def described(kind: Type) -> str:
    """What a value of a class is, in sentences; empty for what has no attributes."""
    if not attributes_of(kind):
        return ""
    told = inspect.getdoc(kind) or ""
    if kind in ATTRIBUTES:                                 # the rest is for those who make messages
        told = told.partition("\n\n")[0]
    return " ".join(told.replace("`", "").split())


def offers(kind: Type) -> list[Offer]:
    """The attributes of a value of a class, in the order of its definition."""
    behind = _behind(kind)
    return [Offer(name, "text, and a TargetURI" if found is TargetURI else type_name(found),
                  _sentence(getattr(kind, name, None), behind.get(name, "")))
            for name, (found, _) in attributes_of(kind).items()]


def _sentence(member: object, behind: str) -> str:
    doc = inspect.getdoc(member) if isinstance(member, property) else behind
    return " ".join((doc or "").partition("\n\n")[0].replace("`", "").split())


def _behind(kind: Type) -> dict[str, str]:
    """The docstrings behind the annotations of a class, by name."""
    try:
        body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    except (OSError, TypeError, SyntaxError):              # a plugin without source
        return {}
    assert isinstance(body, ast.ClassDef)
    return {one.target.id: str(after.value.value) for one, after in zip(body.body, body.body[1:], strict=False)
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
            and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)}


def reached(kinds: Iterable[Type]) -> list[Type]:
    """The classes with attributes that are among some types, or that their attributes lead to, in that order."""
    out: list[Type] = []
    waiting = [part for kind in kinds for part in parts_of(kind)]
    for kind in waiting:
        if kind not in out and (attributes := attributes_of(kind)):
            out.append(kind)
            waiting += [part for found, _ in attributes.values() for part in parts_of(found)]
    return out


def all_kinds() -> list[Type]:
    """All classes of values that a condition may come by, by their names."""
    return sorted(reached(_given()), key=lambda kind: str(kind.__name__))


def _given() -> Iterator[Type]:
    yield from ATTRIBUTES
    yield from [kind for kind, _ in ROOTS.values()]
    yield from [fact.returns for fact in FACTS.values()]
    yield from [field_type(name) for name in table.FIELDS]
    yield from [function.returns for function in map(vocabulary.get, vocabulary.homes()) if not function.of_python]

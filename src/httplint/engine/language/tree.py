"""Conditions as texts and as trees, and what all rooms ask of a tree."""
from __future__ import annotations

import ast

from httplint.model.named import NamedTuple

CLIPPED = 80
"""Characters of an expression that a message about it shows."""


class Conditions(NamedTuple):
    """The texts of a rule that hold expressions."""

    require: str
    message: str
    title: str
    when: str | None = None
    foreach: str | None = None


class Trees(NamedTuple):
    """The conditions of a rule, checked and rewritten."""

    when: ast.expr | None
    loop: tuple[str, ast.expr] | None
    """The name of `foreach`, and what it goes over."""
    require: ast.expr
    message: ast.expr


def called(name: str, *arguments: ast.expr) -> ast.Call:
    """A call of a function with arguments in its order."""
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def root_of(node: ast.AST) -> str | None:
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


def text_of(node: ast.AST) -> str:
    """A part of a condition as people read it, clipped."""
    try:
        return ast.unparse(node)[:CLIPPED]
    except (RecursionError, ValueError):                   # a number that is too long
        return "an expression that is too large to be shown"

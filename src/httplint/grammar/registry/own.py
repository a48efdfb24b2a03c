"""Names that a project knows beside the registered ones: of fields, methods and authentication schemes.

The linter of the project has them in each case that it judges; functions of the vocabulary with the keyword `names` are
told them.
"""
from __future__ import annotations

from collections.abc import Iterable


class OwnNames:
    """Names of a project. Those of fields and schemes are kept in lower case; methods are case-sensitive."""

    __slots__ = ("fields", "methods", "schemes")

    def __init__(self, fields: Iterable[str] = (), methods: Iterable[str] = (), schemes: Iterable[str] = ()) -> None:
        self.fields = frozenset(name.lower() for name in fields)
        self.methods = frozenset(methods)
        self.schemes = frozenset(name.lower() for name in schemes)


NONE = OwnNames()

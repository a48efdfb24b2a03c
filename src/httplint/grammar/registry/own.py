"""Names that a project knows beside the registered ones: of fields, methods and authentication schemes.

The linter that judges an exchange says which hold (`use`), each thread and task for itself; rules ask for them by way
of their functions.
"""
from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar


class OwnNames:
    """Names of a project. Those of fields and schemes are kept in lower case; methods are case-sensitive."""

    __slots__ = ("fields", "methods", "schemes")

    def __init__(self, fields: Iterable[str] = (), methods: Iterable[str] = (), schemes: Iterable[str] = ()) -> None:
        self.fields = frozenset(name.lower() for name in fields)
        self.methods = frozenset(methods)
        self.schemes = frozenset(name.lower() for name in schemes)


NONE = OwnNames()
_names = ContextVar("own names", default=NONE)

use = _names.set
"""Makes names hold from here on."""

current = _names.get
"""The names that hold."""

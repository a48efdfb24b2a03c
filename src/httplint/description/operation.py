"""An operation that an API documents, and what the traffic has shown of it."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


class Operation:
    """An operation, by the method and the path template of its requests."""

    __slots__ = ("group", "id", "method", "path", "seen", "statuses")

    def __init__(self, method: str, path: str, statuses: Iterable[str] = (), identifier: str | None = None,
                 group: str | None = None) -> None:
        self.method = method
        """In capital letters."""
        self.path = path
        """The template, behind the base path of the first server: what `report.kind.place_in` says of its requests."""
        self.statuses = tuple(statuses)
        """The documented status codes, as they are written there: "200", "4XX" or "default"."""
        self.id = identifier
        """Its operationId."""
        self.group = group
        """Its first tag."""
        self.seen: Counter[int] = Counter()
        """Status code -> responses that the traffic has shown."""

    def __repr__(self) -> str:
        return f"<Operation {self.method} {self.path}>"

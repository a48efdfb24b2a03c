"""An operation that an API documents, and what the traffic has shown of it."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

STATUSES = 1000
"""How many status codes are counted apart; strange traffic has ever new ones."""


class Operation:
    """An operation, by the method and the path template of its requests."""

    __slots__ = ("_said", "group", "id", "method", "path", "seen", "statuses")

    def __init__(self, method: str, path: str, statuses: Iterable[str] = (), identifier: str | None = None,
                 group: str | None = None) -> None:
        self.method = method
        """In capital letters."""
        self.path = path
        """The template, behind the base path of the first server: what `report.kind.place_in` says of its requests."""
        self.statuses = tuple(statuses)
        """The documented status codes, as they are written there: "200", "4XX" or "default"."""
        self._said = frozenset(self.statuses)
        self.id = identifier
        """Its operationId."""
        self.group = group
        """Its first tag."""
        self.seen: Counter[int] = Counter()
        """Status code -> responses that the traffic has shown."""

    def anew(self) -> Operation:
        """The same, of which nothing has been seen."""
        return Operation(self.method, self.path, self.statuses, self.id, self.group)

    def see(self, status: int, times: int) -> None:
        """Takes in responses."""
        if status in self.seen or len(self.seen) < STATUSES:
            self.seen[status] += times

    def documented(self, status: int) -> str | None:
        """What documents a status code: itself, its class, or the default (OpenAPI 3.1 §4.8.16); None: nothing does."""
        said = (str(status), f"{status // 100}XX", "default")
        return next((one for one in said if one in self._said), None)

    def unseen(self) -> list[str]:
        """The documented status codes that no response has shown."""
        shown = set(map(self.documented, self.seen))
        return [status for status in self.statuses if status not in shown]

    def undocumented(self) -> list[int]:
        """The status codes of responses that are not documented, where any are."""
        return [status for status in sorted(self.seen) if self.documented(status) is None] if self.statuses else []

    def __repr__(self) -> str:
        return f"<Operation {self.method} {self.path}>"

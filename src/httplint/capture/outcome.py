"""What a capture reader hands out beside exchanges: entries it skipped, and what was wrong with the file."""
from __future__ import annotations

from httplint.model.errors import HttplintError
from httplint.model.evidence import bits
from httplint.model.exchange import Exchange, Source
from httplint.model.message import Response
from httplint.model.printable import printable

NO_RESPONSE = "no-response"
NOT_HTTP = "not-http"
SYNTHETIC = "synthetic"
REPEATED = "repeated"
UNREADABLE = "unreadable"
CATEGORIES = {
    NO_RESPONSE: "no response was captured",
    NOT_HTTP: "the entry is not an HTTP exchange",
    SYNTHETIC: "the client made the response up",
    REPEATED: "the capture has the exchange once more",
    UNREADABLE: "the entry does not have the shape of an exchange",
}

NO_OBJECT = "the entry is not an object"
"""The reason for what is UNREADABLE as it is another value of JSON."""

INTERIM_LIMIT = 100
"""How many interim responses to one request are kept and judged, the first ones; a hostile server can send millions."""


class Interim:
    """The interim responses to one request: the first INTERIM_LIMIT of them."""

    __slots__ = ("kept", "lacks")

    def __init__(self) -> None:
        self.kept: list[Response] = []
        self.lacks = 0
        """The fact `interim` (a bit of model.evidence), if there are more than are kept."""

    def add(self, response: Response) -> None:
        """Takes one in, if there is room."""
        if len(self.kept) < INTERIM_LIMIT:
            self.kept.append(response)
        else:
            self.lacks = bits("interim")


def flooded(exchange: Exchange) -> bool:
    """Whether there are more interim responses to its request than are kept."""
    return len(exchange.interim) == INTERIM_LIMIT and not exchange.evidence.knows("interim")


class Skipped:
    """An entry that cannot be linted. `reason` says why in plain words, `category` is a key of CATEGORIES."""

    __slots__ = ("category", "reason", "source")

    def __init__(self, source: Source, reason: str, category: str) -> None:
        self.source = source
        self.reason = printable(reason)
        self.category = category

    def __repr__(self) -> str:
        return f"<Skipped {self.source!r} {self.category}: {self.reason}>"


class Problem:
    """Why a file, or the rest of it, cannot be read. `line` and `column` count from 1, in characters, where known."""

    __slots__ = ("cause", "column", "line", "path")

    def __init__(self, path: str, line: int | None, column: int | None, cause: str) -> None:
        self.path = path
        self.line = line
        self.column = column
        self.cause = cause

    def __str__(self) -> str:
        place = "" if self.line is None else f"{self.line}:{self.column}:"
        return f"{self.path}:{place} {self.cause}"

    def __repr__(self) -> str:
        return f"<Problem {self}>"


Outcome = Exchange | Skipped | Problem
"""What a reader hands out."""


def unanswered(outcome: Skipped | Problem) -> str:
    """What is said of a request that was not answered, or not wholly."""
    return outcome.cause if isinstance(outcome, Problem) else outcome.reason


class CaptureError(HttplintError):
    """A capture that was asked for is not there; carries the `problem`."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem

"""An exchange: a request, its interim responses, its final response, and how well they were captured.

It is a value: memos of its fields, the history and reports rely on its staying as it is, and `but` makes another one.
Its evidence, not what is None in it, decides what rules may conclude. Who reads a capture grants that evidence; without
it, a program is taken at its word.
"""
from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from datetime import datetime, timezone

from httplint.model.evidence import ALL, Evidence, bits
from httplint.model.fields import UNTOLD
from httplint.model.message import Composite, Request, Response, expect


class Source:
    """Where an exchange stands in its capture: file, entry (from 0), JSON pointer, line and column (from 1)."""

    __slots__ = ("column", "entry", "line", "path", "pointer")

    def __init__(self, path: str, entry: int, line: int | None = None, column: int | None = None,
                 pointer: str | None = None) -> None:
        self.path = path
        self.entry = entry
        self.line = line
        self.column = column
        self.pointer = pointer

    @property
    def place(self) -> str:
        """Line and column, or the number of the entry in a capture that has no lines."""
        return f"entry {self.entry}" if self.line is None else f"{self.line}:{self.column or 1}"

    def __repr__(self) -> str:
        path = "…" if "://" in self.path else self.path
        return f"<Source {path}[{self.entry}]>"


def _no_exchange(response: object, request: object) -> TypeError:
    """What is said of what is no response, or no request."""
    if isinstance(response, Request):
        return TypeError("response: expected Response, got Request; the response comes first, or name both: "
                         "Exchange(response=…, request=…)")
    name, value = ("request", request) if isinstance(response, Response) else ("response", response)
    return TypeError(f"{name}: expected {name.title()}, got {type(value).__name__}")


class Exchange(Composite):
    """One exchange. `started` is a time with zone, or seconds since the epoch; kept as seconds. `duration` is how many
    seconds it took until the response had ended, as far as the capture tells; no rule asks for it.

    Without `evidence`, whatever was handed over is taken as exactly what was sent, but for the case of field names, for
    which programs seldom care; what is None is not known. Whether interim responses or trailers were sent is not known
    either unless some were handed over. A target URI stands for a request target and a Host that are not known.
    """

    __slots__ = ("__weakref__", "duration", "evidence", "interim", "request", "response", "source", "started")

    def __init__(self, response: Response, request: Request | None = None, interim: Iterable[Response] = (),
                 started: datetime | float | None = None, evidence: Evidence | None = None,
                 source: Source | None = None, duration: float | None = None) -> None:
        """Raises TypeError for what is none of these."""
        if not isinstance(response, Response) or not (request is None or isinstance(request, Request)):
            raise _no_exchange(response, request)
        self.response = response
        self.request = request
        try:
            self.interim = tuple([earlier if earlier.interim else earlier.but(interim=True) for earlier in interim])
        except (AttributeError, TypeError):
            raise TypeError("interim: expected responses, such as [Response(103)]") from None
        if isinstance(started, datetime):
            if started.tzinfo is None:
                started = started.replace(tzinfo=timezone.utc)
            started = started.timestamp()
        elif started is not None and type(started) is not float:
            expect("started", started, datetime, int, float)
        self.started = started
        self.evidence = _evidence(self) if evidence is None else evidence if type(evidence) is Evidence else expect(
            "evidence", evidence, Evidence)
        self.source = source if source is None or type(source) is Source else expect("source", source, Source)
        self.duration = duration if duration is None or type(duration) is float else expect(
            "duration", duration, int, float)

    def __repr__(self) -> str:
        return f"<Exchange {self.request!r} {self.response!r}>"


class Distant(Exchange):
    """An exchange that is made when first something of it is asked for, besides its `source`."""

    __slots__ = ("_make",)

    def __init__(self, source: Source | None, make: Callable[[], Exchange]) -> None:
        self.source = source
        self._make = make

    def __getattr__(self, name: str) -> object:
        """A part that is not there yet. Raises what making it raises."""
        if name not in Exchange.__slots__ or not hasattr(self, "_make"):
            raise AttributeError(name)
        made = self._make()
        for part in Exchange._parts:
            if part != "source":
                setattr(self, part, getattr(made, part))
        del self._make                                     # and what that holds
        return getattr(self, name)


_HOST = frozenset({"host"})
_REQUEST = (("request_fields",), ("request_content",), ("request_version",), ("target",))
_RESPONSE = (("response_fields", "lines", "repeats", "exact"), ("content", "octets"), ("size",), ("version",),
             ("reason",), ("trailers",), ("time",), ("interim",))
"""The facts that are not known where a part was not handed over."""


def _evidence(exchange: Exchange) -> Evidence:
    """Everything is known but what was not handed over."""
    request, response = exchange.request, exchange.response
    asked = None if request is None else (
        request.fields is None or request.fields is UNTOLD, request.content is None, request.version is None,
        "://" in request.target)
    return _without(asked, (
        response.fields is None, response.content is None, response.size is None, response.version is None,
        response.reason is None, response.trailers is None, exchange.started is None, not exchange.interim))


@functools.cache
def _without(asked: tuple[bool, ...] | None, answered: tuple[bool, ...]) -> Evidence:
    """The evidence of an exchange that lacks these parts: one of a few thousand."""
    unknown = ["wire", "name_case"]
    if asked is None:
        unknown.append("request")
    for parts, lacking in ((_REQUEST, asked or (True,) * len(_REQUEST)), (_RESPONSE, answered)):
        unknown += [fact for facts, lacks in zip(parts, lacking, strict=True) if lacks for fact in facts]
    return Evidence.of(ALL & ~bits(*unknown), request_gaps=_HOST if asked is not None and asked[-1] else frozenset())

"""Middleware for development servers: logs what is wrong with each response, with its request.

    app.wsgi_app = httplint.middleware.WSGI(app.wsgi_app)         # Flask and other WSGI applications
    app = httplint.middleware.ASGI(app)                           # Starlette, FastAPI, Django and others

The response passes through as it is: the same chunks at the same time, lists, file wrappers and streams as they were.
Findings go to the logger "httplint", one record each, errors as ERROR, warnings as WARNING, the rest as INFO. A fault
of the linter is logged as well, and never gets in the way of a response.

What the middleware proves: the fields of the response as the application gave them, before the server adds its own
(held.SERVER_FIELDS: their absence proves nothing), the request as the server handed it over (it may keep some fields
to itself, held.GATEWAY_DROPS), the time, and the content if it was given as chunks of no more than `limit` octets in
all, to the end. It does not prove the version of the response, the case of names, interim responses and what becomes of
the content of an answer that has none, such as that to HEAD.
"""
from __future__ import annotations

import logging
import os
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any, TypeVar

from httplint.capture.har_quirks import CONNECTION
from httplint.capture.held import GATEWAY_DROPS, SERVER_FIELDS, Held, weigh
from httplint.clients import request_of_environ, request_of_scope
from httplint.engine.report import Finding
from httplint.library import Linter
from httplint.model.message import Request
from httplint.model.named import NamedTuple
from httplint.report.escape import clipped, printable
from httplint.report.masker import Masker, Shown

LIMIT = 1 << 20
"""The most content that is kept of a response, in octets."""

LEVELS = {"error": logging.ERROR, "warning": logging.WARNING, "info": logging.INFO}
LOGGER = logging.getLogger("httplint")
Patterns = str | Iterable[str]
Packs = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
Config = str | os.PathLike[str] | None


App = TypeVar("App")


def _application(app: App) -> App:
    """What is to be called for each request. Raises TypeError for what cannot be."""
    if not callable(app):
        raise TypeError(f"app: expected an application, which can be called, got {type(app).__name__}")
    return app


class Observer:
    """Judges what a middleware has seen, and logs it."""

    def __init__(self, linter: Linter, logger: logging.Logger) -> None:
        self._linter = linter
        self._logger = logger
        self._masker = Masker()

    def judge(self, head: Head, request: Callable[[], Request], body: bytes | None) -> None:
        """Logs the findings about one response; raises nothing."""
        try:
            held = Held(head.status, head.fields, None, head.reason, body, decodes=False, request=request(),
                        unknown=("name_case",), response_gaps=SERVER_FIELDS, request_gaps=head.request_gaps)
            report = self._linter.lint(weigh(held, head.started))
            for finding in report.findings:
                self._log(finding, self._masker.of(report.exchange))
        except Exception as error:                         # whatever it is, the response matters more
            self._logger.error("a response could not be linted: %s: %s", type(error).__name__,
                               printable(self._masker.text(str(error)[:1000])[:200]))

    def _log(self, finding: Finding, shown: Shown) -> None:
        exchange = shown.exchange
        asked = exchange.request
        line = "" if asked is None else clipped(f"{shown.method()} {shown.text(asked.target)}", 200)
        self._logger.log(LEVELS[finding.severity], "%s -> %d: %s[%s] %s (%s; fix: %s)", line, exchange.response.status,
                         finding.severity, finding.rule_id, printable(shown.message(finding)), printable(finding.spec),
                         printable(finding.fix))


class Head(NamedTuple):
    """The beginning of a response: when its request arrived, its status, and its fields as they were given."""

    started: float
    status: int
    reason: str | None
    fields: list[tuple[Any, Any]]
    request_gaps: frozenset[str]


class Kept:
    """The content as far as it has come, up to a limit."""

    __slots__ = ("_chunks", "_room")

    def __init__(self, limit: int) -> None:
        self._chunks: list[bytes] | None = []
        self._room = limit

    def add(self, chunk: object) -> None:
        """Takes in a chunk; what is no bytes, or too much, makes the content unknown."""
        if self._chunks is None:
            return
        if isinstance(chunk, (bytes, bytearray, memoryview)) and len(chunk) <= self._room:
            self._chunks.append(bytes(chunk))
            self._room -= len(chunk)
        else:
            self._chunks = None

    def lose(self) -> None:
        """The content is not known."""
        self._chunks = None

    def content(self) -> bytes | None:
        """The whole content; None if it is not known."""
        return None if self._chunks is None else b"".join(self._chunks)


# -- WSGI (PEP 3333)

Environ = MutableMapping[str, Any]
StartResponse = Callable[..., Callable[[bytes], object]]
WSGIApp = Callable[[Environ, StartResponse], Iterable[bytes]]


class WSGI:
    """A WSGI application that lints the responses of another.

    `select`, `ignore`, `rules`, `profile` and `config` are those of httplint.Linter, whose exceptions are raised;
    `limit` is the most content to keep of a response, in octets. What the configuration suppresses is not logged.
    """

    def __init__(self, app: WSGIApp, *, select: Patterns = (), ignore: Patterns = (), rules: Packs = (),
                 profile: Patterns = (), config: Config = None, limit: int = LIMIT,
                 logger: logging.Logger = LOGGER) -> None:
        self.app = _application(app)
        self._observer = Observer(Linter(select, ignore, rules, profile, config), logger)
        self._limit = limit

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        seen = _Seen(self._observer, environ, self._limit)
        result = self.app(environ, seen.starting(start_response))
        wrapper = environ.get("wsgi.file_wrapper")
        if isinstance(result, (list, tuple)):              # servers look at its length
            for chunk in result:
                seen.kept.add(chunk)
            seen.end()
            return result
        if isinstance(wrapper, type) and isinstance(result, wrapper):
            seen.kept.lose()                               # servers may send the file without reading it here
            seen.end()
            return result
        return _Sized(result, seen) if hasattr(result, "__len__") else _Chunks(result, seen)


class _Seen:
    """What is seen of one response. `end` may be called more than once."""

    def __init__(self, observer: Observer, environ: Environ, limit: int) -> None:
        self._observer = observer
        self._environ: Mapping[str, Any] = dict(environ)   # applications change theirs
        self._started = time.time()
        self._head: Head | None = None
        self.kept = Kept(limit)

    def starting(self, start_response: StartResponse) -> StartResponse:
        """start_response, and the write function that it returns, with an eye on them."""
        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Callable[[bytes], object]:
            head = self._read(status, headers)             # at once: servers may add to the list
            write = start_response(status, headers, *exc_info)
            self._head = head

            def written(data: bytes) -> object:
                self.kept.add(data)
                return write(data)

            return written

        return start

    def _read(self, status: object, headers: list[tuple[str, str]]) -> Head | None:
        code, _, reason = str(status).partition(" ")
        if not (code.isascii() and code.isdecimal() and len(code) == 3):
            return None
        return Head(self._started, int(code), reason, list(headers), GATEWAY_DROPS)

    def end(self) -> None:
        """The response is complete, or given up."""
        head, self._head = self._head, None
        if head is not None:
            self._observer.judge(head, lambda: request_of_environ(self._environ), self.kept.content())


class _Chunks:
    """The chunks of a response as they come; the server closes it."""

    def __init__(self, chunks: Iterable[bytes], seen: _Seen) -> None:
        self._chunks = chunks
        self._iterator: Iterator[bytes] | None = None
        self._seen = seen

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._iterator is None:
            self._iterator = iter(self._chunks)
        try:
            chunk = next(self._iterator)
        except StopIteration:
            self._seen.end()
            raise
        except BaseException:
            self._seen.kept.lose()
            raise
        self._seen.kept.add(chunk)
        return chunk

    def close(self) -> None:
        """As the server ends the response, early perhaps."""
        try:
            close = getattr(self._chunks, "close", None)
            if close is not None:
                close()
        finally:
            self._seen.kept.lose()                         # what came to its end has been judged already
            self._seen.end()


class _Sized(_Chunks):
    """Chunks of a number that the server can ask for."""

    def __len__(self) -> int:
        return len(self._chunks)  # type: ignore[arg-type]


# -- ASGI

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]


class ASGI:
    """An ASGI application that lints the responses of another; its arguments are those of WSGI."""

    def __init__(self, app: ASGIApp, *, select: Patterns = (), ignore: Patterns = (), rules: Packs = (),
                 profile: Patterns = (), config: Config = None, limit: int = LIMIT,
                 logger: logging.Logger = LOGGER) -> None:
        self.app = _application(app)
        self._observer = Observer(Linter(select, ignore, rules, profile, config), logger)
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = dict(scope)                                # applications change theirs
        kept = Kept(self._limit)
        started = time.time()
        head: Head | None = None

        def end() -> None:
            nonlocal head
            whole, head = head, None
            if whole is not None:
                self._observer.judge(whole, lambda: request_of_scope(asked), kept.content())

        async def observed(message: Message) -> None:
            nonlocal head
            kind = message.get("type")
            if kind == "http.response.start":
                status, fields = message.get("status"), list(message.get("headers", ()))
                message["headers"] = list(fields)          # it may have been an iterator; servers may add to it
                await send(message)
                if isinstance(status, int) and not isinstance(status, bool):
                    head = Head(started, int(status), None, fields, CONNECTION)
                return
            await send(message)
            if kind == "http.response.body":
                kept.add(message.get("body", b""))
                if not message.get("more_body", False):
                    end()
            elif kind in ("http.response.pathsend", "http.response.zerocopysend"):
                kept.lose()                                # the server sends a file by itself

        try:
            await self.app(scope, receive, observed)
        finally:
            kept.lose()                                    # what came to its end has been judged already
            end()

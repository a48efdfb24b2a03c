"""Sees the responses that pass through client libraries and test clients while it is on.

The methods that send are wrapped, in the classes that are there and in those that are imported later; nothing is
imported on their account, and switching off puts the methods back. What a wrapped method returns or raises stays as
it was, except that an answer of Werkzeug's test client with Content-Length is read at once.
"""
from __future__ import annotations

import functools
import sys
import threading
import time
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from httplint.model.named import NamedTuple

READ_LIMIT = 1 << 20
"""Answers of Werkzeug's test client with a larger Content-Length are not read, in octets."""

APPLICATION = frozenset({"ASGITransport", "WSGITransport", "_TestClientTransport"})
"""The transports of httpx that call an application; others that are no network are mocks."""

MOCKED = "a mock, or a transport that is not known, answered"

Observer = Callable[[object, float], None]
"""Is told a response, and when its request was sent, in seconds since the epoch."""


class Target(NamedTuple):
    """A method that sends: where it is, and how its responses are told from mocks.

    `family`: the method, and others of the same family, call each other to follow redirects; only the outermost call
    counts, whose response knows the ones before.
    """

    module: str
    name: str
    method: str
    real: Callable[[Any, Any], bool] | None = None
    family: str = ""
    asynchronous: bool = False


def _from_httpx(client: Any, response: Any) -> bool:
    if "network_stream" in response.extensions:
        return True
    transport = client._transport_for_url(response.request.url)
    return any(kind.__name__ in APPLICATION for kind in type(transport).__mro__)


def _from_requests(_: Any, response: Any) -> bool:
    return _from_urllib3(_, response.raw)


def _from_urllib3(_: Any, response: Any) -> bool:
    origin = getattr(response, "_original_response", None)
    return type(origin).__module__ == "http.client" or getattr(response, "version", 0) == 20


def _read(_: Any, response: Any) -> bool:
    length = response.headers.get("Content-Length", "")
    if not response.is_sequence and length.isascii() and length.isdecimal() and int(length[:12]) <= READ_LIMIT:
        response.get_data()
    return True


TARGETS = (
    Target("httpx", "Client", "send", _from_httpx),
    Target("httpx", "AsyncClient", "send", _from_httpx, asynchronous=True),
    Target("httpx2", "Client", "send", _from_httpx),
    Target("httpx2", "AsyncClient", "send", _from_httpx, asynchronous=True),
    Target("requests.sessions", "Session", "send", _from_requests, "urllib3"),
    Target("urllib3.connectionpool", "HTTPConnectionPool", "urlopen", _from_urllib3, "urllib3"),
    Target("aiohttp.client", "ClientSession", "_request", asynchronous=True),
    Target("werkzeug.test", "Client", "open", _read, "werkzeug"),
    Target("django.test.client", "Client", "request"),
    Target("django.test.client", "AsyncClient", "request", asynchronous=True),
)


class Watch:
    """Wraps the methods of TARGETS between `on` and `off`.

    `observe` is told each response that an outermost call returned, `skip` why one was left out. It may be called from
    any thread. A fault of either is told to `fault` and goes no further.
    """

    def __init__(self, observe: Observer, skip: Callable[[str], None], fault: Callable[[Exception], None]) -> None:
        self._observe = observe
        self._skip = skip
        self._fault = fault
        self._on = False
        self._inside = threading.local()
        self._wrapped: list[tuple[type, str, object, object]] = []
        self._finder = _OnImport(self._wrap)

    def on(self) -> None:
        """Wraps what is there, and what will be imported."""
        self._on = True
        for module in {target.module for target in TARGETS}:
            if module in sys.modules:
                self._wrap(sys.modules[module])
        sys.meta_path.insert(0, self._finder)

    def off(self) -> None:
        """Puts back what was there, unless somebody has replaced it since: then the wrapper stays, and does nothing."""
        self._on = False
        if self._finder in sys.meta_path:
            sys.meta_path.remove(self._finder)
        for kind, method, wrapper, original in self._wrapped:
            if kind.__dict__.get(method) is wrapper:
                setattr(kind, method, original)
        self._wrapped.clear()

    def _wrap(self, module: ModuleType) -> None:
        for target in TARGETS:
            kind = getattr(module, target.name, None)
            original = kind.__dict__.get(target.method) if isinstance(kind, type) else None
            if target.module != module.__name__ or not isinstance(kind, type) or original is None:
                continue
            wrapper = self._asynchronous(target, original) if target.asynchronous else self._plain(target, original)
            setattr(kind, target.method, wrapper)
            self._wrapped.append((kind, target.method, wrapper, original))

    def _plain(self, target: Target, original: Any) -> object:
        @functools.wraps(original)
        def send(client: Any, *args: Any, **keys: Any) -> Any:
            inside: set[str] = self._inside.__dict__.setdefault("families", set())
            if not self._on or target.family in inside:
                return original(client, *args, **keys)
            started = time.time()
            if target.family:
                inside.add(target.family)
            try:
                response = original(client, *args, **keys)
                if target.real is _read:                   # reads on behalf of the caller: its faults are the caller's
                    _read(client, response)
            finally:
                inside.discard(target.family)
            self._tell(target, client, response, started)
            return response

        return send

    def _asynchronous(self, target: Target, original: Any) -> object:
        @functools.wraps(original)
        async def send(client: Any, *args: Any, **keys: Any) -> Any:
            started = time.time()
            response = await original(client, *args, **keys)
            if self._on:
                self._tell(target, client, response, started)
            return response

        return send

    def _tell(self, target: Target, client: Any, response: object, started: float) -> None:
        try:
            if target.real is None or target.real(client, response):
                self._observe(response, started)
            else:
                self._skip(MOCKED)
        except Exception as error:                         # a fault of ours must not change the test
            self._fault(error)


class _OnImport(MetaPathFinder):
    """Hands the modules of TARGETS to `wrap` as soon as they are loaded; the other finders find them."""

    def __init__(self, wrap: Callable[[ModuleType], None]) -> None:
        self._wrap = wrap
        self._modules = frozenset(target.module for target in TARGETS)

    def find_spec(self, fullname: str, path: Sequence[str] | None,
                  target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname not in self._modules:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = find(fullname, path, target) if find and finder is not self else None
            if spec is not None:
                if spec.loader is not None and hasattr(spec.loader, "exec_module"):
                    spec.loader = _Loader(spec.loader, self._wrap)
                return spec
        return None


class _Loader(Loader):
    """The loader of a module, and then `wrap`; the module keeps its own loader."""

    def __init__(self, loader: Loader, wrap: Callable[[ModuleType], None]) -> None:
        self._loader = loader
        self._wrap = wrap

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._wrap(module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

"""To which operation a request belongs.

Theory. A template is a way down a tree, a segment a step. A step is taken by the text of a segment, or by a template of
one, which stands for any text but none. So a request looks at the branches that its own segments open, never at all
templates, and what it costs does not grow with their number. Where several templates fit:

- a text goes before what has a text in it (`{id}.json`), which goes before `{id}`, from the left (OpenAPI 3.1 §4.8.8);
- but what documents the method goes before what does not, as servers route;
- a slash at the end makes a difference only where both are documented.

Percent-encoded octets are what they stand for, as RFC 3986 §6.2.2.2 has it, but no slash divides segments that way.
`{name+}` as a last segment stands for all that follows, as gateways write it.

Hosts. Tests ask another host than the one that a description names, so that a path is enough; but where servers of some
descriptions are named by a request, it belongs to these descriptions or to none.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import unquote

from httplint.description.operation import Operation
from httplint.model.message import Request
from httplint.model.named import NamedTuple

_PARAMETER = re.compile(r"(?:\{[^{}/]*\})+")
"""One or several, of which nobody knows where one ends."""
_REST = re.compile(r"\{[^{}/]+[+*]\}")
WAYS = 2000
"""Places of the tree that are looked at for one request: where people describe an API, it is some ten at most."""
_PORTS = {"http": ":80", "https": ":443"}


class Routes:
    """Operations by the segments of their paths, from some place on."""

    __slots__ = ("_any", "_partly", "_rest", "_texts", "operations")

    def __init__(self) -> None:
        self.operations: dict[str, Operation] = {}
        """Method -> the operation, of those whose path ends here."""
        self._texts: dict[str, Routes] = {}
        self._partly: dict[tuple[str, ...], Routes] = {}
        self._any: Routes | None = None
        self._rest: Routes | None = None

    def add(self, template: str, operation: Operation) -> None:
        """Takes in an operation under a template, unless there is one already."""
        here, segments = self, template.removeprefix("/").split("/")
        for number, segment in enumerate(segments):
            here = here._step(segment, number + 1 == len(segments))
        here.operations.setdefault(operation.method, operation)

    def _step(self, segment: str, last: bool) -> Routes:
        texts = _PARAMETER.split(segment)
        if len(texts) == 1:
            return self._texts.setdefault(_decoded(segment), Routes())
        if last and _REST.fullmatch(segment):
            self._rest = self._rest or Routes()
            return self._rest
        if texts == ["", ""]:
            self._any = self._any or Routes()
            return self._any
        return self._partly.setdefault(tuple(map(_decoded, texts)), Routes())

    def find(self, method: str, segments: Sequence[str]) -> Routes | None:
        """Where the operations of a path are: with that method, if any of its templates has it."""
        near = None
        waiting = [(self, 0)]
        for _ in range(WAYS):
            if not waiting:
                break
            here, depth = waiting.pop()
            if depth < len(segments):
                waiting += here._next(segments[depth], depth + 1, len(segments))
            elif method in here.operations:
                return here
            elif here.operations:
                near = near or here
        return near

    def _next(self, segment: str, depth: int, end: int) -> list[tuple[Routes, int]]:
        """The ways that a segment opens, the best one last."""
        out = []
        if segment:
            if self._rest is not None:
                out.append((self._rest, end))
            if self._any is not None:
                out.append((self._any, depth))
            fitting = sorted((texts for texts in self._partly if _fits(texts, segment)), key=_length, reverse=True)
            out += [(self._partly[texts], depth) for texts in reversed(fitting)]
        if (text := self._texts.get(segment)) is not None:
            out.append((text, depth))
        return out


def _fits(texts: tuple[str, ...], segment: str) -> bool:
    """Whether a segment has these texts, the first at its begin, the last at its end, and something between any two.

    The leftmost places suffice: what is found further on leaves less for what follows.
    """
    first, *between, last = texts
    if not (segment.startswith(first) and segment.endswith(last)):
        return False
    at, end = len(first), len(segment) - len(last)
    for text in between:
        found = segment.find(text, at + 1, end)
        if found < 0:
            return False
        at = found + len(text)
    return at < end


def _length(texts: tuple[str, ...]) -> int:
    return sum(map(len, texts))


def _decoded(segment: str) -> str:
    return unquote(segment) if "%" in segment else segment


class Description(NamedTuple):
    """What one file says."""

    operations: Mapping[tuple[str, str], Operation]
    """(method, path) -> operation, in the order of the file."""
    routes: Routes
    hosts: frozenset[str]
    """The hosts of its servers, with scheme; none, if it does not name any."""
    bases: tuple[str, ...]
    """The base paths of its servers, without slash at the end."""


class Descriptions:
    """What all files say. A host is one with scheme, or the name that a project has for it, as in a place of
    `report.kind`.
    """

    def __init__(self, all_: Iterable[Description], named: Callable[[str], str] = str,
                 ours: Callable[[str], bool] | None = None) -> None:
        """`named`: the name of a host; `ours`: whether a host may be one of the API's, which each may without it."""
        self._all = [(one, frozenset(_bare(named(host)) for host in one.hosts)) for one in all_]
        self._ours = ours
        self.operations = [operation for one, _ in self._all for operation in one.operations.values()]
        """All of them, in the order of the files."""

    def template(self, host: str, request: Request) -> str | None:
        """The path template of the operations that a request belongs to, whether its method is documented or not."""
        if request.target == "*" or request.method == "CONNECT":
            return None
        segments = list(map(_decoded, (request.path or "/").removeprefix("/").split("/")))
        for one in self._at(host):
            routes = (one.routes.find(request.method, segments)
                      or one.routes.find(request.method, segments[:-1] if segments[-1] == "" else [*segments, ""]))
            if routes is not None:
                return (routes.operations.get(request.method) or next(iter(routes.operations.values()))).path
        return None

    def operation(self, host: str, method: str, path: str) -> Operation | None:
        """The operation of that host, method and path template."""
        found = (one.operations.get((method, path)) for one in self._at(host))
        return next(filter(None, found), None)

    def reach(self, host: str, path: str) -> bool:
        """Whether a path is where some description says that its operations are."""
        return any(path.startswith(f"{base}/") for one in self._at(host) for base in one.bases)

    def _at(self, host: str) -> list[Description]:
        """The descriptions that may be those of a host: whose servers it is, if there are any."""
        bare = _bare(host)
        return [one for one, hosts in self._all if bare in hosts] or (
            [one for one, _ in self._all] if self._ours is None or self._ours(host) else [])


def _bare(host: str) -> str:
    scheme, _, authority = host.rpartition("://")
    return authority.lower().removesuffix(_PORTS.get(scheme.lower(), ":"))

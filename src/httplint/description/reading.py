"""Files become descriptions: OpenAPI 3.0, 3.1 and 3.2, and what Swagger 2.0 has in common with these.

What is read is what tells operations apart: servers, paths, methods, status codes, names. A schema is never looked at,
nor are webhooks and callbacks, which the API asks itself. References to a path, an operation or its responses lead to
other parts of the file, or to files in its directory and below: nothing is ever fetched.
"""
from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from httplint.description import DescriptionError
from httplint.description.document import read
from httplint.description.matching import Description, Routes
from httplint.description.operation import Operation
from httplint.model import installation
from httplint.model.likeness import meant
from httplint.model.named import NamedTuple

if TYPE_CHECKING:
    from referencing import Resource

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
"""The methods that a path has a key for; others are under `additionalOperations` (OpenAPI 3.2)."""
MOST_OPERATIONS = 100_000
MOST_FILES = 1_000
"""Files that one description refers to, at most."""
MOST_SEGMENTS = 100
LONGEST = 1_000
"""Characters of a path, at most."""
SERVERS = 64
"""How many servers, and values of their variables, are looked at."""
NAME_SHOWN = 200
HOPS = 50
"""References that lead to one another; more go in a circle."""

_SERVER = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*:)?//([^/?#]*))?([^?#]*)")
_VARIABLE = re.compile(r"\{([^{}]*)\}")
_STATUS = re.compile(r"[1-9](?:[0-9]{2}|[Xx]{2})|default")


def describe(paths: Iterable[str]) -> list[Description]:
    """What each of these files says. Raises DescriptionError."""
    return [DescriptionFile(path).description() for path in paths]


class Server(NamedTuple):
    """Where an API is: the host, with scheme, if it is known; the base path without slash at the end."""

    host: str
    base: str


class DescribedPart(NamedTuple):
    """A part of a description, and what resolves the references in it."""

    said: dict[str, Any]
    resolver: Any
    """A Resolver of `referencing`; None, for that of the file itself, as long as there was no reference."""


class Documented(NamedTuple):
    """An operation where it is documented: its servers, its template without base path, what path and method say."""

    operation: Operation
    servers: list[Server]
    template: str
    path: DescribedPart
    said: DescribedPart


class DescriptionFile:
    """One description, with the files that it refers to. Its methods raise DescriptionError."""

    def __init__(self, path: str) -> None:
        self._path = path
        if path.startswith(("http://", "https://")):
            raise self._fail("nothing is fetched; save it to a file, and name that")
        self._uri = Path(os.path.abspath(path)).as_uri()
        self._directory = os.path.realpath(os.path.dirname(os.path.abspath(path)))
        self._others: dict[str, Any] = {}
        self._root = self._checked(read(path))

    def _fail(self, why: str) -> DescriptionError:
        return DescriptionError(why, self._path)

    def _checked(self, said: Any) -> dict[str, Any]:
        if isinstance(said, dict):
            for name, versions in (("openapi", ("3.",)), ("swagger", ("2.",))):
                if name in said:
                    version = str(said[name])
                    if not version.startswith(versions):
                        raise self._fail(f"{name}: expected 3.0, 3.1 or 3.2 (or swagger: 2.0), got {version!r:.100}")
                    return said
            near = next(filter(None, (meant(name.lower(), ("openapi", "swagger")) for name in islice(said, 50))), "")
            raise self._fail(f"this is no description of an API: it has no key 'openapi', nor 'swagger'{near}")
        raise self._fail("this is no description of an API: expected an object with the key 'openapi'")

    def description(self) -> Description:
        """All of it."""
        operations: dict[tuple[str, str], Operation] = {}
        routes = Routes()
        servers = self.servers()
        bases, hosts = dict.fromkeys(one.base for one in servers), {one.host for one in servers}
        for operation, own, template, _, _ in self.operations(servers):
            if operations.setdefault((operation.method, operation.path), operation) is not operation:
                continue                                   # the same path under another name of a parameter
            if len(operations) > MOST_OPERATIONS:
                raise self._fail(f"it has more than {MOST_OPERATIONS:,} operations")
            for server in own:
                routes.add(server.base + template, operation)
            bases |= dict.fromkeys(one.base for one in own)
            hosts |= {one.host for one in own}
        if not operations:
            raise self._fail("it documents no operations: there are no methods under 'paths'")
        return Description(operations, routes, frozenset(hosts - {""}), tuple(bases))

    # -- servers

    def servers(self) -> list[Server]:
        """Those of the file as a whole, at least one."""
        root = self._root
        if "swagger" in root:
            host, base = (_sound(_text(root.get(key))) for key in ("host", "basePath"))
            base = base.strip("/")
            return [Server(f"https://{host}" if host else "", f"/{base}" if base else "")]
        return _servers_of(root) or [Server("", "")]

    # -- operations

    def operations(self, servers: list[Server]) -> Iterator[Documented]:
        """The operations, in the order of the file; those that name no servers have these."""
        paths = self._followed(DescribedPart(self._root, None), "paths")
        for name, item in paths.said.items():
            if name.startswith("x-"):
                continue
            template = self._template(name)
            part = self.resolved(item, paths.resolver, name)
            at_path = _servers_of(part.said) or servers
            for method, said in _methods(part.said):
                found = self.resolved(said, part.resolver, f"{method} {name}")
                own = _servers_of(found.said) or at_path
                statuses = self._followed(found, "responses").said
                operation = Operation(method, own[0].base + template, _statuses(statuses),
                                      _name(found.said.get("operationId")), _group(found.said))
                yield Documented(operation, own, template, part, found)

    def _template(self, name: str) -> str:
        template = "/" + _sound(re.split("[?#]", name, maxsplit=1)[0].removeprefix("/"))
        if len(template) > LONGEST or template.count("/") > MOST_SEGMENTS:
            raise self._fail(f"a path has more than {LONGEST:,} characters, or {MOST_SEGMENTS} segments: {name!r:.100}")
        return template

    # -- references

    def _followed(self, part: DescribedPart, key: str) -> DescribedPart:
        """What stands under a key; nothing, if that is no object."""
        return self.resolved(part.said.get(key), part.resolver, key)

    def resolved(self, said: Any, resolver: Any, place: str) -> DescribedPart:
        """What stands somewhere, or where a reference there leads to, with what stands beside that."""
        beside: dict[str, Any] = {}
        for _ in range(HOPS):
            if not isinstance(said, dict):
                return DescribedPart(beside, resolver)
            said = {**said, **beside} if beside else said
            reference = said.get("$ref")
            if not isinstance(reference, str):
                return DescribedPart(said, resolver)
            beside = {key: value for key, value in said.items() if key != "$ref"}
            said, resolver = self._looked_up(reference, resolver or self._resolver, place)
        raise self._fail(f"{place:.100}: its references go in a circle")

    @cached_property
    def _resolver(self) -> Any:
        try:
            from referencing import Registry, Resource
        except ImportError:
            raise self._fail(f"a reference ($ref) needs referencing: {installation.command('api')}") from None
        registry: Registry[Any] = Registry(retrieve=self._retrieved)  # type: ignore[call-arg]
        return registry.with_resource(self._uri, Resource.opaque(self._root)).resolver(self._uri)

    def _looked_up(self, reference: str, resolver: Any, place: str) -> tuple[Any, Any]:
        from referencing.exceptions import Unresolvable
        try:
            found = resolver.lookup(reference)
        except Unresolvable as error:
            cause: BaseException | None = error
            while cause is not None and not isinstance(cause, DescriptionError):
                cause = cause.__cause__
            why = "leads to nothing" if cause is None else str(cause)
        except ValueError:
            why = "is no reference"
        else:
            return found.contents, found.resolver
        raise self._fail(f"{place:.100}: $ref {reference!r:.200}: {why}")

    def _retrieved(self, uri: str) -> Resource[Any]:
        """Another file. Raises DescriptionError, which becomes the cause of an Unresolvable."""
        from referencing import Resource
        parts = urlsplit(uri)
        path = os.path.realpath(url2pathname(parts.path).replace("\0", ""))
        if parts.scheme != "file" or parts.netloc:
            raise DescriptionError("nothing is fetched; save it beside the description, and refer to that file")
        if os.path.commonpath((self._directory, path)) != self._directory:
            raise DescriptionError("it is not below the directory of the description, and not read")
        if path not in self._others:
            if len(self._others) >= MOST_FILES:
                raise DescriptionError(f"the description refers to more than {MOST_FILES:,} files")
            self._others[path] = read(path, met=True)
        return Resource.opaque(self._others[path])


def _servers_of(said: dict[str, Any]) -> list[Server]:
    """The servers of a description, a path or an operation; none if it names none."""
    named = said.get("servers")
    urls = (url for one in (named if isinstance(named, list) else ()) if isinstance(one, dict) for url in _urls(one))
    return list(dict.fromkeys(filter(None, map(_server, islice(urls, SERVERS)))))


def _urls(server: dict[str, Any]) -> Iterator[str]:
    """A URL with the default of each variable, then with its other values."""
    url, variables = _text(server.get("url"))[:LONGEST], server.get("variables")
    texts = _VARIABLE.split(url)                           # text, name, text …
    choices = [_values(variables, name) for name in texts[1::2]]
    for chosen in product(*choices):
        yield "".join(map("".join, zip(texts[::2], (*chosen, ""), strict=True)))


def _values(variables: Any, name: str) -> list[str]:
    """What a variable may be; a parameter that stands for anything, if nothing says that."""
    said = variables.get(name) if isinstance(variables, dict) else None
    if not isinstance(said, dict):
        return [f"{{{name}}}"]
    others = said.get("enum")
    values = [said.get("default"), *(islice(others, SERVERS) if isinstance(others, list) else ())]
    return list(dict.fromkeys(str(value) for value in values if value is not None)) or [f"{{{name}}}"]


def _server(url: str) -> Server | None:
    found = _SERVER.match(url)
    if found is None:
        return None
    scheme, before, path = (_sound(part or "") for part in found.groups())
    authority = before.rpartition("@")[2]
    base = "/".join(segment for segment in path.split("/") if segment not in ("", ".", ".."))
    return Server(f"{scheme or 'https:'}//{authority}".lower() if authority and "{" not in authority else "",
                   f"/{base}" if base else "")


def _methods(item: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The methods of a path, in its order, and what it says of each."""
    for name, said in item.items():
        if name.lower() in METHODS:
            yield name.upper(), said
    more = item.get("additionalOperations")
    if isinstance(more, dict):
        yield from ((_sound(name[:NAME_SHOWN]), said) for name, said in more.items())


def _statuses(responses: dict[str, Any]) -> list[str]:
    """The documented status codes, in the order of the file."""
    found = (_STATUS.fullmatch(str(name)) for name in responses)
    return list(dict.fromkeys(one[0].replace("x", "X") for one in found if one))


def _group(said: dict[str, Any]) -> str | None:
    tags = said.get("tags")
    return _name(tags[0]) if isinstance(tags, list) and tags else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _sound(text: str) -> str:
    """Without lone surrogates, which are no text."""
    return text.encode("utf-8", "replace").decode()


def _name(value: Any) -> str | None:
    """A name that is shown; None for what is none."""
    return _sound(_text(value)[:NAME_SHOWN]) or None

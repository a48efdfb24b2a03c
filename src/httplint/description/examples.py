"""How the safe operations of an API are asked: with the examples of its parameters.

What must be sent has to have an example, a default, a constant or a choice of values; what may be sent is left out. A
value is written as its parameter's style says (OpenAPI 3.1 §4.8.12.4, RFC 6570 §3.2): a text, a number, a truth value,
or a list or an object of these; what is nested deeper has no form there.
"""
from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from httplint.description import DescriptionError
from httplint.description.operation import Operation
from httplint.description.reading import DescribedPart, DescriptionFile, Documented, Server
from httplint.model.named import NamedTuple

SAFE = frozenset(("GET", "HEAD"))
PARAMETERS = 200
"""How many an operation may have to be asked."""
ITEMS = 100
"""Of a list or an object that is an example."""
SCHEMAS = 50
"""How many are looked at for an example."""
CHARACTERS = 2_000
"""Of an example."""

_PARAMETER = re.compile(r"\{([^{}]*)\}")
_LITERAL = "/%:@!$&'()*+,;=~"
"""What stands in a path as it is, besides letters, digits, and `-._` (RFC 3986 §3.3)."""
_RESERVED = ":/?@!$'()*,;"
"""What `allowReserved` leaves as it is; what divides a query stays encoded."""
_OTHERS = frozenset(("accept", "content-type", "authorization"))
"""Fields that are no parameters (OpenAPI 3.1 §4.8.12.2)."""
_COLLECTIONS = {"csv": ("", "false"), "multi": ("form", "true"), "ssv": ("spaceDelimited", "false"),
                "pipes": ("pipeDelimited", "false")}
"""collectionFormat of Swagger 2.0 -> style and explode."""
_BETWEEN = {"spaceDelimited": "%20", "pipeDelimited": "%7C"}

Value = str | list[Any] | dict[str, Any]
"""An example: a text, or a list or an object of texts."""


class Sample(NamedTuple):
    """How an operation is asked: `target` stands behind the base path; `fields` are sent. `lacks`: why it cannot be."""

    operation: Operation
    servers: list[Server]
    target: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    lacks: str = ""


class _Lacking(Exception):
    """Why an operation cannot be asked."""


def samples(path: str) -> Iterator[Sample]:
    """The safe operations of a description, in its order. Raises DescriptionError."""
    file = DescriptionFile(path)
    for found in file.operations(file.servers()):
        if found.operation.method in SAFE:
            try:
                yield _Asking(file, found).sample()
            except _Lacking as error:
                yield Sample(found.operation, found.servers, lacks=str(error))
            except DescriptionError as error:
                yield Sample(found.operation, found.servers, lacks=error.why)


class _Asking:
    """Makes the sample of an operation. Its methods raise _Lacking, DescriptionError."""

    def __init__(self, file: DescriptionFile, found: Documented) -> None:
        self._file = file
        self._found = found
        self._all = {(_text(one.said.get("in")), _text(one.said.get("name"))): one
                     for part in (found.path, found.said) for one in self._parameters(part)}

    def _parameters(self, part: DescribedPart) -> Iterator[DescribedPart]:
        said = part.said.get("parameters")
        said = said if isinstance(said, list) else []
        if len(said) > PARAMETERS:
            raise _Lacking(f"it has more than {PARAMETERS} parameters")
        return (self._file.resolved(one, part.resolver, "parameters") for one in said)

    def sample(self) -> Sample:
        """How it is asked."""
        found = self._found
        texts = _PARAMETER.split(found.template)           # text, name, text …
        path = "".join(self._in_path(piece) if number % 2 else quote(piece, safe=_LITERAL)
                       for number, piece in enumerate(texts))
        query = "&".join(filter(None, (self._written(one, "form") for one in self._required("query"))))
        return Sample(found.operation, found.servers, path + (f"?{query}" if query else ""), tuple(self._fields()))

    def _required(self, place: str) -> Iterator[DescribedPart]:
        for (where, name), one in self._all.items():
            if where == place and name and _is(one.said.get("required")):
                yield one

    def _in_path(self, name: str) -> str:
        one = self._all.get(("path", name)) or self._all.get(("path", name.rstrip("+*")))
        if one is None:
            raise _Lacking(f"nothing describes {{{name:.60}}}")
        written = self._written(one, "simple")
        if written in ("", ".", ".."):
            raise _Lacking(f"the example of {{{name:.60}}} makes no segment of a path")
        return written

    def _fields(self) -> Iterator[tuple[str, str]]:
        for one in self._required("header"):
            name = _text(one.said.get("name"))
            if name.lower() not in _OTHERS:
                yield name, _plainly(self._value(one), _is(one.said.get("explode")))
        cookies = [self._written(one, "form").replace("&", "; ") for one in self._required("cookie")]
        if cookies:
            yield "Cookie", "; ".join(cookies)

    def _written(self, one: DescribedPart, style: str) -> str:
        said = one.said
        collection = _COLLECTIONS.get(str(said.get("collectionFormat")), ("", ""))
        style = _text(said.get("style")) or collection[0] or style
        explode = _text(said.get("explode")).lower() or collection[1] or ("true" if style == "form" else "false")
        safe = _RESERVED if _is(said.get("allowReserved")) else ""
        return written(_text(said.get("name")), self._value(one), style, explode == "true", safe)

    # -- examples

    def _value(self, one: DescribedPart) -> Value:
        """The example of a parameter."""
        name = _text(one.said.get("name"))
        for part, encoded in self._places(one):
            for said in self._examples(part):
                value = _value_of(said)
                assert value is not None
                return value if isinstance(value, str) or not encoded else json.dumps(said, separators=(",", ":"))
        raise _Lacking(f"the parameter {name!r:.80} has no example")

    def _places(self, one: DescribedPart) -> Iterator[tuple[DescribedPart, bool]]:
        """Where a parameter's examples may stand, and whether they are written as JSON."""
        yield one, False
        schemas = [(self._at(one, "schema"), False)]
        contents = self._at(one, "content")
        for kind in list(contents.said)[:1]:
            content = self._at(contents, kind)
            yield content, "json" in kind
            schemas.append((self._at(content, "schema"), "json" in kind))
        for number, (schema, encoded) in enumerate(schemas):
            yield schema, encoded
            for key in ("allOf", "oneOf", "anyOf"):
                inner = schema.said.get(key)
                for said in inner if isinstance(inner, list) and len(schemas) < SCHEMAS else ():
                    if len(schemas) < SCHEMAS:
                        schemas.append((self._file.resolved(said, schema.resolver, key), encoded))
            if number >= SCHEMAS:
                break
            items = self._at(schema, "items")
            for value in self._examples(items):
                yield DescribedPart({"example": [value]}, items.resolver), encoded
                break

    def _at(self, part: DescribedPart, key: str) -> DescribedPart:
        return self._file.resolved(part.said.get(key), part.resolver, key)

    def _examples(self, part: DescribedPart) -> Iterator[Any]:
        """Those that can be written."""
        said = part.said
        examples = said.get("examples")
        if isinstance(examples, dict):
            examples = [self._file.resolved(one, part.resolver, "examples").said.get("value")
                        for one in list(examples.values())[:1]]
        choices = said.get("enum")
        for value in (said.get("example"), *_first(examples), said.get("x-example"), said.get("default"),
                      said.get("const"), *_first(choices)):
            if _value_of(value) is not None:
                yield value


def _first(values: Any) -> list[Any]:
    return values[:1] if isinstance(values, list) else []


def _value_of(said: Any) -> Value | None:
    """An example with texts for scalars; None for what cannot be written."""
    if isinstance(said, (list, dict)):
        if not 0 < len(said) <= ITEMS:
            return None
        inner = [_scalar(one) for one in (said.values() if isinstance(said, dict) else said)]
        if None in inner or sum(len(one or "") for one in inner) > CHARACTERS:
            return None
        return dict(zip(map(str, said), inner, strict=True)) if isinstance(said, dict) else inner
    found = _scalar(said)
    return found if found is not None and len(found) <= CHARACTERS else None


def _scalar(said: Any) -> str | None:
    """The text of a scalar of JSON or YAML."""
    if isinstance(said, str):
        return said.encode("utf-8", "replace").decode()
    return json.dumps(said) if isinstance(said, (bool, int, float)) else None


def _is(said: Any) -> bool:
    """A truth value, which YAML has as text."""
    return said is True or (isinstance(said, str) and said.lower() == "true")


def _text(said: Any) -> str:
    return said if isinstance(said, str) else json.dumps(said) if isinstance(said, bool) else ""


# -- styles

def written(name: str, value: Value, style: str, explode: bool, safe: str = "") -> str:
    """A value in a path or a query, percent-encoded. `style` and `explode` as OpenAPI has them; what is of an unknown
    style is written as its place has it without one."""
    key = quote(name, safe="", errors="replace")
    if isinstance(value, dict):
        pairs = [(quote(one, safe="", errors="replace"), quote(other, safe=safe)) for one, other in value.items()]
        if style == "deepObject":
            return "&".join(f"{key}%5B{one}%5D={other}" for one, other in pairs)
        flat = [piece for pair in pairs for piece in pair]
        return _put(key, flat, [f"{one}={other}" for one, other in pairs], style, explode, own=True)
    parts = [quote(one, safe=safe) for one in (value if isinstance(value, list) else [value])]
    return _put(key, parts, parts, style, explode and isinstance(value, list), own=False)


def _put(key: str, flat: list[str], apart: list[str], style: str, explode: bool, own: bool) -> str:
    """Parts as one value, or (`explode`) each by itself; `own`: they have names of their own."""
    if style in ("form", *_BETWEEN, "deepObject"):
        if explode:
            return "&".join(apart if own else [f"{key}={one}" for one in apart])
        return f"{key}={_BETWEEN.get(style, ',').join(flat)}"
    if style == "label":
        return "." + (".".join(apart) if explode else ",".join(flat))
    if style == "matrix":
        named = apart if own and explode else [f"{key}={one}" if one else key for one in (
            apart if explode else [",".join(flat)])]
        return "".join(f";{one}" for one in named)
    return ",".join(apart if explode else flat)


def _plainly(value: Value, explode: bool) -> str:
    """A value in a field, which is not percent-encoded."""
    if isinstance(value, dict):
        pairs: Iterable[str] = ("=".join(pair) if explode else ",".join(pair) for pair in value.items())
        return ",".join(pairs)
    return ",".join(value) if isinstance(value, list) else value

"""The octets of a description become data.

A scalar of YAML is a text, whatever it looks like: a status code is one with and without quotes, and nothing asks for
dates, numbers or truth values. So no tag makes anything, and 3.10 stays 3.10. An alias is the same data again, not a
copy of it: what is made of a document is no larger than the document, but for merge keys (<<), which are counted.
"""
from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from httplint.description import DescriptionError
from httplint.model import installation
from httplint.model.files import cause, octets_of

LIMIT = 64 << 20
"""Octets of a file, at most."""
MOST_VALUES = 5_000_000
"""Values of a file, at most: what holds them takes a hundred octets for each."""
DEEPEST = 500
"""Objects and lists within one another, at most."""

MERGE = "<<"
NULL = frozenset(("", "~", "null", "Null", "NULL"))


def read(path: str, met: bool = False) -> Any:
    """The data of a file: JSON, else YAML; `met`: nobody named it. Raises DescriptionError."""
    try:
        octets = octets_of(path, LIMIT, met)
    except OSError as error:
        raise DescriptionError(f"cannot be read: {cause(error)}", path) from None
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DescriptionError("not UTF-8", path, octets.count(b"\n", 0, error.start) + 1) from None
    begin = text[:1000].lstrip()[:1]
    if begin and begin in "{[" and not path.endswith((".yaml", ".yml")):
        return _json(text, path)
    return _yaml(text, path)


def _json(text: str, path: str) -> Any:
    if sum(map(text.count, ",[{")) > MOST_VALUES:
        raise _too_many(path)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise DescriptionError(f"not JSON: {error.msg}", path, error.lineno) from None
    except RecursionError:
        raise DescriptionError("nested too deep", path) from None
    except ValueError:                                     # of more digits than Python takes
        raise DescriptionError("not JSON: a number is too long", path) from None


def _too_many(path: str) -> DescriptionError:
    return DescriptionError(f"it holds more than {MOST_VALUES:,} values", path)


def _yaml(text: str, path: str) -> Any:
    try:
        import yaml
    except ImportError:
        raise DescriptionError(f"YAML needs PyYAML: {installation.command('api')}; or say it in JSON", path) from None
    tree = _Tree(path)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            tree.take(event)
            if isinstance(event, yaml.DocumentEndEvent):
                break
    except yaml.MarkedYAMLError as error:
        told = ", ".join(part for part in (error.context, error.problem) if part)
        mark = error.problem_mark or error.context_mark
        raise DescriptionError(f"not YAML: {told}", path, mark and mark.line + 1) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise DescriptionError(f"not YAML: {error.reason}", path, line) from None
    except RecursionError:
        raise DescriptionError("nested too deep", path) from None
    return tree.root


class _Container:
    """An object or a list that has not ended yet."""

    __slots__ = ("holds", "key", "merges", "waits")

    def __init__(self, holds: dict[str, Any] | list[Any]) -> None:
        self.holds = holds
        self.key: str | None = None
        """Of the value that comes next; None where it is no text, and nobody can ask for it."""
        self.waits = False
        """Whether a key is there, and its value is not."""
        self.merges: list[Any] = []

    def add(self, value: Any) -> bool:
        """Takes in what comes next; whether there was no such key yet."""
        if isinstance(self.holds, list):
            self.holds.append(value)
        elif not self.waits:
            self.key, self.waits = value if isinstance(value, str) else None, True
            return self.key == MERGE or self.key not in self.holds
        else:
            self.waits = False
            if self.key == MERGE:
                self.merges.append(value)
            elif self.key is not None:
                self.holds[self.key] = value
        return True

    def merge(self, count: Callable[[int], object]) -> None:
        """Takes in what its merge keys name, where it says nothing itself; `count` is told how many keys those have."""
        for merge in self.merges:
            for source in merge if isinstance(merge, list) else [merge]:
                count(1)
                if isinstance(source, dict) and isinstance(self.holds, dict):
                    count(len(source))
                    self.holds.update({key: value for key, value in source.items() if key not in self.holds})


class _Tree:
    """Makes the data of a document of the events of its parser."""

    def __init__(self, path: str) -> None:
        self.root: Any = None
        self._path = path
        self._open: list[_Container] = []
        self._anchors: dict[str, Any] = {}
        self._values = 0

    def take(self, event: Any) -> None:
        """Takes in one more event. Raises DescriptionError."""
        kind = type(event).__name__                        # the package is loaded where it is needed only
        if kind == "ScalarEvent":
            self._add(None if event.implicit[0] and event.value in NULL else event.value, event)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            inner = _Container({} if kind == "MappingStartEvent" else [])
            self._add(inner.holds, event)
            self._open.append(inner)
            if len(self._open) > DEEPEST:
                raise self._fail(f"nested deeper than {DEEPEST}", event)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._open.pop().merge(self._count)
        elif kind == "AliasEvent":
            if event.anchor not in self._anchors:
                raise self._fail(f"not YAML: *{event.anchor:.100} names nothing that stands before it", event)
            self._add(self._anchors[event.anchor], event, named=False)

    def _add(self, value: Any, event: Any, named: bool = True) -> None:
        self._count(1)
        if named and event.anchor is not None:
            self._anchors[event.anchor] = value
        if not self._open:
            self.root = value
        elif not self._open[-1].add(value):
            raise self._fail(f"not YAML: the key {value!r:.100} is there twice", event)

    def _count(self, values: int) -> None:
        self._values += values
        if self._values > MOST_VALUES:
            raise _too_many(self._path)

    def _fail(self, why: str, event: Any) -> DescriptionError:
        return DescriptionError(why, self._path, event.start_mark.line + 1)

"""YAML, which descriptions of APIs and cassettes are written in: from the events of its parser, within bounds.

A scalar is a text, whatever it looks like: a status code is one with and without quotes, and nothing asks for dates,
numbers or truth values. So no tag makes anything, and 3.10 stays 3.10. An alias is the same data again, not a copy of
it: what is made of a document is no larger than the document, but for merge keys (<<), which are counted. The package
is imported where it is needed only, and libyaml's parser is taken where it was built.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from httplint.model import installation
from httplint.model.errors import TextError

DEEPEST = 500
"""Objects and lists within one another, at most."""

MERGE = "<<"
NULL = frozenset(("", "~", "null", "Null", "NULL"))

Event = Any
"""Of PyYAML's, which is told by the name of its class."""
Anchors = dict[str, tuple[Any, int]]
"""What was named so far, and the weight of it."""


def needed(extra: str) -> str:
    """What is said where the package is not installed, which an extra brings."""
    return f"YAML needs PyYAML: {installation.command(extra)}"


class YamlError(TextError):
    """A text is no YAML, or more of it than is read. `line` and `column` (from 1) say where; or `offset`, which counts
    what was read before, if that is no text.
    """

    def __init__(self, why: str, line: int | None = None, column: int | None = None, offset: int | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.line = line
        self.column = column
        self.offset = offset


def events(source: Any) -> Iterator[Event]:
    """What a document consists of. `source`: a text, octets, or a stream of octets, which is read as far as it is
    asked for. Raises YamlError, and ImportError where the package is not installed.
    """
    import yaml
    try:
        for event in yaml.parse(source, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            yield event
            if isinstance(event, yaml.DocumentEndEvent):
                return
    except yaml.MarkedYAMLError as error:
        told = ", ".join(part for part in (error.context, error.problem) if part)
        mark = error.problem_mark or error.context_mark
        raise YamlError(f"not YAML: {told}", mark and mark.line + 1, mark and mark.column + 1) from None
    except yaml.reader.ReaderError as error:
        raise YamlError(f"not YAML: {error.reason}", offset=error.position) from None
    except RecursionError:
        raise YamlError("nested too deep") from None


def refused(why: str, event: Event) -> YamlError:
    """What is raised of an event that is not taken."""
    return YamlError(why, event.start_mark.line + 1, event.start_mark.column + 1)


class _Container:
    """An object or a list that has not ended yet."""

    __slots__ = ("anchor", "holds", "key", "merges", "waits", "weight")

    def __init__(self, holds: dict[str, Any] | list[Any], anchor: str | None) -> None:
        self.holds = holds
        self.anchor = anchor
        self.key: str | None = None
        """Of the value that comes next; None where it is no text, and nobody can ask for it."""
        self.waits = False
        """Whether a key is there, and its value is not."""
        self.merges: list[Any] = []
        self.weight = 0

    def add(self, value: Any, weight: int) -> bool:
        """Takes in what comes next; whether there was no such key yet."""
        self.weight += weight
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


class Tree:
    """Makes the data of a document, or of a node of it, of the events of its parser.

    `most`: values, at most; what holds them takes a hundred octets for each. `anchors`: what was named before.
    """

    def __init__(self, most: int, anchors: Anchors | None = None) -> None:
        self.root: Any = None
        self.ended = False
        """Whether all of the first node was taken in."""
        self.weight = 0
        """Of what was taken in: a value weighs one, and its characters; an alias what it stands for."""
        self._most = most
        self._open: list[_Container] = []
        self._anchors: Anchors = {} if anchors is None else anchors
        self._values = 0

    def take(self, event: Event) -> None:
        """Takes in one more event. Raises YamlError."""
        kind = type(event).__name__
        if kind == "ScalarEvent":
            self._add(self.scalar(event), 1 + len(event.value), event, event.anchor)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._begin({} if kind == "MappingStartEvent" else [], event)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._end()
        elif kind == "AliasEvent":
            self._add(*self.named(event), event)

    def scalar(self, event: Event) -> Any:
        """What a scalar is. Raises YamlError."""
        return None if event.implicit[0] and event.value in NULL else event.value

    def named(self, event: Event) -> tuple[Any, int]:
        """What an alias stands for, and its weight. Raises YamlError."""
        if event.anchor not in self._anchors:
            raise refused(f"not YAML: *{event.anchor:.100} names nothing that stands before it", event)
        return self._anchors[event.anchor]

    def _begin(self, holds: dict[str, Any] | list[Any], event: Event) -> None:
        self._add(holds, 1, event, event.anchor)
        self._open.append(_Container(holds, event.anchor))
        self.ended = False
        if len(self._open) > DEEPEST:
            raise refused(f"nested deeper than {DEEPEST}", event)

    def _end(self) -> None:
        ended = self._open.pop()
        ended.merge(self._count)
        if ended.anchor is not None:
            self._anchors[ended.anchor] = ended.holds, ended.weight
        if self._open:
            self._open[-1].weight += ended.weight
        self.ended = not self._open

    def _add(self, value: Any, weight: int, event: Event, anchor: str | None = None) -> None:
        self._count(1)
        self.weight += weight
        if anchor is not None:
            self._anchors[anchor] = value, weight
        if not self._open:
            self.root, self.ended = value, True
        elif not self._open[-1].add(value, weight):
            raise refused(f"not YAML: the key {value!r:.100} is there twice", event)

    def _count(self, values: int) -> None:
        self._values += values
        if self._values > self._most:
            raise YamlError(f"it holds more than {self._most:,} values")


def data(source: str | bytes, most: int) -> Any:
    """What a document is, of so many values at most. Raises YamlError, and ImportError as `events` does."""
    tree = Tree(most)
    for event in events(source):
        tree.take(event)
    return tree.root

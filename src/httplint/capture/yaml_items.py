"""The items of a list in YAML, one at a time, in bounded memory: a list by itself, or one under a name at the top.

No tag makes anything: `!!binary` is decoded, objects of Python are refused, all others are the data that they stand at.
An alias stands for what was named before, in items that are gone, too; all aliases together stand for a bounded number
of characters, so that going through what they stand for takes no longer than going through the file.
"""
from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterator
from typing import Any

from httplint.capture import files
from httplint.model.named import NamedTuple
from httplint.model.yaml import DEEPEST, Anchors, Event, Tree, YamlError, events, refused

ITEM_LIMIT = 64 << 20
"""The largest item that is read, in octets."""
MOST_VALUES = 1_000_000
"""Values of an item, at most."""
ALIAS_LIMIT = 64 << 20
"""Characters and values that all aliases of a file stand for, at most; and that are kept of what may be named again."""

REPLACED = "\ufffd"
"""What stands for an octet or a character that YAML does not have."""
_CHARACTER = 4
"""The longest character, in octets of UTF-8."""
_CONTROL = re.compile(rb"[^\t\n\r -~]")
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""What is no character of YAML (YAML 1.1 §5.1), an octet that is no UTF-8 among them."""

YAML = "tag:yaml.org,2002:"
BINARY = frozenset({YAML + "binary", "!binary", YAML + "python/bytes"})
OBJECTS = (YAML + "python/object", YAML + "python/name", YAML + "python/module")
STREAMS = frozenset(YAML + "python/object/" + name for name in (
    "new:_io.BytesIO", "apply:builtins.iter", "apply:__builtin__.iter"))
"""How vcrpy writes contents that were files or iterators: as data they are no contents, and do no harm."""


class YamlItem(NamedTuple):
    """One item: its line and column, and its value, or why there is none."""

    line: int
    column: int
    value: Any
    refused: str = ""


class _Bounded:
    """A stream that ends with an error where an item does not.

    One octet that no YAML has would end all, items that stand before it in what is read ahead, too. What stands in its
    place costs the item that it is in.
    """

    def __init__(self, stream: files.Stream) -> None:
        self._read = files.reading(stream)
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._plain: bool | None = None
        """Whether octets are handed on as they are: no UTF-8, by its first ones."""
        self.left = ITEM_LIMIT
        self.harmed = 0
        """How many octets or characters were replaced so far."""

    def read(self, size: int) -> bytes:
        """At most so many octets, or what stands in their place."""
        if self.left <= 0:
            raise YamlError(f"an item of more than {ITEM_LIMIT >> 20} MiB")
        octets = self._read(size)
        self.left -= len(octets)
        if self._plain is None:
            self._plain = octets.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return octets if self._plain else self._sound(octets)

    def _sound(self, octets: bytes) -> bytes:
        if octets.isascii() and not self._decoder.getstate()[0] and not _CONTROL.search(octets):
            return octets
        text = self._decoder.decode(octets, final=not octets)
        while not text and octets:                         # a character that has only begun
            octets = self._read(_CHARACTER)
            text = self._decoder.decode(octets, final=not octets)
        sound, count = _REFUSED.subn(REPLACED, text)
        self.harmed += count
        return sound.encode("utf-8")


class _Aliases:
    """What is known of the names in a file, and what aliases may stand for yet."""

    def __init__(self) -> None:
        self.anchors: Anchors = {}
        self.left = ALIAS_LIMIT
        self._kept = 0

    def keep(self, weight: int) -> None:
        """An item of that weight has ended, which has named something; what was named is forgotten once it is much."""
        self._kept += weight
        if self._kept > ALIAS_LIMIT:
            self.anchors.clear()
            self._kept = 0


class _Item(Tree):
    """An item, of the events from its beginning on."""

    def __init__(self, aliases: _Aliases, source: _Bounded) -> None:
        super().__init__(MOST_VALUES, aliases.anchors)
        self._aliases = aliases
        self._source = source

    def take(self, event: Event) -> None:
        """Takes in one more event. Raises YamlError."""
        tag = getattr(event, "tag", None)
        if tag and tag.startswith(OBJECTS) and tag not in STREAMS:
            named = tag.removeprefix(YAML)
            raise refused(f"it holds an object of Python (!!{named:.100}), and none is ever made of a file; convert "
                          "an old cassette of vcrpy: python -m vcr.migration FILE", event)
        super().take(event)

    def scalar(self, event: Event) -> Any:
        """Octets for what is tagged so, else a text, or None."""
        if self._source.harmed and REPLACED in event.value:
            raise refused("not YAML: it holds octets that are no UTF-8, or control characters", event)
        if event.tag not in BINARY:
            return super().scalar(event)
        try:
            return binascii.a2b_base64(event.value.encode("ascii"))
        except ValueError:
            raise refused("not YAML: !!binary without base64", event) from None

    def named(self, event: Event) -> tuple[Any, int]:
        """What an alias stands for, and its weight, within bounds."""
        found = super().named(event)
        self._aliases.left -= found[1]
        if self._aliases.left < 0:
            raise refused(f"its aliases stand for more than {ALIAS_LIMIT >> 20} MiB", event)
        return found


class _Events:
    """The events of a stream, counted so that an item can be left behind."""

    def __init__(self, stream: files.Stream) -> None:
        self._bounded = _Bounded(stream)
        self._events = events(self._bounded)
        self._aliases = _Aliases()
        self.depth = 0

    def next(self) -> tuple[str, Event]:
        """The next event and its kind. Raises YamlError; ImportError, at first, where the package is not installed."""
        event = next(self._events, None)
        kind = type(event).__name__
        if kind.endswith("StartEvent"):
            self.depth += 1
            if self.depth > 2 * DEEPEST:                   # which libyaml does not take; PyYAML's time is quadratic
                raise refused("nested too deep", event)
        elif kind.endswith("EndEvent"):
            self.depth -= 1
        return kind, event

    def item(self, event: Event) -> YamlItem:
        """The value that begins with that event, which was the last one. Raises YamlError of what is no YAML."""
        self._bounded.left = ITEM_LIMIT
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        around = self.depth - type(event).__name__.endswith("StartEvent")
        tree, why, named = _Item(self._aliases, self._bounded), "", len(self._aliases.anchors)
        while True:
            try:
                if not why:
                    tree.take(event)
            except YamlError as error:
                why = error.why
            if self.depth == around:
                break
            event = self.next()[1]
        if len(self._aliases.anchors) > named:
            self._aliases.keep(tree.weight)
        return YamlItem(line, column, None if why else tree.root, why)


def items(stream: files.Stream, names: frozenset[str], what: str) -> Iterator[YamlItem]:
    """The items of the list under one of these names, each with its place.

    `what`: what the text is called where it is none, with its article. Raises YamlError, behind which nothing is read,
    and ImportError, before anything is, where the package is not installed.
    """
    source = _Events(stream)
    kind, event = source.next()
    while kind in ("StreamStartEvent", "DocumentStartEvent"):
        kind, event = source.next()
    if kind == "SequenceStartEvent":
        yield from _listed(source)
    elif kind == "MappingStartEvent":
        yield from _under(source, names, what)
    else:
        raise refused(f"not {what}: expected an object or a list", event)


def _under(source: _Events, names: frozenset[str], what: str) -> Iterator[YamlItem]:
    found = False
    while True:
        kind, event = source.next()
        if kind == "MappingEndEvent":
            break
        name = source.item(event).value
        kind, event = source.next()
        if isinstance(name, str) and name in names and kind == "SequenceStartEvent":
            found = True
            yield from _listed(source)
        else:
            source.item(event)
    if not found:
        raise YamlError(f"not {what}: there are no `{'`, nor `'.join(sorted(names))}`", 1, 1)


def _listed(source: _Events) -> Iterator[YamlItem]:
    while True:
        kind, event = source.next()
        if kind == "SequenceEndEvent":
            return
        yield source.item(event)

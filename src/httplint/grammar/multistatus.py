"""Multi-Status content (RFC 4918 §13, §14), and what is said of locks (§14.1).

Entities are refused where they are declared: nothing of WebDAV needs them.
"""
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from httplint.grammar import xml
from httplint.model.evidence import NotEvaluated
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

DAV = "DAV: "
"""The namespace of WebDAV, as it stands before names here."""

BAD_STATUS = 0
"""Stands for a status element that holds no status line (§14.28)."""

LONGEST = 4096
"""How much of the text of an element is read."""


class ResourceStatus(NamedTuple):
    """What a response element says of a resource (§14.24)."""

    hrefs: tuple[str, ...]
    status: int | None
    property_statuses: tuple[int, ...]
    """The statuses of its propstat elements, and BAD_STATUS for one without."""
    located: bool
    """Whether it has a location element (§14.9)."""

    @property
    def name(self) -> str:
        """What a message may call it: its first href."""
        return self.hrefs[0] if self.hrefs else "a resource without href"

    @property
    def statuses(self) -> tuple[int, ...]:
        """All its status codes."""
        return (*(() if self.status is None else (self.status,)), *self.property_statuses)


class Lock(NamedTuple):
    """What an activelock element says (§14.1)."""

    children: tuple[str, ...]
    """The names of its elements, without the namespace of WebDAV."""
    held: frozenset[tuple[str, str]]
    """The names of these elements, each with that of an element within it."""
    timeout: str | None
    depth: str | None


class Multistatus(NamedTuple):
    """A document, and what it says of each resource."""

    root: str
    """The name of the outermost element, with its namespace before a space."""
    resources: tuple[ResourceStatus, ...]
    codes: tuple[str, ...]
    """The names of the elements within a DAV:error at the root: conditions that were not met (§16)."""
    locks: tuple[Lock, ...] = ()
    """The activelock elements of all lockdiscovery elements."""
    discovered: bool = False
    """Whether a DAV:prop at the root has a lockdiscovery (§9.10.1)."""

    @property
    def multistatus(self) -> bool:
        """Whether the outermost element is DAV:multistatus."""
        return self.root == DAV + "multistatus"

    @property
    def error(self) -> bool:
        """Whether it is DAV:error."""
        return self.root == DAV + "error"


def multistatus(content: bytes, charset: str | None = None) -> Multistatus:
    """Reads an XML document for what RFC 4918 has in responses; raises Malformed if it is not well-formed XML.

    Not evaluated: documents that declare entities, and encodings that the parser does not know.
    """
    reader = _Elements()
    xml.parse(content, charset, reader.prepare, namespaces=True)
    return Multistatus(reader.root, tuple(reader.resources), tuple(reader.codes), tuple(reader.locks),
                       reader.discovered)


_status_line = lazily(r"HTTP/[0-9]\.[0-9] ([1-9][0-9]{2})(?: .*)?", re.DOTALL)


class _Elements:
    """Takes the events of the parser; keeps the path of the open elements by their depth only."""

    def __init__(self) -> None:
        self.root = ""
        self.resources: list[ResourceStatus] = []
        self.codes: list[str] = []
        self._depth = 0
        self._place: list[str] = []
        """The names of the outermost four open elements."""
        self._text: list[str] | None = None
        self._length = 0
        self._read_at = 0
        self._hrefs: list[str] = []
        self._status: int | None = None
        self._property_statuses: list[int] = []
        self._open_propstat = False
        self._located = False
        self.locks: list[Lock] = []
        self.discovered = False
        self._discovery = 0
        """The depth of the lockdiscovery that is open; 0 without one."""
        self._children: list[str] = []
        self._held: set[tuple[str, str]] = set()
        self._texts: dict[str, str] = {}

    def prepare(self, parser: XMLParserType) -> None:
        """Sets the handlers."""
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._refuse
        parser.UnparsedEntityDeclHandler = self._refuse
        parser.ExternalEntityRefHandler = self._refuse_reference

    def _refuse(self, *_: object) -> None:
        raise NotEvaluated("the XML declares entities")

    def _refuse_reference(self, *_: object) -> int:
        raise NotEvaluated("the XML refers to what stands elsewhere")

    def _start(self, name: str, _: object) -> None:
        self._depth += 1
        if self._depth == 1:
            self.root = name
        if self._discovery:
            self._in_discovery(name.removeprefix(DAV), self._depth - self._discovery)
        elif name == DAV + "lockdiscovery":
            self._discovery = self._depth
            self.discovered = self.discovered or (self._depth == 2 and self.root == DAV + "prop")
        if self._depth > 4:
            return
        del self._place[self._depth - 1:]
        self._place.append(name)
        place = self._place
        if self._depth == 2:
            if self.root == DAV + "error":
                self.codes.append(name.removeprefix(DAV))
            self._hrefs, self._status, self._property_statuses, self._located = [], None, [], False
        elif place[:2] == _RESPONSE:
            if self._depth == 3:
                self._open_propstat = name == DAV + "propstat"
                self._located = self._located or name == DAV + "location"
                if self._open_propstat:
                    self._property_statuses.append(BAD_STATUS)
            if ((self._depth == 3 and name in (DAV + "href", DAV + "status"))
                    or (self._open_propstat and name == DAV + "status")):
                self._text, self._length, self._read_at = [], 0, self._depth

    def _in_discovery(self, name: str, level: int) -> None:
        """An element so many levels below lockdiscovery."""
        if level == 1:
            self._children, self._held, self._texts = [], set(), {}
        elif level == 2:
            self._children.append(name)
            if name in ("timeout", "depth"):
                self._text, self._length, self._read_at = [], 0, self._depth
        elif level == 3 and self._children:
            self._held.add((self._children[-1], name))

    def _out_of_discovery(self, name: str, level: int) -> None:
        if level == 0:
            self._discovery = 0
        elif level == 1 and name == "activelock":
            self.locks.append(Lock(tuple(self._children), frozenset(self._held), self._texts.get("timeout"),
                                   self._texts.get("depth")))

    def _characters(self, text: str) -> None:
        if self._text is not None and self._length < LONGEST:
            self._text.append(text)
            self._length += len(text)

    def _end(self, name: str) -> None:
        depth, self._depth = self._depth, self._depth - 1
        if self._text is not None and depth == self._read_at:
            text, self._text = "".join(self._text).strip(), None
            if self._discovery:
                self._texts[name.removeprefix(DAV)] = text
            elif name == DAV + "href":
                self._hrefs.append(text)
            elif depth == 3:
                self._status = _code(text)
            else:
                self._property_statuses[-1] = _code(text)
        elif depth == 2 and self._place[:2] == _RESPONSE:
            self.resources.append(ResourceStatus(tuple(self._hrefs), self._status, tuple(self._property_statuses),
                                                 self._located))
        if self._discovery:
            self._out_of_discovery(name.removeprefix(DAV), depth - self._discovery)


_RESPONSE = [DAV + "multistatus", DAV + "response"]


def _code(text: str) -> int:
    match = _status_line.fullmatch(text)
    return int(match.group(1)) if match is not None else BAD_STATUS

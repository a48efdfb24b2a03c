"""Multi-Status content (RFC 4918 §13, §14), read by a parser that expands nothing.

The XML of strangers: entities are refused where they are declared, external ones are never fetched, and the parser
works in one pass over content whose size its caller bounds.
"""
from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from httplint.grammar.syntax import Malformed
from httplint.model.evidence import NotEvaluated

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


class Multistatus(NamedTuple):
    """A document, and what it says of each resource."""

    root: str
    """The name of the outermost element, with its namespace before a space."""
    resources: tuple[ResourceStatus, ...]
    codes: tuple[str, ...]
    """The names of the elements within a DAV:error at the root: conditions that were not met (§16)."""

    @property
    def multistatus(self) -> bool:
        """Whether the outermost element is DAV:multistatus."""
        return self.root == DAV + "multistatus"

    @property
    def error(self) -> bool:
        """Whether it is DAV:error."""
        return self.root == DAV + "error"


def multistatus(content: bytes) -> Multistatus:
    """Reads an XML document for what RFC 4918 has in responses; raises Malformed if it is not well-formed XML.

    Not evaluated: documents that declare entities, and encodings that the parser does not know.
    """
    import xml.parsers.expat as expat
    parser = expat.ParserCreate(namespace_separator=" ")
    reader = _Reader(parser)
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        if error.code in _ENCODINGS:
            raise NotEvaluated("the encoding of the XML is not known") from None
        raise Malformed("", max(parser.ErrorByteIndex, 0), "well-formed XML",
                        f"{expat.ErrorString(error.code)} in line {error.lineno}") from None
    except (ValueError, LookupError):
        raise NotEvaluated("the encoding of the XML is not known") from None
    return Multistatus(reader.root, tuple(reader.resources), tuple(reader.codes))


_ENCODINGS = frozenset((18, 19))
"""Expat's codes for an unknown encoding and one that is declared wrongly."""

_status_line = re.compile(r"HTTP/[0-9]\.[0-9] ([1-9][0-9]{2})(?: .*)?", re.DOTALL)


class _Reader:
    """Takes the events of the parser; keeps the path of the open elements by their depth only."""

    def __init__(self, parser: XMLParserType) -> None:
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
        parser.buffer_text = True
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
                    or (self._depth == 4 and self._open_propstat and name == DAV + "status")):
                self._text, self._length, self._read_at = [], 0, self._depth

    def _characters(self, text: str) -> None:
        if self._text is not None and self._length < LONGEST:
            self._text.append(text)
            self._length += len(text)

    def _end(self, name: str) -> None:
        depth, self._depth = self._depth, self._depth - 1
        if self._text is not None and depth == self._read_at:
            text, self._text = "".join(self._text).strip(), None
            if name == DAV + "href":
                self._hrefs.append(text)
            elif depth == 3:
                self._status = _code(text)
            else:
                self._property_statuses[-1] = _code(text)
        elif depth == 2 and self._place[:2] == _RESPONSE:
            self.resources.append(ResourceStatus(tuple(self._hrefs), self._status, tuple(self._property_statuses),
                                                 self._located))


_RESPONSE = [DAV + "multistatus", DAV + "response"]


def _code(text: str) -> int:
    match = _status_line.fullmatch(text)
    return int(match.group(1)) if match is not None else BAD_STATUS

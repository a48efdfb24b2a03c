"""XML 1.0, read by a parser that fetches nothing and expands no entity of an element's content.

The XML of strangers: one pass over content whose size its caller bounds. Entities of entities, by which little grows to
much, are refused where they are declared.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from httplint.grammar.syntax import Malformed
from httplint.model.evidence import NotEvaluated

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

_LONGEST = 65536
"""How long the texts of all entities that a document declares may be."""

_ENCODINGS = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "us-ascii", "iso-8859-1": "iso-8859-1"}
"""charset -> the parser's name of it."""

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

_UNREAD = (b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"\0\0\0<", b"<\0\0\0", b"\x4c\x6f\xa7\x94")
"""How UTF-32 and EBCDIC begin, which the parser takes for broken UTF-16 and UTF-8 (XML 1.0, appendix F)."""

_UNTOLD = frozenset((18, 19, 43))
"""Expat's codes for an encoding that is unknown or declared wrongly, and for what grows beyond its own bounds."""


def parse(content: bytes, charset: str | None = None, prepare: Callable[[XMLParserType], None] | None = None,
          namespaces: bool = False) -> None:
    """Reads a document; raises Malformed if it is not well-formed (XML 1.0 §2.1), with words that tell why.

    A byte order mark outranks `charset`, and that what the document declares (RFC 7303 §3.2). `prepare` sets handlers;
    `namespaces`: it has to be well-formed by Namespaces in XML too, and names have their namespace and a space in
    front. Not evaluated: other versions, encodings that the parser does not know, entities that refer to others.
    """
    import xml.parsers.expat as expat
    if content.startswith(_UNREAD):
        raise NotEvaluated("the XML is in an encoding that is not read here")
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    if encoding is None and charset is not None:
        encoding = _ENCODINGS.get(charset.lower())
        if encoding is None:
            raise NotEvaluated("the XML is in a charset that is not read here")
    parser = expat.ParserCreate(encoding, " ") if namespaces else expat.ParserCreate(encoding)
    parser.buffer_text = True
    _Declarations(parser)
    if prepare is not None:
        prepare(parser)
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        if error.code in _UNTOLD:
            raise NotEvaluated("the encoding of the XML is not known") from None
        raise Malformed("", max(parser.ErrorByteIndex, 0), "well-formed XML",
                        f"{expat.ErrorString(error.code)} in line {error.lineno}, column {error.offset + 1}") from None
    except (ValueError, LookupError):
        raise NotEvaluated("the encoding of the XML is not known") from None


class _Declarations:
    """Watches what a document declares."""

    def __init__(self, parser: XMLParserType) -> None:
        self._length = 0
        parser.XmlDeclHandler = self._declaration
        parser.EntityDeclHandler = self._entity
        parser.DefaultHandler = self._pass           # with it, references to entities in content are not expanded

    def _declaration(self, version: str, _encoding: str | None, _standalone: int) -> None:
        if version != "1.0":
            raise NotEvaluated("the XML is of another version than 1.0")

    def _entity(self, _name: str, parameter: bool, text: str | None, *_: object) -> None:
        if parameter:
            raise NotEvaluated("the XML declares parameter entities")
        self._length += len(text or "")
        if self._length > _LONGEST or "&" in (text or ""):
            raise NotEvaluated("the XML declares entities of entities, or very long ones")

    def _pass(self, _: str) -> None:
        pass

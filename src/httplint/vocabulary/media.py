"""Whether content is what its media type says: JSON, XML, text of a charset, multipart (RFC 9110 §8.3, RFC 8259)."""
from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TypeVar

from httplint.grammar import xml
from httplint.grammar.content import byteranges
from httplint.grammar.rfc9110 import MediaType
from httplint.grammar.syntax import Malformed
from httplint.grammar.table import value
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.json_faults import alike
from httplint.model.message import Response
from httplint.model.nesting import shallow
from httplint.model.pattern import lazily
from httplint.vocabulary import function
from httplint.vocabulary.codings import CONTENT, plain, uncoded

T = TypeVar("T")


@function()
def is_json(media_type: MediaType) -> bool:
    """Whether a media type is JSON, by its name or its suffix (RFC 8259 §11, RFC 6839 §3.1).

    Not those that frame messages, or put several into one content, whatever their suffix says.
    """
    return media_type.essence == "application/json" or (
        media_type.suffix == "json" and media_type.essence not in _MESSAGES)


_MESSAGES = frozenset(("application/connect+json", "application/grpc+json", "application/grpc-web+json",
                       "application/stream+json"))
"""Streams of JSON texts: of Connect and gRPC, with a prefix before each message; of Spring, a line each."""


@function()
def counts_messages(media_type: MediaType) -> bool:
    """Whether its content is any number of messages, none as well: gRPC, gRPC-Web, and the streams of Connect
    (RFC 9110 §15.3.1).
    """
    return media_type.essence.startswith(("application/grpc", "application/connect+"))


@function()
def doubled_parameters(media_type: MediaType) -> tuple[str, ...]:
    """The parameters of a media type that stand more than once (RFC 6838 §4.3)."""
    names = [name for name, _ in media_type.parameters]
    if len(set(names)) == len(names):
        return ()
    return tuple(name for name, times in Counter(names).items() if times > 1)


@function()
def obsolete_javascript(media_type: MediaType) -> bool:
    """Whether it is one of the media types that are obsolete names of JavaScript (RFC 9239 §6)."""
    return media_type.essence in _OBSOLETE


_OBSOLETE = frozenset((
    "application/ecmascript", "application/javascript", "application/x-ecmascript", "application/x-javascript",
    "text/ecmascript", "text/javascript1.0", "text/javascript1.1", "text/javascript1.2", "text/javascript1.3",
    "text/javascript1.4", "text/javascript1.5", "text/jscript", "text/livescript", "text/x-ecmascript",
    "text/x-javascript",
))


@function("content", reads=CONTENT)
def json_flaw(response: Response) -> str | None:
    """What keeps content from being JSON, in plain words; None if nothing does (RFC 8259 §2).

    Text in another encoding than UTF-8 is another matter, and so is a guard in front (`json_guard`); nesting that is
    too deep to be read is not evaluated.
    """
    content = plain(response).removeprefix(b"\xef\xbb\xbf")
    guard = _guard.match(content)
    if guard is not None:                                  # white space instead, so that places stay what they are
        content = _visible.sub(b" ", guard[0]) + content[guard.end():]
    if _undecodable(content, "utf-8") is not None:
        raise NotEvaluated("the content is not UTF-8")
    if _reads_as_json(content):
        return None
    try:
        json.loads(shallow(content.decode("utf-8")), parse_constant=_no_constant, parse_int=str)
    except RecursionError as why:
        raise NotEvaluated("the content is nested too deeply") from why
    except json.JSONDecodeError as raised:
        error = alike(raised)
        return f"{error.msg[:1].lower()}{error.msg[1:]} in line {error.lineno}, column {error.colno}"
    except ValueError as error:
        return str(error)
    return None


def _reads_as_json(content: bytes) -> bool:
    """Whether UTF-8 is JSON for certain: it is read through, and no object is made of it.

    Not so of what `json` takes besides, such as half a surrogate pair that is escaped, and of very deep nesting.
    """
    import msgspec
    try:
        _reader()(shallow(content))
    except (msgspec.MsgspecError, RecursionError):
        return False
    return True


@cache
def _reader() -> Callable[[bytes], object]:
    import msgspec
    return msgspec.json.Decoder(msgspec.Raw).decode


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


@function("content", reads=CONTENT)
def json_guard(response: Response) -> str | None:
    """What is put in front of JSON so that pages of other sites cannot run it as a script; None if nothing is
    (RFC 8259 §2).

    A client that knows the guard cuts it off and parses the rest; without the rest being JSON there is no guard.
    """
    guard = _guard.match(plain(response).removeprefix(b"\xef\xbb\xbf"))
    return guard[1].decode("ascii") if guard is not None and json_flaw(response) is None else None


_guard = lazily(rb"(\)\]\}'?+,?+|(?:for ?+\(;;\)|while ?+\((?:1|true)\)|throw 1) ?+;|&&&START&&&|\{\} ?+&&"
                rb"|//(?=[ \t\r\n]*+[\[{]))[ \t\r\n]*+(?!\Z)")
"""The guards in use: of Angular, Google, Facebook, Dojo, Apache OFBiz and others."""
_visible = lazily(rb"[^\r\n]")


@function("content", "octets", reads=CONTENT)
def is_utf8(response: Response) -> bool:
    """Whether the content is UTF-8 (RFC 8259 §8.1).

    Not applicable to what is still coded: that is a fault of its own.
    """
    return _undecodable(uncoded(response), "utf-8") is None


@function("content", "octets", reads=CONTENT)
def has_byte_order_mark(response: Response) -> bool:
    """Whether the content begins with a byte order mark of UTF-8 or UTF-16 (RFC 8259 §8.1)."""
    return plain(response).startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))


@function("content", "octets", reads=CONTENT)
def bare_line_feeds(response: Response, boundary: str) -> bool:
    """Whether a delimiter line of multipart content ends with LF alone (RFC 9110 §8.3.3).

    Delimiters stand at the begin of a line (RFC 2046 §5.1.1). Not what follows the closing one, behind all parts.
    """
    named = re.escape(boundary.encode("latin-1", "replace"))
    delimiter = re.compile(rb"(?:\A|\n)--" + named + rb"(--)?+[ \t]*+(?=(\r?\n|\Z))")
    for match in delimiter.finditer(plain(response)):
        if match[1]:
            return False
        if match[2] == b"\n":
            return True
    return False


@function()
def is_text(media_type: MediaType) -> bool:
    """Whether a media type is text, or one of the formats that are made of it
    (RFC 6838 §4.2.1, RFC 8259 §11, RFC 7303 §9.1).
    """
    return (media_type.type == "text" or is_json(media_type) or media_type.suffix == "xml"
            or media_type.essence in ("application/javascript", "application/x-javascript", "application/xml"))


@function()
def is_xml(media_type: MediaType) -> bool:
    """Whether a media type is XML, by its name or its suffix (RFC 7303 §4.1, §9.1)."""
    return media_type.subtype.endswith("xml") and (
        media_type.essence in ("application/xml", "text/xml") or media_type.suffix == "xml")


@function("content", reads=(*CONTENT, "response.content-type"))
def xml_error(response: Response) -> str | None:
    """What keeps XML content from being well-formed, in plain words; None if nothing does (XML 1.0 §2.1).

    Not applicable to what is still coded: that is a fault of its own.
    """
    kind = value(response, "content-type")
    content = uncoded(response)
    return _xml_error(content, kind.charset if isinstance(kind, MediaType) else None)


@lru_cache(maxsize=1)
def _xml_error(content: bytes, charset: str | None) -> str | None:
    """Kept for the message of the rule."""
    try:
        as_captured(xml.parse, content, charset)
    except Malformed as error:
        return error.hint or error.expected
    return None


def as_captured(read: Callable[[bytes, str | None], T], content: bytes, charset: str | None) -> T:
    """What `read` makes of XML in its charset or, as a capture may have encoded the text anew, in UTF-8."""
    try:
        return read(content, charset)
    except Malformed:
        try:
            return read(content, "utf-8")
        except (Malformed, NotEvaluated):
            pass
        raise


@function("content", "octets", reads=CONTENT)
def foreign_octet(response: Response, charset: str) -> str | None:
    """The first octet of text that UTF-8 or US-ASCII does not have there, in words; None if there is none
    (RFC 9110 §8.3.2).

    Other charsets are not judged: in most of them nothing is wrong, or clients read another than is named. Not
    applicable to what is still coded.
    """
    codec = _STRICT.get(charset.lower())
    if codec is None:
        raise NotApplicable("a charset that is judged")
    content = uncoded(response)
    start = _undecodable(content, codec)
    return None if start is None else f"octet {start + 1:,}, 0x{content[start]:02X}"


def _undecodable(content: bytes, codec: str) -> int | None:
    """Where content is no text in UTF-8 or US-ASCII; most is ASCII, which shows without making text of it."""
    if content.isascii():
        return None
    try:
        content.decode(codec)
    except UnicodeDecodeError as error:
        return error.start
    return None


_STRICT = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii"}
"""charset -> codec, where it is certain what is no text in it."""


@function()
def has_charset(media_type: MediaType) -> bool:
    """Whether charset has a meaning for a media type, and its octets are but text in it (RFC 2046 §4.1.2, RFC 9239 §6).

    Not for JSON, which has no charset, and XML, which tells its own.
    """
    return (not is_xml(media_type) and not is_json(media_type)
            and (media_type.type == "text" or media_type.essence in _OBSOLETE))


@function("content", "octets", reads=(*CONTENT, "response.content-type"))
def multipart_flaw(response: Response) -> str | None:
    """What keeps multipart content from being taken apart, in plain words; None if nothing does (RFC 2046 §5.1.1)."""
    kind = value(response, "content-type")
    if not isinstance(kind, MediaType) or not kind.boundary:
        raise NotApplicable("a boundary")
    content = uncoded(response)
    try:
        byteranges(content, kind.boundary)
    except Malformed as error:
        return f"expected {error.expected} at octet {error.position:,}"
    return None


@function()
def is_boundary(text: str) -> bool:
    """Whether a text fits `boundary := 0*69<bchars> bcharsnospace` (RFC 2046 §5.1.1)."""
    return _boundary.fullmatch(text) is not None


_boundary = lazily(r"[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]")

"""What the responses of WebDAV hold (RFC 4918 §9, §13, §14)."""
from __future__ import annotations

import re
from functools import lru_cache

from httplint.engine.case import value
from httplint.engine.functions import function
from httplint.engine.functions.media import LARGEST, plain
from httplint.grammar.multistatus import BAD_STATUS, Multistatus, ResourceStatus, multistatus
from httplint.grammar.rfc4918 import simple_ref
from httplint.grammar.rfc9110 import MediaType
from httplint.grammar.syntax import Malformed
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Request, Response

METHODS = frozenset((
    "ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "COPY", "LABEL", "LOCK", "MERGE", "MKACTIVITY",
    "MKCALENDAR", "MKCOL", "MKREDIRECTREF", "MKWORKSPACE", "MOVE", "ORDERPATCH", "PROPFIND", "PROPPATCH", "REBIND",
    "REPORT", "SEARCH", "UNBIND", "UNCHECKOUT", "UNLOCK", "UPDATE", "UPDATEREDIRECTREF", "VERSION-CONTROL",
))
"""The methods of WebDAV and its extensions."""

REDIRECTS = (300, 301, 302, 303, 305, 307, 308)


@function()
def of_webdav(method: str) -> bool:
    """Whether a method is one of WebDAV or its extensions."""
    return method in METHODS


@function()
def is_xml(media_type: MediaType) -> bool:
    """Whether a media type is XML, by its name or its suffix (RFC 7303 §4.1, §9.1)."""
    return media_type.essence in ("application/xml", "text/xml") or media_type.suffix == "xml"


@function("content")
def xml_flaw(response: Response) -> str | None:
    """What keeps XML content from being well-formed, in plain words; None if nothing does (RFC 4918 §8.2)."""
    found = _document(_xml(response))
    return found if isinstance(found, str) else None


@function("content")
def document(response: Response) -> Multistatus:
    """The XML content as RFC 4918 reads it. Not evaluated if it is not well-formed."""
    found = _document(_xml(response))
    if isinstance(found, str):
        raise NotEvaluated("the content is no well-formed XML")
    return found


@function("content")
def resources(response: Response) -> tuple[ResourceStatus, ...]:
    """The response elements of a multistatus (RFC 4918 §14.24)."""
    found: Multistatus = document(response)
    if not found.multistatus:
        raise NotEvaluated("the content is no multistatus")
    return found.resources


@function("content")
def holds_condition(response: Response) -> bool:
    """Whether the content is a DAV:error that names a condition (RFC 4918 §16), or a multistatus."""
    try:
        found = _document(plain(response))
    except NotApplicable:
        return False
    return isinstance(found, Multistatus) and (found.multistatus or (found.error and bool(found.codes)))


@function("request_content")
def broken_xml(request: Request) -> bool:
    """Whether the request has XML content that is not well-formed (RFC 4918 §8.2)."""
    kind = value(request, "content-type")
    if not request.content or not isinstance(kind, MediaType) or not is_xml(kind):
        raise NotApplicable("no XML in the request")
    if request.fields is not None and "content-encoding" in request.fields.index:
        raise NotEvaluated("the content of the request is coded")
    if len(request.content) > LARGEST:
        raise NotEvaluated("the content of the request is large")
    _in_utf8(kind)
    return isinstance(_document(request.content), str)


def _xml(response: Response) -> bytes:
    """Content that is called XML."""
    kind = value(response, "content-type")
    if not isinstance(kind, MediaType) or not is_xml(kind):
        raise NotApplicable("no XML")
    _in_utf8(kind)
    return plain(response)


def _in_utf8(kind: MediaType) -> None:
    """Not evaluated: XML whose charset parameter outranks what the XML says of its own encoding (RFC 7303 §3.2)."""
    if kind.charset not in (None, "utf-8", "utf8", "us-ascii"):
        raise NotEvaluated("the XML is in another charset than UTF-8")


@lru_cache(maxsize=1)
def _document(content: bytes) -> Multistatus | str:
    """Kept for the other rules about the same content."""
    try:
        return multistatus(content)
    except Malformed as error:
        return error.hint or error.expected


@function()
def repeated_hrefs(resources: tuple[ResourceStatus, ...]) -> tuple[str, ...]:
    """The hrefs that several places of a multistatus have (RFC 4918 §14.24)."""
    seen: set[str] = set()
    found: dict[str, None] = {}
    for one in resources:
        for href in one.hrefs:
            if href in seen:
                found[href] = None
            seen.add(href)
    return tuple(found)


@function()
def one_form(resources: tuple[ResourceStatus, ...]) -> bool:
    """Whether all hrefs are absolute URIs, or all are paths (RFC 4918 §8.3); what is neither does not count."""
    hrefs = [href for one in resources for href in one.hrefs]
    return len({href.startswith("/") for href in hrefs if href.startswith("/") or _scheme.match(href)}) < 2


_scheme = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+:")


@function()
def href_flaw(resource: ResourceStatus) -> str | None:
    """Why an href of it is neither an absolute URI nor an absolute path; None if all are (RFC 4918 §8.3, §14.7)."""
    for href in resource.hrefs:
        try:
            simple_ref(href, href, 0)
        except Malformed as error:
            seen = href[error.position:error.position + 1]
            return f"{error.expected} was expected" + (f" in place of '{seen}'" if seen else "")
    return None


@function()
def badly_told(resource: ResourceStatus) -> bool:
    """Whether a status element is missing, or holds no status line (RFC 4918 §14.22, §14.24, §14.28)."""
    return BAD_STATUS in resource.statuses or not resource.statuses


@function()
def unlocated(resource: ResourceStatus) -> bool:
    """Whether the resource is redirected, and no location element says where to (RFC 4918 §13.2)."""
    return resource.status in REDIRECTS and not resource.located

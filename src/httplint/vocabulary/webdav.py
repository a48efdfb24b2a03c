"""What the responses of WebDAV hold (RFC 4918 §9, §13, §14)."""
from __future__ import annotations

import re
from functools import lru_cache

from httplint.grammar.common import repeated
from httplint.grammar.multistatus import BAD_STATUS, Lock, Multistatus, ResourceStatus, multistatus
from httplint.grammar.rfc4918 import simple_ref
from httplint.grammar.rfc9110 import MediaType
from httplint.grammar.syntax import Malformed
from httplint.grammar.table import value
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Request, Response
from httplint.model.pattern import lazily
from httplint.vocabulary import function
from httplint.vocabulary.codings import CONTENT, asked, plain
from httplint.vocabulary.media import as_captured, is_xml

METHODS = frozenset((
    "ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "COPY", "LABEL", "LOCK", "MERGE", "MKACTIVITY",
    "MKCALENDAR", "MKCOL", "MKREDIRECTREF", "MKWORKSPACE", "MOVE", "ORDERPATCH", "PROPFIND", "PROPPATCH", "REBIND",
    "REPORT", "SEARCH", "UNBIND", "UNCHECKOUT", "UNLOCK", "UPDATE", "UPDATEREDIRECTREF", "VERSION-CONTROL",
))
"""The methods of WebDAV and its extensions."""

REDIRECTS = (300, 301, 302, 303, 305, 307, 308)


@function()
def of_webdav(method: str) -> bool:
    """Whether a method is one of WebDAV or its extensions (RFC 4918 §9)."""
    return method in METHODS


@function(reads=("response.content-type",))
def called_xml(response: Response) -> bool:
    """Whether content is called XML (RFC 7303 §4.1, §9.1)."""
    kind = value(response, "content-type")
    return isinstance(kind, MediaType) and is_xml(kind)


@function("content", reads=(*CONTENT, "response.content-type"))
def xml_flaw(response: Response) -> str | None:
    """What keeps XML content from being well-formed, in plain words; None if nothing does (RFC 4918 §8.2)."""
    found = _document(*_xml(response))
    return found if isinstance(found, str) else None


@function("content", reads=(*CONTENT, "response.content-type"))
def document(response: Response) -> Multistatus:
    """The XML content as WebDAV reads it (RFC 4918 §14).

    Not evaluated if it is not well-formed.
    """
    return _well_formed(*_xml(response))


def _well_formed(content: bytes, charset: str | None) -> Multistatus:
    found = _document(content, charset)
    if isinstance(found, str):
        raise NotEvaluated("the content is no well-formed XML")
    return found


@function("content", reads=(*CONTENT, "response.content-type"))
def resources(response: Response) -> tuple[ResourceStatus, ...]:
    """The response elements of a multistatus (RFC 4918 §14.24)."""
    found: Multistatus = document(response)
    if not found.multistatus:
        raise NotEvaluated("the content is no multistatus")
    return found.resources


@function("content", reads=CONTENT)
def holds_condition(response: Response) -> bool:
    """Whether the content is a DAV:error that names a condition, or a multistatus (RFC 4918 §13, §16)."""
    try:
        found = _document(plain(response))
    except NotApplicable:
        return False
    return isinstance(found, Multistatus) and (found.multistatus or (found.error and bool(found.codes)))


@function("request_content", reads=("request:content", "request.content-type", "request.content-encoding?"))
def broken_xml(request: Request) -> bool:
    """Whether the request has XML content that is not well-formed (RFC 4918 §8.2)."""
    kind = value(request, "content-type")
    if not request.content or not isinstance(kind, MediaType) or not is_xml(kind):
        raise NotApplicable("XML in the request")
    return isinstance(_document(asked(request), kind.charset), str)


def _xml(response: Response) -> tuple[bytes, str | None]:
    """Content that is called XML, and its charset parameter."""
    if not called_xml(response):
        raise NotApplicable("XML")
    return _labelled(response)


def _labelled(response: Response) -> tuple[bytes, str | None]:
    kind = value(response, "content-type")
    return plain(response), kind.charset if isinstance(kind, MediaType) else None


@lru_cache(maxsize=1)
def _document(content: bytes, charset: str | None = None) -> Multistatus | str:
    """Kept for the other rules about the same content."""
    try:
        return as_captured(multistatus, content, charset)
    except Malformed as error:
        return error.hint or error.expected


@function("content", reads=(*CONTENT, "response.content-type"))
def tells_lock(response: Response) -> bool:
    """Whether the content is a DAV:prop with a lockdiscovery that has an activelock (RFC 4918 §9.10.1)."""
    try:
        content, charset = _xml(response)
    except NotApplicable:                                  # no content, or no XML
        return False
    found = _well_formed(content, charset)
    return found.discovered and bool(found.locks)


@function("content", reads=(*CONTENT, "response.content-type"))
def locks(response: Response) -> tuple[Lock, ...]:
    """The locks that lockdiscovery elements in the content tell of, whatever it is called (RFC 4918 §15.8)."""
    return _well_formed(*_labelled(response)).locks


@function()
def lock_flaws(lock: Lock) -> tuple[str, ...]:
    """What an activelock lacks, or has twice, by the definition of its elements (RFC 4918 §14.1, §14.12, §14.14)."""
    flaws = [f"no {name}" for name in ("lockscope", "locktype", "depth", "lockroot") if name not in lock.children]
    flaws += [f"more than one {name}" for name in _ONCE if lock.children.count(name) > 1]
    flaws += [f"{name} without href" for name in ("locktoken", "lockroot")
              if name in lock.children and (name, "href") not in lock.held]
    return tuple(flaws)


_ONCE = ("lockscope", "locktype", "depth", "owner", "timeout", "locktoken", "lockroot")


@function()
def is_lock_time(text: str) -> bool:
    """Whether the text of a timeout element is a TimeType (RFC 4918 §14.29, §10.7)."""
    return _time_type.fullmatch(text) is not None


_time_type = lazily(r"Second-[0-9]+|Infinite", re.IGNORECASE | re.ASCII)


@function()
def twice_told(resource: ResourceStatus) -> bool:
    """Whether a response element has a status of its own beside its propstat elements (RFC 4918 §14.24)."""
    return resource.status is not None and bool(resource.property_statuses)


@function()
def repeated_hrefs(resources: tuple[ResourceStatus, ...]) -> tuple[str, ...]:
    """The hrefs that several places of a multistatus have (RFC 4918 §14.24)."""
    return repeated(href for one in resources for href in one.hrefs)


@function()
def one_form(resources: tuple[ResourceStatus, ...]) -> bool:
    """Whether all hrefs are absolute URIs, or all are paths; what is neither does not count (RFC 4918 §8.3)."""
    hrefs = [href for one in resources for href in one.hrefs]
    return len({href.startswith("/") for href in hrefs if href.startswith("/") or _scheme.match(href)}) < 2


_scheme = lazily(r"[A-Za-z][A-Za-z0-9+.-]*+:")


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

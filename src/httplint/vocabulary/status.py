"""What status codes say about the request, and the registry of them (RFC 9110 §15)."""
from __future__ import annotations

import re

from httplint.grammar import registry
from httplint.grammar.registry.own import NONE, OwnNames
from httplint.grammar.rfc9110 import Preference, Protocol, RangeSpec
from httplint.grammar.table import parsed
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Request, Response
from httplint.model.pattern import lazily
from httplint.vocabulary import function
from httplint.vocabulary.codings import CONTENT, plain


@function("content", reads=("response:content",))
def has_content(response: Response) -> bool:
    """Whether the response has content of any length (RFC 9110 §6.4)."""
    if response.content is None:
        raise NotEvaluated("the content was not captured, or not completely")
    return response.content != b""


@function()
def registered_status(status: int) -> bool:
    """Whether a status code is in IANA's registry, assigned or reserved (RFC 9110 §15.1, §16.2)."""
    return status in registry.status_codes()


@function()
def used_by(status: int) -> str:
    """Who is known to use an unregistered status code, as the end of a sentence; empty if nobody is
    (RFC 9110 §15.1).
    """
    known = registry.common_codes().get(status, ())
    return "".join(f"; {one.used_by}: {one.name}" for one in known[:2])


@function("reason", reads=("response:reason", "response:status"))
def other_meaning(response: Response) -> tuple[int, ...]:
    """The status codes other than the response's own that its reason phrase is the registered name of
    (RFC 9110 §15.1).
    """
    if not response.reason:
        return ()
    mine = registry.status_codes().get(response.status)
    phrase = response.reason.casefold()
    if mine is None or mine.name.casefold() == phrase:
        return ()
    return tuple(code for code in _codes_by_name().get(phrase, ()) if code != response.status)


_BY_NAME: dict[str, list[int]] = {}


def _codes_by_name() -> dict[str, list[int]]:
    if not _BY_NAME:
        for code, one in registry.status_codes().items():
            if not one.name.startswith("("):
                _BY_NAME.setdefault(one.name.casefold(), []).append(code)
    return _BY_NAME


@function()
def registered_method(method: str, *, names: OwnNames = NONE) -> bool:
    """Whether a method is in IANA's registry, or known to the project, by its exact name (RFC 9110 §9.1, §16.1)."""
    return method in registry.methods() or method in names.methods


@function(absent=("request.accept", "request.accept-charset", "request.accept-encoding", "request.accept-language",
                  "request.negotiate", "request.prefer"), reads=("request.*?", "request.accept"))
def restricts(request: Request) -> bool:
    """Whether the request has a field that some representation could fail to suit (RFC 9110 §12.1, §12.5).

    Any field does that has "accept", "prefer", "negotiate" or "version" in its name, since extensions may negotiate,
    too; but not an Accept that takes every media type.
    """
    assert request.fields is not None
    for name in request.fields.index:
        if name == "accept":
            if not _takes_all(request):
                return True
        elif re.search("accept|prefer|negotiat|version", name):
            return True
    return False


def _takes_all(request: Request) -> bool:
    assert request.fields is not None
    try:
        wanted = parsed(request.fields, "accept")
    except NotEvaluated:
        return False
    assert isinstance(wanted, tuple)
    ranges = [one for one in wanted if isinstance(one, Preference)]
    return not ranges or (all(one.weight > 0 for one in ranges) and any(one.value == "*/*" for one in ranges))


@function()
def satisfiable(spec: RangeSpec, complete: int) -> bool:
    """Whether a byte range can be had from a representation of that length (RFC 9110 §14.1.2).

    The last octets of nothing are satisfiable by the specification, but Content-Range cannot express them.
    """
    if spec.first is not None:
        return spec.first < complete
    return bool(spec.last) and complete > 0


@function()
def in_use(protocol: Protocol, version: str) -> bool:
    """Whether a protocol of Upgrade is the very HTTP version of that message, "HTTP/1.1" or "HTTP" (RFC 9110 §7.8)."""
    return protocol.name.lower() == "http" and (protocol.version is None
                                                or protocol.version.removesuffix(".0") == version.removesuffix(".0"))


_version = lazily(rb"(?i)http(?:s|[ \t]|-|/)?+[0-9]|\bh[23]\b|version[a-z]{0,30}+[^a-z0-9]{1,9}[0-9]")


@function("content", absent=("response.content-encoding",), reads=("response:content",))
def names_versions(response: Response) -> bool:
    """Whether the content speaks of a protocol version, such as HTTP/1.1 or h2 (RFC 9110 §15.6.6)."""
    if response.fields is not None and "content-encoding" in response.fields.index:
        raise NotEvaluated("the content is encoded")
    return _version.search(response.content or b"") is not None


@function("repeats", reads=("request.host",))
def invalid_host(request: Request) -> bool:
    """Whether Host stands on several lines, or has a value that is none (RFC 9112 §3.2).

    Without Host, raises NotApplicable.
    """
    assert request.fields is not None
    if len(request.fields.index.get("host", ())) > 1:
        return True
    try:
        parsed(request.fields, "host")
    except NotEvaluated:
        return True
    return False


@function("request_fields", reads=("request.*",))
def header_octets(request: Request) -> int:
    """How many octets the header section of the request has in HTTP/1.1, each field on a line (RFC 6585 §5)."""
    assert request.fields is not None
    return sum(len(name) + len(value) + 4 for name, value in request.fields.lines)


@function("content", reads=CONTENT)
def mentions(response: Response, text: str) -> bool:
    """Whether the content has that ASCII text in lower case, quotes apart (RFC 6585 §6)."""
    try:
        content = plain(response)
    except NotApplicable:
        return False
    return text.encode() in content.lower().replace(b'"', b"").replace(b"'", b"")

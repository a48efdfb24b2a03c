"""Expected content, accepted codings, and whether two responses are about the same (RFC 9110 §8.4, §8.8, §10.1.1)."""
from __future__ import annotations

import re

from httplint.grammar.codings import ALIASES
from httplint.grammar.dates import Date
from httplint.grammar.rfc9110 import EntityTag, Expectation, Preference
from httplint.grammar.table import given
from httplint.model.evidence import NotEvaluated
from httplint.model.message import Request, Response
from httplint.vocabulary import function
from httplint.vocabulary.knowledge import settled


@function(absent=("request.expect",))
def expects_continue(request: Request) -> bool:
    """Whether the request has the expectation 100-continue (RFC 9110 §10.1.1)."""
    expectations = given(request, "expect")
    return isinstance(expectations, tuple) and any(
        isinstance(one, Expectation) and one.name == "100-continue" and one.value is None for one in expectations)


@function("request_version")
def awaits_continue(request: Request) -> bool:
    """Whether a 100 has to come before the request content, and so before a 101 (RFC 9110 §7.8, §10.1.1).

    The request has the expectation 100-continue and announces content. A server ignores the expectation of HTTP/1.0,
    and may leave out the 100 if there is no content.
    """
    if request.version == "1.0" or not expects_continue(request) or request.fields is None:
        return False
    length = given(request, "content-length")
    return "transfer-encoding" in request.fields.index or (isinstance(length, int) and length > 0)


@function("pair")
def refused_codings(codings: tuple[str, ...], accepted: tuple[Preference, ...]) -> tuple[str, ...]:
    """The content codings that an Accept-Encoding with members does not accept (RFC 9110 §12.5.3).

    Accepted is what is listed, or met by "*", with a weight above zero. x-gzip and x-compress are gzip and compress
    (§8.4.1), unless the list has the very name; identity is no coding.
    """
    weights: dict[str, float] = {}
    for one in accepted:
        weights.setdefault(one.value, one.weight)
    if not weights:
        return ()
    return tuple(coding for coding in codings if coding != "identity" and _weight(coding, weights) == 0)


def _weight(coding: str, weights: dict[str, float]) -> float:
    """The weight of a coding by its very name, by one that is equivalent, or by "*"."""
    same = ALIASES.get(coding, coding)
    names = (coding, *(name for name in (same, f"x-{same}") if ALIASES.get(name, name) == same), "*")
    return next((weights[name] for name in names if name in weights), 0.0)


@function("pair", absent=("response.cache-control", "response.content-language", "response.content-location",
                          "response.content-type", "response.last-modified"))
def fields_of_get_only(response: Response, stored: Response) -> tuple[str, ...]:
    """The fields of the same representation by GET that the answer to HEAD lacks; or an empty name (RFC 9110 §9.3.2).

    Only those that a server knows before it makes the content; Vary may come of making it, says the section.
    """
    if response.fields is None or stored.fields is None or not _same_representation(response, stored):
        return ("",)
    return tuple(name for name in _BEFORE_CONTENT
                 if name.lower() in stored.fields.index and name.lower() not in response.fields.index) or ("",)


_BEFORE_CONTENT = ("Cache-Control", "Content-Language", "Content-Location", "Content-Type", "Last-Modified")


def _same_representation(response: Response, stored: Response) -> bool:
    """Whether the response is about the very representation that the stored 200 had (RFC 9110 §8.8.1).

    Equal strong tags say so; without any tag, an equal Last-Modified that was a minute old at the time of the 200, so
    that it is a strong validator (§8.8.2.2). Otherwise not evaluated, as with another content coding: the resource may
    have changed, or another variant been selected.
    """
    tag, other = given(response, "etag"), given(stored, "etag")
    if tag is None and other is None:
        date = given(stored, "last-modified")
        same = (isinstance(date, Date) and settled(date, given(stored, "date"))
                and date == given(response, "last-modified"))
    else:
        same = isinstance(tag, EntityTag) and not tag.weak and tag == other
    if not same or given(response, "content-encoding") != given(stored, "content-encoding"):
        raise NotEvaluated("nothing ties the response to the 200 seen before")
    return True


@function()
def names_no_port(target: str) -> bool:
    """Whether the target of a CONNECT has a colon, and behind it no port or an impossible one (RFC 9110 §9.3.6).

    A target with a slash is not in the form of CONNECT; some captures write a URI in its place.
    """
    match = _port.search(target)
    if match is None or "/" in target:
        return False
    port = match.group(1)
    return not (port.isascii() and port.isdigit() and int(port.lstrip("0")[:6] or "0") <= 65535)


_port = re.compile(r":([^:\]]*+)\Z")

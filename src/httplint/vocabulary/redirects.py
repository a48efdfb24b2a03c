"""Where redirects lead (RFC 9110 §10.2.2, §15.4)."""
from __future__ import annotations

from httplint.grammar.target import redirect_target, requested
from httplint.grammar.uri import UriReference
from httplint.model.message import Request, Response
from httplint.model.pattern import lazily
from httplint.vocabulary import function
from httplint.vocabulary.transport import target_origin

_CHANGES = ("set-cookie", "retry-after", "clear-site-data", "accept-ch", "critical-ch")
"""Response fields after which the next request is not the same, or not made at once."""


@function()
def web_userinfo(reference: UriReference) -> bool:
    """Whether an http or https reference has a userinfo part, even an empty one (RFC 9110 §4.2.4).

    A reference without scheme takes that of the target URI, which is one of the two.
    """
    return reference.userinfo is not None and (reference.scheme or "http").lower() in ("http", "https")


@function(absent=("response.location", "response.range"), reads=("response:reason",))
def resumes_upload(response: Response) -> bool:
    """Whether a 308 without Location says how much of an upload has arrived, as protocols older than RFC 7538 use it
    (RFC 9110 §15.4.9).

    They answer an incomplete upload with "308 Resume Incomplete" and a Range field, which has no meaning in responses.
    """
    if response.fields is None or "location" in response.fields:
        return False
    return "range" in response.fields or (response.reason or "").lower() == "resume incomplete"


@function("pair", absent=tuple(f"response.{name}" for name in _CHANGES),
          reads=("request:method", "request:uri", "response:status", "response.location"))
def leads_to_itself(request: Request, response: Response) -> bool:
    """Whether following a redirect makes the very request again that it answers (RFC 9110 §10.2.2, §15.4).

    Not so if the method may change on the way, or if the response sets a cookie or otherwise makes the client ask
    differently or later. URIs are compared as they are requested: a redirect to another spelling of the same URI
    leads on. Where the scheme of the target URI is not known, it has to be so for http and for https.
    """
    fields = response.fields
    if fields is None or not any(fields.values("location")) or any(name in fields.index for name in _CHANGES):
        return False
    if request.method not in ("GET", "HEAD") and response.status not in (307, 308):
        return False
    uri = request.uri
    uris = (uri, "https" + uri[4:]) if request.target.startswith("/") and not request.scheme else (uri,)
    return all(redirect_target(one, response) == requested(one) for one in uris)


@function("pair", absent=tuple(f"response.{name}" for name in _CHANGES),
          reads=("request:method", "request:uri", "response:status", "response.location"))
def goes_round(request: Request, response: Response, chain: tuple[str, ...]) -> bool:
    """Whether a redirect goes round in a circle that the client has been through before (RFC 9110 §15.4).

    A target that was asked twice on the way here redirects once more, to where the way has been. The first return
    may be meant, to see whether a cookie came back; so may waiting for something, with Retry-After. A redirect that
    leads to itself is left to the rule about that.
    """
    if response.fields is None or "retry-after" in response.fields.index or leads_to_itself(request, response):
        return False
    return chain.count(requested(request.uri)) > 1 and redirect_target(request.uri, response) in chain


@function(paired=False, reads=("request:uri", "response.location"))
def upgrade_flaw(request: Request, response: Response) -> str:
    """What keeps a redirect from leading straight from http to https of the same host (RFC 6797 §7.2).

    "http" if it leads to http again, "host" if to another host, whose policy is not that of this one; else nothing.
    """
    there = _web.match(redirect_target(request.uri, response) or "")
    if there is None or there[1] == "http":
        return "http" if there is not None else ""
    return "host" if there[2] != target_origin(request).host else ""


_web = lazily(r"(https?)://(\[[^\]]*+\]|[^/?#:]*+)")

"""What two representations of one resource tell about each other (RFC 9110 §8.8, §12.5.5)."""
from __future__ import annotations

from httplint.grammar.table import value
from httplint.model.evidence import NotEvaluated
from httplint.model.message import Message, Request, Response
from httplint.vocabulary import function
from httplint.vocabulary.codings import refused_codings
from httplint.vocabulary.knowledge import Variant, codings


@function("pair", absent=("response.content-encoding", "request.accept-encoding"),
          reads=("request.*", "response.content-encoding", "response.vary", "response.last-modified"))
def coded_on_demand(request: Request, response: Response, variant: Variant) -> bool:
    """Whether the content coding differs from that of an earlier 200 because Accept-Encoding does (RFC 9110 §12.5.5).

    It does so for sure if one of the requests got a coding that it asks for, and the other does not ask for it. Not if
    Last-Modified shows that the representation has changed, or if Vary names another field that differs.
    """
    before, now = codings(variant.response), codings(response)
    return (before != now
            and (_asks(request, now) > _asks(variant.request, now)
                 or _asks(variant.request, before) > _asks(request, before))
            and _unchanged(response, variant) and not _told_apart("accept-encoding", request, response, variant))


@function("request_fields", reads=("request.*",))
def asked_alike(request: Request, variant: Variant) -> bool:
    """Whether the request has the same fields as that of an earlier 200 (RFC 9110 §5.1, §5.3).

    The order of fields with different names, and the case of names, mean nothing.
    """
    return alike(request, variant.request)


def alike(one: Request, other: Request) -> bool:
    """Whether two requests have the same fields."""
    if one.fields is None or other.fields is None or one.fields.index.keys() != other.fields.index.keys():
        return False
    return all(one.fields.values(name) == other.fields.values(name) for name in one.fields.index)


@function("pair", absent=("request.accept-language",), reads=("request.*", "response.vary", "response.last-modified"))
def translated(languages: tuple[str, ...], request: Request, response: Response, variant: Variant) -> bool:
    """Whether Content-Language differs from that of an earlier 200 because Accept-Language does (RFC 9110 §12.5.5).

    Not if Last-Modified shows that the representation has changed, or if Vary names another field that differs.
    """
    before = value(variant.response, "content-language")
    return (before is not None and before != languages
            and _languages(request) != _languages(variant.request)
            and _unchanged(response, variant) and not _told_apart("accept-language", request, response, variant))


def _languages(request: Request) -> str | None:
    """Accept-Language without what makes no difference: whitespace, and the case of letters (RFC 4647 §2)."""
    asked = _asked(request, "accept-language")
    return None if asked is None else "".join(asked.lower().split())


def _asks(request: Request, applied: tuple[str, ...]) -> bool:
    """Whether Accept-Encoding names all these codings, with a weight above zero (§12.5.3)."""
    if _asked(request, "accept-encoding") is None:
        return not applied
    accepted = value(request, "accept-encoding")
    if not isinstance(accepted, tuple):
        raise NotEvaluated("malformed Accept-Encoding")
    return not applied or (bool(accepted) and not refused_codings(applied, accepted))


def _told_apart(field: str, request: Request, response: Response, variant: Variant) -> bool:
    """Whether the requests differ in another field that Vary names: it may be what the server went by (§12.5.5)."""
    for one in (response, variant.response):
        names = value(one, "vary")
        if isinstance(names, tuple) and any(name != field and _asked(request, name) != _asked(variant.request, name)
                                            for name in dict.fromkeys(names)):
            return True
    return False


def _unchanged(response: Response, variant: Variant) -> bool:
    return value(response, "last-modified") == value(variant.response, "last-modified")


def _asked(message: Message, name: str) -> str | None:
    """The value of a field, of any lines together; None without it."""
    return None if message.fields is None or name not in message.fields.index else message.fields.combined(name)

"""Content with its codings and without: what is left of it, and what is wrong with them (RFC 9110 §8.4, §12.5.3).

Functions about content ask for it here: as it was sent, or `plain`. A capture may have undone the codings and left the
field, which shows where what is called coded reads as text. Content is looked at up to a bound, and decoded once.
"""
from __future__ import annotations

from functools import lru_cache

from httplint.grammar import registry
from httplint.grammar.codings import ALIASES, CUT, Decoded, begins_as, decoded
from httplint.grammar.rfc9110 import Preference
from httplint.grammar.table import value
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Request, Response
from httplint.model.pattern import lazily
from httplint.vocabulary import function

LARGEST = 1024 * 1024
"""Octets of content, decoded, that are looked at; larger content is not judged."""
SENT = ("response:content", "response.transfer-encoding")
CONTENT = (*SENT, "response.content-encoding")
"""What `sent`, and what the other functions here look at."""
_text = lazily(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*+\Z")


def sent(response: Response) -> bytes:
    """The content with its content codings. Not evaluated: a transfer coding besides chunked may still be on it."""
    if response.content is None:
        raise NotEvaluated("the content was not captured, or not completely")
    if response.fields is not None and "transfer-encoding" in response.fields.index:
        applied = value(response, "transfer-encoding")
        if not isinstance(applied, tuple) or [one.name for one in applied if one.name != "chunked"]:
            raise NotEvaluated("a transfer coding may still be on the content")
    return response.content


def unpacked(response: Response) -> Decoded:
    """The content without its content codings, and what is wrong with those. Empty content is not judged."""
    return decoded(_some(response), _codings(response))


def _some(response: Response) -> bytes:
    """The content as it was sent, if there is any."""
    content = sent(response)
    if not content:
        raise NotApplicable("content")
    return content


def _codings(response: Response) -> tuple[str, ...]:
    codings = value(response, "content-encoding")
    return codings if isinstance(codings, tuple) else ()


def plain(response: Response) -> bytes:
    """The content without content codings; of a capture that has undone them, the content itself.

    Not evaluated: large content, codings that cannot be undone, a transfer coding. Empty content is not judged.
    """
    content = _some(response)
    codings = _codings(response)
    if codings and not (_looks_plain(content) and _makes_no_text(codings)):
        found = decoded(content, codings)
        if not found.whole:
            raise NotEvaluated(found.reason or "the content cannot be decoded")
        content = found.content
        if not content:
            raise NotApplicable("content")
    if len(content) > LARGEST:
        raise NotEvaluated("the content is large")
    return content


def uncoded(response: Response) -> bytes:
    """The same; not applicable where it still begins as a coding does: that is a fault of its own."""
    content = plain(response)
    if begins_as(content) is not None:
        raise NotApplicable("content without content codings")
    return content


def _makes_no_text(codings: tuple[str, ...]) -> bool:
    """Whether all codings are registered: what those make does not read as text, as Base64 for one would."""
    return registry.names("coding").issuperset(codings)


def _looks_plain(content: bytes) -> bool:
    """Whether content that is announced as coded was decoded by the capture: it reads as text."""
    return _reads_as_text(content[:_LOOKED_AT], len(content) <= _LOOKED_AT)


_LOOKED_AT = 4096


@lru_cache(4)
def _reads_as_text(begin: bytes, whole: bool) -> bool:
    """Kept for the other rules about the same content."""
    try:
        return _text.match(begin.decode("utf-8", "strict" if whole else "ignore")) is not None
    except UnicodeDecodeError:
        return False


def asked(request: Request) -> bytes:
    """The content of a request. Not evaluated: coded or large content."""
    if request.fields is not None and "content-encoding" in request.fields.index:
        raise NotEvaluated("the content of the request is coded")
    content = request.content or b""
    if len(content) > LARGEST:
        raise NotEvaluated("the content of the request is large")
    return content


@function()
def repeats(names: tuple[str, ...]) -> bool:
    """Whether a content coding is listed twice, under whichever name (RFC 9110 §8.4.1).

    x-gzip is gzip, x-compress is compress.
    """
    plain_names = [ALIASES.get(name, name) for name in names]
    return len(set(plain_names)) < len(plain_names)


@function("content", "octets", reads=(*CONTENT, "response.content-length"))
def coding_flaw(response: Response, kind: str) -> str | None:
    """Why the content cannot be decoded as Content-Encoding says, as the end of a sentence (RFC 9110 §8.4).

    None unless the flaw is of that kind (see grammar.codings). Content that is shorter than Content-Length says is cut
    off altogether, which is a flaw of its own.
    """
    found = unpacked(response)
    if found.flaw is None:
        if found.reason is not None:
            raise NotEvaluated(found.reason)
        return None
    if found.flaw.kind == CUT:
        length = value(response, "content-length")
        if isinstance(length, int) and length > len(sent(response)):
            raise NotApplicable("content of the length that Content-Length says")
    return found.flaw.text if found.flaw.kind == kind else None


@function("content", "octets", absent=("response.content-encoding",), reads=SENT)
def coded_in_secret(response: Response) -> str | None:
    """The coding that content begins like although none is announced; None otherwise (RFC 9110 §8.4)."""
    if response.fields is None or "content-encoding" in response.fields.index:
        return None
    return begins_as(sent(response))


@function("content", "octets", reads=CONTENT)
def coded_once_more(response: Response) -> str | None:
    """The coding that is left when those announced are undone; None if there is none (RFC 9110 §8.4)."""
    content = plain(response)
    return None if content is response.content else begins_as(content)


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


@function()
def refuses_identity(accepted: tuple[Preference, ...]) -> bool:
    """Whether an Accept-Encoding takes content without coding for unacceptable (RFC 9110 §12.5.3).

    That is identity with a weight of zero; or "*" with one, unless identity is listed.
    """
    weights: dict[str, float] = {}
    for one in accepted:
        weights.setdefault(one.value, one.weight)
    return weights.get("identity", weights.get("*", 1.0)) == 0


def _weight(coding: str, weights: dict[str, float]) -> float:
    """The weight of a coding by its very name, by one that is equivalent, or by "*"."""
    same = ALIASES.get(coding, coding)
    names = (coding, *(name for name in (same, f"x-{same}") if ALIASES.get(name, name) == same), "*")
    return next((weights[name] for name in names if name in weights), 0.0)

"""What conditional requests ask, and whether a stored response is the one that they ask about (RFC 9110 §13)."""
from __future__ import annotations

from httplint.grammar.dates import DAYS, LONG_DAYS, Date, http_date
from httplint.grammar.rfc9110 import EntityTag, EntityTags
from httplint.grammar.syntax import Malformed
from httplint.grammar.table import given
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Request, Response
from httplint.model.pattern import lazily
from httplint.vocabulary import function

KEPT = ("Cache-Control", "Content-Location", "ETag", "Expires", "Vary")
"""What a 304 carries if the 200 would (§15.4.5), but Date, which every response carries."""

NEEDLESS = ("Content-Type", "Content-Encoding", "Content-Language")
"""Representation metadata that does not guide cache updates; Last-Modified and validators of extensions may."""

STANDARD = frozenset(("if-match", "if-none-match", "if-modified-since", "if-unmodified-since"))
"""The preconditions of RFC 9110 that decide between a result and 304 or 412; If-Range only chooses the range."""

_PARTS = frozenset(("if", "condition", "etag", "expected", "lease", "match", "precondition", "revision", "unless"))
_NAMES = frozenset(("lock-token", "overwrite", "tus-resumable"))
_hint = lazily("|".join((*_PARTS, *_NAMES)))
_word = lazily("[A-Za-z]*+")
_parameter = lazily(r"[?&](if[A-Z][A-Za-z]*+)=")


_ABSENT = ("request.if-match", "request.if-none-match", "request.if-modified-since", "request.if-unmodified-since")


@function("pair", absent=_ABSENT, reads=("request.*?", "request:target"))
def conditions(request: Request) -> tuple[str, ...]:
    """The names of the request's preconditions in lower case, those of extensions among them (RFC 9110 §13.1).

    Extensions may add preconditions of any name. Taken for one is what has "if", "match", "lease" or another word like
    that as a part of its name (If of WebDAV, If-Schedule-Tag-Match, X-If-Modified-Since, x-goog-if-generation-match,
    x-ms-lease-id, X-Expected-Version); Overwrite and Lock-Token of WebDAV (RFC 4918 §10.5, §10.6); Tus-Resumable, to
    which tus servers of another version answer 412; and parameters of the target like ifGenerationMatch. If-Range is
    none: the method is performed either way.
    """
    if request.fields is None:
        return ()
    names = request.fields.index
    found = [name for name in names if _is_condition(name)] if _hint.search(" ".join(names)) else []
    return (*found, *_parameter.findall(request.target))


def _is_condition(name: str) -> bool:
    return name in _NAMES or (name != "if-range" and not _PARTS.isdisjoint(name.split("-")))


@function("pair", absent=_ABSENT, reads=("request.*?", "request:target"))
def standard_conditions(request: Request) -> tuple[str, ...]:
    """The names of the request's preconditions in lower case if all of them are those of RFC 9110, else none
    (RFC 9110 §13.1).

    An extension may change what the others come to (§13.2.1), so that nothing can be said beside one.
    """
    found = conditions(request)
    return found if STANDARD.issuperset(found) else ()


@function("pair")
def weakly_matched(tags: EntityTags, tag: EntityTag) -> bool:
    """Whether the list has that tag, weak or not; "*" has every tag (RFC 9110 §8.8.3.2, §13.1.2)."""
    return tags.any or any(one.tag == tag.tag for one in tags.tags)


@function("pair")
def strongly_matched(tags: EntityTags, tag: EntityTag) -> bool:
    """Whether the list has that tag, and neither is weak; "*" has every tag (RFC 9110 §8.8.3.2, §13.1.1)."""
    return tags.any or (not tag.weak and tag in tags.tags)


@function("pair")
def rewritten(tags: EntityTags, tag: EntityTag) -> bool:
    """Whether a tag may be what something behind the server made of a strong one in the list (RFC 9110 §8.8.3.3).

    What codes a response on the fly weakens its tag, or adds the name of the coding ("a-gzip", "a;br"), after the
    server has compared it (RFC 9110 §8.8.3.3).
    """
    return any(not one.weak and _CODED.sub("", tag.tag) == one.tag for one in tags.tags)


_CODED = lazily(r"(?:-|;|--|:|\.)(?:gzip|br|zstd|deflate|df)\Z")


@function("pair", reads=("request.{name}",))
def invalid_date(request: Request, name: str) -> bool:
    """Whether the request has that field, and its value is no HTTP-date by the grammar (RFC 9110 §5.6.7).

    A date with the wrong day of the week does fit the grammar, and servers read past it. Several lines are not
    judged: a capture may have repeated them.
    """
    values = request.fields.values(name) if request.fields is not None else []
    if not values:
        raise NotApplicable(name)
    if len(values) > 1:
        raise NotEvaluated(f"{name} stands on several lines")
    word = _word.match(values[0])
    assert word is not None
    days = next((days for days in (DAYS, LONG_DAYS) if word[0] in days), (word[0],))
    return not any(_is_date(day + values[0][word.end():]) for day in days)


def _is_date(value: str) -> bool:
    try:
        http_date(value)
    except Malformed:
        return False
    return True


@function("pair", absent=("request.if-none-match", *(f"response.{name.lower()}" for name in KEPT)),
          reads=("request.if-none-match", "request.if-modified-since", "response.etag"))
def dropped_metadata(request: Request, response: Response, stored: Response) -> tuple[str, ...]:
    """The fields that the 304 lacks although the 200 that it confirms had them (RFC 9110 §15.4.5).

    Date is left to the rule about Date, and an ETag that If-None-Match asked for to the rule about that.
    """
    _confirmed(request, response, stored)
    asked = request.fields is not None and "if-none-match" in request.fields
    return tuple(name for name in KEPT if stored.fields is not None and name in stored.fields
                 and response.fields is not None and name not in response.fields and not (name == "ETag" and asked))


@function("pair", reads=tuple(f"response.{name.lower()}?" for name in NEEDLESS))
def needless_metadata(response: Response) -> tuple[str, ...]:
    """The fields of a 304 that only describe the representation (RFC 9110 §15.4.5).

    A client's cache adds the stored ones to a 304 that it was sent, hence the need for "pair".
    """
    return tuple(name for name in NEEDLESS if response.fields is not None and name in response.fields)


def _confirmed(request: Request, response: Response, stored: Response) -> None:
    """Raises NotEvaluated unless the request asks about the stored 200, and the 304 does not name another one."""
    tags = given(request, "if-none-match")
    if tags is None:
        since = given(request, "if-modified-since")
        ours = isinstance(since, Date) and since == given(stored, "last-modified")
    else:
        earlier = given(stored, "etag")
        ours = isinstance(tags, EntityTags) and isinstance(earlier, EntityTag) and weakly_matched(tags, earlier)
    tag, earlier = given(response, "etag"), given(stored, "etag")
    if isinstance(tag, EntityTag) and isinstance(earlier, EntityTag) and tag.tag != earlier.tag:
        ours = False
    if not ours:
        raise NotEvaluated("the 304 does not confirm the 200 seen before")

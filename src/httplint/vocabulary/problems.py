"""Problem details (RFC 9457)."""
from __future__ import annotations

import json
import re
from functools import lru_cache

from httplint.grammar import registry
from httplint.grammar.rfc9110 import MediaType
from httplint.grammar.syntax import Malformed
from httplint.grammar.table import value
from httplint.grammar.uri import uri_reference
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Response
from httplint.model.named import NamedTuple
from httplint.model.nesting import shallow
from httplint.model.pattern import lazily
from httplint.vocabulary import function
from httplint.vocabulary.codings import CONTENT, plain

MEMBERS = {"type": "string", "title": "string", "detail": "string", "instance": "string", "status": "number"}
"""The members that RFC 9457 §3.1 defines, and what they are."""

_NAME = lazily(r"[A-Za-z][A-Za-z0-9_]{2,}")
_TRACE = lazily(r"Traceback \(most recent call last\)|^[ \t]*+at [\w.$<>\[\]`]++[ .]?+[\w<>]*+ ?+\([^()\n]{0,400}\)"
                r"|\.(?:py|rb|php|js|ts|cs|java|go|kt)(?::|\(|, line )[0-9]+|^goroutine [0-9]+ \[", re.MULTILINE)
EARLIER = {408: ("request time-out",), 413: ("request entity too large", "payload too large"),
           414: ("request-uri too long", "request-uri too large"),
           416: ("requested range not satisfiable",), 422: ("unprocessable entity",), 504: ("gateway time-out",)}
"""Names that status codes had in earlier specifications, in lower case."""


class ProblemDetails(NamedTuple):
    """The members of a problem; those of another kind than they have to be count as not there (§3.1).

    Nothing is lost where that is null: it says the same as an absent member, and is no flaw.
    """

    type: str | None
    title: str | None
    detail: str | None
    instance: str | None
    status: float | None
    mistyped: tuple[str, ...]
    """The members of a wrong kind, with what they have to be."""
    extensions: tuple[str, ...]
    """The names of all other members."""

    @property
    def blank(self) -> bool:
        """Whether the problem says no more than the status code (§4.2.1)."""
        return self.type is None or self.type.lower() == "about:blank"


@function(reads=("response.content-type",))
def called_problem(response: Response) -> bool:
    """Whether content is called problem details in JSON (RFC 9457 §3)."""
    kind = value(response, "content-type")
    return isinstance(kind, MediaType) and kind.essence == "application/problem+json"


@function("content", reads=CONTENT)
def is_object(response: Response) -> bool:
    """Whether content in JSON, whatever it is called, is an object (RFC 9457 §3)."""
    return isinstance(_json(response), ProblemDetails)


@function("content", reads=CONTENT)
def problem(response: Response) -> ProblemDetails:
    """The problem that the content tells, whatever it is called (RFC 9457 §3).

    Not applicable if there is no content, or it is no object.
    """
    found = _json(response)
    if not isinstance(found, ProblemDetails):
        raise NotApplicable("a JSON object")
    return found


def _json(response: Response) -> ProblemDetails | str:
    found = _read(plain(response))
    if found is None:
        raise NotEvaluated("the content is no JSON")
    return found


@lru_cache(maxsize=1)
def _read(content: bytes) -> ProblemDetails | str | None:
    """The problem; the name of what it is instead of an object; None if it is no JSON. Kept for the next rule.

    Not evaluated: content that is nested too deeply.
    """
    try:
        found = json.loads(shallow(content.removeprefix(b"\xef\xbb\xbf").decode("utf-8")))
    except RecursionError:
        raise NotEvaluated("the content is nested too deeply") from None
    except ValueError:
        return None
    if not isinstance(found, dict):
        return _kind(found)
    known = {name: found[name] for name, kind in MEMBERS.items() if name in found and _kind(found[name]) == kind}
    wrong = tuple(f"{name} (a {kind})" for name, kind in MEMBERS.items()
                  if found.get(name) is not None and name not in known)
    return ProblemDetails(known.get("type"), known.get("title"), known.get("detail"), known.get("instance"),
                   known.get("status"), wrong, tuple(name for name in found if name not in MEMBERS))


def _kind(found: object) -> str:
    if isinstance(found, bool):
        return "boolean"
    return {str: "string", int: "number", float: "number", list: "array", dict: "object"}.get(type(found), "null")


@function()
def odd_names(problem: ProblemDetails) -> tuple[str, ...]:
    """The names of extensions that other formats than JSON cannot carry, or of less than three characters
    (RFC 9457 §4).
    """
    return tuple(name for name in problem.extensions if not _NAME.fullmatch(name))


def reference_flaw(text: str | None) -> str | None:
    """What keeps a member from being a URI reference; None if nothing does (RFC 9457 §3.1.1, §3.1.5)."""
    if text is not None:
        try:
            uri_reference(text)
        except Malformed as error:
            return error.expected
    return None


@function()
def wrong_references(problem: ProblemDetails) -> tuple[str, ...]:
    """What keeps type and instance from being URI references, in words that a message may end with
    (RFC 9457 §3.1.1, §3.1.5).
    """
    return tuple(f"{name} '{text[:60]}', in which {flaw} was expected"
                 for name, text in (("type", problem.type), ("instance", problem.instance))
                 if text is not None and (flaw := reference_flaw(text)) is not None)


@function()
def unrooted(text: str | None) -> bool:
    """Whether a URI reference is relative and does not begin with the root of the path (RFC 9457 §3.1.1, §3.1.5)."""
    if not text or reference_flaw(text) is not None:
        return False
    return uri_reference(text).relative and not text.startswith("/")


@function()
def names_status(title: str, status: int) -> bool:
    """Whether a title is a name of the status code, of now or of an earlier specification (RFC 9457 §4.2.1).

    True for a code without a registered name, and for a title that is not in ASCII: it may be a translation.
    """
    known = registry.status_codes().get(status)
    plain_title = title.casefold().strip(" .")
    return (known is None or known.name.startswith("(") or not title.isascii() or plain_title == known.name.casefold()
            or plain_title in EARLIER.get(status, ()))


@function()
def has_stack_trace(text: str | None) -> bool:
    """Whether a text looks like a stack trace (RFC 9457 §3.1.4)."""
    return text is not None and _TRACE.search(text) is not None

"""Cache directives and freshness (RFC 9111, RFC 5861, RFC 8246).

Caches read what they can, and treat the rest as stale or as not there: a directive that they would read otherwise than
it was meant is a flaw. Whose cache reads it, makes a difference: shared ones take s-maxage, some take a field of their
own in the place of Cache-Control.
"""
from __future__ import annotations

from httplint.grammar.common import TOKEN
from httplint.grammar.dates import Date
from httplint.grammar.names import one_slip
from httplint.grammar.registry import cache_directives
from httplint.grammar.rfc9111 import CacheControl, CacheControlDirective
from httplint.grammar.table import header_section, parsed
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Response
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily
from httplint.vocabulary import function


class DirectiveFlaw(NamedTuple):
    """What is wrong with a cache directive in a response.

    `kind` is one of: "no argument", "not seconds", "needless argument", "quoted", "not quoted", "not names", "request",
    "outdated", "misspelt", "unknown", "repeated" (with the same meaning), "conflict" (with another); or "" if nothing
    is wrong with any.
    """

    kind: str
    name: str = ""
    argument: str = ""
    hint: str = ""
    """What is probably meant, as the end of a sentence: empty, or with a semicolon in front."""


SOUND = (DirectiveFlaw(""),)
"""Stands for any number of directives that nothing is to be said about."""

MOST = 50
"""Further directives of one response are not judged."""

_SPELLINGS = {"".join(filter(str.isalpha, name)): name for name, known in cache_directives().items()
              if known.registered}
"""Directives by their letters alone."""
_names = lazily(rf"[ \t,]*+(?:{TOKEN}[ \t]*+(?:,[ \t,]*+|\Z))*+")
_whole = lazily(r"([0-9]++)[A-Za-z.]")


@function()
def directive_flaws(control: CacheControl) -> tuple[DirectiveFlaw, ...]:
    """What is wrong with the directives of a response, or else one flaw of no kind (RFC 9111 §5.2.2)."""
    if control.judged is None:
        judged = control.directives[:MOST]
        found = [flaw for one in judged if (flaw := _flaw(one)) is not None]
        if outdated := [flaw.name for flaw in found if flaw.kind == "outdated"]:
            found = [flaw for flaw in found if flaw.kind != "outdated"]
            found.append(DirectiveFlaw("outdated", " and ".join(dict.fromkeys(outdated))))
        if len(set(control.names)) < len(control.names):
            found += _repeated(judged)
        control.judged = tuple(found) or SOUND
    assert isinstance(control.judged, tuple)
    return control.judged


def _flaw(one: CacheControlDirective) -> DirectiveFlaw | None:
    known = cache_directives().get(one.name)
    argument = one.argument or ""
    if known is None:
        name = intended(one.name)
        return DirectiveFlaw("misspelt" if name else "unknown", one.name, argument, f"; {name} is" if name else "")
    if not known.registered:
        return DirectiveFlaw("outdated", one.name, argument)
    if not known.response:
        return DirectiveFlaw("request", one.name, argument)
    kind = _argument(one, known.argument)
    if kind is None:
        return None
    return DirectiveFlaw(kind, one.name, argument, _seconds_hint(argument) if kind == "not seconds" else "")


def _argument(one: CacheControlDirective, wanted: str) -> str | None:
    """What is wrong with an argument, if something is; `wanted` is what the registry says."""
    if wanted == "none":
        return None if one.argument is None else "needless argument"
    if wanted == "names":
        if one.argument is None:
            return None
        if _names.fullmatch(one.argument) is None:
            return "not names"
        return None if one.quoted else "not quoted"
    if not one.argument:
        return "no argument"
    if one.seconds is None:
        return "not seconds"
    return "quoted" if one.quoted else None


def _seconds_hint(argument: str) -> str:
    if _whole.match(argument):
        return ", without unit or fraction"
    return ", which is never negative" if argument[:1] == "-" else ""


def _repeated(directives: tuple[CacheControlDirective, ...]) -> list[DirectiveFlaw]:
    first: dict[str, CacheControlDirective] = {}
    found: dict[str, DirectiveFlaw] = {}
    for one in directives:
        before = first.setdefault(one.name, one)
        if before is not one and one.name not in found:
            same = before.argument == one.argument or (before.seconds is not None and before.seconds == one.seconds)
            arguments = " and ".join(str(argument) for argument in (before.argument, one.argument))
            if same or one.name in _SINGLE:
                found[one.name] = DirectiveFlaw("repeated" if same else "conflict", one.name, arguments)
    return list(found.values())


_SINGLE = frozenset(name for name, known in cache_directives().items()
                    if known.registered and known.argument != "names")
"""Directives of which only one can count (§4.2.1).

Of those that may list fields, one that does and one that does not may both mean something; what extensions make of
several is theirs to say (§5.2.3).
"""


def intended(name: str) -> str | None:
    """The cache directive that an unknown name was probably meant to be: the same letters, or one slip away."""
    if not 5 <= len(name) <= LONGEST:
        return None
    found = _SPELLINGS.get("".join(filter(str.isalpha, name)))
    return found or next((known for known in _SPELLINGS.values() if one_slip(name, known)), None)


LONGEST = 40
"""Longer names are not judged."""


@function(absent=("response.expires",), reads=("response.cache-control", "response.expires", "response.date"))
def freshness(response: Response) -> int | None:
    """The explicit freshness lifetime in seconds, None without one (RFC 9111 §4.2.1).

    That of shared caches where s-maxage says another than max-age, as it is they who add Age. Directives against
    storing or reuse play no part. An Expires that is no date is in the past (§5.3).
    """
    fields = header_section(response)
    if "cache-control" in fields.index:
        control = parsed(fields, "cache-control")
        assert isinstance(control, CacheControl)
        for name in ("s-maxage", "max-age"):
            if control.has(name):
                seconds = control.seconds(name)
                if seconds is None:
                    raise NotEvaluated(f"{name} is no number of seconds")
                return seconds
    return _expires_in(response)


def _expires_in(response: Response) -> int | None:
    """How many seconds after Date a response expires; None without Expires or Date."""
    fields = response.fields
    assert fields is not None
    if "expires" not in fields.index:
        return None
    if "date" not in fields.index:
        raise NotEvaluated("without Date, Expires has nothing to be compared with")
    date = parsed(fields, "date")
    try:
        expires = parsed(fields, "expires")
    except NotEvaluated:
        return 0
    assert isinstance(date, Date)
    assert isinstance(expires, Date)
    return expires.timestamp - date.timestamp


@function(reads=("response.expires", "response.date"))
def expires_in(response: Response) -> int:
    """How many seconds after Date a response expires by Expires alone (RFC 9111 §4.2.1)."""
    seconds = _expires_in(response)
    if seconds is None:
        raise NotApplicable("expires")
    return seconds


@function(reads=("response.cache-control",))
def stale_allowance(response: Response) -> int:
    """For how many seconds a response may be used once it is stale, by its own directives (RFC 5861 §3, §4)."""
    if response.fields is None or "cache-control" not in response.fields.index:
        return 0
    control = parsed(response.fields, "cache-control")
    assert isinstance(control, CacheControl)
    return max(control.stale_while_revalidate or 0, control.stale_if_error or 0)


_TARGETED = frozenset(("surrogate-control", "edge-control", "x-accel-expires"))


@function(reads=("response.*?",))
def targets_caches(response: Response) -> bool:
    """Whether some field has directives for caches of its own choice, which then pass over Cache-Control
    (RFC 9213 §2.2, §2.4).

    Those of RFC 9213 end in -Cache-Control by convention (§2.4); Surrogate-Control and the like came before.
    """
    names = response.fields.index if response.fields is not None else {}
    return not names.keys().isdisjoint(_TARGETED) or any(name.endswith("-cache-control", 1) for name in names)


_INFINITE = frozenset((2**31, *(2**bits - 1 for bits in (31, 32, 53, 63, 64))))


@function()
def infinite(seconds: int) -> bool:
    """Whether it is what caches put for a number that is too great for them (RFC 9111 §1.2.2)."""
    return seconds in _INFINITE

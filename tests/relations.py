"""Changes of exchanges that make no difference, or that only take something away: the metamorphic tests use them.

A change takes an exchange and a source of chance, and returns another exchange, or an equal one where there is nothing
to change.
"""
from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from httplint.capture.har_quirks import PLAYWRIGHT, TABLE, UNKNOWN, Producer
from httplint.grammar import table
from httplint.model.evidence import BITS, Evidence
from httplint.model.exchange import Exchange
from httplint.model.fields import OWS, Fields
from httplint.model.message import Irregularity, Message, Request, Response

Change = Callable[[Exchange, random.Random], Exchange]
Spoken = TypeVar("Spoken", Request, Response)
Lines = list[tuple[int | None, str, str]]
"""Field lines with the number that each had (None: it was added)."""
ChangeOfLines = Callable[[Lines, random.Random], Lines]


def of_lines(change: ChangeOfLines) -> Change:
    """A change of exchanges by one of the field lines of each of their header sections."""
    def changed(exchange: Exchange, chance: random.Random) -> Exchange:
        def message(old: Message) -> dict[str, object]:
            if old.fields is None:
                return {}
            lines = change([(at, name, value) for at, (name, value) in enumerate(old.fields)], chance)
            place = {was: at for at, (was, _, _) in reversed(list(enumerate(lines)))}
            return {"fields": Fields(tuple((name, value) for _, name, value in lines)), "irregularities": tuple(
                one if one.line is None or one.line not in place
                else Irregularity(one.kind, one.position, one.text, place[one.line]) for one in old.irregularities)}

        return exchange.but(response=exchange.response.but(**message(exchange.response)),
                            request=exchange.request and exchange.request.but(**message(exchange.request)),
                            interim=tuple([one.but(**message(one)) for one in exchange.interim]))
    return changed


def shuffled(lines: Lines, chance: random.Random) -> Lines:
    """The lines in another order, those of equal names in the order that they had."""
    turns = [name.lower() for _, name, _ in lines]
    chance.shuffle(turns)
    queues: dict[str, Lines] = {}
    for line in reversed(lines):
        queues.setdefault(line[1].lower(), []).append(line)
    return [queues[name].pop() for name in turns]


def recased(lines: Lines, chance: random.Random) -> Lines:
    """The names in letters of other cases."""
    case = chance.choice((str.lower, str.upper, str.title, str.swapcase))
    return [(at, case(name), value) for at, name, value in lines]


_MEMBERS = re.compile(r'"(?:[^"\\]|\\.)*+"?|<[^>]*+>?|\((?:[^()\\]|\\.)*+\)?|[^,"<(]++|(,)', re.DOTALL)


def commas(value: str) -> list[int]:
    """The commas between list members: outside quotes, comments, inner lists and URI references."""
    return [found.start() for found in _MEMBERS.finditer(value) if found[1]]


def split(lines: Lines, chance: random.Random) -> Lines:
    """Lines of list-based fields cut in two."""
    out: Lines = []
    for at, name, value in lines:
        entry = table.field(name)
        cuts = commas(value) if entry is not None and entry.list and all(map(str.strip, value.split(","))) else []
        if cuts:
            cut = chance.choice(cuts)
            out += [(at, name, value[:cut].rstrip(OWS)), (None, name, value[cut + 1:].lstrip(OWS))]
        else:
            out.append((at, name, value))
    return out


def joined(lines: Lines, chance: random.Random) -> Lines:
    """Lines of list-based fields combined with comma and space where the first one stands."""
    out: Lines = []
    first: dict[str, int] = {}
    for at, name, value in lines:
        entry = table.field(name)
        key = name.lower()
        if entry is not None and entry.list and key in first and value.strip(OWS) and out[first[key]][2].strip(OWS):
            was, spelt, before = out[first[key]]
            out[first[key]] = (was, spelt, f"{before.strip(OWS)}, {value.strip(OWS)}")
        else:
            first.setdefault(key, len(out))
            out.append((at, name, value))
    return out


def with_unknown(lines: Lines, chance: random.Random) -> Lines:
    """With a field more of which nobody has said anything; its name fits HTTP/2 too."""
    place = chance.randint(0, len(lines))
    return [*lines[:place], (None, "example-field", "1"), *lines[place:]]


def spaced(lines: Lines, chance: random.Random) -> Lines:
    """With whitespace around the values and around the commas of list-based fields.

    Not in front of those of challenges: behind the space after a scheme stand its parameters (RFC 9110 §11.3).
    """
    out: Lines = []
    for at, name, value in lines:
        entry = table.field(name)
        if entry is not None and entry.list:
            for cut in reversed(commas(value)):
                before, after = value[:cut].rstrip(OWS), value[cut + 1:].lstrip(OWS)
                blank = "" if "authenticate" in name.lower() else chance.choice(("", " ", "\t"))
                value = before + blank + "," + chance.choice(("", " ", " \t")) + after
        out.append((at, name, chance.choice(("", " ", "\t ")) + value + chance.choice(("", " ", " \t"))))
    return out


_ALL = r"(.+)"
_NAMES = r'"(?:[^"\\]|\\.)*+"?|="(?:[^"\\]|\\.)*+"?|=[^;,\s]*+|([!#$%&\'*+.^_`|~0-9A-Za-z/-]++)'
_MEDIA = r'"(?:[^"\\]|\\.)*+"?|(charset=[^;,\s"]++)|="(?:[^"\\]|\\.)*+"?|=[^;,\s]*+|([!#$%&\'*+.^_`|~0-9A-Za-z/-]++)'
_SCHEMES = (r'"(?:[^"\\]|\\.)*+"?|(?:(?<=^)|(?<=, )|(?<=,))([A-Za-z][A-Za-z0-9-]*+)(?= |,|$)'
            r'|([A-Za-z][A-Za-z0-9_-]*+)(?= *= *["\w])')
_COOKIE = r'^[^;]*+|; *([A-Za-z-]++)|(?<=samesite)=([A-Za-z]++)|[^;]'
_URI = r'^([A-Za-z][A-Za-z0-9+.-]*+:(?://[^/?#@]*+(?=[/?#]|$))?)|^(//[^/?#@]*+)(?=[/?#]|$)|.'
_UNIT = r"^([A-Za-z]++)(?=[ =])|."
_LINKS = r'<[^>]*+>?|(rel="[^":]*")|"(?:[^"\\]|\\.)*+"?|="(?:[^"\\]|\\.)*+"?|=[^;,\s]*+|([A-Za-z*-]++)'
_CSP = r"(?:(?<=^)|(?<=; )|(?<=;))([a-z-]++)|('(?:self|none|unsafe-[a-z-]+|strict-dynamic)')|[^;']++|."

CASELESS: dict[str, str] = {
    **dict.fromkeys(("Content-Encoding", "Accept-Encoding", "Connection", "Accept-Ranges", "Vary", "Trailer",
                     "Content-Language", "Accept-Language", "Accept-Charset", "Access-Control-Allow-Headers",
                     "Access-Control-Expose-Headers", "Access-Control-Request-Headers", "Upgrade", "Expect", "Host",
                     "X-Content-Type-Options", "X-Frame-Options"), _ALL),
    **dict.fromkeys(("Transfer-Encoding", "TE", "Cache-Control", "Pragma", "Prefer", "Preference-Applied",
                     "Content-Disposition", "Strict-Transport-Security"), _NAMES),
    **dict.fromkeys(("Content-Type", "Accept", "Accept-Patch", "Accept-Post"), _MEDIA),
    **dict.fromkeys(("WWW-Authenticate", "Proxy-Authenticate", "Authorization", "Proxy-Authorization"), _SCHEMES),
    **dict.fromkeys(("Location", "Content-Location", "Referer"), _URI),
    **dict.fromkeys(("Content-Range", "Range"), _UNIT),
    "Set-Cookie": _COOKIE, "Link": _LINKS,
    **dict.fromkeys(("Content-Security-Policy", "Content-Security-Policy-Report-Only"), _CSP),
}
"""Field -> what of its values is compared without regard to case: the groups of a pattern."""
_CASELESS = {name.lower(): re.compile(pattern, re.IGNORECASE | re.DOTALL) for name, pattern in CASELESS.items()}


def values_recased(lines: Lines, chance: random.Random) -> Lines:
    """What the specifications compare without regard to case, in the other case: what differs still does."""
    def changed(found: re.Match[str]) -> str:
        begin, end = found.span(found.lastindex or 0) if found.lastindex else (found.end(), found.end())
        begin, end = begin - found.start(), end - found.start()
        text = found[0]
        return text[:begin] + text[begin:end].swapcase() + text[end:]

    return [(at, name, _CASELESS[name.lower()].sub(changed, value) if name.lower() in _CASELESS else value)
            for at, name, value in lines]


# --- the same in another version of HTTP --------------------------------------------------------------------------

def in_version(exchange: Exchange, version: str) -> Exchange:
    """The exchange as HTTP of that version would have it: names in lower case, no reason phrase, no octets."""
    def message(old: Spoken) -> Spoken:
        return old.but(version=version, fields=_lower(old.fields), trailers=_lower(old.trailers),
                       **({"reason": ""} if isinstance(old, Response) else {}))

    return exchange.but(response=message(exchange.response), request=exchange.request and message(exchange.request),
                        interim=tuple([message(one) for one in exchange.interim]),
                        evidence=exchange.evidence.without("wire", "name_case", "reason"))


def _lower(fields: Fields | None) -> Fields | None:
    return fields and Fields(tuple((name.lower(), value) for name, value in fields))


# --- less of the same ---------------------------------------------------------------------------------------------

def lessened(exchange: Exchange) -> Iterator[tuple[str, Exchange]]:
    """Captures of the exchange that prove less, each with what they lack."""
    response, request, evidence = exchange.response, exchange.request, exchange.evidence
    for fact in BITS:
        if evidence.knows(fact) and fact != "request":
            yield f"the fact {fact}", exchange.but(evidence=evidence.without(fact))
    for name in response.fields.index if response.fields else ():
        if name in RESPONSE_GAPS:
            yield f"the response field {name}", exchange.but(
                response=response.but(fields=_without(response.fields, name)),
                evidence=Evidence.of(evidence.bits, evidence.response_gaps | {name}, evidence.request_gaps))
    if request is not None:
        yield "the request", exchange.but(request=None, evidence=evidence.without(
            "request", "request_fields", "request_content", "request_version", "target"))
        yield "the content of the request", exchange.but(request=request.but(content=None, size=None),
                                                         evidence=evidence.without("request_content"))
        yield "the fields of the request", exchange.but(request=request.but(fields=None),
                                                        evidence=evidence.without("request_fields"))
        for name in request.fields.index if request.fields else ():
            yield "a field of the request", exchange.but(request=request.but(fields=_without(request.fields, name)),
                                                         evidence=evidence.without("request_fields"))
    yield "the content", exchange.but(response=response.but(content=None, size=None),
                                      evidence=evidence.without("content", "octets", "size"))
    yield "the octets", exchange.but(response=response.but(content=None),
                                     evidence=evidence.without("content", "octets"))
    yield "trailers", exchange.but(response=response.but(trailers=None), evidence=evidence.without("trailers"))
    yield "interim responses", exchange.but(interim=(), evidence=evidence.without("interim"))
    yield "the time", exchange.but(started=None, evidence=evidence.without("time"))
    yield "the version", exchange.but(response=response.but(version=None), evidence=evidence.without("version"))
    yield "the reason", exchange.but(response=response.but(reason=None), evidence=evidence.without("reason"))
    yield "the lines", exchange.but(response=response.but(fields=_joined(response.fields)),
                                    evidence=evidence.without("lines", "repeats", "exact", "wire"))


def as_kept_by(exchange: Exchange, row: Producer, dropping: bool) -> Exchange:
    """What a tool makes of an exchange at best; `dropping`: it leaves out every field that it may leave out."""
    response, request, evidence = exchange.response, exchange.request, exchange.evidence
    kept = Evidence.of(evidence.bits & row.facts, row.response_gaps, row.request_gaps)
    if not dropping:
        return exchange.but(evidence=kept)
    asked = request and request.but(fields=_without(request.fields, *row.request_gaps))
    answered = response.but(fields=_without(response.fields, *row.response_gaps), trailers=None)
    return exchange.but(response=answered, request=asked, interim=(), evidence=kept)


_ROWS = [UNKNOWN, PLAYWRIGHT, *(row for _, row in TABLE)]
PRODUCERS = [(row, dropping) for row in _ROWS for dropping in (True, False)]
RESPONSE_GAPS = frozenset().union(*(row.response_gaps for row in _ROWS)) - {
    "content-encoding", "content-length", "transfer-encoding"}
"""The fields that some tool leaves out of responses; not those whose codings it undoes before."""


def _without(fields: Fields | None, *names: str) -> Fields | None:
    return fields and Fields(tuple((name, value) for name, value in fields if name.lower() not in names))


def _joined(fields: Fields | None) -> Fields | None:
    """Every field on one line, as a mapping of names to values has it."""
    return fields and Fields(tuple((name, ", ".join(fields.values(name)))
                                   for name in dict.fromkeys(name.lower() for name, _ in fields)))

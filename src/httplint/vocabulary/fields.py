"""Fields in general: malformed values, repeated singletons, fields out of place (RFC 9110 §5, §6.5)."""
from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from httplint.grammar import table
from httplint.grammar.common import empty_member
from httplint.grammar.dates import Date
from httplint.grammar.names import meant_name
from httplint.grammar.policies import Refresh
from httplint.grammar.registry import own
from httplint.grammar.reporting import Endpoint
from httplint.grammar.rfc2295 import Alternates, VariantDescription
from httplint.grammar.rfc2518 import StatusUri
from httplint.grammar.rfc8288 import Link
from httplint.grammar.syntax import Malformed
from httplint.grammar.uri import UriReference, uri_reference
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.fields import OWS, Fields
from httplint.model.message import Message, Response
from httplint.model.printable import Words
from httplint.vocabulary import function

SHOWN = 60
"""How much of a value a message shows: so much that the flaw is in it."""

control = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
"""What no field value may hold (RFC 9110 §5.5)."""


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field line under judgement. What follows `sound` says what is wrong with it, where it is not."""

    name: str
    line: int | None
    """Index into the lines of its section; None where no line has to be named."""
    value: str = ""
    """The value; of a long one the part with the flaw."""
    sound: bool = True
    position: int | None = None
    """The offset in the whole value at which it leaves its grammar."""
    expected: str = ""
    hint: str = ""
    """What was probably meant, as the end of a sentence: empty, or with a semicolon in front."""
    part: str = "field"
    """Where the line stands: "trailer" in the trailer section, else in the header section."""

    @property
    def octet(self) -> int | None:
        """The same place as people count, from 1."""
        return None if self.position is None else self.position + 1

    @property
    def number(self) -> bool:
        """Whether the value is an integer, such as the 0 that stands for a date in Expires."""
        digits = self.value.removeprefix("-")
        return digits.isascii() and digits.isdecimal()


SOUND = (FieldLine("", None),)
"""Stands for any number of lines that nothing is to be said about."""

JUDGED = frozenset(name for name, one in table.FIELDS.items() if one.parser is not None and one.response is not False)


@function(guard="name", alone=True)
def judged(message: Message, name: str) -> tuple[FieldLine, ...]:
    """The line of that field whose value breaks its grammar, or else one that is sound (RFC 9110 §2.2, §5.5).

    Nothing is said of a value with control characters, which no grammar has: those are a matter of their own.
    """
    name = name.lower()
    fields = _fields(message)
    if name not in fields.index:
        return ()
    try:
        table.parsed(fields, name)
    except NotEvaluated:
        flaw = table.flaw(fields, name)
        if flaw is None or control.search(flaw.value):
            return SOUND
        return (_unsound(flaw, isinstance(message, Response)),)
    return SOUND


@function(among=JUDGED)
def judged_others(message: Message, *, among: frozenset[str] = JUDGED) -> tuple[FieldLine, ...]:
    """The malformed fields among those without a rule of their own; or one line that is sound (RFC 9110 §2.2)."""
    # The catalogue takes the fields that rules name with the key `malformed` out of `among`.
    fields = _fields(message)
    lines = fields.lines
    found: list[FieldLine] = []
    for name, numbers in fields.index.items():
        if name in among:
            value = lines[numbers[0]][1]
            if len(numbers) > 1 or len(value) > table.CACHED_LENGTH or not _sound(name, value):
                found += [line for line in judged(message, name) if not line.sound]
    return tuple(found) or SOUND


@functools.lru_cache(table.CACHED_VALUES)
def _sound(name: str, value: str) -> bool:
    try:
        table.FIELDS[name].parse(value.strip(OWS))
    except Malformed:
        return False
    return True


def _unsound(flaw: table.MalformedLine, ours: bool) -> FieldLine:
    """`ours`: whether the line is one of the response, where a finding may point."""
    value = flaw.value
    if flaw.position > SHOWN // 2 and len(value) > SHOWN:
        value = "…" + value[flaw.position - SHOWN // 2:flaw.position + SHOWN // 2]
    return FieldLine(flaw.name, flaw.line if ours else None, value, False, flaw.position, Words(flaw.expected),
                Words(f"; {flaw.hint}" if flaw.hint else ""))


_NEW_LISTS = 7230
"""The RFC that forbade senders empty members; the list rule of the ones before permits them (RFC 2616 §2.1)."""
_rfc = re.compile(r"RFC (\d+)")


def _forbids_empty(source: str) -> bool:
    found = _rfc.match(source)
    return found is None or int(found[1]) >= _NEW_LISTS


LISTS = frozenset(name for name, one in table.FIELDS.items()
                  if one.list and one.parser and not one.structured and _forbids_empty(one.source))
_comma_behind = re.compile(r",[ \t]*+(?:,|\Z)")


@function(among=LISTS)
def list_lines(message: Message) -> tuple[FieldLine, ...]:
    """The lines of list fields that have an empty member, or else one that is sound (RFC 9110 §5.6.1.1).

    An empty value has no members, which is legal, and so is an empty line among others. Structured fields are left
    out: theirs is another grammar, in which an empty member is malformed.
    """
    found = []
    for part, fields in sections(message):
        for name in fields.index.keys() & LISTS:
            for number in fields.index[name]:
                value = fields.lines[number][1]
                if "," in value and (position := _empty_member(value)) is not None:
                    shown = value[max(position - SHOWN, 0):][:SHOWN + 20]
                    found.append(FieldLine(table.FIELDS[name].name, number, shown, False, position, part=part))
    return tuple(found) or SOUND


def _empty_member(value: str) -> int | None:
    """Where an empty member is; most values show at a glance that they have none."""
    return empty_member(value) if _comma_behind.search(value) or value.lstrip(OWS)[0] == "," else None


@dataclass(frozen=True, slots=True)
class Repetition:
    """A field that stands on several lines, although it is no list. `line` is the last one."""

    name: str
    line: int
    times: int
    values: tuple[str, ...]
    same: bool
    """Whether all lines have the same value."""
    part: str = "field"
    """The section, as a FieldLine has it."""


REPETITION_RULED = frozenset((
    "access-control-allow-origin", "content-length", "set-cookie", "strict-transport-security",
))
"""The fields that have rules about several lines of their own; of Set-Cookie several lines are the rule."""


@function("repeats")
def repetitions(message: Message) -> tuple[Repetition, ...]:
    """The fields that are no lists and stand on several lines nevertheless (RFC 9110 §5.3).

    Not those of REPETITION_RULED, nor fields of which is not known whether they are lists.
    """
    found = _repetitions("field", _fields(message))
    return found + _repetitions("trailer", message.trailers) if message.trailers else found


def _repetitions(part: str, fields: Fields) -> tuple[Repetition, ...]:
    if len(fields.index) == len(fields.lines):
        return ()
    found = fields.memo.get(_REPETITIONS)
    if found is None:
        index = fields.index
        found = fields.memo[_REPETITIONS] = tuple([
            one for name in index if len(index[name]) > 1 and name not in REPETITION_RULED
            for one in _repetition(fields, name, part)])
    assert isinstance(found, tuple)
    return found


_REPETITIONS = "\0repetitions"
"""Where what was found is kept for the next rule that asks; no field has that name."""


@function("repeats", guard="name", alone=True)
def repetition(message: Message, name: str) -> tuple[Repetition, ...]:
    """The same for one field: one repetition, or none (RFC 9110 §5.3)."""
    return _repetition(_fields(message), name.lower())


def _repetition(fields: Fields, name: str, part: str = "field") -> tuple[Repetition, ...]:
    numbers = fields.index.get(name, ())
    if len(numbers) < 2:
        return ()
    one = table.field(name)
    if one is None or not one.single or one.response is not True:
        return ()
    values = tuple(fields.values(name))
    return (Repetition(one.name, numbers[-1], len(values), values, len(set(values)) == 1, part),)


FORBIDDEN = frozenset(("client-cert", "client-cert-chain", "early-data"))
"""Fields of requests whose definition forbids them in responses outright: those have rules of their own."""
REQUEST_ONLY = frozenset(name for name, one in table.FIELDS.items()
                         if one.request and one.response is False and not one.obsolete) - FORBIDDEN


@function(among=REQUEST_ONLY)
def request_only(response: Response) -> tuple[FieldLine, ...]:
    """The fields of the response that are defined for requests alone (RFC 9110 §2.2).

    Obsolete ones are left out: Pragma was sent in responses for decades. So are those of FORBIDDEN.
    """
    index = _fields(response).index
    if index.keys().isdisjoint(REQUEST_ONLY):
        return ()
    return tuple(FieldLine(table.FIELDS[name].name, index[name][-1]) for name in sorted(index.keys() & REQUEST_ONLY))


QUOTING = ("authentication-info", "cache-control", "content-disposition", "content-type", "expect-ct", "link",
           "proxy-authenticate", "www-authenticate")
COMMENTING = ("server", "via")
_quoted = re.compile(r'"(?:[^"\\]++|\\.)*+(?:(")|\\?+\Z)', re.DOTALL)
"""A string; or one that is left open, which is all the rest, so that no string is looked for behind its quotes."""
_needless = re.compile(r'(?:[^\\]++|\\["\\])*+(\\)(?!["\\])', re.DOTALL)
_in_comment = re.compile(r"[()]|\\.", re.DOTALL)


@function(among=(*QUOTING, *COMMENTING))
def needless_backslashes(message: Message) -> tuple[FieldLine, ...]:
    """The lines whose quoted strings or comments escape more than has to be; or one that is sound (RFC 9110 §5.6.4)."""
    return _lines(message, (*QUOTING, *COMMENTING), _needless_backslash)


def _needless_backslash(name: str, value: str) -> int | None:
    if "\\" not in value:
        return None
    if name in COMMENTING:
        depth = 0
        for found in _in_comment.finditer(value):
            text = found.group()
            if text[0] == "\\":
                if depth > 0 and text[1] not in "()\\":
                    return found.start()
            else:
                depth = depth + 1 if text == "(" else max(depth - 1, 0)
        return None
    for quoted in _quoted.finditer(value):
        match = _needless.match(quoted.group(), 1) if quoted[1] else None
        if match is not None:
            return quoted.start() + match.start(1)
    return None


_gap = re.compile(r"(?<=[^ \t,;=])(?:[ \t]{2,}|\t)(?=[^ \t,;=])")


@function(among=COMMENTING)
def wide_whitespace(message: Message) -> tuple[FieldLine, ...]:
    """The lines of Server and Via with more than a space between words; or one that is sound (RFC 9110 §5.6.3)."""
    return _lines(message, COMMENTING, _wide_gap)


def _wide_gap(_: str, value: str) -> int | None:
    if "  " not in value and "\t" not in value:
        return None
    depth = last = 0
    for match in _gap.finditer(value):
        between = value[last:match.start()]
        depth += between.count("(") - between.count(")")
        last = match.start()
        if depth <= 0:
            return match.start()
    return None


SPACED = ("authentication-info", "link", "optional-www-authenticate", "preference-applied", "proxy-authenticate",
          "proxy-authentication-info", "transfer-encoding", "www-authenticate")
"""Fields whose grammar has BWS around the equals sign of parameters."""
_around_equals = re.compile(
    r'"(?:[^"\\]++|\\.)*+(?:"|\\?+\Z)|<[^<>]*+>|([ \t]++=|=[ \t]++(?=[^ \t,]))|[ \t]++|[^"< \t=]++|.', re.DOTALL)


@function(among=SPACED)
def bad_whitespace(message: Message) -> tuple[FieldLine, ...]:
    """The lines with whitespace around an equals sign, which is read but not to be sent; or a sound one
    (RFC 9110 §5.6.3).

    Malformed ones are another rule's.
    """
    return tuple([line for line in _lines(message, SPACED, _bad_whitespace)
                  if line.sound or _has_value(message, line.name.lower())]) or SOUND


def _bad_whitespace(_: str, value: str) -> int | None:
    if "=" not in value or (" " not in value and "\t" not in value):
        return None
    return next((found.start(1) for found in _around_equals.finditer(value) if found[1]), None)


def _has_value(message: Message, name: str) -> bool:
    try:
        table.parsed(_fields(message), name)
    except NotEvaluated:
        return False
    return True


def _lines(message: Message, names: Iterable[str], flaw: Callable[[str, str], int | None]) -> tuple[FieldLine, ...]:
    """For each of some fields the first line with a flaw; or one line that is sound."""
    fields = _fields(message)
    found = []
    for name in names:
        for number in fields.index.get(name, ()):
            value = fields.lines[number][1].strip(OWS)
            position = flaw(name, value)
            if position is not None:
                shown = value[max(position - SHOWN // 2, 0):position + SHOWN // 2]
                found.append(FieldLine(table.FIELDS[name].name, number, shown, False, position))
                break
    return tuple(found) or SOUND


OBSOLETE = frozenset(name for name, one in table.FIELDS.items()
                     if one.obsolete and one.status != "unregistered") - {"pragma", "warning"}
"""Without Pragma, which was never defined for responses and does no harm there, and Warning, which has its own rule."""
OUTDATED = frozenset(name for name, one in table.FIELDS.items() if one.obsolete and one.status == "unregistered")
"""Fields that were never registered, and that nobody reads any more."""


@function()
def outdated(message: Message) -> tuple[FieldLine, ...]:
    """The unregistered fields that nobody reads any more; `expected` says why; or one line that is sound
    (RFC 9110 §16.3.1).
    """
    return _without_use(message, OUTDATED)


@function()
def obsolete(message: Message) -> tuple[FieldLine, ...]:
    """The fields that were made obsolete or deprecated, `expected` says by what; or one line that is sound
    (RFC 9110 §16.3.1).
    """
    return _without_use(message, OBSOLETE)


def _without_use(message: Message, names: frozenset[str]) -> tuple[FieldLine, ...]:
    index = _fields(message).index
    if index.keys().isdisjoint(names):
        return SOUND
    return tuple(FieldLine(one.name, index[name][-1], "", False, expected=one.obsolete or "")
                 for name in sorted(index.keys() & names) for one in [table.FIELDS[name]])


@function()
def misspelt(message: Message) -> tuple[FieldLine, ...]:
    """The unknown fields whose name is a slip away from that of a registered one, which `expected` names
    (RFC 9110 §16.3.1).

    One line that is sound if there are none.
    """
    found = []
    present = _fields(message).index.keys()
    for part, fields in sections(message):
        for name in fields.index:
            meant = meant_name(name) if name not in table.FIELDS else None
            if meant is not None and meant.lower() not in present and name not in own.current().fields:
                number = fields.index[name][0]
                found.append(FieldLine(fields.lines[number][0], number, "", False, expected=meant, part=part))
    return tuple(found) or SOUND


@function()
def only_in_responses(name: str) -> bool:
    """Whether a field, in lower case, is defined for responses and for nothing else (RFC 9110 §16.3.2)."""
    one = table.FIELDS.get(name)
    return one is not None and one.response is True and one.request is False


SETS = frozenset((
    "accept-ch", "accept-patch", "accept-query", "accept-ranges", "access-control-allow-headers",
    "access-control-allow-methods", "access-control-expose-headers", "allow", "connection", "content-language",
    "trailer", "vary",
))
"""List fields whose members are a set: one that stands twice adds nothing."""


@function(among=SETS)
def repeated_members(message: Message) -> tuple[FieldLine, ...]:
    """The fields of SETS with a simple member that stands twice, which `value` is; or one line that is sound
    (RFC 9110 §5.6.1).

    Members with quotes or parameters are not compared; methods are case-sensitive, the other members are not.
    """
    fields = _fields(message)
    found = []
    for name, numbers in fields.index.items():
        if name not in SETS:
            continue
        values = tuple([fields.lines[number][1] for number in numbers])
        if len(numbers) == 1 and "," not in values[0]:
            continue
        short = sum(map(len, values)) <= table.CACHED_LENGTH
        repeated = (_repeated_member if short else _repeated_member.__wrapped__)(values, name in METHODS)
        if repeated is not None:
            at, text = repeated
            found.append(FieldLine(table.FIELDS[name].name, numbers[at], text[:SHOWN], False))
    return tuple(found) or SOUND


METHODS = ("access-control-allow-methods", "allow")
"""Those of SETS whose members are methods, which are case-sensitive."""


@functools.lru_cache(1024)
def _repeated_member(values: tuple[str, ...], cased: bool) -> tuple[int, str] | None:
    """Which value has the first member that stood before, and that member."""
    seen: set[str] = set()
    for at, value in enumerate(values):
        for member in value.split(","):
            text = member.strip(OWS)
            plain = text if cased else text.lower()
            if plain in seen and '"' not in plain and ";" not in plain:
                return at, text
            if plain:
                seen.add(plain)
    return None


@dataclass(frozen=True, slots=True)
class TrailerLine:
    """A line of the trailer section."""

    name: str
    line: int
    part: str
    pseudo: bool
    """Whether it has the name of a pseudo-field (RFC 9113 §8.3)."""
    permitted: bool
    """Whether the definition of the field leaves trailers open."""
    defined: bool
    """Whether the definition of the field permits trailers, or the field is not a registered one of responses."""
    announced: bool
    """Whether Trailer lists it."""


@function("trailers", absent=("response.trailer",))
def trailer_lines(response: Response) -> tuple[TrailerLine, ...]:
    """The lines of the trailer section (RFC 9110 §6.5.1, §6.6.2)."""
    if not response.trailers:
        return ()
    try:
        listed = table.parsed(_fields(response), "trailer")
    except (NotApplicable, NotEvaluated):
        listed = ()
    assert isinstance(listed, tuple)
    announced = frozenset(listed)
    out = []
    for number, (name, _) in enumerate(response.trailers.lines):
        one = table.field(name)
        defined = one is None or one.trailer is True or one.status == "unregistered" or one.response is not True
        out.append(TrailerLine(one.name if one else name, number, "trailer", name.startswith(":"),
                               permitted_in_trailers(name), defined, name.lower() in announced))
    return tuple(out)


@function()
def permitted_in_trailers(name: str) -> bool:
    """Whether the kind of a field leaves it open to stand in a trailer section (RFC 9110 §6.5.1)."""
    one = table.field(name)
    return one is None or one.trailer is not False


@function()
def came_as_trailer(response: Response, name: str) -> bool:
    """Whether a trailer section was captured that has that field (RFC 9110 §6.5)."""
    return response.trailers is not None and name.lower() in response.trailers.index


@function("trailers")
def malformed_trailers(response: Response) -> tuple[FieldLine, ...]:
    """The lines of the trailer section whose value breaks its grammar; or one that is sound (RFC 9110 §6.5, §5.5).

    Not of fields that must not stand there at all, nor by the grammars of drafts.
    """
    trailers = response.trailers or Fields()
    found = []
    for name in trailers.index:
        one = table.FIELDS.get(name)
        if one is None or not (one.trailer or (one.trailer is None and one.source.startswith("RFC"))):
            continue
        flaw = table.flaw(trailers, name)
        if flaw is not None and not control.search(flaw.value):
            found.append(replace(_unsound(flaw, True), part="trailer"))
    return tuple(found) or SOUND


END_TO_END = frozenset(name for name, one in table.FIELDS.items()
                       if one.source.startswith(("RFC 9110", "RFC 9111", "RFC 6265")) and not one.hop_by_hop) - {
                           "trailer", "proxy-authenticate", "proxy-authorization", "proxy-authentication-info"}
"""Without those that RFC 2616 §13.5.1 took for fields of the connection."""


@function()
def end_to_end(option: str) -> bool:
    """Whether a connection option has the name of a field that is meant for all recipients (RFC 9110 §7.6.1)."""
    return option in END_TO_END


@function("pair", absent=("response.age",))
def date_error(date: Date, response: Response, started: float) -> float:
    """By how many seconds Date misses the time of the exchange at least (RFC 9110 §6.6.1).

    The time that the response has spent in caches, its Age, is no miss (RFC 9111 §5.1).
    """
    early = started - date.timestamp
    if early <= 0:
        return -early
    try:
        age = table.parsed(_fields(response), "age")
    except NotApplicable:
        age = 0
    assert isinstance(age, int)
    return max(early - min(age, 10 ** 12), 0.0)


@function()
def hostless(reference: UriReference) -> bool:
    """Whether an http or https URI names no host (RFC 9110 §4.2.1, §4.2.2).

    A reference that begins with two slashes takes the scheme of the target URI; other relative ones need no host.
    """
    if reference.scheme is None:
        return reference.text.startswith("//") and not reference.host
    return reference.scheme.lower() in ("http", "https") and not reference.host


@dataclass(frozen=True, slots=True)
class Reference:
    """A URI reference that stands in a field, and the field's name."""

    name: str
    uri: UriReference


REFERRING = ("alternates", "content-base", "link", "redirect-ref", "refresh", "reporting-endpoints",
             "service-worker-allowed", "sourcemap", "status-uri")
"""Fields of responses that hold URI references, besides Location and Content-Location with rules of their own.

The templates of Link-Template are references only when they are expanded."""


@function(among=REFERRING)
def references(response: Response) -> tuple[Reference, ...]:
    """The URI references in the fields of REFERRING; of links target and anchor (RFC 8288 §3.1, §3.2).

    What is malformed is left to the rules about that.
    """
    fields = _fields(response)
    return tuple([Reference(table.FIELDS[name].name, uri) for name in REFERRING if name in fields.index
                  for uri in _references(fields, name)])


def _references(fields: Fields, name: str) -> Iterator[UriReference]:
    try:
        value = table.parsed(fields, name)
    except NotEvaluated:
        return
    if isinstance(value, UriReference):
        yield value
    texts: list[str | None] = [value.target] if isinstance(value, Refresh) else []
    for one in value.variants if isinstance(value, Alternates) else value if isinstance(value, tuple) else ():
        if isinstance(one, Link):
            texts += [one.target, one.anchor]
        elif isinstance(one, (VariantDescription, StatusUri)):
            texts.append(one.uri)
        elif isinstance(one, Endpoint):
            texts.append(one.url)
    for text in texts:
        if text is not None:
            try:
                yield uri_reference(text)
            except Malformed:
                continue


@function()
def days(seconds: float) -> str:
    """A time in words, as a message may show it (the rule language)."""
    count = int(seconds // 86400)
    return "1 day" if count == 1 else f"{count} days"


def sections(message: Message) -> Iterator[tuple[str, Fields]]:
    """The header section, and the trailer section where one was captured: what a FieldLine calls it, and its lines."""
    yield "field", _fields(message)
    if message.trailers is not None:
        yield "trailer", message.trailers


def _fields(message: Message) -> Fields:
    if message.fields is None:
        raise NotEvaluated("the fields were not captured")
    return message.fields

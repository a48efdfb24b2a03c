"""The fields of HTTP Semantics (RFC 9110) but dates and URIs. Each parser takes a whole, combined field value."""
from __future__ import annotations

import re

from httplint.grammar.common import (
    QUOTED,
    TOKEN,
    after_whitespace,
    comment,
    decimal,
    first_of,
    integer,
    members,
    parameters,
    past,
    required,
    token,
    token_list,
    token_or_quoted,
    unquoted,
)
from httplint.grammar.dates import Date, http_date
from httplint.grammar.syntax import Malformed
from httplint.grammar.uri import HOST, REG_NAME, UriReference, uri_reference
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily

# Lists of tokens, §5.6.1, §5.6.2


def tokens(value: str) -> tuple[str, ...]:
    """`#token`, case kept. `Allow = #method` (§10.2.1), whose methods are case-sensitive (§9.1)."""
    return tuple(token_list(value))


def lower_tokens(value: str) -> tuple[str, ...]:
    """`#token` in lower case, where case does not matter.

    `Connection = #connection-option` (§7.6.1), `Content-Encoding = #content-coding` (§8.4),
    `Trailer = #field-name` (§6.6.2), `Vary = #( "*" / field-name )` (§12.5.5).
    """
    return tuple([one.lower() for one in token_list(value)])


def range_units(value: str) -> tuple[str, ...]:
    """`Accept-Ranges = 1#range-unit` in lower case (§14.3)."""
    return required(lower_tokens(value), value, "a range unit")


# Numbers


def content_length(value: str) -> int:
    """`Content-Length = 1*DIGIT` (§8.6). A repeated number, "5, 5", is what merging made of two lines: malformed."""
    return decimal(value, "several lengths were combined" if "," in value else None)


def max_forwards(value: str) -> int:
    """`Max-Forwards = 1*DIGIT` (§7.6.2)."""
    return decimal(value)


class RetryAfter(NamedTuple):
    """How long to wait: a number of seconds, or until a date; the other one is None."""

    seconds: int | None
    date: Date | None


_number = lazily(r"[+-]?[0-9.]+(?: ?[A-Za-z]+)?")


def retry_after(value: str) -> RetryAfter:
    """`Retry-After = HTTP-date / delay-seconds`, `delay-seconds = 1*DIGIT` (§10.2.3)."""
    if value[:1].isascii() and value[:1].isalpha():
        return RetryAfter(None, http_date(value))
    hint = None
    if _number.fullmatch(value):
        hint = "not negative" if value[0] == "-" else "a whole number of seconds, without unit or fraction"
    return RetryAfter(decimal(value, hint), None)


# Ranges, §14


class ContentRange(NamedTuple):
    """Which range is enclosed, of how much. Only for the unit "bytes" are the numbers known; None stands for "*"."""

    unit: str
    """In lower case."""
    first: int | None
    last: int | None
    complete: int | None

    @property
    def unsatisfied(self) -> bool:
        """Whether it is the form without a range, that of status 416."""
        return self.unit == "bytes" and self.first is None

    @property
    def length(self) -> int | None:
        """The number of octets in the range, if it is a valid one."""
        if self.first is None or self.last is None or self.last < self.first:
            return None
        return self.last - self.first + 1

    @property
    def valid(self) -> bool:
        """Whether the range ends neither before its start nor beyond the complete length (§14.4)."""
        if self.first is None or self.last is None:
            return True
        return self.first <= self.last and (self.complete is None or self.last < self.complete)


_content_range = lazily(r"bytes (?:([0-9]++)-([0-9]++)/(?:([0-9]++)|\*)|\*/([0-9]++))", re.IGNORECASE | re.ASCII)
_content_range_forms = (
    ((r"[0-9]++", "a digit or *"), (r"-", "a hyphen"), (r"[0-9]++", "the last position"),
     (r"/", "a slash and the complete length, or *"), (r"[0-9]++|\*", "the complete length, or *")),
    ((r"\*", "a digit or *"), (r"/", "a slash"), (r"[0-9]++", "the complete length")),
)


def content_range(value: str) -> ContentRange:
    """`Content-Range = range-unit SP ( range-resp / unsatisfied-range )` (§14.4).

    The rest is that of byte ranges. What follows another unit is for that unit to say: the specification's own example
    "exampleunit 1.2-4.3/25" (§14.6) does not fit the generic grammar.
    """
    match = _content_range.fullmatch(value)
    if match is not None:
        first, last, complete, unsatisfied = match.groups()
        if unsatisfied is not None:
            return ContentRange("bytes", None, None, integer(unsatisfied))
        return ContentRange("bytes", integer(first), integer(last), integer(complete) if complete else None)
    unit, position = token(value, 0, "a range unit")
    if value[position:position + 1] != " ":
        hint = "the unit comes first: bytes" if unit[0] in "0123456789*" else None
        raise Malformed(value, position, "a space",
                        "a space, not an equals sign" if value[position:position + 1] == "=" else hint)
    position += 1
    if unit.lower() == "bytes":
        raise _content_range_flaw(value, position)
    return _other_content_range(value, position, unit.lower())


def _other_content_range(value: str, position: int, unit: str) -> ContentRange:
    match = _visible.match(value, position)
    if match is None or match.end() < len(value):
        raise Malformed(value, match.end() if match else position, "a range of that unit")
    return ContentRange(unit, None, None, None)


_visible = lazily(r"[\x21-\x7e]++")


def _content_range_flaw(value: str, position: int) -> Malformed:
    hint = "without whitespace" if " " in value[position:].strip() else None
    if value[position:] == "*/*":
        hint = "one of the two has to be known"
    for pattern, expected in _content_range_forms[value[position:position + 1] == "*"]:
        match = re.compile(pattern).match(value, position)
        if match is None:
            return Malformed(value, position, expected, hint)
        position = match.end()
    return Malformed(value, position, "the end", hint)


class RangeSpec(NamedTuple):
    """One requested range. `first` is None for the last `last` octets, `last` is None for "to the end".

    Both are None where another unit than bytes has a form of its own.
    """

    first: int | None
    last: int | None

    @property
    def suffix(self) -> bool:
        """Whether it asks for the last octets."""
        return self.first is None and self.last is not None

    @property
    def valid(self) -> bool:
        """Whether it does not end before its start (§14.1.1)."""
        return self.first is None or self.last is None or self.first <= self.last


class Ranges(NamedTuple):
    """The requested ranges, in the order of the request."""

    unit: str
    """In lower case."""
    specs: tuple[RangeSpec, ...]

    @property
    def valid(self) -> bool:
        """Whether all ranges are valid; a server may ignore or reject the field if not (§14.2)."""
        return all(spec.valid for spec in self.specs)


_range_spec = lazily(r"([0-9]*+)-([0-9]*+)(?=[ \t]*+(?:,|\Z))")
_other_range = lazily(r"[\x21-\x2b\x2d-\x7e]++")


def ranges(value: str) -> Ranges:
    """`Range = range-unit "=" 1#( int-range / suffix-range / other-range )` (§14.1.1, §14.2).

    Byte ranges have no other-range (§14.1.2). Whitespace behind the equals sign is in the specification's example.
    """
    unit, position = token(value, 0, "a range unit")
    unit = unit.lower()
    if value[position:position + 1] != "=":
        raise Malformed(value, position, "an equals sign")

    def spec(value: str, position: int) -> tuple[RangeSpec, int]:
        match = _range_spec.match(value, position)
        if match is not None and match.group() != "-":
            first, last = match.groups()
            return RangeSpec(integer(first) if first else None, integer(last) if last else None), match.end()
        if unit == "bytes":
            raise _range_flaw(value, position)
        match = _other_range.match(value, position)
        if match is None:
            raise Malformed(value, position, "a range")
        return RangeSpec(None, None), match.end()

    return Ranges(unit, required(members(value, spec, position + 1), value, "a range"))


_range_start = lazily(r"[0-9]*+(?:-[0-9]*+)?+")


def _range_flaw(value: str, position: int) -> Malformed:
    end = past(_range_start, value, position)
    if value[position:end] == "-" or end == position:
        return Malformed(value, end, "a digit" if end > position else "a range like 0-499 or -500")
    if "-" not in value[position:end]:
        return Malformed(value, end, "a hyphen")
    return Malformed(value, after_whitespace(value, end), "a comma or the end")


# Entity tags, §8.8.3, §13.1


class EntityTag(NamedTuple):
    """An entity tag: what stands between the quotes, and whether it is weak."""

    tag: str
    weak: bool

    @property
    def text(self) -> str:
        """As it is written in a field."""
        return f'W/"{self.tag}"' if self.weak else f'"{self.tag}"'


class EntityTags(NamedTuple):
    """What If-Match or If-None-Match lists: any tag at all ("*"), or these."""

    any: bool
    tags: tuple[EntityTag, ...]


class IfRange(NamedTuple):
    """The validator of If-Range: a tag or a date; the other one is None."""

    tag: EntityTag | None
    date: Date | None


_entity_tag = re.compile(r'(W/)?+"([\x21\x23-\x7e\x80-\xff]*+)"')
_entity_tag_start = lazily(r'(?:W/)?+(?:"[\x21\x23-\x7e\x80-\xff]*+)?+|W')


def entity_tag(value: str) -> EntityTag:
    """`ETag = entity-tag`, `entity-tag = [ W/ ] opaque-tag` (§8.8.3)."""
    match = _entity_tag.fullmatch(value)
    if match is not None:
        return EntityTag(match.group(2), match.group(1) is not None)
    _, position = _one_entity_tag(value, 0)
    raise Malformed(value, position, "the end", "the field carries one entity tag" if "," in value[position:] else None)


def _one_entity_tag(value: str, position: int) -> tuple[EntityTag, int]:
    match = _entity_tag.match(value, position)
    if match is not None:
        return EntityTag(match.group(2), match.group(1) is not None), match.end()
    if value.startswith("w/", position):
        raise Malformed(value, position, "a double quote or W/", "the W of weak tags is upper-case")
    end = past(_entity_tag_start, value, position)
    if '"' not in value[position:end]:
        if value.startswith("W", position) and end == position:
            end += 1
        hint = "entity tags are put in double quotes"
        if value.startswith("*", end):
            hint = "the asterisk stands alone, in If-Match and If-None-Match only"
        raise Malformed(value, end, "a double quote" if end > position else "a double quote or W/", hint)
    if end == len(value):
        raise Malformed(value, end, "a closing double quote")
    raise Malformed(value, end, "a closing double quote", "no whitespace or control character in an entity tag")


def entity_tags(value: str) -> EntityTags:
    """`If-Match = "*" / #entity-tag`, the same for If-None-Match (§13.1.1, §13.1.2)."""
    if value == "*":
        return EntityTags(True, ())
    return EntityTags(False, members(value, _one_entity_tag))


def if_range(value: str) -> IfRange:
    """`If-Range = entity-tag / HTTP-date`; a quote among the first three characters tells them apart (§13.1.5)."""
    if '"' in value[:3]:
        return IfRange(entity_tag(value), None)
    return IfRange(None, http_date(value))


# Media types, §8.3.1


class MediaType(NamedTuple):
    """A media type, or a range of them with "*" in it. Type, subtype and names of parameters are in lower case."""

    type: str
    subtype: str
    parameters: tuple[tuple[str, str], ...]

    @property
    def essence(self) -> str:
        """Type and subtype, without parameters."""
        return f"{self.type}/{self.subtype}"

    @property
    def suffix(self) -> str | None:
        """The structured syntax suffix without its plus sign, as json in application/problem+json."""
        head, plus, tail = self.subtype.rpartition("+")
        return tail if head and plus else None

    @property
    def charset(self) -> str | None:
        """The charset parameter in lower case."""
        charset = self.parameter("charset")
        return charset.lower() if charset is not None else None

    @property
    def boundary(self) -> str | None:
        """The boundary parameter of multipart types."""
        return self.parameter("boundary")

    def parameter(self, name: str) -> str | None:
        """The first parameter of that lower-case name."""
        return first_of(self.parameters, name)


_media_type = re.compile(rf"({TOKEN})/({TOKEN})")


def media_type(value: str) -> MediaType:
    """`Content-Type = type "/" subtype parameters` (§8.3, §8.3.1)."""
    found, position = _one_media_type(value, 0)
    if position < len(value):
        position = after_whitespace(value, position)
        hint = None
        if value[position:position + 1] == ",":
            hint = "the field carries one media type, not a list"
        elif value[position - 1] in " \t":
            hint = "a semicolon separates the parameters"
        raise Malformed(value, position, "a semicolon or the end", hint)
    return found


def _one_media_type(value: str, position: int) -> tuple[MediaType, int]:
    match = _media_type.match(value, position)
    if match is None:
        _, end = token(value, position, "a media type")
        if value[end:end + 1] == "/":
            raise Malformed(value, end + 1, "a subtype")
        raise Malformed(value, end, "a slash and a subtype", "a media type has two parts, like text/html")
    found, position = parameters(value, match.end())
    return MediaType(match.group(1).lower(), match.group(2).lower(), found), position


def media_types(value: str) -> tuple[MediaType, ...]:
    """`#media-range` without weights, as in Accept-Post (Linked Data Platform 1.0 §7.1.2)."""
    return members(value, _one_media_type)


def accept_patch(value: str) -> tuple[MediaType, ...]:
    """`Accept-Patch = 1#media-type` (RFC 5789 §3.1)."""
    return required(members(value, _one_media_type), value, "a media type")


# Content negotiation, §12.4, §12.5


class Preference(NamedTuple):
    """What is preferred, in lower case, with its weight from 0 to 1, and its parameters but the weight."""

    value: str
    weight: float
    parameters: tuple[tuple[str, str], ...] = ()


_qvalue = lazily(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")
_qvalue_start = lazily(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)?+")
_weight = lazily(r"[ \t]*+;[ \t]*+[qQ]=([0-9.]*+)")


def qvalue(value: str, start: int, text: str) -> float:
    """`qvalue`, which starts there in the value (§12.4.2)."""
    if _qvalue.fullmatch(text):
        return float(text)
    hint = "at most three digits follow the point"
    if not text or text[0] not in "01":
        hint = "a weight goes from 0 to 1"
        if text.startswith("."):
            hint = "a digit precedes the point"
    elif text.startswith("1."):
        hint = "a weight goes from 0 to 1"
    raise Malformed(value, start + past(_qvalue_start, text), "a weight from 0 to 1", hint)


def weighted(value: str, position: int) -> tuple[float, int]:
    """`[ weight ]`, `weight = OWS ";" OWS "q=" qvalue` (§12.4.2)."""
    match = _weight.match(value, position)
    if match is None:
        position = after_whitespace(value, position)
        if value[position:position + 1] != ";":
            return 1.0, position
        position = after_whitespace(value, position + 1)
        if value[position:position + 1].lower() == "q":
            position += 1
            raise Malformed(value, position, "an equals sign and a weight")
        raise Malformed(value, position, "q= and a weight")
    return qvalue(value, match.start(1), match.group(1)), match.end()


def split_weight(value: str, start: int, found: tuple[tuple[str, str], ...],
                 ) -> tuple[float, tuple[tuple[str, str], ...]]:
    """Takes the first parameter "q" out of parameters that began at `start`; it is the weight wherever it stands."""
    for number, (name, text) in enumerate(found):
        if name == "q":
            if not _qvalue.fullmatch(text):
                place = _q_parameter.search(value, start)
                qvalue(value, place.end() if place else start, text)
            return float(text), found[:number] + found[number + 1:]
    return 1.0, found


_q_parameter = lazily(r";[ \t]*+[qQ][ \t]*+=[ \t]*+\"?")


def accept(value: str) -> tuple[Preference, ...]:
    """`Accept = #( media-range [ weight ] )`; a parameter "q" is the weight wherever it stands (§12.5.1)."""
    try:
        return members(value, _accepted)
    except Malformed as flaw:
        if value in ("bytes", "none"):
            flaw.hint = "range units stand in Accept-Ranges"
        raise


def _accepted(value: str, position: int) -> tuple[Preference, int]:
    found, end = _one_media_type(value, position)
    weight, rest = split_weight(value, position, found.parameters)
    return Preference(found.essence, weight, rest), end


def accept_tokens(value: str) -> tuple[Preference, ...]:
    """`#( token [ weight ] )`: Accept-Encoding (§12.5.3), Accept-Charset (§12.5.2)."""
    return members(value, _accepted_token)


def _accepted_token(value: str, position: int) -> tuple[Preference, int]:
    found, position = token(value, position)
    weight, position = weighted(value, position)
    return Preference(found.lower(), weight), position


_language_range = lazily(r"(?:[A-Za-z]{1,8}+(?:-[A-Za-z0-9]{1,8}+)*+|\*)(?=[ \t,;]|\Z)")
_language_range_start = lazily(r"(?:[A-Za-z]{1,8}+(?:-(?:[A-Za-z0-9]{1,8}+)?+)*+|\*)?+")


def accept_language(value: str) -> tuple[Preference, ...]:
    """`Accept-Language = #( language-range [ weight ] )` (§12.5.4), `language-range` of RFC 4647 §2.1."""
    return members(value, _accepted_language)


def _accepted_language(value: str, position: int) -> tuple[Preference, int]:
    match = _language_range.match(value, position)
    if match is None:
        end = past(_language_range_start, value, position)
        hint = "subtags are joined by hyphens" if value[end:end + 1] == "_" else None
        raise Malformed(value, end, "a language range", hint)
    weight, position = weighted(value, match.end())
    return Preference(match.group().lower(), weight), position


# Languages, §8.5


_IRREGULAR = ("en-gb-oed", "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak", "i-klingon", "i-lux", "i-mingo",
              "i-navajo", "i-pwn", "i-tao", "i-tay", "i-tsu", "sgn-be-fr", "sgn-be-nl", "sgn-ch-de")
_END = r"(?![A-Za-z0-9])"
_LANGTAG = (rf"(?:[A-Za-z]{{2,3}}{_END}(?:-[A-Za-z]{{3}}{_END}){{0,3}}+|[A-Za-z]{{4,8}}{_END})"
            rf"(?:-[A-Za-z]{{4}}{_END})?+"
            rf"(?:-(?:[A-Za-z]{{2}}|[0-9]{{3}}){_END})?+"
            rf"(?:-(?:[A-Za-z0-9]{{5,8}}|[0-9][A-Za-z0-9]{{3}}){_END})*+"
            rf"(?:-[0-9A-WYZa-wyz](?:-[A-Za-z0-9]{{2,8}}{_END})++)*+"
            rf"(?:-[xX](?:-[A-Za-z0-9]{{1,8}}{_END})++)?+")
_PRIVATE = rf"[xX](?:-[A-Za-z0-9]{{1,8}}{_END})++"
_language_tag = lazily(rf"(?:{'|'.join(sorted(_IRREGULAR, key=len, reverse=True))})(?![A-Za-z0-9_-])"
                       rf"|(?:{_LANGTAG}|{_PRIVATE})(?![A-Za-z0-9_-])", re.IGNORECASE | re.ASCII)
_language_tag_start = lazily(rf"(?:{_LANGTAG}|{_PRIVATE})?+-?+")


def content_language(value: str) -> tuple[str, ...]:
    """`Content-Language = #language-tag` in lower case (§8.5); tags are well-formed by RFC 5646 §2.1, §2.2.9."""
    return members(value, language_tag)


def language_tag(value: str, position: int) -> tuple[str, int]:
    """`Language-Tag` of RFC 5646 §2.1 in lower case: a langtag, a private-use tag or a grandfathered one."""
    match = _language_tag.match(value, position)
    if match is None:
        end = past(_language_tag_start, value, position)
        hint = "subtags are joined by hyphens" if value[end:end + 1] == "_" else None
        raise Malformed(value, end, "a subtag of a language tag" if end > position else "a language tag", hint)
    return match.group().lower(), match.end()


# URIs


def location(value: str) -> UriReference:
    """`Location = URI-reference` (§10.2.2). An empty value is one: it refers to the target itself."""
    return uri_reference(value)


def partial_uri(value: str) -> UriReference:
    """`Content-Location = absolute-URI / partial-URI` (§8.7), Referer likewise (§10.1.3): no fragment."""
    found = uri_reference(value)
    if found.fragment is not None:
        raise Malformed(value, value.index("#"), "the end", "a fragment is not allowed here")
    return found


class Host(NamedTuple):
    """The host, in lower case, and the port if one is given."""

    host: str
    port: int | None


_host = lazily(rf"({HOST})(?::([0-9]*+))?+")
_named_host = re.compile(rf"({REG_NAME})(?::([0-9]*+))?+")


def host(value: str) -> Host:
    """`Host = uri-host [ ":" port ]`; both may be empty (§7.2, §4.2.1; RFC 3986 §3.2.2, §3.2.3)."""
    match = (_host if "[" in value else _named_host).match(value)
    if match is None or match.end() < len(value):
        end = match.end() if match else 0
        hint = "only host and port" if value[end:end + 1] in ("/", "@") else None
        raise Malformed(value, end, "a host, or a colon and a port", hint)
    name, port = match.groups()
    return Host(name.lower(), integer(port) if port else None)


# Authentication, §11


class Challenge(NamedTuple):
    """A challenge, or credentials. Names of parameters are in lower case, in order; `quoted` has those in quotes."""

    scheme: str
    """As sent; schemes are compared without regard to case."""
    token68: str | None
    parameters: tuple[tuple[str, str], ...]
    quoted: frozenset[str]

    @property
    def name(self) -> str:
        """The scheme in lower case."""
        return self.scheme.lower()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parameters."""
        return tuple(name for name, _ in self.parameters)

    @property
    def realm(self) -> str | None:
        """The protection space (§11.5)."""
        return self.parameter("realm")

    @property
    def charset(self) -> str | None:
        """The charset of Basic (RFC 7617 §2.1) and Digest (RFC 7616 §3.3)."""
        return self.parameter("charset")

    @property
    def nonce(self) -> str | None:
        """The nonce of Digest (RFC 7616 §3.3)."""
        return self.parameter("nonce")

    @property
    def qop(self) -> str | None:
        """The qualities of protection of Digest (RFC 7616 §3.3)."""
        return self.parameter("qop")

    @property
    def algorithm(self) -> str | None:
        """The algorithm of Digest (RFC 7616 §3.3)."""
        return self.parameter("algorithm")

    @property
    def stale(self) -> str | None:
        """Whether only the nonce of Digest was wrong (RFC 7616 §3.3)."""
        return self.parameter("stale")

    @property
    def error(self) -> str | None:
        """The error code of Bearer (RFC 6750 §3)."""
        return self.parameter("error")

    @property
    def scope(self) -> str | None:
        """The scope of Bearer (RFC 6750 §3)."""
        return self.parameter("scope")

    def parameter(self, name: str) -> str | None:
        """The first parameter of that lower-case name."""
        return first_of(self.parameters, name)


_auth_param = lazily(rf"({TOKEN})[ \t]*+=[ \t]*+(?:({TOKEN})|({QUOTED}))(?=[ \t]*+(?:,|\Z))")
_auth_param_start = lazily(rf"{TOKEN}[ \t]*+=[ \t]*+")
_token68 = lazily(r"[A-Za-z0-9\-._~+/]++=*+(?=[ \t]*+(?:,|\Z))")
_token68_start = lazily(r"[A-Za-z0-9\-._~+/]++=*+")
_spaces = lazily(r" *+")
_between = lazily(r"[ \t]*+(?:,[ \t,]*+|\Z)")
_leading = lazily(r"[ \t,]*+")


def challenges(value: str) -> tuple[Challenge, ...]:
    """`WWW-Authenticate = #challenge`, the same for Proxy-Authenticate (§11.6.1, §11.7.1).

    `challenge = auth-scheme [ 1*SP ( token68 / #auth-param ) ]` (§11.3). Commas separate both challenges and
    parameters: a token with an equals sign behind it is a parameter of the challenge before it, any other token the
    scheme of the next one. A challenge without a space behind its scheme, or with a token68, has no parameters.
    """
    return tuple(_challenges(value, single=False))


def credentials(value: str) -> Challenge:
    """`Authorization = auth-scheme [ 1*SP ( token68 / #auth-param ) ]`, Proxy-Authorization likewise (§11.4)."""
    return _challenges(value, single=True)[0]


def _challenges(value: str, single: bool) -> list[Challenge]:
    found: list[Challenge] = []
    length = len(value)
    position = 0 if single else past(_leading, value)
    while position < length or (single and not found):
        scheme, position = token(value, position, "an authentication scheme")
        token68 = None
        names: list[tuple[str, str]] = []
        quoted: set[str] = set()
        spaced = value[position:position + 1] == " "
        if spaced:
            position = past(_spaces, value, position)
            if position < length and value[position] not in ",\t":
                match = None if _auth_param.match(value, position) else _token68.match(value, position)
                if match is not None:
                    token68, position = match.group(), match.end()
                else:
                    position = auth_parameter(value, position, names, quoted)
        listed = spaced and token68 is None
        while True:
            match = _between.match(value, position)
            if match is None or (single and not listed and position < length):
                raise _unfinished(value, position, single)
            position = match.end()
            if position == length:
                break
            if _auth_param_start.match(value, position) is None:
                if single:
                    raise _unfinished(value, token(value, position, "a parameter")[1], single)
                break
            if not listed:
                end = after_whitespace(value, token(value, position)[1])
                hint = None if token68 else "no comma between a scheme and its first parameter"
                raise Malformed(value, end, "a comma or the end", hint)
            position = auth_parameter(value, position, names, quoted)
        found.append(Challenge(scheme, token68, tuple(names), frozenset(quoted)))
    return found


def _unfinished(value: str, position: int, single: bool) -> Malformed:
    position = after_whitespace(value, position)
    hint = None
    if value[position:position + 1] == "=":
        hint = "the authentication scheme comes first"
    elif single:
        hint = "the field carries one set of credentials"
    elif value[position - 1:position] == "\t":
        hint = "a space follows the scheme, not a tab"
    return Malformed(value, position, "the end" if single else "a comma or the end", hint)


def auth_parameter(value: str, position: int, names: list[tuple[str, str]], quoted: set[str]) -> int:
    """`auth-param = token BWS "=" BWS ( token / quoted-string )` (§11.2), appended."""
    match = _auth_param.match(value, position)
    if match is None:
        raise _auth_flaw(value, position)
    name, text, text_quoted = match.groups()
    name = name.lower()
    if text is None:
        text = unquoted(text_quoted)
        quoted.add(name)
    names.append((name, text))
    return match.end()


def _auth_flaw(value: str, position: int) -> Malformed:
    """Why neither a parameter nor a token68 stands there."""
    end68 = past(_token68_start, value, position)
    match = _auth_param_start.match(value, position)
    if match is None:
        end = token(value, position, "a parameter or a token68")[1]
        return Malformed(value, max(after_whitespace(value, max(end, end68)), end68), "a comma or the end")
    try:
        end = token_or_quoted(value, match.end())[2]
    except Malformed as error:
        return error if error.position >= end68 else Malformed(value, end68, "a comma or the end")
    behind = after_whitespace(value, end)
    hint = "separate the parameters with commas"
    if behind == end and value[end] not in ";\"":
        hint = "a value with characters not allowed in a token is put in double quotes"
    return Malformed(value, behind, "a comma or the end", hint)


# Upgrade, Via, products, expectations


class Protocol(NamedTuple):
    """A protocol as sent, with its version if one is given; names are compared without regard to case."""

    name: str
    version: str | None


def upgrade(value: str) -> tuple[Protocol, ...]:
    """`Upgrade = #( protocol-name [ "/" protocol-version ] )` (§7.8)."""
    return members(value, _protocol)


def _protocol(value: str, position: int) -> tuple[Protocol, int]:
    name, position = token(value, position, "a protocol")
    version = None
    if value[position:position + 1] == "/":
        version, position = token(value, position + 1, "a version")
    return Protocol(name, version), position


class Recipient(NamedTuple):
    """A member of Via: an intermediary, and the protocol by which it received the message."""

    protocol: str
    """The name of the protocol, "HTTP" if none is given."""
    version: str
    by: str
    """The recipient's host or pseudonym, without port."""
    port: int | None
    comment: str | None


_via = re.compile(rf"(?:({TOKEN})/)?+({TOKEN})[ \t]++({TOKEN})(?::([0-9]*+))?+")
_comment_follows = re.compile(r"[ \t]++(?=\()")


def via(value: str) -> tuple[Recipient, ...]:
    """`Via = #( received-protocol RWS received-by [ RWS comment ] )` (§7.6.3).

    Hosts in brackets went out with RFC 9110, which made received-by a token (appendix B.2).
    """
    return members(value, _recipient)


def _recipient(value: str, position: int) -> tuple[Recipient, int]:
    match = _via.match(value, position)
    if match is None:
        _, end = token(value, position, "a protocol version")
        if value[end:end + 1] == "/":
            _, end = token(value, end + 1, "a protocol version")
        behind = after_whitespace(value, end)
        hint = "a pseudonym can stand for an address in brackets" if value[behind:behind + 1] == "[" else None
        raise Malformed(value, behind, "the recipient's host or pseudonym" if behind > end else "a space", hint)
    protocol, version, by, port = match.groups()
    position = match.end()
    text = None
    match = _comment_follows.match(value, position)
    if match is not None:
        text, position = comment(value, match.end())
    return Recipient(protocol or "HTTP", version, by, integer(port) if port else None, text), position


class Product(NamedTuple):
    """A product with its version if one is given, and the comments behind it."""

    name: str
    version: str | None
    comments: tuple[str, ...] = ()


_whitespace = lazily(r"[ \t]++")


def products(value: str) -> tuple[Product, ...]:
    """`Server = product *( RWS ( product / comment ) )`, User-Agent likewise (§10.1.5, §10.2.4)."""
    found: list[Product] = []
    comments: list[str] = []
    position = 0
    while True:
        if found and value[position:position + 1] == "(":
            text, position = comment(value, position)
            comments.append(text)
        else:
            if comments:
                found[-1] = Product(found[-1].name, found[-1].version, tuple(comments))
                comments = []
            name, position = token(value, position, "a product or a comment" if found else "a product")
            version = None
            if value[position:position + 1] == "/":
                version, position = token(value, position + 1, "a version")
            found.append(Product(name, version))
        if position == len(value):
            break
        match = _whitespace.match(value, position)
        if match is None:
            hint = {",": "products are separated by spaces", "(": "a space precedes a comment"}.get(value[position])
            raise Malformed(value, position, "a space or the end", hint)
        position = match.end()
    if comments:
        found[-1] = Product(found[-1].name, found[-1].version, tuple(comments))
    return tuple(found)


class Expectation(NamedTuple):
    """An expectation in lower case, with its value and parameters if it has any."""

    name: str
    value: str | None
    parameters: tuple[tuple[str, str], ...]


def expect(value: str) -> tuple[Expectation, ...]:
    """`Expect = #( token [ "=" ( token / quoted-string ) parameters ] )` (§10.1.1)."""
    return members(value, _expectation)


def _expectation(value: str, position: int) -> tuple[Expectation, int]:
    name, position = token(value, position, "an expectation")
    if value[position:position + 1] != "=":
        return Expectation(name.lower(), None, ()), position
    text, _, position = token_or_quoted(value, position + 1)
    found, position = parameters(value, position)
    return Expectation(name.lower(), text.lower(), found), position

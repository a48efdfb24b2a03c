"""Set-Cookie and Cookie (RFC 6265bis; the sections are those of the draft in the RFC Editor's queue).

Two readings of one value: `set_cookie` is the grammar for servers (§4.1.1), `received` what user agents make of any
value (§5.6). Rules about attributes take the second, so that an odd character hides nothing.
"""
from __future__ import annotations

import functools
import re
from collections.abc import Callable

from httplint.grammar.common import TOKEN, integer, past
from httplint.grammar.dates import MONTHS, imf_fixdate
from httplint.grammar.registry import rows
from httplint.grammar.syntax import Malformed
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily

LONGEST_ATTRIBUTE = 1024
"""Octets of an attribute's value, beyond which user agents ignore it (§5.6)."""

PREFIXES = ("__Secure-", "__Host-")

_CONTROL = r"\x00-\x08\x0a-\x1f\x7f"
_OCTETS = r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*+"
_ATTRIBUTE = r"[\x21-\x3a\x3c-\x7e][\x20-\x3a\x3c-\x7e]*+"

_strict = re.compile(rf'[ \t]*+{TOKEN}[ \t]*+=[ \t]*+(?:"{_OCTETS}"|{_OCTETS})'
                     rf"(?:[ \t]*+;[ \t]*+{_ATTRIBUTE})*+[ \t]*+")
_control = lazily(f"[{_CONTROL}]")
_token = lazily(TOKEN)
_octets = lazily(_OCTETS)
_attribute = lazily(_ATTRIBUTE)
_next_pair = lazily(rf",[ \t]*+{TOKEN}=")
_max_age = lazily(r"-?[0-9]++")


class Cookie:
    """A cookie as a user agent receives it (§5.6): values without surrounding whitespace, quotes kept."""

    __slots__ = ("_counting", "attributes", "name", "names", "value")

    name: str
    value: str
    attributes: tuple[tuple[str, str], ...]
    """Names in lower case, values as sent, empty where there is none; in order, repeated ones too."""
    names: tuple[str, ...]
    """The names of the attributes."""

    def __init__(self, name: str, value: str, attributes: tuple[tuple[str, str], ...] = ()) -> None:
        self.name = name
        self.value = value
        self.attributes = attributes
        self.names = tuple([one for one, _ in attributes])
        self._counting = {one: text for one, text in attributes if len(text) <= LONGEST_ATTRIBUTE}

    def __eq__(self, other: object) -> bool:
        return (isinstance(other, Cookie) and self.name == other.name and self.value == other.value
                and self.attributes == other.attributes)

    def __hash__(self) -> int:
        return hash((self.name, self.value, self.attributes))

    def __repr__(self) -> str:
        return f"<Cookie with {', '.join(self.names) or 'no attributes'}>"

    def attribute(self, name: str) -> str | None:
        """The value that counts: of the last attribute of that lower-case name that is not too long (§5.7)."""
        return self._counting.get(name)

    @property
    def size(self) -> int:
        """Octets of name and value."""
        return len(self.name) + len(self.value)

    @property
    def secure(self) -> bool:
        return "secure" in self.names

    @property
    def http_only(self) -> bool:
        return "httponly" in self.names

    @property
    def partitioned(self) -> bool:
        """Whether Partitioned is there, which is not registered yet (CHIPS)."""
        return "partitioned" in self.names

    @property
    def domain(self) -> str | None:
        """Domain in lower case without a leading dot (§5.6.3); None without one, or with an empty one."""
        return (self.attribute("domain") or "").removeprefix(".").lower() or None

    @property
    def path(self) -> str | None:
        """Path as sent; None without one, or with an empty one."""
        return self.attribute("path") or None

    @property
    def expires(self) -> int | None:
        """Expires in seconds since the epoch, as user agents read it (§5.6.1); None if they ignore or lack it."""
        return self._last("expires", cookie_date)

    @property
    def max_age(self) -> int | None:
        """Max-Age in seconds, as user agents read it (§5.6.2); None if they ignore or lack it."""
        return self._last("max-age", _seconds)

    def _last(self, name: str, read: Callable[[str], int | None]) -> int | None:
        """What is read of the last attribute of that name of which something can be read."""
        if name in self.names:
            for other, value in reversed(self.attributes):
                if other == name and (found := read(value)) is not None:
                    return found
        return None

    @property
    def same_site(self) -> str | None:
        """Strict, Lax or None in lower case (§5.6.7); anything else that was sent as it is; None without one."""
        value = self.attribute("samesite")
        if value is None:
            return None
        return value.lower() if value.lower() in SAME_SITE else value

    @property
    def prefix(self) -> str | None:
        """The prefix of the name, in whatever case, that makes demands on the attributes (§5.4)."""
        lower = self.name.lower()
        return next((prefix for prefix in PREFIXES if lower.startswith(prefix.lower())), None)


SAME_SITE = ("strict", "lax", "none")


def _seconds(value: str) -> int | None:
    """Max-Age as user agents read it (§5.6.2)."""
    if not _max_age.fullmatch(value):
        return None
    return -integer(value[1:]) if value[0] == "-" else integer(value)


def set_cookie(value: str) -> Cookie:
    """`set-cookie-string = BWS cookie-pair *( BWS ";" OWS cookie-av )` (§4.1.1).

    An attribute of any value is an `extension-av`, so that this does not judge the values of Expires and others.
    """
    if _strict.fullmatch(value) is None:
        raise _flaw(value)
    return _read(value)


def received(value: str) -> Cookie | None:
    """The cookie that user agents take from a value, by the steps of §5.6; None if they ignore it entirely.

    Not so for too long a name and value, which is left to who asks: they ignore those as well.
    """
    if _control.search(value):
        return None
    found = _read(value)
    return found if found.name or found.value else None


def _read(value: str) -> Cookie:
    pair, _, rest = value.partition(";")
    name, equals, text = pair.partition("=")
    if not equals:
        name, text = "", pair
    attributes = []
    for piece in rest.split(";"):
        key, _, argument = piece.partition("=")
        if key := key.strip(" \t"):
            attributes.append((key.lower(), argument.strip(" \t")))
    return Cookie(name.strip(" \t"), text.strip(" \t"), tuple(attributes))


def _flaw(value: str) -> Malformed:
    """Where and why a value leaves the grammar; what makes user agents ignore the whole comes first."""
    if control := _control.search(value):
        return Malformed(value, control.start(), "no control character", "clients drop the whole cookie")
    pair, _, _ = value.partition(";")
    name, equals, _ = pair.partition("=")
    if not equals:
        return Malformed(value, len(pair), "an equals sign", "a cookie is written name=value")
    start = len(name) - len(name.lstrip(" \t"))
    end = past(_token, name, start)
    if end < len(name.rstrip(" \t")):
        return Malformed(value, end, "a character allowed in a cookie's name", _name_hint(name[end]))
    if end == start:
        return Malformed(value, start, "the name of the cookie")
    if (found := _value_flaw(value, len(name) + 1, len(pair))) is not None:
        return found
    return _attribute_flaw(value, len(pair))


def _name_hint(wrong: str) -> str | None:
    if wrong in " \t":
        return "no whitespace in names"
    return "names are ASCII" if wrong > "~" else None


def _value_flaw(value: str, start: int, stop: int) -> Malformed | None:
    """The flaw of the cookie-value that ends at `stop`, if it has one."""
    while start < stop and value[start] in " \t":
        start += 1
    match = _octets.match(value, start + (value[start:start + 1] == '"'), stop)
    assert match is not None
    end = match.end()
    if value[start:start + 1] == '"':
        if value[end:end + 1] == '"' and end < stop:
            end += 1
        else:
            quoted = "the closing double quote" if end == stop else "a character allowed in a cookie's value"
            return Malformed(value, end, quoted, _value_hint(value, end) if end < stop else None)
    if not value[end:stop].strip(" \t"):
        return None
    return Malformed(value, end, "a character allowed in a cookie's value", _value_hint(value, end))


def _value_hint(value: str, position: int) -> str:
    wrong = value[position]
    if wrong == "," and _next_pair.match(value, position):
        return "each cookie is sent in a Set-Cookie line of its own"
    if wrong == '"':
        return "double quotes stand around the whole value or nowhere; encode other ones"
    what = {",": "a comma", " ": "a space", "\t": "a tab", "\\": "a backslash"}.get(wrong, "this octet")
    return f"{what} is encoded, in percent-encoding or Base64"


def _attribute_flaw(value: str, position: int) -> Malformed:
    """The first flaw among the attributes; one of them has one, or more whitespace than the grammar allows."""
    while position < len(value):
        position += 1
        while value[position:position + 1] in (" ", "\t"):
            position += 1
        match = _attribute.match(value, position)
        if match is None:
            if position >= len(value) or value[position] == ";":
                hint = "leave out the last semicolon" if position >= len(value) else "one semicolon is enough"
                return Malformed(value, position, "an attribute", hint)
            return Malformed(value, position, "a character allowed in an attribute", "attributes are ASCII")
        position = match.end()
        while value[position:position + 1] == "\t" or value[position:position + 1] == " ":
            position += 1
        if position < len(value) and value[position] != ";":
            return Malformed(value, position, "a character allowed in an attribute",
                             "attributes are ASCII" if value[position] > "~" else None)
    raise AssertionError(value)


_ATTRIBUTES = ("path", "domain", "expires", "max-age", "samesite", "secure", "httponly", "partitioned", "priority")
_folded = lazily(rf",[ \t]*+{TOKEN}[ \t]*+=")
_folded_path = lazily(rf",[ \t]++{TOKEN}=")
_next_in_value = lazily(rf"[^;=]*+=(?:[^;,]|,(?![ \t]++{TOKEN}=))*+,")


def pair_in_value(value: str) -> bool:
    """Whether the value of the cookie goes on like another cookie behind a comma and a space.

    That is how lines are joined (RFC 9110 §5.3). No cookie-value has a comma (§4.1.1), though user agents take it.
    """
    return "," in value.partition(";")[0] and _next_in_value.match(value) is not None


def folded(value: str) -> bool:
    """Whether several cookies were joined with commas into one line (§3, RFC 9110 §5.3).

    It shows behind an attribute: none but Path may have a comma and a name in its value, and Path no space with it.
    """
    if "," not in value or not _folded.search(value):
        return False
    for piece in value.split(";")[1:]:
        name = piece.lstrip(" \t")[:12].lower().partition("=")[0].partition(",")[0].rstrip(" \t")
        if name in _ATTRIBUTES and (_folded_path if name == "path" else _folded).search(piece):
            return True
    return False


_date_token = lazily(r"[^\x09\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]++")
_time = lazily(r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?![0-9])")
_day = lazily(r"([0-9]{1,2})(?![0-9])")
_year = lazily(r"([0-9]{2,4})(?![0-9])")
_MONTHS = tuple(month.lower() for month in MONTHS)
_EPOCH = 719163
"""The ordinal of 1970-01-01."""
_FIRST_YEAR = -11644473600
"""When 1601 began, before which no date of a cookie is (§5.1.1)."""


def cookie_date(value: str) -> int | None:
    """Seconds since the epoch of a date as user agents read it, in almost any form (§5.1.1); None if they cannot."""
    date = imf_fixdate(value)
    if date is not None and date.timestamp >= _FIRST_YEAR and value[23:25] != "60":
        return date.timestamp                              # all steps take that form for what it says, in their limits
    import datetime
    time = day = month = year = None
    for match in _date_token.finditer(value):
        text = match.group()
        if time is None and (found := _time.match(text)):
            time = [int(part) for part in found.groups()]
        elif day is None and (found := _day.match(text)):
            day = int(found[1])
        elif month is None and text[:3].lower() in _MONTHS:
            month = _MONTHS.index(text[:3].lower()) + 1
        elif year is None and (found := _year.match(text)):
            year = int(found[1])
    if time is None or day is None or month is None or year is None:
        return None
    if year < 100:
        year += 1900 if year >= 70 else 2000
    if year < 1601 or time[0] > 23 or time[1] > 59 or time[2] > 59:
        return None
    try:
        ordinal = datetime.date(year, month, day).toordinal()
    except ValueError:
        return None
    return (ordinal - _EPOCH) * 86400 + time[0] * 3600 + time[1] * 60 + time[2]


@functools.cache
def known_attributes() -> dict[str, str]:
    """The attributes that are registered or in use: lower-case name -> canonical spelling."""
    return {row["name"].lower(): row["name"] for row in rows("cookie-attributes.csv")}


class Pair(NamedTuple):
    """A cookie as it is sent back: name and value alone."""

    name: str
    value: str


_pair = lazily(rf'[ \t]*+({TOKEN})[ \t]*+=[ \t]*+("{_OCTETS}"|{_OCTETS})(?:; (?=.)|\Z)', re.DOTALL)


def cookie_string(value: str) -> tuple[Pair, ...]:
    """`cookie-string = cookie-pair *( ";" SP cookie-pair )`, what a client sends in Cookie (§4.2.1)."""
    found: list[Pair] = []
    position = 0
    while position < len(value) or not found:
        match = _pair.match(value, position)
        if match is None:
            raise _pair_flaw(value, position)
        found.append(Pair(*match.groups()))
        position = match.end()
    return tuple(found)


def _pair_flaw(value: str, position: int) -> Malformed:
    stop = value.find(";", position)
    stop = len(value) if stop < 0 else stop
    try:
        set_cookie(value[position:stop])
    except Malformed as error:
        hint = error.hint if error.position < stop - position else None
        return Malformed(value, position + error.position, error.expected, hint)
    hint = "one space follows the semicolon" if stop + 1 < len(value) else "leave out the last semicolon"
    return Malformed(value, min(stop + 1, len(value)), "a space and a cookie", hint)

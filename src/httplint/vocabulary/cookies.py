"""Set-Cookie: the cookies of a response, and what user agents do with them (RFC 6265bis).

Servers are to send less (§4.1) than user agents take (§5.6): a line that breaks the grammar may set a cookie all the
same, and one that fits it may be ignored. `SetCookie` has both readings. Several cookies in one line are one for user
agents; captures join lines, too, so that what says it was sent like that needs the fact "lines".
"""
from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable

from httplint.grammar.common import repeated
from httplint.grammar.cookies import (
    LONGEST_ATTRIBUTE,
    Cookie,
    cookie_date,
    folded,
    known_attributes,
    pair_in_value,
    received,
    set_cookie,
)
from httplint.grammar.dates import Date, imf_fixdate
from httplint.grammar.rfc9111 import CacheControl
from httplint.grammar.syntax import Malformed
from httplint.grammar.table import header_section, parsed
from httplint.model.evidence import NotApplicable, NotEvaluated, needs_package
from httplint.model.fields import Fields
from httplint.model.likeness import meant
from httplint.model.memo import kept_with_section
from httplint.model.message import Request, Response
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily
from httplint.model.printable import Words
from httplint.vocabulary import function
from httplint.vocabulary.transport import hosts, is_address


class SetCookie:
    """A line of Set-Cookie under judgement."""

    __slots__ = ("attribute", "cookie", "expected", "folded", "hint", "kept", "line", "octet", "pair_in_value",
                 "sound")

    line: int
    """Index into the lines of the header section."""
    cookie: Cookie | None
    """What user agents make of it; None if they drop it, or if it holds several cookies joined."""
    folded: bool
    """Whether it holds several cookies, joined with commas."""
    pair_in_value: bool
    """Whether it may hold several, joined behind the value of the first, or that value has commas in it."""
    sound: bool
    """Whether it fits the grammar. What follows says why not."""
    kept: bool
    """Whether user agents take a cookie with a name from it, all the same."""
    octet: int | None
    """Where the value leaves the grammar, from 1."""
    attribute: str
    """The attribute, in lower case, within which it does; empty where that is none."""
    expected: str
    hint: str
    """What was probably meant, as the end of a sentence: empty, or with a comma in front."""

    def __repr__(self) -> str:
        return f"<Set-Cookie, line {self.line + 1} of the fields>"

    def __init__(self, line: int, value: str) -> None:
        self.line = line
        self.folded = folded(value)
        self.pair_in_value = not self.folded and pair_in_value(value)
        self.sound = True
        self.octet = None
        self.attribute = self.expected = self.hint = ""
        cookie: Cookie | None
        try:
            cookie = set_cookie(value)                     # what fits the grammar is received as it is
        except Malformed as error:
            cookie = received(value)
            self.sound = self.folded or self.pair_in_value
            self.octet = error.position + 1
            _, semicolon, attribute = value[:error.position].rpartition(";")
            self.attribute = attribute.partition("=")[0].strip(" \t").lower() if semicolon else ""
            self.expected = Words(error.expected)
            self.hint = Words(f"; {error.hint}" if error.hint else "")
        self.cookie = None if self.folded or self.pair_in_value else cookie
        self.kept = cookie is not None and bool(cookie.name)


@function(guard="name", reads=("response.set-cookie",))
def set_cookies(response: Response, name: str) -> tuple[SetCookie, ...]:
    """The lines of Set-Cookie (RFC 6265bis §5.6)."""
    return _cookie_lines(header_section(response))


@kept_with_section
def _cookie_lines(fields: Fields) -> tuple[SetCookie, ...]:
    return tuple([SetCookie(number, value) for number, value in zip(
        fields.index.get("set-cookie", ()), fields.values("set-cookie"), strict=True)])


@function("lines")
def joined(line: SetCookie) -> bool:
    """Whether the line holds several cookies, and it was sent like that (RFC 6265bis §3, RFC 9110 §5.3)."""
    return line.folded


@function("lines")
def pair_behind_value(line: SetCookie) -> bool:
    """Whether another cookie, or what reads like one, stands behind a comma, and it was sent like that
    (RFC 6265bis §4.1.1).
    """
    return line.pair_in_value


class RepeatedCookie:
    """A cookie name that several lines of a response set. `line` is the last of them."""

    __slots__ = ("line", "name", "same", "times")

    line: int
    name: str
    times: int
    same: bool
    """Whether two of them have the same domain, path and partition, so that one replaces the other."""

    def __repr__(self) -> str:
        return f"<{self.times} cookies of one name>"

    def __init__(self, name: str, lines: list[SetCookie]) -> None:
        self.name = name
        self.line = lines[-1].line
        scopes = Counter((line.cookie.domain, line.cookie.path, line.cookie.partitioned) for line in lines
                         if line.cookie is not None)
        self.same = len(scopes) < len(lines)
        self.times = max(scopes.values()) if self.same else len(lines)


@function("repeats", guard="name", reads=("response.set-cookie",))
def repeated_cookies(response: Response, name: str) -> tuple[RepeatedCookie, ...]:
    """The cookie names that stand in more than one line (RFC 6265bis §4.1.1)."""
    lines = set_cookies(response, name)
    if len(lines) < 2:
        return ()
    groups: dict[str, list[SetCookie]] = {}
    for line in lines:
        if line.cookie is not None and line.cookie.name:
            groups.setdefault(line.cookie.name, []).append(line)
    return tuple([RepeatedCookie(key, group) for key, group in groups.items() if len(group) > 1])


@function()
def repeated_attributes(cookie: Cookie) -> tuple[str, ...]:
    """The attributes that stand more than once, in lower case (RFC 6265bis §4.1.1)."""
    return repeated(name for name, _ in cookie.attributes)


@function()
def sent_as(cookie: Cookie, name: str) -> str:
    """The value of an attribute as it was sent (RFC 6265bis §5.6).

    Raises NotApplicable where the attribute is missing.
    """
    value = cookie.attribute(name)
    if value is None:
        raise NotApplicable(name)
    return value


@function()
def readable_date(text: str) -> bool:
    """Whether user agents can read a date in Expires, in whatever form (RFC 6265bis §5.1.1)."""
    return cookie_date(text) is not None


@function()
def fits_weekday(text: str) -> bool:
    """Whether the day of the week in Expires is that of the date; of HTTP-dates only
    (RFC 6265bis §4.1.1, RFC 9110 §5.6.7).
    """
    date = imf_fixdate(text)
    return date is None or date.weekday_fits


class OutdatedDates(NamedTuple):
    """The cookies of a response whose Expires is a date that user agents read, in another form than servers send."""

    names: tuple[str, ...] = ()
    first: str = ""
    """The date of the first of them."""
    line: int | None = None


@function(guard="name", reads=("response.set-cookie",))
def outdated_dates(response: Response, name: str) -> tuple[OutdatedDates, ...]:
    """All outdated dates of a response as one: the same code has written them (RFC 6265bis §4.1.1, §5.1.1)."""
    found = [(line, date) for line in set_cookies(response, name)
             if line.cookie is not None and (date := line.cookie.attribute("expires")) is not None
             and not imf_fixdate(date) and readable_date(date)]
    if not found:
        return (OutdatedDates(),)
    names = dict.fromkeys(line.cookie.name for line, _ in found if line.cookie is not None)
    return (OutdatedDates(tuple(names), found[0][1], found[0][0].line),)


@function()
def too_long(cookie: Cookie) -> tuple[str, ...]:
    """The attributes whose value user agents ignore for its length, in lower case (RFC 6265bis §5.6)."""
    return tuple(name for name, value in cookie.attributes if len(value) > LONGEST_ATTRIBUTE)


@function()
def misspelt_attributes(cookie: Cookie) -> tuple[str, ...]:
    """The unknown attributes that are probably a known one with a slip, each with what was meant (RFC 6265bis §5.6)."""
    known = known_attributes()
    out = []
    for name, _ in cookie.attributes[:MANY]:
        if name in known or not 3 < len(name) <= 20:
            continue
        bare = name.translate(_SEPARATORS)
        exact = next((one for key, one in known.items() if key.translate(_SEPARATORS) == bare), None)
        if exact or (close := meant(name, known, 0.8)):
            out.append(f"{name}; did you mean {exact!r}?" if exact else name + close)
    return tuple(out)


MANY = 30
"""How many attributes are compared with the known ones, which takes its time."""

_SEPARATORS = str.maketrans("", "", "-_ ")


_host_name = lazily(r"[a-z0-9_\-]++(?:\.[a-z0-9_\-]++)*+\.?+")
_address = lazily(r"\[[0-9a-f:.]++\]")


@function()
def is_host(domain: str) -> bool:
    """Whether a text is a host name or an address, as Domain holds one (RFC 6265bis §4.1.1)."""
    return _host_name.fullmatch(domain) is not None or _address.fullmatch(domain) is not None


@function("resource", paired=False, reads=("request:origin",))
def covers(domain: str, request: Request) -> bool:
    """Whether a cookie of that domain may be set by a host that the client may have asked for
    (RFC 6265bis §5.1.3, §5.7).
    """
    asked = hosts(request)
    if not all(host.isascii() for host in asked):
        raise NotEvaluated("the host is not written as it is sent")
    return domain in asked or any(host.endswith("." + domain) and not is_address(host) for host in asked)


@function("resource", paired=False, reads=("request:origin",))
def for_everyone(domain: str, request: Request) -> bool:
    """Whether a domain is a public suffix such as co.uk, below which anybody can have a name (RFC 6265bis §5.7, §8.9).

    Not for the host of that very name, to which the cookie is then limited. Needs publicsuffixlist.
    """
    suffix = _suffix_of()
    if suffix is None:
        raise NotEvaluated(needs_package("the list of public suffixes", "publicsuffixlist", "psl"))
    return domain not in hosts(request) and suffix(domain) == domain


@functools.cache
def _suffix_of() -> Callable[[str], str | None] | None:
    """From a domain to its public suffix, or None below no suffix that is known; None if the list is not installed."""
    try:
        from publicsuffixlist import PublicSuffixList
    except ImportError:
        return None
    found: Callable[[str], str | None] = PublicSuffixList(accept_unknown=False).publicsuffix
    return found


@function()
def broken_prefix(cookie: Cookie) -> tuple[str, ...]:
    """What a cookie lacks that the prefix of its name demands (RFC 6265bis §4.1.3, §5.7)."""
    if cookie.prefix is None:
        return ()
    lacks = [] if cookie.secure else ["Secure"]
    if cookie.prefix == "__Host-":
        if cookie.path != "/":
            lacks.append("Path=/")
        if cookie.domain is not None:
            lacks.append("no Domain")
    return tuple(lacks)


@function(reads=("response.date",))
def deletes(cookie: Cookie, response: Response) -> bool:
    """Whether the cookie is set in order to delete it: it has expired at Date, or long ago (RFC 6265bis §3.1, §5.7).

    Raises NotEvaluated where Expires has no Date to compare with.
    """
    if _long_over(cookie):
        return True
    if cookie.max_age is not None or cookie.expires is None:
        return False
    date = _date(response)
    if date is None:
        raise NotEvaluated("Expires has no Date to compare with")
    return cookie.expires <= date


def _long_over(cookie: Cookie) -> bool:
    """Whether the lifetime is over by any clock."""
    if cookie.max_age is not None:
        return cookie.max_age <= 0
    return cookie.expires is not None and cookie.expires <= _LONG_AGO


_LONG_AGO = 1_000_000_000
"""September 2001: dates before it are those that servers delete cookies with."""


@function(reads=("response.date",))
def lifetime(cookie: Cookie, response: Response) -> int:
    """For how many seconds a user agent would keep the cookie, by Max-Age or by Expires and Date (RFC 6265bis §5.5).

    Raises NotApplicable for cookies of the session, and where Expires has no Date to compare with.
    """
    if cookie.max_age is not None:
        return cookie.max_age
    date = _date(response)
    if cookie.expires is None or date is None:
        raise NotApplicable("expires")
    return cookie.expires - date


def _date(response: Response) -> int | None:
    try:
        date = parsed(header_section(response), "date")
    except (NotApplicable, NotEvaluated):
        return None
    assert isinstance(date, Date)
    return date.timestamp


@function(guard="name", reads=("response.set-cookie",))
def sent_back(response: Response, name: str) -> int:
    """How many octets the cookies of the response take in the requests that follow (RFC 6265bis §4.2.1).

    Not those of a lifetime that is over by any clock, with which servers delete cookies.
    """
    return sum(line.cookie.size + 3 for line in set_cookies(response, name)
               if line.cookie is not None and not _long_over(line.cookie))


_SESSION = lazily(r"(?i)sess(?:ion|id|_|-|\b)|(?:^|[^a-z])(?:sid|ssid)(?:$|[^a-z])|phpsessid|\bcfid\b|cftoken"
                  r"|auth(?!or)|jwt|login|logged[_-]?in|remember|access[_-]?token|refresh[_-]?token|id[_-]?token|identity|credential")
_FOR_SCRIPTS = lazily(r"(?i)csrf|xsrf")


@function()
def for_session(cookie: Cookie) -> bool:
    """Whether the name of a cookie is like those of sessions and credentials; not tokens that scripts have to read
    (RFC 6265bis §8.4).
    """
    return _named_for_session(cookie.name[:200]) and bool(cookie.value.strip('"'))


@functools.lru_cache(512)
def _named_for_session(name: str) -> bool:
    return _SESSION.search(name) is not None and _FOR_SCRIPTS.search(name) is None


_TARGETED = frozenset(("cdn-cache-control", "surrogate-control", "cloudflare-cdn-cache-control",
                       "vercel-cdn-cache-control", "netlify-cdn-cache-control", "akamai-cache-control"))


@function(reads=("response.cache-control", *[f"response.{name}?" for name in _TARGETED]))
def for_shared_caches(response: Response) -> bool:
    """Whether a response says that shared caches may store it and use it for others (RFC 9111 §3, §7.3).

    Only by Cache-Control: what else makes a response storable is seldom meant. Fields for certain caches only may say
    otherwise; with them it is not evaluated.
    """
    fields = header_section(response)
    if not fields.index.keys().isdisjoint(_TARGETED):
        raise NotEvaluated("a field tells certain caches what to do")
    control = parsed(fields, "cache-control")
    assert isinstance(control, CacheControl)
    if (control.private or control.no_cache or control.has("no-store") or "set-cookie" in control.private_fields
            or "set-cookie" in control.no_cache_fields):
        return False
    seconds = control.seconds("s-maxage")
    if seconds is None:
        seconds = control.seconds("max-age")
    return (seconds or 0) > 0 or (seconds is None and control.public)

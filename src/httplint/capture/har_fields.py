"""The header sections of a HAR, as they were sent.

Tools join lines with a line feed, split values at their commas, write sections down twice, replace what is secret and
add fields of their own. What was sent is restored where it shows for certain; the names of all other lines are given as
`unknown`, so that their absence proves nothing.
"""
from __future__ import annotations

import re

from httplint.capture import har_quirks
from httplint.capture.har_quirks import Producer
from httplint.capture.har_shape import HarHeader, Scalar
from httplint.capture.redaction import redacted
from httplint.model.evidence import bits
from httplint.model.fields import Fields
from httplint.model.pattern import lazily

NO_NAMES: frozenset[str] = frozenset()
REQUEST_FIELDS = bits("request_fields")

DATES = frozenset({"date", "expires", "last-modified", "memento-datetime", "retry-after", "sunset"})
"""Fields with a date as value, in which a comma follows the name of the day (RFC 9110 §5.6.7)."""
LISTS = frozenset((
    "accept", "accept-ch", "accept-encoding", "accept-patch", "accept-post", "accept-query", "accept-ranges",
    "accept-signature", "access-control-allow-headers", "access-control-allow-methods", "access-control-expose-headers",
    "allow", "alt-svc", "authentication-info", "cache-control", "cache-group-invalidation", "cache-groups",
    "cache-status", "cdn-cache-control", "clear-site-data", "connection", "content-digest", "content-encoding",
    "content-language", "content-security-policy", "content-security-policy-report-only", "critical-ch", "dav",
    "document-policy", "document-policy-report-only", "feature-policy", "integrity-policy",
    "integrity-policy-report-only", "keep-alive", "link", "link-template", "nel", "no-vary-search",
    "optional-www-authenticate", "permissions-policy", "permissions-policy-report-only", "pragma", "preference-applied",
    "priority", "proxy-authenticate", "proxy-authentication-info", "proxy-status", "ratelimit", "ratelimit-policy",
    "referrer-policy", "report-to", "reporting-endpoints", "repr-digest", "sec-websocket-extensions",
    "sec-websocket-protocol", "sec-websocket-version", "server-timing", "signature", "signature-input",
    "speculation-rules", "supports-loading-mode", "surrogate-control", "tcn", "timing-allow-origin", "trailer",
    "transfer-encoding", "unencoded-digest", "upgrade", "use-as-dictionary", "vary", "via", "want-content-digest",
    "want-repr-digest", "want-unencoded-digest", "warning", "www-authenticate", "x-content-type-options",
    "x-frame-options",
))
"""Fields whose lines combine with commas (RFC 9110 §5.3)."""
MANY = 3
"""From so many names on, a section that is all repeated stands there several times."""

UNKNOWN = 2000
"""Characters of the names of lines without a value beyond which nothing is said but that lines are missing."""

_LINE_END = lazily(r"\r?\n(?![ \t])|(?<!\r)\n")
"""Where repeated field lines were joined; a CRLF before a blank is the folding of one line (RFC 9112 §5.2)."""
_DAY = lazily(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}", re.IGNORECASE)
_ENCLOSED = lazily(r'"(?:[^"\\]++|\\.)*+(?:"|(\\?+\Z))|<[^<>]*+>|\((?:[^()"\\]++|\\.)*+\)|(["<(])', re.DOTALL)
"""A string, a URI or a comment. Group 1 or 2: one that is left open."""


class HarSection:
    """A list of headers: its field lines; whether all could be read; names of lines whose value is not known.

    `sound`: whether lines that are repeated were sent so. `suspect`: whether there are lines that the tool may have
    added.
    """

    __slots__ = ("complete", "made", "sound", "suspect", "unknown")

    def __init__(self, made: Fields, row: Producer, complete: bool, unknown: frozenset[str] = NO_NAMES,
                 sound: bool = True) -> None:
        self.made = made
        self.complete = complete
        self.unknown = unknown
        self.sound = sound
        self.suspect = not made.index.keys().isdisjoint(row.suspects)

    def repeats(self) -> bool:
        """Whether a field stands there on several lines."""
        return len(self.made.index) < len(self.made.lines)

    def fields(self, row: Producer, version: str | None) -> Fields | None:
        """The field lines as they were sent; None if that is not known of any."""
        made = self.made
        if not self.suspect:
            return made if self.complete or made.lines else None
        suspects = row.suspects
        return Fields(tuple((name, value) for name, value in made.lines if name.lower() not in suspects
                            or not har_quirks.is_added(row, name.lower(), value, version)))


def section(headers: list[HarHeader] | None, row: Producer, *, answered: bool) -> HarSection:
    """The section of a response (`answered`) or a request."""
    if not headers:
        # an empty list is what tools write that did not look, but those that see all fields of requests
        return HarSection(Fields(), row, headers is not None and bool(row.facts & REQUEST_FIELDS))
    plain = _plain(headers, row)
    found = _odd_section(headers, row) if plain is None else HarSection(plain, row, True)
    if answered and row.firsts:
        return _less_lists(found, row)
    if len(found.made.index) == len(found.made.lines):
        return found
    if answered and (row.splits or (not row.facts & REQUEST_FIELDS and _is_split(found.made))):
        return _rejoined(found, row)
    if row.merges or (not row.facts & REQUEST_FIELDS and _is_doubled(found.made)):
        return _once(found, row)
    return found


def pseudo_fields(headers: list[HarHeader] | None) -> dict[str, str]:
    """The pseudo-fields of a list of headers (RFC 9113 §8.3)."""
    return {line.name: line.value for line in headers or () if isinstance(line.name, str) and line.name[:1] == ":"
            and isinstance(line.value, str)}


def _plain(headers: list[HarHeader], row: Producer) -> Fields | None:
    """The lines as they stand there; None if they hold anything but plain field lines."""
    names, values = [line.name for line in headers], [line.value for line in headers]
    try:
        key, text = "\n".join(names), "\n".join(values)  # type: ignore[arg-type]
    except TypeError:
        return None
    if (":" in key or row.torn or (row.joins and text.count("\n") >= len(values)) or not key.isascii()
            or not text.isascii() or redacted(text)):
        return None
    return Fields.paired(names, values, key)  # type: ignore[arg-type]


def _odd_section(headers: list[HarHeader], row: Producer) -> HarSection:
    """The section of a list that holds anything but plain field lines."""
    lines: list[tuple[str, str]] = []
    complete = True
    unknown: set[str] = set()
    for line in headers:
        name, value = _text(line.name), _text(line.value)
        if name is None:
            complete = False
        elif name.startswith(":"):
            continue  # a pseudo-field of HTTP/2 or 3
        elif row.torn and ("=" in name or ";" in name):
            unknown.add("set-cookie")
        elif value is None or redacted(value):
            unknown.add(name.lower())
        elif "\n" in value and row.joins:
            lines += [(name, piece) for piece in _LINE_END.split(value) if piece]
        else:
            lines.append((name, value))
    if unknown:
        lines = [(name, value) for name, value in lines if name.lower() not in unknown]
    if sum([len(name) + 1 for name in unknown]) > UNKNOWN:
        complete, unknown = False, set()
    return HarSection(Fields(tuple(lines)), row, complete, frozenset(unknown))


def _text(value: Scalar) -> str | None:
    """A name or value that should have been a string; None if there is none."""
    if isinstance(value, str):
        return value if value.isascii() else octets(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or not abs(value) < 1e15:
        return None
    return str(value)


def octets(text: str) -> str:
    """A string with one character for each octet that was sent, as the model keeps field values.

    Characters up to U+00FF are octets already. Others were decoded from UTF-8 by the tool; lone surrogates are octets
    that it could not decode.
    """
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        pass
    else:
        return text
    try:
        return text.encode("utf-8", "surrogateescape").decode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass").decode("latin-1")


# -- values that were split at their commas


def _is_split(made: Fields) -> bool:
    """Whether a date was split: a line with the name of a day, and the next with the rest."""
    for name in DATES:
        values = made.values(name)
        if len(values) > 1 and _DAY.fullmatch(values[0]):
            return True
    return False


def _rejoined(split: HarSection, row: Producer) -> HarSection:
    """The same with one line a field; unknown is what might have been several lines, or another value."""
    made = split.made
    lines: list[tuple[str, str]] = []
    unknown = set(split.unknown)
    for number, (name, value) in enumerate(made.lines):
        key = name.lower()
        numbers = made.index[key]
        if len(numbers) == 1 or key == "set-cookie":
            lines.append((name, value))
        elif number == numbers[0]:
            joined = _joined(key, made.values(key))
            if joined is None:
                unknown.add(key)
            else:
                lines.append((name, joined))
    return HarSection(Fields(tuple(lines)), row, split.complete, frozenset(unknown))


def _joined(name: str, pieces: list[str]) -> str | None:
    """The value that had these pieces between commas; None where the octets next to the commas matter."""
    if name in DATES:
        return ", ".join(pieces) if len(pieces) == 2 and _DAY.fullmatch(pieces[0]) else None
    if name not in LISTS or any(found.lastindex for piece in pieces for found in _ENCLOSED.finditer(piece)):
        return None
    return ", ".join(pieces)


def _less_lists(cut: HarSection, row: Producer) -> HarSection:
    """The same without the fields that may have had further lines, which change what a list says."""
    lists = cut.made.index.keys() & LISTS
    lines = tuple(line for line in cut.made.lines if line[0].lower() not in lists)
    return HarSection(Fields(lines), row, cut.complete, cut.unknown | lists)


# -- sections that stand there several times


def _is_doubled(made: Fields) -> bool:
    """Whether the section stands there several times: most fields, or all, are repeated as a whole."""
    names = [name for name in made.index if name != "set-cookie"]
    if len(names) < MANY:
        return False
    if all(len(made.index[name]) > 1 for name in names):
        return True
    alike = sum(len(made.index[name]) > 1 and len(set(made.values(name))) == 1 for name in names)
    return alike >= MANY and 2 * alike > len(names)


def _once(repeated: HarSection, row: Producer) -> HarSection:
    """The same with each line once; unknown are fields of which several values stand there."""
    made = repeated.made
    unknown = set(repeated.unknown)
    for name, numbers in made.index.items():
        values = made.values(name)
        half = len(values) // 2
        if name != "set-cookie" and len(set(values)) > 1 and (len(numbers) % 2 or values[:half] != values[half:]):
            unknown.add(name)
    seen: set[tuple[str, str]] = set()
    lines = []
    for name, value in made.lines:
        key = (name.lower(), value)
        if key not in seen and key[0] not in unknown:
            seen.add(key)
            lines.append((name, value))
    return HarSection(Fields(tuple(lines)), row, repeated.complete, frozenset(unknown), sound=False)

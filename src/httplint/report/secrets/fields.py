"""The secrets in the value of a field: some fields hold nothing else, some look so and hold none."""
from __future__ import annotations

from collections.abc import Iterator

from httplint.model.pattern import lazily
from httplint.report.kept import SHORT, of_texts
from httplint.report.secrets.names import PLAIN, STRONG, looks_secret, named, sounds_secret
from httplint.report.secrets.places import is_token
from httplint.report.secrets.randomness import LEAST, is_random
from httplint.report.secrets.scan import scanned
from httplint.report.secrets.spans import LOOKED_AT, Span, Spans, filled, merged

_CHALLENGES = frozenset({
    "www-authenticate", "proxy-authenticate", "authentication-info", "proxy-authentication-info",
    "authentication-control", "sec-session-registration", "sec-session-challenge", "sec-session-id",
    "secure-session-registration", "secure-session-challenge", "secure-session-id"})
_CHALLENGE = lazily(r"(?i)(?<![\w\-])(?:nonce|opaque|nextnonce|cnonce|rspauth|response|challenge|authorization"
                    r"|ticket|id|s)\s*+=\s*+(?:\"((?:[^\"\\]|\\.)*+)|([^\s,;\"]++))")
_TOKEN68 = lazily(r"(?:\A|,\s*+)[\w\-]{1,40}+ +([0-9A-Za-z\-._~+/]{8,}+=*+)(?=\s*+(?:,|\Z))")
_STRINGS = lazily(r"(?:\A|,)\s*+\"([^\"]++)")
_PUBLIC = frozenset({
    "access-control-allow-credentials", "idempotency-key", "x-idempotency-key", "sec-websocket-key",
    "sec-websocket-key1", "sec-websocket-key2", "surrogate-key", "cache-key", "x-cache-key", "xkey",
    "signature", "signature-input", "accept-signature", "public-key-pins", "key",
    "public-key-pins-report-only", "sec-websocket-accept", "feature-policy", "permissions-policy",
    "x-robots-tag", "cookie-consent"})
"""Fields whose values are no secrets though their names sound so."""
CREDENTIALS_FIELDS = frozenset({"cookie", "set-cookie", "set-cookie2", "authorization", "proxy-authorization"})
_SECRET_KEY = lazily(r"(?<![a-z])(?:key|ticket|sign|creds?|sso|sas|wsse|principal|kerberos)\Z|session\Z"
                     r"|(?<![a-z])(?:session|oidc)(?![a-z])")
_READABLE = lazily(
    r"etag|if-(?:none-)?match|if-range|traceparent|tracestate|baggage|b3|x-b3-|uber-trace|(?:\A|-)ids?(?:\Z|-)|[a-z]id\Z"
    r"|trace|correlation|request-?id|(?:\A|-)ray(?:\Z|-)|served-by|x-timer|content-security-policy|integrity"
    r"|sec-websocket-(?:accept|key)|signature|content-disposition|hash|digest|checksum|md5|sha[0-9]"
    r"|fingerprint|version|build|commit|revision|generation|surrogate-key|cache-?(?:key|tag)|xkey|idempotency|pins"
    r"|debug|server-timing|x-amz-cf-pop|want-|accept-signature|dictionary|\Akey\Z")
"""Names of fields in which values look random and are none the less no secrets."""
_DIGESTS = frozenset({"digest", "content-digest", "repr-digest", "content-md5", "x-amz-content-sha256", "x-goog-hash"})
_DIGEST = lazily(r"[0-9A-Za-z+/_\-]{16,}+=*+")
_IS_DIGEST = lazily(r"(?=[0-9A-Za-z+/]+=*\Z)(?:.{22}(?:==)?|.{27}=?|.{38}(?:==)?|.{43}=?|.{64}|.{86}(?:==)?)\Z"
                    r"|(?=[0-9A-Fa-f]+\Z)(?:.{32}|.{40}|.{56}|.{64}|.{96}|.{128})\Z")
"""MD5, SHA-1 or SHA-2 in base64, with or without padding, or in hexadecimal."""
_ATTRIBUTES = frozenset({"path", "domain", "expires", "max-age", "samesite", "secure", "httponly", "partitioned",
                         "priority", "comment", "version", "port", "commenturl", "discard"})

_DATE = lazily(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT")

_REFERENCES = frozenset({"location", "content-location", "referer", "sourcemap", "x-sourcemap", "destination"})
"""Fields whose value is a URI reference."""


Line = tuple[str, str]
"""A field line: name and value."""
_LINES = 8192
"""How many lines are remembered, if they are short."""
SEEN: dict[Line, Spans] = {}
"""What `in_line` has said, as far as that is remembered."""


def in_line(line: Line) -> Spans:
    """The secrets in the value of a field line; remembered, since real traffic repeats its lines."""
    spans = SEEN.get(line)
    if spans is None:
        name, value = line
        spans = in_field(name.lower(), value)
        if len(name) + len(value) <= SHORT:
            if len(SEEN) >= _LINES:
                SEEN.clear()
            SEEN[line] = spans
    return spans


@of_texts(2048)
def is_secret_field(name: str) -> bool:
    """Whether the value of a field, whose name is in lower case, is a secret as a whole."""
    return name not in _PUBLIC and name not in _CHALLENGES and name not in ("cookie", "set-cookie", "set-cookie2") and (
        sounds_secret(name) or _SECRET_KEY.search(name) is not None)


@of_texts(2048)
def _is_readable(name: str) -> bool:
    return _READABLE.search(name) is not None


def in_field(name: str, value: str) -> Spans:
    """The secrets in the value of a field. `name`: in lower case."""
    value, known = filled(value[:LOOKED_AT])
    return merged([*known, *_in_filled(name, value)]) if known else _in_filled(name, value)


def _in_filled(name: str, value: str) -> Spans:
    if name in ("cookie", "set-cookie", "set-cookie2"):
        return merged([*_cookies(name, value)])
    if name in ("authorization", "proxy-authorization"):
        return _credentials(value)
    if name in _CHALLENGES:
        return _challenge(name, value)
    if is_secret_field(name):
        begin = len(value) - len(value.lstrip(' \t"'))
        end = len(value.rstrip(' \t"'))
        if begin >= end or PLAIN.match(value[begin:end]):
            return ()
        return ((begin, end),)
    if len(value) < 6:
        return ()
    if _DATE.fullmatch(value):                             # by far the most frequent of what seldom repeats
        return ()
    if name in _DIGESTS:
        return _digests(value)
    return scanned(value, tokens=not _is_readable(name), reference=name in _REFERENCES)


def _cookies(name: str, value: str) -> Iterator[Span]:
    """The values of cookies; of Set-Cookie also those of attributes that are not known."""
    at, quoted = 0, False
    for number, pair in enumerate(value.split(";")):
        begin = at
        at += len(pair) + 1
        key, equals, _ = pair.partition("=")
        first = begin + len(key) + 1 if equals and not quoted else begin
        last = begin + len(pair)
        within, quoted = quoted, '"' in value[at:] and _stays_quoted(value[first:last], quoted)
        if within:                                         # a semicolon in a quoted value
            pass
        elif name == "set-cookie" and number:
            known = key.strip().lower()
            if known in _ATTRIBUTES or not (named(known) == STRONG or looks_secret(value[first:last]) if equals else
                                            is_token(key.strip())):
                yield from ((begin + one, begin + other) for one, other in _in_attribute(pair))
                continue
        elif name == "set-cookie2" and key.strip().lower() in _ATTRIBUTES:
            continue
        elif equals and not pair[len(key):].strip('= "') and is_token(key.strip()):
            first, last = begin, begin + len(key)          # a value without a name, in base64
        elif equals and len(key) >= LEAST:
            yield from ((begin + one, begin + other) for one, other in in_name(key))
        stripped = value[first:last].strip(' \t"')
        if stripped:
            begin = first + value[first:last].index(stripped)
            yield begin, begin + len(stripped)


@of_texts(2048)
def _in_attribute(pair: str) -> Spans:
    """The secrets in an attribute of a cookie, which most others have, too."""
    return scanned(pair)


def _stays_quoted(part: str, quoted: bool) -> bool:
    """Whether a quoted value that has begun does not end in this part of it."""
    part = part.strip(" \t")
    return (part[-1:] != '"') if quoted else part[:1] == '"' and (len(part) == 1 or part[-1] != '"')


def _credentials(value: str) -> Spans:
    value = value.rstrip(" \t")
    lead = len(value) - len(value.lstrip(" \t"))
    scheme, space, rest = value[lead:].partition(" ")
    begin = lead + len(scheme) + 1 + len(rest) - len(rest.lstrip(" ")) if space else lead
    return ((begin, len(value)),) if begin < len(value) else ()


def _challenge(name: str, value: str) -> Spans:
    found = [one.span(1 if one[1] is not None else 2) for one in _CHALLENGE.finditer(value)]
    found += [one.span(1) for one in _TOKEN68.finditer(value)]
    if "session" in name:
        found += [one.span(1) for one in _STRINGS.finditer(value)]
    return merged([span for span in (*found, *scanned(value)) if span[0] < span[1]])


def _digests(value: str) -> Spans:
    """What is no digest, by its length and its digits."""
    found = [one.span() for one in _DIGEST.finditer(value)
             if not _IS_DIGEST.match(one[0]) and is_random(one[0].rstrip("="), True)]
    return merged([*found, *scanned(value, tokens=False)])


@of_texts(2048)
def in_name(name: str) -> Spans:
    """The secrets in a name of a field, or a method: tokens that look random."""
    return scanned(name) if len(name) >= 8 else ()

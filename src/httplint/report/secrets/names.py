"""Secrets by their name: the value of what is called `access_token`, be it a parameter, a member, a cookie, an element.

A name tells more or less: some names are those of secrets wherever they stand, some only as parameters of a URI, some
where the value looks random.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from httplint.model.pattern import lazily
from httplint.report.kept import of_texts
from httplint.report.secrets.randomness import SUNDERED, UUID, is_credential, is_random
from httplint.report.secrets.spans import LOOKED_AT, Span, unquoted

_STRONG = lazily(
    r"token(?!iz)|secret|passw|passphrase|(?<![a-z])(?:pwd|pass|pin|otp|totp|mfa|sid|hmac|jwt|jwe|pat)(?![a-z])|pwd\Z"
    r"|(?:api|access|private|client|subscription|account|auth|shared|encryption|signing|license|master|functions?"
    r"|session|service|consumer|app|refresh|security|deploy|write|read|admin|user|storage|x)[_.\- ]?"
    r"key(?!word|board|frame)"
    r"|key[_.\- ]?pair[_.\- ]?id|pass(?:code|key)"
    r"|signature|credential|assertion|saml|jwt|sess(?:ion)?[_.\-]?(?:id|key)|c?[sx]rf|nonce|bearer|verifier"
    r"|(?<![a-z])o?auth(?:n|z|2)?(?:enticat\w*|orization)?(?![a-z])|authorization|authenticity|dpop|cookie|webhook"
    r"|one[_.\-]?time|magic[_.\-]?(?:link|code)|recovery[_.\-]?(?:code|key)|(?:backup|device|user)[_.\-]?code"
    r"|(?:auth\w*|verification|invite|invitation|reset|activation|confirm\w*|access|security|login)[_.\-]?code"
    r"|(?:invite|reset|confirm\w*|activation|magic|unsubscribe|share)[_.\-]?(?:hash|key|link|id)|(?<![a-z])sig(?![a-z])")
"""What a name has in it whose value is a secret, in lower case."""
_WEAK = lazily(r"(?:.*[_.\-\[])?(?:code|key|sig|auth|session|sess|state|refresh|access|hmac|mac|salt|seed|ticket"
               r"|otp|pin|pass|login|challenge|response|[a-uw-z]|tk|tkn|value|data|link|id|uid|proof|sign|cert"
               r"|invite|invitation|reset|confirm|confirmation|verify|verification|activate|activation)\]?")
"""Names whose value is a secret only where it looks random."""
_PARAMETER = lazily(r"code|sig|key|auth|session|sid|otp|pin|pass|ticket|sign")
"""Names whose value is a secret as a parameter of a URI or a form."""
_NO_SECRET = lazily(
    r"(?:type|endpoint|ur[il]|expir\w*|expires_?(?:in|at)|count|limit|length|policy|status|enabled|required|name|method"
    r"|alg|algorithm|version|supported|ttl|max|min|lifetime|format|hint|field|header|params?|remaining|scope|issuer"
    r"|ed|able|usage|duration|age|domain|path|mode|label|title|message|strength|sameparty|rotation|prefix)\Z"
    r"|credentials-(?:get|create)\Z|access-control-|\Amax|sha[0-9]|content-?type|tokens?[_.\-]?(?:used|left|per)|author(?!iz)|keyword")
"""What a name has in it that tells of secrets, but holds none."""
PLAIN = lazily(r"(?i)(?:true|false|null|none|undefined|nil|yes|no|on|off|enabled|disabled|active|required|optional"
                    r"|bearer|basic|\*+|x+|\.+|\W?redacted\W?|-?[0-9.]{1,3})\Z")
"""Values that are no secrets, whatever their name."""

NO, PLACED, WEAK, STRONG = range(4)


def sounds_secret(name: str) -> bool:
    """Whether a name, in lower case, is that of a secret wherever it stands."""
    return _STRONG.search(name) is not None and not _NO_SECRET.search(name)


@of_texts(4096)
def named(name: str) -> int:
    """How much a name says of its value: STRONG, PLACED (a secret as a parameter), WEAK (where it looks random), NO."""
    name = name.lower()
    if sounds_secret(name):
        return STRONG
    if _PARAMETER.fullmatch(name):
        return PLACED
    return WEAK if _WEAK.fullmatch(name) else NO


# -- what a name says that a value is not

_HARMLESS = lazily(r"(?i)(?:\A|[?&;\s_\-\[])(?:v|ver|version|rev|revision|build|hash|sha[0-9\-]*|md5|checksum"
                   r"|digest|etag|cb|cachebust\w*|boundary|integrity|uuid|guid|trace\w*|request\w*|correlation\w*|_+)\]?=\"?\Z")


STATIC = lazily(r"(?i)\.(?:m?js|css|map|json|woff2?|ttf|eot|svg|png|jpe?g|gif|webp|avif|ico|wasm|xml)\Z")
"""The end of the name of a file in a URI whose query tells its version."""
_UNTIL = lazily(r"(?i)[?&;](?:amp;)?(?:exp|expires|expiry|expiration|e|deadline|valid[_-]?(?:to|until))=[0-9]{9}")
"""A link that holds for some time only: what looks like a digest in it is its signature."""


def is_harmless(text: str, begin: int, end: int) -> bool:
    """Whether the name in front of a token tells that it is none: a version, a digest, an id."""
    named = _HARMLESS.search(text[max(0, begin - 30):begin])
    if named is None or _UNTIL.search(text, max(0, begin - 120), end + 120):
        return False
    query = text.rfind("?", max(0, begin - 200), begin) if "hash" in named[0].lower() else -1
    return query < 0 or STATIC.search(text, max(0, query - 6), query) is not None


# -- names and values in a text

_EQUALS = lazily(r"[=:>%](?:(?<!%)|(?:25){0,9}3[AaDd])")
"""What may stand between a name and a value; also where a URI is percent-encoded within others. It begins with a set,
for which a search goes on over all other characters at once."""
_NAME = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-.[]%$~"
_BEFORE = lazily(r"[/?&;#=,]")
_OPEN = lazily(r"\s{0,9}(\\{0,9})([\"'])|\s{0,9}<(?=[^\s<>/\"']{6,64}>)|\s{0,9}")
_QUOTED = {'"': lazily(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL),
           "'": lazily(r"[^'\\]*+(?:\\.[^'\\]*+)*+", re.DOTALL)}
_OF_COLON = lazily(r"(?:[^&#\s\"'<>,;{}\[\]\\]|[,;](?=[^&#\s\"'<>,;{}\[\]\\])(?!\s*[\w.\-]+[=:]))+")
_ITEM = lazily(r"\s{0,9},?\s{0,9}\"((?:[^\"\\]|\\.)*+)\"")
_SCHEME = lazily(r"(?i)(?:bearer|basic|digest|token|negotiate|apikey|dpop|ntlm)\Z")
_CREDENTIALS = lazily(r" {1,9}([^\s\"'<>,;&]+)")
_CDATA = "<![CDATA["


@lru_cache(maxsize=16)
def _bare(depth: int) -> re.Pattern[str]:
    """A value without quotes. `depth`: how often the URI is percent-encoded in which it stands."""
    end = rf"(?!%(?:25){{0,{depth - 1}}}(?:26|23))" if depth else ""
    return re.compile(rf"(?:{end}[^&#\s\"'<>,;\\]|[,;](?=[^&#\s\"'<>,;])(?!\s*[\w.\-]+=)|\\(?!u0026|[\"'\\/]))+")


def by_name(text: str, content: bool, tokens: bool, found: list[Span]) -> None:
    """The values of names that tell that they are secrets.

    `tokens`: whether those that look random are found anyway; where not, the text has words of ours, or is a content.
    """
    done = 0
    for equals in _EQUALS.finditer(text, len("http:/") if text.startswith(("https://", "http://")) else 0):
        at, sign = equals.start(), equals[0]
        if at < done:
            continue
        if sign == ">":
            if content:
                done = _element(text, at, found) or done
            continue
        name, parameter = _name_before(text, at, sign)
        if not name:
            continue
        strength = named(name)
        if strength == NO and not tokens and parameter and not is_harmless(text, equals.end(), equals.end()) and (
                len(sign) > 1 or text.endswith(("?", "&", "&amp;", "u0026"), 0, at - len(name))):
            strength = WEAK                                # a parameter of a URI, whatever its name
        if strength == NO or (len(name) == 1 and not parameter) or (
                strength == PLACED and not parameter and not content and sign[-1:] not in "=Dd"):
            continue
        begin, end = _value_after(text, equals.end(), sign)
        value = text[begin:end]
        if sign == ":" and text[begin - 1:begin] not in _QUOTED and (
                strength != STRONG or text[max(0, at - len(name) - 2):at - len(name)] == "//"
                or name.lower() in ("cookie", "set-cookie")
                or (value and not tokens and not content and not is_credential(value))):
            continue                                       # userinfo, a line of a header section, words
        if begin >= end or PLAIN.match(value):
            if text.startswith("[", begin):
                found += _items(text, begin + 1) if strength == STRONG else ()
            continue
        if strength == STRONG and (name.endswith(("tokens", "Tokens")) and value.isdigit()):
            continue
        if strength == STRONG or (strength == PLACED and parameter) or looks_secret(value):
            found.append((begin, end))
            done = end


def _name_before(text: str, at: int, sign: str) -> tuple[str, bool]:
    """(the name that ends there, whether it is a parameter of a URI or a form)."""
    head = text[max(0, at - 120):at]
    if len(sign) == 1:
        head = head.rstrip(" \t").rstrip("\"'").rstrip("\\")
    rest = head.rstrip(_NAME)
    name = head[len(rest):]
    if "%" in name:
        for _ in range(9):
            again = unquoted(name)
            if again == name:
                break
            name = again
        pieces = _BEFORE.split(name)
        return pieces[-1][-100:], len(pieces) > 1 or rest[-1:] in "?&;#"
    if name[:5] == "u0026" and rest[-1:] == "\\":          # an ampersand in JSON
        return name[5:], True
    return name[-100:], sign == "=" and (rest[-1:] in "?&;#" if rest else True)


def _value_after(text: str, at: int, sign: str) -> Span:
    """Where the value is that begins there, without quotes."""
    opened = _OPEN.match(text, at)
    assert opened is not None
    begin = opened.end()
    if opened[2]:
        slashes, quote = opened[1], opened[2]
        if not slashes:
            quoted = _QUOTED[quote].match(text, begin)
            assert quoted is not None
            return begin, quoted.end()
        end = text.find(slashes + quote, begin, begin + LOOKED_AT)
        return begin, end if end >= 0 else min(len(text), begin + LOOKED_AT)
    bare = (_OF_COLON if sign == ":" else _bare(0 if len(sign) == 1 else (len(sign) - 1) // 2)).match(text, begin)
    if bare is None:
        return begin, begin
    end = bare.end()
    if _SCHEME.match(text[begin:end]) and (more := _CREDENTIALS.match(text, end)):
        return more.span(1)
    return begin, end


def _items(text: str, at: int) -> Iterator[Span]:
    for _ in range(100):
        item = _ITEM.match(text, at)
        if item is None:
            return
        if item.start(1) < item.end(1):
            yield item.span(1)
        at = item.end()


def _element(text: str, at: int, found: list[Span]) -> int:
    """The text of an XML element whose start tag ends there; where that ends, or 0."""
    begin = text.rfind("<", max(0, at - 300), at)
    tag = text[begin + 1:at] if begin >= 0 else ""
    if not tag or tag[0] in "/!?" or tag[-1] == "/":
        return 0
    name = re.split(r"\s", tag, maxsplit=1)[0].rpartition(":")[2]
    if named(name) != STRONG:
        return 0
    first = at + 1
    if text.startswith(_CDATA, first):
        first += len(_CDATA)
        end = text.find("]]>", first)
    else:
        end = text.find("<", first)
    end = len(text) if end < 0 else end
    value = text[first:end]
    inner = value.strip()
    if inner and not PLAIN.match(inner):
        lead = len(value) - len(value.lstrip())
        found.append((first + lead, first + lead + len(inner)))
    return end


_NESTED = lazily(r"[?&=][^=&?]*=")
"""In a value that is a URI itself, or a query."""


_ESCAPED = lazily(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")
"""What stands for a character that is not seen: digits that are of no token."""


def looks_secret(value: str) -> bool:
    """Whether the value of a name that says little looks random, also where it is percent-encoded."""
    for _ in range(9 if "%" in value else 0):
        value = unquoted(value)
    value = _ESCAPED.sub(" ", value)
    if UUID.fullmatch(value):
        return False
    if _NESTED.search(value):                              # what is in it is looked at by itself
        return False
    return any(is_random(run, True) for run in re.split(r"[^0-9A-Za-z_\-]", value)) or is_random(
        SUNDERED.sub("", value), True)

"""What of the traffic is a secret: where in a text credentials, tokens and the like stand.

A secret is told by its name (of a field, a cookie, a parameter, a member: `access_token`), by its form (a JWT, the
prefix of a known service, userinfo), or by its place: a token that looks random behind a word such as `reset` in a
path, as a value of a query, in free text. What looks random but is no secret stays: entity tags, digests, ids of
requests, UUIDs, versions, the hashes in names of files. Places are spans, (begin, end), and hold the secret alone:
names, delimiters and quotes around it stay. Each function takes time linear in its text, whatever stands there.
"""
from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from urllib.parse import unquote

__all__ = ["LEAST", "LOOKED_AT", "MASKED", "Spans", "in_content", "in_field", "in_name", "in_path", "in_text",
           "in_uri", "is_dense", "parts"]

Span = tuple[int, int]
Spans = tuple[Span, ...]
"""In order, without overlaps."""

MASKED = re.compile(r"\[masked(?: [0-9A-Za-z:]{1,24})?\]")
"""What already stands for a secret, in a result that is read back or in the traffic: it is taken for one."""

LEAST = 16
"""Characters of a token that is taken for a secret because it looks random."""
LOOKED_AT = 8192
"""How much of a text is looked at."""
_FILL = "\ue000"
"""Stands for each character of what is masked already: part of a value, but of no name and no token."""


# -- names

_STRONG = re.compile(
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
_WEAK = re.compile(r"(?:.*[_.\-\[])?(?:code|key|sig|auth|session|sess|state|refresh|access|hmac|mac|salt|seed|ticket"
                   r"|otp|pin|pass|login|challenge|response|[a-uw-z]|tk|tkn|value|data|link|id|uid|proof|sign|cert"
                   r"|invite|invitation|reset|confirm|confirmation|verify|verification|activate|activation)\]?")
"""Names whose value is a secret only where it looks random."""
_PARAMETER = re.compile(r"code|sig|key|auth|session|sid|otp|pin|pass|ticket|sign")
"""Names whose value is a secret as a parameter of a URI or a form."""
_NO_SECRET = re.compile(
    r"(?:type|endpoint|ur[il]|expir\w*|expires_?(?:in|at)|count|limit|length|policy|status|enabled|required|name|method"
    r"|alg|algorithm|version|supported|ttl|max|min|lifetime|format|hint|field|header|params?|remaining|scope|issuer"
    r"|ed|able|usage|duration|age|domain|path|mode|label|title|message|strength|sameparty|rotation|prefix)\Z"
    r"|credentials-(?:get|create)\Z|access-control-|\Amax|sha[0-9]|content-?type|tokens?[_.\-]?(?:used|left|per)|author(?!iz)|keyword")
"""What a name has in it that tells of secrets, but holds none."""
_WORDS = ("token", "secret", "pass", "pwd", "pin", "otp", "mfa", "sid", "mac", "jw", "pat", "key", "sign", "sig",
          "cred", "assert", "saml", "sess", "rf", "nonce", "bearer", "verif", "auth", "dpop", "cookie", "hook", "time",
          "magic", "code", "link", "hash")
"""One of these is in whatever _STRONG finds: to see at once that a long text has none."""
_PLAIN = re.compile(r"(?i)(?:true|false|null|none|undefined|nil|yes|no|on|off|enabled|disabled|active|required|optional"
                    r"|bearer|basic|\*+|x+|\.+|\W?redacted\W?|-?[0-9.]{1,3})\Z")
"""Values that are no secrets, whatever their name."""

NO, PLACED, WEAK, STRONG = range(4)


@lru_cache(maxsize=4096)
def _named(name: str) -> int:
    """How much a name says of its value: STRONG, PLACED (a secret as a parameter), WEAK (where it looks random), NO."""
    name = name.lower()
    if _STRONG.search(name) and not _NO_SECRET.search(name):
        return STRONG
    if _PARAMETER.fullmatch(name):
        return PLACED
    return WEAK if _WEAK.fullmatch(name) else NO


# -- the measure of randomness

_WORD = re.compile(r"[A-Z]?[a-z]++|[A-Z]++(?![a-z])|[A-Z]|[0-9]++")
"""The words that a name in camel case is made of."""
_DIGIT = re.compile(r"[0-9]")
_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_UUID = re.compile(r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}")
_COMMON = (
    "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri "
    "ro ic ne ea ra ce li ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut "
    "ss so rs un lo wa ge ie wh ee wi em ad ol rt po we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi "
    "ci vi pl ig tu ev ld ry mp fe bl ab gh ty op wo sa ay ex ke fr oo av ag if ap gr od bo sp rd do uc bu ei ov "
    "by rm ep tt oc fa ef cu rn sc gi da yo cr cl du ga qu ue ff ba ey ls va um pp ua up lu go ht ru ug ds lt pi "
    "rc rr eg au ck ew mu br bi pt ak pu ui rg ib tl ny ki rk ys ob mm fu ph og ms ye ud mb ip ub oi rl gu dr hr "
    "cc tw ft wn nu af hu nn eo vo rv nf xp gn sm fl iz ok nl my gl aw ju oa eq sy sl ps jo lf nv je nk kn gs dy "
    "hy ze ks xt bs ik dd yp lm lp wr tp xm ml")
_PAIRS = frozenset(_COMMON.split())
"""Letters that often stand side by side in words: two fifths of all pairs, nineteen of twenty in text."""
_LETTERS = re.compile(r"[a-z]{2,}")
MEASURED = 64
"""Characters of a token that are measured."""
_SUNDERED = re.compile(r"[^0-9A-Za-z]+")


def is_dense(run: str, least: int, limit: float) -> bool:
    """Whether digits, small and capital letters alternate as they do in random base62 or base64url only.

    Words of random text are 1.8 characters long on average, those of names 3 and more.
    """
    size = len(run)
    return size >= least and run.upper() != run and run.lower() != run and size <= len(_WORD.findall(run)) * limit


def _disorder(run: str) -> float:
    """How much a token looks random: about 1.1 for random base62, up to 0.5 for names.

    The share of changes between small letters, capitals and digits, and that of pairs of letters that words seldom
    have.
    """
    letters = _LETTERS.findall(run.lower())
    pairs = sum(map(len, letters)) - len(letters)
    rare = sum(pair not in _PAIRS for word in letters for pair in map("".join, pairwise(word)))
    return len(_WORD.findall(run)) / len(run) + (rare / pairs if pairs else 0.5)


def _is_random(run: str, hexadecimal: bool) -> bool:
    """Whether a token of at least LEAST characters looks random. `hexadecimal`: whether a long hash does, too."""
    if len(run) < LEAST or run.isdigit() or _UUID.fullmatch(run) or len(set(run[:MEASURED])) < 8:
        return False
    if _HEX.fullmatch(run):
        return hexadecimal and len(run) >= 32
    run = run[:MEASURED]
    if run.upper() != run and run.lower() != run:
        return _disorder(run) >= 0.62
    return _DIGIT.search(run) is not None and len(_WORD.findall(run)) >= 5 and _disorder(run) >= 0.75


# -- forms

_FORM = re.compile(
    r"eyJ[A-Za-z0-9_\-]{6,}+(?:\.[A-Za-z0-9_\-]*+){1,4}"
    r"|\bv[1-4]\.(?:local|public)\.[A-Za-z0-9_\-]{16,}+(?:\.[A-Za-z0-9_\-]++)?"
    r"|\b(?:gh[pousr]_[A-Za-z0-9]{16,}+|github_pat_\w{16,}+|gl(?:pat|rt|dt|cbt|ptt|soat|agent|ft|imt)-[\w\-]{10,}+"
    r"|xox[a-z](?:\.[\w\-]+)?-[\w\-]{8,}+|xapp-[\w\-]{8,}+|(?:sk|pk|rk)_(?:live|test|prod)_\w{6,}+|whsec_[\w+/=]{8,}+"
    r"|sk-[\w\-]{16,}+|(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA|ABIA|ACCA)[0-9A-Z]{12,}+|AIza[\w\-]{20,}+|ya29\.[\w\-]{8,}+"
    r"|1//0[\w\-]{20,}+|GOCSPX-[\w\-]{16,}+|npm_[A-Za-z0-9]{16,}+|pypi-[\w\-]{16,}+|hf_[A-Za-z0-9]{16,}+"
    r"|dckr_pat_[\w\-]{16,}+"
    r"|do[opr]_v1_[0-9a-f]{16,}+|SG\.[\w\-]{10,}+\.[\w\-]{10,}+|shp(?:at|ss|ca|pa)_[0-9A-Fa-f]{16,}+"
    r"|hv[sbr]\.[\w\-]{16,}+|EAA[A-Za-z0-9]{24,}+|PMAK-[0-9a-f\-]{24,}+|lin_(?:api|oauth)_\w{16,}+"
    r"|ATATT[\w\-=]{16,}+|AGE-SECRET-KEY-1[0-9A-Z]{16,}+"
    r"|rubygems_[0-9a-f]{16,}+|sq0[a-z]{3}-[\w\-]{16,}+|key-[0-9a-f]{32}|LTAI[A-Za-z0-9]{12,}+|NRAK-[0-9A-Z]{16,}+"
    r"|FwoGZXIvYXdz[\w+/=%]{8,}+|IQoJb3JpZ2lu[\w+/=%]{8,}+)"
    r"|-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:[^-]++|-(?!----END))*+(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?")
"""Tokens of known services, JWTs, PASETOs, private keys."""
_BEGINS = ("eyJ", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "glrt-", "gldt-", "glcbt-", "glptt-",
           "glsoat-", "glagent-", "glft-", "glimt-", "xox", "xapp-", "_live_", "_test_", "_prod_", "whsec_", "sk-",
           "AKIA", "ASIA", "AROA", "AIDA", "AGPA", "ANPA", "ABIA", "ACCA", "AIza", "ya29.", "1//0", "GOCSPX-", "npm_",
           "pypi-", "hf_", "dckr_pat_", "_v1_", "SG.", "shp", "hvs.", "hvb.", "hvr.", "EAA", "PMAK-", "lin_", "ATATT",
           "AGE-", "rubygems_", "sq0", "key-", "LTAI", "NRAK-", "FwoG", "IQoJ", "PRIVATE KEY", ".local.", ".public.")
"""One of these is in whatever that finds."""
_BOT = re.compile(r"(?:(?<![0-9])[0-9]{6,12}:[A-Za-z0-9_\-]{22}|(?<=/bot)[0-9]{1,12}:)[A-Za-z0-9_\-]{8,}+")
_SCHEMES = ("bearer", "basic", "digest", "negotiate", "dpop", "apikey", "token")
_BEARER = re.compile(r"(?i)\b(?:bearer|basic|digest|negotiate|dpop|apikey|token)(?:\s++|[.:]\s*+|%20)"
                     r"([0-9A-Za-z\-._~+/=%]{8,}+)")
"""Credentials as they stand behind the name of their scheme."""
_USERINFO = re.compile(r"(?:/|%(?:25){0,9}2[Ff]){2}((?:(?!%(?:25){0,9}(?:2[Ff]|3[Ff]|23))[^/?#\s\"'<>\\;()])++)")
_AUTHORITY = re.compile(r"(?i)(?!(?:mailto|sips?|xmpp|acct|im|pres|urn|tel|news|mid|cid|data|javascript|about|blob):)"
                        r"[^/?#\s@:\"'<>]++:[^/?#\s@\"'<>]++(?=@)")
"""Userinfo in a target that is an authority alone."""
_AT = re.compile(r"@|%(?:25){0,9}40")

# -- pairs

_EQUALS = re.compile(r"[=:>]|%(?:25){0,9}3[AaDd]")
"""What may stand between a name and a value; also where a URI is percent-encoded within others."""
_NAME = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-.[]%$~"
_BEFORE = re.compile(r"[/?&;#=,]")
_OPEN = re.compile(r"\s{0,9}(\\{0,9})([\"'])|\s{0,9}<(?=[^\s<>/\"']{6,64}>)|\s{0,9}")
_QUOTED = {'"': re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL),
           "'": re.compile(r"[^'\\]*+(?:\\.[^'\\]*+)*+", re.DOTALL)}
_OF_COLON = re.compile(r"(?:[^&#\s\"'<>,;{}\[\]\\]|[,;](?=[^&#\s\"'<>,;{}\[\]\\])(?!\s*[\w.\-]+[=:]))+")
_ITEM = re.compile(r"\s{0,9},?\s{0,9}\"((?:[^\"\\]|\\.)*+)\"")
_SCHEME = re.compile(r"(?i)(?:bearer|basic|digest|token|negotiate|apikey|dpop|ntlm)\Z")
_CREDENTIALS = re.compile(r" {1,9}([^\s\"'<>,;&]+)")
_CDATA = "<![CDATA["
_PAIRED = re.compile(r"(?i)[\"'](?:name|key|field|header|id)\\?[\"']\s{0,9}:\s{0,9}\\?[\"']([^\"'\\]{1,100})\\?[\"']"
                     r"\s{0,9},\s{0,9}\\?[\"'](?:value|content|data|val)\\?[\"']\s{0,9}:\s{0,9}\\?\"((?:[^\"\\]|\\[^\"]|\\\"(?!\s*[,}]))*+)")
_TAG = re.compile(r"<(?:input|meta|param|option)\b([^<>]{0,2000})", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:-]{1,100}+)\s{0,9}=\s{0,9}(?:\"([^\"]*+)\"?|'([^']*+)'?|([^\s\"'>]++))")
_PART = re.compile(r"(?i)\bname=\"?([^\";\r\n]{1,200}+)\"?[^\n]*+\r?\n(?:[\w\-]++:[^\n]*+\r?\n){0,9}\r?\n")
_LINE = re.compile(r"(?m)^[ \t]{0,9}(?:[<>*] )?([\w\-]{1,100}+):[ \t]*+([^\r\n]++)")


@lru_cache(maxsize=16)
def _bare(depth: int) -> re.Pattern[str]:
    """A value without quotes. `depth`: how often the URI is percent-encoded in which it stands."""
    end = rf"(?!%(?:25){{0,{depth - 1}}}(?:26|23))" if depth else ""
    return re.compile(rf"(?:{end}[^&#\s\"'<>,;\\]|[,;](?=[^&#\s\"'<>,;])(?!\s*[\w.\-]+=)|\\(?!u0026|[\"'\\/]))+")


def _pairs(text: str, content: bool, tokens: bool, found: list[Span]) -> None:
    """The values of names that tell that they are secrets.

    `tokens`: whether those that look random are found anyway; where not, the text has words of ours, or is a content.
    """
    done = 0
    for equals in _EQUALS.finditer(text):
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
        strength = _named(name)
        if strength == NO and not tokens and parameter and not _is_harmless(text, equals.end(), equals.end()) and (
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
                or (not tokens and not content and not _is_credential(value))):
            continue                                       # userinfo, a line of a header section, words
        if begin >= end or _PLAIN.match(value):
            if text.startswith("[", begin):
                found += _items(text, begin + 1) if strength == STRONG else ()
            continue
        if strength == STRONG and (name.endswith(("tokens", "Tokens")) and value.isdigit()):
            continue
        if strength == STRONG or (strength == PLACED and parameter) or _looks_secret(value):
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
            again = unquote(name)
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
    if _named(name) != STRONG:
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
    if inner and not _PLAIN.match(inner):
        lead = len(value) - len(value.lstrip())
        found.append((first + lead, first + lead + len(inner)))
    return end


_NESTED = re.compile(r"[?&=][^=&?]*=")
"""In a value that is a URI itself, or a query."""


_ESCAPED = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")
"""What stands for a character that is not seen: digits that are of no token."""


def _looks_secret(value: str) -> bool:
    """Whether the value of a name that says little looks random, also where it is percent-encoded."""
    for _ in range(9 if "%" in value else 0):
        value = unquote(value)
    value = _ESCAPED.sub(" ", value)
    if _UUID.fullmatch(value):
        return False
    if _NESTED.search(value):                              # what is in it is looked at by itself
        return False
    return any(_is_random(run, True) for run in re.split(r"[^0-9A-Za-z_\-]", value)) or _is_random(
        _SUNDERED.sub("", value), True)


# -- paths

_SEGMENT = re.compile(r"(?:/|%(?:25){0,9}2[Ff])((?:[^/?#&;\s\"'<>,\\%]|%(?!(?:25){0,9}(?:2[Ff]|3[FfBb]|23|26|22)))*+)")
_WITHIN = re.compile(r"[0-9A-Za-z+_~\-]\Z")
"""Behind this, a slash begins no path."""
_TRIGGER = re.compile(
    r"(?i)(?:\A|[-_.])(?:reset|forgot|recover|recovery|invit(?:e|es|ation|ations)|verif(?:y|ication)|confirm(?:ation|ed)?|"
    r"activat(?:e|ion)|magic(?:link)?|unsubscribe|optout|hooks?|webhooks?b?2?|incoming|token|tokens|passwordless|password"
    r"|secret|secrets|apikey|api-key|otp|onetime|one-time|claim|redeem|services|integration|integrations|trigger|triggers"
    r"|catch|validate|approve|sso|session|sessions|jwt|auth|oauth|callback|signup|register|accept|join|share|shared|link"
    r"|login|signin|key|keys|access|resetpassword|passwordreset|verifyemail|set-password|preview|download|bot|apikeys"
    r"|sharing|vouchers?|gift(?:cards?|s)?|coupons?|pwd?reset|onetimesecret|delete-account|use)(?:\Z|[-_.])")
"""Words behind which a path has tokens."""
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_CONTENTS = frozenset(("static", "_next", "ipfs", "ipns", "commit", "commits", "blob", "blobs", "tree", "manifests",
                       "assets", "build", "builds", "dist", "chunks"))
"""Segments behind which a hash, or the name of a build, is no secret."""
_HOOK_HOST = re.compile(r"(?i)(?:\A|\.)(?:(?:web)?hooks?\.|hc-ping\.com\Z|infura\.io\Z"
                        r"|quiknode\.pro\Z|alchemy(?:api)?\.(?:io|com)\Z)")
_FILE = re.compile(r"\.(?:[a-z]{2,5}|[A-Z]{2,5}|mp[34]|m3u8|woff2|m4[sav]|7z|bz2)(?:\.(?:map|gz|br|asc|sig))?\Z")
"""The end of the name of a file: a hash in it is no secret."""
_SEGMENT_TOKEN = re.compile(r"[0-9A-Za-z_.~\-=!*:+]{6,}+(?:%(?:25){0,9}3[Dd]){0,2}")
_LEADING = re.compile(r"(?:[a-z]{3,}+[\-_.:])+")
_VERSION = re.compile(r"[vV]?[0-9]+(?:[._-][0-9]+)*[a-z]?\Z")


_FORMATS = frozenset((".html", ".htm", ".json", ".xml", ".php", ".aspx"))
"""Ends of names of pages that are made for the one who asks: what stands before may be a token."""


@lru_cache(maxsize=4096)
def _is_trigger(segment: str) -> bool:
    return len(segment) <= 60 and _TRIGGER.search(_CAMEL.sub("-", segment)) is not None


def _is_token(segment: str) -> bool:
    """Whether a segment behind a word such as `reset` may be a token: it is no word, no version, no name of a file."""
    size = len(segment)
    if file := _FILE.search(segment):
        return file[0] in _FORMATS and _is_random(segment[:file.start()], True)
    if size < 6:
        return False
    if segment.isdigit():
        return True
    if not _DIGIT.search(segment):
        return (size >= 12 and _disorder(segment[:MEASURED]) >= 0.62) or (
            size >= 20 and "-" not in segment and "_" not in segment and "." not in segment)
    return size >= 8 and not _VERSION.match(segment) and not _is_slug(segment)


_SLUG = re.compile(r"[A-Za-z][a-z]{3,}(?:19|20)[0-9]{2}\Z|(?=[^\-_]*[\-_])"
                   r"(?:(?:[A-Za-z]?[a-z]*[0-9]{0,2}|[0-9]{1,4}(?:\.[0-9]{1,3}){0,3})(?:[\-_]|\Z))++\Z")


def _is_slug(segment: str) -> bool:
    """Whether a segment is made of words and small numbers, as a title is: `web-development-2024`, `team2024`."""
    if not _SLUG.match(segment):
        return False
    pairs = [pair for word in _LETTERS.findall(segment.lower()) for pair in map("".join, pairwise(word))]
    return len(pairs) >= 3 and sum(pair not in _PAIRS for pair in pairs) <= len(pairs) * 0.25


def _segments(text: str, whole: bool, found: list[Span]) -> list[Span]:
    """The tokens in paths; where paths are. `whole`: whether the text is a reference."""
    paths: list[Span] = []
    end, armed, empty, before = -1, False, False, ""
    for match in _SEGMENT.finditer(text):
        begin = match.start(1)
        if match.start() != end:                           # another path
            armed, empty, before = False, False, ""
            if not whole and match[0][0] == "/" and _WITHIN.match(text, match.start() - 1, match.start()):
                continue
            paths.append((match.start(), match.end()))
        else:
            paths[-1] = (paths[-1][0], match.end())
        end = match.end()
        segment = match[1]
        if not segment:
            empty = True
            continue
        authority, empty = empty and begin >= 2 and not armed, False
        if authority:
            armed = armed or _HOOK_HOST.search(segment) is not None
        elif armed and _is_token(unquote(segment) if "%" in segment else segment):
            found.append((begin, end))
            continue
        elif _is_trigger(segment):
            armed = True
        known, before = before in _CONTENTS, segment
        if len(segment) >= LEAST and not known and (authority or not _FILE.search(segment)):
            for token in _SEGMENT_TOKEN.finditer(segment):
                _in_segment(token[0], begin + token.start(), found)
    return paths


def _in_segment(token: str, at: int, found: list[Span]) -> None:
    if _UUID.search(token) or not any(_is_random(run, False) for run in re.split(r"[^0-9A-Za-z_\-]", token)):
        return
    lead = _LEADING.match(token)
    skip = lead.end() if lead and _is_random(re.split(r"[.:]", token[lead.end():])[0], False) else 0
    found.append((at + skip, at + len(token)))


# -- tokens

_TOKEN = re.compile(r"%(?:25){0,9}(?!2[BbFf]|25)[0-9A-Fa-f]{2}"
                    r"|((?:[0-9A-Za-z_+/~\-]|%(?:25){0,9}2[BbFf]){16,}+(?:=|%(?:25){0,9}3[Dd]){0,2})(?![0-9A-Za-z])")
_SLASH = re.compile(r"/|%(?:25){0,9}2[Ff]")
_HOST = re.compile(r"\.[a-z]")
"""Behind the name of a host that a hash makes."""
_ESCAPE = re.compile(r"%(?:25){0,9}2[BbFf]|%(?:25){0,9}3[Dd]")
_HARMLESS = re.compile(r"(?i)(?:\A|[?&;\s_\-\[])(?:v|ver|version|rev|revision|build|hash|sha[0-9\-]*|md5|checksum"
                       r"|digest|etag|cb|cachebust\w*|boundary|integrity|uuid|guid|trace\w*|request\w*|correlation\w*|_+)\]?=\"?\Z")


_STATIC = re.compile(r"(?i)\.(?:m?js|css|map|json|woff2?|ttf|eot|svg|png|jpe?g|gif|webp|avif|ico|wasm|xml)\Z")
"""The end of the name of a file in a URI whose query tells its version."""
_UNTIL = re.compile(r"(?i)[?&;](?:amp;)?(?:exp|expires|expiry|expiration|e|deadline|valid[_-]?(?:to|until))=[0-9]{9}")
"""A link that holds for some time only: what looks like a digest in it is its signature."""
_BARE = re.compile(r"\?([0-9A-Za-z_\-]{16,}+)(?=[\s\"'<>#)]|\Z)")
"""A query that is one token."""


def _is_harmless(text: str, begin: int, end: int) -> bool:
    """Whether the name in front of a token tells that it is none: a version, a digest, an id."""
    named = _HARMLESS.search(text[max(0, begin - 30):begin])
    if named is None or _UNTIL.search(text, max(0, begin - 120), end + 120):
        return False
    query = text.rfind("?", max(0, begin - 200), begin) if "hash" in named[0].lower() else -1
    return query < 0 or _STATIC.search(text, max(0, query - 6), query) is not None


def _tokens(text: str, paths: list[Span], found: list[Span]) -> None:
    """Tokens that look random, wherever they stand but in paths."""
    number = 0
    for match in _TOKEN.finditer(text):
        token = match[1]
        if token is None:
            continue
        begin, end = match.span(1)
        while number < len(paths) and paths[number][1] <= begin:
            number += 1
        if number < len(paths) and paths[number][0] <= begin + 1 and not _is_base64(text, begin, token):
            continue
        if _is_harmless(text, begin, end):
            continue
        plain = _ESCAPE.sub("", token) if "%" in token else token
        bare = plain.strip("=+/")
        if "/" in token or "%" in token:
            pieces = _SLASH.split(token)
            if all(map(_dense_piece, pieces)) and _is_random(_SUNDERED.sub("", bare), True):
                found.append((begin, end))
                continue
            at = begin
            for piece in pieces:
                if _is_random(piece.rstrip("="), True):
                    place = text.index(piece, at)
                    found.append((place, place + len(piece)))
                    at = place + len(piece)
        elif _HEX.fullmatch(bare) and _HOST.match(text, end):
            continue
        elif _is_random(bare, True) or ("+" in bare and _is_random(bare.replace("+", ""), True)):
            lead = _LEADING.match(token)
            skip = lead.end() if lead and _is_random(token[lead.end():], True) else 0
            found.append((begin + skip, end))


def _is_base64(text: str, begin: int, token: str) -> bool:
    """Whether slashes in a token are digits of base64, no delimiters of a path."""
    return text[begin:begin + 1] not in "/%" and text[begin - 1:begin] not in "/:." and "/" in token


def _dense_piece(piece: str) -> bool:
    return len(piece) < 5 or len(piece) <= len(_WORD.findall(piece)) * 2.7


# -- all of it

def _scanned(text: str, content: bool = False, tokens: bool = True, reference: bool = False,
             segments: bool = True) -> Spans:
    text, found = _filled(text[:LOOKED_AT])
    if len(text) >= 12:
        if any(begin in text for begin in _BEGINS):
            found += [one.span() for one in _FORM.finditer(text)]
        if ":" in text:
            found += [one.span() for one in _BOT.finditer(text)]
        lower = text.lower()
        if any(scheme in lower for scheme in _SCHEMES):
            found += [one.span(1) for one in _BEARER.finditer(text) if _is_credential(one[1])]
    if "@" in text or "%40" in text or "%25" in text:
        for authority in _USERINFO.finditer(text):
            signs = [sign.start() for sign in _AT.finditer(authority[1])]
            if signs and signs[-1]:
                found.append((authority.start(1), authority.start(1) + signs[-1]))
    if "=" in text or ":" in text or "%" in text or content:
        _pairs(text, content, tokens, found)
    paths = _segments(text, reference, found) if segments and ("/" in text or "%2" in text) else []
    if reference and (userinfo := _AUTHORITY.match(text)):
        found.append(userinfo.span())
    if len(text) >= LEAST:
        if tokens:
            _tokens(text, paths, found)
        elif "?" in text:
            found += [one.span(1) for one in _BARE.finditer(text) if _is_random(one[1], True)
                      and not (len(one[1]) <= 40 and _STATIC.search(text, max(0, one.start() - 6), one.start()))]
    return _merged(found)


def _filled(text: str) -> tuple[str, list[Span]]:
    """The text with something in the place of what is masked already, of the same size; and where that is."""
    if "[masked" not in text:
        return text, []
    return MASKED.sub(lambda one: _FILL * len(one[0]), text), [one.span() for one in MASKED.finditer(text)]


def _is_credential(text: str) -> bool:
    return _DIGIT.search(text) is not None or _disorder(text[:MEASURED]) >= 0.62 or len(text) >= 24


def _merged(found: list[Span]) -> Spans:
    if len(found) < 2:
        return tuple(found)
    out: list[Span] = []
    for begin, end in sorted(found):
        if out and begin < out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((begin, end))
    return tuple(out)


@lru_cache(maxsize=2048)
def _uri(uri: str) -> Spans:
    return _scanned(uri, reference=True)


def in_uri(uri: str) -> Spans:
    """The secrets in a URI or a request target."""
    return _uri(uri) if len(uri) <= 1024 else _scanned(uri, reference=True)


@lru_cache(maxsize=2048)
def _text(text: str) -> Spans:
    return _scanned(text, tokens=False)


def in_text(text: str) -> Spans:
    """The secrets in a text that quotes the traffic or says where it stands; tokens are told by name, form and path."""
    if len(text) < 6:
        return ()
    return _text(text) if len(text) <= 1024 else _scanned(text, tokens=False)


@lru_cache(maxsize=64)
def _path(path: str) -> Spans:
    return _scanned(path, tokens=False, segments=False)


def in_path(path: str) -> Spans:
    """The secrets in the path of a file, which each entry of it has, or in the URL of a server."""
    if "://" in path:
        return in_uri(path)
    return _path(path) if len(path) <= 1024 else _scanned(path, tokens=False, segments=False)


def in_content(text: str) -> Spans:
    """The secrets in the begin of a content: JSON, forms, multipart, XML, HTML, whatever."""
    if len(text) < 6:
        return ()
    text, known = _filled(text)
    lower = text.lower()
    named = any(word in lower for word in _WORDS)
    one = _FORM_CONTENT.fullmatch(text) is not None
    found = [*known, *_scanned(text, named, tokens=one)]
    if named:
        for tag in _TAG.finditer(text):
            _tag(tag, found)
        for part in _PART.finditer(text):
            if _named(part[1]) >= STRONG or _PARAMETER.fullmatch(part[1].lower()):
                end = _part_end(text, part.end())
                found += [(part.end(), end)] if end > part.end() else []
        for pair in _PAIRED.finditer(text):
            if _named(pair[1]) == STRONG and pair[2] and not _PLAIN.match(pair[2]):
                found.append(pair.span(2))
        for line in _LINE.finditer(text):
            name, begin = line[1].lower(), line.start(2)
            if name in _CREDENTIALS_FIELDS or _is_secret_field(name):
                found += [(begin + first, begin + last) for first, last in in_field(name, line[2].rstrip())]
    return _merged(found)


_FORM_CONTENT = re.compile(r"\s*[^\s<>{}\"']{16,}\s*")
"""A content that is one token, or a form."""


def _part_end(text: str, at: int) -> int:
    for end in (text.find("\r\n--", at), text.find("\n--", at)):
        if end >= 0:
            return end
    return len(text)


def _tag(tag: re.Match[str], found: list[Span]) -> None:
    name, value = "", None
    for one in _ATTRIBUTE.finditer(tag[1]):
        key = one[1].lower()
        number = next((number for number in (2, 3, 4) if one[number] is not None), 2)
        if key in ("name", "id", "property") and not (name and key == "id") and name != "password":
            name = one[number] or ""
        elif key == "type" and (one[number] or "").lower() == "password":
            name = "password"
        elif key in ("value", "content") and one[number]:
            value = one.span(number)
    if value is not None and (strength := _named(name)) != NO:
        begin, end = tag.start(1) + value[0], tag.start(1) + value[1]
        text = tag[1][value[0]:value[1]]
        if not _PLAIN.match(text) and (strength == STRONG or _looks_secret(text)):
            found.append((begin, end))


# -- fields

_CHALLENGES = frozenset({
    "www-authenticate", "proxy-authenticate", "authentication-info", "proxy-authentication-info",
    "authentication-control", "sec-session-registration", "sec-session-challenge", "sec-session-id",
    "secure-session-registration", "secure-session-challenge", "secure-session-id"})
_CHALLENGE = re.compile(r"(?i)(?<![\w\-])(?:nonce|opaque|nextnonce|cnonce|rspauth|response|challenge|authorization"
                        r"|ticket|id|s)\s*+=\s*+(?:\"((?:[^\"\\]|\\.)*+)|([^\s,;\"]++))")
_TOKEN68 = re.compile(r"(?:\A|,\s*+)[\w\-]{1,40}+ +([0-9A-Za-z\-._~+/]{8,}+=*+)(?=\s*+(?:,|\Z))")
_STRINGS = re.compile(r"(?:\A|,)\s*+\"([^\"]++)")
_PUBLIC = frozenset({
    "access-control-allow-credentials", "idempotency-key", "x-idempotency-key", "sec-websocket-key",
    "sec-websocket-key1", "sec-websocket-key2", "surrogate-key", "cache-key", "x-cache-key", "xkey",
    "signature", "signature-input", "accept-signature", "public-key-pins", "key",
    "public-key-pins-report-only", "sec-websocket-accept", "feature-policy", "permissions-policy",
    "x-robots-tag", "cookie-consent"})
"""Fields whose values are no secrets though their names sound so."""
_CREDENTIALS_FIELDS = frozenset({"cookie", "set-cookie", "set-cookie2", "authorization", "proxy-authorization"})
_SECRET_KEY = re.compile(r"(?<![a-z])(?:key|ticket|sign|creds?|sso|sas|wsse|principal|kerberos)\Z|session\Z"
                         r"|(?<![a-z])(?:session|oidc)(?![a-z])")
_READABLE = re.compile(
    r"etag|if-(?:none-)?match|if-range|traceparent|tracestate|baggage|b3|x-b3-|uber-trace|(?:\A|-)ids?(?:\Z|-)|[a-z]id\Z"
    r"|trace|correlation|request-?id|(?:\A|-)ray(?:\Z|-)|served-by|x-timer|content-security-policy|integrity"
    r"|sec-websocket-(?:accept|key)|signature|content-disposition|hash|digest|checksum|md5|sha[0-9]"
    r"|fingerprint|version|build|commit|revision|generation|surrogate-key|cache-?(?:key|tag)|xkey|idempotency|pins"
    r"|debug|server-timing|x-amz-cf-pop|want-|accept-signature|dictionary|\Akey\Z")
"""Names of fields in which values look random and are none the less no secrets."""
_DIGESTS = frozenset({"digest", "content-digest", "repr-digest", "content-md5", "x-amz-content-sha256", "x-goog-hash"})
_DIGEST = re.compile(r"[0-9A-Za-z+/_\-]{16,}+=*+")
_IS_DIGEST = re.compile(r"(?=[0-9A-Za-z+/]+=*\Z)(?:.{22}(?:==)?|.{27}=?|.{38}(?:==)?|.{43}=?|.{64}|.{86}(?:==)?)\Z"
                        r"|(?=[0-9A-Fa-f]+\Z)(?:.{32}|.{40}|.{56}|.{64}|.{96}|.{128})\Z")
"""MD5, SHA-1 or SHA-2 in base64, with or without padding, or in hexadecimal."""
_ATTRIBUTES = frozenset({"path", "domain", "expires", "max-age", "samesite", "secure", "httponly", "partitioned",
                         "priority", "comment", "version", "port", "commenturl", "discard"})


_REFERENCES = frozenset({"location", "content-location", "referer", "sourcemap", "x-sourcemap", "destination"})
"""Fields whose value is a URI reference."""


def in_field(name: str, value: str) -> Spans:
    """The secrets in the value of a field. `name`: in lower case."""
    return _field(name, value) if len(value) <= 1024 else _in_field(name, value)


@lru_cache(maxsize=8192)
def _field(name: str, value: str) -> Spans:
    return _in_field(name, value)


@lru_cache(maxsize=2048)
def _is_secret_field(name: str) -> bool:
    return name not in _PUBLIC and name not in _CHALLENGES and name not in ("cookie", "set-cookie", "set-cookie2") and (
        (_STRONG.search(name) is not None and not _NO_SECRET.search(name)) or _SECRET_KEY.search(name) is not None)


@lru_cache(maxsize=2048)
def _is_readable(name: str) -> bool:
    return _READABLE.search(name) is not None


def _in_field(name: str, value: str) -> Spans:
    value, known = _filled(value[:LOOKED_AT])
    return _merged([*known, *_in_filled(name, value)]) if known else _in_filled(name, value)


def _in_filled(name: str, value: str) -> Spans:
    if name in ("cookie", "set-cookie", "set-cookie2"):
        return _merged([*_cookies(name, value)])
    if name in ("authorization", "proxy-authorization"):
        return _credentials(value)
    if name in _CHALLENGES:
        return _challenge(name, value)
    if _is_secret_field(name):
        begin = len(value) - len(value.lstrip(' \t"'))
        end = len(value.rstrip(' \t"'))
        if begin >= end or _PLAIN.match(value[begin:end]):
            return ()
        return ((begin, end),)
    if len(value) < 6:
        return ()
    if name in _DIGESTS:
        return _digests(value)
    return _scanned(value, tokens=not _is_readable(name), reference=name in _REFERENCES)


def _cookies(name: str, value: str) -> Iterator[Span]:
    """The values of cookies; of Set-Cookie also those of attributes that are not known."""
    at, quoted = 0, False
    for number, pair in enumerate(value.split(";")):
        begin = at
        at += len(pair) + 1
        key, equals, _ = pair.partition("=")
        first = begin + len(key) + 1 if equals and not quoted else begin
        last = begin + len(pair)
        within, quoted = quoted, _stays_quoted(value[first:last], quoted) and '"' in value[at:]
        if within:                                         # a semicolon in a quoted value
            pass
        elif name == "set-cookie" and number:
            known = key.strip().lower()
            if known in _ATTRIBUTES or not (_named(known) == STRONG or _looks_secret(value[first:last]) if equals else
                                            _is_token(key.strip())):
                yield from ((begin + one, begin + other) for one, other in _scanned(pair, tokens=True))
                continue
        elif name == "set-cookie2" and key.strip().lower() in _ATTRIBUTES:
            continue
        elif equals and not pair[len(key):].strip('= "') and _is_token(key.strip()):
            first, last = begin, begin + len(key)          # a value without a name, in base64
        elif equals and len(key) >= LEAST:
            yield from ((begin + one, begin + other) for one, other in in_name(key))
        stripped = value[first:last].strip(' \t"')
        if stripped:
            begin = first + value[first:last].index(stripped)
            yield begin, begin + len(stripped)


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
    return _merged([span for span in (*found, *_scanned(value)) if span[0] < span[1]])


def _digests(value: str) -> Spans:
    """What is no digest, by its length and its digits."""
    found = [one.span() for one in _DIGEST.finditer(value)
             if not _IS_DIGEST.match(one[0]) and _is_random(one[0].rstrip("="), True)]
    return _merged([*found, *_scanned(value, tokens=False)])


@lru_cache(maxsize=2048)
def in_name(name: str) -> Spans:
    """The secrets in a name of a field, or a method: tokens that look random."""
    return _scanned(name) if len(name) >= 8 else ()


# -- the other looks of a secret

def parts(secret: str) -> Iterable[str]:
    """What else a secret may look like, and its parts that are secrets by themselves."""
    yield secret
    if "%" in secret and (plain := unquote(secret)) != secret:
        yield from parts(plain)
    if len(secret) <= 4096:
        if decoded := _decoded(secret):
            yield decoded
            yield decoded.partition(":")[2]
        pieces = re.split(r"[^0-9A-Za-z_\-]+", secret)
        if len(pieces) > 1:
            yield from (piece for piece in pieces[:100] if len(piece) >= 8 and _DIGIT.search(piece))
    if '"' in secret or "/" in secret or "\\" in secret:
        yield secret.replace("\\", "\\\\").replace('"', '\\"')
        yield secret.replace("/", "\\/")
        yield secret.replace("\\/", "/").replace('\\"', '"').replace("\\\\", "\\")


def _decoded(secret: str) -> str:
    """The user-id and password in Basic credentials (RFC 7617 §2)."""
    try:
        text = base64.b64decode(secret + "=" * (-len(secret) % 4), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
    return text if ":" in text and text.isprintable() else ""

"""Secrets by their form: what services give out begins as nothing else does, and credentials stand behind their scheme,
or before the host of a URI.
"""
from __future__ import annotations

import re
from collections.abc import Iterable

from httplint.model.pattern import lazily
from httplint.report.secrets.randomness import is_credential
from httplint.report.secrets.spans import Span

_FORM = lazily(
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


def _one_of(words: Iterable[str]) -> str:
    """A pattern of these words, by the first character of each that is no small letter: texts have few of those."""
    by: dict[str, list[str]] = {}
    for word in words:
        at = next((place for place, character in enumerate(word) if not character.islower()), 0)
        before = f"(?<={re.escape(word[:at + 1])})" if at else ""
        by.setdefault(word[at], []).append(before + re.escape(word[at + 1:]))
    return "|".join(f"{re.escape(character)}(?:{'|'.join(rest)})" for character, rest in by.items())


_BEGIN = re.compile(_one_of(_BEGINS))
"""One of these is in whatever _FORM finds."""
_BOT = lazily(r"(?:(?<![0-9])[0-9]{6,12}:[A-Za-z0-9_\-]{22}|(?<=/bot)[0-9]{1,12}:)[A-Za-z0-9_\-]{8,}+")
_NUMBERED = re.compile(":(?<=[0-9]:)")                      # a search for one character is the fastest
SCHEMES = ("bearer", "basic", "digest", "negotiate", "dpop", "apikey", "token")
_BEARER = lazily(rf"(?i)\b(?:{'|'.join(SCHEMES)})(?:\s++|[.:]\s*+|%20)"
                 r"([0-9A-Za-z\-._~+/=%]{8,}+)")
"""Credentials as they stand behind the name of their scheme."""
_USERINFO = lazily(r"(?:/|%(?:25){0,9}2[Ff]){2}((?:(?!%(?:25){0,9}(?:2[Ff]|3[Ff]|23))[^/?#\s\"'<>\\;()])++)")
AUTHORITY = lazily(r"(?i)(?!(?:mailto|sips?|xmpp|acct|im|pres|urn|tel|news|mid|cid|data|javascript|about|blob):)"
                        r"[^/?#\s@:\"'<>]++:[^/?#\s@\"'<>]++(?=@)")
"""Userinfo in a target that is an authority alone."""
_AT = lazily(r"@|%(?:25){0,9}40")


def may_have_form(text: str) -> bool:
    """Whether a text has something of what `by_form` finds in it, told at a glance."""
    return _BEGIN.search(text) is not None or "@" in text or any(map(text.lower().__contains__, SCHEMES))


def by_form(text: str, found: list[Span], schemes: bool = True) -> None:
    """The secrets that their form tells. `schemes`: whether the name of a scheme may be in the text."""
    if len(text) >= 12:
        if _BEGIN.search(text):
            found += [one.span() for one in _FORM.finditer(text)]
        if _NUMBERED.search(text):
            found += [one.span() for one in _BOT.finditer(text)]
        if schemes and any(map(text.lower().__contains__, SCHEMES)):
            found += [one.span(1) for one in _BEARER.finditer(text) if is_credential(one[1])]
    if "@" in text or "%40" in text or "%25" in text:
        for authority in _USERINFO.finditer(text):
            signs = [sign.start() for sign in _AT.finditer(authority[1])]
            if signs and signs[-1]:
                found.append((authority.start(1), authority.start(1) + signs[-1]))

"""The secrets in the begin of a content: JSON, forms, multipart, XML, HTML, whatever."""
from __future__ import annotations

import re
from functools import lru_cache

from httplint.model.pattern import lazily
from httplint.report.secrets.fields import CREDENTIALS_FIELDS, in_field, is_secret_field
from httplint.report.secrets.forms import SCHEMES
from httplint.report.secrets.names import NO, PLACED, PLAIN, STRONG, looks_secret, named
from httplint.report.secrets.scan import scanned
from httplint.report.secrets.spans import Span, Spans, filled, merged

_WORDS = ("token", "secret", "pass", "pwd", "pin", "otp", "mfa", "sid", "mac", "jw", "pat", "key", "sign", "sig",
          "cred", "assert", "saml", "sess", "rf", "nonce", "bearer", "verif", "auth", "dpop", "cookie", "hook", "time",
          "magic", "code", "link", "hash")
"""One of these is in whatever names.STRONG stands for: to see at once that a long text has none."""
_TELLING = tuple(word.encode() for word in _WORDS)
_TELLING_SCHEMES = frozenset(scheme.encode() for scheme in SCHEMES)
_LETTERS = bytes(octet | 0x20 if chr(octet).isalpha() and octet < 0x80 else 0x20 for octet in range(0x100))
"""Small letters of ASCII for letters of it, spaces for all else."""
_FOLDED = "\u0130\u0131\u017f\u212a"
"""What is a letter of ASCII in another case, though it is none."""
_RUNS, _RUN = 8192, 24
"""How many runs of letters are remembered, but for those of one content more, and how long they may be."""
_MUTE: set[bytes] = set()
"""Runs of letters that have none of _WORDS."""
_PAIRED = lazily(r"(?i)[\"'](?:name|key|field|header|id)\\?[\"']\s{0,9}:\s{0,9}\\?[\"']([^\"'\\]{1,100})\\?[\"']"
                 r"\s{0,9},\s{0,9}\\?[\"'](?:value|content|data|val)\\?[\"']\s{0,9}:\s{0,9}\\?\"((?:[^\"\\]|\\[^\"]|\\\"(?!\s*[,}]))*+)")
_TAG = lazily(r"<(?:input|meta|param|option)\b([^<>]{0,2000})", re.IGNORECASE)
_ATTRIBUTE = lazily(r"([\w:-]{1,100}+)\s{0,9}=\s{0,9}(?:\"([^\"]*+)\"?|'([^']*+)'?|([^\s\"'>]++))")
_PART = lazily(r"(?i)\bname=\"?([^\";\r\n]{1,200}+)\"?[^\n]*+\r?\n(?:[\w\-]++:[^\n]*+\r?\n){0,9}\r?\n")
_LINE = lazily(r"(?m)^[ \t]{0,9}(?:[<>*] )?([\w\-]{1,100}+):[ \t]*+([^\r\n]++)")


@lru_cache(maxsize=4)
def in_content(text: str) -> Spans:
    """The secrets in the begin of a content: JSON, forms, multipart, XML, HTML, whatever.

    Remembered, since who shows a content has looked for the secrets of its exchange before.
    """
    if len(text) < 6:
        return ()
    text, known = filled(text)
    is_named, schemes = _told(text)
    one = _FORM_CONTENT.fullmatch(text) is not None
    found = [*known, *scanned(text, is_named, tokens=one, schemes=schemes)]
    if is_named:
        for tag in _TAG.finditer(text):
            _tag(tag, found)
        for part in _PART.finditer(text) if "name=" in text.lower() else ():
            if named(part[1]) in (PLACED, STRONG):
                end = _part_end(text, part.end())
                found += [(part.end(), end)] if end > part.end() else []
        for pair in _PAIRED.finditer(text):
            if named(pair[1]) == STRONG and pair[2] and not PLAIN.match(pair[2]):
                found.append(pair.span(2))
        for line in _LINE.finditer(text):
            name, begin = line[1].lower(), line.start(2)
            if name in CREDENTIALS_FIELDS or is_secret_field(name):
                found += [(begin + first, begin + last) for first, last in in_field(name, line[2].rstrip())]
    return merged(found)


def _told(text: str) -> tuple[bool, bool]:
    """(whether one of _WORDS is in a text, whether it may have credentials behind the name of their scheme).

    Words have letters alone, and contents few runs of letters, which are those of other contents: what is known of them
    is looked up for all at once, where a search for each word would read the text as often as there are words. The
    name of a scheme is a run by itself, as no letter stands beside it.
    """
    if not text.isascii() and any(map(text.__contains__, _FOLDED)):
        lower = text.lower()
        return any(word in lower for word in _WORDS), True
    runs = set(text.encode("utf-8", "surrogatepass").translate(_LETTERS).split())
    return _are_telling(runs - _MUTE), not runs.isdisjoint(_TELLING_SCHEMES)


def _are_telling(runs: set[bytes]) -> bool:
    together = b" ".join(runs)
    if any(word in together for word in _TELLING):
        return True
    if len(_MUTE) >= _RUNS:
        _MUTE.clear()
    _MUTE.update([run for run in runs if len(run) <= _RUN])
    return False


_FORM_CONTENT = lazily(r"\s*[^\s<>{}\"']{16,}\s*")
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
    if value is not None and (strength := named(name)) != NO:
        begin, end = tag.start(1) + value[0], tag.start(1) + value[1]
        text = tag[1][value[0]:value[1]]
        if not PLAIN.match(text) and (strength == STRONG or looks_secret(text)):
            found.append((begin, end))

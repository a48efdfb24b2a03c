"""Values from the traffic, made harmless: clipped, without control characters, secrets masked."""
from __future__ import annotations

import re
from functools import lru_cache

from httplint.engine.report import Finding
from httplint.model.exchange import Exchange
from httplint.model.message import Request
from httplint.model.printable import printable, readable

__all__ = ["MASK", "SECRET_FIELDS", "clipped", "masked", "masked_content", "masked_message", "masked_uri", "printable",
           "secrets_of", "shown_message", "shown_uri", "sound"]

SECRET_FIELDS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key",
                           "authentication-info", "proxy-authentication-info"})
MASK = "[masked]"

_SECRET_FIELD = re.compile(r"token|secret|passw|api-?key|jwt|session-?id")
_SECRET_NAME = re.compile(r"(?i)token|secret|passw|pwd|api[_.-]?key|signature|credential|assertion|saml|jwt"
                          r"|sess(?:ion)?[_.-]?id")
"""What a name has in it whose value is a secret."""
_SECRET_WORDS = ("token", "secret", "passw", "pwd", "api", "signature", "credential", "assertion", "saml", "jwt",
                 "sess")
"""One of these is in whatever that finds: to see at once that a text has none."""
_SECRET_PARAMETER = re.compile(r"(?i)code|sig|key|auth|session|sid|otp|pin")
"""Names of parameters whose values are secrets in a URI; elsewhere they are words like others."""
_PARAMETER = re.compile(r"(?:[?&;#]|%3[FfBb]|%26|%23)([\w.-]{1,100}+)(?:=|%3[Dd])")
"""The name of a parameter of a URI with its delimiters, also where the URI is percent-encoded within another."""
_VALUE = re.compile(r"(?:(?!%26|%23)[^&;#\s\"])+")
_USERINFO = re.compile(r"//[^/?#@\s]+@")
_MEMBER = re.compile(r"""(?<![\w.-])([\w.-]{1,100}+)(["']?\s{0,9}[:=]\s{0,9}|>)"""
                     r"""("(?:[^"\\]|\\.)*+"?|'(?:[^'\\]|\\.)*+'?|[^\s&;,"'<>{}\[\]]+)""", re.DOTALL)
"""A name and its value in JSON, a form, or XML."""

SECRET_MIN = 6
"""Shorter values are words as any text has them; they are not searched for in messages."""
SECRET_LOOKED_AT = 4096
"""How much of a field value is searched for secrets."""


def clipped(text: str, width: int) -> str:
    """At most `width` characters, the last an ellipsis if there were more; printable."""
    text = printable(text[:width + 1])
    return text if len(text) <= width else text[:width - 1] + "…"


def sound(text: str) -> str:
    """The text with lone surrogates, which no UTF-8 has, as backslash escapes."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def masked(name: str, value: str) -> str:
    """A field value without its secret; what is masked keeps its length out of sight."""
    if not secret_field(name):                             # the test of masked_uri stands here to save a call
        return masked_uri(value) if "=" in value or "@" in value or "%3" in value else value
    key = name.lower()
    if key == "set-cookie":
        pair, semicolon, attributes = value.partition(";")
        cookie, equals, _ = pair.partition("=")
        return f"{cookie}{equals}{MASK}{semicolon}{attributes}" if equals else MASK
    if key in ("authorization", "proxy-authorization"):
        scheme, space, _ = value.partition(" ")
        return f"{scheme} {MASK}" if space else MASK
    return MASK


@lru_cache(maxsize=1024)
def secret_field(name: str) -> bool:
    """Whether what stands in fields of that name is secret."""
    key = name.lower()
    return key in SECRET_FIELDS or _SECRET_FIELD.search(key) is not None


def shown_uri(request: Request, show_secrets: bool) -> str:
    """The target URI as people read it: where no host was captured, the request target alone."""
    uri = request.target if request.uri.endswith("://" + request.target) else request.uri
    return uri if show_secrets else masked_uri(uri)


def masked_uri(uri: str) -> str:
    """A URI, or a text with URIs, without the values of parameters that look like secrets, and without userinfo."""
    if "=" not in uri and "@" not in uri and "%3" not in uri:
        return uri
    parts: list[str] = []
    done = at = 0
    while found := _PARAMETER.search(uri, at):
        at = found.end()
        name = found[1]
        if (_SECRET_NAME.search(name) or _SECRET_PARAMETER.fullmatch(name)) and (value := _VALUE.match(uri, at)):
            parts += [uri[done:at], MASK]
            done = at = value.end()
    return _USERINFO.sub(f"//{MASK}@", "".join([*parts, uri[done:]]))


def masked_content(text: str) -> str:
    """The begin of a content without the values whose names tell that they are secrets."""
    lower = text.lower()
    return masked_uri(_MEMBER.sub(_member, text) if any(word in lower for word in _SECRET_WORDS) else text)


def _member(found: re.Match[str]) -> str:
    name, between, value = found.groups()
    if not _SECRET_NAME.search(name):
        return found[0]
    quote = value[0] if value[0] in "\"'" else ""
    return f"{name}{between}{quote}{MASK}{quote if len(value) > 1 and value[-1] == quote else ''}"


def secrets_of(exchange: Exchange) -> frozenset[str]:
    """The values in the fields of an exchange that are credentials, printable, without names and schemes."""
    found: set[str] = set()
    for message in (exchange.request, exchange.response, *exchange.interim):
        if message is None or message.fields is None:
            continue
        for name, numbers in message.fields.index.items():
            if secret_field(name):
                for number in numbers:
                    found |= _secrets(name, message.fields.lines[number][1])
    return frozenset(found)


def _cookie_value(pair: str) -> str:
    """What stands behind the name; without an equals sign, all of it is the value."""
    name, equals, value = pair.partition("=")
    return value if equals else name


def _secrets(name: str, value: str) -> set[str]:
    value = value[:SECRET_LOOKED_AT]
    if name == "set-cookie":
        parts = [_cookie_value(value.partition(";")[0])]
    elif name == "cookie":
        parts = [_cookie_value(pair) for pair in value.split(";")]
    elif name in ("authorization", "proxy-authorization"):
        parts = [value.partition(" ")[2] or value]
    else:
        parts = [value]
    return {printable(readable(part.strip(' "'))) for part in parts if len(part.strip(' "')) >= SECRET_MIN}


def shown_message(finding: Finding, exchange: Exchange, show_secrets: bool) -> str:
    """What is said about an exchange, without its secrets unless they are asked for."""
    return finding.message if show_secrets else masked_message(finding, secrets_of(exchange))


def masked_message(finding: Finding, secrets: frozenset[str]) -> str:
    """The message of a finding without the secrets of its exchange; all words that are ours stay."""
    message, parts, done = finding.message, [], 0
    for begin, end in finding.values:
        parts += [message[done:begin], _masked_value(message[begin:end], secrets)]
        done = end
    return "".join([*parts, message[done:]])


def _masked_value(text: str, secrets: frozenset[str]) -> str:
    """What a message shows of a value, also where that is no more than the begin of a secret, or its end."""
    text = masked_uri(text)
    for secret in sorted(secrets, key=len, reverse=True):
        if text.startswith("…"):
            end = len(text)
            while end > SECRET_MIN and text[1:end] not in secret:
                end -= 1
            if end > SECRET_MIN:
                text = f"…{MASK}{text[end:]}"
        head = secret[:SECRET_MIN]
        at = text.find(head)
        while at >= 0:
            end = at + len(head)
            while end < len(text) and end - at < len(secret) and text[end] == secret[end - at]:
                end += 1
            text = text[:at] + MASK + text[end:]
            at = text.find(head, at + len(MASK))
    return text

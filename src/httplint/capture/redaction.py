"""What stands in captures in the place of what was sent, because that was secret or too long."""
from __future__ import annotations

import re

PLACEHOLDER_LENGTH = 200
"""Longer contents are not placeholders, whatever words they use."""


def redacted(text: str) -> bool:
    """Whether a text holds a placeholder in place of what was sent, or words that look like one."""
    text = text.lower()
    return (  # what is common to some is looked for first: few values have it, and to look for it takes the time
        ("ed" in text and ("redact" in text or "removed" in text or "masked" in text or "stripped" in text
                           or "scrubbed" in text or "censored" in text or "omitted" in text))
        or ("[" in text and ("[filtered" in text or "[hidden" in text or "[secret" in text or "[truncated" in text
                             or "[private" in text or "[sensitive" in text or "[elided" in text))
        or ("<" in text and ("<hidden" in text or "<secret" in text))
        or "***" in text or "anonymi" in text or "obfuscat" in text or "withheld" in text
        or ("sanit" in text and ("sanitiz" in text or "sanitis" in text)))


_STAND_IN = re.compile(r"<<[^<>\r\n]{1,100}>>|<[A-Z][A-Z0-9]*(?:[ _-][A-Z0-9]+)+>|<[A-Z]{4,}>|<%|\{\{|%%|"
                       r"(?i:\bdummy|\bfake|placeholder|filtered)|xxx|XXX|\$\{?[A-Z_]{3}|[\[{][A-Z][A-Z_ ]{1,40}[\]}]|"
                       r"[=/?&:-]<[A-Za-z][\w -]{0,40}>|\A<[A-Za-z][\w -]{0,40}>\Z|\.\.\.|\xe2\x80\xa6|"
                       r"\A(?:[\W_]{0,3}(?:[A-Z]{1,20}_){0,4}(?:COOKIES?|HIDDEN|ID|KEY|PASSWORD|SECRET|TOKEN)_{0,3}|None|"
                       r"\*{2,}|[_-]+)\Z")
_STAND_IN_OCTETS = re.compile(rb"<<[A-Za-z0-9_ -]{1,100}>>|<[A-Z][A-Z0-9]*(?:[ _-][A-Z0-9]+)+>|<%=|"
                              rb"[:,\[=] {0,4}<[A-Z]{2,40}>")


def stand_in(text: str) -> bool:
    """Whether a text holds what authors of tests write in the place of what is secret: <TOKEN>, <<API_KEY>>, dummy."""
    return _STAND_IN.search(text) is not None or redacted(text)


def holds_stand_in(content: bytes) -> bool:
    """Whether a content holds some such name in angle brackets that is no tag of HTML."""
    return b"<" in content and _STAND_IN_OCTETS.search(content) is not None

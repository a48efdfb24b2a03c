"""What stands in captures in the place of what was sent, because that was secret or too long."""
from __future__ import annotations

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

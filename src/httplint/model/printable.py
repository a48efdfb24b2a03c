"""Text from the traffic without anything that a terminal would obey or hide."""
from __future__ import annotations


def printable(text: str) -> str:
    """The text with control, format and unassigned characters and lone surrogates as backslash escapes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)

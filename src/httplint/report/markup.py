"""Text within Markdown, whose readers differ: CommonMark, GitHub's and GitLab's, Python-Markdown."""
from __future__ import annotations

import re
from collections.abc import Callable

from httplint.model.printable import printable

HARMLESS = " ,-/.()?=;'\"%"
_WWW = re.compile(r"(?i)(www)\.")
_BLOCK = re.compile(r"-(?=[ -]|\Z)|=(?==* *\Z)|[0-9]+[.)](?= |\Z)")
"""What makes a list or a heading at the begin of a line."""
_MENTION = re.compile(r"(&#(?:35|64);|(?<![0-9A-Za-z])GH-)(?=[0-9A-Za-z])")


def markdown(text: str) -> str:
    """A text with all that could be markup as character references; colons, www. and @ would make links.

    Backslashes do only for CommonMark: Python-Markdown keeps most of them, and the character behind them.
    """
    return _escaped(text, lambda character: f"&#{ord(character)};")


def commonmark(text: str) -> str:
    """The same with backslashes, which leave it readable: for those who read CommonMark or nothing."""
    return _escaped(text, lambda character: f"\\{character}")


def _escaped(text: str, escape: Callable[[str], str]) -> str:
    out = "".join(character if character.isalnum() or character in HARMLESS or ord(character) > 127
                  else escape(character) for character in printable(text.strip()))
    if found := _BLOCK.match(out):
        mark = found[0][-1]
        out = out.replace(mark, escape(mark), 1)
    return _WWW.sub(lambda www: www[1] + escape("."), out)


def prose(text: str) -> str:
    """The same, outside of code: there, platforms make mentions and references of text, whatever its form was."""
    return _MENTION.sub(r"\1<!-- -->", markdown(text))

"""Lines for a terminal or a log of CI: the one way by which texts get there.

Whoever wrote a text (traffic, a rule pack, a result, a configuration, a file's name), it stays on its line, a terminal
obeys and hides nothing of it, and a CI runner takes no line for a command of its own.
"""
from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence

from httplint.model.pattern import lazily
from httplint.model.printable import printable, tamed
from httplint.report.colour import Paint

Part = str | tuple[str, str] | tuple[str, str, str]
"""A text; or (style of colour.STYLES or nothing, text); or that with the address that the text leads to."""

PLAIN = Paint(False)

_BEGIN = lazily(r" *(?:(?:=|-->|-) )?")
"""What stands before the text of a line, below which it goes on."""
_WORD = lazily(r" *+(?:\(entr(?:y|ies) [0-9][0-9, -]*+\)|entry [0-9]+,?|[A-Z]{3,20} (?:https?:/)?/[^ ]*"
               r"|RFC [0-9]+ §[^ ]+|httplint explain [^ ]+|[^ ]+)")
"""A word, or some that are copied or read together."""


def encoded(data: object, indent: int | None = None) -> str:
    """JSON in ASCII, none of which a CI runner takes for a command."""
    return tamed(json.dumps(data, indent=indent), "\\u0023")


def line(*parts: Part, paint: Paint = PLAIN) -> str:
    """The parts as one line, without its end."""
    styled: list[tuple[str, ...]] = [("", part) if isinstance(part, str) else part for part in parts]
    whole = "".join([part[1] for part in styled])
    if whole.lstrip().startswith("::"):                    # a runner takes that for a command
        first = next(number for number, part in enumerate(styled) if part[1].strip())
        style, text, *address = styled[first]
        styled[first] = (style, text.replace(":", "\\x3a", 1), *address)
    elif tamed(printable(whole)) is whole:                 # as most are, and then their parts, too
        return whole if paint.plain else "".join([paint(*part) for part in styled])
    return "".join([paint(style, tamed(printable(text)), *address) for style, text, *address in styled])


def plain(parts: Iterable[Part]) -> str:
    """The text of parts, without styles."""
    return "".join([part if isinstance(part, str) else part[1] for part in parts])


def wrapped(parts: Sequence[Part], width: int) -> Iterator[Sequence[Part]]:
    """The parts as lines of at most `width` characters, words whole; each goes on below the begin of the text."""
    harmless = [printable(part) if isinstance(part, str) else (part[0], printable(part[1]), *part[2:])
                for part in parts]
    text = plain(harmless)
    begin = _BEGIN.match(text)
    margin = begin.end() if begin and begin[0].strip() else len(text) - len(text.lstrip(" ")) + 2
    start = end = 0
    indent = ""
    for word in _WORD.finditer(text, 0, len(text.rstrip(" "))):  # so that no run of spaces is gone through in vain
        if end > start and len(indent) + word.end() - start > width and word.start() >= margin:
            yield (indent, *_between(harmless, start, end))
            indent = " " * min(margin, width // 2)         # as much of each line is left for the text
            start = word.end() - len(word[0].lstrip(" "))
        end = word.end()
    yield (indent, *_between(harmless, start, len(text)))


def _between(parts: Iterable[Part], start: int, end: int) -> Iterator[Part]:
    """What stands from one place to another."""
    at = 0
    for part in parts:
        text = part if isinstance(part, str) else part[1]
        if piece := text[max(0, start - at):max(0, end - at)]:
            yield piece if isinstance(part, str) else (part[0], piece, *part[2:])
        at += len(text)


class Lines:
    """Writes lines of parts, in colour if that is wanted, and no longer than `width` characters if that is given."""

    def __init__(self, write: Callable[[str], object], paint: Paint = PLAIN, width: int | None = None) -> None:
        self._write = write
        self._paint = paint
        self._width = width

    def __call__(self, *parts: Part) -> None:
        """Writes one line, or those that it is wrapped into."""
        if self._width is None or len(plain(parts)) <= self._width:
            self._write(line(*parts, paint=self._paint) + "\n")
        else:
            for one in wrapped(parts, self._width):
                self._write(line(*one, paint=self._paint) + "\n")

    def together(self, lines: Sequence[tuple[Part, ...]]) -> None:
        """Writes several lines: as they are, where nothing in any of them is coloured or has to be made harmless."""
        if self._paint.plain and self._width is None:
            texts = [plain(parts) for parts in lines]
            whole = "".join(texts)
            if "::" not in whole and tamed(printable(whole)) is whole:
                self._write("\n".join([*texts, ""]))
                return
        for parts in lines:
            self(*parts)

"""Lines for a terminal or a log of CI: the one way by which texts get there.

Whoever wrote a text (traffic, a rule pack, a result, a configuration, a file's name), it stays on its line, a terminal
obeys and hides nothing of it, and a CI runner takes no line for a command of its own.
"""
from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from httplint.model.printable import printable, tamed
from httplint.report.colour import Paint

Part = str | tuple[str, str]
"""A text, or (style of colour.STYLES, text)."""

PLAIN = Paint(False)


def encoded(data: object, indent: int | None = None) -> str:
    """JSON in ASCII, none of which a CI runner takes for a command."""
    return tamed(json.dumps(data, indent=indent), "\\u0023")


def line(*parts: Part, paint: Paint = PLAIN) -> str:
    """The parts as one line, without its end."""
    styled = [("", part) if isinstance(part, str) else part for part in parts]
    whole = "".join([text for _, text in styled])
    if whole.lstrip().startswith("::"):                    # a runner takes that for a command
        first = next(number for number, (_, text) in enumerate(styled) if text.strip())
        style, text = styled[first]
        styled[first] = style, text.replace(":", "\\x3a", 1)
    elif tamed(printable(whole)) is whole:                 # as most are, and then their parts, too
        return "".join([paint(style, text) if style else text for style, text in styled]) if paint.on else whole
    return "".join([paint(style, tamed(printable(text))) if style else tamed(printable(text))
                    for style, text in styled])


def plain(parts: Iterable[Part]) -> str:
    """The text of parts, without styles."""
    return "".join([part if isinstance(part, str) else part[1] for part in parts])


class Lines:
    """Writes lines of parts, in colour if that is wanted."""

    def __init__(self, write: Callable[[str], object], paint: Paint = PLAIN) -> None:
        self._write = write
        self._paint = paint

    def __call__(self, *parts: Part) -> None:
        """Writes one line."""
        self._write(line(*parts, paint=self._paint) + "\n")

    def together(self, lines: Sequence[tuple[Part, ...]]) -> None:
        """Writes several lines: as they are, where nothing in any of them is coloured or has to be made harmless."""
        if not self._paint.on:
            texts = [plain(parts) for parts in lines]
            whole = "".join(texts)
            if "::" not in whole and tamed(printable(whole)) is whole:
                self._write("\n".join([*texts, ""]))
                return
        for parts in lines:
            self(*parts)

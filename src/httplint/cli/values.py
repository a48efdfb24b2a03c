"""What values offer to conditions, for `explain --field` and `rules functions`."""
from __future__ import annotations

import textwrap
from collections.abc import Iterable

from httplint.engine.language.types import Type
from httplint.engine.language.values import described, offers, reached
from httplint.report.lines import Lines

WIDTH = 100
_COLUMN = 40
"""The most that types of attributes push their sentences to the right."""


def wrapped(text: str, first: str, then: int, say: Lines) -> None:
    """Prints a text in lines; the first begins with a text, the others with so many spaces."""
    for line in textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=" " * then,
                              break_long_words=False, break_on_hyphens=False):
        say(line)


def show(kinds: Iterable[Type], say: Lines) -> None:
    """Prints each class with its attributes."""
    for kind in kinds:
        wrapped(described(kind), f"  {kind.__name__}: ", 6, say)
        found = offers(kind)
        names = max(len(one.name) for one in found)
        types = min(max(len(one.kind) for one in found), _COLUMN)
        for one in found:
            head = f"      .{one.name:{names}}  "
            if len(one.kind) > _COLUMN or not one.told:
                say(head + one.kind)
                head = " " * len(head)
            else:
                head += f"{one.kind:{types}}  "
            if one.told:
                wrapped(one.told, head, len(head), say)


def show_within(kind: Type, say: Lines) -> None:
    """Prints what a value of a type offers, and what its attributes lead to."""
    show(reached([kind]), say)

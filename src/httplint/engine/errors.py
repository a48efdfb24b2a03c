"""What can be wrong with a rule file."""
from __future__ import annotations

from collections.abc import Iterable


class RuleError(Exception):
    """A rule's text is at fault. `path`, `line` (from 1) and `key` say where, as far as that is known."""

    def __init__(self, why: str, path: str | None = None, line: int | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.path = path
        self.line = line
        self.key: str | None = None

    def __str__(self) -> str:
        return f"{self.path or 'rule'}:{self.line or 1}: {self.why}"


def meant(name: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """The end of a message about an unknown name: "; did you mean …?", or nothing. `likeness` is from 0 to 1."""
    import difflib
    close = difflib.get_close_matches(name, list(known), 1, likeness)
    return f"; did you mean {close[0]!r}?" if close else ""

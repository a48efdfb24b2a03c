"""What can be wrong with a rule file."""
from __future__ import annotations

from httplint.model.errors import SetupError


class RuleError(SetupError):
    """A rule's text is at fault. `path`, `line` (from 1) and `key` say where, as far as that is known."""

    def __init__(self, why: str, path: str | None = None, line: int | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.path = path
        self.line = line
        self.key: str | None = None

    def __str__(self) -> str:
        return f"{self.path or 'rule'}:{self.line or 1}: {self.why}"

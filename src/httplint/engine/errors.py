"""What can be wrong with a rule file."""
from __future__ import annotations

from httplint.model.errors import SetupError


class RuleError(SetupError):
    """A rule's text is at fault; `key` says where in it, as far as that is known."""

    key: str | None = None

    def __str__(self) -> str:
        return f"{self.path or 'rule'}:{self.line or 1}: {self.why}"

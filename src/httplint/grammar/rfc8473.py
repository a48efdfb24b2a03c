"""Include-Referred-Token-Binding-ID (RFC 8473 §5.3)."""
from __future__ import annotations

from httplint.grammar.syntax import Malformed


def include_referred(value: str) -> bool:
    """`"true"`, in any case."""
    if value.lower() != "true":
        raise Malformed(value, 0, "true", "leave the field out otherwise")
    return True

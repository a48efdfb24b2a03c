"""Expect-CT (RFC 9163 §2.1)."""
from __future__ import annotations

import re

from httplint.grammar.common import members, required, token, token_or_quoted
from httplint.grammar.syntax import Malformed
from httplint.model.named import NamedTuple


class TransparencyDirective(NamedTuple):
    """A directive, its name in lower case, with its value if it has one."""

    name: str
    value: str | None


_digits = re.compile(r"[0-9]++")


def expect_ct(value: str) -> tuple[TransparencyDirective, ...]:
    """`Expect-CT = 1#( directive-name [ "=" directive-value ] )`."""
    return required(members(value, _directive), value, "a directive")


def _directive(value: str, position: int) -> tuple[TransparencyDirective, int]:
    name, end = token(value, position, "a directive")
    name = name.lower()
    text, behind = None, end
    if value[end:end + 1] == "=":
        text, _, behind = token_or_quoted(value, end + 1)
    if name == "max-age" and (text is None or _digits.fullmatch(text) is None):
        raise Malformed(value, end, "an equals sign and a number of seconds", "as in max-age=86400")
    if name == "report-uri":
        if text is None:
            raise Malformed(value, end, "an equals sign and a URI")
        if value[behind:behind + 1] == ":":
            raise Malformed(value, behind, "a comma or the end", "URIs are put in double quotes")
    if name == "enforce" and text is not None:
        raise Malformed(value, end, "a comma or the end", "enforce has no value")
    return TransparencyDirective(name, text), behind

"""Public-Key-Pins and Public-Key-Pins-Report-Only (RFC 7469 §2.1)."""
from __future__ import annotations

import re

from httplint.grammar.common import after_whitespace, past, token, token_or_quoted
from httplint.grammar.syntax import Malformed
from httplint.model.named import NamedTuple


class KeyPins(NamedTuple):
    """The directives in order, names in lower case; None for those without a value."""

    directives: tuple[tuple[str, str | None], ...]

    @property
    def pins(self) -> tuple[tuple[str, str], ...]:
        """Hash algorithms, and the fingerprints of keys in Base64 (§2.1.1)."""
        return tuple([(name[4:], text) for name, text in self.directives if name.startswith("pin-") and text])


_separator = re.compile(r"[ \t]*+(?:;[ \t;]*+|\Z)")
_start = re.compile(r"[ \t;]*+")
_digits = re.compile(r"[0-9]++")


def key_pins(value: str) -> KeyPins:
    """`directive *( OWS ";" OWS directive )`; the empty directives that many sent are let pass."""
    found = []
    position = past(_start, value)
    while position < len(value):
        name, text, position = _directive(value, position)
        found.append((name, text))
        match = _separator.match(value, position)
        if match is None:
            position = after_whitespace(value, position)
            hint = "directives are separated by semicolons" if value[position] == "," else None
            raise Malformed(value, position, "a semicolon or the end", hint)
        position = match.end()
    if not found:
        raise Malformed(value, len(value), "a directive")
    return KeyPins(tuple(found))


def _directive(value: str, position: int) -> tuple[str, str | None, int]:
    name, end = token(value, position, "a directive")
    name = name.lower()
    text, quoted, behind = None, False, end
    if value[end:end + 1] == "=":
        text, quoted, behind = token_or_quoted(value, end + 1)
    if name == "includesubdomains" and text is not None:
        raise Malformed(value, end, "a semicolon or the end", "includeSubDomains has no value")
    if name == "max-age" and (text is None or _digits.fullmatch(text) is None):
        raise Malformed(value, end, "an equals sign and a number of seconds", "as in max-age=5184000")
    if name.startswith("pin-") and not quoted:
        raise Malformed(value, end if text is None else end + 1, "a fingerprint in double quotes")
    return name, text, behind

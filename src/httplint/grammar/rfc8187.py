"""Parameter values in other character encodings than ASCII: `name*=UTF-8'en'na%C3%AFve` (RFC 8187 §3.2)."""
from __future__ import annotations

from httplint.grammar.common import percent_flaw
from httplint.grammar.rfc9110 import language_tag
from httplint.grammar.syntax import Malformed
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily


class ExtendedValue(NamedTuple):
    """An extended parameter value. Charset and language are in lower case, as they are compared (§3.2.1)."""

    charset: str
    language: str | None
    text: str | None
    """What the octets stand for; None where they are no text in that charset, or the charset is not a known one."""


_charset = lazily(r"[A-Za-z0-9!#$%&+\-^_`{}~]++")
_characters = lazily(r"(?:[A-Za-z0-9!#$&+\-.^_`|~]++|%[0-9A-Fa-f]{2})*+")
_KNOWN = {"utf-8": "utf-8", "iso-8859-1": "latin-1"}
"""The charsets that recipients decode: the one that exists, and the other one of RFC 5987."""


def extended_value(value: str) -> ExtendedValue:
    """A whole value that is an `ext-value`."""
    found, position = scan_extended_value(value, 0)
    if position < len(value):
        raise _wrong_character(value, position)
    return found


def scan_extended_value(value: str, position: int) -> tuple[ExtendedValue, int]:
    """`ext-value = charset "'" [ language ] "'" value-chars`, and the position behind it."""
    match = _charset.match(value, position)
    if match is None:
        hint = "an extended value is not put in quotes" if value[position:position + 1] == '"' else None
        raise Malformed(value, position, "a charset", hint)
    charset = match.group().lower()
    position = match.end()
    if value[position:position + 1] != "'":
        raise Malformed(value, position, "a single quote behind the charset",
                        "an extended value begins with charset and language: UTF-8''name")
    position += 1
    language = None
    if value[position:position + 1] != "'":
        language, position = language_tag(value, position)
        if value[position:position + 1] != "'":
            raise Malformed(value, position, "a single quote behind the language")
    match = _characters.match(value, position + 1)
    assert match is not None
    if value[match.end():match.end() + 1] not in ("", " ", "\t", ";", ","):
        raise _wrong_character(value, match.end())
    return ExtendedValue(charset, language, _decoded(match.group(), charset)), match.end()


def _decoded(text: str, charset: str) -> str | None:
    codec = _KNOWN.get(charset)
    if codec is None:
        return None
    try:
        from urllib.parse import unquote_to_bytes
        return unquote_to_bytes(text).decode(codec)
    except UnicodeDecodeError:
        return None


def _wrong_character(value: str, position: int) -> Malformed:
    wrong = value[position]
    if wrong == "%":
        return percent_flaw(value, position)
    hint = "the file name, or whatever it is, has its octets in UTF-8 percent-encoded"
    if ord(wrong) < 128:
        hint = f"write it %{ord(wrong):02X}"
    return Malformed(value, position, "a character of an extended value", hint)

"""File names that a response proposes, and whether all clients take them alike (RFC 6266 §4.3, §C, §D)."""
from __future__ import annotations

from httplint.grammar.common import repeated
from httplint.grammar.rfc6266 import Disposition
from httplint.model.pattern import lazily
from httplint.vocabulary import function

_encoded_word = lazily(r"=\?[!-<>@-~]++\?[bBqQ]\?[!->@-~]*+\?=")
_escape = lazily(r"%[0-9A-Fa-f]{2}")


@function()
def repeated_disposition_parameters(disposition: Disposition) -> tuple[str, ...]:
    """The parameters that stand more than once (RFC 6266 §4.1)."""
    return repeated(sorted(disposition.names))


@function()
def encoded_words(disposition: Disposition) -> tuple[str, ...]:
    """The parameters that hold an encoded-word of mail, =?UTF-8?Q?…?= (RFC 6266 §C.1)."""
    return tuple(one.name for one in disposition.parameters if one.value and _encoded_word.search(one.value))


@function()
def percent_escapes(text: str) -> bool:
    """Whether a file name has what looks like percent-encoded octets (RFC 6266 §C.2)."""
    return _escape.search(text) is not None


@function()
def names_a_path(disposition: Disposition) -> tuple[str, ...]:
    """The parameters with a file name that has separators of paths in it, or is "." or ".." (RFC 6266 §4.3)."""
    extended = disposition.extended
    names = {"filename": disposition.filename, "filename*": extended.text if extended is not None else None}
    return tuple(name for name, text in names.items()
                 if text is not None and ("/" in text or "\\" in text or text in (".", "..")))


@function()
def extended_first(disposition: Disposition) -> bool:
    """Whether filename* stands before a filename, which some clients take instead (RFC 6266 §D)."""
    names = disposition.names
    return "filename*" in names and "filename" in names[names.index("filename*"):]

"""Links, and whether their relations and attributes are well-formed (RFC 8288 §3)."""
from __future__ import annotations

import re

from httplint.grammar import registry
from httplint.grammar.common import repeated
from httplint.grammar.rfc8187 import extended_value
from httplint.grammar.rfc8288 import Link
from httplint.grammar.rfc9110 import language_tag
from httplint.grammar.syntax import Malformed
from httplint.grammar.uri import uri_reference
from httplint.model.pattern import lazily
from httplint.vocabulary import function

_name = re.compile(r"[a-z][a-z0-9.-]*+")
_media_type = lazily(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}")
ONCE = frozenset(("media", "title", "title*", "type"))
"""The attributes that a link has once at most (§3.4.1); later ones are ignored."""


@function()
def odd_relations(link: Link) -> tuple[str, ...]:
    """The relation types that are neither a name nor an absolute URI, in whichever case (RFC 8288 §3.3)."""
    return tuple(one for one in link.relations if not _name.fullmatch(one) and not _is_uri(one))


@function()
def unregistered_relations(link: Link) -> tuple[str, ...]:
    """The relation types that have the form of a name, but are not registered (RFC 8288 §2.1.1)."""
    return tuple(one for one in link.relations if _name.fullmatch(one) and one not in registry.names("relation"))


@function()
def miscased_relations(link: Link) -> tuple[str, ...]:
    """The relation types with capital letters, where they are legal otherwise (RFC 8288 §2.1.2, §3.3)."""
    return tuple(one for one in (link.rel or "").split(" ") if one != one.lower()
                 and (_name.fullmatch(one.lower()) or _is_uri(one)))


def _is_uri(text: str) -> bool:
    try:
        return uri_reference(text).scheme is not None
    except Malformed:
        return False


@function()
def repeated_attributes_of(link: Link) -> tuple[str, ...]:
    """Those of ONCE that the link has several times (RFC 8288 §3.4.1)."""
    return repeated(name for name in link.names if name in ONCE)


@function()
def times_rel(link: Link) -> int:
    """How many rel parameters the link has (RFC 8288 §3.3)."""
    return link.names.count("rel")


@function()
def attribute_flaw(link: Link) -> str | None:
    """What is wrong with an anchor, hreflang, title* or type; None if nothing is
    (RFC 8288 §3.2, §3.4.1, RFC 8187 §3.2.1).

    In words that a message may end with.
    """
    for name, value in link.parameters:
        expected = _expected(name, value or "")
        if expected is not None:
            return f"the {name} '{(value or '')[:40]}', in which {expected} was expected"
    return None


def _expected(name: str, value: str) -> str | None:
    try:
        if name == "anchor":
            uri_reference(value)
        elif name == "hreflang":
            if language_tag(value, 0)[1] < len(value):
                return "one language tag"
        elif name == "type":
            if not _media_type.fullmatch(value):
                return "type/subtype without parameters"
        elif name == "title*":
            found = extended_value(value)
            if found.charset != "utf-8":
                return "the charset UTF-8"
            if found.text is None:
                return "octets of UTF-8"
    except Malformed as error:
        return error.expected
    return None


@function()
def odd_attribute_names(link: Link) -> tuple[str, ...]:
    """The names of attributes with characters that other serialisations do not know (RFC 8288 §2.2).

    An asterisk at the end is what marks an extended value (§3.4.2).
    """
    return tuple(name for name in link.names if not set("%'*").isdisjoint(name.removesuffix("*")))


@function()
def loads_font(link: Link) -> bool:
    """Whether a link says that its target is a font (HTML §link-type-preload)."""
    return (link.parameter("as") or "").lower() == "font"

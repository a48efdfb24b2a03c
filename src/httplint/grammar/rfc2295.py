"""Transparent content negotiation: Alternates, TCN, Variant-Vary, Negotiate, Accept-Features (RFC 2295 §8).

The ABNF is in the manner of RFC 2616 §2.1, which allows whitespace between any two words or separators.
"""
from __future__ import annotations

from httplint.grammar.common import (
    QUOTED,
    TOKEN,
    after_whitespace,
    members,
    quoted_string,
    required,
    token,
    token_or_quoted,
)
from httplint.grammar.rfc9110 import lower_tokens
from httplint.grammar.syntax import Malformed
from httplint.grammar.uri import uri_reference
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily


class NegotiationDirective(NamedTuple):
    """A directive in lower case, with its value if it has one."""

    name: str
    value: str | None


class VariantDescription(NamedTuple):
    """A variant of a negotiable resource; without a quality it is the one to fall back on (§8.3)."""

    uri: str
    quality: float | None
    attributes: tuple[tuple[str, str], ...]
    """Names in lower case, and what stands behind them, as sent (§5.1)."""


class Alternates(NamedTuple):
    """The variants of a negotiable resource, and directives about the negotiation."""

    variants: tuple[VariantDescription, ...]
    directives: tuple[NegotiationDirective, ...]


_quality = lazily(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)(?![^ \t{}])")
_attribute_text = lazily(rf"(?:{QUOTED}|[^\"}}\x00-\x08\x0a-\x1f\x7f])*+")


def alternates(value: str) -> Alternates:
    """`Alternates = 1#( variant-description | fallback-variant | list-directive )` (§8.3)."""
    found = required(members(value, _member), value, "a variant in braces")
    return Alternates(tuple([one for one in found if isinstance(one, VariantDescription)]),
                      tuple([one for one in found if isinstance(one, NegotiationDirective)]))


def _member(value: str, position: int) -> tuple[VariantDescription | NegotiationDirective, int]:
    return _variant(value, position) if value[position] == "{" else _directive(value, position)


def _variant(value: str, position: int) -> tuple[VariantDescription, int]:
    """`"{" <"> URI <"> [ source-quality *variant-attribute ] "}"` (§5.1)."""
    start = after_whitespace(value, position + 1)
    uri, position = quoted_string(value, start)
    try:
        uri_reference(uri)
    except Malformed as error:
        raise Malformed(value, start + 1 + error.position, error.expected, error.hint) from None
    position = after_whitespace(value, position)
    quality = None
    attributes = []
    if value[position:position + 1] != "}":
        match = _quality.match(value, position)
        if match is None:
            raise Malformed(value, position, "a quality from 0 to 1 with at most three decimals, or a closing brace")
        quality = float(match.group())
        position = after_whitespace(value, match.end())
        while value[position:position + 1] == "{":
            name, position = token(value, after_whitespace(value, position + 1), "the name of an attribute")
            match = _attribute_text.match(value, position)
            assert match is not None
            position = _closing(value, match.end())
            attributes.append((name.lower(), match.group().strip(" \t")))
            position = after_whitespace(value, position)
    return VariantDescription(uri, quality, tuple(attributes)), _closing(value, position)


def _closing(value: str, position: int) -> int:
    if value[position:position + 1] != "}":
        raise Malformed(value, position, "a closing brace")
    return position + 1


def _directive(value: str, position: int) -> tuple[NegotiationDirective, int]:
    """`token [ "=" ( token | quoted-string ) ]`."""
    name, position = token(value, position, "a directive")
    text = None
    behind = after_whitespace(value, position)
    if value[behind:behind + 1] == "=":
        text, _, position = token_or_quoted(value, after_whitespace(value, behind + 1))
    return NegotiationDirective(name.lower(), text), position


def tcn(value: str) -> tuple[NegotiationDirective, ...]:
    """`TCN = #( response-type | server-side-override-directive | tcn-extension )` (§8.5)."""
    return members(value, _directive)


def negotiate(value: str) -> tuple[NegotiationDirective, ...]:
    """`Negotiate = 1#negotiate-directive` (§8.4)."""
    return required(members(value, _directive), value, "a directive")


def variant_vary(value: str) -> tuple[str, ...]:
    """`Variant-Vary = "*" | 1#field-name`, names in lower case (§8.6)."""
    found = required(lower_tokens(value), value, "a field name or *")
    if "*" in found and len(found) > 1:
        raise Malformed(value, value.index("*"), "a field name", "the asterisk stands alone")
    return found


_TEXT = f"(?:{TOKEN}|{QUOTED})"
_feature = lazily(
    rf"(?:!?{QUOTED}|{TOKEN})(?:[ \t]*+!?=[ \t]*+(?:{_TEXT}|\{{[ \t]*+{_TEXT}[ \t]*+\}}))?+"
    rf"(?:[ \t]*+;[ \t]*+{TOKEN}(?:[ \t]*+=[ \t]*+{_TEXT})?+)*+")


def accept_features(value: str) -> tuple[str, ...]:
    """`Accept-Features = #( feature-expr *( ";" feature-extension ) )`, the expressions as sent (§8.2)."""
    return members(value, _feature_expression)


def _feature_expression(value: str, position: int) -> tuple[str, int]:
    match = _feature.match(value, position)
    if match is None:
        raise Malformed(value, position, "a feature")
    return match.group(), match.end()

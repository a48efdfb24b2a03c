"""The directives of targeted fields such as CDN-Cache-Control (RFC 9213)."""
from __future__ import annotations

from httplint.grammar.registry import cache_directives
from httplint.grammar.rfc9213 import TargetedControl, TargetedDirective
from httplint.vocabulary import function
from httplint.vocabulary.caching import intended


@function()
def mistyped_directives(control: TargetedControl) -> tuple[str, ...]:
    """The directives of a targeted field whose values are not of the type that they have to be, in words
    (RFC 9213 §2.1).

    Seconds are integers that are not negative, flags are true, lists of field names are strings (RFC 9213 §2.1).
    """
    return tuple([f"{one.name} {_what(one)}" for one in control.directives if not _well_typed(one)])


def _what(one: TargetedDirective) -> str:
    if isinstance(one.value, bool):
        return "has no value" if one.value else "is false"
    if type(one.value) is int and one.value < 0:
        return "is negative"
    return f"has a{'n' if one.type[0] in 'aei' else ''} {one.type}"


def _well_typed(one: TargetedDirective) -> bool:
    known = cache_directives().get(one.name)
    if known is None or not known.argument:
        return True
    if known.argument == "seconds":
        return one.seconds is not None
    return one.value is True or (known.argument == "names" and one.type == "string")


@function()
def intended_directive(name: str) -> str | None:
    """The cache directive that a directive of a targeted field was probably meant to be; None if it is known
    (RFC 9213 §2.1).
    """
    return None if name in cache_directives() else intended(name)

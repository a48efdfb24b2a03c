"""Instance manipulations, and whether the client accepts them (RFC 3229 §10.5)."""
from __future__ import annotations

from httplint.grammar.rfc3229 import Manipulation
from httplint.vocabulary import function


@function("pair")
def unaccepted_manipulations(applied: tuple[Manipulation, ...], accepted: tuple[Manipulation, ...]) -> tuple[str, ...]:
    """The manipulations applied that A-IM does not list, or refuses by a weight of zero (RFC 3229 §10.5.3)."""
    wanted = {one.name for one in accepted if one.weight > 0}
    return tuple(one.name for one in applied if one.name not in wanted and one.name != "identity")


@function("pair")
def in_accepted_order(applied: tuple[Manipulation, ...], accepted: tuple[Manipulation, ...]) -> bool:
    """Whether the manipulations were applied in the order in which A-IM lists them (RFC 3229 §10.5.3)."""
    places: dict[str, int] = {}
    for number, one in enumerate(accepted):
        places.setdefault(one.name, number)
    order = [places[one.name] for one in applied if one.name in places]
    return order == sorted(order)

"""Whether Date is the time of the exchange (RFC 9110 §6.6.1)."""
from __future__ import annotations

from httplint.grammar.dates import Date
from httplint.grammar.table import given
from httplint.model.message import Response
from httplint.vocabulary import function


@function("pair", absent=("response.age",), reads=("response.age",))
def date_error(date: Date, response: Response, started: float) -> float:
    """By how many seconds Date misses the time of the exchange at least (RFC 9110 §6.6.1).

    The time that the response has spent in caches, its Age, is no miss (RFC 9111 §5.1).
    """
    early = started - date.timestamp
    if early <= 0:
        return -early
    age = given(response, "age") or 0
    assert isinstance(age, int)
    return max(early - min(age, 10 ** 12), 0.0)

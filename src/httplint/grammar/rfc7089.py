"""Accept-Datetime and Memento-Datetime (RFC 7089 §2.1.1)."""
from __future__ import annotations

from httplint.grammar.dates import Date, http_date
from httplint.grammar.syntax import Malformed


def memento_datetime(value: str) -> Date:
    """`rfc1123-date`: an HTTP-date in the one form that is not obsolete; Accept-Datetime likewise."""
    found = http_date(value)
    if found.obsolete:
        raise Malformed(value, 0, "a date like Sun, 06 Nov 1994 08:49:37 GMT",
                        f"the form of {found.form} is not allowed")
    return found

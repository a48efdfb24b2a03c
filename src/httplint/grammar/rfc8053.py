"""Optional-WWW-Authenticate and Authentication-Control (RFC 8053 §3, §4)."""
from __future__ import annotations

from httplint.grammar.common import required
from httplint.grammar.rfc8187 import extended_value
from httplint.grammar.rfc9110 import Challenge, challenges
from httplint.grammar.syntax import Malformed


def optional_challenges(value: str) -> tuple[Challenge, ...]:
    """`Optional-WWW-Authenticate = 1#challenge` (§3)."""
    return required(challenges(value), value, "a challenge")


def authentication_control(value: str) -> tuple[Challenge, ...]:
    """`Authentication-Control = 1#( auth-scheme 1*SP 1#auth-control-param )` (§4).

    Values are tokens or quoted strings; those of a name that ends in an asterisk are ext-values (RFC 8187 §3.2.1).
    """
    found = required(challenges(value), value, "a scheme with parameters")
    for entry in found:
        if entry.token68 is not None:
            raise Malformed(value, value.index(entry.token68), "a parameter")
        if not entry.parameters:
            raise Malformed(value, len(value), f"parameters for {entry.scheme}")
        for name, text in entry.parameters:
            if name.endswith("*"):
                try:
                    extended_value(text)
                except Malformed as error:
                    place = max(value.find(text), 0)
                    raise Malformed(value, min(place + error.position, len(value)), error.expected,
                                    error.hint) from None
    return found

"""Fields of specifications that are not finished: Idempotency-Key, RateLimit, RateLimit-Policy, Upload-*.

Their forms have changed from draft to draft, so that what does not fit the latest one may fit another.
"""
from __future__ import annotations

from httplint.grammar.structured import (
    Dictionary,
    Item,
    Member,
    Token,
    member_starts,
    structured_dictionary,
    structured_item,
    structured_list,
)
from httplint.grammar.syntax import Malformed
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily


class QuotaPolicy(NamedTuple):
    """A quota, in units, for a window of so many seconds (ratelimit-headers §3.1)."""

    name: str
    quota: int
    window: int | None


class ServiceLimit(NamedTuple):
    """What is left of a quota, and in how many seconds there is more (ratelimit-headers §4.1)."""

    name: str
    remaining: int
    reset: int | None


_earlier = lazily(r"\s*(?:[a-z]+\s*=\s*)?[0-9]+")
_EARLIER_DRAFT = "that is the form of an earlier draft, or of another field"


def rate_limit_policy(value: str) -> tuple[QuotaPolicy, ...]:
    """A List of Strings with the parameters q and, perhaps, w, qu and pk (ratelimit-headers §3)."""
    return tuple([QuotaPolicy(str(one.value), _number(value, start, one, "q"), _perhaps(value, start, one, "w", 1))
                  for start, one in _named(value)])


def rate_limit(value: str) -> tuple[ServiceLimit, ...]:
    """A List of Strings with the parameters r and, perhaps, t and pk (ratelimit-headers §4)."""
    return tuple([ServiceLimit(str(one.value), _number(value, start, one, "r"), _perhaps(value, start, one, "t", 0))
                  for start, one in _named(value)])


def _named(value: str) -> list[tuple[int, Item]]:
    hint = _EARLIER_DRAFT if _earlier.match(value) else None
    try:
        found: tuple[Member, ...] = structured_list(value)
    except Malformed as error:
        raise Malformed(value, error.position, error.expected, hint or error.hint) from None
    out = []
    for one, start in zip(found, member_starts(value), strict=False):
        if not isinstance(one, Item) or one.text is None:
            raise Malformed(value, start, "the name of a policy in double quotes", hint)
        if isinstance(one.value, Token):
            raise Malformed(value, start, "a double quote", "names of policies are put in double quotes")
        out.append((start, one))
    return out


def _number(value: str, start: int, one: Item, name: str) -> int:
    found = _perhaps(value, start, one, name, 0)
    if found is None:
        raise Malformed(value, start, f"the parameter {name}", f"it looks like \"name\";{name}=100")
    return found


def _perhaps(value: str, start: int, one: Item, name: str, least: int) -> int | None:
    found = one.parameter(name)
    if found is None:
        return None
    if type(found) is not int or found < least:
        raise Malformed(value, start, f"a whole number from {least} for the parameter {name}")
    return found


def upload_number(value: str) -> int:
    """Upload-Offset and Upload-Length: an Integer that is not negative (resumable-upload §4.1.1, §4.1.3)."""
    found = structured_item(value).integer
    if found is None or found < 0:
        raise Malformed(value, 0, "a whole number of octets")
    return found


def upload_complete(value: str) -> bool:
    """Upload-Complete: a Boolean (resumable-upload §4.1.2)."""
    found = structured_item(value).boolean
    if found is None:
        raise Malformed(value, 0, "?1 or ?0")
    return found


def idempotency_key(value: str) -> str:
    """Idempotency-Key: a String (idempotency-key-header §2.1)."""
    found = structured_item(value)
    if found.type != "string":
        raise Malformed(value, 0, "a key in double quotes")
    return str(found.value)


LIMITS = ("max-size", "min-size", "max-append-size", "min-append-size", "max-age")


def upload_limit(value: str) -> Dictionary:
    """Upload-Limit: a Dictionary whose known members are Integers (resumable-upload §4.1.4)."""
    found = structured_dictionary(value)
    for number, (name, one) in enumerate(found.members):
        if name in LIMITS and (not isinstance(one, Item) or one.integer is None):
            raise Malformed(value, member_starts(value)[number], f"a whole number for {name}")
    return found

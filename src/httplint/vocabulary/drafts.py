"""Quotas of clients (draft-ietf-httpapi-ratelimit-headers)."""
from __future__ import annotations

from httplint.grammar.drafts import QuotaPolicy, ServiceLimit
from httplint.vocabulary import function


@function()
def longest_reset(limits: tuple[ServiceLimit, ...]) -> int | None:
    """In how many seconds the quotas that are used up have all been renewed; None if none says so
    (draft-ietf-httpapi-ratelimit-headers §4.1.2).
    """
    return max((one.reset for one in limits if one.reset is not None and one.remaining == 0), default=None)


@function()
def beyond_quota(limits: tuple[ServiceLimit, ...], policies: tuple[QuotaPolicy, ...]) -> tuple[str, ...]:
    """The policies of which more is left than there ever is (draft-ietf-httpapi-ratelimit-headers §3.1.1, §4.1.1)."""
    quotas = {one.name: one.quota for one in policies}
    return tuple(one.name for one in limits if one.remaining > quotas.get(one.name, one.remaining))

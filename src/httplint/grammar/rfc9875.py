"""Cache-Groups and Cache-Group-Invalidation (RFC 9875)."""
from __future__ import annotations

from httplint.grammar.structured import InnerList, structured_list
from httplint.model.named import NamedTuple


class CacheGroups(NamedTuple):
    """The groups that a field names, in order, and what it has besides, which names none."""

    groups: tuple[str, ...]
    others: tuple[str, ...]
    """The types of the members that are no strings."""


def cache_groups(value: str) -> CacheGroups:
    """`Cache-Groups` and `Cache-Group-Invalidation`, structured Lists of Strings (§2, §3)."""
    members = structured_list(value)
    types = [(one.text or "", one.type) if not isinstance(one, InnerList) else ("", "inner list") for one in members]
    return CacheGroups(tuple([text for text, kind in types if kind == "string"]),
                       tuple([kind for _, kind in types if kind != "string"]))

"""DASL, of WebDAV SEARCH (RFC 5323 §3.2)."""
from __future__ import annotations

from httplint.grammar.common import members, required
from httplint.grammar.rfc4918 import coded_url


def dasl(value: str) -> tuple[str, ...]:
    """`DASL = 1#Coded-URL`, the URIs of grammars of queries, without their brackets."""
    return required(members(value, coded_url), value, "the URI of a grammar in angle brackets")

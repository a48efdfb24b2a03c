"""IANA's registries of status codes, methods and fields, and what is in use without registration, as dated data.

The first line of each file is a comment that says where its facts are from, and of which date they are.
"""
from __future__ import annotations

import functools
from collections.abc import Iterator

from httplint.model.files import packaged
from httplint.model.named import NamedTuple


class StatusCode(NamedTuple):
    """A registered status code; `reference` names the document and section that defines it."""

    code: int
    name: str
    reference: str


class CommonCode(NamedTuple):
    """A status code that is in use without registration, and who uses it."""

    code: int
    name: str
    used_by: str


class Method(NamedTuple):
    """A registered method (RFC 9110 §9.2.1, §9.2.2)."""

    name: str
    safe: bool
    idempotent: bool


class CacheDirective(NamedTuple):
    """A cache directive (RFC 9111 §5.2); `argument` is "none", "seconds", "names" (of fields), or "" if not known."""

    name: str
    request: bool
    response: bool
    argument: str
    registered: bool
    """False: caches of long ago had it, and some servers still send it."""


class ProxyError(NamedTuple):
    """A proxy error type (RFC 9209 §2.3); `status` is the recommended status code or class, "" if that depends."""

    name: str
    status: str
    own: bool
    """Whether only intermediaries generate responses with it."""


class DigestAlgorithm(NamedTuple):
    """A hash algorithm of digest fields (RFC 9530 §5); `octets` is the length of its digests, None if not certain."""

    key: str
    active: bool
    octets: int | None


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a file of this directory."""
    import csv
    yield from csv.DictReader(packaged(__name__, name).decode("utf-8").splitlines()[1:])


@functools.cache
def status_codes() -> dict[int, StatusCode]:
    """The registered status codes by number."""
    return {int(row["code"]): StatusCode(int(row["code"]), row["name"], row["reference"])
            for row in rows("status-codes.csv")}


@functools.cache
def common_codes() -> dict[int, tuple[CommonCode, ...]]:
    """The unregistered status codes in use, by number; some have several users."""
    found: dict[int, tuple[CommonCode, ...]] = {}
    for row in rows("common-codes.csv"):
        code = int(row["code"])
        found[code] = (*found.get(code, ()), CommonCode(code, row["name"], row["used_by"]))
    return found


@functools.cache
def methods() -> dict[str, Method]:
    """The registered methods by name, which is case-sensitive."""
    return {row["name"]: Method(row["name"], row["safe"] == "yes", row["idempotent"] == "yes")
            for row in rows("methods.csv")}


@functools.cache
def cache_directives() -> dict[str, CacheDirective]:
    """The known cache directives by lower-case name."""
    return {row["name"]: CacheDirective(row["name"], row["request"] == "yes", row["response"] == "yes",
                                        row["argument"], row["status"] == "registered")
            for row in rows("cache-directives.csv")}


@functools.cache
def proxy_errors() -> dict[str, ProxyError]:
    """The registered proxy error types by name."""
    return {row["name"]: ProxyError(row["name"], row["status"], row["own"] == "yes")
            for row in rows("proxy-errors.csv")}


@functools.cache
def digest_algorithms() -> dict[str, DigestAlgorithm]:
    """The registered hash algorithms by key."""
    return {row["key"]: DigestAlgorithm(row["key"], row["status"] == "Active",
                                        int(row["octets"]) if row["octets"] else None)
            for row in rows("digest-algorithms.csv")}


@functools.cache
def signature_algorithms() -> frozenset[str]:
    """The names of the registered algorithms of HTTP message signatures (RFC 9421 §6.2)."""
    return frozenset(row["name"] for row in rows("signature-algorithms.csv"))


@functools.cache
def names(kind: str) -> frozenset[str]:
    """The registered names in lower case: of a "coding", "scheme", "protocol" (Upgrade), "range unit" or "relation"."""
    return frozenset(row["name"] for row in rows("names.csv") if row["kind"] == kind)


@functools.cache
def media_types() -> frozenset[str]:
    """The registered media types, in lower case."""
    return frozenset(row["name"] for row in rows("media-types.csv"))

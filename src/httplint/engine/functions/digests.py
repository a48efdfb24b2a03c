"""Whether digests fit the content, and are of a sound form (RFC 9530, RFC 3230)."""
from __future__ import annotations

from httplint.engine.functions import function
from httplint.grammar.registry import digest_algorithms
from httplint.grammar.rfc9530 import Digest
from httplint.grammar.syntax import Malformed
from httplint.grammar.table import parsed
from httplint.model.evidence import NotEvaluated
from httplint.model.message import Response

LIMIT = 16 * 1024 * 1024
"""How many octets content may have once its codings are removed."""

_HASHES = {"sha-256": "sha256", "sha-512": "sha512", "sha": "sha1", "md5": "md5"}
"""Key -> the name that hashlib has for the algorithm; the others are checksums, and out of use."""


@function("content", "octets")
def unfit_digests(digests: tuple[Digest, ...], response: Response) -> tuple[str, ...]:
    """The algorithms whose digests are not those of the content as it was sent (RFC 9530 §2).

    Digests of another length than their algorithm has are not among them, nor those by algorithms not known here.
    """
    return _unfit(digests, _sent(response))


@function("content", "octets")
def unfit_unencoded(digests: tuple[Digest, ...], response: Response) -> tuple[str, ...]:
    """The same for the content without its content codings (Unencoded-Digest)."""
    from httplint.grammar.content import decode
    content = _sent(response)
    if response.fields is not None and "content-encoding" in response.fields.index:
        codings = parsed(response.fields, "content-encoding")
        assert isinstance(codings, tuple)
        try:
            content = decode(content, codings, LIMIT)
        except Malformed:
            raise NotEvaluated("the content is not coded as Content-Encoding says") from None
    return _unfit(digests, content)


def _sent(response: Response) -> bytes:
    """The content with its content codings, once no transfer coding is on it."""
    if response.content is None:
        raise NotEvaluated("the content was not captured")
    if response.fields is not None and "transfer-encoding" in response.fields.index:
        applied = parsed(response.fields, "transfer-encoding")
        if not isinstance(applied, tuple) or any(one.name != "chunked" for one in applied):
            raise NotEvaluated("a transfer coding may still be on the content")
    return response.content


def _unfit(digests: tuple[Digest, ...], content: bytes) -> tuple[str, ...]:
    import hashlib
    judged = [one for one in digests if one.octets is not None and one.algorithm in _HASHES
              and len(one.octets) == octets(one.algorithm)]
    if not judged:
        raise NotEvaluated("no digest is by an algorithm that can be checked here")
    return tuple([one.algorithm for one in judged
                  if hashlib.new(_HASHES[one.algorithm], content, usedforsecurity=False).digest() != one.octets])


def octets(algorithm: str) -> int | None:
    """How many octets the digests of an algorithm have."""
    known = digest_algorithms().get(algorithm)
    return known.octets if known is not None else None


@function()
def digest_length(digest: Digest) -> int:
    """How many octets a digest has; of another type than octets, it is not judged."""
    if digest.octets is None:
        raise NotEvaluated("the digest is not sent as octets")
    return len(digest.octets)


@function()
def digest_octets(algorithm: str) -> int:
    """How many octets the digests of an algorithm have; those of an unknown one are not judged."""
    found = octets(algorithm)
    if found is None:
        raise NotEvaluated("the length of the algorithm's digests is not known")
    return found


@function()
def known_digest(algorithm: str) -> bool:
    """Whether a hash algorithm is registered (RFC 9530 §7.2)."""
    return algorithm in digest_algorithms()


@function()
def active_digest(algorithm: str) -> bool:
    """Whether a hash algorithm is registered as one without known problems (RFC 9530 §5)."""
    known = digest_algorithms().get(algorithm)
    return known is not None and known.active

"""Whether digests fit the content, and are of a sound form (RFC 9530, RFC 3230)."""
from __future__ import annotations

from httplint.grammar.registry import digest_algorithms
from httplint.grammar.rfc9530 import Digest
from httplint.grammar.table import FIELDS, header_section, parsed
from httplint.model.evidence import NotEvaluated
from httplint.model.message import Response
from httplint.model.named import NamedTuple
from httplint.vocabulary import function
from httplint.vocabulary.codings import CONTENT, SENT, sent, unpacked

_HASHES = {"sha-256": "sha256", "sha-512": "sha512", "sha": "sha1", "md5": "md5"}
"""Key -> the name that hashlib has for the algorithm; the others are checksums, and out of use."""


@function("content", "octets", reads=SENT)
def unfit_digests(digests: tuple[Digest, ...], response: Response) -> tuple[str, ...]:
    """The algorithms whose digests are not those of the content as it was sent (RFC 9530 §2).

    Digests of another length than their algorithm has are not among them, nor those by algorithms not known here.
    """
    return _unfit(digests, sent(response))


@function("content", "octets", reads=CONTENT)
def unfit_unencoded(digests: tuple[Digest, ...], response: Response) -> tuple[str, ...]:
    """The same for the content without its content codings (draft-ietf-httpbis-unencoded-digest §3)."""
    if not response.content:
        return _unfit(digests, sent(response))
    found = unpacked(response)
    if not found.whole:
        raise NotEvaluated(found.reason or "the content is not coded as Content-Encoding says")
    return _unfit(digests, found.content)


def _unfit(digests: tuple[Digest, ...], content: bytes) -> tuple[str, ...]:
    import hashlib
    judged = [one for one in digests if one.octets is not None and one.algorithm in _HASHES
              and len(one.octets) == octets(one.algorithm)]
    if not judged:
        raise NotEvaluated("no digest is by an algorithm that can be checked here")
    fit = {algorithm: hashlib.new(_HASHES[algorithm], content, usedforsecurity=False).digest()
           for algorithm in dict.fromkeys(one.algorithm for one in judged)}
    return tuple([one.algorithm for one in judged if fit[one.algorithm] != one.octets])


def octets(algorithm: str) -> int | None:
    """How many octets the digests of an algorithm have."""
    known = digest_algorithms().get(algorithm)
    return known.octets if known is not None else None


class Integrity(NamedTuple):
    """A digest in one of the integrity fields, as it is sent."""

    field: str
    algorithm: str
    length: int | None
    """How many octets it has; None if it is not sent as octets."""
    type: str
    """Of what type it is, in words."""
    line: int
    """Index of its field line; the last one, where there are several."""

    @property
    def expected(self) -> int | None:
        """How many octets the digests of its algorithm have; None if that is not known."""
        return octets(self.algorithm)

    @property
    def active(self) -> bool:
        """Whether its algorithm is registered as one without known problems (RFC 9530 §5)."""
        known = digest_algorithms().get(self.algorithm)
        return known is not None and known.active

    @property
    def known(self) -> bool:
        """Whether its algorithm is registered."""
        return self.algorithm in digest_algorithms()


_FIELDS = ("content-digest", "repr-digest", "unencoded-digest")


@function(among=_FIELDS, reads=("response.{among}",))
def integrity(response: Response) -> tuple[Integrity, ...]:
    """The digests in Content-Digest, Repr-Digest and Unencoded-Digest; malformed fields are left out
    (RFC 9530 §2, §3, draft-ietf-httpbis-unencoded-digest §3).
    """
    found: list[Integrity] = []
    fields = header_section(response)
    for name in _FIELDS:
        if name not in fields.index:
            continue
        try:
            digests = parsed(fields, name)
        except NotEvaluated:
            continue
        assert isinstance(digests, tuple)
        line = fields.index[name][-1]
        found += [Integrity(FIELDS[name].name, one.algorithm, None if one.octets is None else len(one.octets), one.type,
                            line) for one in digests]
    return tuple(found)


class DigestField(NamedTuple):
    """One of the fields; `weak`: all its digests are by algorithms with known problems (RFC 9530 §5)."""

    name: str
    weak: bool
    line: int


@function(among=_FIELDS, reads=("response.{among}",))
def digest_fields(response: Response) -> tuple[DigestField, ...]:
    """Content-Digest, Repr-Digest and Unencoded-Digest, those that are there; malformed fields are left out
    (RFC 9530 §2, §3, draft-ietf-httpbis-unencoded-digest §3).
    """
    digests = integrity(response)
    return tuple([DigestField(name, all(one.known and not one.active for one in digests if one.field == name), line)
                  for name, line in {one.field: one.line for one in digests}.items()])

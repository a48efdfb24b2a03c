"""What of the traffic is a secret: where in a text credentials, tokens and the like stand.

A secret is told by its name (`names`: of a field, a cookie, a parameter, a member), by its form (`forms`: a JWT, the
prefix of a known service, userinfo), or by its place (`places`: what looks random, by the measure of `randomness`,
behind a word such as `reset` in a path, as a value of a query, in free text). `scan` takes the three together; `fields`
and `content` know what they mean where they stand. What looks random but is no secret stays: entity tags, digests, ids
of requests, UUIDs, versions, the hashes in names of files. Places are spans, (begin, end), and hold the secret alone:
names, delimiters and quotes around it stay. Each function takes time linear in its text, whatever stands there.
"""
from __future__ import annotations

import re
from collections.abc import Iterable

from httplint.report.kept import of_texts
from httplint.report.secrets.content import in_content
from httplint.report.secrets.fields import SEEN, Line, in_line, in_name
from httplint.report.secrets.randomness import DIGIT, LEAST
from httplint.report.secrets.scan import scanned
from httplint.report.secrets.spans import LOOKED_AT, MASKED, Span, Spans, unquoted

__all__ = ["LEAST", "LOOKED_AT", "MASKED", "SEEN", "Line", "Span", "Spans", "in_content", "in_line", "in_name",
           "in_path", "in_text", "in_uri", "parts", "unquoted"]


@of_texts(2048)
def in_uri(uri: str) -> Spans:
    """The secrets in a URI or a request target."""
    return scanned(uri, reference=True)


@of_texts(2048)
def in_text(text: str) -> Spans:
    """The secrets in a text that quotes the traffic or says where it stands; tokens are told by name, form and path."""
    return scanned(text, tokens=False) if len(text) >= 6 else ()


@of_texts(64)
def in_path(path: str) -> Spans:
    """The secrets in the path of a file, which each entry of it has, or in the URL of a server."""
    return in_uri(path) if "://" in path else scanned(path, tokens=False, segments=False)


# -- the other looks of a secret

def parts(secret: str) -> Iterable[str]:
    """What else a secret may look like, and its parts that are secrets by themselves."""
    yield secret
    if "%" in secret and (plain := unquoted(secret)) != secret:
        yield from parts(plain)
    if len(secret) <= 4096:
        if decoded := _decoded(secret):
            yield decoded
            yield decoded.partition(":")[2]
        pieces = re.split(r"[^0-9A-Za-z_\-]+", secret)
        if len(pieces) > 1:
            yield from (piece for piece in pieces[:100] if len(piece) >= 8 and DIGIT.search(piece))
    if '"' in secret or "/" in secret or "\\" in secret:
        yield secret.replace("\\", "\\\\").replace('"', '\\"')
        yield secret.replace("/", "\\/")
        yield secret.replace("\\/", "/").replace('\\"', '"').replace("\\\\", "\\")


_BASE64 = re.compile(r"[0-9A-Za-z+/]++={0,2}")


def _decoded(secret: str) -> str:
    """The user-id and password in Basic credentials (RFC 7617 §2)."""
    if len(secret) % 4 == 1 or not _BASE64.fullmatch(secret):
        return ""                                          # no octets have a character in excess
    import base64
    import binascii
    try:
        octets = base64.b64decode(secret + "=" * (-len(secret) % 4), validate=True)
        text = octets.decode("utf-8") if b":" in octets else ""
    except (binascii.Error, ValueError):
        return ""
    return text if ":" in text and text.isprintable() else ""

"""Whether digests fit the content."""
from __future__ import annotations

import gzip

import pytest

from httplint.grammar.rfc9530 import Digest, content_md5, instance_digests
from httplint.grammar.rfc9530 import digests as parse
from httplint.model.evidence import NotEvaluated
from httplint.model.message import Response
from httplint.vocabulary.digests import digest_fields, integrity, unfit_digests, unfit_unencoded

# RFC 9530 appendix B.1 and B.3
CONTENT = b'{"hello": "world"}\n'
WHOLE = parse("sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:")
PART = parse("sha-256=:jjcgBDWNAtbYUXI37CVG3gRuGOAjaaDRGpIUFsdyepQ=:")


def response(content: bytes | None = CONTENT, **fields: str) -> Response:
    return Response(200, headers=[(name.replace("_", "-"), value) for name, value in fields.items()], content=content)


def test_digests_of_the_content() -> None:
    assert unfit_digests(WHOLE, response()) == ()
    assert unfit_digests(PART, response()) == ("sha-256",)
    assert unfit_digests(PART, response(CONTENT[10:])) == ()
    assert unfit_digests((*WHOLE, *parse("md5=:YWJjZGVmZ2hpamtsbW5vcA==:")), response()) == ("md5",)
    assert unfit_digests(instance_digests("SHA-256=RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg="), response()) == ()
    # RFC 1864 §2 does not say of which text; the MD5 of no text is well known (RFC 1321 appendix A.5)
    assert unfit_digests(content_md5("1B2M2Y8AsgTpgAmY7PhCfg=="), response(b"")) == ()
    assert unfit_digests(WHOLE, response(Transfer_Encoding="chunked")) == ()


@pytest.mark.parametrize("found", [parse("crc32c=:YWJjZA==:"), parse("sha-256=abc"), parse("sha-256=:YQ==:"), ()])
def test_digests_that_cannot_be_checked(found: tuple[Digest, ...]) -> None:
    with pytest.raises(NotEvaluated):
        unfit_digests(found, response())


def test_content_that_cannot_be_checked() -> None:
    for one in (response(None), response(Transfer_Encoding="gzip, chunked")):
        with pytest.raises(NotEvaluated):
            unfit_digests(WHOLE, one)


def test_digests_without_codings() -> None:
    coded = gzip.compress(CONTENT)
    assert unfit_unencoded(WHOLE, response(coded, Content_Encoding="gzip")) == ()
    assert unfit_unencoded(PART, response(coded, Content_Encoding="gzip")) == ("sha-256",)
    assert unfit_unencoded(WHOLE, response()) == ()
    assert unfit_digests(WHOLE, response(coded, Content_Encoding="gzip")) == ("sha-256",)
    for broken in (response(b"x", Content_Encoding="gzip"), response(Content_Encoding="odd")):
        with pytest.raises(NotEvaluated):
            unfit_unencoded(WHOLE, broken)
    with pytest.raises(NotEvaluated, match="too large"):
        unfit_unencoded(WHOLE, response(gzip.compress(bytes(5_000_000)), Content_Encoding="gzip"))


def test_integrity() -> None:
    found = integrity(response(Content_Digest="md5=:YQ==:, odd=x", Repr_Digest="sha-256=abc=", X="y"))
    assert [(one.field, one.algorithm, one.length, one.type, one.expected, one.active, one.known) for one in found] == [
        ("Content-Digest", "md5", 1, "bytes", 16, False, True),
        ("Content-Digest", "odd", None, "token", None, False, False)]
    assert integrity(response()) == ()
    with pytest.raises(NotEvaluated):
        integrity(Response(200, headers=None))


def test_only_weak() -> None:
    assert digest_fields(response(Content_Digest="md5=:YQ==:", Repr_Digest="md5=:YQ==:, sha-256=:YQ==:")) == (
        ("Content-Digest", True, 0), ("Repr-Digest", False, 1))
    assert digest_fields(response(Content_Digest="odd=:YQ==:, md5=:YQ==:")) == (("Content-Digest", False, 0),)
    assert digest_fields(response()) == ()

from __future__ import annotations

import gzip

import pytest

from httplint.grammar.codings import BARE, BROKEN, CUT, OTHER, SURPLUS
from httplint.grammar.rfc9110 import accept_tokens
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Response
from httplint.vocabulary.codings import (
    coded_in_secret,
    coded_once_more,
    coding_flaw,
    refused_codings,
    refuses_identity,
    repeats,
)
from httplint.vocabulary.media import is_utf8

GZIP = gzip.compress(b"a", mtime=0)


def response(content: bytes | None, **fields: str) -> Response:
    return Response(200, headers=[(name.replace("_", "-"), value) for name, value in fields.items()], content=content)


def test_codings_in_secret() -> None:
    coded = gzip.compress(b"a")
    assert coded_in_secret(response(coded)) == "gzip"
    assert coded_in_secret(response(b"\x28\xb5\x2f\xfd\x00")) == "zstd"
    assert coded_in_secret(response(coded, Content_Encoding="gzip")) is None
    assert coded_in_secret(response(b"text")) is None
    with pytest.raises(NotEvaluated):
        coded_in_secret(response(coded, Transfer_Encoding="gzip, chunked"))


def test_coded_once_more() -> None:
    once, twice = gzip.compress(b"a"), gzip.compress(gzip.compress(b"a"))
    assert coded_once_more(response(twice, Content_Encoding="gzip")) == "gzip"
    assert coded_once_more(response(gzip.compress(b"\x28\xb5\x2f\xfd\x00"), Content_Encoding="gzip")) == "zstd"
    assert coded_once_more(response(twice, Content_Encoding="gzip, gzip")) is None
    assert coded_once_more(response(once, Content_Encoding="gzip")) is None
    assert coded_once_more(response(b"decoded by the tool", Content_Encoding="gzip")) is None
    assert coded_once_more(response(once)) is None
    with pytest.raises(NotApplicable):
        is_utf8(response(twice, Content_Encoding="gzip"))


@pytest.mark.parametrize(("content", "fields", "kind"), [
    (b"<p>", {"Content_Encoding": "gzip"}, OTHER),
    (b"<p>", {"Content_Encoding": "br, gzip", "Transfer_Encoding": "chunked"}, OTHER),
    (GZIP[:-1], {"Content_Encoding": "gzip"}, CUT),
    (GZIP + b"x", {"Content_Encoding": "x-gzip", "Content_Length": "22"}, SURPLUS),
    (GZIP, {"Content_Encoding": "gzip"}, None),
    (b"<p>", {}, None), (b"<p>", {"Content_Encoding": "identity"}, None),
])
def test_flaws_of_codings(content: bytes, fields: dict[str, str], kind: str | None) -> None:
    found = {one for one in (OTHER, CUT, BROKEN, SURPLUS, BARE) if coding_flaw(response(content, **fields), one)}
    assert found == ({kind} if kind else set())


def test_flaws_of_codings_that_are_not_judged() -> None:
    for fields in ({"Transfer_Encoding": "deflate, chunked"}, {"Content_Encoding": "unheard-of"}):
        with pytest.raises(NotEvaluated):
            coding_flaw(response(b"<p>", **fields), OTHER)
    with pytest.raises(NotApplicable):
        coding_flaw(response(b"", Content_Encoding="gzip"), CUT)
    with pytest.raises(NotApplicable):                     # Content-Length says already that the end is missing
        coding_flaw(response(GZIP[:-1], Content_Encoding="gzip", Content_Length="21"), CUT)


def test_codings_listed_twice() -> None:
    assert repeats(("gzip", "x-gzip"))
    assert not repeats(("gzip", "br"))
    assert not repeats(("x-br", "br"))                     # only gzip and compress have such an alias


@pytest.mark.parametrize(("accepted", "codings", "refused"), [
    ("gzip", ("gzip",), ()),
    ("gzip", ("x-gzip",), ()),
    ("x-compress", ("compress",), ()),
    ("gzip;q=0.001", ("gzip",), ()),
    ("*", ("br",), ()),
    ("gzip", ("br",), ("br",)),
    ("gzip;q=0, *", ("gzip",), ("gzip",)),
    ("gzip, *;q=0", ("gzip", "br"), ("br",)),
    ("identity", ("gzip",), ("gzip",)),
    ("identity;q=0", ("identity",), ()),
    ("", ("gzip",), ()),                                    # wants none, which is another rule
    ("gzip", (), ()),
])
def test_refused_codings(accepted: str, codings: tuple[str, ...], refused: tuple[str, ...]) -> None:
    assert refused_codings(codings, accept_tokens(accepted)) == refused


@pytest.mark.parametrize(("accepted", "refused"), [
    ("identity;q=0", True), ("gzip, *;q=0", True), ("*;q=0, identity;q=0.1", False), ("identity, *;q=0", False),
    ("*, identity;q=0", True), ("gzip", False), ("gzip;q=0", False), ("*", False), ("", False),
    ("identity;q=0, identity", True)])
def test_refuses_identity(accepted: str, refused: bool) -> None:
    assert refuses_identity(accept_tokens(accepted)) is refused

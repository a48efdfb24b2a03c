"""What message signatures cover, and whether they are complete."""
from __future__ import annotations

import pytest

from httplint.grammar.rfc9421 import accept_signature
from httplint.model.evidence import NotEvaluated
from httplint.model.message import Response
from httplint.vocabulary.signatures import component_flaws, known_signing, response_only, unmatched_labels

# RFC 9421 §2.4: a response that signs parts of its request, too
SIGNED = [
    ("Date", "Tue, 20 Apr 2021 02:07:56 GMT"), ("Content-Type", "application/json"), ("Content-Length", "62"),
    ("Content-Digest", "sha-512=:0Y6iCBzGg5rZtoXS95Ijz03mslf6KAMCloESHObfwn"
                       "HJDbkkWWQz6PhhU9kxsTbARtY2PTBOzq24uJFpHsMuAg==:"),
    ("Signature-Input", 'reqres=("@status" "content-digest" "content-type" "@authority";req "@method";req "@path";req '
                        '"content-digest";req);created=1618884479;keyid="test-key-ecc-p256"'),
    ("Signature", "reqres=:dMT/A/76ehrdBTD/2Xx8QuKV6FoyzEP/I9hdzKN8LQJLNgzU4W767HK05rx1i8meNQQgQPgQp8wq2ive3tV5Ag==:")]


def signed(covered: str, *lines: tuple[str, str], trailers: list[tuple[str, str]] | None = None) -> Response:
    return Response(200, headers=[("Signature-Input", f"a=({covered})"), *lines], trailers=trailers)


def test_a_signed_response() -> None:
    flaws = component_flaws(Response(503, headers=SIGNED), "Signature-Input")
    assert [flaw.wrong for flaw in flaws] == [""] * 7
    assert {flaw.label for flaw in flaws} == {"reqres"}
    assert unmatched_labels(Response(503, headers=SIGNED), "Signature", "Signature-Input") == ()


@pytest.mark.parametrize(("covered", "wrong"), [
    ('"date"', "no such field"), ('"Date"', "lower case"), ('"@method"', "req"), ('"@status";req', "status"),
    ('"@query-param";req', "name"), ('"@query-param";name="a";req', None),
    ("date", "string"), ('"x";bs;sf', "bs"), ('"@status" "@status"', "twice"), ('"date";tr', None),
    ('"@odd"', None), ('"x";req "x";req;sf', None)])
def test_components(covered: str, wrong: str | None) -> None:
    found = [flaw.wrong for flaw in component_flaws(signed(covered), "Signature-Input") if flaw.wrong]
    assert not found if wrong is None else wrong in found[0]


def test_components_of_trailers() -> None:
    trailers = [("Expires", "Wed, 9 Nov 2022 07:28:00 GMT")]
    flaws = component_flaws(signed('"expires";tr "date";tr', trailers=trailers), "Signature-Input")
    assert [bool(flaw.wrong) for flaw in flaws] == [False, True]
    assert component_flaws(Response(200, headers=[]), "Signature-Input") == ()
    assert component_flaws(Response(200, headers=[("Signature-Input", "a=5")]), "Signature-Input") == ()
    with pytest.raises(NotEvaluated):
        component_flaws(Response(200, headers=[("Signature-Input", "a=(")]), "Signature-Input")


def test_labels() -> None:
    both = [("Signature-Input", "a=(), b=()"), ("Signature", "b=:YQ==:, c=:YQ==:")]
    found = Response(200, headers=both)
    assert unmatched_labels(found, "Signature", "Signature-Input") == ("c",)
    assert unmatched_labels(found, "Signature-Input", "Signature") == ("a",)
    assert unmatched_labels(Response(200, headers=both, trailers=[("Signature", "a=:YQ==:")]),
                            "Signature-Input", "Signature") == ()
    announced = Response(200, headers=[*both, ("Trailer", "Signature")])
    chunked = Response(200, headers=[*both, ("Transfer-Encoding", "chunked")])
    for one in (announced, chunked, Response(200, "2", headers=both), Response(200, None, headers=both),
                Response(200, headers=None), Response(200, headers=[("Signature-Input", "a=(")])):
        with pytest.raises(NotEvaluated):
            unmatched_labels(one, "Signature-Input", "Signature")


def test_what_is_asked_for() -> None:
    assert response_only(accept_signature('a=("@method" "@status" "x";req)')[0]) == ('"@status"', '"x";req')
    assert response_only(accept_signature("a=5")[0]) == ()
    assert known_signing("ed25519")
    assert not known_signing("RS256")

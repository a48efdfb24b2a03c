"""Preferences applied, and instance manipulations, against what the request asks for."""
from __future__ import annotations

import pytest

from httplint.grammar.drafts import rate_limit, rate_limit_policy
from httplint.grammar.rfc3229 import a_im, im
from httplint.grammar.rfc7240 import prefer, preference_applied
from httplint.vocabulary.delta import in_accepted_order, unaccepted_manipulations
from httplint.vocabulary.drafts import beyond_quota, longest_reset
from httplint.vocabulary.preferences import applies, unasked_preferences


@pytest.mark.parametrize(("applied", "wished", "expected"), [
    ("return=minimal", "Return=minimal; x", ()),
    ("return=minimal", "return=representation", ("return=minimal",)),
    ("return=Minimal", "return=minimal", ("return=Minimal",)),             # values are case-sensitive (§2)
    ("wait=5, respond-async", "respond-async, wait=100", ()),
    ("odata.maxpagesize=10", "maxpagesize=100", ()),
    ("handling=strict, x", "handling=strict", ("x",)),
])
def test_unasked(applied: str, wished: str, expected: tuple[str, ...]) -> None:
    assert unasked_preferences(preference_applied(applied), prefer(wished)) == expected


def test_applies() -> None:
    assert applies(preference_applied("a=b, Respond-Async"), "respond-async")
    assert not applies(preference_applied("a=respond-async"), "respond-async")


@pytest.mark.parametrize(("applied", "accepted", "unaccepted", "ordered"), [
    ("vcdiff", "vcdiff", (), True),
    ("gzip, vcdiff", "vcdiff, gzip", (), False),
    ("diffe, gzip", "vcdiff, diffe, gzip", (), True),
    ("gzip", "gzip;q=0", ("gzip",), True),
    ("x, gzip", "gzip", ("x",), True),
    ("identity", "", (), True),
])
def test_manipulations(applied: str, accepted: str, unaccepted: tuple[str, ...], ordered: bool) -> None:
    assert unaccepted_manipulations(im(applied), a_im(accepted)) == unaccepted
    assert in_accepted_order(im(applied), a_im(accepted)) is ordered


def test_quotas() -> None:
    assert longest_reset(rate_limit('"a";r=0;t=5, "b";r=0;t=60, "c";r=1;t=3600, "d";r=0')) == 60
    assert longest_reset(rate_limit('"a";r=1;t=5')) is None
    assert beyond_quota(rate_limit('"a";r=11, "b";r=10, "c";r=99'), rate_limit_policy('"a";q=10, "b";q=10')) == ("a",)

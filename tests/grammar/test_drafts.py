"""Fields of drafts."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from httplint.grammar import drafts
from httplint.grammar.drafts import QuotaPolicy, ServiceLimit
from httplint.grammar.syntax import Malformed


def test_rate_limits() -> None:
    """ratelimit-headers §3.2, §4.2."""
    assert drafts.rate_limit_policy('"permin";q=50;w=60,"perhr";q=1000;w=3600') == (
        QuotaPolicy("permin", 50, 60), QuotaPolicy("perhr", 1000, 3600))
    assert drafts.rate_limit_policy('"peruser";q=65535;qu="content-bytes";w=10;pk=:sdfjLJUOUH==:') == (
        QuotaPolicy("peruser", 65535, 10),)
    assert drafts.rate_limit('"default";r=50;t=30') == (ServiceLimit("default", 50, 30),)
    assert drafts.rate_limit('"default";r=0;t=0') == (ServiceLimit("default", 0, 0),)
    assert drafts.rate_limit_policy('"permin";q=0;w=1') == (QuotaPolicy("permin", 0, 1),)
    assert drafts.rate_limit('"default";r=999;pk=:dHJpYWwxMjEzMjM=:') == (ServiceLimit("default", 999, None),)


def test_uploads() -> None:
    """resumable-upload §4.1.1 to §4.1.4."""
    assert drafts.upload_number("25000000") == 25000000
    assert drafts.upload_number("0") == 0
    assert (drafts.upload_complete("?1"), drafts.upload_complete("?0")) == (True, False)
    assert drafts.upload_limit("max-size=1234567890, x=a").names == ("max-size", "x")
    assert drafts.idempotency_key('"8e03978e-40d5-43e8-bc93-6894a57f9324"') == "8e03978e-40d5-43e8-bc93-6894a57f9324"


@pytest.mark.parametrize(("parse", "value", "hint"), [
    (drafts.rate_limit, "limit=100, remaining=50, reset=5", "earlier draft"),
    (drafts.rate_limit, "100", "earlier draft"),
    (drafts.rate_limit, "default;r=5", "double quotes"), (drafts.rate_limit, '"a";t=5', ";r=100"),
    (drafts.rate_limit, '"a";r=1.5', None), (drafts.rate_limit, '"a";r=-1', None),
    (drafts.rate_limit, '"a";r=5;t=-1', None), (drafts.rate_limit, "'a';r=5", "double quotes"),
    (drafts.rate_limit, '("a");r=1', None), (drafts.rate_limit, "?1", None), (drafts.rate_limit, "=5", "no item"),
    (drafts.rate_limit_policy, "100;w=60", "earlier draft"), (drafts.rate_limit_policy, '"a";q=1;w=0', None),
    (drafts.upload_number, "-1", None), (drafts.upload_number, "1.0", None), (drafts.upload_complete, "1", None),
    *((drafts.upload_limit, f"{name}=1.5", None)
      for name in ("max-size", "min-size", "max-append-size", "min-append-size", "max-age")),
    (drafts.upload_limit, "a=1, max-age=?1", None), (drafts.upload_limit, "max-age=(1)", None),
    (drafts.idempotency_key, "abc", None),
])
def test_flaws(parse: Callable[[str], object], value: str, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        parse(value)
    assert (hint or "") in (error.value.hint or "")
    assert (error.value.hint is None) is (hint is None)


def test_the_member_at_fault_is_named() -> None:
    with pytest.raises(Malformed) as error:
        drafts.rate_limit('"a, b";r=5, "c";t=1')
    assert error.value.position == 12

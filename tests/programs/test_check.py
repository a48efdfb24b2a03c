import pytest
from app import client

from httplint import Exchange, Response


def test_check(httplint):
    response = client.get("/405")
    with pytest.raises(AssertionError, match=r"405\.allow-missing"):
        httplint.check(response)
    report = httplint.check(client.get("/"))
    assert report.findings == []
    assert [one.exchange.response.status for one in httplint.reports] == [405, 200]


@pytest.mark.httplint(ignore="405")
def test_marker(httplint):
    httplint.check(Exchange(Response(405)))


@pytest.mark.httplint(fail_on="never")
def test_never(httplint):
    assert httplint.check(Exchange(Response(405))).findings


def test_type(httplint):
    with pytest.raises(TypeError, match="httpx"):
        httplint.check(405)


def test_failing(httplint):
    httplint.check(Exchange(Response(405)))

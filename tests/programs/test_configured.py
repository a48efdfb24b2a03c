import pytest
from app import client


@pytest.mark.httplint(select="405.allow-missing")
def test_on():
    client.get("/405")


@pytest.mark.httplint(ignore="405")
def test_off():
    client.get("/405")


@pytest.mark.httplint(select="999")
def test_wrong():
    client.get("/405")


def test_fixture(httplint):
    assert [one.severity for one in httplint.check(client.get("/405")).findings] == []

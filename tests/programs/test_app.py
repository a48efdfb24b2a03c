import pytest
from app import client


def test_good():
    assert client.get("/").status_code == 200


def test_bad():
    assert client.get("/405").status_code == 405


@pytest.mark.httplint(ignore="405.allow-missing")
def test_ignored():
    client.get("/405")


@pytest.mark.httplint(fail_on="never")
def test_never():
    client.get("/405")


def test_warning():
    client.get("/warn").get_data()


@pytest.mark.xfail(strict=True)
def test_expected():
    client.get("/405")

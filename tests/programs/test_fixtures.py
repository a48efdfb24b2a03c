import pytest
from app import client

client.get("/405")


@pytest.fixture
def early():
    client.get("/401")


@pytest.fixture
def late():
    yield
    client.get("/401")


@pytest.fixture
def broken():
    client.get("/401")
    raise ZeroDivisionError


def test_early(early):
    pass


def test_late(late):
    pass


def test_broken(broken):
    pass


def test_none():
    pass

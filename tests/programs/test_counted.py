import pytest
from app import client


def test_first():
    client.get("/405")


@pytest.mark.httplint(ignore="date")
def test_second():
    client.get("/405")

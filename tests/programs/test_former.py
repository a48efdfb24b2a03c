"""Markers that name an id of former days, in two tests."""
import pytest
from app import client


@pytest.mark.httplint(ignore="json.malformed")
def test_one():
    client.get("/405")


@pytest.mark.httplint(ignore=["json.malformed", "location.without-meaning"])
def test_two():
    client.get("/405")

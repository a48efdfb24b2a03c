"""Two tests, of which one gets 405 without Allow."""
from app import client


def test_good():
    client.get("/")


def test_bad():
    client.get("/405")

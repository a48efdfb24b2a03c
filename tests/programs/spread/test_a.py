from app import client


def test_a():
    client.get("/405")

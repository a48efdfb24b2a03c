from app import client


def test_b():
    client.get("/405")

from app import client


def test_other():
    client.get("/401")

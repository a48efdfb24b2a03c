from app import client


def test_it():
    assert client.get("/405").status_code == 200

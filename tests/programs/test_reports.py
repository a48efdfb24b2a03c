from app import client


def test_it(httplint):
    for _ in range(3):
        client.get("/")
    assert len(httplint.reports) == 3
    client.get("/")
    assert len(httplint.reports) == 4

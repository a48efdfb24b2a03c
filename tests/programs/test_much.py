from app import client


def test_it(httplint):
    for _ in range(1100):
        client.get("/")
    assert len(httplint.reports) == 1000
    assert httplint.reports[-1].exchange.source.entry == 1099

import httpx


def test_it(httplint):
    with httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(405))) as client:
        client.get("http://a.example/")
    assert httplint.reports == []

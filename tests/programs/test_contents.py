import httpx
import requests
from server import serving


def test_it(httplint):
    with serving() as base:
        with httpx.stream("GET", base + "/") as one:
            one.read()
        with requests.get(base + "/", stream=True) as two:
            assert two.content == b"ok"
        with httpx.stream("GET", base + "/"):
            pass
    assert [one.exchange.response.content for one in httplint.reports] == [b"ok", b"ok", None]

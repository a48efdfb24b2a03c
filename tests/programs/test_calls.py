import flask
import requests
from server import serving


def test_it(httplint):
    with serving() as base:
        app = flask.Flask("x")
        app.add_url_rule("/", "home", lambda: requests.get(base + "/").text)
        assert app.test_client().get("/").text == "ok"
    assert len(httplint.reports) == 2

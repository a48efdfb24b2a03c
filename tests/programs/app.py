"""An application that does not say what it allows, and a client that asks it."""
import werkzeug.test

STATUS = {"/405": "405 No", "/401": "401 No", "/warn": "405 No"}


def app(environ, start_response):
    path = environ["PATH_INFO"]
    fields = [("Content-Type", "text/plain"), ("Content-Length", "0" if path == "/warn" else "2")]
    if path == "/warn":
        fields.append(("Allow", "PUT"))
    start_response(STATUS.get(path, "200 OK"), fields)
    return [b"" if path == "/warn" else b"ok"]


client = werkzeug.test.Client(app)

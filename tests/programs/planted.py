"""Traffic with secrets in it."""
import werkzeug.test

from httplint import Exchange, Request, Response

QUERY = "Zq3kX9vLm3Tr7WpA"
COOKIE = "tR5yHq2WnB8vKc4M"
PASSWORD = "Lm8pQ4sXv7Tz2RkB"


def app(environ, start_response):
    start_response("405 No", [
        ("Content-Type", "text"), ("Location", environ["REQUEST_URI"] + " x"),
        ("Set-Cookie", f"sid={COOKIE}; Expires=bad; SameSite={COOKIE}")])
    return [f"password={PASSWORD}".encode()]


def ask():
    werkzeug.test.Client(app).get(f"/reset/{QUERY}?token={QUERY}",
                                  headers={"Authorization": f"Basic {PASSWORD}"}).get_data()


OTHER = Exchange(Response(405, headers=[("Set-Cookie", f"sid={COOKIE}; Expires={COOKIE}")]),
                 Request("GET", f"https://u:{PASSWORD}@a.example/reset/{QUERY}"))

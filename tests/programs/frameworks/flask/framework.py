import flask

app = flask.Flask("x")
app.add_url_rule("/405", "bad", lambda: ("no", 405))
app.add_url_rule("/to", "to", lambda: flask.redirect("/405"))


def get(path):
    with app.test_client() as client:
        return client.get(path, follow_redirects=True)

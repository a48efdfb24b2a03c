"""Flask in the development server of Werkzeug: PORT DOCUMENTS."""
import sys

import flask

PORT, DOCUMENTS = sys.argv[1:]
app = flask.Flask("flask_files")


@app.get("/<name>.txt")
def file(name: str) -> flask.Response:
    return flask.send_from_directory(DOCUMENTS, f"{name}.txt")


@app.get("/moved")
def moved() -> object:
    return flask.redirect("/a.txt", 301)


@app.get("/no-content")
def no_content() -> object:
    return "", 204


@app.post("/refused")
def refused() -> object:
    return "", 204


@app.get("/cookies")
def cookies() -> flask.Response:
    response = flask.make_response("hello")
    response.set_cookie("a", "1")
    response.set_cookie("b", "2", max_age=60, httponly=True)
    return response


app.run("127.0.0.1", int(PORT))

"""An application that describes itself, and tests that ask some of it."""
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient

app = FastAPI()


@app.get("/fruits/{name}", tags=["fruits"], responses={404: {"description": "none of that name"}})
def fruit(name: str) -> dict[str, str]:
    if name == "stone":
        raise HTTPException(404)
    return {"name": name}


@app.delete("/fruits/{name}", status_code=204)
def eat(name: str) -> None: ...


client = TestClient(app)


def test_fruits():
    assert client.get("/fruits/apple").status_code == 200
    assert client.get("/fruits/pear").status_code == 200


def test_stones():
    assert client.get("/fruits/stone").status_code == 404
    assert client.get("/stones").status_code == 404

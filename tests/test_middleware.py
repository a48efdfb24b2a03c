"""The middleware: what it logs, and that a response passes through as it was."""
from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import time
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any
from wsgiref.util import FileWrapper

import framework_apps as apps
import pytest

from httplint import ConfigurationError, SelectionError
from httplint.middleware import ASGI, WSGI

PLAIN = [("Content-Type", "text/plain")]


def needs(*modules: str) -> None:
    for module in modules:
        if find_spec(module) is None:
            pytest.skip(f"{module} is not installed")


def environ(method: str = "GET", path: str = "/", **more: Any) -> dict[str, Any]:
    return {"REQUEST_METHOD": method, "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": "",
            "SERVER_NAME": "a.example", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "a.example",
            "wsgi.url_scheme": "http", "wsgi.input": BytesIO(), **more}


def run_wsgi(app: Any, asked: dict[str, Any] | None = None) -> tuple[Any, list[Any]]:
    """What a server would get: the result, and the calls of start_response and write."""
    calls: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
        calls.append((status, list(headers)))
        headers.append(("Date", "Tue, 01 Jul 2025 00:00:00 GMT"))
        return calls.append

    return app(asked or environ(), start_response), calls


def app_of(result: Any, status: str = "405 Method Not Allowed", headers: list[tuple[str, str]] | None = None) -> Any:
    def app(environ: Any, start_response: Any) -> Any:
        start_response(status, list(headers or PLAIN))
        return result(environ) if callable(result) else result
    return app


def messages(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "httplint"]


@pytest.fixture(autouse=True)
def all_levels(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "httplint")


# -- WSGI


def test_findings_are_logged_with_the_request(caplog: pytest.LogCaptureFixture) -> None:
    result, _ = run_wsgi(WSGI(app_of([b"no"])), environ("PATCH", "/report", QUERY_STRING="token=abc&x=1"))
    assert result == [b"no"]
    text, = messages(caplog)
    assert text.startswith("PATCH http://a.example/report?token=[masked 1]&x=1 -> 405: error[405.allow-missing] 405, "
                           "but")
    assert "RFC 9110" in text
    assert "fix: " in text
    assert caplog.records[0].levelno == logging.ERROR


def test_a_list_stays_the_same_list(caplog: pytest.LogCaptureFixture) -> None:
    given = [b"abc"]
    app = WSGI(app_of(given, "200 OK", [*PLAIN, ("Content-Length", "5")]))
    result, calls = run_wsgi(app)
    assert result is given, "servers take Content-Length from the length of a list"
    assert calls == [("200 OK", [*PLAIN, ("Content-Length", "5")])]
    assert "content-length.mismatch" in messages(caplog)[0]


def test_a_stream_is_passed_on_chunk_by_chunk(caplog: pytest.LogCaptureFixture) -> None:
    steps: list[str] = []

    def chunks(_: Any) -> Iterator[bytes]:
        for number in (1, 2):
            steps.append(f"made {number}")
            yield str(number).encode()

    result, _ = run_wsgi(WSGI(app_of(chunks, "200 OK", [*PLAIN, ("Content-Length", "5")])))
    for chunk in result:
        steps += [f"got {chunk.decode()}"]
    assert steps == ["made 1", "got 1", "made 2", "got 2"]
    result.close()
    assert len(messages(caplog)) == 1, "judged once"
    assert "2 octets of content came" in messages(caplog)[0]


def test_an_application_that_is_a_generator(caplog: pytest.LogCaptureFixture) -> None:
    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("405 No", list(PLAIN))
        yield b"no"

    result, _ = run_wsgi(WSGI(app))
    assert b"".join(result) == b"no"
    assert "405.allow-missing" in messages(caplog)[0]


def test_close_reaches_the_application_even_if_nothing_was_read(caplog: pytest.LogCaptureFixture) -> None:
    class Result:
        closed = 0

        def __iter__(self) -> Iterator[bytes]:
            yield b"abc"

        def __len__(self) -> int:
            return 1

        def close(self) -> None:
            self.closed += 1

    given = Result()
    result, _ = run_wsgi(WSGI(app_of(given, "405 No", [*PLAIN, ("Content-Length", "5")])))
    assert len(result) == 1
    result.close()
    assert given.closed == 1
    text, = messages(caplog)
    assert "405.allow-missing" in text, "the head is judged, the content is not known"


def test_a_file_wrapper_is_left_to_the_server(caplog: pytest.LogCaptureFixture) -> None:
    def wrapped(environ: Any) -> Any:
        return environ["wsgi.file_wrapper"](BytesIO(b"abc"))

    result, _ = run_wsgi(WSGI(app_of(wrapped, "200 OK", [*PLAIN, ("Content-Length", "5")])),
                         environ(**{"wsgi.file_wrapper": FileWrapper}))
    assert isinstance(result, FileWrapper)
    assert messages(caplog) == [], "the content is not known"


def test_what_is_written_counts_too(caplog: pytest.LogCaptureFixture) -> None:
    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        write = start_response("200 OK", [*PLAIN, ("Content-Length", "5")])
        write(b"ab")
        return [b"cde"]

    _, calls = run_wsgi(WSGI(app))
    assert calls[1] == b"ab"
    assert messages(caplog) == []


def test_content_beyond_the_limit_is_not_kept(caplog: pytest.LogCaptureFixture) -> None:
    big = app_of([b"x" * 600, b"y" * 600], "200 OK", [*PLAIN, ("Content-Length", "5")])
    run_wsgi(WSGI(big, limit=1000))
    assert messages(caplog) == []
    run_wsgi(WSGI(big, limit=1200))
    assert len(messages(caplog)) == 1


def test_faults_of_the_application_are_the_applications(caplog: pytest.LogCaptureFixture) -> None:
    def chunks(_: Any) -> Iterator[bytes]:
        yield b"a"
        raise ZeroDivisionError

    result, _ = run_wsgi(WSGI(app_of(chunks, "200 OK", [*PLAIN, ("Content-Length", "5")])))
    assert next(result) == b"a"
    with pytest.raises(ZeroDivisionError):
        next(result)
    result.close()
    assert messages(caplog) == [], "a response that broke off proves nothing about its length"

    def broken(environ: Any, start_response: Any) -> Any:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_wsgi(WSGI(broken))


def test_the_last_start_response_counts(caplog: pytest.LogCaptureFixture) -> None:
    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", list(PLAIN))
        start_response("405 No", list(PLAIN), (None, None, None))
        return [b"no"]

    run_wsgi(WSGI(app))
    assert "405.allow-missing" in messages(caplog)[0]


def test_a_fault_of_the_linter_is_logged_and_no_more(caplog: pytest.LogCaptureFixture,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    app = WSGI(app_of([b"no"]))

    def fail(exchange: object) -> None:
        raise ZeroDivisionError("\x1b[1mboom")

    monkeypatch.setattr(app._observer._linter, "lint", fail)
    assert run_wsgi(app)[0] == [b"no"]
    assert messages(caplog) == [r"a response could not be linted: ZeroDivisionError: \x1b[1mboom"]


@pytest.mark.parametrize("odd", ["", "abc", "99", "20x OK", None])
def test_odd_responses_pass(caplog: pytest.LogCaptureFixture, odd: Any) -> None:
    assert run_wsgi(WSGI(app_of([b"x"], odd)))[0] == [b"x"]
    assert messages(caplog) == []
    assert run_wsgi(WSGI(app_of([5, "x", None], "200 OK", [("X", 5)])))[0] == [5, "x", None]  # type: ignore[list-item]
    assert "could not be linted" in messages(caplog)[0]


def test_nothing_hostile_reaches_the_log_unescaped(caplog: pytest.LogCaptureFixture) -> None:
    headers = [*PLAIN, ("Last-Modified", "\x1b[2J\r\nX: y\u202e")]
    run_wsgi(WSGI(app_of([b"x"], "200 OK", headers)), environ("GET\x1b[1m\n", "/\x1b[31m", QUERY_STRING="\x9b31m"))
    assert messages(caplog)
    for text in messages(caplog):
        assert text.isprintable()


def test_what_servers_add_is_not_missed(caplog: pytest.LogCaptureFixture) -> None:
    run_wsgi(WSGI(app_of([b"x"], "200 OK")))
    assert messages(caplog) == []


def test_selection_is_the_linters(caplog: pytest.LogCaptureFixture) -> None:
    run_wsgi(WSGI(app_of([b"no"]), ignore="405"))
    assert messages(caplog) == []
    with pytest.raises(SelectionError):
        WSGI(app_of([b"no"]), select="599.nothing")
    with pytest.raises(SelectionError):
        ASGI(lambda *_: None, select="599.nothing")  # type: ignore[arg-type, return-value]


def test_the_configuration_holds(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    path = tmp_path / "httplint.toml"
    path.write_text('[level]\n405.allow-missing = "info"\n'
                    '[[waiver]]\nrule = "405"\npath = "/old/**"\nreason = "x"\n', "utf-8")
    app = WSGI(app_of([b"no"]), select="405.allow-missing", config=path)
    run_wsgi(app)
    assert [record.levelno for record in caplog.records] == [logging.INFO]
    caplog.clear()
    run_wsgi(app, environ(path="/old/x"))
    assert messages(caplog) == []
    with pytest.raises(ConfigurationError):
        WSGI(app_of([]), config=tmp_path / "missing.toml")
    with pytest.raises(SelectionError):
        ASGI(asgi_app(), profile="nonsense")


def test_another_logger(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "mine")
    run_wsgi(WSGI(app_of([b"no"]), logger=logging.getLogger("mine")))
    assert [record.name for record in caplog.records] == ["mine"]


# -- ASGI


def run_asgi(app: Any, scope: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(dict(message))
        if isinstance(message.get("headers"), list):
            sent[-1]["headers"] = list(message["headers"])
            message["headers"].append((b"date", b"Tue, 01 Jul 2025 00:00:00 GMT"))

    asked = {"type": "http", "method": "PATCH", "path": "/r\u00e9port", "raw_path": b"/r%C3%A9port",
             "query_string": b"", "scheme": "http", "http_version": "1.1", "headers": [(b"host", b"a.example")],
             "server": ("a.example", 80)}
    asyncio.run(app(scope or asked, receive, send))
    return sent


def asgi_app(*sent: dict[str, Any]) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        for message in sent:
            await send(message)
    return app


def start(status: int = 405, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain"), *headers]}


def body(octets: bytes, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": octets, "more_body": more}


LENGTH = (b"content-length", b"5")


def test_asgi_findings_are_logged_with_the_request(caplog: pytest.LogCaptureFixture) -> None:
    sent = run_asgi(ASGI(asgi_app(start(), body(b"no"))))
    assert sent == [start(), body(b"no")]
    text, = messages(caplog)
    assert text.startswith("PATCH http://a.example/r%C3%A9port -> 405: error[405.allow-missing]")


def test_asgi_fields_may_come_from_an_iterator(caplog: pytest.LogCaptureFixture) -> None:
    lazy = {**start(), "headers": iter([(b"content-type", b"text/plain"), (b"allow", b"GET")])}
    sent = run_asgi(ASGI(asgi_app(lazy, body(b"no"))))
    assert list(sent[0]["headers"])[:2] == [(b"content-type", b"text/plain"), (b"allow", b"GET")]
    assert messages(caplog) == []


def test_asgi_streams_are_judged_at_their_end(caplog: pytest.LogCaptureFixture) -> None:
    run_asgi(ASGI(asgi_app(start(200, LENGTH), body(b"ab", True), body(b"c"))))
    assert "3 octets of content came" in messages(caplog)[0]
    caplog.clear()
    run_asgi(ASGI(asgi_app(start(200, LENGTH), body(b"ab", True))))
    assert messages(caplog) == [], "a response that broke off proves nothing about its length"
    run_asgi(ASGI(asgi_app(start(200, LENGTH), body(b"ab", True), body(b"c")), limit=2))
    assert messages(caplog) == []
    run_asgi(ASGI(asgi_app(start(200, LENGTH), {"type": "http.response.pathsend", "path": "/f"})))
    assert messages(caplog) == []


def test_asgi_faults(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(scope: Any, receive: Any, send: Any) -> None:
        await send(start())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_asgi(ASGI(broken))
    assert "405.allow-missing" in messages(caplog)[0]
    caplog.clear()
    app = ASGI(asgi_app(start(), body(b"no")))

    def fail(exchange: object) -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr(app._observer._linter, "lint", fail)
    assert run_asgi(app) == [start(), body(b"no")]
    assert "could not be linted" in messages(caplog)[0]
    assert run_asgi(ASGI(asgi_app(start("x"), body(b"no"))))  # type: ignore[arg-type]


def test_asgi_leaves_other_protocols_alone(caplog: pytest.LogCaptureFixture) -> None:
    sent = run_asgi(ASGI(asgi_app({"type": "websocket.accept"})), {"type": "websocket"})
    assert sent == [{"type": "websocket.accept"}]
    assert messages(caplog) == []


# -- with the frameworks, on their servers


FRAMEWORKS = {
    "flask": (("flask",), lambda: apps.serving_werkzeug(WSGI(apps.flask_app()))),
    "django": (("django",), lambda: apps.serving_django(WSGI(apps.django_app()))),
    "starlette": (("starlette", "uvicorn"), lambda: apps.serving_asgi(ASGI(apps.starlette_app()))),
    "fastapi": (("fastapi", "uvicorn"), lambda: apps.serving_asgi(ASGI(apps.fastapi_app()))),
}


OF_THE_FRAMEWORK = {"django": ["204.content-length"], "fastapi": ["405.head-of-get"]}
"""What the frameworks do by themselves: Django's CommonMiddleware counts nothing, FastAPI answers no HEAD for a GET."""


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_on_a_server(framework: str, caplog: pytest.LogCaptureFixture) -> None:
    modules, serve = FRAMEWORKS[framework]
    needs("httpx", *modules)
    import httpx
    with serve() as base, httpx.Client() as client:
        for method, path in (("GET", "/"), ("HEAD", "/"), ("GET", "/cookies"), ("GET", "/stream"), ("GET", "/to"),
                             ("GET", "/nothing"), ("GET", "/empty")):
            response = client.request(method, base + path)
            assert response.status_code < 500
            if path == "/stream":
                assert response.text == "hello"
        for path, rule in apps.FAULTS.items():
            with contextlib.suppress(httpx.HTTPError):     # servers break off where the length is wrong
                client.get(base + path)
            if path == "/wrong-length" and "uvicorn" in modules:
                continue                                   # uvicorn raises before the middleware sees the end
            assert logged(caplog, f"GET {base}{path} -> ", rule)
    found = [text.partition("[")[2].partition("]")[0] for text in messages(caplog)
             if not any(path in text for path in apps.FAULTS)]
    assert found == OF_THE_FRAMEWORK.get(framework, [])


def logged(caplog: pytest.LogCaptureFixture, *words: str) -> bool:
    """Whether a message with all words comes; the server may log it after its client has the response."""
    for _ in range(200):
        if any(all(word in text for word in words) for text in messages(caplog)):
            return True
        time.sleep(0.05)
    return False


EXACT = [("Content-Type", "text/plain"), ("X A", "b"), ("X-B", "a\r\nSet-Cookie: c=d"), ("X-C", "\0"), ("X-D", " e ")]


def test_names_and_values_are_judged_as_the_application_gave_them(caplog: pytest.LogCaptureFixture) -> None:
    app = WSGI(app_of([b"no"], "404 Not Found", EXACT), select="field")
    list(run_wsgi(app)[0])
    assert [re.search(r"\[([a-z.-]+)\]", text)[1] for text in messages(caplog)] == [  # type: ignore[index]
        "field.malformed-name", "field.line-break", "field.control-character"]
    assert "response splitting" in messages(caplog)[1]
    assert all(text.isprintable() for text in messages(caplog))


@pytest.mark.parametrize("middleware", [WSGI, ASGI])
def test_what_cannot_be_called_is_refused_at_once(middleware: Any) -> None:
    for other, kind in ("shop:app", "str"), (None, "NoneType"):
        with pytest.raises(TypeError, match=f"^app: expected an application, which can be called, got {kind}$"):
            middleware(other)

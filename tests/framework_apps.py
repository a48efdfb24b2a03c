"""Small applications of the frameworks, conforming but for some planted faults, and servers for them on loopback.

Each has /, /cookies, /stream, /empty (204) and /to (a redirect to /); see FAULTS for the others.
"""
from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
import types
from collections.abc import Iterator
from typing import Any

FAULTS = {
    "/no-allow": "405.allow-missing",                      # Starlette before 0.12, and many handlers written by hand
    "/no-challenge": "401.challenge-missing",              # most token checks written by hand
    "/wrong-length": "content-length.mismatch",            # characters counted in place of octets
    "/old-date": "last-modified.obsolete-form",            # dates formatted by hand
}
"""Path -> the rule that its response violates."""


def fault(path: str) -> tuple[int, dict[str, str], bytes]:
    """Status, fields and content of a faulty response."""
    status, more = {"/no-allow": (405, {}), "/no-challenge": (401, {}), "/wrong-length": (200, {"Content-Length": "3"}),
                    "/old-date": (200, {"Last-Modified": "Sunday, 06-Nov-94 08:49:37 GMT"})}[path]
    return status, {"Content-Type": "text/plain; charset=utf-8", **more}, "äöü".encode()


def flask_app() -> Any:
    import flask
    app = flask.Flask("framework_apps")

    def home() -> Any:
        return "hello"

    def cookies() -> Any:
        response = flask.make_response("hello")
        response.set_cookie("a", "1")
        response.set_cookie("b", "2", max_age=60, httponly=True)
        return response

    def stream() -> Any:
        return flask.Response((part for part in ("hel", "lo")), mimetype="text/plain")

    app.add_url_rule("/", "home", home)
    app.add_url_rule("/cookies", "cookies", cookies)
    app.add_url_rule("/stream", "stream", stream)
    app.add_url_rule("/empty", "empty", lambda: ("", 204))
    app.add_url_rule("/to", "to", lambda: flask.redirect("/"))

    def planted() -> Any:
        status, fields, content = fault(flask.request.path)
        # an iterator, so that Flask leaves the length alone
        return flask.Response(iter([content]), status=status, headers=fields)

    for path in FAULTS:
        app.add_url_rule(path, path[1:], planted)
    return app


def starlette_app() -> Any:
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
    from starlette.routing import Route

    async def home(request: Any) -> Any:
        return PlainTextResponse("hello")

    async def cookies(request: Any) -> Any:
        response = PlainTextResponse("hello")
        response.set_cookie("a", "1")
        response.set_cookie("b", "2", max_age=60, httponly=True)
        return response

    async def stream(request: Any) -> Any:
        async def parts() -> Any:
            for part in (b"hel", b"lo"):
                yield part
        return StreamingResponse(parts(), media_type="text/plain")

    async def empty(request: Any) -> Any:
        return Response(status_code=204)

    async def to(request: Any) -> Any:
        return RedirectResponse("/")

    async def planted(request: Any) -> Any:
        status, fields, content = fault(request.url.path)
        return Response(content, status, fields)

    routes = [Route("/", home), Route("/cookies", cookies), Route("/stream", stream), Route("/empty", empty),
              Route("/to", to), *(Route(path, planted) for path in FAULTS)]
    return Starlette(routes=routes)


def fastapi_app() -> Any:
    import fastapi
    from fastapi.responses import PlainTextResponse, RedirectResponse, StreamingResponse
    app = fastapi.FastAPI()

    def cookies(response: fastapi.Response) -> Any:
        response.set_cookie("a", "1")
        response.set_cookie("b", "2", max_age=60, httponly=True)
        return {"hello": 1}

    def planted(request: Any) -> Any:
        status, fields, content = fault(request.url.path)
        return fastapi.Response(content, status, fields)

    cookies.__annotations__["response"] = fastapi.Response
    planted.__annotations__["request"] = fastapi.Request
    app.add_api_route("/", lambda: {"hello": 1})
    app.add_api_route("/cookies", cookies)
    app.add_api_route("/stream", lambda: StreamingResponse(iter([b"hel", b"lo"]), media_type="text/plain"))
    app.add_api_route("/empty", lambda: None, status_code=204)
    app.add_api_route("/to", lambda: RedirectResponse("/"), response_class=PlainTextResponse)
    for path in FAULTS:
        app.add_api_route(path, planted)
    return app


def django_app() -> Any:
    """The WSGI application; Django is configured once in a process."""
    from django.conf import settings
    if not settings.configured:
        import django
        _django_urls()
        settings.configure(
            ROOT_URLCONF="framework_apps_urls", ALLOWED_HOSTS=["*"], SECRET_KEY="x", USE_TZ=True,
            MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware",
                        "django.middleware.http.ConditionalGetMiddleware"])
        django.setup()
    from django.core.wsgi import get_wsgi_application
    return get_wsgi_application()


def _django_urls() -> None:
    from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
    from django.urls import path

    def home(request: Any) -> Any:
        return HttpResponse("hello")

    def cookies(request: Any) -> Any:
        response = HttpResponse("hello")
        response.set_cookie("a", "1")
        response.set_cookie("b", "2", max_age=60, httponly=True)
        return response

    def stream(request: Any) -> Any:
        return StreamingHttpResponse((part for part in (b"hel", b"lo")), content_type="text/plain")

    def planted(request: Any) -> Any:
        status, fields, content = fault(request.path)
        return HttpResponse(content, status=status, headers=fields)

    urls = types.ModuleType("framework_apps_urls")
    urls.urlpatterns = [  # type: ignore[attr-defined]
        path("", home), path("cookies", cookies), path("stream", stream),
        path("empty", lambda request: HttpResponse(status=204)), path("to", lambda request: HttpResponseRedirect("/")),
        *(path(name[1:], planted) for name in FAULTS)]
    sys.modules["framework_apps_urls"] = urls


def aiohttp_app() -> Any:
    from aiohttp import web
    app = web.Application()

    async def home(request: Any) -> Any:
        return web.Response(text="hello")

    async def cookies(request: Any) -> Any:
        response = web.Response(text="hello")
        response.set_cookie("a", "1")
        response.set_cookie("b", "2", max_age=60, httponly=True)
        return response

    async def stream(request: Any) -> Any:
        response = web.StreamResponse(headers={"Content-Type": "text/plain"})
        await response.prepare(request)
        for part in (b"hel", b"lo"):
            await response.write(part)
        await response.write_eof()
        return response

    async def empty(request: Any) -> Any:
        return web.Response(status=204)

    async def to(request: Any) -> Any:
        raise web.HTTPFound("/")

    app.add_routes([web.get("/", home), web.get("/cookies", cookies), web.get("/stream", stream),
                    web.get("/empty", empty), web.get("/to", to)])
    return app


# -- servers


@contextlib.contextmanager
def serving_django(app: Any) -> Iterator[str]:
    """The development server of Django."""
    from django.core.servers.basehttp import WSGIRequestHandler, WSGIServer

    class Quiet(WSGIRequestHandler):
        def log_message(self, *arguments: object) -> None:
            pass

    server = WSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(app)
    yield from _served(server, server.server_port)


@contextlib.contextmanager
def serving_werkzeug(app: Any) -> Iterator[str]:
    """The development server of Flask."""
    from werkzeug.serving import WSGIRequestHandler as Handler
    from werkzeug.serving import make_server as make

    class Quiet(Handler):
        def log_request(self, *arguments: object) -> None:
            pass

    server = make("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    yield from _served(server, server.server_port)


def _served(server: Any, port: int) -> Iterator[str]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


@contextlib.contextmanager
def serving_asgi(app: Any) -> Iterator[str]:
    """uvicorn, in a thread."""
    import uvicorn
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off"))
    ready = threading.Event()
    startup = server.startup

    async def started(sockets: Any = None) -> None:
        await startup(sockets)
        ready.set()

    server.startup = started  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


@contextlib.contextmanager
def serving_aiohttp(app: Any) -> Iterator[str]:
    """The server of aiohttp, in a thread."""
    from aiohttp import web
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> tuple[Any, int]:
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return runner, runner.addresses[0][1]

    runner, port = asyncio.run_coroutine_threadsafe(start(), loop).result(20)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()

"""Starlette in uvicorn: PORT DOCUMENTS."""
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

PORT, DOCUMENTS = sys.argv[1:]


async def moved(request: Request) -> Response:
    return RedirectResponse("/a.txt", 301)


async def no_content(request: Request) -> Response:
    return Response(status_code=204)


async def cookies(request: Request) -> Response:
    response = PlainTextResponse("hello")
    response.set_cookie("a", "1")
    response.set_cookie("b", "2", max_age=60, httponly=True)
    return response


app = Starlette(
    routes=[Route("/moved", moved), Route("/no-content", no_content), Route("/refused", no_content, methods=["POST"]),
            Route("/cookies", cookies)],
    middleware=[Middleware(GZipMiddleware)])
app.router.default = StaticFiles(directory=DOCUMENTS)      # a mount would take what allows POST only, too
uvicorn.run(app, host="127.0.0.1", port=int(PORT), log_level="critical")

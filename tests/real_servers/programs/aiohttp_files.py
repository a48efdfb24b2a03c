"""aiohttp: PORT DOCUMENTS."""
import sys
from pathlib import Path

from aiohttp import web

PORT, DOCUMENTS = sys.argv[1:]


async def moved(request: web.Request) -> web.StreamResponse:
    raise web.HTTPMovedPermanently("/a.txt")


async def no_content(request: web.Request) -> web.StreamResponse:
    return web.Response(status=204)


async def cookies(request: web.Request) -> web.StreamResponse:
    response = web.Response(text="hello")
    response.set_cookie("a", "1")
    response.set_cookie("b", "2", max_age=60, httponly=True)
    return response


async def file(request: web.Request) -> web.StreamResponse:
    path = Path(DOCUMENTS, request.match_info["name"])
    return web.FileResponse(path) if path.is_file() else web.Response(status=404)


app = web.Application()
app.add_routes([web.get("/moved", moved), web.get("/no-content", no_content), web.post("/refused", no_content),
                web.get("/cookies", cookies), web.get(r"/{name:\w+\.txt}", file)])
web.run_app(app, host="127.0.0.1", port=int(PORT), access_log=None, print=None)

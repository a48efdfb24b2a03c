from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route
from starlette.testclient import TestClient


async def bad(request):
    return PlainTextResponse("no", 405)


async def to(request):
    return RedirectResponse("/405")


client = TestClient(Starlette(routes=[Route("/405", bad), Route("/to", to)]))
get = client.get

import fastapi
from fastapi.responses import PlainTextResponse, RedirectResponse
from fastapi.testclient import TestClient

app = fastapi.FastAPI()
app.add_api_route("/405", lambda: PlainTextResponse("no", 405))
app.add_api_route("/to", lambda: RedirectResponse("/405"))
get = TestClient(app).get

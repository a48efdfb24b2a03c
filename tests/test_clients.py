"""What people hold in their hands, against the real libraries: what becomes of a response, and what it still proves."""
from __future__ import annotations

import asyncio
import contextlib
import gzip
import http.client
import importlib
import pickle
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

import framework_apps as apps
import pytest
from canned_server import Canned

from httplint import Exchange, Linter, Request, Response, lint
from httplint.capture.held import Held, weigh
from httplint.clients import exchange_of, request_of_environ, request_of_scope, responses_of
from httplint.model.evidence import ALL

DATE = b"Date: Tue, 01 Jul 2025 12:00:00 GMT\r\n"
OK = b"HTTP/1.1 200 OK\r\n" + DATE + b"Content-Type: text/plain\r\nConnection: close\r\n"
ZIPPED = gzip.compress(b"hello" * 10)

ANSWERS = {
    "/plain": (b"HTTP/1.1 200 Fine Thanks\r\n" + DATE + b"content-TYPE: text/plain\r\nSet-Cookie: a=1\r\nX-Two: 1\r\n"
               b"Set-Cookie: b=2; Path=/\r\nx-two: 2\r\nX-Latin: caf\xe9\r\nContent-Length: 5\r\nConnection: close\r\n"
               b"\r\nhello"),
    "/gzip": OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(ZIPPED) + ZIPPED,
    "/gzip-chunked": (OK + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % len(ZIPPED) + ZIPPED
                      + b"\r\n0\r\n\r\n"),
    "/unknown-coding": OK + b"Content-Encoding: x-rot13\r\nContent-Length: 5\r\n\r\nuryyb",
    "/chunked": OK + b"Transfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n",
    "/to": (b"HTTP/1.1 302 Found\r\n" + DATE + b"Location: /plain\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
    "/early": (b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload; as=style\r\n\r\n" + OK
               + b"Content-Length: 5\r\n\r\nhello"),
    "/folded": OK + b"X-F: a\r\n b\r\nContent-Length: 5\r\n\r\nhello",
    "/broken": OK + b"no colon\r\nX-After: 1\r\nContent-Length: 5\r\n\r\nhello",
    "/no-allow": b"HTTP/1.1 405 No\r\n" + DATE + b"Content-Type: text/plain\r\nContent-Length: 2\r\n\r\nno",
    "/multipart": OK.replace(b"text/plain", b"multipart/mixed; boundary=x") + b"Content-Length: 5\r\n\r\n--x--",
    "/old": b"HTTP/1.0 200 OK\r\n" + DATE + b"Content-Type: text/plain\r\n\r\nhello",
    "/unchanged": b"HTTP/1.1 304 Not Modified\r\n" + DATE + b"Connection: close\r\n\r\n",
}
LINES = (("Date", "Tue, 01 Jul 2025 12:00:00 GMT"), ("content-TYPE", "text/plain"), ("Set-Cookie", "a=1"),
         ("X-Two", "1"), ("Set-Cookie", "b=2; Path=/"), ("x-two", "2"), ("X-Latin", "caf\u00e9"),
         ("Content-Length", "5"), ("Connection", "close"))


def needs(*modules: str) -> None:
    for module in modules:
        if find_spec(module) is None:
            pytest.skip(f"{module} is not installed")


def lacking(exchange: Exchange) -> set[str]:
    return set(exchange.evidence.missing(ALL))


NEVER = {"wire", "interim", "trailers", "target"}
CONNECTION = {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
"""What is about one connection (RFC 9110 §7.6.1)."""


# -- ways to get a response


def by_httpx(uri: str, method: str = "GET", **keys: Any) -> Any:
    import httpx
    with httpx.Client() as client:
        return client.request(method, uri, **keys)


def by_async_httpx(uri: str, method: str = "GET", **keys: Any) -> Any:
    import httpx

    async def get() -> Any:
        async with httpx.AsyncClient() as client:
            return await client.request(method, uri, **keys)

    return asyncio.run(get())


def by_httpx2(uri: str, method: str = "GET", **keys: Any) -> Any:
    import httpx2
    with httpx2.Client() as client:
        return client.request(method, uri, **keys)


def by_requests(uri: str, method: str = "GET", **keys: Any) -> Any:
    import requests
    with requests.Session() as session:
        return session.request(method, uri, allow_redirects=False, **keys)


def by_urllib3(uri: str, method: str = "GET", **keys: Any) -> Any:
    import urllib3
    with urllib3.PoolManager() as pool:
        return pool.request(method, uri, redirect=False, **keys)


def by_aiohttp(uri: str, method: str = "GET", **keys: Any) -> Any:
    import aiohttp

    async def get() -> Any:
        async with (aiohttp.ClientSession() as session,
                    session.request(method, uri, allow_redirects=False, **keys) as response):
            await response.read()
            return response

    return asyncio.run(get())


def by_http_client(uri: str, method: str = "GET", **keys: Any) -> Any:
    host, _, path = uri.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host)
    connection.request(method, "/" + path, **keys)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def by_urllib(uri: str, method: str = "GET", **keys: Any) -> Any:
    try:
        with urllib.request.urlopen(urllib.request.Request(uri, method=method, **keys)) as response:
            response.read()
            return response
    except urllib.error.HTTPError as error:
        error.close()
        return error


Get = Callable[..., Any]
READING = {"httpx": by_httpx, "async httpx": by_async_httpx, "httpx2": by_httpx2, "requests": by_requests,
           "urllib3": by_urllib3, "aiohttp": by_aiohttp}
"""Clients that keep the content."""
CLIENTS: dict[str, Get] = {**READING, "http.client": by_http_client, "urllib": by_urllib}


def client(name: str) -> Get:
    if "." not in name and name != "urllib":
        needs(name.removeprefix("async "))
    return CLIENTS[name]


@pytest.fixture(scope="module")
def server() -> Iterator[Canned]:
    with Canned(ANSWERS) as running:
        yield running


# -- what each client keeps


@pytest.mark.parametrize("name", CLIENTS)
def test_lines_stay_as_they_were_sent(server: Canned, name: str) -> None:
    exchange = exchange_of(client(name)(f"{server.base}/plain"))
    response = exchange.response
    assert response.fields is not None
    assert response.fields.lines == LINES, "order, repeats and case of the lines, latin-1"
    assert (response.status, response.version) == (200, "1.1")
    assert response.reason == "Fine Thanks"
    assert not {"response_fields", "lines", "name_case", "version", "reason"} & lacking(exchange)
    assert lacking(exchange) >= NEVER
    assert not exchange.evidence.response_gaps


@pytest.mark.parametrize("name", READING)
def test_plain_content_is_the_octets(server: Canned, name: str) -> None:
    for path in ("/plain", "/chunked"):
        exchange = exchange_of(client(name)(f"{server.base}{path}"))
        assert (exchange.response.content, exchange.response.size) == (b"hello", 5)
        assert not {"content", "octets", "size"} & lacking(exchange)


@pytest.mark.parametrize("name", ["http.client", "urllib"])
def test_the_standard_library_keeps_no_content(server: Canned, name: str) -> None:
    response = client(name)(f"{server.base}/plain")
    exchange = exchange_of(response)
    assert exchange.response.content is None
    assert lacking(exchange) >= {"content", "octets", "size"}
    request = Request("GET", f"{server.base}/plain", headers=[])
    told = exchange_of(response, request=request, content=b"hello", started=1751371200.0)
    assert told.response.content == b"hello"
    assert not {"content", "octets", "size", "time", "request", "request_fields"} & lacking(told)


@pytest.mark.parametrize(("name", "size", "chunked_size"), [
    ("httpx", True, True), ("async httpx", True, True), ("httpx2", True, True), ("requests", True, False),
    ("urllib3", True, False), ("aiohttp", False, False)])
def test_decoded_content_is_not_the_octets(server: Canned, name: str, size: bool, chunked_size: bool) -> None:
    for path, known in (("/gzip", size), ("/gzip-chunked", chunked_size)):
        exchange = exchange_of(client(name)(f"{server.base}{path}"))
        assert exchange.response.content == b"hello" * 10
        assert exchange.response.size == (len(ZIPPED) if known else None)
        assert lacking(exchange) & {"content", "octets", "size"} == ({"octets"} if known else {"octets", "size"})
        assert not lint(exchange).findings


@pytest.mark.parametrize("name", READING)
def test_a_coding_that_was_perhaps_not_decoded_leaves_the_content_unknown(server: Canned, name: str) -> None:
    exchange = exchange_of(client(name)(f"{server.base}/unknown-coding"))
    assert exchange.response.content is None
    assert lacking(exchange) >= {"content", "octets"}


def test_content_that_was_not_decoded_is_not_taken_for_decoded(server: Canned) -> None:
    needs("urllib3")
    import urllib3
    with urllib3.PoolManager() as pool:
        exchange = exchange_of(pool.request("GET", f"{server.base}/gzip", decode_content=False))
    assert exchange.response.content is None
    assert exchange.response.size == len(ZIPPED)


@pytest.mark.parametrize(("name", "complete", "content", "version"), [
    ("httpx", True, True, "1.1"), ("async httpx", True, True, "1.1"), ("httpx2", True, True, "1.1"),
    ("requests", False, True, "1.1"), ("urllib3", None, False, "1.1"), ("aiohttp", True, False, None),
    ("http.client", None, False, None), ("urllib", None, False, "1.1")])
def test_what_is_known_of_the_request(server: Canned, name: str, complete: bool | None, content: bool,
                                      version: str | None) -> None:
    uri = f"{server.base}/plain"
    response = client(name)(uri, "POST", **{"content" if "httpx" in name else "body" if name in (
        "urllib3", "http.client") else "data": b"abc", "headers": {"X-Mine": "1"}})
    exchange = exchange_of(response)
    request = exchange.request
    if name == "http.client":
        assert request is None, "it knows no URI"
        assert lacking(exchange) >= {"request", "request_fields", "request_content"}
        return
    assert request is not None
    assert (request.method, request.uri, request.version) == ("POST", uri, version)
    if content:
        assert request.content == b"abc"
    assert ("request_content" in lacking(exchange)) is not content
    if complete is None:
        assert request.fields is None
        assert "request_fields" in lacking(exchange)
        return
    assert request.fields is not None
    assert request.fields.combined("x-mine") == "1"
    unseen = server.names() - request.fields.index.keys()
    assert unseen <= exchange.evidence.request_gaps, "what was sent is there, or its absence proves nothing"
    if complete:
        assert not unseen
    else:
        assert "host" in unseen


BELOW_REQUESTS = CONNECTION | {"host", "accept-encoding", "user-agent", "content-length", "proxy-authorization"}
UNKEPT = {"content", "octets", "size"}


@pytest.mark.parametrize(("name", "unknown", "gaps"), [
    ("httpx", set(), set()), ("async httpx", set(), set()), ("httpx2", set(), set()),
    ("requests", set(), BELOW_REQUESTS), ("urllib3", {"request_fields", "request_content"}, set()),
    ("aiohttp", {"request_version", "request_content"}, set()),
    ("http.client", UNKEPT | {"request", "request_fields", "request_version", "request_content"}, set()),
    ("urllib", UNKEPT | {"request_fields", "request_content"}, set()),
])
def test_what_a_client_does_not_show(server: Canned, name: str, unknown: set[str], gaps: set[str]) -> None:
    exchange = exchange_of(client(name)(f"{server.base}/plain"))
    assert lacking(exchange) == NEVER | {"time"} | unknown
    assert (exchange.evidence.response_gaps, exchange.evidence.request_gaps) == (set(), gaps)


@pytest.mark.parametrize("name", CLIENTS)
def test_no_content_is_no_evidence_where_clients_look_for_none(server: Canned, name: str) -> None:
    for path, method in (("/plain", "HEAD"), ("/unchanged", "GET")):
        exchange = exchange_of(client(name)(f"{server.base}{path}", method))
        assert exchange.response.content is None
        assert lacking(exchange) >= {"content", "octets", "size"}


@pytest.mark.parametrize("name", CLIENTS)
def test_folded_lines_are_unfolded(server: Canned, name: str) -> None:
    fields = exchange_of(client(name)(f"{server.base}/folded")).response.fields
    assert fields is not None
    assert fields.combined("x-f") == "a b"


@pytest.mark.parametrize("name", ["requests", "urllib3", "http.client", "urllib"])
@pytest.mark.filterwarnings("ignore")
def test_behind_a_broken_line_absence_proves_nothing(server: Canned, name: str) -> None:
    exchange = exchange_of(client(name)(f"{server.base}/broken"))
    assert exchange.response.fields is not None
    assert "x-after" not in exchange.response.fields
    assert lacking(exchange) >= {"response_fields", "lines", "content", "octets", "size"}
    whole = exchange_of(client(name)(f"{server.base}/multipart"))
    assert "response_fields" not in lacking(whole), "what http.client says of multipart content is no broken line"


@pytest.mark.parametrize("name", CLIENTS)
def test_http_1_0_is_told(server: Canned, name: str) -> None:
    assert exchange_of(client(name)(f"{server.base}/old")).response.version == "1.0"


@pytest.mark.parametrize("name", CLIENTS)
def test_an_interim_response_does_no_harm(server: Canned, name: str) -> None:
    exchange = exchange_of(client(name)(f"{server.base}/early"))
    final = name not in ("requests", "urllib3", "http.client", "urllib")
    assert exchange.response.status == (200 if final else 103), "http.client takes it for the final response"
    assert not [finding for finding in lint(exchange).findings if finding.severity != "info"]


@pytest.mark.parametrize("name", CLIENTS)
def test_the_library_call_takes_the_object_itself(server: Canned, name: str) -> None:
    response = client(name)(f"{server.base}/no-allow")
    for report in (lint(response), Linter(select="405").lint(response), next(Linter().lint_all([response]))):
        assert "405.allow-missing" in {finding.rule_id for finding in report.findings}
        assert report.exchange.response.status == 405


@pytest.mark.parametrize("name", ["httpx", "httpx2", "requests", "aiohttp"])
def test_redirects_are_exchanges_of_their_own(server: Canned, name: str) -> None:
    needs(name)
    uri = f"{server.base}/to"
    if name == "requests":
        import requests
        with requests.Session() as session:
            response = session.get(uri)
    elif name == "aiohttp":
        import aiohttp

        async def get() -> Any:
            async with aiohttp.ClientSession() as session, session.get(uri) as got:
                await got.read()
                return got

        response = asyncio.run(get())
    else:
        response = client(name)(uri, follow_redirects=True)
    first, second = map(exchange_of, responses_of(response))
    assert (first.response.status, second.response.status) == (302, 200)
    assert [exchange.request and exchange.request.uri for exchange in (first, second)] == [
        uri, f"{server.base}/plain"]
    assert exchange_of(response).response.status == 200


def test_content_that_was_not_read_stays_unread(server: Canned) -> None:
    needs("httpx", "requests", "aiohttp", "urllib3")
    import aiohttp
    import httpx
    import requests
    import urllib3
    uri = f"{server.base}/plain"
    with httpx.stream("GET", uri) as response:
        assert lacking(exchange_of(response)) >= {"content", "octets", "size"}
        assert response.read() == b"hello"
        assert exchange_of(response).response.content == b"hello"
    with requests.get(uri, stream=True) as streamed:
        assert exchange_of(streamed).response.content is None
        assert streamed.content == b"hello"
    with urllib3.PoolManager() as pool:
        raw = pool.request("GET", uri, preload_content=False)
        assert exchange_of(raw).response.content is None
        assert raw.read() == b"hello"
        raw.close()

    async def get() -> bytes:
        async with aiohttp.ClientSession() as session, session.get(uri) as got:
            assert exchange_of(got).response.content is None
            return await got.read()

    assert asyncio.run(get()) == b"hello"


def test_a_response_of_requests_without_its_connection_has_joined_lines(server: Canned) -> None:
    needs("requests")
    response = pickle.loads(pickle.dumps(by_requests(f"{server.base}/plain")))
    exchange = exchange_of(response)
    assert exchange.response.fields is not None
    assert exchange.response.fields.combined("x-two") == "1, 2"
    assert "set-cookie" not in exchange.response.fields, "joined cookies cannot be told apart"
    assert lacking(exchange) >= {"lines", "name_case", "version"}
    assert exchange.evidence.response_gaps == {"set-cookie"}
    assert exchange.response.content == b"hello"


def test_what_a_clients_cache_answers_is_no_answer_to_this_request(server: Canned) -> None:
    needs("requests")
    response = by_requests(f"{server.base}/plain")
    response.from_cache = True
    assert lacking(exchange_of(response, started=1.0)) == NEVER | {"pair", "response_fields", "time"}
    needs("httpx")
    response = by_httpx(f"{server.base}/plain")
    for name in ("from_cache", "hishel_from_cache"):
        for cached in (True, False):
            response.extensions[name] = cached
            found = exchange_of(response, started=1.0)
            assert lacking(found) == NEVER | ({"pair", "response_fields", "time"} if cached else set())


def test_http_2_of_httpx() -> None:
    needs("httpx")
    import httpx
    request = httpx.Request("GET", "https://a.example/")
    response = httpx.Response(200, headers=[(b"connection", b"close")], content=b"", request=request,
                              extensions={"http_version": b"HTTP/2", "network_stream": object()})
    exchange = exchange_of(response)
    assert exchange.response.version == "2"
    assert exchange.request is not None
    assert exchange.request.version == "2"
    assert exchange.request.fields is not None
    assert "connection" not in exchange.request.fields
    assert lacking(exchange) == NEVER | {"reason", "time"}
    assert exchange.evidence.request_gaps == CONNECTION
    assert "connection.in-http2" in {finding.rule_id for finding in lint(response).findings}


def test_a_response_made_by_hand_has_no_request() -> None:
    needs("httpx")
    import httpx
    exchange = exchange_of(httpx.Response(405))
    assert exchange.request is None
    assert [finding.rule_id for finding in lint(httpx.Response(405)).findings] == ["405.allow-missing"]


# -- what else may be handed over


def test_an_exchange_stays_as_it_is() -> None:
    exchange = Exchange(Response(200))
    assert exchange_of(exchange) is exchange
    assert lint(exchange).exchange is exchange


@pytest.mark.parametrize("other", [None, b"HTTP/1.1 200 OK", 200, object(), Response(200), {"status": 200}])
def test_anything_else_is_a_type_error_that_says_what_is_taken(other: object) -> None:
    with pytest.raises(TypeError, match="httpx, requests") as caught:
        lint(other)
    assert type(other).__qualname__ in str(caught.value)
    assert ("write Exchange(response=" in str(caught.value)) == isinstance(other, Response)


def test_an_error_of_urllib_without_a_response() -> None:
    error = urllib.error.HTTPError("http://a.example/", 404, "no", {}, None)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no response"):
        lint(error)
    error.close()


def test_no_library_is_imported_on_the_way() -> None:
    import subprocess
    code = ("import sys, httplint; httplint.lint(httplint.Exchange(httplint.Response(405)));\n"
            "try: httplint.lint(object())\nexcept TypeError: pass\n"
            "assert not {'httpx', 'requests', 'urllib3', 'aiohttp', 'werkzeug', 'django', 'mitmproxy'} "
            "& set(sys.modules)")
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_mitmproxy_flow() -> None:
    needs("mitmproxy")
    from mitmproxy.test import tflow, tutils
    flow = tflow.tflow(resp=tutils.tresp(status_code=405))
    assert "405.allow-missing" in {finding.rule_id for finding in lint(flow).findings}
    with pytest.raises(ValueError, match="no response"):
        lint(tflow.tflow())
    with pytest.raises(TypeError):
        lint(tflow.ttcpflow())


# -- test clients: what a server would add is not missed


def flask_client() -> Get:
    needs("flask")
    test_client = apps.flask_app().test_client()

    def send(method: str, path: str, **keys: Any) -> Any:
        response = test_client.open(path, method=method, **keys)
        response.get_data()
        return response

    return send


def starlette_client() -> Get:
    needs("starlette", "httpx2")
    from starlette.testclient import TestClient
    return TestClient(apps.starlette_app(), follow_redirects=False).request


def fastapi_client() -> Get:
    needs("fastapi", "httpx2")
    from fastapi.testclient import TestClient
    return TestClient(apps.fastapi_app(), follow_redirects=False).request


def django_client() -> Get:
    needs("django")
    apps.django_app()
    from django.test import Client
    return Client().generic


def async_django_client() -> Get:
    needs("django")
    apps.django_app()
    from django.test import AsyncClient

    def send(method: str, path: str) -> Any:
        return asyncio.run(AsyncClient().generic(method, path))

    return send


def httpx_on_asgi() -> Get:
    needs("httpx", "starlette")
    import httpx

    def send(method: str, path: str) -> Any:
        async def get() -> Any:
            transport = httpx.ASGITransport(apps.starlette_app())
            async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
                return await client.request(method, path)

        return asyncio.run(get())

    return send


def httpx_on_wsgi() -> Get:
    needs("httpx", "flask")
    import httpx

    def send(method: str, path: str) -> Any:
        with httpx.Client(transport=httpx.WSGITransport(apps.flask_app()), base_url="http://testserver") as client:
            return client.request(method, path)

    return send


TEST_CLIENTS = {"flask": flask_client, "starlette": starlette_client, "fastapi": fastapi_client,
                "django": django_client, "async django": async_django_client, "httpx on ASGI": httpx_on_asgi,
                "httpx on WSGI": httpx_on_wsgi}

REQUESTS = [("GET", "/"), ("HEAD", "/"), ("GET", "/cookies"), ("GET", "/stream"), ("GET", "/empty"), ("GET", "/to"),
            ("GET", "/nothing"), ("POST", "/"), ("OPTIONS", "/")]


KNOWN = {("django", "/empty"): ["204.content-length"]}
"""CommonMiddleware of Django gives a 204 the Content-Length 0, which RFC 9110 §8.6 forbids."""


def grave(response: object) -> list[str]:
    return [finding.rule_id for one in responses_of(response)
            for finding in lint(one).findings if finding.severity != "info"]


@pytest.mark.parametrize("name", TEST_CLIENTS)
def test_a_conforming_application_has_no_findings_through_a_test_client(name: str) -> None:
    send = TEST_CLIENTS[name]()
    for method, path in REQUESTS:
        assert grave(send(method, path)) == KNOWN.get((name.removeprefix("async "), path), []), f"{method} {path}"


@pytest.mark.parametrize("path", apps.FAULTS)
@pytest.mark.parametrize("name", TEST_CLIENTS)
def test_a_faulty_application_is_found_out_through_a_test_client(name: str, path: str) -> None:
    response = TEST_CLIENTS[name]()("GET", path)
    assert apps.FAULTS[path] in {finding.rule_id for finding in lint(response).findings}


TRANSPORT = [("Content-Type", "text/plain"), ("Strict-Transport-Security", "max-age=31536000")]


async def asgi_over(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200,
                "headers": [(name.lower().encode(), value.encode()) for name, value in TRANSPORT]})
    await send({"type": "http.response.body", "body": b"ok"})


def wsgi_over(environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", TRANSPORT)
    return [b"ok"]


@pytest.mark.parametrize("name", ["httpx", "httpx2", "requests", "werkzeug", "starlette", "httpx on WSGI"])
def test_https_is_told_from_http(name: str) -> None:
    """Strict-Transport-Security is for https only (RFC 6797 §7.2)."""
    needs("httpx2" if name == "starlette" else name.partition(" ")[0])
    for scheme, wrong in (("https", False), ("http", True)):
        uri, held = f"{scheme}://shop.example/", None
        if name in ("httpx", "httpx2"):
            module = importlib.import_module(name)
            held = module.Response(200, headers=TRANSPORT, content=b"ok", request=module.Request("GET", uri))
        elif name == "requests":
            import requests
            held = requests.Response()
            held.status_code, held.request = 200, requests.Request("GET", uri).prepare()
            held.headers.update(TRANSPORT)
        elif name == "werkzeug":
            import werkzeug.test
            held = werkzeug.test.Client(wsgi_over).get("/", base_url=uri)
        elif name == "starlette":
            needs("starlette")
            from starlette.testclient import TestClient
            held = TestClient(asgi_over, base_url=uri).get("/")
        else:
            import httpx
            with httpx.Client(transport=httpx.WSGITransport(wsgi_over), base_url=uri) as client:
                held = client.get("/")
        report = lint(held)
        found = {finding.rule_id for finding in report.findings}
        assert ("strict-transport-security.over-http" in found) == wrong, scheme
        assert ("strict-transport-security.over-http" in report.held) != wrong, scheme


@pytest.mark.parametrize("name", TEST_CLIENTS)
def test_what_a_test_client_proves(name: str) -> None:
    exchange = exchange_of(TEST_CLIENTS[name]()("GET", "/cookies"))
    assert exchange.response.fields is not None
    assert [value.partition(";")[0] for value in exchange.response.fields.values("set-cookie")] == ["a=1", "b=2"]
    added = CONNECTION | {"date", "server", "content-length", "alt-svc"}
    assert exchange.evidence.response_gaps == added - {"transfer-encoding"}, "there is a Content-Length"
    assert lacking(exchange) == NEVER | {"version", "request_version", "name_case", "reason", "time"}
    assert exchange.request is not None
    assert exchange.request.method == "GET"
    assert exchange.request.uri.endswith("/cookies")
    streamed = exchange_of(TEST_CLIENTS[name]()("GET", "/stream"))
    assert streamed.evidence.response_gaps == added
    head = exchange_of(TEST_CLIENTS[name]()("HEAD", "/"))
    assert head.response.content is None
    assert ("date.missing", "the capture may leave out date of the response") in lint(exchange).not_evaluated


def test_the_request_of_a_test_client_is_whole() -> None:
    needs("flask")
    response = apps.flask_app().test_client().get("/caf\u00e9 1?x=%20y", headers={"X-Mine": "1"})
    request = exchange_of(response).request
    assert request is not None
    assert request.uri == "http://localhost/caf%C3%A9%201?x=%20y"
    assert request.fields is not None
    assert request.fields.combined("x-mine") == "1"
    assert request.content == b""
    posted = exchange_of(apps.flask_app().test_client().post("/", data=b"abc"))
    assert "request_content" in lacking(posted), "the application has read it"


def test_a_views_response_has_not_met_the_middleware() -> None:
    needs("django", "flask")
    apps.django_app()
    import flask
    from django.http import HttpResponse
    for response in (HttpResponse(status=405), flask.Response(status=405)):
        exchange = exchange_of(response)
        assert lacking(exchange) >= {"request", "response_fields", "content"}
        assert not lint(response).findings, "a middleware may add Allow"
    assert lint(HttpResponse("x", headers={"Last-Modified": "Sunday, 06-Nov-94 08:49:37 GMT"})).findings


# -- frameworks on their servers


SERVERS: dict[str, tuple[tuple[str, ...], Callable[[], Any]]] = {
    "flask": (("flask",), lambda: apps.serving_werkzeug(apps.flask_app())),
    "django": (("django",), lambda: apps.serving_django(apps.django_app())),
    "starlette": (("starlette", "uvicorn"), lambda: apps.serving_asgi(apps.starlette_app())),
    "fastapi": (("fastapi", "uvicorn"), lambda: apps.serving_asgi(apps.fastapi_app())),
    "aiohttp": (("aiohttp",), lambda: apps.serving_aiohttp(apps.aiohttp_app())),
}


@pytest.mark.parametrize("framework", SERVERS)
def test_a_conforming_application_has_no_findings_on_a_server(framework: str) -> None:
    modules, serve = SERVERS[framework]
    needs(*modules)
    with serve() as base:
        for name in CLIENTS:
            with contextlib.suppress(pytest.skip.Exception):
                send = client(name)
                for method, path in REQUESTS:
                    if name == "urllib" and path == "/to":
                        continue
                    assert grave(send(base + path, method)) == KNOWN.get((framework, path), []), (
                        f"{name}: {method} {path}")


# -- what the interfaces of servers tell of a request


@pytest.mark.parametrize(("environ", "uri"), [
    ({"HTTP_HOST": "h.example:8080", "PATH_INFO": "/a", "QUERY_STRING": "b=c"}, "http://h.example:8080/a?b=c"),
    ({"SERVER_NAME": "s.example", "SERVER_PORT": "8080", "PATH_INFO": "/a"}, "http://s.example:8080/a"),
    ({"SERVER_NAME": "s.example", "SERVER_PORT": "80"}, "http://s.example/"),
    ({"SERVER_NAME": "s.example", "SERVER_PORT": "443", "wsgi.url_scheme": "https"}, "https://s.example/"),
    ({"SERVER_NAME": "s.example", "SERVER_PORT": 81, "QUERY_STRING": ""}, "http://s.example:81/"),
    ({"SERVER_NAME": "s.example", "HTTP_HOST": ""}, "http://s.example/"),
    ({"HTTP_HOST": "h.example", "SCRIPT_NAME": "/app", "PATH_INFO": "/caf\xc3\xa9 b"},
     "http://h.example/app/caf%C3%A9%20b"),
    ({"HTTP_HOST": "h.example", "PATH_INFO": "/:@!$&'()*+,;=~-._?#"}, "http://h.example/:@!$&'()*+,;=~-._%3F%23"),
])
def test_the_uri_in_a_wsgi_environment(environ: dict[str, object], uri: str) -> None:
    """PEP 3333, URL Reconstruction."""
    assert request_of_environ(environ).uri == uri


def test_the_rest_of_a_wsgi_environment() -> None:
    request = request_of_environ({
        "REQUEST_METHOD": "PUT", "SERVER_PROTOCOL": "HTTP/1.0", "HTTP_HOST": "h.example", "HTTP_X_ONE_TWO": "\xe9",
        "HTTP_EMPTY": "", "HTTP_MAX_FORWARDS": 5, "HTTP_ODD": ["x"], "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": "3", "wsgi.version": (1, 0), "PATH_INFO": "/"})
    assert (request.method, request.version, request.content) == ("PUT", "1.0", None)
    assert list(request.fields or ()) == [("Host", "h.example"), ("X-One-Two", "\xe9"), ("Max-Forwards", "5"),
                                          ("Content-Type", "text/plain"), ("Content-Length", "3")]
    bare = request_of_environ({"REQUEST_METHOD": "GET", "CONTENT_TYPE": "", "CONTENT_LENGTH": ""})
    assert (bare.method, bare.version, bare.content, list(bare.fields or ())) == ("GET", None, b"", [])
    chunked = request_of_environ({"HTTP_TRANSFER_ENCODING": "chunked", "SERVER_PROTOCOL": "HTTP/2"})
    assert (chunked.content, chunked.version) == (None, "2")


HOST = [(b"host", b"h.example")]


@pytest.mark.parametrize(("scope", "uri"), [
    ({"headers": HOST, "path": "/a b", "query_string": b"c=d"}, "http://h.example/a%20b?c=d"),
    ({"headers": HOST, "path": "/a b", "raw_path": b"/a%20%62", "scheme": "https"}, "https://h.example/a%20%62"),
    ({"headers": [(b"Host", b"h.example:81")], "query_string": "c"}, "http://h.example:81/?c"),
    ({"headers": [], "server": ("s.example", 8080)}, "http://s.example:8080/"),
    ({"headers": [], "server": ("s.example", 80)}, "http://s.example/"),
    ({"headers": [], "server": ("s.example", "80")}, "http://s.example/"),
    ({"headers": [], "server": ("s.example", 443), "scheme": "https"}, "https://s.example/"),
    ({"headers": [], "server": ("s.example", "443"), "scheme": "https"}, "https://s.example/"),
    ({"headers": [], "server": ("s.example", None)}, "http://s.example/"),
])
def test_the_uri_in_an_asgi_scope(scope: dict[str, object], uri: str) -> None:
    assert request_of_scope({"method": "GET", **scope}).uri == uri


def test_the_rest_of_an_asgi_scope() -> None:
    request = request_of_scope({"method": "PUT", "http_version": "1.1", "headers": [
        *HOST, (b"Cookie", b"a=1"), (b"cookie", b""), (b"x", b""), (b"content-length", b"3")]})
    assert (request.method, request.version, request.content) == ("PUT", "1.1", None)
    assert list(request.fields or ()) == [("host", "h.example"), ("Cookie", "a=1"), ("x", ""), ("content-length", "3")]
    for version, read in (("1.0", "1.0"), ("2", "2"), ("3", "3"), ("", None)):
        bare = request_of_scope({"method": "GET", "http_version": version, "headers": HOST})
        assert (bare.version, bare.content) == (read, b"")
    assert request_of_scope({"method": "GET", "headers": [(b"transfer-encoding", b"chunked")]}).content is None


# -- what is held, weighed


def weighed(status: int = 200, *fields: tuple[str, str], method: str | None = "GET", **held: Any) -> Exchange:
    request = Request(method, "http://h.example/", "1.1", [], b"") if method else None
    return weigh(Held(status, fields, "1.1", "OK", request=request, **held), 5.0)


TE, CE, CL = "Transfer-Encoding", "Content-Encoding", "Content-Length"


@pytest.mark.parametrize(("exchange", "content", "size", "exact"), [
    (weighed(body=b"ab"), b"ab", 2, True), (weighed(body=b""), b"", 0, True), (weighed(body=None), None, None, False),
    (weighed(body=b"", method=None), None, None, False), (weighed(body=b"ab", method=None), b"ab", 2, True),
    (weighed(method="HEAD", body=b""), None, None, False), (weighed(199, body=b""), None, None, False),
    (weighed(204, body=b""), None, None, False), (weighed(304, body=b""), None, None, False),
    (weighed(205, body=b"a"), b"a", 1, True), (weighed(203, body=b"a"), b"a", 1, True),
    (weighed(305, body=b"a"), b"a", 1, True), (weighed(303, body=b"a"), b"a", 1, True),
    (weighed(method="CONNECT", body=b""), None, None, False), (weighed(299, method="CONNECT", body=b""), None, None,
                                                              False),
    (weighed(300, method="CONNECT", body=b"a"), b"a", 1, True),
    (weighed(200, (TE, "gzip, chunked"), body=b"a"), None, None, False),
    (weighed(200, (TE, "Chunked"), body=b"a"), b"a", 1, True),
    (weighed(200, (CE, "Identity"), body=b"a", size=9), b"a", 1, True),
    (weighed(200, (CE, "gzip"), body=b"a", size=9), b"a", 9, False),
    (weighed(200, (CE, "X-Gzip"), body=b"a", size=9), b"a", 9, False),
    (weighed(200, (CE, "deflate"), body=b"a"), b"a", None, False),
    (weighed(200, (CE, "br"), body=b"a", size=9), None, 9, False),
    (weighed(200, (CE, "gzip"), body=b"\x1f\x8ba", size=9), None, 9, False),
    (weighed(200, (CE, "br"), body=b"a", size=9, decodes=False), b"a", 1, True),
])
def test_what_is_known_of_a_content(exchange: Exchange, content: bytes | None, size: int | None, exact: bool) -> None:
    assert (exchange.response.content, exchange.response.size) == (content, size)
    known = {"content": content is not None, "size": size is not None, "octets": exact}
    assert {fact: exchange.evidence.knows(fact) for fact in known} == known


def test_what_is_not_held_is_not_known() -> None:
    assert lacking(weighed(body=b"")) == NEVER
    lines = {"response_fields", "lines", "repeats", "name_case", "exact"}
    asked = {"request", "request_fields", "request_version", "request_content"}
    bare = weigh(Held(200, None), None)
    assert lacking(bare) == NEVER | lines | asked | {"version", "reason", "content", "octets", "size", "time"}
    request = weigh(Held(200, (), "1.1", "OK", b"", request=Request("GET", "/", None)), 5.0)
    assert lacking(request) == NEVER | asked - {"request"}
    less = weighed(200, body=b"", unknown=("pair",), request_gaps=frozenset({"te"}))
    assert lacking(less) == NEVER | {"pair"}
    assert less.evidence.request_gaps == {"te"}
    assert weighed(body=b"").started == 5.0


def test_no_server_adds_transfer_encoding_beside_content_length() -> None:
    for name, gaps in ((CL, {"date"}), ("Content-Type", {"date", "transfer-encoding"})):
        exchange = weighed(200, (name, "2"), body=b"ab", response_gaps=frozenset({"date", "transfer-encoding"}))
        assert exchange.evidence.response_gaps == gaps


def test_texts_are_octets() -> None:
    lines = [("A", "caf\xe9"), ("B", "\u20ac"), ("C", "\udce9\u20ac"), ("D", "\ud800"), ("E", 5), ("F", None)]
    request = request_of_environ({f"HTTP_{name}": value for name, value in lines})
    assert list(request.fields or ()) == [("A", "caf\xe9"), ("B", "\xe2\x82\xac"), ("C", "\xe9\xe2\x82\xac"),
                                          ("D", "\xed\xa0\x80"), ("E", "5")]

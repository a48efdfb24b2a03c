"""What people hold in their hands, made an exchange: responses of client libraries and of the frameworks' test clients.

A type is told by the names of its class and of the class's package, so that no library is imported that is not there
already. An object is only looked at: nothing is read from a connection on its account.

What the objects prove, beside status, fields and what is said below. "wire", "interim", "trailers" and "target" are
never granted: no client shows the octets, interim responses, trailers or the request target as they came.

| object                 | field lines             | content                           | request                       |
|------------------------|-------------------------|-----------------------------------|-------------------------------|
| httpx.Response, httpx2 | as sent; several equal  | if it was read: decoded; its size | whole                         |
|                        | Content-Length are one  |                                   |                               |
| requests.Response      | as sent, if it still    | if it was read: decoded; its size | without what urllib3 and      |
|                        | has its `raw`, else     | unless chunked                    | http.client add (Host, ...)   |
|                        | joined, no Set-Cookie   |                                   |                               |
| urllib3 HTTPResponse   | as sent                 | if it was kept: decoded; its size | method and URI                |
|                        |                         | unless chunked                    |                               |
| aiohttp.ClientResponse | as sent                 | if it was read: decoded; its size | without content and version   |
|                        |                         | if it was not coded               |                               |
| http.client, urllib    | as sent                 | not kept: hand it over            | method and URI if urllib asked|
| Werkzeug, Flask        | as the application gave | if it was read: as given          | without content and version   |
| Django                 | as given, cookies last  | unless it streams: as given       | without content and version   |
| Starlette, FastAPI     | as the application gave | decoded; its size                 | without version               |
| mitmproxy.http.HTTPFlow| see capture.flows       |                                   |                               |

- The content of an answer to HEAD, of 1xx, 204, 304 and of a tunnel is never known: clients do not read what should not
  be there, and servers cut off what an application gives.
- A content coding that a client may have decoded or not (br or zstd without the package for it) leaves the content
  unknown; a decoded content is not the octets that were sent.
- Names and values are exact: what stands there was received, or will be sent. Folded lines are unfolded, as clients do.
  Where http.client could not make out a line, it drops the rest, and may have missed how the message is
  framed: then the absence of a field proves nothing, and the content is not known.
- http.client, and so urllib3 and requests, take 102 and 103 for the final response.
- Responses of a test client have not met a server. Its absence proves nothing for a field that servers add (Date,
  Content-Length, Connection and the like, see held.SERVER_FIELDS; but no Transfer-Encoding beside Content-Length);
  neither version nor the case of names is known.
- The time is known only if it is handed over; what a client's cache answered is no answer to this request.
"""
from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from httplint.capture.har_quirks import ADDED_BY_HTTP_CLIENT, CONNECTION
from httplint.capture.held import NO_NAMES, Held, octet_text, weigh, without_server
from httplint.model.exchange import Exchange
from httplint.model.message import Request, Response

_VERSIONS = {10: "1.0", 11: "1.1", 20: "2", b"HTTP/1.0": "1.0", b"HTTP/1.1": "1.1", b"HTTP/2": "2", b"HTTP/3": "3",
             "1.0": "1.0", "1.1": "1.1", "2": "2", "2.0": "2", "3": "3", "3.0": "3"}
_FOLD = re.compile(r"\r?\n[ \t]+")
_PATH_SAFE = "/:@!$&'()*+,;=~-._"
_MULTIPART_DEFECTS = frozenset({"StartBoundaryNotFoundDefect", "MultipartInvariantViolationDefect"})
"""What the parser of http.client says of any multipart content, as it has no content to look at."""

Object = Any
"""An object of a library that may not be there."""


def exchange_of(held: object, *, request: Request | None = None, content: bytes | None = None,
                started: float | None = None) -> Exchange:
    """The exchange that an object shows, with what it proves; an Exchange stays as it is.

    `request`, `content` (as the server sent it, after transfer decoding) and `started` (seconds since the epoch) tell
    what the object does not hold. Raises TypeError for an object of another kind, ValueError for one without a
    response.
    """
    if isinstance(held, Exchange):
        return held
    for kind in type(held).__mro__:
        read = READERS.get((kind.__module__.partition(".")[0], kind.__name__))
        if read is not None:
            break
    else:
        name = f"{type(held).__module__}.{type(held).__qualname__}".removeprefix("builtins.")
        raise TypeError(f"expected an Exchange, {KINDS}; got {name}{_hint(held)}")
    draft = read(held)
    if isinstance(draft, Exchange):
        return draft
    if request is not None:
        draft.request, draft.request_gaps = request, NO_NAMES
    if content is not None:
        draft.body, draft.decodes = content, False
    return weigh(draft, started)


def _hint(held: object) -> str:
    """What to do with something that shows no exchange."""
    if isinstance(held, Response):
        return "; write Exchange(response=…), with request=… if it is known"
    if isinstance(held, (str, bytes, os.PathLike)):
        return "; httplint.read has the exchanges of a file, or of its octets"
    return "; lint_all takes several" if isinstance(held, (list, tuple)) else ""


def responses_of(held: object) -> list[object]:
    """The responses that led to one (redirects, authentication), and itself, in their order."""
    before = getattr(held, "history", None)
    return [*before, held] if isinstance(before, (list, tuple)) else [held]


# -- clients on the network


def _httpx(response: Object) -> Held:
    extensions: Mapping[str, Any] = response.extensions
    version = _VERSIONS.get(extensions.get("http_version", b""))
    body = _unless_unread(lambda: response.content)
    held = Held(response.status_code, response.headers.raw, version, body=body)
    held.request = _httpx_request(response, version)
    held.size = response.num_bytes_downloaded or None
    if "network_stream" not in extensions:                 # a test client, a mock, or made by hand
        return without_server(held)
    phrase = extensions.get("reason_phrase")
    if version in ("1.0", "1.1") and isinstance(phrase, bytes):
        held.reason = phrase.decode("latin-1")
    if any(extensions.get(name) for name in ("from_cache", "hishel_from_cache")):
        held.unknown += ("pair", "time", "response_fields")
    if version == "2":
        held.request_gaps = CONNECTION
    return held


def _httpx_request(response: Object, version: str | None) -> Request | None:
    request = _unless_unread(lambda: response.request)
    if request is None:
        return None
    lines = list(request.headers.raw)
    if version == "2":                                     # httpcore leaves them out
        lines = [(name, value) for name, value in lines if name.lower().decode("latin-1") not in CONNECTION]
    asked = version if version != "1.0" else "1.1"         # httpcore writes HTTP/1.1 whatever comes back
    return Request(request.method, str(request.url), asked, lines, _unless_unread(lambda: request.content))


def _unless_unread(read: Callable[[], Any]) -> Any:
    """The value, or None where httpx says that it was not read, or not set."""
    try:
        return read()
    except RuntimeError:
        return None


def _requests(response: Object) -> Held:
    prepared = response.request
    request = None
    if prepared is not None and prepared.method and prepared.url:
        body = prepared.body
        content = b"" if body is None else body if isinstance(body, (bytes, str)) else None
        request = Request(prepared.method, prepared.url, _spoken(), _texts(prepared.headers.items()), content)
    below = response.raw
    held = Held(response.status_code, None, request=request, request_gaps=ADDED_BY_HTTP_CLIENT)
    if isinstance(octets := response.__dict__.get("_content"), bytes):
        held.body = octets
    if below is not None and hasattr(below, "headers"):
        _below(held, below)
    else:                                                  # unpickled, or made by hand
        _joined(held, response.headers)
    if getattr(response, "from_cache", False):
        held.unknown += ("pair", "time", "response_fields")
    return held


def _urllib3(response: Object) -> Held:
    held = Held(response.status, None)
    if isinstance(octets := getattr(response, "_body", None), bytes):
        held.body = octets
    origin = getattr(response, "_original_response", None)
    method, uri = getattr(origin, "_method", None), _uri(response)
    if method and uri:
        held.request = Request(method, uri, _spoken(), None)
    _below(held, response)
    return held


def _uri(response: Object) -> str | None:
    """The URI of a urllib3 response, which itself may know only a path."""
    url = response.geturl() or ""
    if not url.startswith("/"):
        return url or None
    pool = getattr(response, "_pool", None)
    if pool is None:
        return None
    port = f":{pool.port}" if pool.port and pool.port != {"http": 80, "https": 443}.get(pool.scheme) else ""
    return f"{pool.scheme}://{pool.host}{port}{url}"


def _below(held: Held, response: Object) -> None:
    """What a urllib3 response, or one in its likeness, adds."""
    held.version = _VERSIONS.get(getattr(response, "version", None))
    if held.version in ("1.0", "1.1") and isinstance(response.reason, str):
        held.reason = response.reason
    lines = getattr(getattr(response, "_original_response", None), "msg", None)
    if lines is not None and hasattr(lines, "defects"):
        held.fields, lost = _http_client_fields(lines)
        if lost:
            held.body = None
            held.unknown += ("response_fields", "lines")
            return
    elif hasattr(response.headers, "iteritems"):           # HTTPHeaderDict: each line, under the name of the first
        held.fields = _texts(response.headers.iteritems())
        held.unknown += ("name_case",)
    else:
        _joined(held, response.headers)
    if not getattr(response, "chunked", False) and callable(tell := getattr(response, "tell", None)):
        held.size = _unless_unread(tell) or None


def _joined(held: Held, headers: Mapping[str, str]) -> None:
    """A mapping of names to joined lines. Joined cookies cannot be told apart."""
    held.fields = [(name, value) for name, value in _texts(headers.items()) if name.lower() != "set-cookie"]
    held.unknown += ("lines", "name_case")
    held.response_gaps |= {"set-cookie"}


def _http_client(response: Object) -> Held:
    fields, lost = _http_client_fields(response.headers)
    method, url = getattr(response, "_method", None), getattr(response, "url", None)
    request = Request(method, url, _spoken(), None) if method and url else None
    reason = response.reason if isinstance(response.reason, str) else None
    return Held(response.status, fields, _VERSIONS.get(response.version), reason, request=request,
                unknown=("response_fields", "lines") if lost else ())


def _urllib(response: Object) -> Held:
    """urllib.error.HTTPError, and whatever urllib wraps around a response of http.client."""
    below = getattr(response, "fp", None)
    while below is not None and not hasattr(below, "_method"):
        below = getattr(below, "fp", None)
    if below is None:
        raise ValueError(f"{type(response).__qualname__} holds no response of HTTP")
    held = _http_client(below)
    if held.request is None and (method := getattr(below, "_method", None)) and response.url:
        held.request = Request(method, response.url, _spoken(), None)
    return held


def _http_client_fields(message: Object) -> tuple[list[tuple[str, str]], bool]:
    """The field lines that http.client read, and whether some may be lost: it gives up at the first broken line."""
    lost = any(type(defect).__name__ not in _MULTIPART_DEFECTS for defect in message.defects)
    return [(name, _FOLD.sub(" ", value)) for name, value in _texts(message.items())], lost


def _spoken() -> str | None:
    """The version of the requests that http.client writes; programs have been seen to change it."""
    import http.client
    return _VERSIONS.get(getattr(http.client.HTTPConnection, "_http_vsn", 0))


def _aiohttp(response: Object) -> Held:
    asked = response.request_info
    request = Request(asked.method, str(asked.url), None, _texts(asked.headers.items()))
    spelled = response.version
    version = f"{spelled.major}.{spelled.minor}" if spelled is not None else ""
    body = getattr(response, "_body", None)
    return Held(response.status, response.raw_headers, _VERSIONS.get(version), response.reason,
                body if isinstance(body, bytes) else None, request=request)


def _mitmproxy(flow: Object) -> Exchange:
    from httplint.capture import flows
    made: object = flows.exchange(flow)
    if isinstance(made, Exchange):
        return made
    raise ValueError(f"the flow holds no response: {getattr(made, 'reason', 'there is none')}")


# -- test clients: no server, no connection


def _werkzeug(response: Object) -> Held:
    asked = getattr(response, "request", None)
    held = Held(response.status_code, list(response.headers), decodes=False)
    if asked is None:                                      # a view's response, which the application may still change
        held.unknown += ("response_fields",)
    else:
        held.request = request_of_environ(asked.environ)
        held.body = response.get_data() if response.is_sequence else None
    return without_server(held)


def _django(response: Object) -> Held:
    cookies = [("Set-Cookie", cookie.OutputString()) for cookie in response.cookies.values()]
    held = Held(response.status_code, [*_texts(response.items()), *cookies], decodes=False)
    if (asked := getattr(response, "wsgi_request", None)) is not None:
        held.request = request_of_environ(asked.environ)
    elif (asked := getattr(response, "asgi_request", None)) is not None:
        held.request = request_of_scope(asked.scope)
    if held.request is None:                               # a view's response, before any middleware
        held.unknown += ("response_fields",)
    elif not response.streaming and getattr(response, "is_rendered", True):
        held.body = response.content
    return without_server(held)


def request_of_environ(environ: Mapping[str, Any]) -> Request:
    """The request that a WSGI environment tells of. Repeated lines are joined, names re-cased (PEP 3333)."""
    lines = [(key[5:].replace("_", "-").title(), str(value)) for key, value in environ.items()
             if key.startswith("HTTP_") and isinstance(value, (str, int)) and value != ""]
    lines += [(name, str(environ[key])) for key, name in (("CONTENT_TYPE", "Content-Type"),
                                                          ("CONTENT_LENGTH", "Content-Length")) if environ.get(key)]
    host = environ.get("HTTP_HOST")
    if not host:
        port = str(environ.get("SERVER_PORT", ""))
        host = f"{environ.get('SERVER_NAME', '')}{'' if port in ('', '80', '443') else ':' + port}"
    path = f"{environ.get('SCRIPT_NAME', '')}{environ.get('PATH_INFO', '')}" or "/"
    query = str(environ.get("QUERY_STRING") or "")
    target = (f"{environ.get('wsgi.url_scheme', 'http')}://{host}"
              f"{quote(path.encode('latin-1', 'replace'), safe=_PATH_SAFE)}{'?' + query if query else ''}")
    names = {name.lower() for name, _ in lines}
    content = None if names & {"content-length", "transfer-encoding"} else b""
    version = _VERSIONS.get(str(environ.get("SERVER_PROTOCOL", "")).removeprefix("HTTP/"))
    return Request(str(environ.get("REQUEST_METHOD", "")), target, version, _texts(lines), content)


def request_of_scope(scope: Mapping[str, Any]) -> Request:
    """The request that an ASGI scope tells of."""
    lines = [(bytes(name), bytes(value)) for name, value in scope["headers"]]
    lines = [(name, value) for name, value in lines if value or name != b"cookie"]   # Django's test client has both
    known = {name.lower(): value for name, value in lines}
    server = scope.get("server") or ("", None)
    port = "" if server[1] in (None, 80, 443, "80", "443") else f":{server[1]}"
    host = known[b"host"].decode("latin-1") if b"host" in known else f"{server[0]}{port}"
    raw = scope.get("raw_path")
    path = bytes(raw).decode("latin-1") if raw else quote(str(scope.get("path", "/")), safe=_PATH_SAFE)
    query = _text(scope.get("query_string") or b"")        # Django's test client has a str there
    content = None if known.keys() & {b"content-length", b"transfer-encoding"} else b""
    return Request(str(scope["method"]), f"{scope.get('scheme', 'http')}://{host}{path}{'?' + query if query else ''}",
                   _VERSIONS.get(str(scope.get("http_version", ""))), lines, content)


def _texts(items: Iterable[tuple[Any, Any]]) -> list[tuple[str, str]]:
    """Pairs as texts of one character an octet; what has no value is left out."""
    return [(_text(name), _text(value)) for name, value in items if value is not None]


def _text(value: object) -> str:
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("latin-1")
    return octet_text(str(value))


READERS: dict[tuple[str, str], Callable[[Any], Held | Exchange]] = {
    ("httpx", "Response"): _httpx,
    ("httpx2", "Response"): _httpx,
    ("requests", "Response"): _requests,
    ("urllib3", "HTTPResponse"): _urllib3,
    ("urllib3", "BaseHTTPResponse"): _urllib3,
    ("aiohttp", "ClientResponse"): _aiohttp,
    ("http", "HTTPResponse"): _http_client,
    ("urllib", "HTTPError"): _urllib,
    ("urllib", "addinfourl"): _urllib,
    ("werkzeug", "Response"): _werkzeug,
    ("django", "HttpResponseBase"): _django,
    ("mitmproxy", "HTTPFlow"): _mitmproxy,
}
"""(package, class) -> how an object of that class, or of one derived from it, is read."""

KINDS = ("a response of httpx, requests, urllib3, aiohttp, http.client or urllib, or of the test client of Werkzeug, "
         "Flask, Django, Starlette or FastAPI, or a mitmproxy flow")

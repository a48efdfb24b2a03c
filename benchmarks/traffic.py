"""The traffic that is measured: entries of a HAR, made by chance or recorded and varied; alike in every run."""
from __future__ import annotations

import base64
import itertools
import json
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

WORDS = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett", "kilo", "lima",
         "größe", "naïve", "東京", "<b>bold</b>", '"quoted"', "back\\slash")
STATUSES = ([200] * 60 + [304] * 8 + [204] * 4 + [206] * 3 + [301] * 3 + [302] * 4 + [303, 307, 308] + [400] * 2
            + [401] * 2 + [403, 404, 404, 404, 405, 405, 406, 412, 416, 426, 500, 500, 502, 503, 504])
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def entries(number: int, seed: int = 1) -> Iterator[str]:
    """The JSON text of so many entries; alike in every run."""
    rng = random.Random(seed)
    for index in range(number):
        yield json.dumps(_entry(rng, index), ensure_ascii=bool(index % 3))


def _entry(rng: random.Random, index: int) -> dict[str, object]:
    status = rng.choice(STATUSES)
    method = rng.choice(("GET", "GET", "GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"))
    version = rng.choice(("HTTP/1.1", "HTTP/1.1", "h2", "h3"))
    host = f"{rng.choice(WORDS[:12])}{rng.randrange(40)}.example.com"
    url = f"https://{host}/{rng.choice(WORDS[:12])}/{rng.randrange(3000)}?page={rng.randrange(9)}"
    etag = f'"{rng.randrange(1 << 40):x}"'
    second = rng.randrange(86400)
    clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    media_type = rng.choice(("text/html; charset=utf-8", "application/json", "text/css"))
    text = _text(rng, status, method)
    if media_type == "application/json" and text:
        text = json.dumps({"words": text.split()})
    size = len(text.encode())
    request = [("Host", host), ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"),
               ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
               ("Accept-Encoding", "gzip, deflate, br"), ("Accept-Language", "en-GB,en;q=0.9,de;q=0.7"),
               ("Cookie", f"session={rng.randrange(1 << 60):x}; theme=dark"), ("Sec-Fetch-Mode", "navigate")]
    response = [("Date", f"{DAYS[1]}, 01 Jul 2025 {clock} GMT"), ("Server", rng.choice(("nginx", "Apache/2.4.57")))]
    if status == 304:
        request.append(("If-None-Match", etag))
    if status == 206:
        request.append(("Range", "bytes=0-99"))
    if status in (200, 206, 304):
        response += [("ETag", etag), ("Last-Modified", "Mon, 30 Jun 2025 10:00:00 GMT"), ("Accept-Ranges", "bytes")]
    if status == 206:
        response.append(("Content-Range", f"bytes 0-{max(size - 1, 0)}/{size + 100}"))
    if 300 <= status < 400 and status != 304:
        response.append(("Location", f"/{rng.choice(WORDS[:12])}/{rng.randrange(3000)}"))
    if status == 401:
        response.append(("WWW-Authenticate", 'Bearer realm="api", error="invalid_token"'))
    if status == 405:
        response.append(("Allow", "GET, HEAD, PATCH"))
    if status == 416:
        response.append(("Content-Range", "bytes */1000"))
    if status == 426:
        response += [("Upgrade", "h2c"), ("Connection", "upgrade")]
    if status == 503:
        response.append(("Retry-After", str(rng.randrange(600))))
    if status not in (204, 304):
        response += [("Content-Type", media_type), ("Content-Length", str(size))]
    extra = [("Cache-Control", rng.choice(("no-cache", "max-age=3600, public", "private, must-revalidate"))),
             ("Vary", "Accept-Encoding"), ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
             ("X-Content-Type-Options", "nosniff"), ("Set-Cookie", f"id={rng.randrange(1 << 50):x}; Path=/; Secure"),
             ("X-Request-Id", f"{rng.randrange(1 << 62):016x}"), ("Via", "1.1 proxy"), ("Age", str(rng.randrange(999))),
             ("Expires", f"{DAYS[2]}, 02 Jul 2025 {clock} GMT"), ("Link", '</style.css>; rel="preload"; as="style"'),
             ("Access-Control-Allow-Origin", "*"), ("Content-Language", "en"), ("X-Powered-By", "PHP/8.2")]
    response += rng.sample(extra, rng.randrange(len(extra)))
    content: dict[str, object] = {"size": size, "mimeType": "text/html"}
    if text and rng.random() < 0.1:
        content |= {"text": base64.b64encode(text.encode()).decode(), "encoding": "base64"}
    elif text:
        content["text"] = text
    return {
        "startedDateTime": f"2025-07-01T{clock}.000Z", "time": rng.random() * 100,
        "request": {"method": method, "url": url, "httpVersion": version, "cookies": [], "headersSize": -1,
                    "headers": [{"name": n, "value": v} for n, v in request],
                    "queryString": [{"name": "page", "value": "1"}], "bodySize": 0},
        "response": {"status": status, "statusText": "", "httpVersion": version, "cookies": [], "headersSize": -1,
                     "headers": [{"name": n, "value": v} for n, v in response],
                     "content": content, "redirectURL": "", "bodySize": size},
        "cache": {}, "timings": {"send": 0.1, "wait": rng.random() * 90, "receive": 0.2}, "_index": index,
    }


def _text(rng: random.Random, status: int, method: str) -> str:
    if status in (204, 304) or method == "HEAD":
        return ""
    words = int(rng.paretovariate(1.0) * 72)
    return " ".join(rng.choices(WORDS, k=words))[:20_000]


FIXTURES = Path(__file__).parents[1] / "fixtures" / "har"
_TOKEN = re.compile(r"\b[0-9a-f]{12,}\b")
_CLOCK = re.compile(r"\b\d\d:\d\d:\d\d\b")
_HOST = re.compile(r"\blocalhost\b|127\.0\.0\.1|\bexample\.com\b")
_SURROGATE = re.compile("[\ud800-\udfff]")
LONG = 4000
"""Longer strings, contents that is, stay as they were recorded."""


def recorded(number: int, seed: int = 1) -> Iterator[str]:
    """The JSON text of so many entries of the fixtures, over and over, each time with other hosts, times and tokens."""
    rng = random.Random(seed)
    captures = [json.loads(path.read_bytes()) for path in sorted(FIXTURES.glob("*.har"))]
    originals = [entry for capture in captures for entry in capture["log"]["entries"]]
    for entry in itertools.islice(itertools.cycle(originals), number):
        made = _varied(entry, rng)
        text = json.dumps(made, ensure_ascii=False)
        yield json.dumps(made) if _SURROGATE.search(text) else text


def _varied(entry: object, rng: random.Random) -> object:
    second = rng.randrange(86400)
    clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    host = f"h{rng.randrange(200)}.example.org"

    def text(value: str) -> str:
        value = _TOKEN.sub(lambda found: f"{rng.randrange(16 ** len(found[0])):0{len(found[0])}x}", value)
        return _HOST.sub(host, _CLOCK.sub(clock, value))

    def varied(value: object) -> object:
        if isinstance(value, dict):
            return {key: varied(one) for key, one in value.items()}
        if isinstance(value, list):
            return [varied(one) for one in value]
        return text(value) if isinstance(value, str) and len(value) < LONG else value

    return varied(entry)


def write(path: Path, made: Iterable[str]) -> None:
    """Writes a HAR of these entries, without holding it in memory."""
    with path.open("w", encoding="utf-8") as out:
        out.write('{"log": {"version": "1.2", "creator": {"name": "mitmproxy", "version": "12.0"}, "entries": [')
        for index, text in enumerate(made):
            out.write(",\n" if index else "\n")
            out.write(text)
        out.write("\n]}}\n")

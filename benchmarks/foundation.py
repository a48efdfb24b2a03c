"""How fast is `httplint check` on a big HAR, and how much memory does it take?

Generates a HAR of varied entries (always the same ones), and measures in one run, each in a process of its own:
this linter, Python's `json.load` alone, and msgspec's decoding alone. What counts is the ratio to `json.load`;
absolute times are those of one machine. The figures of the last run are in benchmarks/README.md.

    python benchmarks/foundation.py                     # 10,000 entries
    python benchmarks/foundation.py --entries 250000    # about 1 GB
    python benchmarks/foundation.py --cold httplint     # a one-entry HAR and --version, with an installed command
"""
from __future__ import annotations

import argparse
import base64
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
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


def write(path: Path, number: int) -> None:
    """Writes the HAR, without holding it in memory."""
    with path.open("w", encoding="utf-8") as out:
        out.write('{"log": {"version": "1.2", "creator": {"name": "mitmproxy", "version": "12.0"}, "entries": [')
        for index, text in enumerate(entries(number)):
            out.write(",\n" if index else "\n")
            out.write(text)
        out.write("\n]}}\n")


JSON_LOAD = "import json, sys; json.load(open(sys.argv[1], encoding='utf-8'))"
MSGSPEC = "import msgspec, sys; msgspec.json.decode(open(sys.argv[1], 'rb').read())"


def once(command: list[str]) -> tuple[float, float]:
    """(CPU seconds, peak memory in MB) of one run of a command."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def throughput(number: int, runs: int) -> None:
    """The linter against json.load and msgspec on one generated HAR: all of them in turn, so that ratios hold."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "generated.har"
        write(path, number)
        megabytes = path.stat().st_size / 1e6
        print(f"{number:,} entries, {megabytes:.0f} MB, Python {sys.version.split()[0]}, {runs} rounds: median (least)")
        check = [sys.executable, "-m", "httplint", "check", "--output-format"]
        commands = {"json.load": [sys.executable, "-c", JSON_LOAD, str(path)],
                    "msgspec": [sys.executable, "-c", MSGSPEC, str(path)],
                    "httplint (text)": [*check, "text", str(path)],
                    "httplint (json)": [*check, "json", str(path)]}
        rounds = [{name: once(command) for name, command in commands.items()} for _ in range(runs + 1)][1:]
        for name in commands:
            seconds = [one[name][0] for one in rounds]
            ratios = [one[name][0] / one["json.load"][0] for one in rounds]
            median, peak = statistics.median(seconds), max(one[name][1] for one in rounds)
            print(f"{name:16} {median:6.2f} ({min(seconds):5.2f}) s CPU  {statistics.median(ratios):5.2f} "
                  f"({min(ratios):4.2f}) × json.load  {number / median:8,.0f} entries/s  {peak:5.0f} MB")


def cold(command: str, runs: int) -> None:
    """A cold start of an installed command: a one-entry HAR, and --version, beside Python alone."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "one.har"
        write(path, 1)
        for name, argv in (("python -c pass", [sys.executable, "-c", "pass"]), ("--version", [command, "--version"]),
                           ("check one entry", [command, "check", str(path)])):
            seconds = [once(argv)[0] for _ in range(runs + 1)][1:]
            print(f"{name:16} {statistics.median(seconds) * 1000:4.0f} ({min(seconds) * 1000:.0f}) ms CPU")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--entries", type=int, default=10_000)
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--cold", metavar="COMMAND", help="measure cold starts of this installed command instead")
    arguments.add_argument("--write", metavar="FILE", help="only write the generated HAR")
    given = arguments.parse_args()
    if given.write:
        write(Path(given.write), given.entries)
    elif given.cold:
        cold(given.cold, given.runs)
    else:
        throughput(given.entries, given.runs)


if __name__ == "__main__":
    main()

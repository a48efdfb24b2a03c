"""What does the addon cost mitmproxy?

Needs mitmproxy in the same environment. Starts a small server and several of mitmdump in reverse mode on loopback:
alone, with an addon that does nothing, and with ours, which judges beside it or within. All run at once and are asked
in turns, over kept connections: one request at a time for the latency, eight connections for the throughput. What
counts are the ratios; absolute times are those of one machine. Then it lets simulated flows pass by the addon and shows
that memory stays flat. The figures of the last run are in benchmarks/README.md.

    python benchmarks/proxy.py
    python benchmarks/proxy.py --flows 20000 --rounds 10     # quick
"""
from __future__ import annotations

import argparse
import asyncio
import gc
import http.client
import io
import os
import random
import socket
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, redirect_stdout
from email.utils import formatdate
from pathlib import Path

HOST = "127.0.0.1"
NOTHING = Path(__file__).with_name("nothing_addon.py")
CONTENT = b"The same line again and again.\n" * 355           # 11 kB
NOW = time.time()
ANSWER = (b"HTTP/1.1 200 OK\r\nDate: " + formatdate(NOW, usegmt=True).encode() + b"\r\nServer: bench\r\n"
          b"Content-Type: text/plain; charset=utf-8\r\n"
          b'ETag: "a"\r\nCache-Control: private, max-age=60\r\nVary: Accept-Encoding\r\n'
          b"X-Content-Type-Options: nosniff\r\n"
          b"Set-Cookie: id=1; Path=/; HttpOnly\r\nContent-Length: %d\r\n\r\n" % len(CONTENT)) + CONTENT


def serve() -> int:
    """A server in a thread; its port."""
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(ANSWER)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    ports: list[int] = []
    begun = threading.Event()

    async def main() -> None:
        server = await asyncio.start_server(answer, HOST, 0)
        ports.append(server.sockets[0].getsockname()[1])
        begun.set()
        await server.serve_forever()

    threading.Thread(target=asyncio.run, args=(main(),), daemon=True).start()
    begun.wait()
    return ports[0]


def ask(port: int, number: int) -> list[float]:
    """The times that requests over one connection take, in seconds."""
    times = []
    with closing(http.client.HTTPConnection(HOST, port, timeout=60)) as client:
        for index in range(number):
            begin = time.perf_counter()
            client.request("GET", f"/items/{index % 50}?page={index % 7}", headers={"Accept": "*/*"})
            client.getresponse().read()
            times.append(time.perf_counter() - begin)
    return times


@contextmanager
def mitmdump(server: int, options: list[str]) -> Iterator[tuple[int, int]]:
    """(port, process id) of a mitmdump that is warm."""
    with socket.create_server((HOST, 0)) as probe:
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as confdir:
        process = subprocess.Popen(
            [str(Path(sysconfig.get_path("scripts")) / "mitmdump"), "-q", "--set", f"confdir={confdir}",
             "--listen-host", HOST, "-p", str(port), "--mode", f"reverse:http://{HOST}:{server}", *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while True:
                try:
                    ask(port, 200)
                    break
                except OSError:
                    time.sleep(0.1)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait()


def together(port: int, requests: int) -> float:
    """The seconds that requests over eight connections at a time take."""
    threads = [threading.Thread(target=ask, args=(port, requests // 8)) for _ in range(8)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - begin


def cpu(pid: int) -> float:
    """The CPU time that a process has taken, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


BLOCK = 40
"""Requests that one mitmdump gets before it is another one's turn: all of them meet the same disturbances."""


def proxied(rounds: int) -> None:
    """mitmdump alone, with an addon that does nothing, and with ours: judging beside it, and within."""
    from httplint.cli.addon_path import addon_path
    server = serve()
    quiet, ours = ["--set", "flow_detail=0"], ["-s", str(addon_path())]
    kinds = {"mitmdump alone": quiet,
             "addon of nothing": [*quiet, "-s", str(NOTHING)],
             "judged beside": [*quiet, *ours, "--set", "httplint_process=beside"],
             "judged within": [*quiet, *ours, "--set", "httplint_process=within"]}
    latencies: dict[str, list[float]] = {name: [] for name in kinds}
    seconds: dict[str, list[float]] = {name: [] for name in kinds}
    spent = dict.fromkeys(kinds, 0.0)
    with ExitStack() as stack:
        running = {name: stack.enter_context(mitmdump(server, options)) for name, options in kinds.items()}
        for number in range(rounds):
            for name, (port, process) in sorted(running.items(), key=lambda _: random.random()):
                before = cpu(process)
                latencies[name] += ask(port, BLOCK)
                spent[name] += cpu(process) - before
                if number % 2 == 0:
                    seconds[name].append(together(port, 4 * BLOCK))
    reference: list[float] = []
    for name in kinds:
        latency, least = statistics.median(latencies[name]), statistics.quantiles(latencies[name], n=10)[0]
        figures = [latency * 1e3, least * 1e3, 4 * BLOCK / statistics.median(seconds[name]),
                   spent[name] * 1e3 / len(latencies[name])]
        reference = reference or figures
        of = [figure / one for figure, one in zip(figures, reference, strict=True)]
        print(f"{name:16} latency {figures[0]:6.2f} ms ({of[0]:.2f} ×), of the fastest tenth {figures[1]:6.2f} ms "
              f"({of[1]:.2f} ×)  {figures[2]:6.0f} requests/s ({of[2]:.2f} ×)  {figures[3]:6.2f} ms CPU a request "
              f"({of[3]:.2f} ×)")


def resident() -> float:
    """The memory of this process that is in use, in MB."""
    with open("/proc/self/statm", encoding="ascii") as stream:
        return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def simulated(number: int) -> None:
    """Flows that pass by the addon one after another, a fifth of them with findings."""
    from mitmproxy import http
    from mitmproxy.test import taddons, tflow, tutils

    from httplint.addon import HttpLint

    rng = random.Random(1)
    body = os.urandom(20_000)
    lines = [line.split(b": ", 1) for line in ANSWER.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:-1]]

    def flow(index: int) -> http.HTTPFlow:
        status = 405 if index % 5 == 0 else rng.choice((200, 200, 200, 304, 404))
        headers = http.Headers([*map(tuple, lines), (b"X-Request-Id", b"%d" % index)])
        made = tflow.tflow(
            req=tutils.treq(method=b"GET", host="shop.example", port=80, path=b"/%d/items/%d" % (index % 97, index),
                            headers=http.Headers([(b"Host", b"shop.example"), (b"Cookie", b"id=%d" % index)])),
            resp=tutils.tresp(status_code=status, headers=headers, content=body + b"%d" % index))
        made.live = True
        made.request.timestamp_start = NOW + index % 60
        return made

    out = io.StringIO()
    with taddons.context() as context:
        addon = HttpLint()
        context.master.addons.add(addon)
        context.configure(addon, httplint_live="off")
        spent, begin = 0.0, 0
        steps = sorted({number // 10, number // 4, number // 2, 3 * number // 4, number})
        for index in range(1, number + 1):
            made = flow(index)
            response = made.response
            assert response is not None
            with redirect_stdout(out):
                started = time.perf_counter()
                response.timestamp_end = None
                addon.responseheaders(made)
                response.timestamp_end = response.timestamp_start
                addon.response(made)
                spent += time.perf_counter() - started
            if index in steps:
                gc.collect()
                print(f"{index:9,} flows  {resident():6.0f} MB  {spent / (index - begin) * 1e6:5.0f} µs a flow")
                spent, begin = 0.0, index


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--flows", type=int, default=200_000, help="how many flows are simulated")
    arguments.add_argument("--rounds", type=int, default=50, help=f"how often each is asked {BLOCK} times")
    given = arguments.parse_args()
    from mitmproxy import version
    print(f"{version.MITMPROXY}, Python {sys.version.split()[0]}")
    proxied(given.rounds)
    simulated(given.flows)


if __name__ == "__main__":
    main()

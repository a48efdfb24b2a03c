"""What does the addon cost mitmproxy?

Needs mitmproxy in the same environment. Starts a small server and mitmdump in reverse mode on loopback, with and
without the addon, in turns, and asks over kept connections: one request at a time for the latency, eight connections
for the throughput. What counts are the ratios; absolute times are those of one machine. Then it lets simulated flows
pass by the addon and shows that memory stays flat. The figures of the last run are in benchmarks/README.md.

    python benchmarks/proxy.py
    python benchmarks/proxy.py --flows 20000 --requests 500     # quick
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
from contextlib import closing, redirect_stdout
from email.utils import formatdate
from pathlib import Path

HOST = "127.0.0.1"
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


def run(server: int, options: list[str], requests: int) -> tuple[float, float, float]:
    """(median latency in ms, requests a second, CPU ms a request) of one mitmdump."""
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
                    ask(port, 100)                             # and until it is warm
                    break
                except OSError:
                    time.sleep(0.1)
            before = cpu(process.pid)
            latency = statistics.median(ask(port, requests))
            threads = [threading.Thread(target=ask, args=(port, requests // 4)) for _ in range(8)]
            begin = time.perf_counter()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            seconds = time.perf_counter() - begin
            spent = cpu(process.pid) - before
        finally:
            process.terminate()
            process.wait()
    many = 8 * (requests // 4)
    return latency * 1000, many / seconds, spent * 1000 / (requests + many)


def cpu(pid: int) -> float:
    """The CPU time that a process has taken, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def proxied(requests: int, rounds: int) -> None:
    """mitmdump with and without the addon."""
    from httplint.cli.addon_path import addon_path
    server = serve()
    kinds = {"mitmdump alone": ["--set", "flow_detail=0"],
             "with the addon": ["--set", "flow_detail=0", "-s", str(addon_path())]}
    results: dict[str, list[tuple[float, float, float]]] = {name: [] for name in kinds}
    for _ in range(rounds):
        for name, options in kinds.items():
            results[name].append(run(server, options, requests))
    reference: list[float] = []
    for name, runs in results.items():
        latency, throughput, spent = (statistics.median(column) for column in zip(*runs, strict=True))
        reference = reference or [latency, throughput, spent]
        print(f"{name:16} {latency:6.2f} ms latency ({latency / reference[0]:.2f} ×)  {throughput:6.0f} requests/s "
              f"({throughput / reference[1]:.2f} ×)  {spent:6.2f} ms CPU a request ({spent / reference[2]:.2f} ×)")


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
    arguments.add_argument("--requests", type=int, default=2_000, help="requests for each measurement")
    arguments.add_argument("--rounds", type=int, default=5)
    given = arguments.parse_args()
    from mitmproxy import version
    print(f"{version.MITMPROXY}, Python {sys.version.split()[0]}, median of {given.rounds}")
    proxied(given.requests, given.rounds)
    simulated(given.flows)


if __name__ == "__main__":
    main()

"""A socket server that writes whatever octets the table of answers holds, right or wrong."""

from __future__ import annotations

import asyncio
import ssl
import sys
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

from answers import BEHIND, CONFORMING, VIOLATING, accept_value
from fields_conforming import CONFORMING_FIELDS
from fields_violating import VIOLATING_FIELDS
from table import HOST, PORTS, Answer, Request


def moment(days: int = 0) -> str:
    """The time now, some days away, as an IMF-fixdate."""
    return format_datetime(datetime.now(timezone.utc) + timedelta(days=days), usegmt=True)


def head(answer: Answer, request: Request) -> bytes:
    """Status line and header section."""
    values: Mapping[str, Callable[[], str]] = {
        "{now in UTC}": lambda: moment().replace("GMT", "UTC"),
        "{tomorrow}": lambda: moment(1),
        "{accept}": lambda: accept_value(request.fields.get("sec-websocket-key", "")),
    }
    lines = [f"HTTP/1.1 {answer.status}", *([f"Date: {moment()}"] if answer.date else []), *answer.fields]
    text = "\r\n".join(lines) + "\r\n\r\n"
    for name, value in values.items():
        if name in text:
            text = text.replace(name, value())
    return text.encode("latin-1")


def find(request: Request) -> Answer | None:
    """The answer to a request."""
    for each in (*CONFORMING, *CONFORMING_FIELDS, *VIOLATING, *VIOLATING_FIELDS, *BEHIND):
        if each.path == request.target and (each.when is None or each.when(request)):
            return each
    return None


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """One request with its content read away, or None at the end of the connection."""
    try:
        text = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *lines = text.split("\r\n")
        method, target, version = line.split(" ")
        pairs = (each.partition(":") for each in lines if each)
        fields = {name.strip().lower(): value.strip() for name, _, value in pairs}
        await reader.readexactly(int(fields.get("content-length", "0")))
    except (asyncio.IncompleteReadError, ConnectionError, ValueError):
        return None
    return Request(method, target, version.removeprefix("HTTP/"), fields)


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of one connection."""
    try:
        while request := await read_request(reader):
            answer = find(request) or Answer(
                request.target, "404 Not Found", ("Content-Type: text/plain", "Content-Length: 12"), b"No fixture.\n"
            )
            await asyncio.sleep(answer.delay)
            if answer.interim:
                writer.write(answer.interim)
                await writer.drain()
                await asyncio.sleep(0.1)
            bare = request.method == "HEAD" and not answer.flaws
            writer.write(head(answer, request) + (b"" if bare else answer.raw))
            await writer.drain()
            if answer.code == 101:
                await asyncio.sleep(0.2)
                writer.write(answer.after)
                await writer.drain()
                if answer.after:
                    await asyncio.wait_for(reader.read(64), 2)
            if answer.close or answer.code == 101 or request.version == "1.0":
                break
    except (ConnectionError, TimeoutError):
        pass
    finally:
        writer.close()


async def main(certificate: str, key: str) -> None:
    """Serve until killed, in the clear and over TLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["http/1.1"])
    clear = await asyncio.start_server(serve, HOST, PORTS["application"])
    within_tls = await asyncio.start_server(serve, HOST, PORTS["application-tls"], ssl=context)
    async with clear, within_tls:
        await asyncio.gather(clear.serve_forever(), within_tls.serve_forever())


if __name__ == "__main__":
    try:
        asyncio.run(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(0)

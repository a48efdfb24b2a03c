"""A small HTTP/2 server over TLS that sends what HTTP/2 forbids. Needs the h2 package, which mitmproxy brings."""

from __future__ import annotations

import asyncio
import ssl
import sys
from email.utils import formatdate

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived
from h2.exceptions import ProtocolError
from table import HOST, PORTS
from visits import H2_FIELDS


class Session(asyncio.Protocol):
    """One connection: every request is answered at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start HTTP/2, with all checks of outgoing messages off."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.http = H2Connection(H2Configuration(
            client_side=False, header_encoding="utf-8", validate_outbound_headers=False,
            normalize_outbound_headers=False,
        ))
        self.http.initiate_connection()
        self.transport.write(self.http.data_to_send())

    def data_received(self, data: bytes) -> None:
        """Answer the requests in what came."""
        try:
            for event in self.http.receive_data(data):
                if isinstance(event, RequestReceived):
                    self.answer(event.stream_id, dict(event.headers).get(":path", "/"))
        except ProtocolError:
            self.transport.close()
            return
        self.transport.write(self.http.data_to_send())

    def answer(self, stream: int, path: str) -> None:
        """A short text, with the fields that the path asks for."""
        content = b"Over HTTP/2.\n"
        fields = [(":status", "200"), ("date", formatdate(usegmt=True)), *H2_FIELDS.get(path, ())]
        fields += [("content-type", "text/plain"), ("content-length", str(len(content)))]
        self.http.send_headers(stream, fields)
        self.http.send_data(stream, content, end_stream=True)


async def main(certificate: str, key: str) -> None:
    """Serve until killed."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["h2"])
    server = await asyncio.get_running_loop().create_server(Session, HOST, PORTS["application-h2"], ssl=context)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

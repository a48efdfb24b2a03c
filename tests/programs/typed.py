"""What a user writes, as a type checker sees it: lines that end in `wrong` are errors, and no others."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from email.message import Message
from pathlib import Path

from httplint import (
    Exchange,
    Fields,
    Finding,
    Linter,
    Report,
    Request,
    Response,
    lint,
    lint_har,
    read,
    read_har_entries,
    read_har_entry,
)

texts: dict[str, str] = {"Content-Type": "text/plain"}
octets: dict[bytes, bytes] = {b"Content-Type": b"text/plain"}
of_octets: dict[str, bytes] = {"Content-Type": b"text/plain"}
several: dict[str, list[str]] = {"Allow": ["GET", "HEAD"]}
pairs: list[tuple[str, str]] = [("Content-Type", "text/plain")]
octet_pairs: list[tuple[bytes, bytes]] = [(b"Content-Type", b"text/plain")]
mapping: Mapping[str, str] = texts
mutable: MutableMapping[str, str] = texts
message = Message()
message["Content-Type"] = "text/plain"
numbers: dict[str, int] = {"Content-Length": 1}


def generated() -> Iterator[tuple[str, str]]:
    yield "Content-Type", "text/plain"


answers = [
    Response(200, headers={"Content-Type": "text/plain"}),
    Response(200, headers=texts),
    Response(200, headers=octets),
    Response(200, headers=of_octets),
    Response(200, headers=several),
    Response(200, headers=pairs),
    Response(200, headers=octet_pairs),
    Response(200, headers=tuple(pairs)),
    Response(200, headers=mapping),
    Response(200, headers=mutable),
    Response(200, headers=message),
    Response(200, headers=texts.items()),
    Response(200, headers=generated()),
    Response(200, headers=None, trailers=texts),
    Response(200, headers=Fields((("Content-Type", "text/plain"),)), content="text"),
    Response(200, content=bytearray(b"octets")),
]
asked = Request("GET", "/", headers=texts, content=b"")
report: Report = lint(Exchange(answers[0], asked))
found: list[Finding] = report.findings
linter = Linter(select=["304"], ignore="304.etag", profile={"api"}, rules=Path("rules"))
reports: list[Report] = list(linter.lint_all([Exchange(answer) for answer in answers]))
for exchange, judged in lint_har(Path("site.har"), linter):
    print(exchange.response.status, judged.findings)
print(list(read(b"")))
row: dict[str, object] = {"request": {"url": "/"}, "response": {"status": 200}}
rows: list[dict[str, object] | str | None] = [row, "{}", None]
for outcome in read_har_entries(rows, creator={"name": "WebPageTest"}, path="page"):
    print(outcome.response if isinstance(outcome, Exchange) else outcome.reason)
print(read_har_entry(row, creator=None), read_har_entry(b"{}", creator="WebPageTest"))

Response("200")  # wrong
Response(200, headers="Content-Type: text/plain")  # wrong
Response(200, headers=numbers)  # wrong
Response(200, headers=[("a",)])  # wrong
Response(200, content=5)  # wrong
Request("GET", 5)  # wrong
Exchange(asked, answers[0])  # wrong
Linter(profile=5)  # wrong
Linter(profiles="api")  # wrong
lint_har(5)  # wrong
read_har_entries(rows)  # wrong
read_har_entry(5, creator=None)  # wrong

"""The words of the hand-written tables: what is asked, what is answered, and which flaws an answer has.

Nothing here reads a linter's output. A flaw is stated by a person who read the section it names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

HOST = "127.0.0.1"
"""Servers listen on loopback only, at fixed ports, so that a new recording differs little from the last one."""

PORTS: dict[str, int] = {
    "nginx": 28181,
    "nginx-tls": 28182,
    "apache": 28281,
    "apache-proxy": 28282,
    "application": 28381,
    "application-h2": 28382,
    "application-tls": 28383,
    "mitmproxy": 28481,
    "mitmproxy-upstream": 28482,
    "nobody": 28999,
}

TLS = frozenset({"nginx-tls", "application-h2", "application-tls"})

NAMES: Mapping[str, str] = {"application-tls": "www.shop.test"}
"""The hosts that are asked for by a name, since cookies and policies hold for names; the name leads to loopback."""


def url(origin: str, path: str) -> str:
    """The URL of a path at one of our servers."""
    return f"{'https' if origin in TLS else 'http'}://{NAMES.get(origin, HOST)}:{PORTS[origin]}{path}"


@dataclass(frozen=True)
class Ask:
    """A request: what to send, and who of the clients can send it."""

    method: str = "GET"
    fields: tuple[str, ...] = ()
    """Field lines; a line that ends with a colon removes what curl would send of its own."""
    content: str | None = None
    version: str = "1.1"
    follow: int = 0
    """How many redirects to follow."""
    browser: str = "fetch"
    """How the browser asks: fetch, goto, websocket; empty where it cannot or need not."""
    curl: bool = True
    """Whether the recording with curl through mitmproxy asks too."""
    proxy: bool = False
    """Ask through the Apache that is a forward proxy."""
    times: int = 1
    foreign: bool = False
    """The browser asks from a page of another origin."""


@dataclass(frozen=True)
class Flaw:
    """One violation in an answer, as a person sees it who reads the section."""

    flaw: str
    spec: str
    level: str
    implied: bool = False
    """The section defines rather than demands: no requirement keyword."""
    hidden: Mapping[str, str] = field(default_factory=dict)
    """Why a producer's HAR cannot show it: by producer ("chromium", "mitmproxy", "*" for every one)."""
    note: str = ""
    visit: int = 0
    """Only at the n-th request of this path (from 1); 0 for each."""
    rule: str | None = None
    """The rule that finds it; filled in by hand."""


@dataclass(frozen=True)
class Request:
    """What the application reads of a request."""

    method: str
    target: str
    version: str
    fields: Mapping[str, str]

    def has(self, name: str) -> bool:
        """Whether the request carries the field."""
        return name.lower() in self.fields


@dataclass(frozen=True)
class Visit:
    """A request to a server, the status that its answer has, and the flaws of that answer."""

    origin: str
    path: str
    status: int
    ask: Ask = Ask()
    flaws: tuple[Flaw, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What the application answers at a path: field lines and content exactly as they go out."""

    path: str
    status: str
    """Code and reason phrase."""
    fields: tuple[str, ...] = ()
    raw: bytes = b""
    ask: Ask = Ask()
    flaws: tuple[Flaw, ...] = ()
    date: bool = True
    interim: bytes = b""
    """Octets sent before the final response."""
    after: bytes = b""
    """Octets sent when the connection is no longer HTTP."""
    close: bool = False
    """The end of the connection ends the content."""
    delay: float = 0
    when: Callable[[Request], bool] | None = None
    """Answers at one path are tried in order; the first whose condition holds is sent."""
    origin: str = "application"
    """Which server answers: the application in the clear, or over TLS."""

    @property
    def code(self) -> int:
        """The status code as a number."""
        return int(self.status.split(" ", 1)[0])

"""The process that judges beside mitmproxy: `python -m httplint.mitm.judge SOCKET`, which `beside` starts.

Theory. What this process knows may be lost, as it may be ended at any time: it holds rules, and what earlier exchanges
tell of later ones, whose loss costs findings and never makes a false one. All that counts stays with mitmproxy.

It ends when nobody is at the other end any more, and by nothing else: a signal to the whole group (Ctrl-C, the end of a
service) must not lose what mitmproxy, which ends in order, still wants to know.

A verdict with findings is told at once. One without waits for the next ones, so that most flows cost mitmproxy's loop
nothing but the sending; for how long does not matter, since nobody sees it before he asks.
"""
from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from io import BufferedReader

from httplint.capture.flows import pair
from httplint.engine.linter import RuleLinter
from httplint.engine.report import Report
from httplint.jobs.travelling import Packer, pack_finding
from httplint.mitm import wire
from httplint.mitm.wire import HEAD, Lot, Reply
from httplint.model.exchange import Exchange, Source
from httplint.report import fault
from httplint.report.kind import place_in
from httplint.report.summary import ExchangeKind

WITHHELD = 32
"""How many verdicts without findings are kept back."""
OCTETS_WITHHELD = 1 << 20
"""How many octets of contents mitmproxy keeps for verdicts that are kept back."""
NUMBERED = 4096
"""How many outcomes and kinds have numbers at a time."""
NICE = 5
"""How much others go before this process: the proxy and its clients wait for one another, and nobody for a verdict."""

SOURCE = Source("mitmproxy", 0)
"""Where all exchanges are said to come from; mitmproxy knows it better."""


class Telling:
    """Judges flows as they come, and tells what it finds by `send`."""

    def __init__(self, send: Callable[[bytes], object]) -> None:
        self._send = send
        self._judge: Callable[[Exchange], Report] | None = None
        self._packer = Packer()
        self._octets = 0
        self._outcomes: dict[object, int] = {}
        self._kinds: dict[ExchangeKind, int] = {}
        self._lot = Lot(True, [], [], [])

    def tell(self) -> None:
        """Tells what is known."""
        self._send(wire.lot_message(self._lot))
        self._lot = Lot(False, [], [], [])
        self._octets = 0

    def rules(self, linter: RuleLinter) -> None:
        """What follows is judged by other rules."""
        self._judge = linter.stream()
        self._anew()

    def _anew(self) -> None:
        self.tell()
        self._outcomes.clear()
        self._kinds.clear()
        self._lot = Lot(True, [], [], [])

    def flow(self, head: bytes, asked: bytes | None, answered: bytes | None, at_once: bool) -> None:
        """Judges a flow."""
        assert self._judge is not None
        if max(len(self._outcomes), len(self._kinds)) >= NUMBERED:
            self._anew()
        try:
            verdict = self._verdict(self._judge(pair(*wire.flow_of(head, asked, answered), SOURCE)))
        except Exception as error:                         # it costs this flow its verdict, and nothing else
            verdict = Reply(-1, -1, [], fault.logged(error))
        self._lot.verdicts.append(tuple(verdict))
        self._octets += len(asked or ()) + len(answered or ())
        if (at_once or verdict.findings or verdict.fault or len(self._lot.verdicts) >= WITHHELD
                or self._octets >= OCTETS_WITHHELD):
            self.tell()

    def _verdict(self, report: Report) -> Reply:
        kind = (*place_in(report), report.exchange.response.status)
        return Reply(self._outcome(report), self._kind(kind), [pack_finding(one) for one in report.findings], None)

    def _outcome(self, report: Report) -> int:
        key = tuple(report.passes), tuple(report.groups)
        number = self._outcomes.get(key)
        if number is None:
            number = self._outcomes[key] = len(self._outcomes)
            self._lot.outcomes.append((tuple([rule.order for group in report.passes for rule in group]),
                                       tuple([self._packer.pack(group) for group in report.groups])))
        return number

    def _kind(self, kind: ExchangeKind) -> int:
        number = self._kinds.get(kind)
        if number is None:
            number = self._kinds[kind] = len(self._kinds)
            self._lot.kinds.append(kind)
        return number


def messages(stream: BufferedReader) -> Iterator[tuple[int, list[bytes | None]]]:
    """The kinds and the parts of the messages, until nobody is there any more."""
    with contextlib.suppress(ConnectionError):
        while len(octets := stream.read(HEAD.size)) == HEAD.size:
            kind, *sizes = HEAD.unpack(octets)
            parts = [None if size < 0 else stream.read(size) for size in sizes]
            if sum(len(part or b"") for part in parts) < sum(size for size in sizes if size > 0):
                return                                     # it broke off
            yield kind, parts


def judge(stream: BufferedReader, send: Callable[[bytes], object]) -> None:
    """Judges what comes, until nobody is at the other end any more."""
    judging = Telling(send)
    for kind, (head, asked, answered) in messages(stream):
        if kind == wire.RULES:
            judging.rules(pickle.loads(head or b""))  # noqa: S301 - from the process that started this one
            gc.collect()
            gc.freeze()
        elif kind == wire.TELL:
            judging.tell()
        else:
            judging.flow(head or b"", asked, answered, kind == wire.CAREFULLY)


def main(descriptor: int) -> None:
    """Judges what comes over a socket."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    os.nice(NICE)
    with socket.socket(fileno=descriptor) as end, contextlib.suppress(ConnectionError):
        judge(BufferedReader(socket.SocketIO(end, "r"), 1 << 18), end.sendall)
    os._exit(0)                                            # at once: there is nothing to tidy up


if __name__ == "__main__":
    main(int(sys.argv[1]))

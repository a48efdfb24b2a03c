"""The process that judges beside mitmproxy, as mitmproxy's loop sees it: started, fed, listened to, ended.

Theory. A flow waits until its verdict comes; verdicts come in the order of the flows. So whatever becomes of the
process, it is known which flows have none:

- The process ends before its time: another one is started, and judges what waits again, one flow after the other.
  Should it end too, then because of the flow that is the first without a verdict, which is given up; ENDS ends within
  ENDS_SECONDS give up the judging. Judging in here instead would end mitmproxy.
- It does not even come up: nothing was judged, and `unfit` is told, so that mitmproxy judges.
- It falls behind: FLOWS or OCTETS wait. `judge` returns something to wait for, and mitmproxy holds back the response at
  hand, while others pass. Nothing is left out for want of room, and memory is bounded by the connections that are open.
- It says nothing for PATIENCE seconds while somebody waits: it is ended, as if it had by itself.

Contents are sent from where they are, without a copy, as far as the system takes them; the rest follows from the loop.
"""
from __future__ import annotations

import asyncio
import logging
import os
import pickle
import selectors
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable

from mitmproxy import http

from httplint.capture.flows import Answered, Asked, Snapshot, pair
from httplint.configuration.policy import Policy
from httplint.engine.linter import RuleLinter
from httplint.engine.report import NotJudged, Report
from httplint.engine.rule import Rule
from httplint.jobs.travelling import PackedFinding, Unpacker
from httplint.mitm import wire
from httplint.mitm.wire import LENGTH, Lot, Reply
from httplint.model.exchange import Distant, Exchange, Source
from httplint.model.named import NamedTuple
from httplint.report.fault import DEBUG
from httplint.report.summary import ExchangeKind

FLOWS = 1000
OCTETS = 64 << 20
"""How many flows, and octets of their contents, wait for verdicts before responses are held back."""
PATIENCE = 30.0
"""How long the process may say nothing while somebody waits, in seconds."""
ENDS = 10
ENDS_SECONDS = 60.0
UNSENT = 1 << 20
"""How many octets the system is asked to take at a time."""

logger = logging.getLogger(__name__)


class NoProcess(Exception):
    """There can be no process beside mitmproxy; the message says why."""


class Engine:
    """What judges, and what the configuration makes of it."""

    def __init__(self, linter: RuleLinter, policy: Policy) -> None:
        self.linter = linter
        self.policy = policy
        self.unpacker = Unpacker(linter.rules)


class Waiting:
    """A flow that has no verdict yet, with its messages as they were when it passed."""

    __slots__ = ("again", "answered", "engine", "flow", "number", "size", "snapshot")

    def __init__(self, flow: http.HTTPFlow, number: int, snapshot: Snapshot, answered: Answered,
                 engine: Engine) -> None:
        self.flow = flow
        self.number = number
        self.snapshot = snapshot
        self.answered = answered
        self.engine = engine
        self.size = len(snapshot.asked.content or b"") + len(answered.content or b"")
        self.again = False
        """Whether a process has ended before it told a verdict."""

    @property
    def messages(self) -> tuple[Asked, Answered, bool]:
        """Request and response, and whether that is broken."""
        return self.snapshot.asked, self.answered, self.snapshot.error is not None


UNKNOWN: ExchangeKind = ("", "", "", 0)
Outcomes = list[tuple[tuple[Rule, ...], list[tuple[NotJudged, ...]]]]


class Heard(NamedTuple):
    """A verdict, and the flow it is about."""

    waiting: Waiting
    passes: tuple[Rule, ...]
    groups: list[tuple[NotJudged, ...]]
    kind: ExchangeKind
    findings: list[PackedFinding]
    fault: tuple[str, str] | None

    def report(self) -> Report:
        """As it would have been made in here; without findings, its exchange is made when somebody asks for it."""
        waiting = self.waiting
        source, unpacker = Source("mitmproxy", waiting.number), waiting.engine.unpacker

        def make() -> Exchange:
            return pair(*waiting.messages, source)

        report = Report(make() if self.findings else Distant(source, make), self.kind[:3])
        report.findings = [unpacker.finding(one, source) for one in self.findings]
        report.passes, report.groups = [self.passes], self.groups
        return report


class Numbers:
    """What the process says once and gives numbers to."""

    def __init__(self) -> None:
        self._outcomes: Outcomes = []
        self._kinds: list[ExchangeKind] = []

    def learn(self, lot: Lot, unpacker: Unpacker) -> None:
        """Takes in what is new in a lot."""
        if lot.anew:
            self._outcomes.clear()
            self._kinds.clear()
        self._outcomes += [(unpacker.holding(held), [unpacker.group(group) for group in groups])
                           for held, groups in lot.outcomes]
        self._kinds += lot.kinds

    def heard(self, waiting: Waiting, told: Reply) -> Heard:
        """A verdict in full."""
        if told.fault is not None:
            return Heard(waiting, (), [], UNKNOWN, [], told.fault)
        return Heard(waiting, *self._outcomes[told.outcome], self._kinds[told.kind], told.findings, None)


class Beside:
    """The process."""

    def __init__(self, loop: asyncio.AbstractEventLoop, engine: Engine, hear: Callable[[list[Heard]], object],
                 lose: Callable[[Waiting, str], object], unfit: Callable[[list[Waiting], str], object]) -> None:
        """`hear` takes verdicts, `lose` a flow that gets none, and why; `unfit` all flows, if no process came up.

        Raises NoProcess where there can be none.
        """
        self._loop = loop
        self._hear = hear
        self._lose = lose
        self._unfit = unfit
        self._waiting: deque[Waiting] = deque()
        self._octets = 0
        self._held: list[asyncio.Future[None]] = []
        self._lots = 0
        self._ends: deque[float] = deque(maxlen=ENDS)
        self._given_up = ""
        self._start(engine)

    # -- the process

    def _start(self, engine: Engine) -> None:
        if os.name == "nt" or getattr(sys, "frozen", False) or not sys.executable:
            raise NoProcess("there is no Python here that could be started for it")
        self._numbers = Numbers()
        self._unsent: deque[memoryview] = deque()
        self._received = bytearray()
        self._up = False
        self._engine: Engine | None = None
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                number = theirs.fileno()
                self._process = subprocess.Popen(  # noqa: S603
                    [sys.executable, "-P", "-m", "httplint.mitm.judge", str(number)], pass_fds=(number,),
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
                    stderr=None if os.environ.get(DEBUG) else subprocess.DEVNULL)
            ours.setblocking(False)
            self._loop.add_reader(ours, self._read)
        except (OSError, NotImplementedError) as error:
            ours.close()
            raise NoProcess(str(error)) from None
        self._socket = ours
        self._use(engine)

    def _use(self, engine: Engine) -> None:
        self._engine = engine
        self._write(wire.message(wire.RULES, pickle.dumps(engine.linter, pickle.HIGHEST_PROTOCOL)))

    def _close(self) -> int:
        """Lets the process end; its exit status."""
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        self._socket.close()
        try:
            return self._process.wait(1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def _ended(self) -> None:
        """The process has ended before its time."""
        status = self._close()
        waiting, self._waiting, self._octets = self._waiting, deque(), 0
        if not self._up:
            self._given_up = f"it ended with status {status}"
            self._unfit(list(waiting), self._given_up)
        else:
            self._again(waiting, status)
        self._release()

    def _again(self, waiting: deque[Waiting], status: int) -> None:
        logger.error(f"httplint: the process that judges has ended with status {status}; another one judges again "
                     f"what waits, {len(waiting):,} flows")
        if waiting and waiting[0].again:
            self._lose(waiting.popleft(), "judging it ended the process that judges, twice")
        self._ends.append(time.monotonic())
        try:
            if len(self._ends) == ENDS and self._ends[-1] - self._ends[0] < ENDS_SECONDS:
                raise NoProcess(f"the process that judges has ended {ENDS} times within {ENDS_SECONDS:.0f} seconds")
            assert self._engine is not None
            self._start(waiting[0].engine if waiting else self._engine)
        except NoProcess as why:
            self._given_up = str(why)
            logger.error(f"httplint: {self._given_up}; nothing is judged any more")
        for one in waiting:
            one.again = True
            self._judge(one)

    # -- what goes there

    def judge(self, waiting: Waiting) -> asyncio.Future[None] | None:
        """Has a flow judged. Returns what to wait for, where too many wait already."""
        self._judge(waiting)
        return None if not self._is_full() else self._hold()

    def _judge(self, waiting: Waiting) -> None:
        if self._given_up:
            self._lose(waiting, self._given_up)
            return
        parts = wire.flow_message(*waiting.messages, waiting.again)
        if waiting.engine is not self._engine:
            self._use(waiting.engine)
        self._waiting.append(waiting)
        self._octets += waiting.size
        self._write(parts)

    def _write(self, parts: list[bytes]) -> None:
        if self._unsent:
            self._unsent += map(memoryview, parts)
            return
        try:
            sent = self._socket.sendmsg(parts)
        except BlockingIOError:
            sent = 0
        except OSError:                                    # what reads will notice, too
            return
        if sent < sum(map(len, parts)):
            self._unsent += map(memoryview, parts)
            self._was_sent(sent)
            self._loop.add_writer(self._socket, self._write_on)

    def _write_on(self) -> None:
        try:
            while self._unsent:
                self._was_sent(self._socket.send(self._unsent[0][:UNSENT]))
        except BlockingIOError:
            return
        except OSError:
            self._unsent.clear()
        self._loop.remove_writer(self._socket)

    def _was_sent(self, octets: int) -> None:
        while self._unsent and octets >= len(self._unsent[0]):
            octets -= len(self._unsent.popleft())
        if octets:
            self._unsent[0] = self._unsent[0][octets:]

    # -- what comes from there

    def _read(self) -> None:
        try:
            octets = self._socket.recv(1 << 18)
        except BlockingIOError:
            return
        except OSError:
            octets = b""
        if not octets:
            self._ended()
            return
        self._received += octets
        heard: list[Heard] = []
        while (lot := self._lot()) is not None:
            heard += self._verdicts(lot)
        self._lots += 1
        if heard:
            self._hear(heard)
        self._release()

    def _lot(self) -> Lot | None:
        """The next lot that is there as a whole."""
        begin = LENGTH.size
        if len(self._received) < begin:
            return None
        end = begin + LENGTH.unpack_from(self._received)[0]
        if len(self._received) < end:
            return None
        lot = wire.lot_of(bytes(self._received[begin:end]))
        del self._received[:end]
        self._up = True
        return lot

    def _verdicts(self, lot: Lot) -> list[Heard]:
        if self._waiting:
            self._numbers.learn(lot, self._waiting[0].engine.unpacker)
        heard = [self._numbers.heard(self._waiting.popleft(), Reply._make(verdict)) for verdict in lot.verdicts]
        self._octets -= sum(one.waiting.size for one in heard)
        return heard

    # -- those who wait

    def _is_full(self) -> bool:
        return len(self._waiting) >= FLOWS or self._octets >= OCTETS

    def _hold(self) -> asyncio.Future[None]:
        if not self._held:
            self._loop.call_later(PATIENCE, self._look_after, self._lots)
        future: asyncio.Future[None] = self._loop.create_future()
        self._held.append(future)
        return future

    def _look_after(self, lots: int) -> None:
        """Ends a process that says nothing while somebody waits."""
        if self._held:
            if self._lots == lots:
                self._process.kill()
            self._loop.call_later(PATIENCE, self._look_after, self._lots)

    def _release(self) -> None:
        """Lets go on who waits, if there is room."""
        if self._held and not self._is_full():
            held, self._held = self._held, []
            for future in held:
                if not future.done():                      # the connection may be gone
                    future.set_result(None)

    def drain(self) -> None:
        """Waits for all verdicts."""
        if self._waiting:
            self._write(wire.message(wire.TELL))
        while self._waiting:
            with selectors.DefaultSelector() as selector:
                wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._unsent else 0)
                selector.register(self._socket, wanted)
                ready = selector.select(PATIENCE)
            if not ready:
                self._process.kill()
            for _, events in ready:
                if events & selectors.EVENT_WRITE:
                    self._write_on()
                if events & selectors.EVENT_READ:
                    self._read()

    def end(self) -> None:
        """Waits for all verdicts, and ends the process."""
        self.drain()
        if not self._given_up:
            self._close()
        self._given_up = "mitmproxy has ended"

"""Processes that do tasks side by side; what comes of them is handed out in the order of the tasks, or as
it comes.

* A process has a task more than it works on, so that it never waits for this one; what it is ahead of its turn is held
  here, up to a bound, and then it waits.
* A process that dies costs its work on one task, which another one does anew, from its beginning; what came of it
  before is not handed out again. A task that two of them die of is lost, and said to be.
* Who needs no order takes what comes as it comes: then nobody waits for a task that takes long.
* They end with this one: when it lets them go, when it is interrupted, and when it is killed, since their pipe breaks.
  A Ctrl-C on the terminal reaches all; theirs is ignored, for this process decides.
"""
from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Generic, TypeVar

from httplint.model import cycles
from httplint.model.named import NamedTuple
from httplint.report import fault

T = TypeVar("T")
R = TypeVar("R")
Work = Callable[[Any], Iterable[Any]]
"""What a process makes of a task: results, the same ones each time. It travels, as tasks and results do."""

AT_ONCE = 2
"""Tasks that a process has: the one that it works on, and the next."""
AHEAD = 4
"""Tasks for each process that are given out before the first of them has been taken in."""
HELD = 8
"""Results of a task that are held before it is its turn."""

_RESULT, _END, _FAILED = range(3)


class Ended(NamedTuple):
    """A task has come to its end. `received`: how many results came of it; `lost`: why it is not done, if it is not."""

    received: int
    lost: str | None


class Lost(Exception):
    """A task is not done, or not to its end; the text says why in plain words."""


class Order(Generic[T, R]):
    """A task that was given out. Iterating hands out what comes of it, and raises Lost."""

    __slots__ = ("_workers", "held", "lost", "over", "received", "skipped", "task", "tried", "unwanted")

    def __init__(self, task: T, workers: Workers[T, R]) -> None:
        self._workers = workers
        self.task = task
        self.held: deque[R] = deque()
        self.over = False
        self.lost: str | None = None
        self.unwanted = False
        """Whether nobody waits for it any more."""
        self.tried = 1
        self.received = 0
        self.skipped = 0
        """Results that came before the process died that was at it, and now come again."""

    def __iter__(self) -> Iterator[R]:
        while True:
            while self.held:
                yield self.held.popleft()
            if self.over:
                break
            self._workers.receive(self)
        if self.lost is not None:
            raise Lost(self.lost)

    def has_room(self, wanted: Order[T, R]) -> bool:
        """Whether one more result may come while that order is waited for."""
        return self is wanted or self.unwanted or len(self.held) < HELD

    def lose(self, why: str) -> None:
        """It will not be done."""
        self.over, self.lost = True, why

    def take(self, result: R) -> None:
        """Takes in one more result."""
        if self.skipped:
            self.skipped -= 1
            return
        self.received += 1
        if not self.unwanted:
            self.held.append(result)


class _Worker(Generic[T, R]):
    """A process, the pipe to it, and its orders, of which it works on the first."""

    __slots__ = ("connection", "orders", "process")

    def __init__(self, process: Any, connection: Connection) -> None:
        self.process = process
        self.connection = connection
        self.orders: deque[Order[T, R]] = deque()

    def load(self) -> int:
        """How many of its orders are still wanted."""
        return sum(not order.unwanted for order in self.orders)

    def give(self, order: Order[T, R]) -> None:
        """Has it do one more task; that it has died is noticed where its results are waited for."""
        self.orders.append(order)
        with suppress(OSError):
            self.connection.send(order.task)


class Workers(Generic[T, R]):
    """`number` processes, as a context that ends them. `told` is told of those that died, and whose task another one
    does anew; `tries`: how many may die of a task; `at_once`: tasks that each has, of which the first may keep the
    others waiting.

    Raises OSError, at once, where not one process can be had.
    """

    def __init__(self, number: int, work: Work, told: Callable[[object, str], object], tries: int = 2,
                 at_once: int = AT_ONCE) -> None:
        self._work = work
        self._told = told
        self._tries = tries
        self._at_once = at_once
        self._context: Any = get_context("fork" if _may_fork() else "spawn")
        self._all: list[_Worker[T, R]] = []
        self._waiting: deque[Order[T, R]] = deque()
        self._tasks: Iterator[T] = iter(())
        try:
            for _ in range(number):
                self._all.append(self._started())
        except OSError:                                    # no more processes for this user, no memory
            if not self._all:
                raise

    def ordered(self, tasks: Iterable[T]) -> Generator[Order[T, R]]:
        """The tasks in their order, as orders whose results are there or come. What is left when this is closed is not
        waited for.
        """
        self._tasks, waiting = iter(tasks), deque[Order[T, R]]()
        self._waiting = waiting
        try:
            self._give_out()
            while waiting:
                yield waiting[0]
                with suppress(Lost):
                    for _ in waiting[0]:                   # what was not taken
                        pass
                waiting.popleft()
                self._give_out()
        finally:
            self._tasks, self._waiting = iter(()), deque()
            for order in waiting:
                order.unwanted = True

    def coming(self, tasks: Iterable[T]) -> Generator[tuple[T, R | Ended]]:
        """What comes of the tasks, as it comes, with each task; and that it has ended. What is left when this is closed
        is not waited for.
        """
        self._tasks, waiting = iter(tasks), deque[Order[T, R]]()
        self._waiting = waiting
        try:
            self._give_out()
            while waiting:
                for order in [order for order in waiting if order.held or order.over]:
                    while order.held:
                        yield order.task, order.held.popleft()
                    if order.over:
                        waiting.remove(order)
                        yield order.task, Ended(order.received, order.lost)
                self._give_out()
                if waiting and not any(order.over for order in waiting):
                    self.receive(waiting[0])
        finally:
            self._tasks, self._waiting = iter(()), deque()
            for order in waiting:
                order.unwanted = True

    @property
    def left(self) -> int:
        """How many processes there are."""
        return len(self._all)

    def receive(self, wanted: Order[T, R]) -> None:
        """Waits until something has come."""
        ready = wait([worker.connection for worker in self._all if worker.orders and worker.orders[0].has_room(wanted)])
        for worker in [worker for worker in self._all if worker.connection in ready]:
            try:
                kind, what = pickle.loads(worker.connection.recv_bytes())  # noqa: S301 - from a process of ours
            except (EOFError, OSError):
                self._died(worker)
                continue
            order = worker.orders[0]
            if kind == _RESULT:
                order.take(what)
                continue
            order.over, order.lost = True, what
            worker.orders.popleft()
        self._give_out()

    def _give_out(self) -> None:
        """Gives out tasks, as long as there are any, and processes that have not enough of them."""
        if not self._all:
            for task in self._tasks:
                self._waiting.append(Order(task, self))
                self._waiting[-1].lose("there is no process left to judge it")
                return
        while len(self._waiting) < AHEAD * len(self._all):
            worker = min(self._all, key=_Worker.load)
            if worker.load() >= self._at_once:
                return
            for task in self._tasks:
                order = Order(task, self)
                self._waiting.append(order)
                worker.give(order)
                break
            else:
                return

    def _died(self, worker: _Worker[T, R]) -> None:
        """Another process does what one has left."""
        worker.process.join()
        worker.connection.close()
        self._all.remove(worker)
        why = f"the process {worker.process.pid} that judged it {_ending(worker.process.exitcode)}"
        orders = [order for order in worker.orders if not order.unwanted]
        if orders and worker.orders[0] is orders[0]:
            first = orders[0]
            if first.tried >= self._tries:
                first.lose(f"{why}, as one did before" if first.tried > 1 else why)
                del orders[0]
            else:
                first.tried, first.skipped = first.tried + 1, first.received
                self._told(first.task, f"{why}; another one judges it anew")
        try:
            self._all.append(self._started())
        except OSError as error:
            if not self._all:
                for order in orders:
                    order.lose(f"{why}, and no other can be started: {error.strerror or error}")
                return
        for order in orders:
            min(self._all, key=_Worker.load).give(order)

    def _started(self) -> _Worker[T, R]:
        mine, theirs = self._context.Pipe()
        forked = self._context.get_start_method() == "fork"
        others = (mine, *(worker.connection for worker in self._all)) if forked else ()
        with _uninterrupted(forked):
            process = self._context.Process(target=_serve, args=(theirs, others, self._work), daemon=True)
            process.start()
        theirs.close()
        return _Worker(process, mine)

    def __enter__(self) -> Workers[T, R]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        for worker in self._all:
            worker.connection.close()
            worker.process.terminate()
        for worker in self._all:
            worker.process.join()


def _may_fork() -> bool:
    """Whether a copy of this process is a sound one: of several threads, only one would be in it, and the locks of all.

    A copy has all that was loaded; a process that is started anew takes the time of a start.
    """
    if not sys.platform.startswith("linux") or threading.active_count() > 1:
        return False
    try:
        return len(os.listdir("/proc/self/task")) == 1     # those that Python does not know of, too
    except OSError:
        return False


@contextmanager
def _uninterrupted(forked: bool) -> Iterator[None]:
    """Within, a Ctrl-C waits: a process that begins has not yet said that it ignores it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    if not forked:                                         # what multiprocessing starts beside lets it through again
        from multiprocessing import resource_tracker
        resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection, others: Iterable[Connection], work: Work) -> None:
    """The life of a process: it does tasks until there are no more. `others`: pipes that are not its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    for other in others:
        other.close()
    gc.freeze()
    cycles.seldom()
    try:
        while True:
            _do(connection.recv(), connection, work)
    except (EOFError, OSError):                            # the other side is gone
        return


def _do(task: object, connection: Connection, work: Work) -> None:
    """Does one task. Raises OSError where the other side is gone."""
    results = iter(work(task))
    while True:
        try:
            result = next(results, None)
            octets = pickle.dumps((_END, None) if result is None else (_RESULT, result), pickle.HIGHEST_PROTOCOL)
        except BaseException as error:                     # a fault of ours, or no memory
            result, octets = None, pickle.dumps((_FAILED, fault.told(error)))
        connection.send_bytes(octets)
        if result is None:
            return


def _ending(code: int | None) -> str:
    """How a process has ended."""
    if code is None or code >= 0:
        return "ended by itself"
    with suppress(ValueError):
        return f"was ended by {signal.Signals(-code).name}"
    return f"was ended by signal {-code}"

"""Whether work takes time in proportion to its size: the size doubles, and so may the CPU time, but not much more.

A measurement has to hold on a busy machine. It takes CPU time of the thread, without garbage collection, of things that
no cache has seen; what is too fast to be measured is fast enough; the least of several runs counts; and growth is too
much only where two doublings in a row show it.
"""
from __future__ import annotations

import gc
import itertools
import os
from collections.abc import Callable
from time import thread_time
from typing import TypeVar

T = TypeVar("T")

RATIO = 2.6
"""By which CPU time may grow when the size doubles: quadratic work has 4, linear work 2 and what caches add to it."""
CLEAR = 2.3
"""What is below this once needs no other look."""
MEASURABLE = 0.02
"""Seconds of CPU below which a ratio says nothing."""
RUNS = 3

EXHAUSTIVE = os.environ.get("HTTPLINT_SCALING") == "all"
"""Whether everything is tried that there is, which takes an hour, and not a part of it that is the same each time."""

_fresh = itertools.count(1)


def growth(make: Callable[[int, int], T], work: Callable[[T], object], most: int) -> str:
    """How the CPU time of `work(make(size, salt))` grows up to the size `most`, in words if that is too fast, else "".

    `salt` is another number each time: what is made differs by it, so that no cache has it. Making it does not count.
    """
    now = _took(make, work, most, 1)
    if now < MEASURABLE or now < CLEAR * _took(make, work, most // 2, 1):
        return ""
    before = _took(make, work, most // 2, RUNS)
    now = _took(make, work, most, RUNS)
    if now < MEASURABLE or now < RATIO * before:
        return ""
    earlier, before = before, _took(make, work, most // 4, RUNS)
    if earlier >= MEASURABLE / 2:                          # else there is more to be seen of what follows
        return "" if earlier < RATIO * before else _said((most // 2, earlier / before), (most, now / earlier))
    later = _took(make, work, 2 * most, RUNS)
    return "" if later < RATIO * now else _said((most, now / earlier), (2 * most, later / now))


def _said(*seen: tuple[int, float]) -> str:
    return "; ".join(f"{ratio:.1f} times the CPU time from size {size // 2} to {size}" for size, ratio in seen)


def _took(make: Callable[[int, int], T], work: Callable[[T], object], size: int, runs: int) -> float:
    """Seconds of CPU: the least of some runs."""
    best = float("inf")
    for _ in range(runs):
        best = min(best, took(work, make(size, next(_fresh))))
        if best > 1:                                       # long enough to be no noise
            break
    return best


def took(work: Callable[[T], object], made: T) -> float:
    """Seconds of CPU."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        begun = thread_time()
        work(made)
        return thread_time() - begun
    finally:
        if collecting:
            gc.enable()

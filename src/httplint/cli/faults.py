"""What the verbs share that read captures: a fault of ours, or of a capture, costs no more than it must."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from httplint.capture.outcome import CaptureError, Problem
from httplint.cli.main import tell
from httplint.model.errors import ENDS
from httplint.report import fault
from httplint.report.summary import Summary

T = TypeVar("T")

HTTPLINT = "httplint"
"""The path of problems that have none."""
FAULT = "a fault of httplint, which the problems tell"
"""Why an entry was skipped."""


def guarded(path: str, outcomes: Iterable[T]) -> Iterator[T | Problem]:
    """The outcomes of a capture; what its reader should not have raised is a Problem in the end."""
    try:
        yield from outcomes
    except CaptureError as error:
        yield error.problem
    except ENDS:
        raise
    except BaseException as error:
        yield Problem(path, None, None, fault.told(error))


@contextmanager
def survived(summary: Summary, *expected: type[Exception]) -> Iterator[None]:
    """A fault of ours within ends what is within, and is a problem of the run. What is `expected` is raised."""
    try:
        yield
    except Exception as error:
        if isinstance(error, (BrokenPipeError, *expected)):
            raise
        add(Problem(HTTPLINT, None, None, fault.told(error)), summary)


def add(problem: Problem, summary: Summary) -> None:
    """The problem goes to the summary and to standard error, without secrets."""
    masker = summary.masker
    told = Problem(masker.path(problem.path), problem.line, problem.column, masker.text(problem.cause))
    summary.problem(told.path, told.cause, told.line, told.column)
    tell(str(told))

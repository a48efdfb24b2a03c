"""Faults of httplint itself: what is said of one, on a single line. What a run has found is not lost to it."""
from __future__ import annotations

import os
import sys

from httplint import __version__
from httplint.model import installation
from httplint.report.escape import clipped, printable
from httplint.report.masker import PLAIN

DEBUG = "HTTPLINT_DEBUG"
"""With this in the environment, the traceback of a fault goes to standard error."""

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_LOOKED_AT = 1000
"""Characters of the message of an exception, which may hold any of the traffic."""
_SHOWN = 160


def told(error: BaseException) -> str:
    """What happened, where, and how to report it."""
    if os.environ.get(DEBUG):
        _trace(error)
    try:
        message = str(error)
    except Exception:                                      # what an exception says of itself may fail, too
        message = ""
    if isinstance(error, ImportError) and error.name and not error.name.startswith("httplint"):
        return (f"{error.name} cannot be loaded: {clipped(message, _SHOWN)}; install httplint with all that it needs: "
                f"{installation.command()}")
    if isinstance(error, MemoryError):
        return "there is not enough memory for this: give httplint more of it, or a smaller capture"
    import platform
    said = f": {clipped(PLAIN.text(message[:_LOOKED_AT]), _SHOWN)}" if message else ""
    versions = f"httplint {__version__}, Python {platform.python_version()}"
    return (f"a fault of httplint itself: {type(error).__name__}{said} ({_place(error)}; {versions}); please report it "
            f"with the traceback, which {DEBUG}=1 shows")


def logged(error: BaseException) -> tuple[str, str]:
    """What a log is told: what happened, and the end of the traceback."""
    import traceback
    return told(error), "".join(traceback.format_exception(error, limit=-8))


def kind(error: BaseException) -> tuple[str, str]:
    """What is the same for faults of the same kind."""
    return type(error).__name__, _place(error)


def _place(error: BaseException) -> str:
    """The module and the line of the innermost code of ours."""
    place, step = "no line is known", error.__traceback__
    while step is not None:
        path = step.tb_frame.f_code.co_filename
        if path.startswith(_PACKAGE):
            place = f"{path.removeprefix(_PACKAGE)}:{step.tb_lineno}"
        step = step.tb_next
    return place


def _trace(error: BaseException) -> None:
    import traceback
    for text in traceback.format_exception(error):
        for line in text.splitlines():
            print(printable(line), file=sys.stderr)

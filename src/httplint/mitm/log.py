"""What mitmproxy says in its log."""
from __future__ import annotations

import logging

from mitmproxy.addons.termlog import TermLogHandler
from mitmproxy.exceptions import OptionsError

CONNECTIONS = ("client connect", "client disconnect", "server connect", "server disconnect")
"""How the lines begin that tell of connections."""

OF_SCRIPTS = logging.getLogger("mitmproxy.addons.script")
"""Where mitmproxy says that a script could not be loaded."""


class LostInterim(logging.Handler):
    """Counts what mitmproxy says in its log only."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.swallowed = 0
        """Interim responses over HTTP/2 that were not shown."""
        self.trailers = 0
        """Responses over HTTP/1.1 that were dropped because of trailers."""

    def emit(self, record: logging.LogRecord) -> None:
        """Takes in a line of the log."""
        if record.exc_info and isinstance(record.exc_info[1], NotImplementedError):
            self.trailers += "trailers" in str(record.exc_info[1])
        elif isinstance(record.msg, str) and "Swallowing HTTP/2 informational" in record.msg:
            self.swallowed += 1


class NoConnections(logging.Filter):
    """Lets all pass but who connects and disconnects, which is most of what a proxy says by itself."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a line of the log is shown."""
        return not (record.name == "mitmproxy.proxy.server" and record.levelno == logging.INFO
                    and record.getMessage().startswith(CONNECTIONS))


def without_trace(record: logging.LogRecord) -> bool:
    """Lets all pass, but says which option of ours is wrong without the trace of the program that found it."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, OptionsError) and str(error).startswith("httplint"):
        record.msg, record.args, record.exc_info = str(error), (), None
    return True


def say_connections(wanted: bool, without: NoConnections) -> None:
    """Has the terminal, and nothing else, show who connects and disconnects, or not."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, TermLogHandler):
            (handler.removeFilter if wanted else handler.addFilter)(without)

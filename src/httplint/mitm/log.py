"""What mitmproxy says in its log only."""
from __future__ import annotations

import logging


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

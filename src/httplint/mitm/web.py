"""What mitmweb has besides: a column with comments, and the findings of a flow as a view of its content."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mitmproxy import contentviews, ctx
from mitmproxy.flow import Flow
from mitmproxy.http import HTTPFlow

COLUMN = "comment"
WIDTH = 76
"""How wide lines may be, to fit on half of a window of 1,280 pixels."""

FIRST = 100
"""More than any view of mitmproxy says of itself."""


def is_here() -> bool:
    """Whether mitmproxy has its web interface."""
    return ctx.master.addons.get("webaddon") is not None


def show_comments() -> None:
    """Switches the column on, unless its user has chosen columns."""
    if ctx.options.has_changed("web_columns") or COLUMN in ctx.options.web_columns:
        return
    ctx.options.update(web_columns=[*ctx.options.web_columns, COLUMN])


class FindingsView:
    """A view of contents as mitmproxy 11 calls it, and as mitmproxy 12 does. Nobody sees it who does not choose it, for
    a flow or by the option for all responses with findings.

    The console has none: it remembers what it has shown by the message, which may be that of another flow too.
    """

    name = "httplint"
    syntax_highlight = "none"

    def __init__(self, lines: Callable[[Flow | None], list[str]], has_findings: Callable[[Flow], bool]) -> None:
        self._of = lines
        self._has_findings = has_findings

    def _lines(self, flow: Flow | None) -> list[str]:
        return [line or " " for line in self._of(flow)]    # mitmweb shows no lines that are empty

    def render_priority(self, data: bytes, metadata: Any = None, *, flow: Flow | None = None,
                        http_message: object = None, **_: Any) -> float:
        """How much it is to be preferred to others."""
        if metadata is not None:                           # by mitmproxy 12
            flow, http_message = metadata.flow, metadata.http_message
        first = (ctx.options.httplint_view and isinstance(flow, HTTPFlow) and http_message is flow.response
                 and self._has_findings(flow))
        return FIRST if first else -1

    def prettify(self, data: bytes, metadata: Any) -> str:
        """The text, for mitmproxy 12."""
        return "\n".join(self._lines(metadata.flow))

    def __call__(self, data: bytes, *, flow: Flow | None = None, **_: Any,
                 ) -> tuple[str, Iterator[list[tuple[str, str]]]]:
        """A description and the lines, for mitmproxy 11."""
        return self.name, ([("text", line)] for line in self._lines(flow))


def add(view: FindingsView) -> None:
    """Offers a view."""
    contentviews.add(view)


def remove(view: FindingsView) -> None:
    """Takes a view away again, where mitmproxy (11) refuses another one of its name; later ones replace it."""
    if hasattr(contentviews, "views"):
        contentviews.remove(view)
